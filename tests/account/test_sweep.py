"""The sweep with the deployer's permissions for it and no others, where AWS refuses what is in use."""

import itertools
from typing import Any

import pytest

from seatrial import sweep
from seatrial.errors import EnvironmentFault
from seatrial.iam import deployer
from seatrial.iam.account import Account as Place
from seatrial.ownership import Kind
from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.ec2 import wire
from seatrial.sweep import Account, Patience, Swept

EVERY = tuple(Kind)
PORT = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
LISTENER = {"Protocol": "TCP", "LoadBalancerPort": 80, "InstanceProtocol": "TCP", "InstancePort": 30080}


class Wreck:
    """A network in which a cluster was, and what it left there."""

    def __init__(self, account: Any) -> None:
        self.suffix = account.name("s")
        self.cluster = f"eks-cluster-{self.suffix}"
        self.owned = {"Key": f"kubernetes.io/cluster/{self.cluster}", "Value": "owned"}
        self.attached = {"Key": "cluster.k8s.amazonaws.com/name", "Value": self.cluster}
        self.balanced = {"Key": "elbv2.k8s.aws/cluster", "Value": self.cluster}
        self.ec2, self.elb, self.elbv2 = (account.client(name) for name in ("ec2", "elb", "elbv2"))
        self.logs = account.client("logs")
        self.vpc = account.vpc()
        self.subnets = account.subnets(self.vpc)
        user = account.user(*deployer.policies(_place(), self.suffix)["leftovers"]["Statement"])
        self.account = Account(
            id="000000000000", region="us-east-2", caller="deployer", clients=lambda name: account.client(name, user)
        )
        self.stranger = Account(
            id="000000000000",
            region="us-east-2",
            caller="stranger",
            clients=lambda name: account.client(
                name, account.user({"Effect": "Allow", "Action": "eks:DescribeCluster", "Resource": "*"})
            ),
        )

    def group(self, name: str, *tags: dict[str, str]) -> str:
        given = {"GroupName": name, "Description": name, "VpcId": self.vpc}
        return self.ec2.create_security_group(**given, TagSpecifications=_tagged("security-group", *tags))["GroupId"]

    def interface(self, *tags: dict[str, str], **parameters: Any) -> str:
        made = self.ec2.create_network_interface(
            SubnetId=self.subnets[0], TagSpecifications=_tagged("network-interface", *tags), **parameters
        )
        return made["NetworkInterface"]["NetworkInterfaceId"]

    def volume(self, *tags: dict[str, str]) -> str:
        given = {"AvailabilityZone": "us-east-2a", "Size": 1}
        return self.ec2.create_volume(**given, TagSpecifications=_tagged("volume", *tags))["VolumeId"]

    def balancer(self, *tags: dict[str, str], **parameters: Any) -> str:
        name = f"b-{self.suffix}"
        made = self.elbv2.create_load_balancer(
            Name=name, Type="network", Scheme="internal", Subnets=self.subnets, Tags=[*tags], **parameters
        )
        return made["LoadBalancers"][0]["LoadBalancerArn"]

    def targets(self, *tags: dict[str, str]) -> str:
        given = {"Name": f"t-{self.suffix}", "Protocol": "TCP", "Port": 80, "VpcId": self.vpc}
        return self.elbv2.create_target_group(**given, Tags=[*tags])["TargetGroups"][0]["TargetGroupArn"]

    def found(self) -> list[str]:
        return [each.id for each in sweep.look(self.account, self.cluster, EVERY).leftovers]

    def sweep(self, kinds: tuple[Kind, ...] = EVERY, patience: int = 3) -> Swept:
        clock = itertools.count()
        waiting = Patience(seconds=patience, clock=lambda: next(clock), sleep=lambda _: None)
        return sweep.sweep(self.account, self.cluster, kinds, waiting, _unwatched)


def _unwatched(gone: int, seen: int, current: str) -> None:
    """Nobody looks."""


def _place() -> Place:
    return Place(partition="aws", dns_suffix="amazonaws.com", account_id="000000000000", region="us-east-2")


def _tagged(kind: str, *tags: dict[str, str]) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [*tags]}] if tags else []


@pytest.fixture
def wreck(account: Any) -> Wreck:
    return Wreck(account)


