"""What IAM is asked before a call, and that its answer counts."""

import json
from typing import Any

import pytest

SUFFIX = {"Key": "EnvironmentSuffix", "Value": "dev"}
ARN = "arn:aws:{}:us-east-2:000000000000:{}"
ROLE = "arn:aws:iam::000000000000:role/"


def allow(action: Any, resource: Any = "*", condition: Any = None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def tagged(prefix: str) -> dict[str, Any]:
    return {"StringEquals": {f"{prefix}/{SUFFIX['Key']}": SUFFIX["Value"]}}


def specification(kind: str, *tags: dict[str, str]) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": [*tags]}]}


@pytest.mark.parametrize(
    ("credentials", "service", "operation", "code"),
    [
        (("test", "wrong"), "ec2", "describe_vpcs", "AuthFailure"),
        (("test", "wrong"), "eks", "list_clusters", "InvalidSignatureException"),
        (("test", "wrong"), "sts", "get_caller_identity", "SignatureDoesNotMatch"),
        (("AKIANOBODY", "test"), "iam", "list_roles", "InvalidClientTokenId"),
        (("AKIANOBODY", "test"), "s3", "list_buckets", "InvalidAccessKeyId"),
        (("test", "test", "token"), "kms", "list_keys", "UnrecognizedClientException"),
    ],
)
def test_wrong_credentials_are_refused(
    account: Any, credentials: tuple[str, ...], service: str, operation: str, code: str
) -> None:
    assert account.refusal(service, operation, credentials).startswith(code)


def test_a_call_without_credentials_is_refused(account: Any) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded", "host": "ec2.us-east-2.amazonaws.com"}

    status, _, _ = account.ask("POST", "/", headers=headers, body=b"Action=DescribeVpcs&Version=2016-11-15")

    assert status in {400, 401, 403}


def test_who_has_no_policy_may_only_ask_who_it_is(account: Any) -> None:
    user = account.user()

    assert account.client("sts", user).get_caller_identity()["Arn"].startswith("arn:aws:iam::000000000000:user/")
    for service, operation, code in (
        ("ec2", "describe_vpcs", "UnauthorizedOperation"),
        ("eks", "list_clusters", "AccessDeniedException"),
        ("iam", "list_roles", "AccessDenied"),
        ("kms", "list_keys", "AccessDeniedException"),
        ("logs", "describe_log_groups", "AccessDeniedException"),
        ("sqs", "list_queues", "AccessDenied"),
    ):
        told = account.refusal(service, operation, user)
        assert told.startswith(code)
        assert "is not authorized to perform" in told


def test_an_explicit_denial_is_named(account: Any) -> None:
    user = account.user(allow("kms:*"), {"Effect": "Deny", "Action": "kms:ListKeys", "Resource": "*"})

    assert "with an explicit deny in an identity-based policy" in account.refusal("kms", "list_keys", user)


def test_a_creation_is_judged_by_what_it_makes_and_what_it_is_made_in(account: Any) -> None:
    ec2 = account.client("ec2")
    own, other = account.vpc(), account.vpc()
    ec2.create_tags(Resources=[own], Tags=[SUFFIX])
    everything = ARN.format("ec2", "*")
    user = account.user(
        allow(["ec2:CreateSubnet", "ec2:CreateTags"], everything, tagged("aws:RequestTag")),
        allow("ec2:CreateSubnet", everything, tagged("aws:ResourceTag")),
    )

    def told(vpc: str, *tags: dict[str, str]) -> str:
        given = {"VpcId": vpc, "CidrBlock": "10.0.0.0/24", **(specification("subnet", *tags) if tags else {})}
        return account.refusal("ec2", "create_subnet", user, **given)

    assert "on resource: arn:aws:ec2:us-east-2:000000000000:subnet/*" in told(own)
    assert "subnet/*" in told(own, {**SUFFIX, "Value": "prod"})
    assert f"vpc/{other}" in told(other, SUFFIX)
    client = account.client("ec2", user)
    assert client.create_subnet(VpcId=own, CidrBlock="10.0.0.0/24", **specification("subnet", SUFFIX))


def test_tags_on_creation_are_a_call_of_their_own(account: Any) -> None:
    everything = ARN.format("ec2", "*")
    without = account.user(allow("ec2:CreateVpc", everything))
    on_creation = {"StringEquals": {"ec2:CreateAction": "CreateVpc"}}
    with_tags = account.user(allow("ec2:CreateVpc", everything), allow("ec2:CreateTags", everything, on_creation))
    given = {"CidrBlock": "10.0.0.0/16", **specification("vpc", SUFFIX)}

    assert account.client("ec2", without).create_vpc(CidrBlock="10.0.0.0/16")
    assert "ec2:CreateTags" in account.refusal("ec2", "create_vpc", without, **given)
    vpc = account.client("ec2", with_tags).create_vpc(**given)["Vpc"]["VpcId"]
    told = account.refusal("ec2", "create_tags", with_tags, Resources=[vpc], Tags=[SUFFIX])
    assert f"ec2:CreateTags on resource: arn:aws:ec2:us-east-2:000000000000:vpc/{vpc}" in told


def test_a_change_is_judged_by_the_tags_of_what_it_names(account: Any) -> None:
    ec2 = account.client("ec2")
    vpc = account.vpc()
    tables = [ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2)]
    subnet = account.subnets(vpc)[0]
    tie = ec2.associate_route_table(RouteTableId=tables[0], SubnetId=subnet)["AssociationId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    name = account.name("template")
    data = {"LaunchTemplateName": name, "LaunchTemplateData": {"InstanceType": "t3.small"}}
    template = ec2.create_launch_template(**data)["LaunchTemplate"]["LaunchTemplateId"]
    user = account.user(allow("ec2:*", ARN.format("ec2", "*"), tagged("ec2:ResourceTag")))
    calls: dict[str, dict[str, Any]] = {
        "delete_route_table": {"RouteTableId": tables[1]},
        "disassociate_route_table": {"AssociationId": tie},
        "release_address": {"AllocationId": address},
        "delete_launch_template": {"LaunchTemplateName": name},
    }

    for operation, parameters in calls.items():
        assert "UnauthorizedOperation" in account.refusal("ec2", operation, user, **parameters), operation
    ec2.create_tags(Resources=[*tables, subnet, address, template], Tags=[SUFFIX])
    for operation, parameters in calls.items():
        getattr(account.client("ec2", user), operation)(**parameters)


def test_a_route_is_judged_by_its_table_alone(account: Any) -> None:
    ec2, vpc = account.client("ec2"), account.vpc()
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    user = account.user(allow("ec2:CreateRoute", ARN.format("ec2", f"route-table/{table}")))

    client = account.client("ec2", user)

    assert client.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)


