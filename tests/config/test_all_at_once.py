"""Every fault is reported, and none that only follows from another."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.config import Platform, parse_platform
from seatrial.errors import ConfigError, Fault

Refuse = Callable[[str], tuple[Fault, ...]]

_FIVE = """
environmentSuffix: Dev
network:
  cidrBlock: 10.0.0.0/8
  zoneCont: 2
cluster:
  version: 1.36
nodeGroups:
  spot:
    instanceTypes: [t3.medium, t3.large]
"""

# A wrong value, and a part that doesn't depend on it.
_INDEPENDENT = [
    ("{owner: 3, network: {nat: none, interfaceEndpoints: false}}", ["owner", "network.interfaceEndpoints"]),
    (
        "{network: {zoneCount: two, cidrBlock: 172.20.0.0/16}}",
        ["network.zoneCount", "cluster.serviceCidr"],
    ),
    (
        "nodeGroups: {a: {minSize: x, taints: 3, instanceTypes: [t3.medium, t3.large]}, b: {minSize: 9}}",
        ["nodeGroups.a.minSize", "nodeGroups.a.taints", "nodeGroups.b.minSize", "nodeGroups.a.instanceTypes[1]"],
    ),
    (
        "nodeGroups: {a-b: {minSize: x}, ab: {}}",
        ["nodeGroups.a-b.minSize", "nodeGroups.ab"],
    ),
    ("nodeGroups: {A: {}, b: 3, c: {minSize: 9}}", ["nodeGroups.A", "nodeGroups.b", "nodeGroups.c.minSize"]),
    (
        "{environmentSuffix: X, addons: {coredns: {replicas: 3, maxReplicas: 2}}}",
        ["environmentSuffix", "addons.coredns.maxReplicas"],
    ),
]

# A wrong value, and parts that would only be judged by the default in its place.
_DEPENDENT = [
    ("{region: nowhere, network: {zones: [eu-west-1a, eu-west-1b]}}", ["region"]),
    ("{network: {cidrBlock: 10.0.0.0}, cluster: {serviceCidr: 10.0.0.0/16}}", ["network.cidrBlock"]),
    ("network: {zones: [us-east-2a, x], zoneCount: 3}", ["network.zones[1]"]),
    ("nodeGroups: {a: {maxSize: x, minSize: 9}}", ["nodeGroups.a.maxSize"]),
    ("nodeGroups: {a: {amiType: x, instanceTypes: [t4g.medium]}}", ["nodeGroups.a.amiType"]),
    ("nodeGroups: {a: {instanceTypes: [x, t3.large, t3.medium]}}", ["nodeGroups.a.instanceTypes[0]"]),
    ("nodeGroups: {a: {taints: [{key: k, value: v, effect: x}]}}", ["nodeGroups.a.taints[0].effect"]),
    ("nodeGroups: {A: {}}", ["nodeGroups.A"]),
    ("{nodeGroups: 3, network: {cidrBlock: 10.0.0.0/22}}", ["nodeGroups"]),
    ("cluster: {version: 1.36, supportType: STANDARD}", ["cluster.version"]),
    ("cluster: {endpoint: {public: yes please}}", ["cluster.endpoint.public"]),
    ("network: 3", ["network"]),
]


def test_five_mistakes_are_five_faults(refuse: Refuse) -> None:
    assert [(fault.path, fault.hint) for fault in refuse(_FIVE)] == [
        ("environmentSuffix", ""),
        ("network.cidrBlock", "it is too large"),
        ("network.zoneCont", "did you mean zoneCount?"),
        ("cluster.version", "YAML reads it as the number 1.36, without trailing zeros: put what you wrote into quotes"),
        (
            "nodeGroups.spot.instanceTypes[1]",
            "the autoscaler takes the first type for all: put other sizes into a group of their own",
        ),
    ]


@pytest.mark.parametrize(("text", "paths"), _INDEPENDENT)
def test_a_wrong_value_hides_nothing_elsewhere(refuse: Refuse, text: str, paths: list[str]) -> None:
    assert [fault.path for fault in refuse(text)] == paths


@pytest.mark.parametrize(("text", "paths"), _DEPENDENT)
def test_what_depends_on_a_wrong_value_is_not_judged(refuse: Refuse, text: str, paths: list[str]) -> None:
    assert [fault.path for fault in refuse(text)] == paths


def test_a_missing_suffix_hides_nothing() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_platform({"environment": "dev", "owner": "a", "network": {"nat": "none", "interfaceEndpoints": False}})

    assert [fault.path for fault in caught.value.faults] == [
        "environmentSuffix",
        "costCenter",
        "network.interfaceEndpoints",
        "cluster.admins",
        "kubernetes.imageRegistry",
    ]


@pytest.mark.parametrize("document", [None, 3, "text", [1]])
def test_a_document_that_is_no_mapping_is_a_fault(document: object) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_platform(cast("dict[str, object]", document), "Pulumi.dev.yaml")

    (fault,) = caught.value.faults
    assert fault.path == "seatrial:platform"
    assert fault.allowed.startswith("a mapping with keys of environment, environmentSuffix")
    assert caught.value.source == "Pulumi.dev.yaml"


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({1: 2}, "1"),
        ({"network": {True: 2}}, "network.True"),
        ({"tags": {None: 3}}, "tags.None"),
        ({"[key]": 1}, '["[key]"]'),
        ({"network": {"[key]": 1}}, 'network["[key]"]'),
        ({"tags": {"[key]": "x"}}, 'tags["[key]"]'),
        ({"nodeGroups": {"[key]": {"minSize": "x"}}}, 'nodeGroups["[key]"].minSize'),
    ],
)
def test_odd_keys_are_told_apart(document: dict[str, object], path: str) -> None:
    assert path in {fault.path for fault in _faults(document)}


def test_the_document_is_left_as_it_is() -> None:
    below = MappingProxyType({"cidrBlock": "x", "zoneCount": 9})
    document = MappingProxyType({"environment": "dev", "network": below})

    with pytest.raises(ConfigError) as caught:
        parse_platform(document)

    assert document == {"environment": "dev", "network": below}
    assert len(caught.value.faults) == 6


def test_every_fault_is_a_line_of_the_message(refuse: Refuse) -> None:
    error = ConfigError(refuse(_FIVE))

    assert len(str(error).splitlines()) == 5
    assert "cluster.version: found 1.36; allowed: a Kubernetes minor version in quotes" in str(error)


_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_KEYS = sorted(field.alias or name for name, field in Platform.model_fields.items())


@settings(deadline=None)  # the first fault generates the schema that its words come from
@given(document=st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=6))
def test_any_document_is_a_platform_or_faults(document: dict[str, Any]) -> None:
    assert all(fault.path and fault.found and fault.allowed for fault in _faults(document))


def _faults(document: dict[str, Any]) -> tuple[Fault, ...]:
    try:
        parse_platform(document)
    except ConfigError as error:
        return error.faults
    return ()


_SECTIONS = st.fixed_dictionaries(
    {},
    optional={
        "network": st.dictionaries(st.sampled_from(["cidrBlock", "zones", "zoneCount", "nat", "flowLogs"]), _VALUES),
        "nodeGroups": st.dictionaries(
            st.sampled_from(["a", "b-c", "bc", "X"]),
            st.dictionaries(st.sampled_from(["minSize", "maxSize", "taints", "labels", "instanceTypes"]), _VALUES)
            | _VALUES,
        ),
        "addons": st.dictionaries(st.sampled_from(["coredns", "vpcCni"]), _VALUES),
        "tags": _VALUES,
    },
)


@settings(deadline=None)
@given(document=_SECTIONS)
def test_any_section_is_accepted_or_faulty(document: dict[str, Any]) -> None:
    needed = {"environment", "environmentSuffix", "owner", "costCenter"}

    assert needed <= {fault.path for fault in _faults(document)}
