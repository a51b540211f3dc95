"""EC2's networks: refusals that AWS has, states, and deletion only of what nothing needs."""

from typing import Any

import pytest

NOWHERE: dict[str, tuple[str, dict[str, Any], str]] = {
    "vpc": ("describe_vpcs", {"VpcIds": ["vpc-00000000000000000"]}, "InvalidVpcID.NotFound"),
    "subnet": ("describe_subnets", {"SubnetIds": ["subnet-00000000000000000"]}, "InvalidSubnetID.NotFound"),
    "gateway": (
        "describe_internet_gateways",
        {"InternetGatewayIds": ["igw-00000000000000000"]},
        "InvalidInternetGatewayID.NotFound",
    ),
    "table": ("describe_route_tables", {"RouteTableIds": ["rtb-00000000000000000"]}, "InvalidRouteTableID.NotFound"),
    "address": (
        "describe_addresses",
        {"AllocationIds": ["eipalloc-00000000000000000"]},
        "InvalidAllocationID.NotFound",
    ),
    "nat": ("describe_nat_gateways", {"NatGatewayIds": ["nat-00000000000000000"]}, "NatGatewayNotFound"),
    "group": ("describe_security_groups", {"GroupIds": ["sg-00000000000000000"]}, "InvalidGroup.NotFound"),
    "interface": (
        "describe_network_interfaces",
        {"NetworkInterfaceIds": ["eni-00000000000000000"]},
        "InvalidNetworkInterfaceID.NotFound",
    ),
    "endpoint": (
        "describe_vpc_endpoints",
        {"VpcEndpointIds": ["vpce-00000000000000000"]},
        "InvalidVpcEndpointId.NotFound",
    ),
    "flow log": ("describe_flow_logs", {"FlowLogIds": ["fl-00000000000000000"]}, "InvalidFlowLogId.NotFound"),
    "template": (
        "describe_launch_templates",
        {"LaunchTemplateIds": ["lt-00000000000000000"]},
        "InvalidLaunchTemplateId.NotFound",
    ),
    "rule": (
        "describe_security_group_rules",
        {"SecurityGroupRuleIds": ["sgr-00000000000000000"]},
        "InvalidSecurityGroupRuleId.NotFound",
    ),
    "template by name": (
        "describe_launch_templates",
        {"LaunchTemplateNames": ["no-such"]},
        "InvalidLaunchTemplateName.NotFoundException",
    ),
}


@pytest.mark.parametrize(("operation", "parameters", "code"), NOWHERE.values(), ids=NOWHERE)
def test_what_is_not_there_is_not_found(account: Any, operation: str, parameters: dict[str, Any], code: str) -> None:
    assert account.refusal("ec2", operation, **parameters).startswith(f"{code}: ")


def test_a_new_account_has_no_network(account: Any) -> None:
    elsewhere = account.client("ec2", region="eu-central-1")

    assert elsewhere.describe_vpcs()["Vpcs"] == elsewhere.describe_security_groups()["SecurityGroups"] == []


RANGES = {
    "too large a network": ("create_vpc", {"CidrBlock": "10.0.0.0/15"}, "InvalidVpc.Range"),
    "too small a network": ("create_vpc", {"CidrBlock": "10.0.0.0/29"}, "InvalidVpc.Range"),
    "host bits": ("create_vpc", {"CidrBlock": "10.0.0.1/16"}, "InvalidParameterValue"),
    "no range": ("create_vpc", {"CidrBlock": "ten"}, "InvalidParameterValue"),
    "outside": ("create_subnet", {"CidrBlock": "10.1.0.0/24"}, "InvalidSubnet.Range"),
    "too small a subnet": ("create_subnet", {"CidrBlock": "10.0.0.0/29"}, "InvalidSubnet.Range"),
    "over another": ("create_subnet", {"CidrBlock": "10.0.1.128/25"}, "InvalidSubnet.Conflict"),
    "no such zone": (
        "create_subnet",
        {"CidrBlock": "10.0.9.0/24", "AvailabilityZone": "us-east-2d"},
        "InvalidParameterValue",
    ),
    "other region": (
        "create_subnet",
        {"CidrBlock": "10.0.9.0/24", "AvailabilityZone": "eu-central-1a"},
        "InvalidParameterValue",
    ),
}


