"""Where pods are placed, who comes first, and what is said of those that wait."""

from seatrial.semantics.scheduling import HOSTNAME, ZONE, Node, NodeGroup, Pod, Taint, Template, Workloads, schedule

GROUP = NodeGroup(
    model=Node(name="ng", labels={"kind": "spot"}, cpu=1000, memory=1000, pods=4),
    zones=("a", "b"),
    desired=3,
    maximum=5,
)


def pods(number: int, template: Template, name: str = "web") -> tuple[Pod, ...]:
    return tuple(Pod(f"{name}-{index}", template) for index in range(number))


def test_a_group_spreads_its_nodes_over_its_zones() -> None:
    assert [(node.name, node.labels) for node in GROUP.nodes()] == [
        (name, {"kind": "spot", HOSTNAME: name, ZONE: zone})
        for name, zone in (("ng-a-0", "a"), ("ng-b-1", "b"), ("ng-a-2", "a"))
    ]


def test_pods_of_one_workload_go_to_different_zones_then_to_different_nodes() -> None:
    web = Template(namespace="d", owner="Deployment/d/web", requests={"cpu": 10})

    found = schedule(Workloads(pods=pods(4, web)), GROUP.nodes())

    assert list(found.placements.values()) == ["ng-a-0", "ng-b-1", "ng-a-2", "ng-b-1"]


def test_a_pod_by_itself_goes_where_most_is_free() -> None:
    first, second = (Template(namespace="d", requests={"cpu": cpu}) for cpu in (500, 10))

    found = schedule(Workloads(pods=(Pod("first", first), Pod("second", second))), GROUP.nodes())

    assert [*found.placements.values()] == ["ng-a-0", "ng-a-2"]


def test_a_disliked_node_is_the_last_choice() -> None:
    disliked = Taint(key="k", effect="PreferNoSchedule")
    nodes = [
        Node(name="a", labels={}, cpu=1000, memory=1, pods=9, taints=(disliked,)),
        Node(name="b", labels={}, cpu=10, memory=1, pods=9),
    ]
    web = Template(namespace="d", requests={"cpu": 10})

    found = schedule(Workloads(pods=pods(2, web)), nodes)

    assert [*found.placements.values()] == ["b", "a"]


def test_a_higher_priority_comes_first_and_the_order_given_decides_the_rest() -> None:
    low, high = (Template(namespace="d", priority=priority, requests={"cpu": 1000}) for priority in (0, 1))
    nodes = GROUP.nodes()[:2]

    found = schedule(Workloads(pods=(*pods(2, low, "low"), *pods(1, high, "high"))), nodes)

    assert [str(pod) for pod in found.placements] == ["d/high-0", "d/low-0"]
    assert [str(each.pod) for each in found.pending] == ["d/low-1"]


def test_who_waits_says_why_as_the_scheduler_does() -> None:
    tainted = Taint(key="k", effect="NoSchedule")
    nodes = [
        Node(name="a", labels={}, cpu=10, memory=10, pods=0),
        Node(name="b", labels={}, cpu=10, memory=10, pods=9),
        Node(name="c", labels={}, cpu=10, memory=10, pods=9, taints=(tainted,)),
    ]
    workloads = Workloads(pods=pods(1, Template(namespace="d", requests={"cpu": 11})))

    assert [str(each) for each in schedule(workloads, nodes).pending] == [
        "d/web-0: 0/3 nodes are available: 1 Too many pods, 1 node(s) had untolerated taint(s), 2 Insufficient cpu."
    ]
    assert [str(each) for each in schedule(workloads, []).pending] == ["d/web-0: no nodes available to schedule pods"]
