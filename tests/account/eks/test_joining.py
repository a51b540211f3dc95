"""Whether nodes join, and what they leave behind: network plugin, permissions, node role and way to AWS decide."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Stage

CNI_POLICY = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
WORKER = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
FAILURE = "Instances failed to join the kubernetes cluster: "


def joined(stage: Stage, **parameters: Any) -> str:
    """Make nodes and wait for them; give what kept them from joining."""
    stage.create_group(**parameters)
    return waited(stage)


def waited(stage: Stage) -> str:
    stage.wait(6)
    group = stage.group()
    if group["status"] == "ACTIVE":
        return ""
    assert group["status"] == "CREATE_FAILED"
    (issue,) = group["health"]["issues"]
    assert issue["code"] == "NodeCreationFailure"
    assert len(issue["resourceIds"]) == group["scalingConfig"]["desiredSize"]
    return issue["message"].removeprefix(FAILURE)


@pytest.mark.parametrize(
    ("addons", "lacking"),
    [
        ([], "vpc-cni"),
        (["kube-proxy"], "vpc-cni"),
        (["vpc-cni"], "kube-proxy"),
        (["coredns", "eks-pod-identity-agent"], "vpc-cni"),
        (["vpc-cni", "kube-proxy"], ""),
    ],
)
def test_nodes_need_their_network_plugins(cluster: Stage, addons: list[str], lacking: str) -> None:
    cluster.create_addons(*addons)
    expected = f"container runtime network not ready: add-on {lacking} is not active" if lacking else ""

    assert joined(cluster) == expected
    assert len(cluster.interfaces("aws-K8S-")) == (0 if lacking else 2)


def test_plugins_may_come_while_nodes_wait(cluster: Stage) -> None:
    cluster.create_group()
    cluster.wait(4)
    assert cluster.group()["status"] == "CREATING"

    cluster.create_addons("vpc-cni", "kube-proxy")
    assert cluster.group()["status"] == "ACTIVE"


def test_a_plugin_that_failed_is_none(cluster: Stage) -> None:
    cluster.create_addons("kube-proxy")
    cluster.fail("CreateAddon")
    cluster.create_addons("vpc-cni")

    assert "add-on vpc-cni is not active" in joined(cluster)


def test_a_plugin_that_is_updated_still_works(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    cluster.create_group()
    cluster.account.wait(50)
    cluster.call("update_addon", addonName="vpc-cni", configurationValues="{}")
    cluster.account.wait(20)

    assert cluster.addon("vpc-cni")["status"] == "UPDATING"
    assert cluster.group()["status"] == "ACTIVE"


def test_plugins_that_eks_puts_into_a_new_cluster_do(network: Stage) -> None:
    network.create_cluster(bootstrapSelfManagedAddons=True)
    network.wait()

    assert joined(network) == ""


def test_preserved_plugins_do(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    for addon in ("vpc-cni", "kube-proxy"):
        cluster.call("delete_addon", addonName=addon, preserve=True)
    cluster.wait()

    assert cluster.call("list_addons")["addons"] == []
    assert joined(cluster) == ""


def test_the_network_plugin_needs_permission(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    without = cluster.role("ec2.amazonaws.com", *WORKER)

    assert joined(cluster, nodeRole=without) == (
        "container runtime network not ready: vpc-cni may not do ec2:AssignPrivateIpAddresses"
    )


@pytest.mark.parametrize(
    ("account", "policies", "suffices"),
    [
        ("aws-node", ["AmazonEKS_CNI_Policy"], True),
        ("aws-node", [], False),
        ("another", ["AmazonEKS_CNI_Policy"], False),
    ],
)
def test_the_network_plugin_may_have_its_permission_by_pod_identity(
    cluster: Stage, account: str, policies: list[str], *, suffices: bool
) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    role = cluster.role("pods.eks.amazonaws.com", *policies)
    cluster.call("create_pod_identity_association", namespace="kube-system", serviceAccount=account, roleArn=role)
    without = cluster.role("ec2.amazonaws.com", *WORKER)

    assert (not joined(cluster, nodeRole=without)) == suffices


def issuer(stage: Stage) -> str:
    return stage.cluster()["identity"]["oidc"]["issuer"].removeprefix("https://")


def federated(stage: Stage, *, provider: bool, subject: str, audience: str, policy: bool) -> str:
    """Make a role for the network plugin's service account."""
    path = issuer(stage)
    arn = f"arn:aws:iam::000000000000:oidc-provider/{path}"
    if provider:
        stage.iam.create_open_id_connect_provider(Url=f"https://{path}", ClientIDList=["sts.amazonaws.com"])
    claims = {f"{path}:sub": f"system:serviceaccount:kube-system:{subject}", f"{path}:aud": audience}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": claims},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = stage.iam.create_role(RoleName="cni", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    if policy:
        stage.iam.attach_role_policy(RoleName="cni", PolicyArn=CNI_POLICY)
    return role