@pytest.mark.parametrize(("operation", "parameters", "code"), RANGES.values(), ids=RANGES)
def test_ranges_that_aws_refuses_are_refused(
    account: Any, operation: str, parameters: dict[str, Any], code: str
) -> None:
    vpc = account.vpc()
    account.subnets(vpc)
    inside = {"VpcId": vpc} if operation == "create_subnet" else {}

    assert account.refusal("ec2", operation, **inside, **parameters).startswith(f"{code}: ")


@pytest.mark.parametrize(
    ("region", "asked", "zones"),
    [
        ("us-east-2", {}, {"us-east-2a": "use2-az1", "us-east-2b": "use2-az2", "us-east-2c": "use2-az3"}),
        ("ap-northeast-1", {"ZoneNames": ["ap-northeast-1d"]}, {"ap-northeast-1d": "apne1-az2"}),
        (
            "us-west-1",
            {"Filters": [{"Name": "state", "Values": ["available"]}]},
            {"us-west-1a": "usw1-az3", "us-west-1b": "usw1-az1"},
        ),
        ("us-east-1", {"Filters": [{"Name": "zone-id", "Values": ["use1-az3"]}]}, {"us-east-1e": "use1-az3"}),
        ("us-east-1", {"Filters": [{"Name": "zone-type", "Values": ["local-zone"]}]}, {}),
    ],
)
def test_a_region_has_its_own_zones(account: Any, region: str, asked: dict[str, Any], zones: dict[str, str]) -> None:
    told = account.client("ec2", region=region).describe_availability_zones(**asked)["AvailabilityZones"]

    assert {zone["ZoneName"]: zone["ZoneId"] for zone in told} == zones
    assert {zone["RegionName"] for zone in told} <= {region}


def test_a_subnet_tells_the_id_of_its_zone(account: Any) -> None:
    ec2 = account.client("ec2", region="us-east-1")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone="us-east-1a")["Subnet"]

    assert made["AvailabilityZoneId"] == "use1-az6"


def test_a_subnet_counts_the_addresses_that_are_free(account: Any) -> None:
    ec2, subnet = account.client("ec2"), account.subnets(account.vpc())[0]
    before = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"]

    ec2.create_network_interface(SubnetId=subnet)

    assert before == 251
    assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"] == 250


class Network:
    """A network with one of everything that can stand in the way of its deletion."""

    def __init__(self, account: Any) -> None:
        self.account, self.ec2 = account, account.client("ec2")
        self.vpc = account.vpc()
        self.ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        self.subnets = account.subnets(self.vpc)
        self.gateway = account.open(self.vpc)
        self.table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]

    def associate(self) -> str:
        made = self.ec2.associate_route_table(RouteTableId=self.table, SubnetId=self.subnets[0])
        return made["AssociationId"]

    def address(self) -> str:
        return self.ec2.allocate_address(Domain="vpc")["AllocationId"]

    def nat(self, **parameters: Any) -> dict[str, Any]:
        given = parameters or {"SubnetId": self.subnets[0], "AllocationId": self.address()}
        return self.ec2.create_nat_gateway(**given)["NatGateway"]

    def described_nat(self, identity: str) -> dict[str, Any]:
        return self.ec2.describe_nat_gateways(NatGatewayIds=[identity])["NatGateways"][0]

    def group(self, name: str = "own") -> str:
        return self.ec2.create_security_group(GroupName=name, Description="own", VpcId=self.vpc)["GroupId"]

    def endpoint(self, **parameters: Any) -> dict[str, Any]:
        given = {
            "ServiceName": "com.amazonaws.us-east-2.ec2",
            "VpcEndpointType": "Interface",
            "SubnetIds": self.subnets[:1],
            "PrivateDnsEnabled": True,
        }
        return self.ec2.create_vpc_endpoint(VpcId=self.vpc, **{**given, **parameters})["VpcEndpoint"]

    def described_endpoint(self, identity: str) -> dict[str, Any]:
        return self.ec2.describe_vpc_endpoints(VpcEndpointIds=[identity])["VpcEndpoints"][0]

    def refusal(self, operation: str, **parameters: Any) -> str:
        return self.account.refusal("ec2", operation, **parameters)


