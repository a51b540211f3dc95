"""What is read from objects, with the defaults of the API; and what is refused."""

from typing import Any

import pytest

from seatrial.errors import ConfigError
from seatrial.semantics.network_policy.labels import Expression, Operator, Selector
from seatrial.semantics.scheduling import (
    HostPort,
    Node,
    NodeRequirement,
    NodeTerm,
    PodTerm,
    Spread,
    Template,
    Toleration,
    read,
    schedule,
)

Object = dict[str, Any]


def pod(spec: Object | None = None, labels: dict[str, str] | None = None, **metadata: object) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "labels": labels or {}, **metadata},
        "spec": spec or {},
    }


def template(spec: Object | None = None, labels: dict[str, str] | None = None) -> Template:
    return read([pod(spec, labels)]).pods[0].template


def made(kind: str, api: str = "apps/v1", **spec: object) -> Object:
    return {
        "apiVersion": api,
        "kind": kind,
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {}}, **spec},
    }


def container(requests: Object | None = None, limits: Object | None = None, **fields: object) -> Object:
    return {"name": "c", "resources": {"requests": requests or {}, "limits": limits or {}}, **fields}


def owned(kind: str, name: str) -> list[Object]:
    return [{"kind": kind, "name": name, "controller": True}]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, {}),
        ({"containers": [{"name": "c"}]}, {}),
        ({"containers": [container({"cpu": "250m", "memory": "64Mi"})]}, {"cpu": 250, "memory": 64 * 2**20}),
        ({"containers": [container({"cpu": 1}), container({"cpu": 0.5})]}, {"cpu": 1500}),
        ({"containers": [container({"cpu": "100u"})]}, {"cpu": 1}),
        ({"containers": [container({"memory": "1e3"}), container({"memory": "1k"})]}, {"memory": 2000}),
        ({"containers": [container({"memory": "1.5E"})]}, {"memory": 15 * 10**17}),
        ({"containers": [container({"cpu": "0"})]}, {}),
        ({"containers": [container({"cpu": "1"}, {"cpu": "2", "memory": "5"})]}, {"cpu": 1000, "memory": 5}),
        (
            {"containers": [container({"cpu": "1"})], "initContainers": [container({"cpu": "2", "memory": "1"})]},
            {"cpu": 2000, "memory": 1},
        ),
        (
            {"containers": [container({"cpu": "3"})], "initContainers": [container({"cpu": "2"})] * 2},
            {"cpu": 3000},
        ),
        (
            {
                "containers": [container({"cpu": "1"})],
                "initContainers": [
                    container({"cpu": "1"}, restartPolicy="Always"),
                    container({"cpu": "2"}),
                    container({"cpu": "1"}, restartPolicy="Always"),
                ],
            },
            {"cpu": 3000},
        ),
        (
            {
                "containers": [container({"cpu": "1"})],
                "initContainers": [container({"cpu": "1"}, restartPolicy="Always"), container({"cpu": "4"})],
            },
            {"cpu": 5000},
        ),
        (
            {"containers": [container({"cpu": "1"})], "overhead": {"cpu": "250m", "memory": "8"}},
            {"cpu": 1250, "memory": 8},
        ),
        (
            {"containers": [container({"cpu": "1", "memory": "5"})], "resources": {"requests": {"cpu": "2"}}},
            {"cpu": 2000, "memory": 5},
        ),
        (
            {"containers": [container({"cpu": "1"})], "resources": {"limits": {"cpu": "2", "memory": "7"}}},
            {"cpu": 1000, "memory": 7},
        ),
    ],
)
def test_requests_are_those_that_the_scheduler_adds_up(spec: Object, expected: dict[str, int]) -> None:
    assert template(spec).requests == expected


