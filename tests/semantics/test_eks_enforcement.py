"""What Amazon's VPC CNI enforces otherwise than it reads: one table a finding."""

from typing import Any

import pytest

from seatrial.errors import ConfigError
from seatrial.semantics import eks_enforcement

Object = dict[str, Any]

DNS_PODS = {
    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
    "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
}
DNS_PORTS = [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]
TO_DNS = {"to": [DNS_PODS], "ports": DNS_PORTS}


def workload(name: str, kind: str = "Deployment", ports: list[Object] | None = None, **spec: object) -> Object:
    metadata = {"name": name, "namespace": "shop", "labels": {"app": name}}
    pod = {"containers": [{"name": "c", "ports": ports or []}], **spec}
    if kind == "Pod":
        return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod}
    template = {"metadata": {"labels": {"app": name}}, "spec": pod}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": {"template": template}}


def policy(name: str, **spec: object) -> Object:
    metadata = {"name": name, "namespace": "shop"}
    api = "networking.k8s.io/v1"
    return {"apiVersion": api, "kind": "NetworkPolicy", "metadata": metadata, "spec": {"podSelector": {}, **spec}}


def service(name: str, where: str = "shop", **spec: object) -> Object:
    metadata = {"name": name, "namespace": where}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"selector": {"app": name}, **spec}}


def app(name: str) -> Object:
    return {"podSelector": {"matchLabels": {"app": name}}}


def block(cidr: str, *excepted: str) -> Object:
    return {"ipBlock": {"cidr": cidr, "except": [*excepted]}}