def test_an_unknown_association_names_nothing(account: Any) -> None:
    user = account.user(allow("ec2:DisassociateAddress"))

    assert "InvalidAssociationID" in account.refusal("ec2", "disassociate_address", user, AssociationId="eipassoc-0")


def test_an_association_of_an_address_is_judged_by_the_address(account: Any) -> None:
    ec2 = account.client("ec2")
    allocation = ec2.allocate_address(Domain="vpc")["AllocationId"]
    machine = {"ImageId": "ami-1", "SubnetId": account.subnets(account.vpc())[0], "MinCount": 1, "MaxCount": 1}
    instance = ec2.run_instances(**machine)["Instances"][0]["InstanceId"]
    tie = ec2.associate_address(AllocationId=allocation, InstanceId=instance)["AssociationId"]
    user = account.user(allow("ec2:DisassociateAddress", ARN.format("ec2", f"elastic-ip/{allocation}")))

    assert account.client("ec2", user).disassociate_address(AssociationId=tie)


def test_a_private_name_takes_permission_in_route_53(account: Any) -> None:
    vpc = account.vpc()
    ec2 = account.client("ec2")
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    here = {"ForAllValues:StringLike": {"route53:VPCs": "VPCId=*,VPCRegion=us-east-2"}}
    name = "route53:AssociateVPCWithHostedZone"
    zone = "arn:aws:route53:::hostedzone/*"
    user = account.user(allow("ec2:*"))
    allowed = account.user(allow("ec2:*"), allow(name, zone, here))
    given = {
        "VpcId": vpc,
        "ServiceName": "com.amazonaws.us-east-2.ec2",
        "VpcEndpointType": "Interface",
        "SubnetIds": account.subnets(vpc),
        "PrivateDnsEnabled": True,
    }

    assert name in account.refusal("ec2", "create_vpc_endpoint", user, **given)
    assert account.client("ec2", allowed).create_vpc_endpoint(**given)


