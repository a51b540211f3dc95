"""Records of who talked to whom in a network."""

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.ec2.flow_log import FlowLog

from seatrial.components.environment import Environment, EnvironmentArgs
from seatrial.components.role import Role
from seatrial.iam import flow_logs
from seatrial.iam.document import text


class FlowLogsArgs(EnvironmentArgs):
    """Inputs of :class:`FlowLogs`."""

    vpc_id: pulumi.Input[str]
    """Network to watch."""

    retention_days: int
    """Days to keep the records."""

    kms_key_arn: pulumi.Input[str]
    """Key that encrypts the records; its policy must admit the log group."""


class FlowLogs(pulumi.ComponentResource):
    """Flow logs of a network, all traffic, in a log group of their own."""

    log_group_name: pulumi.Output[str]
    """Log group that holds the records."""

    role_arn: pulumi.Output[str]
    """Role that delivers them."""

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:FlowLogs", name, dict(args), opts)
        log_group = _log_group(self, args)
        role = _role(self, args)
        _flow_log(self, args, log_group, role)
        self.log_group_name = log_group.name
        self.role_arn = role.arn
        self.register_outputs({"logGroupName": self.log_group_name, "roleArn": self.role_arn})


def log_group_name(environment: Environment) -> str:
    """Return the log group's name, which the policies of its key and its role need before it exists."""
    return environment.name("eks-flow-logs")


def _log_group(parent: FlowLogs, args: FlowLogsArgs) -> LogGroup:
    environment = Environment.of(args)
    name = log_group_name(environment)
    return LogGroup(
        name,
        name=name,
        retention_in_days=int(args["retention_days"]),
        kms_key_id=args["kms_key_arn"],
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _role(parent: FlowLogs, args: FlowLogsArgs) -> Role:
    environment = Environment.of(args)
    delivery = flow_logs.delivery_policy(environment.account, log_group_name(environment))
    return Role(
        environment.name("flow-logs-role"),
        {
            **environment.pass_on(),
            "kind": "eks-flow-logs",
            "description": "Delivers VPC flow logs",
            "trust": text(flow_logs.trust_document(environment.account)),
            "inline_policies": {"delivery": text(delivery)},
        },
        pulumi.ResourceOptions(parent=parent),
    )


def _flow_log(parent: FlowLogs, args: FlowLogsArgs, log_group: LogGroup, role: Role) -> None:
    environment = Environment.of(args)
    name = environment.name("eks-flow-log")
    FlowLog(
        name,
        vpc_id=args["vpc_id"],
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=log_group.arn,
        iam_role_arn=role.arn,
        max_aggregation_interval=600,
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[role]),
    )
