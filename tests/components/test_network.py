import json
from collections.abc import Callable

import pytest

from seatrial.components.endpoints import INTERFACE_SERVICES
from seatrial.plan import Plan

Planned = Callable[..., Plan]

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
ROUTE = "aws:ec2/route:Route"
NAT = "aws:ec2/natGateway:NatGateway"
EIP = "aws:ec2/eip:Eip"
TABLE = "aws:ec2/routeTable:RouteTable"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


def names(plan: Plan, type_: str) -> list[str]:
    return sorted(resource.name for resource in plan.of_type(type_))


def test_the_vpc_resolves_private_endpoints(planned: Planned) -> None:
    vpc = planned(network={"cidrBlock": "10.9.0.0/16"}).named("eks-vpc-test")

    assert vpc.inputs["cidrBlock"] == "10.9.0.0/16"
    assert vpc.inputs["enableDnsHostnames"] is True
    assert vpc.inputs["enableDnsSupport"] is True


@pytest.mark.parametrize("zones", [2, 3])
def test_every_zone_has_a_public_and_a_private_subnet(planned: Planned, zones: int) -> None:
    plan = planned(network={"zoneCount": zones})

    letters = "abc"[:zones]
    assert names(plan, SUBNET) == sorted(
        f"eks-{kind}-subnet-us-east-2{letter}-test" for kind in ("public", "private") for letter in letters
    )
    for kind in ("public", "private"):
        for letter in letters:
            subnet = plan.named(f"eks-{kind}-subnet-us-east-2{letter}-test")
            assert subnet.inputs["availabilityZone"] == f"us-east-2{letter}"
            assert subnet.inputs["mapPublicIpOnLaunch"] is False


def test_subnets_don_t_overlap_and_keep_their_ranges_when_a_zone_is_added(planned: Planned) -> None:
    two, three = (planned(network={"zoneCount": count}) for count in (2, 3))

    ranges = {subnet.name: subnet.inputs["cidrBlock"] for subnet in three.of_type(SUBNET)}
    assert len(set(ranges.values())) == len(ranges)
    assert all(ranges[subnet.name] == subnet.inputs["cidrBlock"] for subnet in two.of_type(SUBNET))


def test_named_zones_are_taken_in_their_order(planned: Planned) -> None:
    plan = planned(network={"zones": ["us-east-2c", "us-east-2a"]})

    assert plan.outputs["availabilityZones"] == '["us-east-2c", "us-east-2a"]'
    assert plan.named("eks-private-subnet-us-east-2c-test").inputs["cidrBlock"] == "10.0.0.0/18"


@pytest.mark.parametrize(
    ("kind", "role", "other"),
    [
        ("public", "kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"),
        ("private", "kubernetes.io/role/internal-elb", "kubernetes.io/role/elb"),
    ],
)
def test_load_balancers_find_their_subnets_by_one_tag(planned: Planned, kind: str, role: str, other: str) -> None:
    tags = planned().named(f"eks-{kind}-subnet-us-east-2a-test").inputs["tags"]

    assert isinstance(tags, dict | type(planned().named("eks-vpc-test").inputs))
    assert tags[role] == "1"
    assert other not in tags


def test_the_default_security_group_is_emptied(planned: Planned) -> None:
    group = planned().named("eks-default-sg-test")

    assert (group.inputs["ingress"], group.inputs["egress"]) == ((), ())


def test_public_subnets_share_one_way_to_the_internet(planned: Planned) -> None:
    plan = planned()

    route = plan.named("eks-public-default-route-test")
    table = plan.named("eks-public-rt-test")
    assert route.inputs["destinationCidrBlock"] == "0.0.0.0/0"
    assert route.inputs["gatewayId"] == plan.named("eks-igw-test").id
    assert route.inputs["routeTableId"] == table.id
    for letter in "abc":
        association = plan.named(f"eks-public-rta-us-east-2{letter}-test")
        assert association.inputs["routeTableId"] == table.id
        assert association.inputs["subnetId"] == plan.named(f"eks-public-subnet-us-east-2{letter}-test").id


def test_every_private_subnet_has_a_route_table_of_its_own(planned: Planned) -> None:
    plan = planned()

    for letter in "abc":
        association = plan.named(f"eks-private-rta-us-east-2{letter}-test")
        assert association.inputs["routeTableId"] == plan.named(f"eks-private-rt-us-east-2{letter}-test").id
        assert association.inputs["subnetId"] == plan.named(f"eks-private-subnet-us-east-2{letter}-test").id


def test_nat_per_zone_keeps_traffic_in_its_zone(planned: Planned) -> None:
    plan = planned(network={"nat": "per-zone"})

    assert names(plan, NAT) == [f"eks-nat-us-east-2{letter}-test" for letter in "abc"]
    for letter in "abc":
        gateway = plan.named(f"eks-nat-us-east-2{letter}-test")
        route = plan.named(f"eks-private-default-route-us-east-2{letter}-test")
        assert gateway.inputs["subnetId"] == plan.named(f"eks-public-subnet-us-east-2{letter}-test").id
        assert route.inputs["natGatewayId"] == gateway.id
        assert route.inputs["routeTableId"] == plan.named(f"eks-private-rt-us-east-2{letter}-test").id


