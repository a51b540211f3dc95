"""The order of a plan against an independent reading of its graph."""

from dataclasses import replace
from typing import Any

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.plan import Plan, Resource
from seatrial.rules.facts.order import Order, arrows

GRAPHS: Any = nx
"""networkx tells its types only in part."""

Edges = frozenset[tuple[int, int]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Edges]:
    size = draw(st.integers(2, 9))
    pairs = [(later, earlier) for later in range(size) for earlier in range(later)]
    return size, frozenset(draw(st.lists(st.sampled_from(pairs), max_size=14)))


def planned(size: int, edges: Edges) -> Plan:
    resources = tuple(
        Resource(
            urn=f"urn::{node}",
            type="t",
            name=f"{node}",
            custom=True,
            dependencies=tuple(f"urn::{earlier}" for later, earlier in sorted(edges) if later == node),
        )
        for node in range(size)
    )
    return Plan(project="p", stack="s", resources=resources)


def drawn(size: int, edges: Edges) -> Any:
    graph: Any = GRAPHS.DiGraph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(edges)
    return graph


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_a_way_is_a_shortest_one_or_there_is_none(example: tuple[int, Edges]) -> None:
    size, edges = example
    plan, graph = planned(size, edges), drawn(size, edges)
    order = Order(plan)

    for later in range(size):
        for earlier in range(size):
            way = order.path(plan.resources[later], plan.resources[earlier])
            exists: bool = GRAPHS.has_path(graph, later, earlier)
            assert bool(way) == exists
            if exists:
                assert len(way) - 1 == GRAPHS.shortest_path_length(graph, later, earlier)
                assert [way[0].name, way[-1].name] == [f"{later}", f"{earlier}"]


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_a_counterexample_is_a_deletion_that_the_edges_allow(example: tuple[int, Edges]) -> None:
    size, edges = example
    plan, graph = planned(size, edges), drawn(size, edges)
    order = Order(plan)

    for first in range(size):
        for second in range(size):
            if first == second or GRAPHS.has_path(graph, first, second):
                continue
            told = order.counterexample(plan.resources[first], plan.resources[second])
            wrong_way = order.path(plan.resources[second], plan.resources[first])
            if wrong_way:
                assert told == f"the edges say the opposite: {arrows(wrong_way)}"
                continue
            steps = [int(name) for name in told.split("may go ")[1].split(" while")[0].split(" → ")]
            standing = set(range(size))
            for step in steps:
                assert not any(needed == step and later in standing for later, needed in edges)
                standing.remove(step)
            assert steps[-1] == second
            assert first in standing
            assert set(steps) == {*GRAPHS.ancestors(graph, second), second}


def test_what_is_not_in_the_plan_orders_nothing() -> None:
    plan = planned(2, frozenset())
    dangling = replace(plan.resources[1], dependencies=("urn::gone",))

    order = Order(replace(plan, resources=(plan.resources[0], dangling)))

    assert order.path(dangling, plan.resources[0]) == ()
    assert arrows(order.path(dangling, dangling)) == "1"