@pytest.mark.parametrize("amount", ["much", "1x", "", "1 Mi", True, None, ["1"], "1e", "--1"])
def test_an_amount_that_is_none_is_a_fault(amount: object) -> None:
    with pytest.raises(ConfigError, match=r"Pod/p: spec\.containers\[0\]\.resources\.requests\.cpu.*250m or 64Mi"):
        read([pod({"containers": [container({"cpu": amount})]})])


def test_a_pod_is_read_with_everything_that_decides() -> None:
    spec = {
        "priority": 7,
        "tolerations": [{"key": "a", "value": "b", "effect": "NoSchedule"}, {"operator": "Exists"}],
        "nodeSelector": {"disk": "fast"},
        "affinity": {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [
                        {
                            "matchExpressions": [{"key": "zone", "operator": "In", "values": ["a"]}],
                            "matchFields": [{"key": "metadata.name", "operator": "NotIn", "values": ["n"]}],
                        }
                    ]
                }
            }
        },
    }

    found = template(spec, {"app": "web"})

    assert (found.namespace, found.labels, found.owner, found.priority) == ("default", {"app": "web"}, "", 7)
    assert found.tolerations == (Toleration(key="a", value="b", effect="NoSchedule"), Toleration(operator="Exists"))
    assert found.node_selector == {"disk": "fast"}
    assert found.node_terms == (
        NodeTerm(
            labels=(NodeRequirement("zone", "In", ("a",)),),
            names=(NodeRequirement("metadata.name", "NotIn", ("n",)),),
        ),
    )


def test_a_spread_has_the_defaults_of_the_api() -> None:
    selector: Object = {"matchLabels": {"app": "web"}}
    spreads: list[Object] = [
        {"topologyKey": "zone", "maxSkew": 1, "labelSelector": selector},
        {"topologyKey": "zone", "maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway"},
        {
            "topologyKey": "host",
            "maxSkew": 2,
            "minDomains": 3,
            "whenUnsatisfiable": "DoNotSchedule",
            "nodeAffinityPolicy": "Ignore",
            "nodeTaintsPolicy": "Honor",
            "labelSelector": selector,
            "matchLabelKeys": ["version", "absent"],
        },
        {"topologyKey": "rack", "maxSkew": 1, "matchLabelKeys": ["version"]},
    ]
    web, version = (Expression(key, Operator.IN, frozenset({key[0]})) for key in ("app", "version"))
    selector["matchLabels"] = {"app": "a"}

    found = template({"topologySpreadConstraints": spreads}, {"version": "v"})

    assert found.spreads == (
        Spread(topology_key="zone", selector=Selector(frozenset({web}))),
        Spread(
            topology_key="host",
            selector=Selector(frozenset({web, version})),
            max_skew=2,
            min_domains=3,
            honor_affinity=False,
            honor_taints=True,
        ),
        Spread(topology_key="rack", selector=None),
    )


def test_affinity_means_the_pods_own_namespace_unless_it_names_others() -> None:
    selector = {"matchLabels": {"app": "web"}}
    terms: list[Object] = [
        {"topologyKey": "zone", "labelSelector": selector},
        {"topologyKey": "zone", "labelSelector": selector, "namespaces": ["shop"]},
        {"topologyKey": "zone", "labelSelector": selector, "namespaceSelector": {}},
        {"topologyKey": "zone", "labelSelector": selector, "matchLabelKeys": ["v"], "mismatchLabelKeys": ["w"]},
        {"topologyKey": "zone"},
    ]
    required = {"requiredDuringSchedulingIgnoredDuringExecution": terms}
    app = Expression("app", Operator.IN, frozenset({"web"}))
    alike, unlike = Expression("v", Operator.IN, frozenset({"1"})), Expression("w", Operator.NOT_IN, frozenset({"2"}))
    web, own = Selector(frozenset({app})), frozenset({"default"})

    found = template({"affinity": {"podAffinity": required, "podAntiAffinity": required}}, {"v": "1", "w": "2"})

    assert found.near == found.apart
    assert found.near == (
        PodTerm(topology_key="zone", selector=web, namespaces=own),
        PodTerm(topology_key="zone", selector=web, namespaces=frozenset({"shop"})),
        PodTerm(topology_key="zone", selector=web, namespaces=frozenset(), namespace_selector=Selector()),
        PodTerm(topology_key="zone", selector=Selector(frozenset({app, alike, unlike})), namespaces=own),
        PodTerm(topology_key="zone", selector=None, namespaces=own),
    )