@pytest.fixture
def network(account: Any) -> Network:
    return Network(account)


def test_nothing_is_deleted_that_something_needs(network: Network) -> None:
    network.associate()
    nat = network.nat()
    group = network.group()
    network.ec2.create_network_interface(SubnetId=network.subnets[1], Groups=[group])
    network.account.wait()

    for operation, parameters in (
        ("delete_vpc", {"VpcId": network.vpc}),
        ("delete_subnet", {"SubnetId": network.subnets[0]}),
        ("delete_route_table", {"RouteTableId": network.table}),
        ("delete_internet_gateway", {"InternetGatewayId": network.gateway}),
        ("detach_internet_gateway", {"InternetGatewayId": network.gateway, "VpcId": network.vpc}),
        ("delete_security_group", {"GroupId": group}),
    ):
        assert network.refusal(operation, **parameters).startswith("DependencyViolation: "), operation
    address = nat["NatGatewayAddresses"][0]["AllocationId"]
    assert network.refusal("release_address", AllocationId=address).startswith("InvalidIPAddress.InUse")
    interface = nat["NatGatewayAddresses"][0]["NetworkInterfaceId"]
    assert "is currently in use" in network.refusal("delete_network_interface", NetworkInterfaceId=interface)


def test_a_network_goes_in_the_right_order_without_a_trace(network: Network) -> None:
    ec2, account = network.ec2, network.account
    ec2.create_tags(Resources=[network.vpc, network.table], Tags=[{"Key": "a", "Value": "b"}])
    association, nat, endpoint, group = network.associate(), network.nat(), network.endpoint(), network.group()
    account.wait()

    ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    account.wait()
    ec2.release_address(AllocationId=nat["NatGatewayAddresses"][0]["AllocationId"])
    ec2.disassociate_route_table(AssociationId=association)
    ec2.delete_route_table(RouteTableId=network.table)
    ec2.detach_internet_gateway(InternetGatewayId=network.gateway, VpcId=network.vpc)
    ec2.delete_internet_gateway(InternetGatewayId=network.gateway)
    ec2.delete_security_group(GroupId=group)
    for subnet in network.subnets:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=network.vpc)

    inside = [{"Name": "vpc-id", "Values": [network.vpc]}]
    assert ec2.describe_network_interfaces(Filters=inside)["NetworkInterfaces"] == []
    assert ec2.describe_route_tables(Filters=inside)["RouteTables"] == []
    named = [{"Name": "resource-id", "Values": [network.vpc, network.table]}]
    assert ec2.describe_tags(Filters=named)["Tags"] == []


def test_a_route_table_that_loses_its_subnet_is_free(network: Network) -> None:
    network.associate()
    network.ec2.delete_subnet(SubnetId=network.subnets[0])

    network.ec2.delete_route_table(RouteTableId=network.table)

    assert "InvalidRouteTableID.NotFound" in network.refusal("describe_route_tables", RouteTableIds=[network.table])


def test_the_network_is_not_deleted_with_a_nat_gateway_or_endpoint_alone(network: Network) -> None:
    ec2 = network.ec2
    endpoint = network.endpoint(VpcEndpointType="Gateway", ServiceName="com.amazonaws.us-east-2.s3", SubnetIds=[])
    for subnet in network.subnets:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_route_table(RouteTableId=network.table)
    ec2.detach_internet_gateway(InternetGatewayId=network.gateway, VpcId=network.vpc)

    assert "DependencyViolation" in network.refusal("delete_vpc", VpcId=network.vpc)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    network.account.wait()
    ec2.delete_vpc(VpcId=network.vpc)


