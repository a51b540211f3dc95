"""Names end in the suffix and fit AWS's limits; tags are complete."""

import gzip
import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial import names

_SUFFIXES = st.from_regex(r"[a-z0-9](-?[a-z0-9])*", fullmatch=True).filter(lambda text: len(text) <= names.SUFFIX_MAX)
_KEYS = st.from_regex(r"[a-z](-?[a-z0-9])*", fullmatch=True)

_MODELLED = [
    ("eks/2017-11-01", "ClusterName", "aws:eks/cluster:Cluster"),
    ("iam/2010-05-08", "roleNameType", "aws:iam/role:Role"),
    ("iam/2010-05-08", "policyNameType", "aws:iam/policy:Policy"),
    ("iam/2010-05-08", "policyNameType", "aws:iam/rolePolicy:RolePolicy"),
    ("kms/2014-11-01", "AliasNameType", "aws:kms/alias:Alias"),
    ("logs/2014-03-28", "LogGroupName", "aws:cloudwatch/logGroup:LogGroup"),
    ("ec2/2016-11-15", "LaunchTemplateName", "aws:ec2/launchTemplate:LaunchTemplate"),
    ("events/2015-10-07", "RuleName", "aws:cloudwatch/eventRule:EventRule"),
]


@given(kind=_KEYS, suffix=_SUFFIXES)
def test_a_name_is_the_kind_and_the_suffix(kind: str, suffix: str) -> None:
    name = names.resource(kind, suffix)

    assert name.startswith(kind)
    assert name.endswith(f"-{suffix}")


@pytest.mark.parametrize(
    ("key", "name"), [("spot", "eks-spot-ng-dev"), ("on-demand", "eks-ondemand-ng-dev"), ("a-b-c", "eks-abc-ng-dev")]
)
def test_a_node_group_is_named_after_its_key_without_hyphens(key: str, name: str) -> None:
    assert names.node_group(key, "dev") == name


def test_the_demonstrations_bucket_is_named_after_what_makes_it_unique() -> None:
    assert names.irsa_demo_bucket("123456789012", "us-east-2", "dev") == "eks-irsa-demo-123456789012-us-east-2-dev"


def test_the_demonstrations_bucket_fits_in_the_longest_region() -> None:
    longest = names.irsa_demo_bucket("1" * 12, "us-isof-south-1", "s" * names.SUFFIX_MAX)

    assert len(longest) <= names.LIMITS["aws:s3/bucket:Bucket"]


def test_the_cluster_and_its_log_group_follow_the_rule_of_eks() -> None:
    assert names.cluster("dev") == "eks-cluster-dev"
    assert names.control_plane_log_group("dev") == "/aws/eks/eks-cluster-dev/cluster"


@given(suffix=_SUFFIXES)
def test_every_limit_leaves_room_for_the_kind(suffix: str) -> None:
    longest = 42

    assert all(longest + 1 + len(suffix) <= limit for limit in names.LIMITS.values())


@pytest.mark.parametrize(("service", "shape", "token"), _MODELLED, ids=[token for *_, token in _MODELLED])
def test_limits_are_those_of_the_api(service: str, shape: str, token: str) -> None:
    packed = files("botocore").joinpath(f"data/{service}/service-2.json.gz").read_bytes()
    modelled = json.loads(gzip.decompress(packed))["shapes"][shape]

    assert names.LIMITS[token] == modelled["max"]


def test_tags_are_complete_and_the_platforms_own_win() -> None:
    tags = names.tags(
        environment="production",
        suffix="prod",
        project="shop",
        owner="platform-team",
        cost_center="42",
        user={"Team": "blue", "Owner": "nobody"},
    )

    assert tags == {
        "Environment": "production",
        "EnvironmentSuffix": "prod",
        "Project": "shop",
        "ManagedBy": "pulumi",
        "Owner": "platform-team",
        "CostCenter": "42",
        "Team": "blue",
    }
    assert set(names.PLATFORM_TAGS) < set(tags)


def test_a_named_resource_has_the_name_tag_too() -> None:
    assert names.named("eks-vpc-dev", {"Owner": "a"}) == {"Owner": "a", "Name": "eks-vpc-dev"}
