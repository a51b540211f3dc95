"""What must hold between parts of a description."""

from collections.abc import Callable
from datetime import date

import pytest

from seatrial.config import Nat, Platform, parse_platform
from seatrial.errors import ConfigError, Fault

Accept = Callable[[str], Platform]
Refuse = Callable[[str], tuple[Fault, ...]]

_ROLE = "arn:aws:iam::123456789012:role/admin"

_ACCEPTED = [
    "network: {zones: [us-east-2c, us-east-2a, us-east-2b]}",
    "network: {zones: [us-east-2a, us-east-2b], zoneCount: 2}",
    "network: {nat: none}",
    "network: {nat: none, interfaceEndpoints: true}",
    "cluster: {version: '1.34'}",
    "cluster: {version: '1.33', supportType: EXTENDED}",
    "cluster: {serviceCidr: 10.1.0.0/16}",
    "addons: {ebsCsi: {enabled: false}, podIdentityAgent: {enabled: false}, metricsServer: {enabled: false}}",
    "addons: {coredns: {replicas: 4, maxReplicas: 4}}",
    "nodeGroups: {a: {minSize: 3, desiredSize: 3, maxSize: 3}}",
    "nodeGroups: {a: {instanceTypes: [m5.large, m5a.large, m6i.large]}}",
    "nodeGroups: {a: {instanceTypes: [t4g.medium], amiType: BOTTLEROCKET_ARM_64}}",
    "nodeGroups: {a: {instanceTypes: [g4dn.xlarge], amiType: AL2023_x86_64_NVIDIA}}",
    "nodeGroups: {a: {instanceTypes: [inf2.xlarge], amiType: AL2023_x86_64_NEURON}}",
    "nodeGroups: {a: {instanceTypes: [t3.small]}}",
    "nodeGroups: {a: {instanceTypes: [m4.large]}}",
    "{addons: {vpcCni: {prefixDelegation: true}}, nodeGroups: {a: {instanceTypes: [t3.nano]}}}",
    """
    nodeGroups:
      a: {taints: [{key: k, value: v, effect: PREFER_NO_SCHEDULE}]}
      b: {taints: [{key: k, value: v, effect: NO_SCHEDULE}, {key: k, value: v, effect: NO_EXECUTE}]}
    """,
    # 3 private /24 subnets of 219 addresses; 36 nodes of 18 addresses.
    "{network: {cidrBlock: 10.0.0.0/22}, nodeGroups: {a: {maxSize: 36}}}",
]

