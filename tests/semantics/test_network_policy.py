"""Who may talk to whom: clusters as people write them, line by line."""

from typing import Any

import pytest

from seatrial.errors import ConfigError, UsageError
from seatrial.semantics import network_policy
from seatrial.semantics.network_policy import HostNetwork, isolation, reachability
from seatrial.semantics.network_policy.policy import Direction

Object = dict[str, Any]

EMPTY: Object = {}
WORLD = "0.0.0.0-255.255.255.255[External]"


def namespace(name: str, **labels: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def deployment(name: str, where: str = "shop", ports: list[Object] | None = None, **spec: object) -> Object:
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [{"name": "c", "ports": ports or []}], **spec},
    }
    metadata = {"name": name, "namespace": where}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"template": template}}


def pod(name: str, owner: Object | None = None, **labels: str) -> Object:
    metadata = {"name": name, "namespace": "shop", "labels": labels, "ownerReferences": [owner] if owner else []}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": []}}


def policy(name: str, where: str = "shop", **spec: object) -> Object:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": where},
        "spec": {"podSelector": {}, **spec},
    }


def app(name: str) -> Object:
    return {"podSelector": {"matchLabels": {"app": name}}}


def lines(*objects: Object, host_network: HostNetwork = HostNetwork.AS_PODS) -> list[str]:
    return [str(connection) for connection in network_policy.connections(objects, host_network)]


WEB, DB = "shop/web[Deployment]", "shop/db[Deployment]"


def test_without_a_policy_everything_may_pass() -> None:
    assert lines(deployment("web"), deployment("db")) == [
        f"{WORLD} => {DB} : All Connections",
        f"{WORLD} => {WEB} : All Connections",
        f"{DB} => {WORLD} : All Connections",
        f"{DB} => {WEB} : All Connections",
        f"{WEB} => {WORLD} : All Connections",
        f"{WEB} => {DB} : All Connections",
    ]


def test_a_policy_without_types_isolates_outgoing_traffic_only_when_it_has_such_rules() -> None:
    assert lines(deployment("web"), policy("p")) == [f"{WEB} => {WORLD} : All Connections"]
    assert lines(deployment("web"), policy("p", egress=[{"to": [app("db")]}])) == []


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        pytest.param([EMPTY], "TCP 1-65535", id="a protocol"),
        pytest.param([{"protocol": item} for item in ("TCP", "UDP", "SCTP")], "All Connections", id="every protocol"),
        pytest.param([{"port": 80}, {"port": 81}, {"port": 90}], "TCP 80-81,90", id="neighbours are joined"),
        pytest.param([{"port": 80, "endPort": 90}, {"port": 85, "endPort": 95}], "TCP 80-95", id="overlapping ranges"),
        pytest.param([{"port": 53, "protocol": "UDP"}, {"port": 7, "protocol": "SCTP"}], "SCTP 7,UDP 53", id="order"),
        pytest.param([{"port": "sql"}], "TCP 5432", id="a port by name"),
        pytest.param([{"port": "metrics"}], "TCP 9100", id="a port of a container that stays beside"),
        pytest.param([{"port": "setup"}], None, id="a port of a container that ends before the others start"),
        pytest.param([{"port": "sql", "protocol": "UDP"}], None, id="a name of another protocol"),
    ],
)
def test_ports(ports: list[Object], expected: str | None) -> None:
    named = [{"name": "sql", "containerPort": 5432}, {"containerPort": 1}]
    beside = {"name": "m", "restartPolicy": "Always", "ports": [{"name": "metrics", "containerPort": 9100}]}
    before = {"name": "s", "ports": [{"name": "setup", "containerPort": 2}]}
    database = deployment("db", ports=named, initContainers=[beside, before])
    isolating = policy("p", **app("db"), ingress=[{"from": [app("web")], "ports": ports}], policyTypes=["Ingress"])

    found = [line for line in lines(deployment("web"), database, isolating) if line.startswith(f"{WEB} => {DB}")]

    assert found == ([f"{WEB} => {DB} : {expected}"] if expected else [])


def test_both_ends_have_to_allow_a_connection() -> None:
    out = policy("out", **app("web"), egress=[{"to": [app("db")], "ports": [{"port": 1, "endPort": 9}]}])
    into = policy("into", **app("db"), ingress=[{"from": [app("web")], "ports": [{"port": 5, "endPort": 99}]}])

    assert f"{WEB} => {DB} : TCP 5-9" in lines(deployment("web"), deployment("db"), out, into)