GOOD: dict[str, Any] = {"provider": True, "subject": "aws-node", "audience": "sts.amazonaws.com", "policy": True}


@pytest.mark.parametrize(
    "fault", [{}, {"provider": False}, {"subject": "other"}, {"audience": "other"}, {"policy": False}], ids=str
)
def test_the_network_plugin_may_have_its_permission_by_its_service_account(
    cluster: Stage, fault: dict[str, Any]
) -> None:
    role = federated(cluster, **{**GOOD, **fault})
    cluster.call("create_addon", addonName="vpc-cni", serviceAccountRoleArn=role)
    cluster.create_addons("kube-proxy")
    # A role of the add-on's own takes the place of the nodes' permission.
    obstacle = joined(cluster)

    assert ("vpc-cni may not do ec2:AssignPrivateIpAddresses" in obstacle) == bool(fault)


def test_a_service_account_role_that_is_not_there_permits_nothing(cluster: Stage) -> None:
    absent = "arn:aws:iam::000000000000:role/none"
    cluster.call("create_addon", addonName="vpc-cni", serviceAccountRoleArn=absent)
    cluster.create_addons("kube-proxy")

    assert "vpc-cni may not do" in joined(cluster)


def name(role: str) -> str:
    return role.rpartition("/")[2]


def remove_role(stage: Stage) -> None:
    role = name(stage.facts.node_role)
    for policy in stage.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        stage.iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
    stage.iam.delete_role(RoleName=role)


def detach_pull(stage: Stage) -> None:
    policy = f"arn:aws:iam::aws:policy/{WORKER[1]}"
    stage.iam.detach_role_policy(RoleName=name(stage.facts.node_role), PolicyArn=policy)


def close(stage: Stage) -> None:
    (table,) = (
        table for table in stage.ec2.describe_route_tables()["RouteTables"] if table["VpcId"] == stage.facts.vpc
    )
    stage.ec2.delete_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (remove_role, "does not exist"),
        (detach_pull, "the node role does not allow ecr:GetAuthorizationToken, ecr:BatchGetImage"),
        (close, "reach neither the internet nor endpoints of ('ec2', 'ecr.api', 'ecr.dkr', 's3', 'sts')"),
    ],
)
def test_what_goes_while_nodes_start_keeps_them_from_joining(
    cluster: Stage, spoil: Callable[[Stage], None], message: str
) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    cluster.create_group()
    spoil(cluster)

    assert message in waited(cluster)