_REFUSED = [
    (
        "{region: cn-north-1, network: {zoneCount: 2, interfaceEndpoints: true}}",
        [("network.interfaceEndpoints", "true", "false in cn-north-1")],
    ),
    ("{region: cn-northwest-1, network: {nat: none}}", [("network.nat", "none", "another in cn-northwest-1")]),
    (
        "tags: {team: a, Team: b}",
        [
            ("tags.team", "a", "keys that differ in more than upper and lower case"),
            ("tags.Team", "b", "keys that differ in more than upper and lower case"),
        ],
    ),
    (
        "network: {zones: [us-east-1a, us-east-2b]}",
        [("network.zones[0]", "us-east-1a", "zones of the region us-east-2, such as us-east-2a")],
    ),
    (
        "network: {zones: [us-east-2a, us-east-2a]}",
        [("network.zones", "[us-east-2a, us-east-2a]", "each zone once")],
    ),
    (
        "network: {zones: [us-east-2a, us-east-2b], zoneCount: 3}",
        [("network.zones", "[us-east-2a, us-east-2b]", "as many zones as zoneCount says, 3")],
    ),
    ("network: {zones: [us-east-2a]}", [("network.zones", "[us-east-2a]", "as many zones as zoneCount says, 3")]),
    (
        "network: {nat: none, interfaceEndpoints: false}",
        [("network.interfaceEndpoints", "false", "true when nat is none")],
    ),
    (
        "cluster: {serviceCidr: 10.0.128.0/20}",
        [("cluster.serviceCidr", "10.0.128.0/20", "a range that doesn't overlap the VPC's, 10.0.0.0/16")],
    ),
    (
        "{network: {cidrBlock: 172.20.0.0/16}}",
        [("cluster.serviceCidr", "172.20.0.0/16", "a range that doesn't overlap the VPC's, 172.20.0.0/16")],
    ),
    (
        "{network: {cidrBlock: 10.0.0.0/22}, nodeGroups: {a: {maxSize: 37}}}",
        [("network.cidrBlock", "10.0.0.0/22", "a range whose private subnets hold 222 addresses each")],
    ),
    (
        # 6 nodes, each of 7 blocks of 16 addresses and 2 interfaces.
        """
        network: {cidrBlock: 10.0.0.0/22}
        addons: {vpcCni: {prefixDelegation: true}}
        nodeGroups: {a: {maxSize: 6}}
        """,
        [("network.cidrBlock", "10.0.0.0/22", "a range whose private subnets hold 228 addresses each")],
    ),
    (
        "cluster: {endpoint: {public: true}}",
        [("cluster.endpoint.publicAccessCidrs", "(missing)", "at least one range when the endpoint is public")],
    ),
    (
        "cluster: {endpoint: {publicAccessCidrs: [52.1.0.0/24]}}",
        [("cluster.endpoint.publicAccessCidrs", "[52.1.0.0/24]", "none when the endpoint isn't public")],
    ),
    (
        f"cluster: {{admins: {{a: '{_ROLE}', b: '{_ROLE}', c: '{_ROLE}'}}}}",
        [("cluster.admins.b", _ROLE, "each principal once"), ("cluster.admins.c", _ROLE, "each principal once")],
    ),
    ("addons: {vpcCni: {enabled: false}}", [("addons.vpcCni.enabled", "false", "true")]),
    ("addons: {kubeProxy: {enabled: false}}", [("addons.kubeProxy.enabled", "false", "true")]),
    ("addons: {coredns: {enabled: false}}", [("addons.coredns.enabled", "false", "true")]),
    (
        "addons: {coredns: {replicas: 5, maxReplicas: 4}}",
        [("addons.coredns.maxReplicas", "4", "at least replicas, 5")],
    ),
    (
        "addons: {snapshotController: {enabled: true}, ebsCsi: {enabled: false}}",
        [("addons.snapshotController.enabled", "true", "false when ebsCsi is off")],
    ),
    (
        "nodeGroups: {on-demand: {}, ondemand: {}, o-n-demand: {}}",
        [
            ("nodeGroups.ondemand", "ondemand", "names that differ in more than hyphens"),
            ("nodeGroups.o-n-demand", "o-n-demand", "names that differ in more than hyphens"),
        ],
    ),
    (
        f"nodeGroups: {{{'a' * 53}: {{}}}}",
        [(f"nodeGroups.{'a' * 53}", "a" * 53, "a name of at most 52 characters")],
    ),
    (
        f"{{environmentSuffix: {'s' * 20}, nodeGroups: {{{'a' * 36}: {{}}}}}}",
        [(f"nodeGroups.{'a' * 36}", "a" * 36, "a name of at most 35 characters")],
    ),
    ("nodeGroups: {a: {minSize: 5}}", [("nodeGroups.a.minSize", "5", "at most maxSize, 4")]),
    ("nodeGroups: {a: {desiredSize: 5}}", [("nodeGroups.a.desiredSize", "5", "minSize to maxSize, 1 to 4")]),
    (
        "nodeGroups: {a: {minSize: 3, desiredSize: 2}}",
        [("nodeGroups.a.desiredSize", "2", "minSize to maxSize, 3 to 4")],
    ),
    (
        """
        nodeGroups:
          a: {}
          b: {taints: [{key: k, value: v, effect: NO_EXECUTE}, {key: k, value: w, effect: NO_EXECUTE}]}
        """,
        [("nodeGroups.b.taints", "k 2 times with NO_EXECUTE", "each key once for each effect")],
    ),
    (
        "nodeGroups: {a: {taints: [{key: k, value: v, effect: NO_SCHEDULE}]}, b: {minSize: 0, desiredSize: 0}}",
        [("nodeGroups", "a, b", "at least one group without taints that starts with a node")],
    ),
    (
        "nodeGroups: {a: {instanceTypes: [t3.medium, t3.medium]}}",
        [("nodeGroups.a.instanceTypes", "[t3.medium, t3.medium]", "each type once")],
    ),
    (
        "nodeGroups: {a: {instanceTypes: [t3.medium, t3.large, m5.xlarge]}}",
        [
            (
                "nodeGroups.a.instanceTypes[1]",
                "t3.large (2 vCPU, 8 GiB)",
                "types of the size of the first, t3.medium (2 vCPU, 4 GiB)",
            ),
            (
                "nodeGroups.a.instanceTypes[2]",
                "m5.xlarge (4 vCPU, 16 GiB)",
                "types of the size of the first, t3.medium (2 vCPU, 4 GiB)",
            ),
        ],
    ),
    (
        "nodeGroups: {a: {instanceTypes: [t4g.medium]}}",
        [
            (
                "nodeGroups.a.instanceTypes[0]",
                "t4g.medium (arm64)",
                "types of x86_64, the architecture of amiType AL2023_x86_64_STANDARD",
            )
        ],
    ),
    (
        "nodeGroups: {a: {amiType: BOTTLEROCKET_ARM_64_FIPS}}",
        [
            (
                "nodeGroups.a.instanceTypes[0]",
                "t3.medium (x86_64)",
                "types of arm64, the architecture of amiType BOTTLEROCKET_ARM_64_FIPS",
            )
        ],
    ),
    (
        "nodeGroups: {a: {amiType: BOTTLEROCKET_x86_64_NVIDIA}}",
        [
            (
                "nodeGroups.a.instanceTypes[0]",
                "t3.medium",
                "types with nvidia devices, which amiType BOTTLEROCKET_x86_64_NVIDIA is for",
            )
        ],
    ),
    (
        "nodeGroups: {a: {instanceTypes: [t3.micro]}}",
        [("nodeGroups.a.instanceTypes[0]", "t3.micro (4 pods)", "types that hold at least 8 pods")],
    ),
    (
        "{addons: {vpcCni: {prefixDelegation: true}}, nodeGroups: {a: {instanceTypes: [m4.large]}}}",
        [
            (
                "nodeGroups.a.instanceTypes[0]",
                "m4.large",
                "types built on Nitro when vpcCni.prefixDelegation is on",
            )
        ],
    ),
]

