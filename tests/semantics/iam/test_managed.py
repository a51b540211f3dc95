"""The policies that AWS keeps are those that moto has from AWS."""

import json

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from seatrial.errors import UsageError
from seatrial.iam import managed as named
from seatrial.semantics import iam
from seatrial.semantics.iam import callers, managed

KEPT_BY_AWS: dict[str, dict[str, object]] = json.loads(aws_managed_policies_data)
CSI = callers.role_session("arn:aws:iam::111122223333:role/csi")
VOLUME = "arn:aws:ec2:us-east-2:111122223333:volume/vol-1"


@pytest.mark.parametrize("name", managed.names())
def test_a_policy_is_as_aws_keeps_it(name: str) -> None:
    theirs, ours = KEPT_BY_AWS[name.rpartition("/")[2]], managed.kept(name)

    assert theirs["Path"] == f"/{name.rpartition('/')[0]}/".replace("//", "/")
    assert (ours["version"], ours["updated"]) == (theirs["DefaultVersionId"], theirs["UpdateDate"])
    assert ours["document"] == theirs["Document"]
    assert managed.policy(name).statements


def test_every_policy_that_the_platform_attaches_is_known() -> None:
    assert set(named.ALL) <= set(managed.names())


def test_a_policy_is_found_by_its_arn_in_any_partition() -> None:
    for partition in ("aws", "aws-cn"):
        arn = f"arn:{partition}:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
        assert managed.is_managed(arn)
        assert managed.by_arn(arn).name == "service-role/AmazonEBSCSIDriverPolicy"
    assert not managed.is_managed("arn:aws:iam::111122223333:policy/own")


@pytest.mark.parametrize(
    ("name", "tip"), [("AmazonEKSClusterPolice", "near it: AmazonEKSC"), ("X", "known are: Amazon")]
)
def test_an_unknown_policy_is_named(name: str, tip: str) -> None:
    with pytest.raises(UsageError, match="is not known") as caught:
        managed.policy(name)

    assert caught.value.tip.startswith(tip)


@pytest.mark.parametrize(
    ("name", "action", "resource", "context", "allowed"),
    [
        ("AmazonEBSCSIDriverPolicyV2", "ec2:DescribeVolumes", "*", {}, True),
        ("AmazonEBSCSIDriverPolicyV2", "ec2:DeleteVolume", VOLUME, {}, False),
        (
            "AmazonEBSCSIDriverPolicyV2",
            "ec2:DeleteVolume",
            VOLUME,
            {"ec2:ResourceTag/ebs.csi.aws.com/cluster": "true"},
            True,
        ),
        ("AmazonEKSWorkerNodeMinimalPolicy", "ec2:DescribeInstances", "*", {}, False),
        ("AmazonEKSWorkerNodePolicy", "ec2:DescribeInstances", "*", {}, True),
        ("AmazonEBSCSIDriverEKSClusterScopedPolicy", "ec2:CreateVolume", VOLUME, {}, False),
        (
            "AmazonEBSCSIDriverEKSClusterScopedPolicy",
            "ec2:CreateVolume",
            VOLUME,
            {"aws:RequestTag/ebs.csi.aws.com/cluster-name": "dev", "aws:PrincipalTag/eks-cluster-name": "dev"},
            True,
        ),
        (
            "AmazonEBSCSIDriverEKSClusterScopedPolicy",
            "ec2:CreateVolume",
            VOLUME,
            {"aws:RequestTag/ebs.csi.aws.com/cluster-name": "dev", "aws:PrincipalTag/eks-cluster-name": "prod"},
            False,
        ),
    ],
)
def test_the_documents_decide(name: str, action: str, resource: str, context: dict[str, str], allowed: bool) -> None:
    request = iam.Request(caller=CSI, action=action, resource=resource, context=context)

    assert iam.decide(request, iam.Policies(identity=(managed.policy(name),))).is_allowed is allowed
