"""Required affinity and anti-affinity between pods."""

from dataclasses import replace
from typing import Any

import pytest

from seatrial.semantics.network_policy.labels import Expression, Operator, Selector
from seatrial.semantics.scheduling import Node, Occupancy, Pod, PodTerm, Template, verdict

NOT_NEAR = ("node(s) didn't match pod affinity rules",)
TOO_NEAR = ("node(s) didn't match pod anti-affinity rules",)
GUARDED = ("node(s) didn't satisfy existing pods anti-affinity rules",)

NODES = tuple(
    Node(name=name, labels={"zone": zone, "host": name}, cpu=0, memory=0, pods=9)
    for name, zone in (("a", "1"), ("b", "1"), ("x", "2"))
)


def labelled(name: str) -> Selector:
    return Selector(frozenset({Expression("app", Operator.IN, frozenset({name}))}))


def term(app: str, key: str = "zone", **fields: Any) -> PodTerm:
    return replace(PodTerm(topology_key=key, selector=labelled(app), namespaces=frozenset({"d"})), **fields)


def app(name: str, namespace: str = "d", **fields: tuple[PodTerm, ...]) -> Template:
    return Template(namespace=namespace, labels={"app": name}, **fields)  # pyright: ignore[reportArgumentType] (near and apart)


def running(*pods: tuple[Template, str], nodes: tuple[Node, ...] = NODES) -> Occupancy:
    occupancy = Occupancy(nodes, {"team-a": {"team": "a"}})
    for index, (template, name) in enumerate(pods):
        occupancy.bind(Pod(f"running-{index}", template), name)
    return occupancy


def found(template: Template, occupancy: Occupancy) -> dict[str, tuple[str, ...]]:
    return dict(verdict(Pod("p", template), occupancy).reasons)


def test_a_pod_goes_near_the_pods_that_it_wants() -> None:
    web = app("web", near=(term("db"),))

    assert found(web, running((app("db"), "a"))) == {"x": NOT_NEAR}
    assert found(web, running((app("db", "other"), "a"))) == {"a": NOT_NEAR, "b": NOT_NEAR, "x": NOT_NEAR}


def test_it_wants_one_pod_that_every_term_means_not_one_for_each() -> None:
    web = app("web", near=(term("db"), term("cache", "host")))

    assert set(found(web, running((app("db"), "a"), (app("cache"), "a")))) == {"a", "b", "x"}


def test_the_first_of_pods_that_want_one_another_may_go_anywhere_with_the_label() -> None:
    web = app("web", near=(term("web"),))
    bare = Node(name="bare", labels={}, cpu=0, memory=0, pods=9)

    assert found(web, running(nodes=(*NODES, bare))) == {"bare": NOT_NEAR}
    assert found(web, running((web, "x"))) == {"a": NOT_NEAR, "b": NOT_NEAR}


def test_a_pod_stays_away_from_the_pods_that_it_shuns() -> None:
    web = app("web", apart=(term("db"), term("cache", "host")))

    assert found(web, running((app("db"), "x"))) == {"x": TOO_NEAR}
    assert found(web, running((app("cache"), "a"))) == {"a": TOO_NEAR}
    assert found(web, running((app("cache"), "a"), (app("db"), "x"))) == {"a": TOO_NEAR, "x": TOO_NEAR}


def test_a_node_without_the_label_is_near_nothing() -> None:
    bare = Node(name="bare", labels={}, cpu=0, memory=0, pods=9)
    shy = app("web", apart=(term("web"),))

    assert found(shy, running((shy, "bare"), nodes=(bare, NODES[0]))) == {}


def test_the_pods_that_are_there_keep_others_away() -> None:
    guard = app("db", apart=(term("web"),))

    assert found(app("web"), running((guard, "a"))) == {"a": GUARDED, "b": GUARDED}
    assert found(app("cache"), running((guard, "a"))) == {}


def test_who_goes_guards_nothing_any_more() -> None:
    guard = Pod("guard", app("db", apart=(term("web"),)))
    occupancy = running()
    occupancy.bind(guard, "a")
    occupancy.remove("a")

    assert found(app("web"), occupancy) == {}
    assert [each.name for each in occupancy.nodes()] == ["b", "x"]


@pytest.mark.parametrize(
    ("fields", "namespace", "is_meant"),
    [
        ({}, "team-a", False),
        ({"namespaces": frozenset({"team-a"})}, "team-a", True),
        ({"namespaces": frozenset[str](), "namespace_selector": Selector()}, "team-b", True),
        (
            {
                "namespaces": frozenset[str](),
                "namespace_selector": Selector(frozenset({Expression("team", Operator.IN, frozenset({"a"}))})),
            },
            "team-a",
            True,
        ),
        (
            {
                "namespaces": frozenset[str](),
                "namespace_selector": Selector(frozenset({Expression("team", Operator.IN, frozenset({"a"}))})),
            },
            "team-b",
            False,
        ),
        (
            {
                "namespaces": frozenset[str](),
                "namespace_selector": Selector(
                    frozenset({Expression("kubernetes.io/metadata.name", Operator.IN, frozenset({"team-b"}))})
                ),
            },
            "team-b",
            True,
        ),
        ({"selector": None}, "d", False),
    ],
)
def test_namespaces_are_named_or_selected(fields: dict[str, Any], namespace: str, is_meant: bool) -> None:
    web = app("web", apart=(term("db", **fields),))

    assert found(web, running((app("db", namespace), "x"))) == ({"x": TOO_NEAR} if is_meant else {})


@pytest.mark.parametrize(
    ("expression", "is_meant"),
    [
        (Expression("app", Operator.NOT_IN, frozenset({"web"})), True),
        (Expression("app", Operator.NOT_IN, frozenset({"db"})), False),
        (Expression("tier", Operator.NOT_IN, frozenset({"db"})), True),
        (Expression("app", Operator.EXISTS), True),
        (Expression("app", Operator.DOES_NOT_EXIST), False),
    ],
)
def test_selectors_compare_labels(expression: Expression, is_meant: bool) -> None:
    web = app("web", apart=(term("db", selector=Selector(frozenset({expression}))),))

    assert found(web, running((app("db"), "x"))) == ({"x": TOO_NEAR} if is_meant else {})
