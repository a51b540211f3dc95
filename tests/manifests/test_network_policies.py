"""Who reaches whom, decided by the project's evaluators and compared with what is meant."""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.manifests import Manifest, network_policies
from seatrial.manifests.network_policies import Surroundings, policies, surroundings
from seatrial.semantics import eks_enforcement, network_policy

Around: TypeAlias = Callable[..., Surroundings]

API_LABEL, BALANCED_LABEL = {"seatrial.io/api-access": "true"}, {"seatrial.io/load-balanced": "true"}


def _deployment(namespace: str, name: str, labels: Mapping[str, str] | None = None) -> Manifest:
    template = {
        "metadata": {"labels": {"app": name, **(labels or {})}},
        "spec": {"containers": [{"name": "c", "image": "i:1", "ports": [{"containerPort": 8080}]}]},
    }
    spec = {"selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": _named(namespace, name), "spec": spec}


def _named(namespace: str, name: str) -> dict[str, str]:
    return {"namespace": namespace, "name": name}


def _namespace(name: str) -> Manifest:
    labels = {"kubernetes.io/metadata.name": name}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _cluster(around: Surroundings) -> list[Manifest]:
    return [
        *map(_namespace, ("dev", "prod", "kube-system")),
        *(_deployment(each, name) for each in ("dev", "prod") for name in ("web", "db")),
        _deployment("dev", "operator", API_LABEL),
        _deployment("dev", "shop", BALANCED_LABEL),
        _deployment("kube-system", "coredns", {"k8s-app": "kube-dns"}),
        _deployment("kube-system", "metrics"),
        *policies("dev", around),
        *policies("prod", around),
    ]


def _reach(around: Surroundings, source: str, destination: str, port: int, protocol: str = "TCP") -> bool:
    return network_policy.explain(_read(around), source, destination, port, protocol).allowed


@cache
def _read(around: Surroundings) -> network_policy.Cluster:
    return network_policy.read(_cluster(around))


POD_IN_NETWORK, CONTROL_PLANE = "10.0.1.7", "10.0.64.9"
PUBLIC_SUBNET, INTERNET = "10.0.192.4", "52.95.110.1"
OWN_API, OTHER_SERVICE, DNS = "172.20.0.1", "172.20.44.5", "172.20.0.10"
METADATA, POD_IDENTITY, CACHE = "169.254.169.254", "169.254.170.23", "169.254.20.10"

OUTSIDE = [
    # Names, over both protocols, and nothing else of those that know them.
    ("dev/web", DNS, 53, "UDP", True),
    ("dev/web", DNS, 53, "TCP", True),
    ("dev/web", CACHE, 53, "UDP", True),
    ("dev/web", CACHE, 53, "TCP", True),
    ("dev/web", CACHE, 8080, "TCP", False),
    ("dev/web", DNS, 443, "TCP", False),
    ("dev/web", INTERNET, 53, "UDP", False),
    ("dev/web", "kube-system/coredns", 53, "UDP", True),
    ("dev/web", "kube-system/coredns", 53, "TCP", True),
    ("dev/web", "kube-system/coredns", 9153, "TCP", False),
    ("dev/web", "kube-system/metrics", 53, "UDP", False),
    # AWS and the internet over TLS, credentials for the pod, none of the node's.
    ("dev/web", INTERNET, 443, "TCP", True),
    ("dev/web", INTERNET, 443, "UDP", False),
    ("dev/web", INTERNET, 80, "TCP", False),
    ("dev/web", POD_IDENTITY, 80, "TCP", True),
    ("dev/web", POD_IDENTITY, 2703, "TCP", False),
    ("dev/web", METADATA, 80, "TCP", False),
    ("dev/web", METADATA, 443, "TCP", False),
    # The Kubernetes API for those that ask for it; other addresses of the network for nobody.
    ("dev/web", OWN_API, 443, "TCP", False),
    ("dev/web", CONTROL_PLANE, 443, "TCP", False),
    ("dev/operator", OWN_API, 443, "TCP", True),
    ("dev/operator", CONTROL_PLANE, 443, "TCP", True),
    ("dev/operator", CONTROL_PLANE, 10250, "TCP", False),
    ("dev/operator", OTHER_SERVICE, 443, "TCP", False),
    ("dev/operator", METADATA, 80, "TCP", False),
    ("dev/web", OTHER_SERVICE, 443, "TCP", False),
    ("dev/web", POD_IN_NETWORK, 5432, "TCP", False),
    # Load balancers, where a pod is meant for them.
    (PUBLIC_SUBNET, "dev/shop", 8080, "TCP", True),
    (PUBLIC_SUBNET, "dev/web", 8080, "TCP", False),
    (POD_IN_NETWORK, "dev/shop", 8080, "TCP", False),
    (INTERNET, "dev/shop", 8080, "TCP", False),
    (INTERNET, "dev/web", 8080, "TCP", False),
    # What serves the whole cluster doesn't reach in.
    ("kube-system/metrics", "dev/web", 8080, "TCP", False),
    # A team's own pods.
    ("dev/web", "dev/db", 5432, "TCP", True),
    ("dev/db", "dev/web", 8080, "UDP", True),
]