def test_routes_are_made_once_and_lead_somewhere(network: Network, account: Any) -> None:
    ec2, other = network.ec2, Network(account)
    stray = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    route = {"RouteTableId": network.table, "DestinationCidrBlock": "0.0.0.0/0"}

    assert "InvalidRoute.NotFound" in network.refusal("delete_route", **route)
    assert "InvalidRoute.NotFound" in network.refusal("replace_route", **route, GatewayId=network.gateway)
    assert "InvalidGatewayID.NotFound" in network.refusal("create_route", **route, GatewayId="igw-00000000000000000")
    for gateway in (stray, other.gateway):
        assert "belong to different networks" in network.refusal("create_route", **route, GatewayId=gateway)
    ec2.create_route(**route, GatewayId=network.gateway)
    assert "RouteAlreadyExists" in network.refusal("create_route", **route, GatewayId=network.gateway)
    ec2.delete_route(**route)
    ec2.create_route(**route, NatGatewayId=network.nat()["NatGatewayId"])


def test_a_route_to_what_is_gone_is_a_black_hole(network: Network) -> None:
    ec2, nat = network.ec2, network.nat()["NatGatewayId"]
    ec2.create_route(RouteTableId=network.table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)

    ec2.delete_nat_gateway(NatGatewayId=nat)
    network.account.wait()

    routes = ec2.describe_route_tables(RouteTableIds=[network.table])["RouteTables"][0]["Routes"]
    assert [route["State"] for route in routes] == ["active", "blackhole"]


def test_a_subnet_has_one_table_and_a_network_one_gateway(network: Network) -> None:
    network.associate()
    second = {"RouteTableId": network.table, "SubnetId": network.subnets[0]}
    main = [{"Name": "association.main", "Values": ["true"]}, {"Name": "vpc-id", "Values": [network.vpc]}]
    tie = network.ec2.describe_route_tables(Filters=main)["RouteTables"][0]["Associations"][0][
        "RouteTableAssociationId"
    ]
    gateway = network.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]

    assert "Resource.AlreadyAssociated" in network.refusal("associate_route_table", **second)
    assert "cannot disassociate the main" in network.refusal("disassociate_route_table", AssociationId=tie)
    assert "InvalidAssociationID" in network.refusal("disassociate_route_table", AssociationId="rtbassoc-0")
    given = {"InternetGatewayId": gateway, "VpcId": network.vpc}
    assert "already has an internet gateway" in network.refusal("attach_internet_gateway", **given)
    assert "Gateway.NotAttached" in network.refusal("detach_internet_gateway", **given)


def test_a_nat_gateway_has_its_address_and_its_states(network: Network) -> None:
    tags = [{"ResourceType": "natgateway", "Tags": [{"Key": "Name", "Value": "n"}]}]
    given = {"SubnetId": network.subnets[0], "AllocationId": network.address(), "TagSpecifications": tags}

    nat = network.nat(**given)
    network.account.wait()
    found = network.described_nat(nat["NatGatewayId"])
    address = network.ec2.describe_addresses(AllocationIds=[given["AllocationId"]])["Addresses"][0]

    assert (nat["State"], found["State"], found["AvailabilityMode"]) == ("pending", "available", "zonal")
    assert found["Tags"] == [{"Key": "Name", "Value": "n"}]
    assert found["NatGatewayAddresses"][0]["PublicIp"] == address["PublicIp"]
    assert found["NatGatewayAddresses"][0]["AssociationId"] == address["AssociationId"]
    assert address["NetworkInterfaceId"] == found["NatGatewayAddresses"][0]["NetworkInterfaceId"]
    assert "already associated" in network.refusal("create_nat_gateway", **given)
    assert "AuthFailure" in network.refusal("disassociate_address", AssociationId=address["AssociationId"])
    assert "InvalidAssociationID" in network.refusal("disassociate_address", AssociationId="eipassoc-0")


