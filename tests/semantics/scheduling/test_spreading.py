"""Topology spread constraints, the situations of upstream's own table of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from seatrial.semantics.network_policy.labels import Expression, Operator, Selector
from seatrial.semantics.scheduling import Node, Occupancy, Pod, Spread, Taint, Template, Toleration, verdict

SKEWED = "node(s) didn't match pod topology spread constraints"
UNLABELLED = f"{SKEWED} (missing required label)"
UNWANTED = "node(s) didn't match Pod's node affinity/selector"
UNTOLERATED = "node(s) had untolerated taint(s)"

FOO, BAR = (Selector(frozenset({Expression(name, Operator.EXISTS)})) for name in ("foo", "bar"))
TAINT = Taint(key="node.kubernetes.io/unschedulable", effect="NoSchedule")


def node(name: str, *taints: Taint, **labels: str) -> Node:
    return Node(name=name, labels=labels, cpu=0, memory=0, pods=110, taints=taints)


FOUR = (
    node("a", zone="1", node="a", foo=""),
    node("b", zone="1", node="b", foo=""),
    node("x", zone="2", node="x", foo=""),
    node("y", zone="2", node="y"),
)
"""Two zones of two nodes; ``foo`` is what node selectors of these tests ask for."""


def zone(selector: Selector | None = FOO, **fields: int | bool) -> Spread:
    return Spread(topology_key="zone", selector=selector, **fields)  # pyright: ignore[reportArgumentType] (ints and bools)


def host(selector: Selector | None = FOO, **fields: int | bool) -> Spread:
    return Spread(topology_key="node", selector=selector, **fields)  # pyright: ignore[reportArgumentType] (as above)


@dataclass(frozen=True)
class Case:
    name: str
    spreads: tuple[Spread, ...]
    expected: str
    """Names of the nodes that fit."""

    running: str = ""
    """Node, then the labels of the pod on it: ``a:foo y:foo+bar``."""

    labels: str = "foo"
    nodes: tuple[Node, ...] = FOUR
    selector: Mapping[str, str] = field(default_factory=dict[str, str])
    tolerations: tuple[Toleration, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the nodes that don't fit, where it isn't the skew."""


TWO_ONE_ZERO_THREE = "a:foo a:foo b:foo y:foo y:foo y:foo"
THREE_NODES = tuple(node(name, node=name) for name in "abc")
TAINTED = (*FOUR[:3], node("y", TAINT, zone="2", node="y"))