def test_ports_of_the_node_are_those_of_containers_that_keep_running() -> None:
    def asking(*ports: Object, **fields: object) -> Object:
        return {"name": "c", "ports": list(ports), **fields}

    spec: Object = {
        "containers": [asking({"containerPort": 1, "hostPort": 80, "hostIP": "10.0.0.1"}, {"containerPort": 2})],
        "initContainers": [
            asking({"containerPort": 3, "hostPort": 81}),
            asking({"containerPort": 4, "hostPort": 53, "protocol": "UDP"}, restartPolicy="Always"),
        ],
    }

    assert template(spec).host_ports == (HostPort(53, "UDP"), HostPort(80, "TCP", "10.0.0.1"))
    assert template({**spec, "hostNetwork": True}).host_ports == (
        HostPort(53, "UDP"),
        HostPort(80, "TCP", "10.0.0.1"),
        HostPort(2),
    )


@pytest.mark.parametrize(
    ("value", "names", "owner"),
    [
        (made("Deployment", replicas=2), ["shop/web-0", "shop/web-1"], "Deployment/shop/web"),
        (made("StatefulSet"), ["shop/web-0"], "StatefulSet/shop/web"),
        (made("ReplicaSet", replicas=0), [], ""),
        (made("ReplicationController", "v1"), ["shop/web-0"], "ReplicationController/shop/web"),
        (made("Job", "batch/v1", parallelism=2, replicas=7), ["shop/web-0", "shop/web-1"], "Job/shop/web"),
        (made("Job", "batch/v1", parallelism=3, completions=1), ["shop/web-0"], "Job/shop/web"),
        (made("Job", "batch/v1", completions=5), ["shop/web-0"], "Job/shop/web"),
        (made("CronJob", "batch/v1", jobTemplate={"spec": {"template": {"spec": {}}}}), [], ""),
        (pod(namespace="shop"), ["shop/p"], ""),
        (pod(ownerReferences=owned("ReplicaSet", "web")), ["default/p"], "ReplicaSet/default/web"),
        (pod(ownerReferences=[{"kind": "ReplicaSet", "name": "web"}]), ["default/p"], ""),
        ({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}}, [], ""),
    ],
)
def test_what_makes_pods_is_read_as_its_pods(value: Object, names: list[str], owner: str) -> None:
    found = read([value])

    assert [str(each) for each in found.pods] == names
    assert all(each.template.owner == owner for each in found.pods)


def test_a_controller_stands_for_the_pods_that_it_made() -> None:
    middle = made("ReplicaSet") | {
        "metadata": {"name": "web-1", "namespace": "shop", "ownerReferences": owned("Deployment", "web")}
    }
    lowest = pod(namespace="shop", ownerReferences=owned("ReplicaSet", "web-1"))

    found = read([lowest, middle, made("Deployment", replicas=3)])

    assert [str(each) for each in found.pods] == ["shop/web-0", "shop/web-1", "shop/web-2"]


