"""Each value by itself: what is accepted, and what is said of what is not."""

from collections.abc import Callable

import pytest

from seatrial.config import Platform, parse_platform
from seatrial.errors import ConfigError, Fault

Accept = Callable[[str], Platform]
Refuse = Callable[[str], tuple[Fault, ...]]

_TEXT = "letters, digits, spaces and _ . : / = + - @"
_OWNER = f"text of 1 to 256 {_TEXT}"
_COLON = "leave out the space after the colon, or the colon: a chart that gets it takes it for a mapping"
_TAG_KEY = f"a tag key of your own: 1 to 128 {_TEXT}"
_TAG_VALUE = f"text of up to 256 {_TEXT}"
_SUFFIX = "1 to 20 lower-case letters, digits and single hyphens between them"
_VPC = "a private IPv4 range of /16 to /22, in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10"
_SERVICES = "a private IPv4 range of /12 to /24, in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
_CLIENTS = "a public IPv4 range of /16 to /32"
_RETENTION = (
    "one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653"
)
_VERSION = 'a Kubernetes minor version in quotes, such as "1.36"'
_ADDON = "a version of the add-on, such as v1.20.4-eksbuild.1"
_ARN = "the ARN of an IAM role or user"
_ADMIN = "a name of 1 to 32 lower-case letters, digits and single hyphens, a letter first"
_GROUP = "a name of lower-case letters, digits and single hyphens, a letter first"
_INSTANCE = "an EC2 instance type, such as t3.medium"
_LABEL_KEY = (
    "[domain/]name of 1 to 63 letters, digits, '-', '_' and '.', a letter or digit at both ends, the domain your own"
)
_LABEL_VALUE = "1 to 63 letters, digits, '-', '_' and '.', a letter or digit at both ends"
_REGION = "an AWS region, such as us-east-2"
_ZONE = "an availability zone, such as us-east-2a"
_AMI_TYPES = (
    "one of AL2023_x86_64_STANDARD, AL2023_x86_64_NVIDIA, AL2023_x86_64_NEURON, AL2023_ARM_64_STANDARD, "
    "AL2023_ARM_64_NVIDIA, BOTTLEROCKET_x86_64, BOTTLEROCKET_x86_64_FIPS, BOTTLEROCKET_x86_64_NVIDIA, "
    "BOTTLEROCKET_x86_64_NVIDIA_FIPS, BOTTLEROCKET_ARM_64, BOTTLEROCKET_ARM_64_FIPS, BOTTLEROCKET_ARM_64_NVIDIA, "
    "BOTTLEROCKET_ARM_64_NVIDIA_FIPS"
)
_ROLE = "arn:aws:iam::123456789012:role/admin"
_NETWORK_KEYS = "cidrBlock, zoneCount, zones, nat, flowLogs, interfaceEndpoints"

_ACCEPTED = [
    "environmentSuffix: a",
    "environmentSuffix: team-1-dev",
    "environmentSuffix: abcdefghijklmnopqrst",
    "region: us-gov-west-1",
    "region: ap-southeast-7",
    "region: eusc-de-east-1",
    "owner: Ünïcode team @ 4th floor",
    "tags: {}",
    "tags: {Team: blue, 'app:tier': 'web/api:x=y', empty: ''}",
    "network: {cidrBlock: 172.31.0.0/16}",
    "network: {cidrBlock: 192.168.0.0/16}",
    "network: {cidrBlock: 100.64.0.0/16}",
    "network: {cidrBlock: 10.0.4.0/22}",
    "network: {zones: [us-east-2a, us-east-2b]}",
    "network: {nat: regional, flowLogs: {enabled: false}}",
    "cluster: {serviceCidr: 10.100.0.0/16}",
    "cluster: {serviceCidr: 192.168.10.0/24}",
    "cluster: {logRetentionDays: 3653}",
    "cluster: {endpoint: {public: true, publicAccessCidrs: [203.0.113.0/24, 198.51.100.7/32, 52.1.0.0/16]}}",
    f"cluster: {{admins: {{platform: {_ROLE}, ci-2: 'arn:aws:iam::123456789012:user/teams/ci@x'}}}}",
    "encryption: {rotationDays: 90, deletionWindowDays: 7}",
    "encryption: {rotationDays: 2560, deletionWindowDays: 30}",
    "addons: {vpcCni: {version: v1.20.4-eksbuild.12}}",
    "addons: {coredns: {replicas: 3, maxReplicas: 10}, snapshotController: {enabled: true}}",
    "addons: {coredns: {version: null}}",
    "nodeGroups: {a1: {labels: {tier: web, example.com/team: Blue_1.x, my-kubernetes.io/x: y}}}",
    "nodeGroups: {a: {}, b: {taints: [{key: gpu, value: 'true', effect: NO_EXECUTE}], minSize: 0, desiredSize: 0}}",
    "nodeGroups: {a: {diskSizeGib: 20, maxUnavailablePercentage: 100, maxSize: 2}}",
    "nodeGroups: {a: {diskSizeGib: 16384, maxUnavailablePercentage: 1, nodeRepair: false}}",
]

