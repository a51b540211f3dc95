"""A plan is data that can be asked, and that nothing can change."""

from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from random import Random
from types import MappingProxyType

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.plan import Plan, Resource, Secret, Unknown
from seatrial.plan.order import ordered


def resource(name: str, *needs: str, parent: str = "", deleted_with: str = "", type_: str = "aws:x:Y") -> Resource:
    return Resource(
        urn=name, type=type_, name=name, parent=parent, dependencies=tuple(sorted(needs)), deleted_with=deleted_with
    )


@pytest.fixture
def chain() -> Plan:
    """Give ``c`` that needs ``b`` that needs ``a``; all in ``stack``, ``b`` in the component ``box``."""
    resources = [
        resource("stack", type_="pulumi:pulumi:Stack"),
        resource("box", parent="stack", type_="shop:index:Box"),
        resource("a", parent="stack"),
        resource("b", "a", parent="box"),
        resource("c", "b", parent="stack"),
    ]
    return Plan(project="p", stack="s", resources=ordered(resources))


def test_a_plan_is_a_collection_of_its_resources(chain: Plan) -> None:
    assert len(chain) == 5
    assert [each.urn for each in chain] == ["stack", "a", "box", "b", "c"]
    assert "a" in chain
    assert "z" not in chain


def test_a_resource_is_found_by_its_urn(chain: Plan) -> None:
    assert chain["b"].parent == "box"
    with pytest.raises(KeyError):
        chain["z"]


def test_resources_are_found_by_type(chain: Plan) -> None:
    assert [each.urn for each in chain.of_type("aws:x:Y")] == ["a", "b", "c"]
    assert chain.of_type("aws:x:Z") == ()


def test_a_resource_is_found_by_its_name(chain: Plan) -> None:
    assert chain.named("b").urn == "b"
    assert chain.named("b", "aws:x:Y").urn == "b"
    with pytest.raises(KeyError, match="0 resources are named 'b'"):
        chain.named("b", "aws:x:Z")


def test_a_name_that_several_have_is_no_answer() -> None:
    twins = (resource("a"), Resource(urn="b", type="t", name="a"))

    with pytest.raises(KeyError, match="2 resources are named 'a': a, b"):
        Plan(project="p", stack="s", resources=twins).named("a")


def test_the_tree_can_be_walked(chain: Plan) -> None:
    assert [each.urn for each in chain.children("stack")] == ["a", "box", "c"]
    assert chain.children("c") == ()
    assert [each.urn for each in chain.subtree("stack")] == ["a", "box", "b", "c"]


def test_closures_follow_dependencies_both_ways(chain: Plan) -> None:
    assert chain.prerequisites("c") == {"a", "b"}
    assert chain.dependents("a") == {"b", "c"}
    assert chain.prerequisites("a") == chain.dependents("c") == frozenset()


def test_everything_that_must_be_there_before_is_a_predecessor() -> None:
    made = Resource(
        urn="u", type="t", name="n", parent="stack", provider="p::id", deleted_with="d", dependencies=("a", "d")
    )

    assert made.predecessors == ("a", "d", "p", "stack")


def test_nothing_can_be_changed(chain: Plan) -> None:
    with pytest.raises(FrozenInstanceError):
        chain["a"].name = "z"  # pyright: ignore[reportAttributeAccessIssue] (what is tested)
    with pytest.raises(FrozenInstanceError):
        chain.stack = "z"  # pyright: ignore[reportAttributeAccessIssue] (what is tested)
    with pytest.raises(TypeError):
        chain["a"].inputs["x"] = 1  # pyright: ignore[reportIndexIssue] (what is tested)


def test_resources_can_be_in_sets(chain: Plan) -> None:
    assert len({chain["a"], resource("a", parent="stack"), chain["b"]}) == 2


def test_a_secret_is_never_shown() -> None:
    assert (str(Secret("hush")), repr(Secret("hush"))) == ("[secret]", "Secret()")
    assert str(Unknown()) == "[unknown]"


@st.composite
def _graphs(draw: st.DrawFn) -> list[Resource]:
    size = draw(st.integers(1, 12))
    names = [f"r{draw(st.integers(0, 99)):02}-{index}" for index in range(size)]
    made: list[Resource] = []
    for index, name in enumerate(names):
        earlier = st.lists(st.sampled_from(names[:index]), max_size=3) if index else st.just([])
        parent = draw(st.sampled_from(["", *names[:index]]))
        made.append(resource(name, *draw(earlier), "outside", parent=parent))
    return made


@given(_graphs(), st.randoms(use_true_random=False))
def test_the_order_is_one_and_what_is_needed_comes_first(resources: list[Resource], random: Random) -> None:
    shuffled = random.sample(resources, len(resources))

    result = ordered(shuffled)

    positions = {each.urn: position for position, each in enumerate(result)}
    assert result == ordered(resources)
    assert positions.keys() == {each.urn for each in resources}
    for each in result:
        assert all(positions[urn] < positions[each.urn] for urn in each.predecessors if urn in positions)


@given(_graphs())
def test_closures_are_those_of_another_reading(resources: list[Resource]) -> None:
    known = {each.urn for each in resources}
    inner = [resource(each.urn, *(urn for urn in each.dependencies if urn in known)) for each in resources]
    plan = Plan(project="p", stack="s", resources=ordered(inner))
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(known)
    graph.add_edges_from((each.urn, urn) for each in inner for urn in each.dependencies)

    for urn in known:
        assert plan.prerequisites(urn) == nx.descendants(graph, urn)  # pyright: ignore[reportUnknownMemberType] (half typed)
        assert plan.dependents(urn) == nx.ancestors(graph, urn)  # pyright: ignore[reportUnknownMemberType] (half typed)


def test_an_empty_mapping_of_properties_equals_a_dict() -> None:
    none: Mapping[str, str] = {}

    assert resource("a").inputs == MappingProxyType(none) == none
