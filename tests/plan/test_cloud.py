"""The fake cloud answers in AWS's shapes, and refuses what AWS's provider would."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
from pulumi_aws.eks.get_addon_version import get_addon_version
from pulumi_aws.get_availability_zones import get_availability_zones
from pulumi_aws.get_caller_identity import get_caller_identity
from pulumi_aws.get_partition import get_partition
from pulumi_aws.get_region import get_region
from pulumi_aws.provider import Provider

from seatrial import plan
from seatrial.plan import Plan, PlanError, Properties, Resource, Secret, Unknown, Value
from seatrial.plan.cloud import Cloud, Made

Planned = Callable[[Callable[[pulumi.ResourceOptions], object]], Plan]

REGION = "us-east-2"
ARN = rf"arn:aws:([a-z0-9]+:({REGION})?:123456789012|s3::):.+"
EC2 = r"-0[0-9a-f]{16}"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"


def provider(region: str = REGION) -> Resource:
    return resource("pulumi:providers:aws", {"region": region})


def resource(token: str, inputs: Properties) -> Resource:
    name = f"some-{token.rpartition(':')[2].lower()}"
    return Resource(urn=f"urn:pulumi:s::p::{token}::{name}", type=token, name=name, custom=True, inputs=inputs)


def made(token: str, inputs: Mapping[str, Value], region: str = REGION) -> Made:
    return Cloud().make(resource(token, inputs), provider(region))[0]


def refusals(token: str, inputs: Mapping[str, Value]) -> list[str]:
    return list(Cloud().make(resource(token, inputs), provider())[1])


ROLE_ARN = "arn:aws:iam::123456789012:role/admin"
POLICY_ARN = "arn:aws:iam::aws:policy/ReadOnlyAccess"
VALID: Mapping[str, Properties] = {
    "aws:ec2/vpc:Vpc": {"cidrBlock": "10.0.0.0/16"},
    "aws:ec2/subnet:Subnet": {"vpcId": "vpc-1", "availabilityZone": "us-east-2b"},
    "aws:ec2/internetGateway:InternetGateway": {},
    "aws:ec2/eip:Eip": {"domain": "vpc"},
    "aws:ec2/natGateway:NatGateway": {"subnetId": "subnet-1"},
    "aws:ec2/routeTable:RouteTable": {"vpcId": "vpc-1"},
    "aws:ec2/route:Route": {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"},
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {"routeTableId": "rtb-1"},
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {"vpcId": "vpc-1"},
    "aws:ec2/securityGroup:SecurityGroup": {"description": "x"},
    "aws:ec2/flowLog:FlowLog": {"trafficType": "ALL"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"vpcId": "vpc-1", "serviceName": "com.amazonaws.us-east-2.s3"},
    "aws:ec2/launchTemplate:LaunchTemplate": {"namePrefix": "lt-"},
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"ipProtocol": "-1", "securityGroupId": "sg-1"},
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {"ipProtocol": "-1", "securityGroupId": "sg-1"},
    "aws:eks/cluster:Cluster": {"name": "c", "roleArn": ROLE_ARN, "vpcConfig": {"subnetIds": ("subnet-1",)}},
    "aws:eks/nodeGroup:NodeGroup": {
        "clusterName": "c",
        "nodeGroupName": "n",
        "nodeRoleArn": ROLE_ARN,
        "subnetIds": ("subnet-1",),
        "scalingConfig": {"desiredSize": 1, "maxSize": 2, "minSize": 1},
    },
    "aws:eks/addon:Addon": {"clusterName": "c", "addonName": "coredns"},
    "aws:eks/accessEntry:AccessEntry": {"clusterName": "c", "principalArn": ROLE_ARN},
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
        "clusterName": "c",
        "principalArn": ROLE_ARN,
        "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
        "accessScope": {"type": "cluster"},
    },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
        "clusterName": "c",
        "namespace": "n",
        "roleArn": ROLE_ARN,
        "serviceAccount": "s",
    },
    "aws:iam/role:Role": {"assumeRolePolicy": "{}", "path": "/team/", "name": "r"},
    "aws:iam/rolePolicy:RolePolicy": {"role": "r", "policy": "{}", "name": "p"},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {"role": "r", "policyArn": POLICY_ARN},
    "aws:iam/policy:Policy": {"policy": "{}", "name": "p"},
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        "url": "https://oidc.example/id/1",
        "clientIdLists": ("sts.amazonaws.com",),
    },
    "aws:kms/key:Key": {"enableKeyRotation": True},
    "aws:kms/alias:Alias": {"name": "alias/a", "targetKeyId": "1234"},
    "aws:cloudwatch/logGroup:LogGroup": {"name": "/aws/eks/c/cluster", "retentionInDays": 30},
    "aws:s3/bucket:Bucket": {"forceDestroy": True},
    "aws:s3/bucketPolicy:BucketPolicy": {"bucket": "b", "policy": "{}"},
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {"bucket": "b", "blockPublicAcls": True},
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
        "bucket": "b",
        "rule": {"objectOwnership": "BucketOwnerEnforced"},
    },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        "bucket": "b",
        "rules": ({"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}},),
    },
}

IDS = {
    "Vpc": rf"vpc{EC2}",
    "Subnet": rf"subnet{EC2}",
    "InternetGateway": rf"igw{EC2}",
    "Eip": rf"eipalloc{EC2}",
    "NatGateway": rf"nat{EC2}",
    "RouteTable": rf"rtb{EC2}",
    "Route": r"r-rtb-1\d+",
    "RouteTableAssociation": rf"rtbassoc{EC2}",
    "DefaultSecurityGroup": rf"sg{EC2}",
    "SecurityGroup": rf"sg{EC2}",
    "FlowLog": rf"fl{EC2}",
    "VpcEndpoint": rf"vpce{EC2}",
    "LaunchTemplate": rf"lt{EC2}",
    "SecurityGroupIngressRule": rf"sgr{EC2}",
    "SecurityGroupEgressRule": rf"sgr{EC2}",
    "Cluster": "c",
    "NodeGroup": "c:n",
    "Addon": "c:coredns",
    "AccessEntry": f"c:{ROLE_ARN}",
    "AccessPolicyAssociation": rf"c#{ROLE_ARN}#arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    "PodIdentityAssociation": r"a-[0-9a-f]{17}",
    "Role": "r",
    "RolePolicy": "r:p",
    "RolePolicyAttachment": f"r/{POLICY_ARN}",
    "Policy": "arn:aws:iam::123456789012:policy/p",
    "OpenIdConnectProvider": "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/1",
    "Key": UUID,
    "Alias": "alias/a",
    "LogGroup": "/aws/eks/c/cluster",
    "Bucket": "some-bucket-[0-9a-f]{7}",
    "BucketPolicy": "b",
    "BucketPublicAccessBlock": "b",
    "BucketOwnershipControls": "b",
    "BucketServerSideEncryptionConfiguration": "b",
}


@pytest.mark.parametrize("token", VALID)
def test_a_valid_resource_is_made_with_an_id_of_its_type(token: str) -> None:
    name = token.rpartition(":")[2]

    assert refusals(token, VALID[token]) == []
    assert re.fullmatch(IDS[name], str(made(token, VALID[token]).id))


@pytest.mark.parametrize("token", VALID)
def test_arns_have_aws_s_shape(token: str) -> None:
    outputs = made(token, VALID[token]).outputs

    arns = {key: value for key, value in outputs.items() if key.lower().endswith("arn")}
    assert all(re.fullmatch(ARN, str(value)) for value in arns.values())


@pytest.mark.parametrize("token", VALID)
def test_two_resources_of_a_type_differ(token: str) -> None:
    names = ("namePrefix", "name", "nodeGroupName", "clusterName", "role", "url", "routeTableId", "bucket")
    inputs = {key: value for key, value in VALID[token].items() if key not in names}
    one = resource(token, inputs)
    two = Resource(urn=f"{one.urn}-2", type=token, name="other", custom=True, inputs=inputs)

    first, second = (Cloud().make(each, provider())[0] for each in (one, two))

    content_addressed = {"Route", "Addon", "AccessEntry", "AccessPolicyAssociation", "RolePolicyAttachment"}
    settings = {f"Bucket{part}" for part in ("Policy", "PublicAccessBlock", "OwnershipControls")}
    same = token.rpartition(":")[2] in {
        *content_addressed,
        *settings,
        "OpenIdConnectProvider",
        "BucketServerSideEncryptionConfiguration",
    }
    assert (first.id == second.id) is same


@pytest.mark.parametrize(
    ("token", "inputs", "expected"),
    [
        pytest.param("aws:ec2/vpc:Vpc", {}, {"ownerId": "123456789012", "tagsAll": {}}, id="owner"),
        pytest.param("aws:ec2/vpc:Vpc", {"tags": {"a": "b"}}, {"tagsAll": {"a": "b"}}, id="tags"),
        pytest.param(
            "aws:ec2/subnet:Subnet", {"availabilityZone": "us-east-2b"}, {"availabilityZoneId": "use2-az2"}, id="zone"
        ),
        pytest.param(
            "aws:ec2/subnet:Subnet", {"availabilityZone": "nowhere"}, {"availabilityZoneId": ""}, id="no zone"
        ),
        pytest.param("aws:ec2/eip:Eip", {}, {"publicIp": r"3\.1[6-9]\.\d+\.\d+"}, id="address"),
        pytest.param("aws:ec2/natGateway:NatGateway", {}, {"publicIp": r"3\..*"}, id="NAT"),
        pytest.param(
            "aws:ec2/natGateway:NatGateway",
            {"availabilityMode": "regional"},
            {"routeTableId": rf"rtb{EC2}", "publicIp": None},
            id="regional NAT",
        ),
        pytest.param(
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            {"serviceName": "com.amazonaws.us-east-2.s3"},
            {"prefixListId": "pl-7ba54012", "state": "available"},
            id="gateway endpoint",
        ),
        pytest.param(
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            {"serviceName": "com.amazonaws.us-east-2.other"},
            {"prefixListId": rf"pl{EC2}"},
            id="gateway endpoint of another service",
        ),
        pytest.param(
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            {"vpcEndpointType": "Interface", "subnetIds": ("a",), "serviceName": "com.amazonaws.us-east-2.sts"},
            {"prefixListId": None},
            id="interface endpoint",
        ),
        pytest.param(
            "aws:ec2/launchTemplate:LaunchTemplate",
            {},
            {"latestVersion": 1, "name": "some-launchtemplate-[0-9a-f]{7}"},
            id="made-up name",
        ),
        pytest.param(
            "aws:ec2/launchTemplate:LaunchTemplate",
            {"namePrefix": "x-"},
            {"name": "x-[0-9a-f]{7}"},
            id="prefixed name",
        ),
        pytest.param(
            "aws:eks/addon:Addon", {"addonName": "a", "addonVersion": "v1"}, {"addonVersion": "v1"}, id="add-on"
        ),
        pytest.param(
            "aws:eks/accessEntry:AccessEntry",
            {"principalArn": ROLE_ARN, "clusterName": "c"},
            {"accessEntryArn": f".*:access-entry/c/role/123456789012/admin/{UUID}"},
            id="access entry",
        ),
        pytest.param(
            "aws:iam/role:Role",
            {"path": "/team/", "name": "r"},
            {"arn": "arn:aws:iam::123456789012:role/team/r"},
            id="role path",
        ),
        pytest.param(
            "aws:iam/role:Role", {"name": Secret("r")}, {"arn": "arn:aws:iam::123456789012:role/r"}, id="secret"
        ),
        pytest.param("aws:iam/role:Role", {"name": Unknown()}, {"path": "/"}, id="unknown"),
        pytest.param(
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            {"url": "https://a", "thumbprintLists": ("t",)},
            {"url": "a", "thumbprintLists": ("t",)},
            id="issuer",
        ),
        pytest.param(
            "aws:kms/alias:Alias",
            {"name": "alias/a", "targetKeyId": "k"},
            {"targetKeyArn": "arn:aws:kms:us-east-2:123456789012:key/k"},
            id="alias of an id",
        ),
        pytest.param(
            "aws:kms/alias:Alias",
            {"targetKeyId": "arn:k"},
            {"targetKeyArn": "arn:k", "name": "alias/some-alias-.*"},
            id="alias of an ARN",
        ),
        pytest.param(
            "aws:s3/bucket:Bucket",
            {"bucket": "b"},
            {"arn": "arn:aws:s3:::b", "bucketRegionalDomainName": "b.s3.us-east-2.amazonaws.com"},
            id="bucket",
        ),
    ],
)
def test_outputs(token: str, inputs: Properties, expected: Mapping[str, Any]) -> None:
    outputs = made(token, inputs).outputs

    for key, value in expected.items():
        found = outputs.get(key)
        assert found == value or re.fullmatch(value, str(found))


def test_an_interface_endpoint_has_an_interface_in_each_subnet() -> None:
    inputs: Properties = {"vpcEndpointType": "Interface", "subnetIds": ("a", "b"), "serviceName": "s"}

    interfaces = made("aws:ec2/vpcEndpoint:VpcEndpoint", inputs).outputs["networkInterfaceIds"]

    assert isinstance(interfaces, tuple)
    assert len(set(interfaces)) == 2


def test_a_cluster_answers_as_eks_does() -> None:
    outputs = made("aws:eks/cluster:Cluster", VALID["aws:eks/cluster:Cluster"]).outputs

    assert re.fullmatch(r"https://[0-9A-F]{32}\.gr7\.us-east-2\.eks\.amazonaws\.com", str(outputs["endpoint"]))
    assert outputs["status"] == "ACTIVE"
    assert re.search(
        r"'issuer': 'https://oidc\.eks\.us-east-2\.amazonaws\.com/id/[0-9A-F]{32}'", repr(outputs["identities"])
    )
    network = outputs["vpcConfig"]
    assert isinstance(network, Mapping)
    assert network["subnetIds"] == ("subnet-1",)
    assert re.fullmatch(rf"sg{EC2}", str(network["clusterSecurityGroupId"]))


def test_a_node_group_names_its_auto_scaling_group() -> None:
    outputs = made("aws:eks/nodeGroup:NodeGroup", VALID["aws:eks/nodeGroup:NodeGroup"]).outputs

    assert re.search(rf"'name': 'eks-n-{UUID}'", repr(outputs["resources"]))


@pytest.mark.parametrize(
    ("region", "partition"), [("us-east-2", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_arns_name_partition_and_region(region: str, partition: str) -> None:
    assert str(made("aws:ec2/vpc:Vpc", {}, region).outputs["arn"]).startswith(f"arn:{partition}:ec2:{region}:")


def test_a_resource_can_be_in_another_region_than_its_provider() -> None:
    assert str(made("aws:ec2/vpc:Vpc", {"region": "eu-west-1"}).outputs["arn"]).startswith("arn:aws:ec2:eu-west-1:")


CLUSTER = VALID["aws:eks/cluster:Cluster"]
NODES = VALID["aws:eks/nodeGroup:NodeGroup"]


@pytest.mark.parametrize(
    ("token", "inputs", "reason"),
    [
        pytest.param("aws:iam/role:Role", {}, "assumeRolePolicy: required, and missing", id="missing"),
        pytest.param(
            "aws:iam/role:Role", {"assumeRolePolicy": None}, "assumeRolePolicy: required, and missing", id="null"
        ),
        pytest.param(
            "aws:ec2/vpc:Vpc",
            {"cidrBlok": "x"},
            "cidrBlok: the provider has no such input; did you mean cidrBlock?",
            id="near miss",
        ),
        pytest.param("aws:ec2/vpc:Vpc", {"qqq": "x"}, "qqq: the provider has no such input", id="unknown"),
        pytest.param(
            "aws:ec2/vpc:Vpc",
            {"cidr_block": "x"},
            "cidr_block: the provider has no such input; did you mean cidrBlock?",
            id="Python's spelling",
        ),
        pytest.param(
            "aws:ec2/vpc:Vpc", {"cidrBlock": 10}, "cidrBlock: text is expected, found a number", id="number for text"
        ),
        pytest.param(
            "aws:ec2/vpc:Vpc",
            {"cidrBlock": True},
            "cidrBlock: text is expected, found true or false",
            id="bool for text",
        ),
        pytest.param(
            "aws:ec2/vpc:Vpc",
            {"cidrBlock": Secret(("x",))},
            "cidrBlock: text is expected, found a list",
            id="secret of another kind",
        ),
        pytest.param(
            "aws:ec2/vpc:Vpc",
            {"enableDnsSupport": "yes"},
            "enableDnsSupport: true or false is expected, found text",
            id="text for bool",
        ),
        pytest.param(
            "aws:ec2/vpc:Vpc",
            {"enableDnsSupport": 1},
            "enableDnsSupport: true or false is expected, found a number",
            id="number for bool",
        ),
        pytest.param(
            "aws:kms/key:Key",
            {"deletionWindowInDays": 7.5},
            "deletionWindowInDays: a whole number is expected, found a number",
            id="fraction",
        ),
        pytest.param(
            "aws:kms/key:Key",
            {"deletionWindowInDays": True},
            "deletionWindowInDays: a whole number is expected, found true or false",
            id="bool for number",
        ),
        pytest.param("aws:ec2/vpc:Vpc", {"tags": "x"}, "tags: a map is expected, found text", id="text for map"),
        pytest.param(
            "aws:ec2/vpc:Vpc", {"tags": {"a": 1}}, "tags.a: text is expected, found a number", id="value of a map"
        ),
        pytest.param(
            "aws:eks/cluster:Cluster",
            {**CLUSTER, "vpcConfig": "x"},
            "vpcConfig: an object is expected, found text",
            id="text for object",
        ),
        pytest.param(
            "aws:eks/cluster:Cluster",
            {**CLUSTER, "vpcConfig": {}},
            "vpcConfig.subnetIds: required, and missing",
            id="nested and missing",
        ),
        pytest.param(
            "aws:eks/cluster:Cluster",
            {**CLUSTER, "vpcConfig": {"subnetIds": ("a",), "subnets": ()}},
            "vpcConfig.subnets: the provider has no such input; did you mean subnetIds?",
            id="nested and unknown",
        ),
        pytest.param(
            "aws:eks/cluster:Cluster",
            {**CLUSTER, "vpcConfig": {"subnetIds": {}}},
            "vpcConfig.subnetIds: a list is expected, found an object",
            id="object for list",
        ),
        pytest.param(
            "aws:eks/nodeGroup:NodeGroup",
            {**NODES, "taints": ({"key": "k"},)},
            "taints[0].effect: required, and missing",
            id="element",
        ),
        pytest.param(
            "aws:iam/role:Role",
            {"assumeRolePolicy": 5},
            "assumeRolePolicy: text is expected, found a number",
            id="union",
        ),
        pytest.param(
            "aws:iam/role:Role",
            {"assumeRolePolicy": {"Version": "1999", "Statements": ()}},
            "assumeRolePolicy: text is expected, found an object",
            id="enumeration",
        ),
    ],
)
def test_refusals(token: str, inputs: Properties, reason: str) -> None:
    assert refusals(token, inputs) == [reason]


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        pytest.param("aws:ec2/vpc:Vpc", {"cidrBlock": Unknown()}, id="unknown"),
        pytest.param("aws:ec2/vpc:Vpc", {"cidrBlock": Secret("10.0.0.0/16")}, id="secret"),
        pytest.param("aws:ec2/vpc:Vpc", {"tags": {"a": None}}, id="null"),
        pytest.param(
            "aws:eks/cluster:Cluster", {**CLUSTER, "vpcConfig": {"subnetIds": (Unknown(),)}}, id="unknown element"
        ),
        pytest.param("aws:iam/role:Role", {"assumeRolePolicy": Unknown()}, id="unknown that is required"),
        pytest.param(
            "aws:ec2/launchTemplate:LaunchTemplate",
            {"instanceMarketOptions": {"spotOptions": {"maxPrice": "1"}}},
            id="nested",
        ),
    ],
)
def test_accepted(token: str, inputs: Properties) -> None:
    assert refusals(token, inputs) == []


@pytest.mark.parametrize(
    ("smallest", "reasons"),
    [
        (2, []),
        (2.5, []),
        ("2", ["instanceRequirements.memoryGibPerVcpu.min: a number is expected, found text"]),
        (True, ["instanceRequirements.memoryGibPerVcpu.min: a number is expected, found true or false"]),
    ],
)
def test_where_a_fraction_is_allowed_any_number_is(smallest: Value, reasons: list[str]) -> None:
    requirements: Properties = {"memoryMib": {"min": 1}, "vcpuCount": {"min": 1}, "memoryGibPerVcpu": {"min": smallest}}

    assert refusals("aws:ec2/launchTemplate:LaunchTemplate", {"instanceRequirements": requirements}) == reasons


def test_a_policy_may_be_a_document() -> None:
    statement: Properties = {"Effect": "Allow", "Action": "sts:AssumeRole"}

    assert (
        refusals("aws:iam/role:Role", {"assumeRolePolicy": {"Version": "2012-10-17", "Statement": (statement,)}}) == []
    )


def test_a_resource_needs_a_provider() -> None:
    (reason,) = Cloud().make(resource("aws:ec2/vpc:Vpc", {}), None)[1]

    assert reason == (
        "no provider is given, so that account and region would be those of whoever deploys; "
        "give it a provider, or a parent that has one"
    )


@pytest.mark.parametrize("region", [None, "", "nowhere-1", Unknown()])
def test_a_provider_needs_a_region(region: Value) -> None:
    found = list(Cloud().make(resource("pulumi:providers:aws", {"region": region}), None)[1])

    assert len(found) == 1
    assert "in which EKS runs; there are af-south-1, " in found[0]


def invoked(function: Callable[[pulumi.InvokeOptions], Any], region: str = REGION) -> Any:
    answers: list[Any] = []

    def program() -> None:
        answers.append(function(pulumi.InvokeOptions(provider=Provider("aws", region=region))))

    plan.run(program, project="p", stack="s")
    return answers[0]


def test_the_account_is_told() -> None:
    identity = invoked(lambda opts: get_caller_identity(opts=opts))

    assert identity.account_id == "123456789012"
    assert re.fullmatch(r"arn:aws:iam::123456789012:user/.+", identity.arn)


@pytest.mark.parametrize(
    ("region", "partition", "suffix", "reverse"),
    [
        ("us-east-2", "aws", "amazonaws.com", "com.amazonaws"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"),
        ("us-gov-east-1", "aws-us-gov", "amazonaws.com", "com.amazonaws"),
    ],
)
def test_the_partition_is_told(region: str, partition: str, suffix: str, reverse: str) -> None:
    found = invoked(lambda opts: get_partition(opts=opts), region)

    assert (found.partition, found.dns_suffix, found.reverse_dns_prefix) == (partition, suffix, reverse)


def test_the_region_is_told() -> None:
    found = invoked(lambda opts: get_region(opts=opts))

    assert (found.region, found.endpoint) == ("us-east-2", "ec2.us-east-2.amazonaws.com")


def test_another_region_can_be_asked_for() -> None:
    assert invoked(lambda opts: get_availability_zones(region="us-west-1", opts=opts)).names == [
        "us-west-1a",
        "us-west-1b",
    ]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        pytest.param({}, "abcdef", id="all"),
        pytest.param({"state": "available"}, "abcdef", id="available"),
        pytest.param({"exclude_names": ["us-east-1a"]}, "bcdef", id="without names"),
        pytest.param({"exclude_zone_ids": ["use1-az3"]}, "abcdf", id="without ids"),
        pytest.param({"filters": [{"name": "zone-type", "values": ["availability-zone"]}]}, "abcdef", id="filtered"),
    ],
)
def test_zones_are_told(arguments: dict[str, Any], names: str) -> None:
    found = invoked(lambda opts: get_availability_zones(**arguments, opts=opts), "us-east-1")

    assert found.names == [f"us-east-1{letter}" for letter in names]
    assert len(found.zone_ids) == len(names)


@pytest.mark.parametrize(
    ("name", "version"),
    [("kube-proxy", r"v1\.36\.\d+-eksbuild\.\d+"), ("coredns", r"v\d+\.\d+\.\d+-eksbuild\.\d+")],
)
def test_add_on_versions_are_told(name: str, version: str) -> None:
    found = invoked(lambda opts: get_addon_version(addon_name=name, kubernetes_version="1.36", opts=opts))

    assert re.fullmatch(version, found.version)


@pytest.mark.parametrize(
    ("token", "arguments", "reason"),
    [
        pytest.param(
            "aws:ec2/getVpc:getVpc", {}, "knows no such function; it knows aws:eks/getAddonVersion:", id="function"
        ),
        pytest.param(
            "aws:index/getRegion:getRegion",
            {"endpoint": "x"},
            "can't take endpoint into account; it can id, name",
            id="argument",
        ),
        pytest.param("aws:index/getRegion:getRegion", {"region": "nowhere-1"}, "no region 'nowhere-1'", id="region"),
        pytest.param(
            "aws:index/getAvailabilityZones:getAvailabilityZones",
            {"filters": [{"name": "x", "values": ["y"]}]},
            "can't filter zones by",
            id="filter",
        ),
        pytest.param("aws:eks/getAddonVersion:getAddonVersion", {"addonName": "x"}, "knows no add-on 'x'", id="add-on"),
    ],
)
def test_refused_invokes(planned: Planned, token: str, arguments: Mapping[str, Any], reason: str) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        pulumi.runtime.invoke(token, arguments, pulumi.InvokeOptions(provider=options.provider))

    with pytest.raises(PlanError, match=re.escape(reason)):
        planned(program)