def test_a_deleted_nat_gateway_is_shown_as_deleted_and_frees_its_address(network: Network) -> None:
    nat = network.nat()
    network.account.wait()

    network.ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    leaving = network.described_nat(nat["NatGatewayId"])["State"]
    network.account.wait()

    assert leaving == "deleting"
    assert network.described_nat(nat["NatGatewayId"])["State"] == "deleted"
    assert "NatGatewayNotFound" in network.refusal("delete_nat_gateway", NatGatewayId=nat["NatGatewayId"])
    allocation = nat["NatGatewayAddresses"][0]["AllocationId"]
    assert "AssociationId" not in network.ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]


def test_a_private_nat_gateway_has_no_public_address(network: Network) -> None:
    nat = network.nat(SubnetId=network.subnets[0], ConnectivityType="private")

    assert nat["ConnectivityType"] == "private"
    assert "PublicIp" not in nat["NatGatewayAddresses"][0]


def test_a_regional_nat_gateway_serves_every_zone(network: Network) -> None:
    given = network.address()
    by_itself = network.nat(VpcId=network.vpc, AvailabilityMode="regional")
    told = network.nat(
        VpcId=network.vpc,
        AvailabilityMode="regional",
        AvailabilityZoneAddresses=[{"AvailabilityZone": "us-east-2a", "AllocationIds": [given]}],
    )
    network.account.wait()

    zones = [it["AvailabilityZone"] for it in by_itself["NatGatewayAddresses"]]
    assert zones == ["us-east-2a", "us-east-2b"]
    assert "SubnetId" not in by_itself
    assert [it["AllocationId"] for it in told["NatGatewayAddresses"]] == [given]
    for nat in (by_itself, told):
        network.ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    network.account.wait()
    network.ec2.release_address(AllocationId=given)


NATS: dict[str, tuple[dict[str, Any], str]] = {
    "nowhere": ({}, "MissingParameter: The request must contain the parameter SubnetId"),
    "no address": ({"SubnetId": "own"}, "MissingParameter: The request must contain the parameter AllocationId"),
    "regional in a subnet": (
        {"SubnetId": "own", "AvailabilityMode": "regional"},
        "InvalidParameterCombination: A regional NAT gateway takes a VPC",
    ),
}


@pytest.mark.parametrize(("parameters", "text"), NATS.values(), ids=NATS)
def test_a_nat_gateway_says_what_it_lacks(network: Network, parameters: dict[str, Any], text: str) -> None:
    given = {name: network.subnets[0] if value == "own" else value for name, value in parameters.items()}

    assert network.refusal("create_nat_gateway", **given).startswith(text)


def test_an_interface_endpoint_keeps_all_and_changes_in_place(network: Network) -> None:
    policy = '{"Statement": []}'
    endpoint = network.endpoint(PolicyDocument=policy, SubnetIds=network.subnets)
    identity, group = endpoint["VpcEndpointId"], network.group()
    network.account.wait()
    before = network.described_endpoint(identity)

    network.ec2.modify_vpc_endpoint(
        VpcEndpointId=identity,
        AddSecurityGroupIds=[group],
        RemoveSubnetIds=network.subnets[:1],
        PrivateDnsEnabled=False,
        ResetPolicy=True,
    )
    after = network.described_endpoint(identity)

    assert (endpoint["State"], before["State"]) == ("pending", "available")
    assert (before["PolicyDocument"], before["PrivateDnsEnabled"]) == (policy, True)
    assert [it["GroupName"] for it in before["Groups"]] == ["default"]
    assert len(before["NetworkInterfaceIds"]) == 2
    assert [it["GroupId"] for it in after["Groups"]] == [group]
    assert (after["SubnetIds"], after["PrivateDnsEnabled"]) == (network.subnets[1:], False)
    assert after["NetworkInterfaceIds"] == before["NetworkInterfaceIds"][1:]
    assert '"Principal": "*"' in after["PolicyDocument"]
    network.ec2.modify_vpc_endpoint(VpcEndpointId=identity, PolicyDocument=policy)
    assert network.described_endpoint(identity)["PolicyDocument"] == policy


