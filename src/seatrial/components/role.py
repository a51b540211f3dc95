"""An IAM role with everything that is attached to it."""

from collections.abc import Mapping
from typing import NotRequired

import pulumi
from pulumi_aws.iam.role import Role as IamRole
from pulumi_aws.iam.role_policy import RolePolicy
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment

from seatrial.components.environment import Environment, EnvironmentArgs


class RoleArgs(EnvironmentArgs):
    """Inputs of :class:`Role`."""

    kind: str
    """What the role is for, ``eks-node``: its name becomes ``eks-node-role-<suffix>``."""

    description: str
    """What the role is for, for who finds it in the console."""

    trust: pulumi.Input[str]
    """Trust document, JSON."""

    managed_policies: NotRequired[Mapping[str, str]]
    """Name to ARN of the managed policies to attach. Plain: it decides what exists."""

    inline_policies: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Name to policy document, JSON, of policies that belong to this role alone."""


class Role(pulumi.ComponentResource):
    """A role that is ready when all of its policies are.

    To depend on this component is to wait for every attachment, and to be deleted before the first of them.
    """

    arn: pulumi.Output[str]
    """ARN of the role."""

    def __init__(self, name: str, args: RoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Role", name, dict(args), opts)
        environment = Environment.of(args)
        role = _role(self, environment, args)
        for policy, arn in sorted(args.get("managed_policies", {}).items()):
            _attach(self, environment, f"{args['kind']}-{policy}", role, arn)
        for policy, text in sorted(args.get("inline_policies", {}).items()):
            _inline(self, environment, f"{args['kind']}-{policy}", role, text)
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})


def _role(parent: Role, environment: Environment, args: RoleArgs) -> IamRole:
    name = environment.name(f"{args['kind']}-role")
    return IamRole(
        name,
        name=name,
        description=args["description"],
        assume_role_policy=args["trust"],
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _attach(parent: Role, environment: Environment, kind: str, role: IamRole, policy_arn: str) -> None:
    RolePolicyAttachment(
        environment.name(kind),
        role=role.name,
        policy_arn=policy_arn,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _inline(parent: Role, environment: Environment, kind: str, role: IamRole, text: pulumi.Input[str]) -> None:
    name = environment.name(kind)
    RolePolicy(name, name=name, role=role.name, policy=text, opts=pulumi.ResourceOptions(parent=parent))