def test_a_network_that_leftovers_hold_can_go_after_a_sweep(account: Any, wreck: Wreck) -> None:
    group = wreck.group("k8s-traffic", wreck.balanced)
    wreck.interface(wreck.attached, Groups=[group])
    balancer = wreck.balancer(wreck.balanced, SecurityGroups=[group])
    targets = wreck.targets(wreck.balanced)
    forward = [{"Type": "forward", "TargetGroupArn": targets}]
    wreck.elbv2.create_listener(LoadBalancerArn=balancer, Port=80, Protocol="TCP", DefaultActions=forward)
    wreck.elb.create_load_balancer(
        LoadBalancerName=f"c-{wreck.suffix}",
        Listeners=[LISTENER],
        Subnets=wreck.subnets,
        Scheme="internal",
        Tags=[wreck.owned],
    )
    wreck.volume(wreck.owned)
    wreck.logs.create_log_group(logGroupName=f"/aws/eks/{wreck.cluster}/cluster")
    assert account.refusal("ec2", "delete_subnet", SubnetId=wreck.subnets[0]).startswith("DependencyViolation")

    first = wreck.sweep()
    account.wait()
    last = wreck.sweep()

    assert (len(first.deleted) + len(last.deleted), last.stays) == (7, ())
    for subnet in wreck.subnets:
        wreck.ec2.delete_subnet(SubnetId=subnet)
    wreck.ec2.delete_vpc(VpcId=wreck.vpc)


def test_groups_that_name_each_other_go(wreck: Wreck) -> None:
    first, second = wreck.group("k8s-traffic", wreck.balanced), wreck.group("k8s-elb", wreck.owned)
    for group, peer in ((first, second), (second, first)):
        rules = [{**PORT, "UserIdGroupPairs": [{"GroupId": peer}]}]
        wreck.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)

    swept = wreck.sweep()

    assert ({each.id for each in swept.deleted}, swept.stays) == ({first, second}, ())


def test_the_group_that_eks_made_is_found_by_its_own_tag(wreck: Wreck) -> None:
    group = wreck.group("eks-cluster-sg")
    with emulator.scope("000000000000", "us-east-2"):
        wire.set_tags(group, {"aws:eks:cluster-name": wreck.cluster})  # nobody but AWS may

    assert [each.id for each in wreck.sweep().deleted] == [group]


def test_what_is_under_deletion_protection_stays_with_the_reason(wreck: Wreck) -> None:
    balancer = wreck.balancer(wreck.balanced)
    protect = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    wreck.elbv2.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=protect)

    (stay,) = wreck.sweep().stays

    assert stay.leftover.id == balancer
    assert stay.reason.startswith("OperationNotPermitted: ")


def test_what_others_own_is_neither_found_nor_would_it_be_allowed(account: Any, wreck: Wreck) -> None:
    foreign = {"Key": "kubernetes.io/cluster/eks-cluster-other", "Value": "owned"}
    interface, volume = wreck.interface(foreign), wreck.volume(foreign)
    mine = wreck.account.clients

    assert wreck.found() == []
    for operation, parameters in (
        ("delete_network_interface", {"NetworkInterfaceId": interface}),
        ("delete_volume", {"VolumeId": volume}),
        ("delete_security_group", {"GroupId": wreck.group("theirs", foreign)}),
    ):
        with pytest.raises(mine("ec2").exceptions.ClientError, match="UnauthorizedOperation"):
            getattr(mine("ec2"), operation)(**parameters)
    assert account.client("ec2").describe_volumes(VolumeIds=[volume])["Volumes"]


def test_without_permission_one_is_told_where_it_is_written(wreck: Wreck) -> None:
    with pytest.raises(EnvironmentFault, match="AWS refuses DescribeInstances") as raised:
        sweep.look(wreck.stranger, wreck.cluster, EVERY)

    assert 'part "leftovers"' in raised.value.tip


def test_what_nodes_and_a_control_plane_leave_is_swept(account: Any, make_cluster: Any) -> None:
    made = make_cluster(logging={"clusterLogging": [{"types": ["api"], "enabled": True}]})
    made.add("vpc-cni", "kube-proxy")
    made.group()
    account.wait()
    account.inject(
        {"service": "eks", "operation": "DeleteNodegroup", "kind": "leak"},
        {"service": "eks", "operation": "DeleteCluster", "kind": "leak"},
    )
    root = Account(id="000000000000", region="us-east-2", caller="root", clients=account.client)
    made.eks.delete_nodegroup(clusterName=made.name, nodegroupName="nodes")
    account.wait()
    for addon in ("vpc-cni", "kube-proxy"):
        made.eks.delete_addon(clusterName=made.name, addonName=addon)
    account.wait()
    made.eks.delete_cluster(name=made.name)
    account.wait()

    looked = sweep.look(root, made.name, EVERY)
    swept = sweep.sweep(root, made.name, EVERY, Patience(seconds=0), _unwatched)

    assert looked.status == ""
    assert {each.kind for each in looked.leftovers} == {
        Kind.NETWORK_INTERFACE,
        Kind.SECURITY_GROUP,  # which the interface is in
        Kind.LOG_GROUP,
    }
    assert swept.stays == ()
    assert swept.deleted == looked.leftovers
    for subnet in made.subnets:
        account.client("ec2").delete_subnet(SubnetId=subnet)