def test_a_gateway_endpoint_stands_in_route_tables(network: Network) -> None:
    s3: dict[str, Any] = {"VpcEndpointType": "Gateway", "ServiceName": "com.amazonaws.us-east-2.s3", "SubnetIds": []}

    endpoint = network.endpoint(**s3, RouteTableIds=[network.table], PrivateDnsEnabled=False)

    assert (endpoint["State"], endpoint["RouteTableIds"]) == ("available", [network.table])
    assert network.described_endpoint(endpoint["VpcEndpointId"])["NetworkInterfaceIds"] == []
    again = {"VpcId": network.vpc, **s3, "RouteTableIds": [network.table]}
    assert "RouteAlreadyExists" in network.refusal("create_vpc_endpoint", **again)


ENDPOINTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown service": ({"ServiceName": "com.example.x"}, "InvalidServiceName"),
    "not a gateway": (
        {"ServiceName": "com.amazonaws.us-east-2.ec2", "VpcEndpointType": "Gateway"},
        "InvalidServiceName",
    ),
    "bad policy": ({"PolicyDocument": "no"}, "InvalidParameterValue: Policy document is not valid"),
    "second private name": ({}, "conflicting DNS domain"),
}


@pytest.mark.parametrize(("parameters", "text"), ENDPOINTS.values(), ids=ENDPOINTS)
def test_endpoints_that_aws_refuses_are_refused(network: Network, parameters: dict[str, Any], text: str) -> None:
    network.endpoint()
    given = {"VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.us-east-2.ec2", "PrivateDnsEnabled": True}

    assert text in network.refusal("create_vpc_endpoint", VpcId=network.vpc, **{**given, **parameters})


def test_a_private_name_needs_dns_in_the_network(account: Any) -> None:
    given = {"VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.us-east-2.sts", "PrivateDnsEnabled": True}

    told = account.refusal("ec2", "create_vpc_endpoint", VpcId=account.vpc(), **given)

    assert "Enabling private DNS requires both" in told


def test_rules_are_made_once_and_revoked_when_they_are_there(network: Network) -> None:
    group, other = network.group("one"), network.group("two")
    rule = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": other}]}]
    unknown = [
        {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": "sg-00000000000000000"}]}
    ]
    authorize = "authorize_security_group_ingress"

    network.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rule)
    network.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=rule)

    assert "InvalidPermission.Duplicate" in network.refusal(authorize, GroupId=group, IpPermissions=rule)
    assert "InvalidGroup.NotFound" in network.refusal(authorize, GroupId=group, IpPermissions=unknown)
    assert "DependencyViolation" in network.refusal("delete_security_group", GroupId=other)
    network.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=rule)
    revoke = "revoke_security_group_ingress"
    assert "InvalidPermission.NotFound" in network.refusal(revoke, GroupId=group, IpPermissions=rule)