def test_a_daemon_set_runs_on_every_node_that_it_wants_and_tolerates() -> None:
    daemon = made("DaemonSet")
    daemon["spec"]["template"]["spec"] = {"nodeSelector": {"disk": "fast"}, "hostNetwork": True}
    nodes = [
        Node(name=name, labels={"disk": disk}, cpu=1, memory=1, pods=9, unschedulable=cordoned)
        for name, disk, cordoned in (("a", "fast", False), ("b", "slow", False), ("c", "fast", True))
    ]

    found = read([daemon])
    placed = schedule(found, nodes)

    assert [each.name for each in found.daemons] == ["web"]
    assert {str(each): name for each, name in placed.placements.items()} == {"shop/web-a": "a", "shop/web-c": "c"}
    assert placed.pending == ()
    assert all(each.template.is_daemon for each in placed.placements)
    assert "node.kubernetes.io/network-unavailable" in {each.key for each in found.daemons[0].template.tolerations}


def test_the_affinity_of_a_daemon_set_counts_beside_the_nodes_name() -> None:
    daemon = made("DaemonSet")
    terms = [{"matchExpressions": [{"key": "disk", "operator": "In", "values": [disk]}]} for disk in ("fast", "new")]
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    daemon["spec"]["template"]["spec"] = {"affinity": {"nodeAffinity": required}}
    nodes = [Node(name=disk, labels={"disk": disk}, cpu=1, memory=1, pods=9) for disk in ("fast", "new", "slow")]

    placed = schedule(read([daemon]), nodes)

    assert sorted(placed.placements.values()) == ["fast", "new"]
    assert [str(each) for each in placed.on("new")] == ["shop/web-new"]


def test_priorities_come_from_their_classes() -> None:
    def named(name: str, **fields: object) -> Object:
        metadata = {"name": name}
        return {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": metadata, **fields}

    classes = [named("high", value=1000), named("usual", value=10, globalDefault=True), named("none")]
    wanted = ["high", "none", "system-node-critical", None]

    found = read([*classes, *(pod({"priorityClassName": name}, namespace=str(name)) for name in wanted)])

    assert [each.template.priority for each in found.pods] == [1000, 0, 2_000_001_000, 10]


def test_budgets_and_namespaces_are_read() -> None:
    def budget(name: str, **spec: object) -> Object:
        return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": spec}

    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"team": "a"}}}

    found = read(
        [
            namespace,
            budget("a", minAvailable="50%", selector={}, unhealthyPodEvictionPolicy="AlwaysAllow"),
            budget("b", maxUnavailable=1),
        ]
    )

    assert found.namespaces == {"shop": {"team": "a"}}
    assert [(str(each), each.min_available, each.max_unavailable) for each in found.budgets] == [
        ("PodDisruptionBudget/default/a", "50%", None),
        ("PodDisruptionBudget/default/b", None, 1),
    ]
    assert [(each.selector, each.always_evicts_unhealthy) for each in found.budgets] == [
        (Selector(), True),
        (None, False),
    ]


def test_every_fault_is_named_at_once() -> None:
    terms = [
        {
            "matchExpressions": [
                {"key": "a", "operator": "Is", "values": ["b"]},
                {"key": "a", "operator": "In"},
                {"key": "a", "operator": "Exists", "values": ["b"]},
            ]
        }
    ]
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    half = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "b"},
        "spec": {"minAvailable": "half"},
    }

    with pytest.raises(ConfigError) as caught:
        read([pod({"affinity": {"nodeAffinity": required}}), half, made("DaemonSet", template={})])

    assert [(fault.path.rpartition(".")[2], fault.allowed) for fault in caught.value.faults] == [
        ("operator", "In, NotIn, Exists, DoesNotExist, Gt, Lt"),
        ("values", "at least one with the operator In"),
        ("values", "none with the operator Exists"),
        ("spec", "a mapping"),
        ("spec", "a mapping"),
        ("minAvailable", "a number, or a percentage such as 50%"),
    ]


@pytest.mark.parametrize("number", [-1, 150_001, 10**12])
def test_a_number_of_pods_that_no_cluster_runs_is_a_fault(number: int) -> None:
    with pytest.raises(ConfigError, match=r"Deployment/shop/web: spec\.replicas: found -?\d+; allowed: 0 to 150000"):
        read([made("Deployment", replicas=number)])
