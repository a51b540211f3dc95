"""Whatever a description says: it is refused with words, or all that is promised of a plan holds."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from seatrial import acceptance, names, plan, regions, report, rules
from seatrial.acceptance import Status
from seatrial.config import CapacityType, Nat, Platform, SupportType, parse_platform, wording
from seatrial.errors import ConfigError, Fault
from seatrial.export import manifests, terraform
from seatrial.iam import deployer
from seatrial.iam.account import Account
from seatrial.iam.document import text
from seatrial.plan import Plan, Secret
from seatrial.plan.render import document
from seatrial.rules import Finding, Outcome

TODAY = date(2026, 11, 22)
ACCOUNT = "123456789012"

# --- Descriptions ---------------------------------------------------------------------------------------------------

REGIONS = {"us-east-1": 3, "us-east-2": 3, "us-west-1": 2, "ap-northeast-1": 3, "us-gov-west-1": 3, "cn-north-1": 2}
"""Region to how many zones it has for a cluster, up to three."""

NAMES: tuple[str, ...] = (
    "a",
    "b",
    "a-b",
    "a-policy",
    "tenant-a",
    "dev",
    "prod",
    "cluster",
    "node",
    "spot",
    "on-demand",
    "x" * 20,
)
"""What administrators, groups and tenants may all be called: names that begin, end or look alike."""

MACHINES = (
    (("t3.medium", "t3a.medium"), "AL2023_x86_64_STANDARD"),
    (("m6i.large", "m6a.large", "m5.large"), "BOTTLEROCKET_x86_64"),
    (("t4g.medium",), "BOTTLEROCKET_ARM_64_FIPS"),
    (("m6g.large",), "AL2023_ARM_64_STANDARD"),
    (("g4dn.xlarge",), "AL2023_x86_64_NVIDIA"),
    (("c5.metal",), "AL2023_x86_64_STANDARD"),
)

on_or_off, off = st.booleans(), st.sampled_from([False])
retention = st.sampled_from([1, 90, 365, 3653])
replicas = st.integers(2, 10)
label_key = st.sampled_from(["a", "x.y/z", "node-type", "s/" + "k" * 61])
label_value = st.sampled_from(["v", "true", "V" * 63])


def optional(required: Mapping[str, Any], rest: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Some sections are there, others take their defaults."""
    return st.fixed_dictionaries({key: st.just(value) for key, value in required.items()}, optional=dict(rest))


def switched(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return optional({}, {"enabled": on_or_off, **more})


def arn(region: str, name: str) -> str:
    return f"arn:{regions.partition(region)}:iam::{ACCOUNT}:role/{name}"


taint = st.fixed_dictionaries(
    {
        "key": label_key,
        "value": label_value,
        "effect": st.sampled_from(["NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"]),
    }
)


@st.composite
def groups(draw: st.DrawFn) -> dict[str, Any]:
    types, ami = draw(st.sampled_from(MACHINES))
    low, desired, high = sorted(draw(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(1, 6))))
    return {
        "instanceTypes": list(types),
        "amiType": ami,
        "minSize": low,
        "desiredSize": desired,
        "maxSize": high,
        **draw(
            optional(
                {},
                {
                    "capacityType": st.sampled_from(["SPOT", "ON_DEMAND"]),
                    "diskSizeGib": st.sampled_from([20, 16384]),
                    "labels": st.dictionaries(label_key, label_value, max_size=3),
                    "taints": st.lists(taint, max_size=1),
                    "maxUnavailablePercentage": st.integers(1, 100),
                    "nodeRepair": on_or_off,
                },
            )
        ),
    }


def tenants(region: str) -> st.SearchStrategy[dict[str, Any]]:
    namespaces = st.sampled_from([*NAMES, "x" * 63, "123"])
    tenant = optional(
        {},
        {
            "podSecurity": st.sampled_from(["baseline", "restricted"]),
            "access": st.sampled_from(["read-write", "read-only"]),
            "group": st.sampled_from(["g", "X:y@z/1", "team-a"]),
            "principal": st.just(""),
            "quota": optional({}, {"pods": st.sampled_from([1, 10_000]), "volumeClaims": st.just(0)}),
        },
    )

    def named(drawn: dict[str, Any]) -> dict[str, Any]:
        return {
            name: {**each, "principal": arn(region, f"teams/{name}")} if "principal" in each else each
            for name, each in drawn.items()
        }

    return st.dictionaries(namespaces, tenant, max_size=4).map(named)


