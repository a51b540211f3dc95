"""Disruption budgets, and the drains that they let through or hold up."""

from dataclasses import replace
from typing import Any

import pytest

from seatrial.errors import UsageError
from seatrial.semantics.network_policy.labels import Expression, Operator, Selector
from seatrial.semantics.scheduling import (
    Budget,
    Daemon,
    Node,
    Pod,
    PodTerm,
    Schedule,
    Status,
    Template,
    Workloads,
    drain,
    schedule,
    status,
)

NODES = tuple(Node(name=name, labels={}, cpu=1000, memory=0, pods=10) for name in ("a", "b"))
WEB = Selector(frozenset({Expression("app", Operator.IN, frozenset({"web"}))}))
REFUSED = "Cannot evict pod as it would violate the pod's disruption budget. The disruption budget web"


def budget(name: str = "web", selector: Selector | None = WEB, **fields: Any) -> Budget:
    return Budget(namespace="d", name=name, selector=selector, **fields)


def template(owner: str = "Deployment/d/web", cpu: int = 100, app: str = "web") -> Template:
    return Template(namespace="d", labels={"app": app}, owner=owner, requests={"cpu": cpu})


def pods(number: int, made: Template, *, unready: int = 0) -> tuple[Pod, ...]:
    return tuple(Pod(f"{made.labels['app']}-{index}", made, index >= unready) for index in range(number))


def placed(*wanted: Pod, nodes: tuple[Node, ...] = NODES) -> Schedule:
    return schedule(Workloads(pods=wanted), nodes)


@pytest.mark.parametrize(
    ("fields", "number", "unready", "desired", "allowed"),
    [
        ({"min_available": 2}, 3, 0, 2, 1),
        ({"min_available": 2}, 2, 0, 2, 0),
        ({"min_available": 2}, 1, 0, 2, 0),
        ({"min_available": 0}, 3, 0, 0, 3),
        ({"min_available": 2}, 3, 1, 2, 0),
        ({"min_available": "50%"}, 3, 0, 2, 1),
        ({"min_available": "30%"}, 2, 0, 1, 1),
        ({"min_available": "100%"}, 5, 0, 5, 0),
        ({"min_available": "0%"}, 5, 0, 0, 5),
        ({"max_unavailable": 1}, 3, 0, 2, 1),
        ({"max_unavailable": 1}, 3, 1, 2, 0),
        ({"max_unavailable": 0}, 3, 0, 3, 0),
        ({"max_unavailable": 5}, 3, 0, 0, 3),
        ({"max_unavailable": "30%"}, 3, 0, 2, 1),
        ({"max_unavailable": "34%"}, 3, 0, 1, 2),
        ({}, 3, 0, 0, 0),
    ],
)
def test_percentages_are_rounded_up_in_both_directions(
    fields: dict[str, Any], number: int, unready: int, desired: int, allowed: int
) -> None:
    running = {pod: pod.is_ready for pod in pods(number, template(), unready=unready)}

    found = status(budget(**fields), running)

    assert (found.desired, found.allowed, found.healthy) == (desired, allowed, number - unready)


def test_the_scale_is_that_of_the_owners_not_of_the_pods_that_the_budget_covers() -> None:
    covered, other = template(), template(app="other")
    alone = template(owner="")
    running = dict.fromkeys((*pods(2, covered), *pods(2, other), Pod("alone", alone)), True)

    assert status(budget(max_unavailable=1), running) == Status(expected=4, desired=3, healthy=3)
    assert status(budget(min_available=1), running) == Status(expected=3, desired=1, healthy=3)


def test_a_budget_over_what_has_no_scale_allows_nothing() -> None:
    running = dict.fromkeys(pods(2, template(owner="Job/d/web")), True)

    found = status(budget(max_unavailable=1), running)

    assert (found.allowed, found.failure) == (0, 'found no controllers for pod "web-0"')
    assert status(budget(min_available=1), running).allowed == 1


def test_a_drain_moves_every_pod_and_leaves_daemons() -> None:
    daemon = Daemon(name="cni", template=Template(namespace="k", is_daemon=True))
    before = schedule(Workloads(pods=pods(4, template()), daemons=(daemon,)), NODES)

    found = drain(before, "a", (budget(max_unavailable=1),))

    assert found.is_empty
    assert [str(pod) for pod in found.evicted] == ["d/web-0", "d/web-2"]
    assert [str(pod) for pod in found.schedule.on("a")] == ["k/cni-a"]
    assert {node.name: node.unschedulable for node in found.schedule.nodes} == {"a": True, "b": False}
    assert (found.lost, found.schedule.pending) == ((), ())


def test_a_pod_by_itself_is_lost() -> None:
    found = drain(placed(Pod("p", template(owner=""))), "a", ())

    assert [str(pod) for pod in found.lost] == ["d/p"]
    assert found.schedule.placements == {}