def test_roles_are_passed_on_by_permission_and_to_the_service_that_is_named(account: Any) -> None:
    role, vpc = account.role("vpc-flow-logs.amazonaws.com"), account.vpc()
    given = {
        "ResourceIds": [vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogGroupName": "x",
        "DeliverLogsPermissionArn": role,
    }
    elsewhere = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    there = {"StringEquals": {"iam:PassedToService": "vpc-flow-logs.amazonaws.com"}}

    for user in (account.user(allow("ec2:*")), account.user(allow("ec2:*"), allow("iam:PassRole", role, elsewhere))):
        assert f"iam:PassRole on resource: {role}" in account.refusal("ec2", "create_flow_logs", user, **given)
    user = account.user(allow("ec2:*"), allow("iam:PassRole", role, there))
    assert account.client("ec2", user).create_flow_logs(**given)["FlowLogIds"]


class Prepared:
    """What a cluster is made of, and users who may make it."""

    def __init__(self, account: Any) -> None:
        self.account, self.name = account, account.name("cluster")
        self.role = account.role("eks.amazonaws.com", "AmazonEKSClusterPolicy")
        key = account.client("kms").create_key()["KeyMetadata"]["Arn"]
        self.key = key
        self.given: dict[str, Any] = {
            "name": self.name,
            "roleArn": self.role,
            "resourcesVpcConfig": {"subnetIds": account.subnets(account.vpc())},
            "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": key}}],
            "tags": {SUFFIX["Key"]: SUFFIX["Value"]},
        }
        self.statements = {
            "eks:CreateCluster": allow(
                "eks:CreateCluster", ARN.format("eks", f"cluster/{self.name}"), tagged("aws:RequestTag")
            ),
            "iam:PassRole": allow("iam:PassRole", self.role),
            "kms:DescribeKey": allow("kms:DescribeKey", key),
            "kms:CreateGrant": allow("kms:CreateGrant", key),
        }


@pytest.mark.parametrize("missing", ["eks:CreateCluster", "iam:PassRole", "kms:DescribeKey", "kms:CreateGrant"])
def test_a_cluster_takes_every_permission_that_it_takes_on_aws(account: Any, missing: str) -> None:
    prepared = Prepared(account)
    statements = [statement for name, statement in prepared.statements.items() if name != missing]

    told = account.refusal("eks", "create_cluster", account.user(*statements), **prepared.given)

    assert told.startswith("AccessDeniedException: ")
    assert missing in told


def test_a_cluster_of_another_name_or_without_the_tag_is_refused(account: Any) -> None:
    prepared = Prepared(account)
    user = account.user(*prepared.statements.values())

    for changes in ({"name": "other"}, {"tags": {"EnvironmentSuffix": "prod"}}):
        assert "eks:CreateCluster" in account.refusal("eks", "create_cluster", user, **{**prepared.given, **changes})
    assert account.client("eks", user).create_cluster(**prepared.given)


def test_parts_of_a_cluster_are_judged_by_their_own_arns(account: Any) -> None:
    prepared = Prepared(account)
    eks, name = account.client("eks"), prepared.name
    eks.create_cluster(**{**prepared.given, "accessConfig": {"authenticationMode": "API"}})
    account.wait()
    eks.create_addon(clusterName=name, addonName="vpc-cni", tags={SUFFIX["Key"]: SUFFIX["Value"]})
    admin = account.role("ec2.amazonaws.com")
    eks.create_access_entry(clusterName=name, principalArn=admin)
    part = account.user(
        allow("eks:DescribeAddon", ARN.format("eks", f"addon/{name}/vpc-cni/*"), tagged("aws:ResourceTag")),
        allow("eks:DescribeAccessEntry", ARN.format("eks", f"access-entry/{name}/role/*")),
        allow("eks:ListAddons", ARN.format("eks", f"cluster/{name}"), tagged("aws:ResourceTag")),
        allow("eks:ListTagsForResource", ARN.format("eks", f"cluster/{name}"), tagged("aws:ResourceTag")),
        allow("eks:DescribeAddonVersions"),
    )
    client = account.client("eks", part)

    assert client.describe_addon(clusterName=name, addonName="vpc-cni")
    assert client.describe_access_entry(clusterName=name, principalArn=admin)
    assert client.list_addons(clusterName=name)["addons"] == ["vpc-cni"]
    assert client.list_tags_for_resource(resourceArn=ARN.format("eks", f"cluster/{name}"))["tags"]
    assert client.describe_addon_versions(addonName="coredns")["addons"]
    for operation, parameters in (
        ("describe_cluster", {"name": name}),
        ("describe_addon", {"clusterName": name, "addonName": "coredns"}),
        ("list_tags_for_resource", {"resourceArn": ARN.format("eks", "cluster/other")}),
        ("list_clusters", {}),
        ("delete_nodegroup", {"clusterName": "other", "nodegroupName": "x"}),
    ):
        assert "AccessDeniedException" in account.refusal("eks", operation, part, **parameters), operation


