"""What a node alone decides: cordons, taints, labels, names, room, ports; each refusal in the scheduler's words."""

from dataclasses import replace

import pytest

from seatrial.semantics.scheduling import (
    HostPort,
    Node,
    NodeRequirement,
    NodeTerm,
    Occupancy,
    Pod,
    Taint,
    Template,
    Toleration,
    verdict,
)

TAINTED = Taint(key="dedicated", value="gpu", effect="NoSchedule")
UNTOLERATED = ("node(s) had untolerated taint(s)",)
UNWANTED = ("node(s) didn't match Pod's node affinity/selector",)
UNNAMED = ("node(s) didn't satisfy plugin(s) [NodeAffinity]",)


def node(name: str = "n", *taints: Taint, cordoned: bool = False, **labels: str) -> Node:
    return Node(
        name=name,
        labels=labels,
        cpu=1000,
        memory=100,
        pods=2,
        taints=taints,
        others={"ephemeral-storage": 10, "example.com/gpu": 1},
        unschedulable=cordoned,
    )


def reasons(template: Template, there: Node, *running: Template) -> tuple[str, ...]:
    """Return why a pod can't be on a node where others run; nothing when it can."""
    occupancy = Occupancy([there], {})
    for index, each in enumerate(running):
        occupancy.bind(Pod(f"running-{index}", each), there.name)
    found = verdict(Pod("p", template), occupancy)
    assert bool(found.feasible) != bool(found.reasons)
    return found.reasons.get(there.name, ())


@pytest.mark.parametrize(
    ("taint", "toleration", "is_tolerated"),
    [
        (TAINTED, None, False),
        (TAINTED, Toleration(key="dedicated", value="gpu", effect="NoSchedule"), True),
        (TAINTED, Toleration(key="dedicated", value="gpu"), True),
        (TAINTED, Toleration(key="dedicated", value="cpu"), False),
        (TAINTED, Toleration(key="dedicated"), False),
        (TAINTED, Toleration(key="dedicated", operator="Exists"), True),
        (TAINTED, Toleration(key="other", operator="Exists"), False),
        (TAINTED, Toleration(operator="Exists"), True),
        (TAINTED, Toleration(operator="Exists", effect="NoExecute"), False),
        (Taint(key="dedicated", effect="NoExecute"), None, False),
        (Taint(key="dedicated", effect="NoExecute"), Toleration(key="dedicated"), True),
        (Taint(key="dedicated", effect="PreferNoSchedule"), None, True),
    ],
)
def test_taints_keep_pods_away_that_dont_tolerate_them(
    taint: Taint, toleration: Toleration | None, is_tolerated: bool
) -> None:
    template = Template(namespace="d", tolerations=(toleration,) if toleration else ())

    assert reasons(template, node("n", taint)) == (() if is_tolerated else UNTOLERATED)


def test_a_cordoned_node_takes_only_who_tolerates_that() -> None:
    key = "node.kubernetes.io/unschedulable"

    assert reasons(Template(namespace="d"), node(cordoned=True)) == ("node(s) were unschedulable",)
    assert reasons(Template(namespace="d", tolerations=(Toleration(key=key),)), node(cordoned=True)) == ()


@pytest.mark.parametrize(
    ("requirement", "labels", "fits"),
    [
        (("zone", "In", "a", "b"), {"zone": "b"}, True),
        (("zone", "In", "a", "b"), {"zone": "c"}, False),
        (("zone", "In", "a"), {}, False),
        (("zone", "NotIn", "a"), {"zone": "b"}, True),
        (("zone", "NotIn", "a"), {"zone": "a"}, False),
        (("zone", "NotIn", "a"), {}, True),
        (("zone", "Exists"), {"zone": ""}, True),
        (("zone", "Exists"), {}, False),
        (("zone", "DoesNotExist"), {}, True),
        (("zone", "DoesNotExist"), {"zone": ""}, False),
        (("cores", "Gt", "4"), {"cores": "5"}, True),
        (("cores", "Gt", "4"), {"cores": "4"}, False),
        (("cores", "Lt", "4"), {"cores": "3"}, True),
        (("cores", "Lt", "4"), {"cores": "4"}, False),
        (("cores", "Lt", "4"), {"cores": "many"}, False),
        (("cores", "Gt", "4"), {}, False),
    ],
)
def test_node_affinity_compares_labels(requirement: tuple[str, ...], labels: dict[str, str], fits: bool) -> None:
    key, operator, *values = requirement
    term = NodeTerm(labels=(NodeRequirement(key, operator, tuple(values)),))

    found = reasons(Template(namespace="d", node_terms=(term,)), replace(node(), labels=labels))

    assert found == (() if fits else UNWANTED)