def test_a_budget_without_room_blocks_and_is_named() -> None:
    found = drain(placed(*pods(2, template())), "a", (budget(min_available=2),))

    assert [str(each) for each in found.blocked] == [
        f"d/web-0: PodDisruptionBudget/d/web: {REFUSED} needs 2 healthy pods and has 2 currently"
    ]
    assert found.evicted == ()


def test_a_budget_over_jobs_says_what_the_controller_lacks() -> None:
    found = drain(placed(*pods(1, template(owner="Job/d/web"))), "a", (budget(max_unavailable=1),))

    assert str(found.blocked[0]).endswith(
        f'{REFUSED} does not allow evicting pods currently because it failed sync: found no controllers for pod "web-0"'
    )


def test_a_budget_that_says_nothing_allows_nothing() -> None:
    found = drain(placed(*pods(1, template())), "a", (budget(),))

    assert str(found.blocked[0]).endswith(f"{REFUSED} does not allow evicting pods currently")


def test_two_budgets_on_a_pod_block_it_whatever_they_say() -> None:
    both = (budget(max_unavailable=1), budget("all", Selector(), max_unavailable="100%"))

    found = drain(placed(*pods(2, template())), "a", both)

    assert "\n".join(map(str, found.blocked)) == (
        "d/web-0: PodDisruptionBudget/d/web, PodDisruptionBudget/d/all: "
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
    )


@pytest.mark.parametrize(
    "other", [budget(selector=None, min_available=9), Budget(namespace="e", name="w", selector=WEB)]
)
def test_a_budget_that_covers_nothing_here_blocks_nothing(other: Budget) -> None:
    assert drain(placed(*pods(2, template())), "a", (other,)).is_empty


def test_an_evicted_pod_without_a_new_place_blocks_the_next_one() -> None:
    before = placed(*pods(4, template(cpu=500)))

    found = drain(before, "a", (budget(max_unavailable=1),))

    assert [str(pod) for pod in found.evicted] == ["d/web-0"]
    assert [str(each.pod) for each in found.blocked] == ["d/web-2"]
    assert [str(each) for each in found.schedule.pending] == [
        "d/web-0: 0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable."
    ]


def test_a_pod_that_waited_before_counts_as_unhealthy() -> None:
    before = placed(*pods(3, template(cpu=1000)))

    found = drain(before, "a", (budget(max_unavailable=1),))

    assert [str(each.pod) for each in found.blocked] == ["d/web-0"]
    assert str(found.blocked[0]).endswith("needs 2 healthy pods and has 2 currently")


@pytest.mark.parametrize(
    ("fields", "unready", "is_empty"),
    [
        ({"min_available": 2}, 1, True),
        ({"min_available": 4}, 1, False),
        ({"min_available": 4, "always_evicts_unhealthy": True}, 1, True),
        ({"min_available": 0}, 4, False),
        ({"min_available": 0, "always_evicts_unhealthy": True}, 4, True),
    ],
)
def test_an_unhealthy_pod_goes_while_the_budget_is_kept_or_when_it_always_may(
    fields: dict[str, Any], unready: int, is_empty: bool
) -> None:
    nodes = (*NODES[:1], Node(name="b", labels={}, cpu=300, memory=0, pods=10))
    before = placed(*pods(4, template(), unready=unready), nodes=nodes)
    target = before.placements[next(pod for pod in before.placements if not pod.is_ready)]
    others = [pod for pod in before.on(target) if pod.is_ready]
    kept = Schedule(
        before.nodes, {p: "b" if p in others else n for p, n in before.placements.items()}, (), before.namespaces
    )

    assert drain(kept, target, (budget(**fields),)).is_empty == is_empty


def test_who_is_stuck_at_first_goes_after_others_did() -> None:
    nodes = tuple(Node(name=name, labels={"rack": name}, cpu=1000, memory=0, pods=10) for name in "ab")
    leader = Selector(frozenset({Expression("app", Operator.IN, frozenset({"leader"}))}))
    near = PodTerm(topology_key="rack", selector=leader, namespaces=frozenset({"d"}))
    followers = pods(2, replace(template(), near=(near,)))
    first = Pod("leader", template(owner="StatefulSet/d/leader", app="leader"))
    before = Schedule(nodes, dict.fromkeys((*followers, first), "a"), (), {})

    found = drain(before, "a", (budget(max_unavailable=1),))

    assert [str(pod) for pod in found.evicted] == ["d/web-0", "d/leader", "d/web-1"]
    assert found.is_empty
    assert set(found.schedule.placements.values()) == {"b"}


def test_a_node_that_there_is_not_cant_be_drained() -> None:
    with pytest.raises(UsageError, match="no node 'c'") as caught:
        drain(placed(), "c", ())
    assert caught.value.tip == "there are: a, b"