def test_what_a_node_group_and_add_ons_are_handed_is_judged(account: Any, make_cluster: Any) -> None:
    cluster = make_cluster(bootstrapSelfManagedAddons=True)
    ec2, own = account.client("ec2"), ARN.format("eks", f"*/{cluster.name}*")
    data = {"LaunchTemplateName": account.name("template"), "LaunchTemplateData": {"EbsOptimized": True}}
    template = ec2.create_launch_template(**data)["LaunchTemplate"]["LaunchTemplateId"]
    pods = account.role("pods.eks.amazonaws.com")
    group = {
        "clusterName": cluster.name,
        "nodegroupName": "nodes",
        "subnets": cluster.subnets,
        "nodeRole": cluster.nodes,
        "launchTemplate": {"id": template},
    }
    addon = {
        "clusterName": cluster.name,
        "addonName": "aws-ebs-csi-driver",
        "podIdentityAssociations": [{"serviceAccount": "ebs-csi-controller-sa", "roleArn": pods}],
    }
    association = {"clusterName": cluster.name, "namespace": "a", "serviceAccount": "b", "roleArn": pods}
    user = account.user(allow("eks:*", own))
    passing = account.user(allow("eks:*", own), allow("iam:PassRole"))
    everything = account.user(allow("eks:*", own), allow("iam:PassRole"), allow("ec2:RunInstances"))

    for operation, parameters in (
        ("create_nodegroup", group),
        ("create_addon", addon),
        ("create_pod_identity_association", association),
    ):
        assert "iam:PassRole" in account.refusal("eks", operation, user, **parameters), operation
    assert "ec2:RunInstances" in account.refusal("eks", "create_nodegroup", passing, **group)
    client = account.client("eks", everything)
    assert client.create_nodegroup(**group)
    assert client.create_addon(**addon)
    assert client.create_pod_identity_association(**association)


def test_a_request_that_eks_does_not_understand_is_judged_first(account: Any) -> None:
    user = account.user()

    assert "AccessDeniedException" in account.refusal(
        "eks", "create_cluster", user, name="-", roleArn="x", resourcesVpcConfig={}
    )


def test_roles_are_judged_by_path_tags_and_what_is_attached(account: Any) -> None:
    own = account.name("role")
    policy = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
    arn = f"{ROLE}platform/{own}"
    document = json.dumps({"Statement": []})
    user = account.user(
        allow(["iam:CreateRole", "iam:GetRole"], arn),
        allow("iam:AttachRolePolicy", arn, {"ArnEquals": {"iam:PolicyARN": policy}}),
        allow("iam:DeleteRole", arn, tagged("aws:ResourceTag")),
    )
    iam = account.client("iam", user)
    named = {"RoleName": own}

    tags = {"Tags": [SUFFIX]}
    create = {"AssumeRolePolicyDocument": document, "Path": "/platform/"}
    assert "iam:TagRole" in account.refusal("iam", "create_role", user, **named, **create, **tags)
    assert "AccessDenied" in account.refusal("iam", "create_role", user, **named, AssumeRolePolicyDocument=document)
    iam.create_role(**named, **create)
    assert iam.get_role(**named)
    other = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert "AccessDenied" in account.refusal("iam", "attach_role_policy", user, **named, PolicyArn=other)
    iam.attach_role_policy(**named, PolicyArn=policy)
    account.client("iam").detach_role_policy(**named, PolicyArn=policy)
    assert "iam:DeleteRole" in account.refusal("iam", "delete_role", user, **named)
    account.client("iam").tag_role(**named, **tags)
    iam.delete_role(**named)


def test_identity_providers_and_policies_are_judged_by_their_arns(account: Any) -> None:
    issuer = f"localhost/oidc/{account.name()}"
    provider = f"arn:aws:iam::000000000000:oidc-provider/{issuer}"
    create = ["iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider"]
    user = account.user(
        allow(create, provider, tagged("aws:RequestTag")),
        allow("iam:UntagOpenIDConnectProvider", provider, {"ForAllValues:StringEquals": {"aws:TagKeys": ["old"]}}),
        allow("iam:DeleteOpenIDConnectProvider", provider, tagged("aws:ResourceTag")),
        allow("iam:GetPolicy", "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"),
    )
    iam = account.client("iam", user)
    arn = {"OpenIDConnectProviderArn": provider}

    assert "AccessDenied" in account.refusal("iam", "create_open_id_connect_provider", user, Url=f"https://{issuer}")
    iam.create_open_id_connect_provider(Url=f"https://{issuer}", Tags=[SUFFIX])
    iam.untag_open_id_connect_provider(**arn, TagKeys=["old"])
    told = account.refusal("iam", "untag_open_id_connect_provider", user, **arn, TagKeys=["EnvironmentSuffix"])
    assert "iam:UntagOpenIDConnectProvider" in told
    assert iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
    assert "AccessDenied" in account.refusal("iam", "list_roles", user)
    iam.delete_open_id_connect_provider(**arn)