_REFUSED = [
    # What every description needs, and how keys are spelled.
    ("owner: ''", "owner", "''", _OWNER, ""),
    ("owner: 7", "owner", "7", _OWNER, 'YAML reads it as a number: write it in quotes, "7"'),
    ("owner: true", "owner", "true", _OWNER, "YAML reads it as true or false: put what you wrote into quotes"),
    ("owner: 2026-11-22", "owner", "2026-11-22", _OWNER, 'YAML reads it as a date: write it in quotes, "2026-11-22"'),
    ("owner: [a]", "owner", "[a]", _OWNER, ""),
    ("owner: a<b", "owner", "a<b", _OWNER, ""),
    ("network: {zoneCont: 2}", "network.zoneCont", "2", f"keys {_NETWORK_KEYS}", "did you mean zoneCount?"),
    ("network: {zone_count: 2}", "network.zone_count", "2", f"keys {_NETWORK_KEYS}", "did you mean zoneCount?"),
    ("network: {xyz: 2}", "network.xyz", "2", f"keys {_NETWORK_KEYS}", ""),
    ("network: 3", "network", "3", f"a mapping with keys of {_NETWORK_KEYS}", ""),
    (
        "network:",
        "network",
        "null",
        f"a mapping with keys of {_NETWORK_KEYS}",
        "leave the key out to take its default",
    ),
    ("network: {flowLogs: []}", "network.flowLogs", "[]", "a mapping with keys of enabled, retentionDays", ""),
    # Names and tags.
    ("environmentSuffix: Dev", "environmentSuffix", "Dev", _SUFFIX, ""),
    ("environmentSuffix: a--b", "environmentSuffix", "a--b", _SUFFIX, ""),
    ("environmentSuffix: -a", "environmentSuffix", "-a", _SUFFIX, ""),
    ("environmentSuffix: a-", "environmentSuffix", "a-", _SUFFIX, ""),
    (
        "environmentSuffix: abcdefghijklmnopqrstu",
        "environmentSuffix",
        "abcdefghijklmnopqrstu",
        _SUFFIX,
        "it has 21 characters; an IAM role's name may have 64, the suffix included",
    ),
    ("region: us-east", "region", "us-east", _REGION, ""),
    ("region: us-east-2a", "region", "us-east-2a", _REGION, ""),
    ("tags: []", "tags", "[]", "a mapping of at most 40 entries", ""),
    ("tags: {a: 1}", "tags.a", "1", _TAG_VALUE, 'YAML reads it as a number: write it in quotes, "1"'),
    ("tags: {a: 'x<y'}", "tags.a", "x<y", _TAG_VALUE, ""),
    ("tags: {a: 'b: c'}", "tags.a", "'b: c'", _TAG_VALUE, _COLON),
    ("owner: 'team:'", "owner", "'team:'", _OWNER, _COLON),
    ("tags: {'a:': c}", 'tags["a:"]', "'a:'", _TAG_KEY, _COLON),
    (
        "tags: {a=b: c}",
        'tags["a=b"]',
        "a=b",
        _TAG_KEY,
        "leave out the =: the load balancer controller would take it for the end of the key",
    ),
    ("tags: {'': x}", 'tags[""]', "''", _TAG_KEY, ""),
    ("tags: {'a*': x}", 'tags["a*"]', "a*", _TAG_KEY, ""),
    ("tags: {'AWS:x': x}", 'tags["AWS:x"]', "AWS:x", _TAG_KEY, "AWS is reserved"),
    (
        "tags: {kubernetes.io/cluster/x: owned}",
        'tags["kubernetes.io/cluster/x"]',
        "kubernetes.io/cluster/x",
        _TAG_KEY,
        "kubernetes.io is reserved",
    ),
    (
        "tags: {costcenter: x}",
        "tags.costcenter",
        "costcenter",
        _TAG_KEY,
        "the platform sets this tag itself, and AWS IAM doesn't tell upper from lower case in keys",
    ),
    (
        "tags: {Name: x}",
        "tags.Name",
        "Name",
        _TAG_KEY,
        "the platform sets this tag itself, and AWS IAM doesn't tell upper from lower case in keys",
    ),
    # Network.
    ("network: {cidrBlock: 10.0.0.0/15}", "network.cidrBlock", "10.0.0.0/15", _VPC, "it is too large"),
    ("network: {cidrBlock: 10.0.0.0/23}", "network.cidrBlock", "10.0.0.0/23", _VPC, "it is too small"),
    ("network: {cidrBlock: 8.8.0.0/16}", "network.cidrBlock", "8.8.0.0/16", _VPC, "it isn't private"),
    ("network: {cidrBlock: 10.0.1.0/16}", "network.cidrBlock", "10.0.1.0/16", _VPC, "did you mean 10.0.0.0/16?"),
    ("network: {cidrBlock: 10.0.0/16}", "network.cidrBlock", "10.0.0/16", _VPC, "that isn't an IPv4 range"),
    ("network: {cidrBlock: 10.0.0.0/40}", "network.cidrBlock", "10.0.0.0/40", _VPC, "that isn't an IPv4 range"),
    ("network: {cidrBlock: 'fd00::/16'}", "network.cidrBlock", "fd00::/16", _VPC, "that isn't an IPv4 range"),
    ("network: {zoneCount: 1}", "network.zoneCount", "1", "a whole number from 2 to 3", ""),
    ("network: {zoneCount: 4}", "network.zoneCount", "4", "a whole number from 2 to 3", ""),
    ("network: {zoneCount: 2.5}", "network.zoneCount", "2.5", "a whole number from 2 to 3", ""),
    ("network: {zoneCount: true}", "network.zoneCount", "true", "a whole number from 2 to 3", ""),
    ("network: {zoneCount: '2'}", "network.zoneCount", "'2'", "a whole number from 2 to 3", "write it without quotes"),
    ("network: {zones: [a, us-east-2b]}", "network.zones[0]", "a", _ZONE, ""),
    ("network: {zones: us-east-2a}", "network.zones", "us-east-2a", "a list of 0 to 3 entries", ""),
    (
        "network: {nat: perzone}",
        "network.nat",
        "perzone",
        "one of none, single, per-zone, regional",
        "did you mean per-zone?",
    ),
    (
        "network: {nat: 1}",
        "network.nat",
        "1",
        "one of none, single, per-zone, regional",
        'YAML reads it as a number: write it in quotes, "1"',
    ),
    ("network: {flowLogs: {retentionDays: 31}}", "network.flowLogs.retentionDays", "31", _RETENTION, ""),
    ("network: {flowLogs: {retentionDays: 0}}", "network.flowLogs.retentionDays", "0", _RETENTION, ""),
    ("network: {flowLogs: {retentionDays: true}}", "network.flowLogs.retentionDays", "true", _RETENTION, ""),
    (
        "network: {flowLogs: {retentionDays: '30'}}",
        "network.flowLogs.retentionDays",
        "'30'",
        _RETENTION,
        "write it without quotes",
    ),
    (
        "network: {interfaceEndpoints: 'yes'}",
        "network.interfaceEndpoints",
        "'yes'",
        "true or false",
        "write it without quotes",
    ),
    ("network: {interfaceEndpoints: 1}", "network.interfaceEndpoints", "1", "true or false", ""),
    # Cluster.
    (
        "cluster: {version: 1.36}",
        "cluster.version",
        "1.36",
        _VERSION,
        "YAML reads it as the number 1.36, without trailing zeros: put what you wrote into quotes",
    ),
    (
        "cluster: {version: 1.30}",
        "cluster.version",
        "1.3",
        _VERSION,
        "YAML reads it as the number 1.3, without trailing zeros: put what you wrote into quotes",
    ),
    ("cluster: {version: v1.36}", "cluster.version", "v1.36", _VERSION, ""),
    ("cluster: {version: 1.36.1}", "cluster.version", "1.36.1", _VERSION, ""),
    ("cluster: {serviceCidr: 10.0.0.0/11}", "cluster.serviceCidr", "10.0.0.0/11", _SERVICES, "it is too large"),
    ("cluster: {serviceCidr: 172.20.0.0/25}", "cluster.serviceCidr", "172.20.0.0/25", _SERVICES, "it is too small"),
    ("cluster: {serviceCidr: 100.64.0.0/16}", "cluster.serviceCidr", "100.64.0.0/16", _SERVICES, "it isn't private"),
    ("cluster: {logRetentionDays: 91}", "cluster.logRetentionDays", "91", _RETENTION, ""),
    (
        "cluster: {supportType: extended}",
        "cluster.supportType",
        "extended",
        "one of STANDARD, EXTENDED",
        "did you mean EXTENDED?",
    ),
    *(
        (
            f"cluster: {{endpoint: {{public: true, publicAccessCidrs: [{block}]}}}}",
            "cluster.endpoint.publicAccessCidrs[0]",
            block,
            _CLIENTS,
            hint,
        )
        for block, hint in [
            ("0.0.0.0/0", "it is too large"),
            ("52.0.0.0/15", "it is too large"),
            ("10.1.0.0/16", "it isn't reached over the internet"),
            ("100.64.0.0/24", "it isn't reached over the internet"),
            ("169.254.169.254/32", "it isn't reached over the internet"),
            ("198.51.100.7", "did you mean 198.51.100.7/32?"),
        ]
    ),
    ("cluster: {admins: [a]}", "cluster.admins", "[a]", "a mapping of at least 0 entries", ""),
    (f"cluster: {{admins: {{A_b: '{_ROLE}'}}}}", "cluster.admins.A_b", "A_b", _ADMIN, ""),
    *(
        (f"cluster: {{admins: {{a: '{arn}'}}}}", "cluster.admins.a", found, _ARN, hint)
        for arn, found, hint in [
            ("admin", "admin", ""),
            ("arn:aws:iam::12:role/a", "arn:aws:iam::12:role/a", ""),
            ("arn:aws:iam::123456789012:group/a", "arn:aws:iam::123456789012:group/a", ""),
            (
                "arn:aws:iam::123456789012:root",
                "arn:aws:iam::123456789012:root",
                "the account itself can't be one: name a role",
            ),
            (
                "arn:aws:iam::123456789012:role/*",
                "arn:aws:iam::123456789012:role/*",
                "EKS knows no wildcards here: name each role",
            ),
            (
                "arn:aws:sts::123456789012:assumed-role/a/b",
                "arn:aws:sts::123456789012:assumed-role/a/b",
                "that is a session, which ends: give the role, arn:aws:iam::<account>:role/<name>",
            ),
        ]
    ),
    ("encryption: {rotationDays: 89}", "encryption.rotationDays", "89", "a whole number from 90 to 2560", ""),
    ("encryption: {rotationDays: 2561}", "encryption.rotationDays", "2561", "a whole number from 90 to 2560", ""),
    ("encryption: {deletionWindowDays: 6}", "encryption.deletionWindowDays", "6", "a whole number from 7 to 30", ""),
    ("encryption: {deletionWindowDays: 31}", "encryption.deletionWindowDays", "31", "a whole number from 7 to 30", ""),
    # Add-ons.
    ("addons: {vpcCni: {version: '1.20'}}", "addons.vpcCni.version", "'1.20'", _ADDON, ""),
    ("addons: {coredns: {replicas: 1}}", "addons.coredns.replicas", "1", "a whole number from 2 to 1000", ""),
    ("addons: {coredns: {maxReplicas: 1}}", "addons.coredns.maxReplicas", "1", "a whole number from 2 to 1000", ""),
    # Node groups.
    ("nodeGroups: {}", "nodeGroups", "{}", "a mapping of at least 1 entries", ""),
    ("nodeGroups: {1a: {}}", "nodeGroups.1a", "1a", _GROUP, ""),
    ("nodeGroups: {a_b: {}}", "nodeGroups.a_b", "a_b", _GROUP, ""),
    (
        "nodeGroups: {a: {capacityType: spott}}",
        "nodeGroups.a.capacityType",
        "spott",
        "one of ON_DEMAND, SPOT",
        "did you mean SPOT?",
    ),
    (
        "nodeGroups: {a: {amiType: AL2_x86_64}}",
        "nodeGroups.a.amiType",
        "AL2_x86_64",
        _AMI_TYPES,
        "",
    ),
    ("nodeGroups: {a: {instanceTypes: []}}", "nodeGroups.a.instanceTypes", "[]", "a list of 1 to 20 entries", ""),
    (
        "nodeGroups: {a: {instanceTypes: [t3.meduim]}}",
        "nodeGroups.a.instanceTypes[0]",
        "t3.meduim",
        _INSTANCE,
        "did you mean t3.medium?",
    ),
    ("nodeGroups: {a: {instanceTypes: [huge]}}", "nodeGroups.a.instanceTypes[0]", "huge", _INSTANCE, ""),
    ("nodeGroups: {a: {minSize: -1}}", "nodeGroups.a.minSize", "-1", "a whole number of at least 0", ""),
    ("nodeGroups: {a: {maxSize: 0}}", "nodeGroups.a.maxSize", "0", "a whole number of at least 1", ""),
    ("nodeGroups: {a: {diskSizeGib: 19}}", "nodeGroups.a.diskSizeGib", "19", "a whole number from 20 to 16384", ""),
    (
        "nodeGroups: {a: {maxUnavailablePercentage: 101}}",
        "nodeGroups.a.maxUnavailablePercentage",
        "101",
        "a whole number from 1 to 100",
        "",
    ),
    (
        "nodeGroups: {a: {labels: {kubernetes.io/role: x}}}",
        'nodeGroups.a.labels["kubernetes.io/role"]',
        "kubernetes.io/role",
        _LABEL_KEY,
        "kubernetes.io belongs to Kubernetes and EKS",
    ),
    (
        "nodeGroups: {a: {labels: {node-role.kubernetes.io/x: y}}}",
        'nodeGroups.a.labels["node-role.kubernetes.io/x"]',
        "node-role.kubernetes.io/x",
        _LABEL_KEY,
        "node-role.kubernetes.io belongs to Kubernetes and EKS",
    ),
    (
        "nodeGroups: {a: {labels: {eks.amazonaws.com/x: y}}}",
        'nodeGroups.a.labels["eks.amazonaws.com/x"]',
        "eks.amazonaws.com/x",
        _LABEL_KEY,
        "eks.amazonaws.com belongs to Kubernetes and EKS",
    ),
    ("nodeGroups: {a: {labels: {-a: x}}}", "nodeGroups.a.labels.-a", "-a", _LABEL_KEY, ""),
    ("nodeGroups: {a: {labels: {a/b/c: x}}}", 'nodeGroups.a.labels["a/b/c"]', "a/b/c", _LABEL_KEY, ""),
    ("nodeGroups: {a: {labels: {a: x y}}}", "nodeGroups.a.labels.a", "x y", _LABEL_VALUE, ""),
    (
        "nodeGroups: {a: {taints: [{key: a, value: '', effect: NO_SCHEDULE}]}}",
        "nodeGroups.a.taints[0].value",
        "''",
        _LABEL_VALUE,
        "a value can't be empty; true will do",
    ),
    (
        "nodeGroups: {a: {taints: [{key: a, effect: NO_SCHEDULE}]}}",
        "nodeGroups.a.taints[0].value",
        "(missing)",
        _LABEL_VALUE,
        "",
    ),
    (
        "nodeGroups: {a: {taints: [{key: a, value: b, effect: NoSchedule}]}}",
        "nodeGroups.a.taints[0].effect",
        "NoSchedule",
        "one of NO_SCHEDULE, PREFER_NO_SCHEDULE, NO_EXECUTE",
        "did you mean NO_SCHEDULE?",
    ),
]


