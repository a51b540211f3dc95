"""A second reading of NetworkPolicies, by brute force over plain objects, agrees about every pair, port and address."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.semantics import network_policy
from seatrial.semantics.network_policy import Connection, HostNetwork, Range

Object = dict[str, Any]

PROTOCOLS = ("SCTP", "TCP", "UDP")
PORTS = (1, 79, 80, 81, 82, 65535)
BLOCKS = (
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.128.0/17",
    "192.168.0.1/32",
    "2001:db8::/32",
    "2001:db8::1/128",
)
ADDRESSES = (
    "0.0.0.1",
    "9.255.255.255",
    "10.0.0.0",
    "10.1.127.255",
    "10.1.128.0",
    "10.2.0.0",
    "192.168.0.1",
    "2001:db8::1",
)
NODE = "10.1.128.7"


# The second reading. It looks at one connection at a time, and at every policy for it.


def selects(selector: Object, labels: Mapping[str, str]) -> bool:
    equal = all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    return equal and all(holds(item, labels) for item in selector.get("matchExpressions", []))


def holds(expression: Object, labels: Mapping[str, str]) -> bool:
    value = labels.get(expression["key"])
    return {
        "In": value in expression.get("values", []),
        "NotIn": value not in expression.get("values", []),
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }[expression["operator"]]


def listed(holder: Object, key: str) -> list[Object]:
    found: list[Object] | None = holder.get(key)
    return found or []


def within(address: str, block: str) -> bool:
    inner, outer = ipaddress.ip_address(address), ipaddress.ip_network(block)
    return inner.version == outer.version and inner in outer


class Reading:
    """One cluster, one meaning of the host's network."""

    def __init__(self, objects: list[Object], *, as_nodes: bool) -> None:
        self.policies = [item for item in objects if item["kind"] == "NetworkPolicy"]
        self.namespaces = {
            item["metadata"]["name"]: {
                **item["metadata"]["labels"],
                "kubernetes.io/metadata.name": item["metadata"]["name"],
            }
            for item in objects
            if item["kind"] == "Namespace"
        }
        self.as_nodes = as_nodes

    def allowed(self, source: Object | str, destination: Object | str, protocol: str, port: int) -> bool:
        target = None if isinstance(destination, str) else destination

        def passes(direction: str, end: Object | str, peer: Object | str) -> bool:
            policies = [] if isinstance(end, str) else [p for p in self.policies if self.isolates(p, direction, end)]
            key, rules = ("to", "egress") if direction == "Egress" else ("from", "ingress")
            return not policies or any(
                self.means(listed(rule, key), peer, policy) and has_port(listed(rule, "ports"), target, protocol, port)
                for policy in policies
                for rule in listed(policy["spec"], rules)
            )

        return passes("Egress", source, destination) and passes("Ingress", destination, source)

    def isolates(self, policy: Object, direction: str, pod: Object) -> bool:
        spec = policy["spec"]
        types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
        same = policy["metadata"]["namespace"] == pod["metadata"]["namespace"]
        return direction in types and same and not self.on_node(pod) and selects(spec["podSelector"], labels_of(pod))

    def on_node(self, pod: Object) -> bool:
        return self.as_nodes and pod["spec"].get("hostNetwork", False)

    def means(self, peers: list[Object], peer: Object | str, policy: Object) -> bool:
        return not peers or any(self.means_one(item, peer, policy) for item in peers)

    def means_one(self, item: Object, peer: Object | str, policy: Object) -> bool:
        if "ipBlock" in item:
            address = peer if isinstance(peer, str) else NODE if self.on_node(peer) else None
            excepted = any(within(address, block) for block in item["ipBlock"].get("except", [])) if address else True
            return address is not None and within(address, item["ipBlock"]["cidr"]) and not excepted
        if isinstance(peer, str) or self.on_node(peer):
            return False
        namespace = peer["metadata"]["namespace"]
        chosen = (
            selects(item["namespaceSelector"], self.namespaces[namespace])
            if "namespaceSelector" in item
            else namespace == policy["metadata"]["namespace"]
        )
        return chosen and selects(item.get("podSelector", {}), labels_of(peer))