def test_keys_are_judged_by_tags_and_aliases_twice(account: Any) -> None:
    kms = account.client("kms")
    tags = [{"TagKey": SUFFIX["Key"], "TagValue": SUFFIX["Value"]}]
    alias = f"alias/{account.name()}"
    keys = ARN.format("kms", "key/*")
    user = account.user(
        allow("kms:CreateKey", "*", tagged("aws:RequestTag")),
        allow("kms:TagResource", keys, tagged("aws:RequestTag")),
        allow(["kms:DescribeKey", "kms:CreateAlias", "kms:DeleteAlias"], keys, tagged("aws:ResourceTag")),
        allow(["kms:CreateAlias", "kms:DeleteAlias"], ARN.format("kms", alias)),
        allow("kms:ListKeys"),
    )
    client, foreign = account.client("kms", user), kms.create_key()["KeyMetadata"]["KeyId"]
    only_create = account.user(allow("kms:CreateKey"))

    assert "kms:CreateKey" in account.refusal("kms", "create_key", user)
    assert "kms:TagResource" in account.refusal("kms", "create_key", only_create, Tags=tags)
    key = client.create_key(Tags=tags)["KeyMetadata"]["KeyId"]
    assert "kms:CreateAlias" in account.refusal("kms", "create_alias", user, AliasName=alias, TargetKeyId=foreign)
    assert "alias/other" in account.refusal("kms", "create_alias", user, AliasName="alias/other", TargetKeyId=key)
    client.create_alias(AliasName=alias, TargetKeyId=key)
    assert client.describe_key(KeyId=alias)["KeyMetadata"]["KeyId"] == key
    assert client.describe_key(KeyId=ARN.format("kms", alias))["KeyMetadata"]["KeyId"] == key
    assert "kms:DescribeKey" in account.refusal("kms", "describe_key", user, KeyId=foreign)
    client.delete_alias(AliasName=alias)
    assert client.list_keys()["Keys"]


def test_log_groups_are_judged_by_name_and_tags(account: Any) -> None:
    name = account.name("/group/")
    group = ARN.format("logs", f"log-group:{name}")
    user = account.user(
        allow("logs:CreateLogGroup", f"{group}:*"),
        allow("logs:ListTagsForResource", group),
        allow("logs:DescribeLogGroups", ARN.format("logs", "log-group:*")),
        allow("logs:DeleteLogGroup", f"{group}:*", tagged("aws:ResourceTag")),
    )
    logs = account.client("logs", user)
    tags = {SUFFIX["Key"]: SUFFIX["Value"]}

    assert "logs:TagResource" in account.refusal("logs", "create_log_group", user, logGroupName=name, tags=tags)
    assert "AccessDenied" in account.refusal("logs", "create_log_group", user, logGroupName="/other")
    logs.create_log_group(logGroupName=name)
    assert logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert logs.list_tags_for_resource(resourceArn=group)["tags"] == {}
    told = account.refusal("logs", "delete_log_group", user, logGroupName=name)
    assert f"logs:DeleteLogGroup on resource: {group}:log-stream: " in told
    unspecific = account.user(allow("logs:DeleteLogGroup", group))
    assert "AccessDenied" in account.refusal("logs", "delete_log_group", unspecific, logGroupName=name)
    account.client("logs").tag_resource(resourceArn=group, tags=tags)
    logs.delete_log_group(logGroupName=name)


def test_log_groups_are_listed_by_prefix_page_by_page(account: Any) -> None:
    logs, prefix = account.client("logs"), account.name("/aws/eks/it-")
    names = [f"{prefix}/{number:02}" for number in range(5)]
    for name in names:
        logs.create_log_group(logGroupName=name)
    paginator = logs.get_paginator("describe_log_groups")
    pages = [*paginator.paginate(logGroupNamePrefix=f"{prefix}/", PaginationConfig={"PageSize": 2})]

    assert [len(page["logGroups"]) for page in pages] == [2, 2, 1]
    assert [group["logGroupName"] for page in pages for group in page["logGroups"]] == names