def networks(region: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.integers(2, REGIONS[region]).flatmap(
        lambda count: optional(
            {"zoneCount": count},
            {
                "nat": st.sampled_from(["none", "single", "per-zone", "regional"]),
                "cidrBlock": st.sampled_from(["10.0.0.0/16", "100.64.0.0/16", "172.31.0.0/18", "192.168.4.0/22"]),
                "zones": st.permutations([*regions.zones(region)][:count]),
                "flowLogs": switched(retentionDays=retention),
                "interfaceEndpoints": on_or_off,
            },
        )
    )


def clusters(region: str, admins: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    version = st.sampled_from([("1.36", "STANDARD"), ("1.35", "STANDARD"), ("1.36", "EXTENDED"), ("1.33", "EXTENDED")])
    public = {"public": True, "publicAccessCidrs": ["198.51.100.0/24"]}
    choices = optional(
        {"admins": {name: arn(region, name) for name in admins}},
        {
            "endpoint": st.sampled_from([{"public": False}, public]),
            "serviceCidr": st.sampled_from(["10.100.0.0/16", "10.200.0.0/24"]),
            "logRetentionDays": retention,
            "deletionProtection": on_or_off,
            "zonalShift": on_or_off,
        },
    )
    return st.tuples(version, choices).map(lambda drawn: {**_supported(*drawn[0]), **drawn[1]})


def _supported(version: str, support: str) -> dict[str, str]:
    return {"version": version, "supportType": support}


def insides(region: str, admins: list[str], namespaces: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    home, wanted = st.sampled_from(namespaces or ["nowhere"]), on_or_off if namespaces else off
    host = f"{ACCOUNT}.dkr.ecr.{region}.{regions.dns_suffix(regions.partition(region))}"
    demonstration = {"enabled": wanted, "namespace": home}
    return st.fixed_dictionaries(
        {
            "irsaDemo": st.fixed_dictionaries(demonstration, optional={"testPod": on_or_off}),
            "spotDemo": st.fixed_dictionaries(demonstration, optional={"replicas": replicas}),
            "imageRegistry": st.just(host),
            **({"deployAs": st.sampled_from(admins)} if admins else {"enabled": off}),
        },
        optional={
            "storage": st.fixed_dictionaries({"defaultClass": on_or_off}),
            "loadBalancerController": switched(replicas=replicas),
            "clusterAutoscaler": switched(replicas=replicas),
            "nodeTerminationHandler": switched(),
            "nodeLocalDns": switched(),
        },
    )


addons = optional(
    {},
    {
        "vpcCni": optional({}, {"networkPolicy": on_or_off, "prefixDelegation": on_or_off}),
        "coredns": st.sampled_from([{"replicas": 3}, {"replicas": 2, "maxReplicas": 1000}]),
        **{name: switched() for name in ("podIdentityAgent", "ebsCsi", "metricsServer", "snapshotController")},
    },
)


@st.composite
def descriptions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what a person may write: most of it is accepted."""
    region = draw(st.sampled_from(list(REGIONS)))
    admins = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
    teams = draw(tenants(region))
    said = st.sampled_from(["dev", "production", "Team A", "a=b:c"])
    return {
        "region": region,
        "environmentSuffix": draw(st.sampled_from(["dev", "0", "a-b", "x" * 20, "cluster"])),
        "network": draw(networks(region)),
        "cluster": draw(clusters(region, admins)),
        "kubernetes": draw(insides(region, admins, list(teams))),
        "addons": draw(addons),
        "tenants": teams,
        "tags": draw(st.dictionaries(st.sampled_from(["Team", "app:tier", "k" * 128]), st.just("v" * 256), max_size=3)),
        **{key: draw(said) for key in ("environment", "owner", "costCenter")},
        **draw(optional({}, {"nodeGroups": st.dictionaries(st.sampled_from(NAMES), groups(), min_size=1, max_size=4)})),
    }


# --- What holds of every one ----------------------------------------------------------------------------------------


def _is_shared(platform: Platform) -> bool:
    groups_of_teams = [team.group_of(namespace) for namespace, team in platform.tenants.items()]
    return len(set(groups_of_teams)) < len(groups_of_teams)


def _has_static_nodes(platform: Platform) -> bool:
    return any(
        group.capacity_type is CapacityType.ON_DEMAND and group.min_size and not group.taints
        for group in platform.node_groups.values()
    )


EXPLAINED: Mapping[str, Callable[[Platform], bool]] = {
    "CP-03": lambda platform: platform.cluster.log_retention_days < 90,
    "CP-06": lambda platform: platform.cluster.support_type is SupportType.EXTENDED,
    "CP-07": lambda platform: not platform.cluster.deletion_protection,
    "CP-11": lambda platform: not platform.cluster.zonal_shift,
    "HA-04": lambda platform: any(group.max_size < 6 for group in platform.node_groups.values()),
    "HA-05": lambda platform: any(group.max_size < 6 for group in platform.node_groups.values()),
    "HA-07": lambda platform: not _has_static_nodes(platform),
    "NET-03": lambda platform: platform.network.nat is Nat.SINGLE,
    "NET-04": lambda platform: not platform.network.flow_logs.enabled,
    "NODE-08": lambda platform: any(not group.node_repair for group in platform.node_groups.values()),
    "NP-04": lambda platform: not platform.addons.vpc_cni.network_policy,
    "NP-05": lambda platform: platform.environment == "production",
    "RBAC-11": _is_shared,
}
"""Rule to what somebody chose who gets a finding of it; every other rule is to pass."""

POLICIES = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("policy", 20_480),
    "aws:iam/role:Role": ("assumeRolePolicy", 2_048),
    "aws:iam/rolePolicy:RolePolicy": ("policy", 10_240),
    "aws:kms/key:Key": ("policy", 32_768),
    "aws:s3/bucketPolicy:BucketPolicy": ("policy", 20_480),
}
"""Type to its document and the most characters that AWS takes (IAM, KMS, S3 and VPC quotas)."""


def _holds_as_a_graph(planned: Plan) -> None:
    place = {resource.urn: index for index, resource in enumerate(planned)}
    assert len(place) == len(planned)
    for resource in planned:
        assert all(place[urn] < place[resource.urn] for urn in resource.predecessors if urn in place)
    assert json.loads(document.render(planned)) == document.document(planned)


def _holds_its_names(planned: Plan, platform: Platform) -> None:
    own = [resource for resource in planned if resource.type != "pulumi:pulumi:Stack"]
    twice = [each for each, times in Counter((resource.type, resource.name) for resource in own).items() if times > 1]
    assert not twice
    for resource in own:
        assert resource.name.endswith(f"-{platform.environment_suffix}")
        for key in ("name", "nodeGroupName", "bucket"):
            assert len(str(resource.inputs.get(key, ""))) <= names.LIMITS.get(resource.type, 512)


def _holds_its_tags(planned: Plan, platform: Platform) -> None:
    wanted = {**platform.tags, "EnvironmentSuffix": platform.environment_suffix, "Owner": platform.owner}
    for resource in planned:
        tags = resource.inputs.get("tags")
        if resource.type.startswith("aws:") and isinstance(tags, Mapping):
            assert {key: tags.get(key) for key in wanted} == wanted
            assert len(tags) <= 50
            assert all(len(key) <= 128 and len(str(value)) <= 256 for key, value in tags.items())


def _fits_into_policies(planned: Plan, platform: Platform) -> None:
    for resource in planned:
        key, most = POLICIES.get(resource.type, ("", 0))
        assert len(str(resource.inputs.get(key, ""))) <= most or not key
    partition = regions.partition(platform.region)
    suffix = regions.dns_suffix(partition)
    account = Account(partition=partition, dns_suffix=suffix, account_id=ACCOUNT, region=platform.region)
    parts = deployer.policies(account, platform.environment_suffix, platform.enters_as)
    assert all(len(text(part)) <= 6_144 for part in parts.values())


def _is_judged(outcome: Outcome, platform: Platform) -> None:
    assert {result.rule.id for result in outcome.results} == {rule.id for rule in rules.every()}
    for finding in outcome.findings:
        assert not finding.unknown
        assert EXPLAINED.get(finding.rule, lambda _: False)(platform), (finding.rule, finding.found)
        _names_keys(finding)


def _names_keys(finding: Finding) -> None:
    for key in re.findall(r"`([a-z]\w*(?:\.\w+)+)`", finding.remedy):
        assert wording.node_at(tuple(key.split("."))), f"{finding.rule} mends by {key}, which no description has"


def _is_accepted(planned: Plan, folder: Path) -> None:
    outputs = {key: value.value if isinstance(value, Secret) else value for key, value in planned.outputs.items()}
    file = folder / "flat-outputs.json"
    file.write_text(json.dumps(outputs))
    failed = [case for case in acceptance.run(file).cases if case.status is Status.FAILED]
    assert not failed


def _is_written_in_every_form(planned: Plan, outcome: Outcome) -> None:
    for form in report.Format:
        assert report.render(outcome, planned, form)
    assert manifests.render(planned) is not None
    assert json.loads(terraform.render(planned))


@settings(
    max_examples=10,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink what takes a second each would take minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(described=descriptions())
def test_what_is_accepted_keeps_every_promise(
    described: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assume(not _faults(described))
    platform = parse_platform(described, today=TODAY)
    planned = plan.of_platform(platform, project="seatrial", stack="any")
    outcome = rules.check(planned, rules.every(), today=TODAY)

    _holds_as_a_graph(planned)
    _holds_its_names(planned, platform)
    _holds_its_tags(planned, platform)
    _fits_into_policies(planned, platform)
    _is_judged(outcome, platform)
    _is_accepted(planned, tmp_path_factory.mktemp("outputs"))
    _is_written_in_every_form(planned, outcome)


@given(described=descriptions())
def test_what_is_refused_is_refused_with_words(described: dict[str, Any]) -> None:
    assert all(fault.path and fault.found and fault.allowed for fault in _faults(described))


def _faults(described: dict[str, Any]) -> tuple[Fault, ...]:
    try:
        parse_platform(described, today=TODAY)
    except ConfigError as refused:
        return refused.faults
    return ()