def test_node_affinity_needs_one_of_its_terms_and_all_of_each() -> None:
    zone_a, big = (NodeRequirement(key, "Exists") for key in ("a", "big"))

    def fits(there: Node, *terms: NodeTerm) -> bool:
        return not reasons(Template(namespace="d", node_terms=terms), there)

    assert fits(node("n", a=""), NodeTerm(labels=(big,)), NodeTerm(labels=(zone_a,)))
    assert not fits(node("n", a=""), NodeTerm(labels=(big, zone_a)))
    assert not fits(node(), NodeTerm())
    assert not fits(node())


def test_a_node_selector_counts_beside_affinity() -> None:
    term = NodeTerm(labels=(NodeRequirement("a", "Exists"),))
    template = Template(namespace="d", node_selector={"b": "1"}, node_terms=(term,))

    assert reasons(template, node("n", a="", b="1")) == ()
    assert reasons(template, node("n", b="1")) == UNWANTED
    assert reasons(template, node("n", a="", b="2")) == UNWANTED


def test_terms_that_all_name_nodes_leave_the_others_out_before_anything_else() -> None:
    named, unnamed = (NodeRequirement("metadata.name", operator, ("n",)) for operator in ("In", "NotIn"))
    by_label = NodeTerm(labels=(NodeRequirement("a", "Exists"),))

    def found(there: Node, *terms: NodeTerm) -> tuple[str, ...]:
        return reasons(Template(namespace="d", node_terms=terms), there)

    assert found(node("n"), NodeTerm(names=(named,))) == ()
    assert found(node("m", TAINTED), NodeTerm(names=(named,))) == UNNAMED
    assert found(node("m", TAINTED), NodeTerm(names=(named,)), by_label) == UNTOLERATED
    assert found(node("m"), NodeTerm(names=(named,)), by_label) == UNWANTED
    assert found(node("n"), NodeTerm(names=(unnamed,))) == UNWANTED
    assert found(node("m"), NodeTerm(names=(unnamed,))) == ()


def test_every_resource_that_lacks_is_named_in_the_schedulers_order() -> None:
    template = Template(
        namespace="d",
        requests={"example.com/gpu": 2, "ephemeral-storage": 11, "memory": 101, "cpu": 1001, "example.com/fpga": 1},
    )
    full = Template(namespace="d")

    assert reasons(template, node(), full, full) == (
        "Too many pods",
        "Insufficient cpu",
        "Insufficient memory",
        "Insufficient ephemeral-storage",
        "Insufficient example.com/fpga",
        "Insufficient example.com/gpu",
    )


def test_a_node_can_be_filled_to_the_brim() -> None:
    half, most = (Template(namespace="d", requests={"cpu": cpu, "memory": 50}) for cpu in (500, 501))

    assert reasons(half, node(), half) == ()
    assert reasons(half, node(), most) == ("Insufficient cpu",)


@pytest.mark.parametrize(
    ("wanted", "taken", "fits"),
    [
        (HostPort(80), HostPort(80), False),
        (HostPort(80), HostPort(81), True),
        (HostPort(80), HostPort(80, "UDP"), True),
        (HostPort(80, "TCP", "10.0.0.1"), HostPort(80, "TCP", "10.0.0.2"), True),
        (HostPort(80, "TCP", "10.0.0.1"), HostPort(80, "TCP", "10.0.0.1"), False),
        (HostPort(80), HostPort(80, "TCP", "10.0.0.1"), False),
        (HostPort(80, "TCP", "10.0.0.1"), HostPort(80), False),
    ],
)
def test_a_port_of_a_node_is_taken_once(wanted: HostPort, taken: HostPort, fits: bool) -> None:
    template, other = (Template(namespace="d", host_ports=(port,)) for port in (wanted, taken))

    expected = () if fits else ("node(s) didn't have free ports for the requested pod ports",)
    assert reasons(template, node(), other) == expected


def test_ports_and_resources_come_back_when_a_pod_goes() -> None:
    template = Template(namespace="d", requests={"cpu": 1000}, host_ports=(HostPort(80),))
    occupancy = Occupancy([node()], {})
    pod = Pod("p", template)
    occupancy.bind(pod, "n")
    occupancy.unbind(pod)

    assert verdict(pod, occupancy).feasible == ("n",)
