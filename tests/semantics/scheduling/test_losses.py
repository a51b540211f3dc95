"""Losing a zone or a node: who finds a place again, and how many nodes the groups add."""

from dataclasses import replace

import pytest

from seatrial.errors import UsageError
from seatrial.semantics.network_policy.labels import Expression, Operator, Selector
from seatrial.semantics.scheduling import (
    ZONE,
    Daemon,
    Node,
    NodeGroup,
    Pod,
    Spread,
    Template,
    Workloads,
    without_node,
    without_zone,
)

MODEL = Node(name="ng", labels={}, cpu=1000, memory=1000, pods=10)
GROUP = NodeGroup(model=MODEL, zones=("a", "b", "c"), desired=3, maximum=4)
HALF = Template(namespace="d", labels={"app": "web"}, owner="Deployment/d/web", requests={"cpu": 500})


def web(number: int, template: Template = HALF) -> Workloads:
    return Workloads(pods=tuple(Pod(f"web-{index}", template) for index in range(number)))


@pytest.mark.parametrize(
    ("number", "maximum", "added", "waiting"),
    [
        (3, 3, (), 0),
        (5, 3, ("ng-b-3",), 0),
        (5, 2, (), 1),
        (6, 4, ("ng-b-3",), 0),
        (7, 4, ("ng-b-3", "ng-c-3"), 0),
        (9, 4, ("ng-b-3", "ng-c-3"), 1),
    ],
)
def test_the_group_grows_in_other_zones_up_to_its_maximum(
    number: int, maximum: int, added: tuple[str, ...], waiting: int
) -> None:
    found = without_zone(web(number), (replace(GROUP, maximum=maximum),), "a")

    assert found.lost == ("ng-a-0",)
    assert found.added == added
    assert len(found.after.pending) == waiting
    assert found.is_survived == (waiting == 0)
    assert len(found.before.placements) == min(number, 6)


def test_a_node_may_come_back_in_its_own_zone() -> None:
    found = without_node(web(6), (GROUP,), "ng-b-1")

    assert (found.lost, found.added, found.is_survived) == (("ng-b-1",), ("ng-b-3",), True)


def test_daemons_go_with_their_node_and_come_with_a_new_one() -> None:
    daemon = Daemon(name="cni", template=Template(namespace="k", is_daemon=True, requests={"cpu": 100}))
    workloads = replace(web(6, replace(HALF, requests={"cpu": 450})), daemons=(daemon,))

    found = without_zone(workloads, (GROUP,), "a")

    daemons = [str(pod) for pod in found.after.placements if pod.template.is_daemon]
    assert sorted(daemons) == ["k/cni-ng-b-1", "k/cni-ng-b-3", "k/cni-ng-c-2"]
    assert found.is_survived


def test_a_pod_that_only_the_lost_zone_suits_waits_whatever_the_groups_could_add() -> None:
    found = without_zone(web(1, replace(HALF, node_selector={ZONE: "a"})), (GROUP,), "a")

    assert found.added == ()
    assert [str(each) for each in found.after.pending] == [
        "d/web-0: 0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."
    ]


def test_a_spread_over_three_zones_doesnt_survive_with_two() -> None:
    selector = Selector(frozenset({Expression("app", Operator.EXISTS)}))
    spread = Spread(topology_key=ZONE, selector=selector, min_domains=3)

    found = without_zone(web(3, replace(HALF, spreads=(spread,))), (GROUP,), "c")

    assert not found.is_survived


def test_another_group_helps_where_the_first_is_at_its_maximum() -> None:
    small = replace(GROUP, maximum=3)
    other = replace(GROUP, model=replace(MODEL, name="other", cpu=400), desired=0, maximum=1)
    large = replace(GROUP, model=replace(MODEL, name="large", cpu=4000), desired=0, maximum=1)

    found = without_node(web(8), (replace(small, maximum=2), other, large), "ng-a-0")

    assert found.added == ("large-a-0",)
    assert found.is_survived


@pytest.mark.parametrize("name", ["ng-a-1", "d"])
def test_what_there_is_not_cant_be_lost(name: str) -> None:
    with pytest.raises(UsageError, match=f"no node {name!r}"):
        without_node(web(1), (GROUP,), name)
    with pytest.raises(UsageError, match=f"no zone {name!r}") as caught:
        without_zone(web(1), (GROUP,), name)
    assert caught.value.tip == "there are: a, b, c"