def found(identity: str, *objects: Object, dns_addresses: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    every = eks_enforcement.findings(objects, dns_addresses)
    return [(item.subject, item.message) for item in every if item.id == identity]


def test_a_platform_that_keeps_to_the_rules_has_no_findings() -> None:
    objects = [
        workload("web"),
        workload("db"),
        service("db", ports=[{"port": 5432}]),
        policy("deny", policyTypes=["Ingress", "Egress"]),
        policy("dns", egress=[TO_DNS], policyTypes=["Egress"]),
        policy("db", **app("db"), ingress=[{"from": [app("web")], "ports": [{"port": 5432}]}]),
        policy("web", **app("web"), egress=[{"to": [app("db")], "ports": [{"port": 5432}]}], policyTypes=["Egress"]),
        policy("out", egress=[{"to": [block("0.0.0.0/0", "169.254.169.254/32")]}], policyTypes=["Egress"]),
    ]

    assert eks_enforcement.findings(objects) == ()


@pytest.mark.parametrize(
    ("objects", "names"),
    [
        pytest.param(
            [workload("web", "Pod"), policy("a"), policy("b", policyTypes=["Egress"])], "shop/a, shop/b", id="bare"
        ),
        pytest.param([workload("web", "Pod")], "", id="bare, without policies"),
        pytest.param([workload("web"), policy("a")], "", id="with a controller"),
    ],
)
def test_a_bare_pod_may_have_no_policy_enforced(objects: list[Object], names: str) -> None:
    message = f"it has no controller, so {names} may not be enforced on it; make it a Deployment"

    assert found("bare-pod", *objects) == ([("shop/web[Pod]", message)] if names else [])


NOWHERE = "its policies let it send, but not to port 53 over {} of CoreDNS"


@pytest.mark.parametrize(
    ("egress", "missing"),
    [
        pytest.param([], "", id="nothing may be sent at all"),
        pytest.param([{"to": [app("db")]}], "UDP and TCP", id="only within"),
        pytest.param([{"to": [DNS_PODS], "ports": DNS_PORTS[:1]}], "TCP", id="only over UDP"),
        pytest.param([TO_DNS], "", id="to the pods"),
        pytest.param(
            [{"to": [DNS_PODS], "ports": [{"port": "dns", "protocol": "UDP"}, {"port": "dns-tcp"}]}], "", id="by name"
        ),
        pytest.param([{"ports": DNS_PORTS}], "", id="to everyone"),
        pytest.param([{"to": [block("172.20.0.10/32")], "ports": DNS_PORTS}], "", id="to an address that EKS chooses"),
        pytest.param([{"to": [block("169.254.20.10/32")], "ports": DNS_PORTS}], "", id="to the node's cache"),
        pytest.param([{"to": [block("10.5.0.10/32")], "ports": DNS_PORTS}], "UDP and TCP", id="to another address"),
    ],
)
def test_a_pod_that_may_send_needs_dns(egress: list[Object], missing: str) -> None:
    isolating = policy("p", **app("web"), egress=egress, policyTypes=["Egress"])

    messages = found("dns", workload("web"), workload("db"), isolating, dns_addresses=("169.254.20.10",))

    assert [(subject, message.split(";")[0]) for subject, message in messages] == (
        [("shop/web[Deployment]", NOWHERE.format(missing))] if missing else []
    )


def test_the_cluster_ip_of_the_dns_service_is_the_one_that_counts() -> None:
    dns = service("kube-dns", "kube-system", clusterIP="10.5.0.10", ports=[{"port": 53}])
    right, wrong = (
        policy("p", egress=[{"to": [block(f"{address}/32")], "ports": DNS_PORTS}])
        for address in ("10.5.0.10", "172.20.0.10")
    )

    assert found("dns", workload("web"), dns, right) == []
    assert len(found("dns", workload("web"), dns, wrong)) == 1


def test_the_pods_that_answer_for_names_need_no_dns() -> None:
    coredns = workload("coredns")
    coredns["metadata"]["namespace"] = "kube-system"
    coredns["spec"]["template"]["metadata"]["labels"] = {"k8s-app": "kube-dns"}
    upstream = policy("p", egress=[{"to": [block("10.0.0.2/32")]}])
    upstream["metadata"]["namespace"] = "kube-system"

    assert found("dns", coredns, upstream) == []


EXCEPTED = block("0.0.0.0/0", "172.16.0.0/12")


@pytest.mark.parametrize(
    ("rule", "hidden"),
    [
        pytest.param({"ports": [{"port": 53}]}, True, id="a rule without peers"),
        pytest.param({"to": [block("172.0.0.0/8")], "ports": [{"port": 53}]}, True, id="a wider block"),
        pytest.param({"to": [block("172.16.0.0/12")]}, False, id="the same block"),
        pytest.param({"to": [block("172.16.5.0/24")]}, False, id="a narrower block"),
        pytest.param({"to": [block("10.0.0.0/8")]}, False, id="another block"),
        pytest.param({"to": [EXCEPTED]}, False, id="the same exception"),
        pytest.param({"to": [block("::/0")]}, False, id="another family"),
        pytest.param({"to": [app("db")]}, False, id="pods"),
    ],
)
def test_what_one_rule_excepts_no_wider_rule_gives_back(rule: Object, hidden: bool) -> None:
    world = policy("world", egress=[{"to": [EXCEPTED]}], policyTypes=["Egress"])
    other = policy("other", **app("web"), egress=[rule], policyTypes=["Egress"])
    message = (
        "its egress rules don't reach 172.16.0.0/12, which shop/world excepts for the same pods: the most specific"
        " block decides; name the peer itself"
    )

    assert found("excepted-block", workload("web"), workload("db"), world, other) == (
        [("NetworkPolicy shop/other", message)] if hidden else []
    )


def test_exceptions_of_another_direction_or_of_other_pods_hide_nothing() -> None:
    world = policy("world", **app("web"), ingress=[{"from": [EXCEPTED]}], egress=[{"to": [EXCEPTED]}])
    elsewhere = policy("p", **app("db"), egress=[{"ports": [{"port": 53}]}], policyTypes=["Egress"])
    inactive = policy("q", **app("web"), egress=[{"ports": [{"port": 53}]}], policyTypes=["Ingress"])

    assert found("excepted-block", workload("web"), workload("db"), world, elsewhere, inactive) == []


AGENT = workload("agent", "DaemonSet", hostNetwork=True)


def test_a_policy_that_selects_pods_in_the_hosts_network_isolates_others_only() -> None:
    message = "it selects shop/agent[DaemonSet], which is in its node's network and isn't isolated"

    assert found("host-network", AGENT, workload("web"), policy("p")) == [("NetworkPolicy shop/p", message)]


@pytest.mark.parametrize(
    ("peer", "in_vain"),
    [(app("agent"), True), ({"podSelector": {}}, False), (app("nobody"), False), (block("10.0.0.0/8"), False)],
)
def test_a_peer_that_means_only_pods_in_the_hosts_network_means_nobody(peer: Object, in_vain: bool) -> None:
    isolating = policy("p", **app("web"), ingress=[{"from": [peer]}])
    message = (
        "a peer of its ingress rules means only pods in their node's network, which selectors don't find; name the"
        " nodes' subnets in an ipBlock"
    )

    assert found("host-network", AGENT, workload("web"), isolating) == (
        [("NetworkPolicy shop/p", message)] if in_vain else []
    )


def test_pods_of_the_same_node_reach_what_has_its_address() -> None:
    message = "it has its node's address: pods of the same node reach it, and it them, whatever policies say"

    assert found("node-address", AGENT, workload("web")) == []
    assert found("node-address", AGENT, workload("web"), policy("p", **app("web"))) == [
        ("shop/agent[DaemonSet]", message)
    ]


@pytest.mark.parametrize("count", [24, 25])
@pytest.mark.parametrize("peer", [app("db"), block("10.0.0.0/8"), None], ids=["pods", "block", "everyone"])
def test_a_peer_has_at_most_24_combinations_of_protocol_and_ports(peer: Object | None, count: int) -> None:
    ports = [{"port": 80, "protocol": item} for item in ("TCP", "UDP")] + [
        {"port": "http"},
        {"port": 90, "endPort": 99},
    ]
    ports += [{"port": 1000 + index} for index in range(count - len(ports))]
    half = {"from": [peer] if peer else []}
    isolating = policy("p", ingress=[half | {"ports": ports[:15]}, half | {"ports": ports[10:]}])
    message = (
        f"its ingress rules give one peer {count} combinations of protocol and ports; 24 are enforced: join"
        " neighbouring ports with endPort"
    )

    assert found("port-combinations", isolating) == ([("NetworkPolicy shop/p", message)] if count > 24 else [])


def test_combinations_of_different_peers_are_counted_apart() -> None:
    rules = [{"to": [app(name)], "ports": [{"port": port} for port in range(1, 25)]} for name in ("a", "b")]

    assert found("port-combinations", policy("p", egress=[*rules, {"to": [app("c")]}])) == []


DB = workload("db", ports=[{"name": "sql", "containerPort": 5432}])


@pytest.mark.parametrize(
    ("spec", "ports", "is_found"),
    [
        pytest.param({"ports": [{"port": 80, "targetPort": 5432}]}, [{"port": 5432}], True, id="another number"),
        pytest.param({"ports": [{"port": 80, "targetPort": "sql"}]}, [{"port": "sql"}], True, id="a name"),
        pytest.param({"ports": [{"port": 5432, "targetPort": "sql"}]}, [{"port": 5432}], False, id="the same by name"),
        pytest.param({"ports": [{"port": 80, "targetPort": "x"}]}, [{"port": 5432}], False, id="a name of no port"),
        pytest.param({"ports": [{"port": 80, "targetPort": 5432}]}, [{"port": 80}], False, id="another port is given"),
        pytest.param({"ports": [{"port": 80, "targetPort": 5432}]}, [], False, id="every port is given"),
        pytest.param(
            {"ports": [{"port": 80, "targetPort": 5432, "protocol": "SPX"}]}, [{"port": 5432}], False, id="unknown"
        ),
        pytest.param(
            {"clusterIP": "None", "ports": [{"port": 80, "targetPort": 5432}]}, [{"port": 5432}], False, id="headless"
        ),
        pytest.param(
            {"selector": {}, "ports": [{"port": 80, "targetPort": 5432}]}, [{"port": 5432}], False, id="no selector"
        ),
        pytest.param({"type": "ExternalName", "ports": [{"port": 80}]}, [{"port": 5432}], False, id="another name"),
    ],
)
def test_a_service_has_to_keep_its_pods_port(spec: Object, ports: list[Object], is_found: bool) -> None:
    web = policy("web", **app("web"), egress=[{"to": [app("db")], "ports": ports}], policyTypes=["Egress"])
    message = (
        "its port 80 leads to 5432 of its pods: rules that give these ports don't let its ClusterIP through; use one"
        " number for both"
    )

    assert found("service-port", workload("web"), DB, service("db", **spec), web) == (
        [("Service shop/db", message)] if is_found else []
    )


@pytest.mark.parametrize("egress", [[{"ports": [{"port": 5432}]}], [{"to": [app("web")], "ports": [{"port": 5432}]}]])
def test_rules_that_name_no_peer_or_other_pods_ask_nothing_of_a_service(egress: list[Object]) -> None:
    to_db = service("db", ports=[{"port": 80, "targetPort": 5432}])

    assert found("service-port", workload("web"), DB, to_db, policy("web", egress=egress)) == []


def test_findings_are_written_with_their_kind_and_object() -> None:
    (finding,) = eks_enforcement.findings([workload("web", "Pod"), policy("a")])

    assert str(finding).startswith("bare-pod: shop/web[Pod]: it has no controller")
    assert finding.source.startswith("https://docs.aws.amazon.com/")


def test_facts_have_a_statement_and_a_source_each() -> None:
    assert len({fact.id for fact in eks_enforcement.FACTS}) == len(eks_enforcement.FACTS)
    assert all(fact.statement and fact.source.startswith("https://") for fact in eks_enforcement.FACTS)


@pytest.mark.parametrize("missing", ["metadata", "spec"])
def test_an_object_that_is_not_a_whole_service_is_passed_over(missing: str) -> None:
    value = {key: part for key, part in service("db").items() if key != missing}

    assert eks_enforcement.findings([value, {**service("db"), "apiVersion": "serving.knative.dev/v1"}]) == ()


def test_every_fault_is_named_once() -> None:
    with pytest.raises(ConfigError) as caught:
        eks_enforcement.findings([service("db", clusterIP="here"), policy("p", podSelector=3)])

    assert [fault.path for fault in caught.value.faults] == [
        "NetworkPolicy/shop/p: spec.podSelector",
        "Service/shop/db: spec.clusterIP",
    ]