CASES = [
    Case("nothing runs yet", (zone(),), "abxy"),
    Case("nothing runs yet, and the pod doesn't count itself", (zone(BAR),), "abxy"),
    Case("other namespaces don't count", (zone(),), "ab", "a:other:foo a:other:foo x:foo y:foo"),
    Case("no selector counts nothing", (zone(None),), "abxy", "x:foo y:foo"),
    Case("an empty selector counts nothing", (zone(Selector()),), "abxy", "x:foo y:foo"),
    Case("3/3 over zones", (zone(),), "abxy", TWO_ONE_ZERO_THREE),
    Case(
        "a node without the label is no part of a zone",
        (zone(),),
        "a",
        "a:foo b:foo x:foo y:foo",
        nodes=(FOUR[0], node("b", zon="1", node="b"), *FOUR[2:]),
        reasons={"b": UNLABELLED},
    ),
    Case(
        "no node has the label",
        (Spread(topology_key="rack", selector=FOO),),
        "",
        reasons=dict.fromkeys("abxy", UNLABELLED),
    ),
    Case("2/1/0/3 over nodes", (host(),), "x", TWO_ONE_ZERO_THREE),
    Case("2/1/0/3 over nodes, two more are fine", (host(max_skew=2),), "bx", TWO_ONE_ZERO_THREE),
    Case("2/1/0/3 over nodes, the pod doesn't count itself", (host(),), "bx", TWO_ONE_ZERO_THREE, labels="bar"),
    Case(
        "a node that the pod doesn't want isn't counted: 2/1/0 and not 3",
        (host(),),
        "x",
        TWO_ONE_ZERO_THREE,
        selector={"foo": ""},
        reasons={"y": UNWANTED},
    ),
    Case("0/2/0/1, b isn't wanted, so the zones have 0/1", (zone(),), "a", "b:foo b:foo y:foo", selector={"node": "a"},
         reasons=dict.fromkeys("bxy", UNWANTED)),
    Case("2/2/1 with fewer domains than asked for", (host(max_skew=2, min_domains=4),), "c",
         "a:foo a:foo b:foo b:foo c:foo", nodes=THREE_NODES),
    Case("2/2/1 with more domains than asked for", (host(max_skew=2, min_domains=2),), "abc",
         "a:foo a:foo b:foo b:foo c:foo", nodes=THREE_NODES),
    Case("2/1 over zones with fewer than asked for", (zone(max_skew=2, min_domains=3),), "xy", "a:foo b:foo y:foo"),
    Case("2/1 over zones with more than asked for", (zone(max_skew=2, min_domains=1),), "abxy", "a:foo b:foo y:foo"),
    Case("affinity honored: 1/1/0, y isn't counted", (host(),), "x", "a:foo b:foo y:foo", selector={"foo": ""},
         reasons={"y": UNWANTED}),
    Case("affinity ignored: 1/1/0/1", (host(honor_affinity=False),), "x", "a:foo b:foo y:foo", selector={"foo": ""},
         reasons={"y": UNWANTED}),
    Case("affinity ignored: the empty node that isn't wanted keeps the others away", (host(honor_affinity=False),), "",
         "a:foo b:foo x:foo", selector={"foo": ""}, reasons={"y": UNWANTED}),
    Case("affinity honored: it doesn't", (host(),), "abx", "a:foo b:foo x:foo", selector={"foo": ""},
         reasons={"y": UNWANTED}),
    Case("taints ignored: the empty tainted node keeps the others away", (host(),), "", "a:foo b:foo x:foo",
         nodes=TAINTED, reasons={"y": UNTOLERATED}),
    Case("taints honored: it doesn't", (host(honor_taints=True),), "abx", "a:foo b:foo x:foo", nodes=TAINTED,
         reasons={"y": UNTOLERATED}),
    Case("taints honored, but tolerated", (host(honor_taints=True),), "y", "a:foo b:foo x:foo", nodes=TAINTED,
         tolerations=(Toleration(operator="Exists"),)),
    Case("two constraints, 3/3 and 2/1/0/3", (zone(), host()), "x", TWO_ONE_ZERO_THREE),
    Case("two constraints, 3/4 and 2/1/0/4", (zone(), host()), "", f"{TWO_ONE_ZERO_THREE} y:foo"),
    Case("two selectors, 1/0 and 1/0/0/1", (zone(), host(BAR)), "x", "a:foo y:bar", labels="foo+bar"),
    Case("two selectors, 1/0 and 0/0/1/1", (zone(), host(BAR)), "", "a:foo x:bar y:bar", labels="foo+bar"),
    Case("two selectors, 2/3 and 1/0/0/1", (zone(), host(BAR)), "b", "a:foo a:foo+bar y:foo y:foo+bar y:foo",
         labels="foo+bar"),
    Case("the pod counts itself in one of two", (zone(), host(BAR)), "ab", "a:foo x:bar y:bar", labels="bar"),
    Case("a node without one of two labels", (zone(), host()), "b", "a:foo y:foo",
         nodes=(*FOUR[:2], node("x", zone="2"), FOUR[3]), reasons={"x": UNLABELLED}),
    Case("honored for zones, ignored for nodes: 2/0 and 1/1/0/1", (zone(), host(honor_affinity=False)), "x",
         "a:foo b:foo y:foo", selector={"foo": ""}, reasons={"y": UNWANTED}),
    Case("two constraints on zones, 3/3 and 2/1", (zone(BAR), zone()), "xy",
         "a:foo+bar a:foo b:foo+bar y:foo y:foo+bar y:foo", labels="foo+bar"),
    Case("two constraints on zones, 3/4 and 2/1", (zone(BAR), zone()), "",
         "a:foo+bar a:foo b:foo+bar y:foo y:foo+bar y:foo y:foo", labels="foo+bar"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_pod_fits_where_upstream_says_that_it_does(case: Case) -> None:
    occupancy = Occupancy(case.nodes, {})
    for index, each in enumerate(case.running.split()):
        name, *namespace, labels = each.split(":")
        there = Template(namespace=(namespace or ["default"])[0], labels=dict.fromkeys(labels.split("+"), ""))
        occupancy.bind(Pod(f"running-{index}", there), name)
    template = Template(
        namespace="default",
        labels=dict.fromkeys(case.labels.split("+"), ""),
        spreads=case.spreads,
        node_selector=case.selector,
        tolerations=case.tolerations,
    )

    found = verdict(Pod("p", template), occupancy)

    assert found.feasible == tuple(case.expected)
    assert found.reasons == {
        each.name: (case.reasons.get(each.name, SKEWED),) for each in case.nodes if each.name not in case.expected
    }