def test_the_tags_of_rules_go_with_their_group(network: Network) -> None:
    group = network.group()
    rule = [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "a", "Value": "b"}]}]
    given = {"GroupId": group, "IpPermissions": rule, "TagSpecifications": tags}
    made = network.ec2.authorize_security_group_ingress(**given)["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    shown = network.ec2.describe_security_group_rules(SecurityGroupRuleIds=[made])["SecurityGroupRules"]

    network.ec2.delete_security_group(GroupId=group)

    named = [{"Name": "resource-id", "Values": [made]}]
    assert shown[0]["Tags"] == [{"Key": "a", "Value": "b"}]
    assert network.ec2.describe_tags(Filters=named)["Tags"] == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"GroupName": "sg-mine", "Description": "x"}, "InvalidParameterValue"),
        ({"GroupName": "a" * 256, "Description": "x"}, "InvalidParameterValue"),
        ({"GroupName": "a", "Description": ""}, "MissingParameter"),
    ],
    ids=["reserved", "long", "no description"],
)
def test_groups_are_named_and_described(network: Network, parameters: dict[str, Any], code: str) -> None:
    assert network.refusal("create_security_group", VpcId=network.vpc, **parameters).startswith(code)


def test_a_flow_log_keeps_all_it_was_given(network: Network, account: Any) -> None:
    role = account.role("vpc-flow-logs.amazonaws.com")
    destination = "arn:aws:logs:us-east-2:000000000000:log-group:flow"
    given: dict[str, Any] = {
        "ResourceIds": [network.vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogDestination": f"{destination}:*",
        "DeliverLogsPermissionArn": role,
        "MaxAggregationInterval": 60,
        "TagSpecifications": [{"ResourceType": "vpc-flow-log", "Tags": [{"Key": "a", "Value": "b"}]}],
    }

    made = network.ec2.create_flow_logs(**given)["FlowLogIds"]
    by_network = [{"Name": "resource-id", "Values": [network.vpc]}]
    log = network.ec2.describe_flow_logs(Filters=by_network)["FlowLogs"][0]

    assert (log["FlowLogId"], log["LogDestination"], log["LogGroupName"]) == (made[0], destination, "flow")
    assert (log["DeliverLogsPermissionArn"], log["MaxAggregationInterval"]) == (role, 60)
    assert (log["Tags"], log["FlowLogStatus"]) == ([{"Key": "a", "Value": "b"}], "ACTIVE")
    assert "FlowLogAlreadyExists" in network.refusal("create_flow_logs", **given)
    for changes, text in (
        ({"DeliverLogsPermissionArn": account.role("ec2.amazonaws.com")}, "Unable to assume given IAM role"),
        ({"DeliverLogsPermissionArn": f"{role}-missing"}, "Unable to assume given IAM role"),
        ({"ResourceIds": ["vpc-00000000000000000"]}, "InvalidVPCId.NotFound"),
    ):
        assert text in network.refusal("create_flow_logs", **{**given, **changes})
    network.ec2.delete_flow_logs(FlowLogIds=made)
    assert network.ec2.describe_flow_logs(Filters=by_network)["FlowLogs"] == []


def test_a_flow_log_by_name_of_its_group_and_one_to_a_bucket(network: Network, account: Any) -> None:
    given = {"ResourceIds": [network.vpc], "ResourceType": "VPC", "TrafficType": "REJECT"}
    bucket = {"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::logs"}

    role = account.role("vpc-flow-logs.amazonaws.com")
    named = network.ec2.create_flow_logs(**given, LogGroupName="by-name", DeliverLogsPermissionArn=role)["FlowLogIds"]
    stored = network.ec2.create_flow_logs(**given, **bucket)["FlowLogIds"]
    logs = network.ec2.describe_flow_logs(FlowLogIds=[*named, *stored])["FlowLogs"]

    assert [log.get("LogGroupName") for log in logs] == ["by-name", None]


def test_a_launch_template_gives_back_every_member(network: Network) -> None:
    name, group = network.account.name("template"), network.group()
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}]
    data: dict[str, Any] = {
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {"Encrypted": True, "KmsKeyId": "key", "VolumeSize": 20, "VolumeType": "gp3"},
            }
        ],
        "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": [group]}],
        "TagSpecifications": tags,
        "Monitoring": {"Enabled": True},
        "SecurityGroupIds": [group],
        "CpuOptions": {"CoreCount": 2},
        "InstanceMarketOptions": {"MarketType": "spot"},
    }
    wanted = {**data, "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}}

    own = [{"ResourceType": "launch-template", "Tags": [{"Key": "x", "Value": "y"}]}]
    made = network.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=wanted, TagSpecifications=own)
    identity = made["LaunchTemplate"]["LaunchTemplateId"]
    network.ec2.create_tags(Resources=[identity], Tags=[{"Key": "z", "Value": "1"}])
    network.ec2.create_launch_template_version(LaunchTemplateName=name, LaunchTemplateData={"ImageId": "ami-1"})
    versions = network.ec2.describe_launch_template_versions(LaunchTemplateId=identity)["LaunchTemplateVersions"]
    template = network.ec2.describe_launch_templates(LaunchTemplateNames=[name])["LaunchTemplates"][0]

    first = versions[1]["LaunchTemplateData"]
    assert {member: first[member] for member in data} == data
    assert first["MetadataOptions"] == {"State": "applied", **wanted["MetadataOptions"]}
    assert versions[0]["LaunchTemplateData"] == {"ImageId": "ami-1"}
    assert template["Tags"] == [{"Key": "x", "Value": "y"}, {"Key": "z", "Value": "1"}]
    assert "InvalidLaunchTemplateName" in network.refusal("delete_launch_template", LaunchTemplateName="no-such")


