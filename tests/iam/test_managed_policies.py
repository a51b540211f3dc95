import json

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from seatrial.iam import cluster, ebs_csi, managed, node, vpc_cni
from seatrial.iam.account import Account

KEPT_BY_AWS: dict[str, dict[str, str]] = json.loads(aws_managed_policies_data)


@pytest.mark.parametrize("name", managed.ALL)
def test_aws_keeps_the_policy_under_the_arn_that_is_used(account: Account, name: str) -> None:
    expected = f"arn:aws:iam::aws:policy{KEPT_BY_AWS[name]['Path']}{name}"

    assert managed.arns(account, [name]) == {name: expected}


def test_every_role_attaches_policies_from_the_list_only() -> None:
    attached = {*cluster.POLICIES, *node.POLICIES, *vpc_cni.POLICIES, *ebs_csi.POLICIES}

    assert attached == set(managed.ALL)


def test_nodes_carry_neither_the_network_plugins_policy_nor_the_minimal_one() -> None:
    assert managed.VPC_CNI not in node.POLICIES
    assert set(node.POLICIES) == {managed.WORKER_NODE, managed.REGISTRY_PULL, managed.SESSION_MANAGER}


def test_access_policies_belong_to_eks(account: Account) -> None:
    assert managed.access_policy_arn(account, managed.CLUSTER_ADMIN) == (
        "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    )


def test_other_partitions_have_their_own_arns() -> None:
    gov = Account(partition="aws-us-gov", dns_suffix="amazonaws.com", account_id="123456789012", region="us-gov-west-1")

    assert managed.arns(gov, ["AmazonEKS_CNI_Policy"]) == {
        "AmazonEKS_CNI_Policy": "arn:aws-us-gov:iam::aws:policy/AmazonEKS_CNI_Policy",
    }