_EXTENDED = (
    "standard support of 1.33 ended on 2026-07-29; extended support lasts until 2027-07-29 and costs 0.60 instead of "
    "0.10 USD an hour: set supportType to EXTENDED to pay it"
)

_VERSIONS = [
    (
        "1.33",
        "STANDARD",
        date(2026, 11, 22),
        'a version that EKS supports on 2026-11-22: "1.34", "1.35", "1.36"',
        _EXTENDED,
    ),
    (
        "1.30",
        "EXTENDED",
        date(2026, 11, 22),
        'a version that EKS supports on 2026-11-22: "1.31", "1.32", "1.33", "1.34", "1.35", "1.36"',
        "support of 1.30 ended on 2026-07-23",
    ),
    (
        "1.29",
        "STANDARD",
        date(2026, 11, 22),
        'a version that EKS supports on 2026-11-22: "1.34", "1.35", "1.36"',
        "its support ended long ago",
    ),
    (
        "1.37",
        "EXTENDED",
        date(2026, 12, 2),
        'a version that EKS supports on 2026-12-02: "1.32", "1.33", "1.34", "1.35", "1.36"',
        "the table of versions is of 2026-11-22: a newer release of seatrial may know it",
    ),
    (
        "1.36",
        "STANDARD",
        date(2026, 6, 1),
        'a version that EKS supports on 2026-06-01: "1.33", "1.34", "1.35"',
        "EKS offers 1.36 from 2026-06-02; today is taken to be 2026-06-01",
    ),
    (
        "1.36",
        "STANDARD",
        date(2030, 1, 1),
        "a version that EKS supports on 2030-01-01: none that this release knows",
        "support of 1.36 ended on 2028-08-02",
    ),
]


@pytest.mark.parametrize("text", _ACCEPTED)
def test_parts_that_fit_are_accepted(accept: Accept, text: str) -> None:
    assert isinstance(accept(text), Platform)


@pytest.mark.parametrize(("text", "expected"), _REFUSED, ids=[text.strip() for text, _ in _REFUSED])
def test_parts_that_do_not_fit_are_faults(refuse: Refuse, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(fault.path, fault.found, fault.allowed) for fault in refuse(text)] == expected


@pytest.mark.parametrize(("version", "support", "today", "allowed", "hint"), _VERSIONS)
def test_versions_are_judged_by_the_day(version: str, support: str, today: date, allowed: str, hint: str) -> None:
    document = {
        "environment": "dev",
        "environmentSuffix": "dev",
        "owner": "a",
        "costCenter": "b",
        "kubernetes": {"enabled": False},
        "cluster": {"version": version, "supportType": support},
    }

    with pytest.raises(ConfigError) as caught:
        parse_platform(document, today=today)

    assert caught.value.faults == (Fault("cluster.version", f"'{version}'", allowed, hint),)


def test_named_zones_are_counted(accept: Accept) -> None:
    assert accept("network: {zones: [us-east-2a, us-east-2b]}").network.zone_count == 2
    assert accept("network: {zones: [us-east-2a, us-east-2b, us-east-2c]}").network.zone_count == 3


def test_without_nat_endpoints_are_on(accept: Accept) -> None:
    network = accept("network: {nat: none}").network

    assert network.nat is Nat.NONE
    assert network.interface_endpoints


def test_every_fault_says_what_to_do_where_it_is_not_obvious(refuse: Refuse) -> None:
    (alone,) = refuse("network: {zones: [us-east-2a]}")
    (counted,) = refuse("network: {zones: [us-east-2a, us-east-2b], zoneCount: 3}")

    assert alone.hint == "EKS needs two zones"
    assert counted.hint == "leave zoneCount out and the zones are counted"