def test_a_single_nat_serves_every_zone(planned: Planned) -> None:
    plan = planned(network={"nat": "single"})

    (gateway,) = plan.of_type(NAT)
    assert gateway.inputs["subnetId"] == plan.named("eks-public-subnet-us-east-2a-test").id
    for letter in "abc":
        assert plan.named(f"eks-private-default-route-us-east-2{letter}-test").inputs["natGatewayId"] == gateway.id
    assert plan.outputs["natGatewayIds"] == json.dumps([gateway.id])


def test_a_regional_nat_is_in_no_subnet_and_brings_its_own_addresses(planned: Planned) -> None:
    plan = planned(network={"nat": "regional"})

    (gateway,) = plan.of_type(NAT)
    assert gateway.name == "eks-nat-test"
    assert gateway.inputs["availabilityMode"] == "regional"
    assert gateway.inputs["vpcId"] == plan.named("eks-vpc-test").id
    assert not {"subnetId", "allocationId"} & set(gateway.inputs)
    assert plan.of_type(EIP) == ()
    assert len([route for route in plan.of_type(ROUTE) if route.inputs.get("natGatewayId") == gateway.id]) == 3


def test_without_nat_nothing_leaves_and_endpoints_lead_to_aws(planned: Planned) -> None:
    plan = planned(network={"nat": "none"})

    assert plan.of_type(NAT) == ()
    assert names(plan, ROUTE) == ["eks-public-default-route-test"]
    assert plan.outputs["natGatewayIds"] == "[]"
    assert len(plan.of_type(ENDPOINT)) == len(INTERFACE_SERVICES) + 1


@pytest.mark.parametrize("mode", ["single", "per-zone", "regional"])
def test_a_nat_gateway_lives_while_the_internet_gateway_does(planned: Planned, mode: str) -> None:
    plan = planned(network={"nat": mode})

    internet = plan.named("eks-igw-test").urn
    for resource in (*plan.of_type(NAT), *plan.of_type(EIP)):
        assert internet in resource.dependencies


def test_private_subnets_reach_s3_by_a_gateway(planned: Planned) -> None:
    plan = planned()

    (endpoint,) = plan.of_type(ENDPOINT)
    assert endpoint.inputs["vpcEndpointType"] == "Gateway"
    assert endpoint.inputs["serviceName"] == "com.amazonaws.us-east-2.s3"
    assert endpoint.inputs["routeTableIds"] == tuple(
        plan.named(f"eks-private-rt-us-east-2{letter}-test").id for letter in "abc"
    )
    assert "aws:ResourceAccount" in str(endpoint.inputs["policy"])


def test_interface_endpoints_stand_in_every_private_subnet_behind_one_group(planned: Planned) -> None:
    plan = planned(network={"interfaceEndpoints": True})

    group = plan.named("eks-endpoints-sg-test")
    interfaces = [each for each in plan.of_type(ENDPOINT) if each.inputs["vpcEndpointType"] == "Interface"]
    assert sorted(str(each.inputs["serviceName"]) for each in interfaces) == [
        f"com.amazonaws.us-east-2.{service}" for service in INTERFACE_SERVICES
    ]
    for each in interfaces:
        assert each.inputs["privateDnsEnabled"] is True
        assert each.inputs["securityGroupIds"] == (group.id,)
        assert each.inputs["subnetIds"] == tuple(
            plan.named(f"eks-private-subnet-us-east-2{letter}-test").id for letter in "abc"
        )
        assert "aws:PrincipalAccount" in str(each.inputs["policy"])


def test_the_endpoints_admit_https_from_the_network_and_send_nothing(planned: Planned) -> None:
    plan = planned(network={"interfaceEndpoints": True})

    rule = plan.named("eks-endpoints-https-test")
    assert {key: rule.inputs[key] for key in ("ipProtocol", "fromPort", "toPort", "cidrIpv4")} == {
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "cidrIpv4": "10.0.0.0/16",
    }
    assert plan.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") == ()
    assert not {"ingress", "egress"} & set(plan.named("eks-endpoints-sg-test").inputs)


def test_flow_logs_record_all_traffic_into_an_encrypted_group(planned: Planned) -> None:
    plan = planned(network={"flowLogs": {"retentionDays": 30}})

    log, group, role = (
        plan.named(name) for name in ("eks-flow-log-test", "eks-flow-logs-test", "eks-flow-logs-role-test")
    )
    assert log.inputs["trafficType"] == "ALL"
    assert log.inputs["vpcId"] == plan.named("eks-vpc-test").id
    assert log.inputs["logDestination"] == group.outputs["arn"]
    assert log.inputs["iamRoleArn"] == role.outputs["arn"]
    assert group.inputs["retentionInDays"] == 30
    assert group.inputs["kmsKeyId"] == plan.named("eks-logs-key-test").outputs["arn"]
    assert plan.named("eks-flow-logs-delivery-test").urn in log.dependencies


def test_flow_logs_can_be_off(planned: Planned) -> None:
    plan = planned(network={"flowLogs": {"enabled": False}})

    assert plan.of_type("aws:ec2/flowLog:FlowLog") == ()
    assert not {"flowLogGroupName", "flowLogRoleArn"} & set(plan.outputs)
    assert names(plan, "aws:cloudwatch/logGroup:LogGroup") == ["eks-cluster-logs-test"]