def test_policies_of_the_same_name_add_up_like_any_other() -> None:
    first = policy("p", **app("db"), ingress=[{"from": [app("web")], "ports": [{"port": 1}]}])
    second = policy("p", **app("db"), ingress=[{"from": [app("web")], "ports": [{"port": 3}]}])

    assert f"{WEB} => {DB} : TCP 1,3" in lines(deployment("web"), deployment("db"), first, second)


def test_a_named_port_means_nothing_outside() -> None:
    rule = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": "http"}, {"port": 443}]}

    assert lines(deployment("web"), policy("p", egress=[rule], policyTypes=["Ingress", "Egress"])) == [
        f"{WEB} => {WORLD} : TCP 443"
    ]


def test_namespaces_are_selected_by_their_labels_and_by_their_name() -> None:
    by_label = {"namespaceSelector": {"matchLabels": {"team": "x"}}, "podSelector": {}}
    by_name = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "named"}}}
    isolating = policy("p", ingress=[{"from": [by_label, by_name]}])
    others = [
        namespace("labelled", team="x"),
        deployment("a", "labelled"),
        deployment("b", "named"),
        deployment("c", "c"),
    ]

    found = [line for line in lines(deployment("web"), isolating, *others) if f"=> {WEB}" in line]

    assert found == [
        f"labelled/a[Deployment] => {WEB} : All Connections",
        f"named/b[Deployment] => {WEB} : All Connections",
    ]


@pytest.mark.parametrize(
    ("expression", "selected"),
    [
        ({"operator": "In", "values": ["web", "db"]}, {"db", "web"}),
        ({"operator": "NotIn", "values": ["web"]}, {"db", "plain"}),
        ({"operator": "Exists"}, {"db", "web"}),
        ({"operator": "DoesNotExist"}, {"plain"}),
    ],
)
def test_expressions(expression: Object, selected: set[str]) -> None:
    isolating = policy("p", podSelector={"matchExpressions": [{"key": "app", **expression}]})
    pods = [pod("web", app="web"), pod("db", app="db"), pod("plain")]

    reached = {line.split()[2] for line in lines(*pods, isolating) if line.startswith(WORLD)}

    assert reached == {f"shop/{name}[Pod]" for name in {"web", "db", "plain"} - selected}