def labels_of(pod: Object) -> Mapping[str, str]:
    return pod["metadata"]["labels"]


def has_port(ports: list[Object], target: Object | None, protocol: str, port: int) -> bool:
    return not ports or any(is_port(item, target, protocol, port) for item in ports)


def is_port(item: Object, target: Object | None, protocol: str, port: int) -> bool:
    if item.get("protocol", "TCP") != protocol:
        return False
    wanted = item.get("port")
    if isinstance(wanted, str):
        given_ports = listed(target["spec"]["containers"][0], "ports") if target else []
        return any((p["name"], p["protocol"], p["containerPort"]) == (wanted, protocol, port) for p in given_ports)
    return wanted is None or wanted <= port <= item.get("endPort", wanted)


# Clusters to read.

keys, values, names = st.sampled_from(["app", "tier"]), st.sampled_from(["a", "b"]), st.sampled_from(["one", "two"])
labels = st.dictionaries(keys, values, max_size=2)
expressions = st.one_of(
    st.fixed_dictionaries(
        {"key": keys, "operator": st.sampled_from(["In", "NotIn"]), "values": st.lists(values, min_size=1, unique=True)}
    ),
    st.fixed_dictionaries({"key": keys, "operator": st.sampled_from(["Exists", "DoesNotExist"])}),
)
selectors = st.fixed_dictionaries(
    {}, optional={"matchLabels": labels, "matchExpressions": st.lists(expressions, max_size=2)}
)


@st.composite
def blocks(draw: st.DrawFn) -> Object:
    cidr = draw(st.sampled_from(BLOCKS))
    outer = ipaddress.ip_network(cidr)
    inner = [item for item in BLOCKS if item != cidr and within(item.split("/")[0], cidr)]
    inner = [item for item in inner if ipaddress.ip_network(item).prefixlen > outer.prefixlen]
    excepted = draw(st.lists(st.sampled_from(inner), unique=True)) if inner else []
    return {"ipBlock": {"cidr": cidr, "except": excepted}}


peers = st.one_of(
    blocks(),
    st.fixed_dictionaries({"podSelector": selectors}),
    st.fixed_dictionaries({"namespaceSelector": selectors}),
    st.fixed_dictionaries({"namespaceSelector": selectors, "podSelector": selectors}),
)
NOTHING: Object = {}
protocols: st.SearchStrategy[Object] = st.fixed_dictionaries({}, optional={"protocol": st.sampled_from(PROTOCOLS)})
port_values: st.SearchStrategy[Object] = st.one_of(
    st.just(NOTHING),
    st.sampled_from(["http", "dns"]).map(lambda item: {"port": item}),
    st.sampled_from([80, 82]).map(lambda item: {"port": item}),
    st.just({"port": 79, "endPort": 81}),
)
ports = st.tuples(protocols, port_values).map(lambda pair: pair[0] | pair[1])


def rules(key: str) -> st.SearchStrategy[list[Object]]:
    rule = st.fixed_dictionaries({}, optional={key: st.lists(peers, max_size=2), "ports": st.lists(ports, max_size=2)})
    return st.lists(rule, max_size=2)


policies: st.SearchStrategy[Object] = st.fixed_dictionaries(
    {
        "apiVersion": st.just("networking.k8s.io/v1"),
        "kind": st.just("NetworkPolicy"),
        "metadata": st.fixed_dictionaries({"name": st.just("p"), "namespace": names}),
        "spec": st.fixed_dictionaries(
            {"podSelector": selectors},
            optional={
                "ingress": rules("from"),
                "egress": rules("to"),
                "policyTypes": st.lists(st.sampled_from(["Ingress", "Egress"]), min_size=1, unique=True),
            },
        ),
    }
)
container_ports = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["http", "dns"]),
        "protocol": st.sampled_from(PROTOCOLS),
        "containerPort": st.sampled_from([79, 80]),
    }
)