def test_tags_of_aws_and_too_many_are_refused(network: Network) -> None:
    many = [{"Key": str(number), "Value": ""} for number in range(51)]

    reserved = network.refusal("create_tags", Resources=[network.vpc], Tags=[{"Key": "aws:x", "Value": ""}])
    assert "are reserved for internal use" in reserved
    assert "TagLimitExceeded" in network.refusal("create_tags", Resources=[network.vpc], Tags=many)


def test_lists_are_filtered_by_fields_and_tags(network: Network) -> None:
    ec2 = network.ec2
    ec2.create_tags(Resources=network.subnets[:1], Tags=[{"Key": "role", "Value": "elb-1"}])
    here = {"Name": "vpc-id", "Values": [network.vpc]}

    def found(*filters: dict[str, Any]) -> list[str]:
        return [subnet["SubnetId"] for subnet in ec2.describe_subnets(Filters=[here, *filters])["Subnets"]]

    assert found() == network.subnets
    assert found({"Name": "tag:role", "Values": ["elb-*"]}) == network.subnets[:1]
    assert found({"Name": "tag-key", "Values": ["role"]}) == network.subnets[:1]
    assert found({"Name": "availability-zone", "Values": ["us-east-2b"]}) == network.subnets[1:]
    assert "The filter 'colour' is invalid" in network.refusal(
        "describe_subnets", Filters=[{"Name": "colour", "Values": ["red"]}]
    )
    gateways = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [network.vpc]}])
    assert [it["InternetGatewayId"] for it in gateways["InternetGateways"]] == [network.gateway]
    default = [{"Name": "is-default", "Values": ["false"]}, here]
    assert [it["VpcId"] for it in ec2.describe_vpcs(Filters=default)["Vpcs"]] == [network.vpc]


def test_a_free_interface_is_deleted(network: Network) -> None:
    made = network.ec2.create_network_interface(SubnetId=network.subnets[0])["NetworkInterface"]

    network.ec2.delete_network_interface(NetworkInterfaceId=made["NetworkInterfaceId"])

    inside = [{"Name": "subnet-id", "Values": [network.subnets[0]]}]
    assert network.ec2.describe_network_interfaces(Filters=inside)["NetworkInterfaces"] == []


def test_rules_are_revoked_as_lists_show_them(account: Any) -> None:
    ec2, vpc = account.client("ec2"), account.vpc()
    group, peer = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("own", "peer")
    )
    rule: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": peer}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    (listed,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]

    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=listed["IpPermissions"])
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=listed["IpPermissionsEgress"])

    (emptied,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert (emptied["IpPermissions"], emptied["IpPermissionsEgress"]) == ([], [])
