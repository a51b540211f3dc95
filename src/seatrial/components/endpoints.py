"""Private ways from a network to the AWS APIs."""

from collections.abc import Mapping

import pulumi
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.ec2.vpc_endpoint import VpcEndpoint
from pulumi_aws.vpc.security_group_ingress_rule import SecurityGroupIngressRule

from seatrial.components.environment import Environment, EnvironmentArgs
from seatrial.iam import endpoints
from seatrial.iam.document import text

INTERFACE_SERVICES = (
    "autoscaling",
    "ec2",
    "ec2messages",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "logs",
    "ssm",
    "ssmmessages",
    "sts",
    "xray",
)
"""What nodes, add-ons and controllers call; S3 has a gateway instead, which costs nothing."""


class EndpointsArgs(EnvironmentArgs):
    """Inputs of :class:`Endpoints`."""

    vpc_id: pulumi.Input[str]
    """Network that gets the endpoints."""

    cidr_block: str
    """Range of the network: who may use them."""

    route_table_ids: Mapping[str, pulumi.Input[str]]
    """Zone to the route table that learns the way to S3."""

    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone to the subnet that holds the interfaces."""

    interfaces: bool
    """Make interface endpoints too, at about 0.01 USD an hour each and zone."""


class Endpoints(pulumi.ComponentResource):
    """A gateway to S3 and, when asked for, interfaces of the other services."""

    def __init__(self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Endpoints", name, dict(args), opts)
        _gateway(self, args)
        if args["interfaces"]:
            group = _security_group(self, args)
            for service in INTERFACE_SERVICES:
                _interface(self, args, service, group)
        self.register_outputs({})


def _gateway(parent: Endpoints, args: EndpointsArgs) -> None:
    environment = Environment.of(args)
    name = environment.name("eks-s3-endpoint")
    VpcEndpoint(
        name,
        vpc_id=args["vpc_id"],
        vpc_endpoint_type="Gateway",
        service_name=_service_name(environment, "s3"),
        route_table_ids=[args["route_table_ids"][zone] for zone in sorted(args["route_table_ids"])],
        policy=text(endpoints.s3(environment.account)),
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _interface(parent: Endpoints, args: EndpointsArgs, service: str, group: SecurityGroup) -> None:
    environment = Environment.of(args)
    name = environment.name(f"eks-{service.replace('.', '-')}-endpoint")
    VpcEndpoint(
        name,
        vpc_id=args["vpc_id"],
        vpc_endpoint_type="Interface",
        service_name=_service_name(environment, service),
        private_dns_enabled=True,
        subnet_ids=[args["subnet_ids"][zone] for zone in sorted(args["subnet_ids"])],
        security_group_ids=[group.id],
        policy=text(endpoints.interface(environment.account, service)),
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _security_group(parent: Endpoints, args: EndpointsArgs) -> SecurityGroup:
    """Admit HTTPS from the network; an endpoint answers but never calls, so nothing goes out."""
    environment = Environment.of(args)
    name = environment.name("eks-endpoints-sg")
    child = pulumi.ResourceOptions(parent=parent)
    group = SecurityGroup(
        name,
        name=name,
        description="HTTPS to the interface endpoints",
        vpc_id=args["vpc_id"],
        tags=environment.tags(name),
        opts=child,
    )
    rule = environment.name("eks-endpoints-https")
    SecurityGroupIngressRule(
        rule,
        security_group_id=group.id,
        description="HTTPS from the network",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_ipv4=args["cidr_block"],
        tags=environment.tags(rule),
        opts=child,
    )
    return group


def _service_name(environment: Environment, service: str) -> str:
    return f"com.amazonaws.{environment.account.region}.{service}"