def test_the_world_is_cut_where_policies_name_parts_of_it() -> None:
    block = {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/9", "10.255.0.0/16"]}}
    inside = {"ipBlock": {"cidr": "2001:db8::/32"}}
    isolating = policy("p", ingress=[{"from": [block, inside]}])

    assert lines(deployment("web"), isolating) == [
        f"10.128.0.0-10.254.255.255[External] => {WEB} : All Connections",
        f"2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff[External] => {WEB} : All Connections",
        f"{WEB} => {WORLD} : All Connections",
    ]


def test_pods_of_one_workload_that_policies_tell_apart_are_taken_together() -> None:
    owner = {"kind": "ReplicaSet", "name": "web", "controller": True}
    isolating = policy("p", podSelector={"matchLabels": {"track": "new"}})

    assert lines(pod("a", owner, track="new"), pod("b", owner, track="old"), isolating) == [
        f"{WORLD} => shop/web[ReplicaSet] : All Connections",
        f"shop/web[ReplicaSet] => {WORLD} : All Connections",
    ]


def test_what_its_controller_stands_for_is_not_listed_twice() -> None:
    owned = {"kind": "Deployment", "name": "web", "controller": True}
    replicas: Object = deployment("web-1") | {"kind": "ReplicaSet"}
    replicas["metadata"]["ownerReferences"] = [owned]

    found = lines(deployment("web"), replicas, pod("p", {"kind": "ReplicaSet", "name": "web-1", "controller": True}))

    assert found == [f"{WORLD} => {WEB} : All Connections", f"{WEB} => {WORLD} : All Connections"]


@pytest.mark.parametrize("owner", [{"kind": "Node", "name": "n", "controller": True}, {"kind": "Tree", "name": "t"}])
def test_only_a_controller_of_pods_stands_for_a_pod(owner: Object) -> None:
    assert lines(pod("a", owner))[0] == f"{WORLD} => shop/a[Pod] : All Connections"


@pytest.mark.parametrize(
    "value",
    [
        {"apiVersion": "v1", "kind": "PodTemplate", "metadata": {"name": "x"}, "template": {}},
        {"apiVersion": "projectcalico.org/v3", "kind": "NetworkPolicy", "metadata": {"name": "x"}, "spec": 1},
        {"apiVersion": "example.com/v1", "kind": "Namespace", "metadata": {"name": "shop"}},
        {"apiVersion": "v1", "kind": "Namespace"},
    ],
)
def test_objects_that_decide_nothing_are_passed_over(value: Object) -> None:
    assert lines(value) == []


# Pods in the host's network.

AGENT = deployment("agent", hostNetwork=True)
NODES = {"ipBlock": {"cidr": "10.1.0.0/16"}}


def agent_at(address: str) -> Object:
    value = pod("agent", app="agent")
    return value | {"spec": {"hostNetwork": True, "containers": []}, "status": {"hostIP": address}}


def test_pods_in_the_hosts_network_are_pods_unless_told_otherwise() -> None:
    isolating = policy("p", ingress=[{"from": [app("agent")]}], policyTypes=["Ingress", "Egress"])

    assert lines(AGENT, deployment("web"), isolating) == []


def test_as_nodes_they_are_neither_isolated_nor_selected() -> None:
    isolating = policy("p", ingress=[{"from": [app("agent")]}], policyTypes=["Ingress", "Egress"])
    agent = "shop/agent[Deployment]"

    assert lines(AGENT, deployment("web"), isolating, host_network=HostNetwork.AS_NODES) == [
        f"{WORLD} => {agent} : All Connections",
        f"{agent} => {WORLD} : All Connections",
    ]


@pytest.mark.parametrize(
    ("agent", "cidr", "expected"),
    [
        pytest.param(agent_at("10.1.2.3"), "10.1.0.0/16", True, id="a block with its node"),
        pytest.param(agent_at("10.2.2.3"), "10.1.0.0/16", False, id="a block without its node"),
        pytest.param(AGENT, "10.1.0.0/16", False, id="a block that may not have its node"),
        pytest.param(AGENT, "0.0.0.0/0", True, id="a block that has every node"),
    ],
)
def test_as_nodes_a_block_means_them_when_it_has_their_node(agent: Object, cidr: str, expected: bool) -> None:
    isolating = policy("p", **app("web"), ingress=[{"from": [{"ipBlock": {"cidr": cidr}}]}])

    found = lines(agent, deployment("web"), isolating, host_network=HostNetwork.AS_NODES)

    assert any(line.startswith("shop/agent") and f"=> {WEB}" in line for line in found) == expected


def test_a_node_address_that_is_none_is_a_fault() -> None:
    with pytest.raises(ConfigError, match="Pod/shop/agent: status"):
        network_policy.read([agent_at("here")])


# Faults.


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"policyTypes": ["Inbound"]}, "spec.policyTypes"),
        ({"podSelector": {"matchLabels": {1: "a"}}}, "spec.podSelector.matchLabels.1"),
        ({"podSelector": {"matchExpressions": [{"operator": "In"}]}}, "spec.podSelector.matchExpressions[0].key"),
        (
            {"podSelector": {"matchExpressions": [{"key": "a", "operator": "Is"}]}},
            "spec.podSelector.matchExpressions[0].operator",
        ),
        (
            {"podSelector": {"matchExpressions": [{"key": "a", "operator": "In"}]}},
            "spec.podSelector.matchExpressions[0].values",
        ),
        (
            {"podSelector": {"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]}},
            "spec.podSelector.matchExpressions[0].values",
        ),
        ({"ingress": [{"from": [EMPTY]}]}, "spec.ingress[0].from[0].ipBlock"),
        ({"egress": [{"to": [NODES | app("web")]}]}, "spec.egress[0].to[0].ipBlock"),
        ({"egress": [{"to": [{"ipBlock": EMPTY}]}]}, "spec.egress[0].to[0].ipBlock.cidr"),
        ({"egress": [{"to": [{"ipBlock": {"cidr": "10/8"}}]}]}, "spec.egress[0].to[0].ipBlock.cidr"),
        (
            {"egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}}]}]},
            "spec.egress[0].to[0].ipBlock.except",
        ),
        (
            {"egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}}]}]},
            "spec.egress[0].to[0].ipBlock.except",
        ),
        (
            {"egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["x"]}}]}]},
            "spec.egress[0].to[0].ipBlock.except",
        ),
        ({"egress": [{"ports": [{"protocol": "ICMP"}]}]}, "spec.egress[0].ports[0].protocol"),
        ({"egress": [{"ports": [{"port": 0}]}]}, "spec.egress[0].ports[0].port"),
        ({"egress": [{"ports": [{"port": True}]}]}, "spec.egress[0].ports[0].port"),
        ({"egress": [{"ports": [{"port": 9, "endPort": 8}]}]}, "spec.egress[0].ports[0].endPort"),
        ({"egress": [{"ports": [{"port": "http", "endPort": 8}]}]}, "spec.egress[0].ports[0].endPort"),
    ],
)
def test_a_policy_that_the_api_would_refuse_is_a_fault(spec: Object, path: str) -> None:
    with pytest.raises(ConfigError) as caught:
        network_policy.read([policy("p", **spec)])

    assert [fault.path for fault in caught.value.faults] == [f"NetworkPolicy/shop/p: {path}"]


@pytest.mark.parametrize("missing", ["metadata", "spec"])
def test_a_policy_without_a_part_is_a_fault(missing: str) -> None:
    value = {key: part for key, part in policy("p").items() if key != missing}

    with pytest.raises(ConfigError, match=rf"{missing}: found \(missing\)"):
        network_policy.read([value])


def test_a_workload_without_a_pod_is_a_fault() -> None:
    with pytest.raises(ConfigError, match=r"Deployment/x: spec\.template: found \(missing\)"):
        network_policy.read([{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}, "spec": {}}])


# Explanations.


def explained(source: str, destination: str, port: int = 80, protocol: str = "TCP") -> network_policy.Explanation:
    cluster = network_policy.read(
        [
            deployment("web"),
            deployment("db"),
            deployment("db", "other"),
            deployment("db", "other") | {"kind": "StatefulSet"},
            policy("deny", policyTypes=["Ingress", "Egress"]),
            policy("into-db", **app("db"), ingress=[{"from": [app("web"), NODES], "ports": [{"port": 80}]}]),
            policy("out-of-web", **app("web"), egress=[{"to": [app("db")]}], policyTypes=["Egress"]),
        ]
    )
    return network_policy.explain(cluster, source, destination, port, protocol)


def test_an_explanation_names_the_policies_that_allow_a_connection() -> None:
    found = explained("shop/web", "shop/db[Deployment]", protocol="tcp")

    assert found.allowed
    assert (found.source, found.destination, found.protocol, found.port) == (WEB, DB, "TCP", 80)
    assert (found.egress.isolated_by, found.egress.allowed_by) == (
        ("shop/deny", "shop/out-of-web"),
        ("shop/out-of-web",),
    )
    assert (found.ingress.isolated_by, found.ingress.allowed_by) == (("shop/deny", "shop/into-db"), ("shop/into-db",))


@pytest.mark.parametrize(
    ("source", "destination", "port", "egress", "ingress"),
    [
        pytest.param("shop/web", "shop/db", 81, True, False, id="another port"),
        pytest.param("shop/db", "shop/web", 80, False, False, id="the way back"),
        pytest.param("10.1.2.3", "shop/db", 80, True, True, id="from an allowed address"),
        pytest.param("10.0.0.0/8", "shop/db", 80, True, False, id="from a block that is allowed in part"),
        pytest.param("shop/web", "1.1.1.1", 80, False, True, id="to an address"),
        pytest.param("other/db[StatefulSet]", "other/db[Deployment]", 1, True, True, id="where no policy is"),
    ],
)
def test_an_explanation_tells_the_two_ends_apart(
    source: str, destination: str, port: int, egress: bool, ingress: bool
) -> None:
    found = explained(source, destination, port)

    assert (found.egress.allowed, found.ingress.allowed, found.allowed) == (egress, ingress, egress and ingress)


@pytest.mark.parametrize(
    ("ends", "message", "tip"),
    [
        (("shop/wbe", "shop/db"), "no workload 'shop/wbe'", "near it: shop/web, shop/db"),
        (("shop/db", "elsewhere"), "no workload 'elsewhere'", "name it namespace/name"),
        (("shop/web", "other/db"), r"several workloads .* other/db\[Deployment\], other/db\[StatefulSet\]", ""),
        (("1.1.1.1", "2.2.2.2"), "both ends are outside", ""),
        (("shop/web", "shop/db", 0), "no port 0; ports are 1 to 65535", ""),
        (("shop/web", "shop/db", 1, "icmp"), "no protocol 'icmp'; policies know SCTP, TCP, UDP", ""),
    ],
)
def test_what_can_not_be_explained(ends: tuple[Any, ...], message: str, tip: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        explained(*ends)

    assert caught.value.tip == tip


def test_no_ports_at_all_are_written_as_such() -> None:
    assert str(network_policy.Ports()) == "No Connections"


@pytest.mark.parametrize("count", [10, 40])
def test_closed_namespaces_cost_as_many_looks_as_they_have_connections(count: int) -> None:
    objects: list[Object] = []
    for name in (f"tenant{index}" for index in range(count)):
        own = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}
        everywhere = {"namespaceSelector": EMPTY}
        objects += [deployment("web", name), deployment("db", name)]
        objects.append(policy("p", name, ingress=[{"from": [own]}], egress=[{"to": [everywhere]}]))
    cluster = network_policy.read(objects)
    ingress, egress = (isolation.isolations(cluster, direction) for direction in Direction)

    looked_at = [*reachability.candidates(ingress, egress)]

    # Both pods of a namespace, each from both: not the square of all pods.
    assert len(looked_at) == 4 * count