def test_nodes_do_not_start_in_a_subnet_that_is_gone(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    cluster.create_group(subnets=cluster.facts.subnets)
    cluster.ec2.delete_subnet(SubnetId=cluster.facts.subnets[2])
    cluster.wait()

    assert cluster.group()["status"] == "CREATE_FAILED"
    assert cluster.group()["health"]["issues"][0]["code"] == "Ec2SubnetNotFound"


def test_nodes_come_only_where_there_still_is_a_subnet(cluster: Stage) -> None:
    first, _, last = cluster.facts.subnets
    cluster.create_addons("vpc-cni", "kube-proxy")
    cluster.create_group(subnets=[first, last], scalingConfig={"minSize": 0, "desiredSize": 0, "maxSize": 4})
    cluster.create_group("last", subnets=[last], scalingConfig={"minSize": 0, "desiredSize": 0, "maxSize": 4})
    cluster.wait()
    cluster.ec2.delete_subnet(SubnetId=last)
    for name in ("nodes", "last"):
        cluster.change("update_nodegroup_config", nodegroupName=name, scalingConfig={"desiredSize": 2})

    assert [interface["SubnetId"] for interface in cluster.interfaces("aws-K8S-")] == [first, first]


def narrow(stage: Stage, number: int, zone: str = "a") -> str:
    """Make a subnet of eleven addresses."""
    made = stage.ec2.create_subnet(
        VpcId=stage.facts.vpc, CidrBlock=f"10.0.200.{number * 16}/28", AvailabilityZone=f"us-east-2{zone}"
    )
    return made["Subnet"]["SubnetId"]


@pytest.mark.parametrize(("desired", "code"), [(11, ""), (12, "InsufficientFreeAddresses")])
def test_nodes_need_addresses(cluster: Stage, desired: int, code: str) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    size = {"minSize": desired, "desiredSize": desired, "maxSize": desired}
    cluster.create_group(subnets=[narrow(cluster, 0)], scalingConfig=size)
    cluster.wait()

    assert [issue["code"] for issue in cluster.group()["health"]["issues"]] == ([code] if code else [])
    assert len(cluster.interfaces("aws-K8S-")) == (0 if code else desired)


def test_nodes_come_only_where_there_are_addresses_left(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    subnets = [narrow(cluster, 0), narrow(cluster, 1)]
    cluster.create_group(subnets=subnets[:1], scalingConfig={"minSize": 9, "desiredSize": 9, "maxSize": 9})
    cluster.create_group("more", subnets=subnets, scalingConfig={"minSize": 0, "desiredSize": 9, "maxSize": 20})
    cluster.wait()
    placed = [interface["SubnetId"] for interface in cluster.interfaces("aws-K8S-")]
    assert [placed.count(subnet) for subnet in subnets] == [11, 7]

    cluster.change("update_nodegroup_config", nodegroupName="more", scalingConfig={"desiredSize": 20})
    placed = [interface["SubnetId"] for interface in cluster.interfaces("aws-K8S-")]
    assert [placed.count(subnet) for subnet in subnets] == [11, 11]
    address = cluster.ec2.allocate_address(Domain="vpc")["AllocationId"]
    refusal = cluster.account.refusal("ec2", "create_nat_gateway", SubnetId=subnets[0], AllocationId=address)
    assert refusal.startswith("InsufficientFreeAddressesInSubnet: ")


def test_a_control_plane_needs_addresses(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    subnets = [narrow(cluster, 0, "a"), narrow(cluster, 1, "b")]
    cluster.create_group(subnets=subnets[:1], scalingConfig={"minSize": 5, "desiredSize": 5, "maxSize": 6})
    cluster.wait()
    cluster.create_cluster(name="first", resourcesVpcConfig={"subnetIds": subnets})
    given = {"roleArn": cluster.facts.cluster_role, "resourcesVpcConfig": {"subnetIds": subnets}}

    assert cluster.refused("create_cluster", name="second", **given) == (
        "InvalidParameterException: Subnets specified must have at least 6 free addresses each"
    )


def nat(stage: Stage) -> str:
    """Give the first subnet a table of its own, which leads to a NAT gateway."""
    address = stage.ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = stage.ec2.create_nat_gateway(SubnetId=stage.facts.subnets[1], AllocationId=address)["NatGateway"]
    table = stage.ec2.create_route_table(VpcId=stage.facts.vpc)["RouteTable"]["RouteTableId"]
    stage.ec2.associate_route_table(RouteTableId=table, SubnetId=stage.facts.subnets[0])
    stage.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway["NatGatewayId"])
    return gateway["NatGatewayId"]


@pytest.mark.parametrize("deleted", [False, True])
def test_a_nat_gateway_is_a_way_out_while_it_is_available(cluster: Stage, *, deleted: bool) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    gateway = nat(cluster)
    cluster.wait()
    if deleted:
        cluster.ec2.delete_nat_gateway(NatGatewayId=gateway)
    obstacle = joined(cluster, subnets=cluster.facts.subnets[:1])

    assert obstacle.startswith(f"nodes in {cluster.facts.subnets[0]} reach neither") == deleted


def test_a_table_of_its_own_counts_for_a_subnet(cluster: Stage) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    table = cluster.ec2.create_route_table(VpcId=cluster.facts.vpc)["RouteTable"]["RouteTableId"]
    cluster.ec2.associate_route_table(RouteTableId=table, SubnetId=cluster.facts.subnets[2])

    assert joined(cluster).startswith(f"nodes in {cluster.facts.subnets[2]} reach neither")


@pytest.mark.parametrize("missing", ["", "ec2", "ecr.api", "ecr.dkr", "s3", "sts"])
def test_endpoints_stand_in_for_a_way_out(cluster: Stage, missing: str) -> None:
    cluster.create_addons("vpc-cni", "kube-proxy")
    close(cluster)
    cluster.ec2.modify_vpc_attribute(VpcId=cluster.facts.vpc, EnableDnsHostnames={"Value": True})
    for service in {"ec2", "ecr.api", "ecr.dkr", "s3", "sts"} - {missing}:
        kind = "Gateway" if service == "s3" else "Interface"
        named = f"com.amazonaws.us-east-2.{service}"
        cluster.ec2.create_vpc_endpoint(VpcId=cluster.facts.vpc, ServiceName=named, VpcEndpointType=kind)

    assert bool(joined(cluster)) == bool(missing)


def leave(stage: Stage) -> None:
    stage.call("delete_nodegroup", nodegroupName="nodes")
    stage.wait()
    assert stage.call("list_nodegroups")["nodegroups"] == []


def remove_plugin(stage: Stage, *, preserve: bool = False) -> None:
    stage.call("delete_addon", addonName="vpc-cni", preserve=preserve)
    stage.wait()
    assert "vpc-cni" not in stage.call("list_addons")["addons"]


def test_nodes_leave_interfaces_behind_when_the_network_plugin_goes_first(nodes: Stage) -> None:
    security = nodes.cluster()["resourcesVpcConfig"]["clusterSecurityGroupId"]
    remove_plugin(nodes)
    leave(nodes)
    left = nodes.interfaces("aws-K8S-")

    assert [interface["Status"] for interface in left] == ["available", "available"]
    nodes.call("delete_cluster")
    nodes.wait()
    assert nodes.eks.list_clusters()["clusters"] == []
    assert nodes.ec2.describe_security_groups(GroupIds=[security])["SecurityGroups"]
    refusal = nodes.account.refusal("ec2", "delete_subnet", SubnetId=left[0]["SubnetId"])
    assert refusal.startswith("DependencyViolation")
    for interface in left:
        nodes.ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    nodes.ec2.delete_security_group(GroupId=security)


def take_permission(stage: Stage) -> None:
    stage.iam.detach_role_policy(RoleName=name(stage.facts.node_role), PolicyArn=CNI_POLICY)


@pytest.mark.parametrize("spoil", [remove_role, take_permission])
def test_nodes_leave_interfaces_behind_when_the_permission_goes_first(
    nodes: Stage, spoil: Callable[[Stage], None]
) -> None:
    spoil(nodes)
    leave(nodes)

    assert len(nodes.interfaces("aws-K8S-")) == 2


def test_nodes_leave_interfaces_behind_that_the_plugin_may_make_but_not_delete(nodes: Stage) -> None:
    role = name(nodes.facts.node_role)
    deny = {"Effect": "Deny", "Action": "ec2:DeleteNetworkInterface", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    nodes.iam.put_role_policy(RoleName=role, PolicyName="keep", PolicyDocument=document)
    leave(nodes)

    filters = [
        {"Name": "status", "Values": ["available"]},
        {"Name": "tag:cluster.k8s.amazonaws.com/name", "Values": ["it"]},
        {"Name": "tag:eks:eni:owner", "Values": ["amazon-vpc-cni"]},
        {"Name": "tag-key", "Values": ["node.k8s.amazonaws.com/createdAt"]},
        {"Name": "tag:node.k8s.amazonaws.com/instance_id", "Values": ["i-*"]},
    ]
    found = nodes.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    assert len(found) == len(nodes.interfaces("aws-K8S-")) == 2
    nodes.iam.delete_role_policy(RoleName=role, PolicyName="keep")


def test_nodes_leave_interfaces_behind_when_a_fault_is_injected(nodes: Stage) -> None:
    nodes.account.inject({"service": "eks", "operation": "DeleteNodegroup", "kind": "leak"})
    nodes.create_group("more")
    nodes.wait()
    for group in ("nodes", "more"):
        nodes.call("delete_nodegroup", nodegroupName=group)
        nodes.wait()

    assert [it["Status"] for it in nodes.interfaces("aws-K8S-")] == ["available", "available"]


def test_a_preserved_network_plugin_takes_interfaces_away(nodes: Stage) -> None:
    remove_plugin(nodes, preserve=True)
    leave(nodes)

    assert nodes.interfaces("aws-K8S-") == []


def test_interfaces_that_somebody_else_removed_are_not_missed(nodes: Stage) -> None:
    gone, left = nodes.interfaces("aws-K8S-")
    nodes.ec2.detach_network_interface(AttachmentId=gone["Attachment"]["AttachmentId"])
    nodes.ec2.delete_network_interface(NetworkInterfaceId=gone["NetworkInterfaceId"])
    remove_plugin(nodes)
    leave(nodes)

    found = [interface["NetworkInterfaceId"] for interface in nodes.interfaces("aws-K8S-")]
    assert found == [left["NetworkInterfaceId"]]
