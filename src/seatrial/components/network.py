"""The network: a VPC over several zones, and its ways in and out."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws.ec2.default_security_group import DefaultSecurityGroup
from pulumi_aws.ec2.route_table import RouteTable
from pulumi_aws.ec2.subnet import Subnet
from pulumi_aws.ec2.vpc import Vpc

from seatrial.components import routing
from seatrial.components.endpoints import Endpoints
from seatrial.components.environment import Environment, EnvironmentArgs
from seatrial.components.flow_logs import FlowLogs
from seatrial.components.routing import Ground
from seatrial.config.network import Nat


class NetworkSettings(TypedDict):
    """What a platform chooses about its network."""

    cidr_block: str
    """IPv4 range of the VPC."""

    public_subnets: Mapping[str, str]
    """Zone to range, for load balancers and NAT gateways. Plain: it decides how many subnets exist."""

    private_subnets: Mapping[str, str]
    """Zone to range, for nodes, pods and the control plane's interfaces; of the same zones."""

    nat: Nat
    """How private subnets reach the internet."""

    interface_endpoints: bool
    """Reach the AWS APIs through interfaces in the private subnets."""

    flow_log_retention_days: NotRequired[int]
    """Days to keep flow logs. Absent: no flow logs."""


class NetworkArgs(EnvironmentArgs, NetworkSettings):
    """Inputs of :class:`Network`."""

    logs_key_arn: pulumi.Input[str]
    """Key that encrypts the flow logs."""


class Network(pulumi.ComponentResource):
    """A VPC with a public and a private subnet in every zone.

    To depend on this component is to wait for, and to be deleted before, every route: nodes can reach AWS from their
    first moment to their last.
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""

    public_subnet_ids: Mapping[str, pulumi.Output[str]]
    """Zone to subnet."""

    private_subnet_ids: Mapping[str, pulumi.Output[str]]
    """Zone to subnet."""

    nat_gateway_ids: Sequence[pulumi.Output[str]]
    """The NAT gateways, in the order of their zones; empty without NAT."""

    flow_log_group_name: pulumi.Output[str] | None
    """Log group of the flow logs; none without them."""

    flow_logs_role_arn: pulumi.Output[str] | None
    """Role that delivers the flow logs; none without them."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Network", name, dict(args), opts)
        vpc = _vpc(self, args)
        ground = Ground(parent=self, environment=Environment.of(args), vpc_id=vpc.id)
        _empty_default_security_group(ground)
        public = {zone: _public_subnet(ground, zone, cidr) for zone, cidr in args["public_subnets"].items()}
        private = {zone: _private_subnet(ground, zone, cidr) for zone, cidr in args["private_subnets"].items()}
        internet = routing.public(ground, public)
        gateways = routing.nat(ground, args["nat"], public, internet)
        tables = routing.private(ground, private, gateways)
        _endpoints(ground, args, private, tables)
        logs = _flow_logs(ground, args)

        self.vpc_id = vpc.id
        self.public_subnet_ids = {zone: subnet.id for zone, subnet in public.items()}
        self.private_subnet_ids = {zone: subnet.id for zone, subnet in private.items()}
        self.nat_gateway_ids = [gateway.id for gateway in dict.fromkeys(gateways.values())]
        self.flow_log_group_name = logs.log_group_name if logs else None
        self.flow_logs_role_arn = logs.role_arn if logs else None
        self.register_outputs(
            {
                "vpcId": self.vpc_id,
                "publicSubnetIds": self.public_subnet_ids,
                "privateSubnetIds": self.private_subnet_ids,
                "natGatewayIds": self.nat_gateway_ids,
                "flowLogGroupName": self.flow_log_group_name,
                "flowLogsRoleArn": self.flow_logs_role_arn,
            }
        )


def _vpc(parent: Network, args: NetworkArgs) -> Vpc:
    environment = Environment.of(args)
    name = environment.name("eks-vpc")
    return Vpc(
        name,
        cidr_block=args["cidr_block"],
        enable_dns_support=True,
        # The private endpoint of the cluster, and those of AWS services, are resolved inside the VPC.
        enable_dns_hostnames=True,
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _empty_default_security_group(ground: Ground) -> None:
    """Take its rules away: whatever is started without a security group of its own gets this one."""
    name = ground.environment.name("eks-default-sg")
    DefaultSecurityGroup(
        name,
        vpc_id=ground.vpc_id,
        ingress=[],
        egress=[],
        tags=ground.environment.tags(name),
        opts=ground.child,
    )


def _public_subnet(ground: Ground, zone: str, cidr_block: str) -> Subnet:
    return _subnet(ground, f"eks-public-subnet-{zone}", zone, cidr_block, "kubernetes.io/role/elb")


def _private_subnet(ground: Ground, zone: str, cidr_block: str) -> Subnet:
    return _subnet(ground, f"eks-private-subnet-{zone}", zone, cidr_block, "kubernetes.io/role/internal-elb")


def _subnet(ground: Ground, kind: str, zone: str, cidr_block: str, role: str) -> Subnet:
    """Make a subnet; ``role`` is the tag by which the load balancer controller finds it."""
    name = ground.environment.name(kind)
    return Subnet(
        name,
        vpc_id=ground.vpc_id,
        availability_zone=zone,
        cidr_block=cidr_block,
        # Load balancers and NAT gateways bring their own addresses; nothing else belongs in a public subnet.
        map_public_ip_on_launch=False,
        tags=ground.environment.tags(name, **{role: "1"}),
        opts=ground.child,
    )


def _endpoints(
    ground: Ground, args: NetworkArgs, subnets: Mapping[str, Subnet], tables: Mapping[str, RouteTable]
) -> None:
    Endpoints(
        ground.environment.name("endpoints"),
        {
            **ground.environment.pass_on(),
            "vpc_id": ground.vpc_id,
            "cidr_block": args["cidr_block"],
            "route_table_ids": {zone: table.id for zone, table in tables.items()},
            "subnet_ids": {zone: subnet.id for zone, subnet in subnets.items()},
            "interfaces": args["interface_endpoints"],
        },
        ground.child,
    )


def _flow_logs(ground: Ground, args: NetworkArgs) -> FlowLogs | None:
    days = args.get("flow_log_retention_days")
    if days is None:
        return None
    return FlowLogs(
        ground.environment.name("flow-logs"),
        {
            **ground.environment.pass_on(),
            "vpc_id": ground.vpc_id,
            "retention_days": int(days),
            "kms_key_arn": args["logs_key_arn"],
        },
        ground.child,
    )