@pytest.mark.parametrize("flow", OUTSIDE, ids=lambda flow: "{} to {}, {} {}".format(*flow))
def test_what_passes_is_what_is_meant(around: Around, flow: tuple[str, str, int, str, bool]) -> None:
    source, destination, port, protocol, meant = flow

    assert _reach(around(), source, destination, port, protocol) is meant


@pytest.mark.parametrize("name", ["web", "db"])
def test_every_tenant_has_the_same(around: Around, name: str) -> None:
    for _, destination, port, protocol, meant in (each for each in OUTSIDE if each[0] == "dev/web"):
        if not destination.startswith("dev/"):
            assert _reach(around(), f"prod/{name}", destination, port, protocol) is meant


@pytest.mark.parametrize("endpoints", [True, False])
def test_nothing_passes_between_tenants(around: Around, endpoints: bool) -> None:
    found = network_policy.connections(_cluster(around(interface_endpoints=endpoints)))
    between = [
        each
        for each in found
        if {"dev", "prod"} == {getattr(end, "namespace", "") for end in (each.source, each.destination)}
    ]

    assert found
    assert between == []


def test_with_endpoints_in_the_network_https_reaches_it_but_no_service(around: Around) -> None:
    inside = around(interface_endpoints=True)

    assert _reach(inside, "dev/web", CONTROL_PLANE, 443)
    assert not _reach(inside, "dev/web", CONTROL_PLANE, 10250)
    assert not _reach(inside, "dev/web", OWN_API, 443)
    assert not _reach(inside, "dev/web", METADATA, 443)


def test_without_a_cache_on_the_node_its_address_is_closed(around: Around) -> None:
    plain = around(node_local_dns=False)

    assert not _reach(plain, "dev/web", CACHE, 53, "UDP")
    assert _reach(plain, "dev/web", DNS, 53, "UDP")


@pytest.mark.parametrize(("zones", "control_plane"), [(2, False), (3, True)])
def test_the_control_plane_is_in_the_subnets_of_all_zones(around: Around, zones: int, control_plane: bool) -> None:
    assert _reach(around(zone_count=zones), "dev/operator", "10.0.128.9", 443) is control_plane


@pytest.mark.parametrize(("endpoints", "cache"), list(product([True, False], [True, False])))
def test_amazons_plugin_enforces_every_policy_as_it_reads(around: Around, endpoints: bool, cache: bool) -> None:
    objects = _cluster(around(interface_endpoints=endpoints, node_local_dns=cache))

    assert eks_enforcement.findings(objects, [CACHE] if cache else []) == ()


def test_no_rule_gives_ports_without_a_peer(around: Around) -> None:
    rules = [
        rule
        for each in policies("dev", around())
        for direction in ("ingress", "egress")
        for rule in each["spec"].get(direction, ())
    ]

    assert rules
    assert all(rule.get("to") or rule.get("from") for rule in rules)


def test_the_policies_are_in_order_and_one_denies_by_default(around: Around) -> None:
    made = policies("dev", around())
    names = [each["metadata"]["name"] for each in made]

    assert names == sorted(names)
    assert next(each["spec"] for each in made if each["metadata"]["name"] == "default-deny") == {
        "podSelector": {},
        "policyTypes": ["Egress", "Ingress"],
    }


_NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
_NETWORKS = st.tuples(st.integers(0, 255), st.integers(16, 22)).map(lambda pair: f"10.{pair[0]}.0.0/{pair[1]}")


@given(network=_NETWORKS, zones=st.integers(1, 3), endpoints=st.booleans(), cache=st.booleans(), name=_NAMES)
def test_in_any_network_every_exception_is_within_its_block_and_metadata_is_one(
    network: str, zones: int, endpoints: bool, cache: bool, name: str
) -> None:
    around = surroundings(
        network=network,
        services="172.20.0.0/16",
        zone_count=zones,
        interface_endpoints=endpoints,
        node_local_dns=cache,
    )
    blocks: list[Any] = [
        peer["ipBlock"]
        for each in policies(name, around)
        for rule in each["spec"].get("egress", ())
        for peer in rule["to"]
        if "ipBlock" in peer
    ]

    wide = [each for each in blocks if each["cidr"] == "0.0.0.0/0"]
    assert len(wide) == 1
    assert "169.254.169.254/32" in wide[0]["except"]
    assert wide[0]["except"] == sorted(wide[0]["except"])
    assert (network in wide[0]["except"]) is not endpoints
    assert policies(name, around) == policies(name, around)


def test_the_labels_are_what_pods_are_told_to_bear() -> None:
    assert {network_policies.API_ACCESS: "true"} == API_LABEL
    assert {network_policies.LOAD_BALANCED: "true"} == BALANCED_LABEL
