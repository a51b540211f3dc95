"""An AWS account that somebody else emulates, moto, and what a cluster has left in it."""

from collections.abc import Iterator
from typing import Any

import moto
import pytest

from seatrial import sweep
from seatrial.sweep import Account

REGION = "us-east-2"
CLUSTER = "eks-cluster-dev"
OWNED = {"Key": f"kubernetes.io/cluster/{CLUSTER}", "Value": "owned"}
ATTACHED = {"Key": "cluster.k8s.amazonaws.com/name", "Value": CLUSTER}
BALANCED = {"Key": "elbv2.k8s.aws/cluster", "Value": CLUSTER}
FOREIGN = {"Key": "kubernetes.io/cluster/eks-cluster-prod", "Value": "owned"}


def tagged(kind: str, *tags: dict[str, str]) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": list(tags)}] if tags else []


@pytest.fixture(scope="session")
def entered() -> Account:
    """The account once: its clients read the models of services, which takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        with moto.mock_aws():
            account = sweep.enter(REGION)
            # All at once: other tests of the process may point the environment to an account of their own.
            for service in ("ec2", "eks", "elb", "elbv2", "logs"):
                account.clients(service)
            return account


@pytest.fixture
def account(entered: Account) -> Iterator[Account]:
    with moto.mock_aws():
        yield entered


class Left:
    """Makes what clusters leave."""

    def __init__(self, account: Account) -> None:
        self._clients = account.clients
        ec2 = account.clients("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")[
                "Subnet"
            ]["SubnetId"]
            for number, zone in enumerate("ab")
        ]

    def interface(self, *tags: dict[str, str]) -> str:
        made = self._clients("ec2").create_network_interface(
            SubnetId=self.subnets[0], Description="aws-K8S-i-1", TagSpecifications=tagged("network-interface", *tags)
        )
        return made["NetworkInterface"]["NetworkInterfaceId"]

    def volume(self, *tags: dict[str, str]) -> str:
        made = self._clients("ec2").create_volume(
            AvailabilityZone=f"{REGION}a", Size=20, TagSpecifications=tagged("volume", *tags)
        )
        return made["VolumeId"]

    def snapshot(self, *tags: dict[str, str]) -> str:
        made = self._clients("ec2").create_snapshot(VolumeId=self.volume(), TagSpecifications=tagged("snapshot", *tags))
        return made["SnapshotId"]

    def group(self, name: str, *tags: dict[str, str]) -> str:
        made = self._clients("ec2").create_security_group(
            GroupName=name, Description=name, VpcId=self.vpc, TagSpecifications=tagged("security-group", *tags)
        )
        return made["GroupId"]

    def instance(self, *tags: dict[str, str]) -> str:
        made = self._clients("ec2").run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            InstanceType="t3.medium",
            SubnetId=self.subnets[0],
            TagSpecifications=tagged("instance", *tags),
        )
        return made["Instances"][0]["InstanceId"]

    def balancer(self, name: str, *tags: dict[str, str]) -> str:
        made = self._clients("elbv2").create_load_balancer(
            Name=name, Subnets=self.subnets, Scheme="internal", Type="network", Tags=list(tags)
        )
        return made["LoadBalancers"][0]["LoadBalancerArn"]

    def target_group(self, name: str, *tags: dict[str, str]) -> str:
        made = self._clients("elbv2").create_target_group(
            Name=name, Protocol="TCP", Port=80, VpcId=self.vpc, TargetType="ip", Tags=list(tags)
        )
        return made["TargetGroups"][0]["TargetGroupArn"]

    def classic(self, name: str, *tags: dict[str, str]) -> str:
        self._clients("elb").create_load_balancer(
            LoadBalancerName=name,
            Listeners=[{"Protocol": "tcp", "LoadBalancerPort": 80, "InstancePort": 80}],
            Subnets=self.subnets,
            Scheme="internal",
            Tags=list(tags),
        )
        return name

    def log_group(self, name: str) -> str:
        self._clients("logs").create_log_group(logGroupName=name)
        return name


@pytest.fixture
def left(account: Account) -> Left:
    return Left(account)