@pytest.mark.parametrize("text", _ACCEPTED)
def test_what_aws_takes_is_accepted(accept: Accept, text: str) -> None:
    assert isinstance(accept(text), Platform)


@pytest.mark.parametrize(
    ("text", "fault"),
    [pytest.param(text, Fault(*columns), id=text) for text, *columns in _REFUSED],
)
def test_what_aws_refuses_is_a_fault(refuse: Refuse, text: str, fault: Fault) -> None:
    assert refuse(text) == (fault,)


@pytest.mark.parametrize("key", ["environment", "environmentSuffix", "owner", "costCenter"])
def test_what_has_no_default_must_be_given(key: str) -> None:
    given = {
        "environment": "dev",
        "environmentSuffix": "dev",
        "owner": "a",
        "costCenter": "b",
        "kubernetes": {"enabled": False},
    }
    del given[key]

    with pytest.raises(ConfigError) as caught:
        parse_platform(given)

    (fault,) = caught.value.faults
    assert (fault.path, fault.found) == (key, "(missing)")
    assert fault.allowed == (_SUFFIX if key == "environmentSuffix" else _OWNER)


def test_lengths_end_where_aws_ends_them(refuse: Refuse) -> None:
    key, value, name, label = "k" * 128, "v" * 256, "a" * 32, "l" * 63

    assert not refuse(f"tags: {{{key}: {value}}}")
    assert [fault.allowed for fault in refuse(f"tags: {{{key}k: {value}v}}")] == [_TAG_KEY, _TAG_VALUE]
    assert not refuse(f"cluster: {{admins: {{{name}: {_ROLE}}}}}")
    assert refuse(f"cluster: {{admins: {{{name}a: {_ROLE}}}}}")
    assert not refuse(f"nodeGroups: {{a: {{labels: {{{label}: {label}}}}}}}")
    assert len(refuse(f"nodeGroups: {{a: {{labels: {{{label}l: {label}l}}}}}}")) == 2


def test_numbers_end_where_aws_ends_them(refuse: Refuse) -> None:
    tags = ", ".join(f"t{number}: x" for number in range(41))
    blocks = ", ".join(f"52.0.{number}.0/24" for number in range(41))

    assert [fault.allowed for fault in refuse(f"tags: {{{tags}}}")] == ["a mapping of at most 40 entries"]
    assert [
        fault.allowed for fault in refuse(f"cluster: {{endpoint: {{public: true, publicAccessCidrs: [{blocks}]}}}}")
    ] == ["a list of 0 to 40 entries"]


def test_long_values_are_cut_in_messages(refuse: Refuse) -> None:
    (fault,) = refuse(f"region: {'x' * 500}")

    assert fault.found == "x" * 120 + "…"