@st.composite
def clusters(draw: st.DrawFn) -> list[Object]:
    namespaces = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": draw(labels)}}
        for name in ("one", "two")
    ]
    pods = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"pod{index}", "namespace": draw(names), "labels": draw(labels)},
            "spec": {
                "hostNetwork": draw(st.booleans()),
                "containers": [{"ports": draw(st.lists(container_ports, max_size=2))}],
            },
            "status": {"hostIP": NODE},
        }
        for index in range(draw(st.integers(1, 4)))
    ]
    return [*namespaces, *pods, *draw(st.lists(policies, max_size=4))]


def name_of(pod: Object) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"


def is_in(connection: Connection, protocol: str, port: int) -> bool:
    found = connection.ports.of(network_policy.Protocol(protocol))
    return any(low <= port <= high for low, high in found)


def matches(end: object, wanted: Object | str) -> bool:
    if isinstance(end, Range) and isinstance(wanted, str):
        address = ipaddress.ip_address(wanted)
        return end.family == address.version and end.interval[0] <= int(address) <= end.interval[1]
    return isinstance(wanted, dict) and str(end) == f"{name_of(wanted)}[Pod]"


def pairs(objects: list[Object], addresses: tuple[str, ...]) -> list[tuple[Object | str, Object | str]]:
    pods = [item for item in objects if item["kind"] == "Pod"]
    inside = [(a, b) for a in pods for b in pods if a is not b]
    return [*inside, *((a, b) for a in pods for b in addresses), *((b, a) for a in pods for b in addresses)]


@settings(max_examples=150, deadline=None)
@given(objects=clusters(), as_nodes=st.booleans())
def test_every_connection_is_what_the_second_reading_allows(objects: list[Object], as_nodes: bool) -> None:
    mode = HostNetwork.AS_NODES if as_nodes else HostNetwork.AS_PODS
    reading = Reading(objects, as_nodes=as_nodes)
    found = network_policy.connections(objects, mode)

    for source, destination in pairs(objects, ADDRESSES):
        between = [item for item in found if matches(item.source, source) and matches(item.destination, destination)]
        for protocol in PROTOCOLS if is_listed(objects, source, destination) else ():
            allowed = {port for port in PORTS if reading.allowed(source, destination, protocol, port)}
            listed = {port for port in PORTS if any(is_in(item, protocol, port) for item in between)}
            assert len(between) <= 1
            assert listed == allowed


def is_listed(objects: list[Object], source: Object | str, destination: Object | str) -> bool:
    """Addresses of IPv6 are listed where a policy of the same direction names some."""
    if not any(isinstance(end, str) and ":" in end for end in (source, destination)):
        return True
    direction, key = ("ingress", "from") if isinstance(source, str) else ("egress", "to")
    rules = [rule for item in objects if item["kind"] == "NetworkPolicy" for rule in listed(item["spec"], direction)]
    return any(":" in peer.get("ipBlock", NOTHING).get("cidr", "") for rule in rules for peer in listed(rule, key))


@settings(max_examples=60, deadline=None)
@given(objects=clusters(), as_nodes=st.booleans(), data=st.data())
def test_every_explanation_is_what_the_second_reading_allows(
    objects: list[Object], as_nodes: bool, data: st.DataObject
) -> None:
    cluster = network_policy.read(objects, HostNetwork.AS_NODES if as_nodes else HostNetwork.AS_PODS)
    reading = Reading(objects, as_nodes=as_nodes)
    source, destination = data.draw(st.sampled_from(pairs(objects, ADDRESSES)))
    protocol, port = data.draw(st.sampled_from(PROTOCOLS)), data.draw(st.sampled_from(PORTS))
    start, end = (item if isinstance(item, str) else name_of(item) for item in (source, destination))

    found = network_policy.explain(cluster, start, end, port, protocol)

    assert found.allowed == reading.allowed(source, destination, protocol, port)
