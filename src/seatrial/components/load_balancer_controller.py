"""Load balancers for Services and Ingresses."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from seatrial.components.environment import Environment
from seatrial.components.inside import Inside, InsideArgs, registered_inputs
from seatrial.components.issuer import Issuer, IssuerArgs
from seatrial.components.kubernetes_object import service_accounts
from seatrial.components.role import Role
from seatrial.iam import load_balancer_controller as permissions
from seatrial.iam.document import text
from seatrial.manifests.charts import load_balancer_controller as controller


class LoadBalancerControllerSettings(TypedDict):
    """What a platform chooses about its controller of load balancers."""

    replicas: int
    """Copies, of which one works."""

    private: bool
    """Whether the cluster has no way to the internet."""


class LoadBalancerControllerArgs(InsideArgs, IssuerArgs, LoadBalancerControllerSettings):
    """Inputs of :class:`LoadBalancerController`."""

    vpc_id: pulumi.Input[str]
    """Network of the load balancers."""


class LoadBalancerController(pulumi.ComponentResource):
    """The AWS Load Balancer Controller.

    Give it ``depends_on`` nodes, names and the way to AWS. What it makes in AWS only it deletes: give whatever may make
    a Service or an Ingress ``depends_on`` this component, and it is deleted after them, for real.
    """

    service_accounts: Sequence[str]
    """Who its pods are, as ``namespace/name``."""

    chart_versions: Mapping[str, str]
    """Release to the version of its chart."""

    role_arn: pulumi.Output[str]
    """Role of the controller."""

    def __init__(self, name: str, args: LoadBalancerControllerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:LoadBalancerController", name, registered_inputs(args), opts)
        inside = Inside.of(self, args, opts)
        role = _role(self, args)
        account = controller.account(role.arn)
        known = inside.ending_with_place(account)
        chart = controller.chart(
            cluster=args["cluster"].name,
            region=args["account"]["region"],
            vpc_id=args["vpc_id"],
            replicas=int(args["replicas"]),
            private=args["private"],
            tags=inside.environment.shared_tags,
            registry=args.get("image_registry", ""),
        )
        inside.release(chart, [role, known])
        self.service_accounts = service_accounts([account])
        self.chart_versions = {chart.release: chart.source.version}
        self.role_arn = role.arn
        self.register_outputs(
            {
                "serviceAccounts": self.service_accounts,
                "chartVersions": self.chart_versions,
                "roleArn": self.role_arn,
            }
        )


def _role(parent: LoadBalancerController, args: LoadBalancerControllerArgs) -> Role:
    environment = Environment.of(args)
    both = pulumi.Output.all(args["cluster"].name, args["vpc_id"])
    policy = both.apply(lambda values: permissions.policy(environment.account, *values))
    return Role(
        environment.name("load-balancer-controller-role"),
        {
            **environment.pass_on(),
            "kind": "eks-load-balancer-controller",
            "description": "AWS Load Balancer Controller: load balancers of Services and Ingresses",
            "trust": Issuer.of(args).trust(permissions.trust_document),
            "inline_policies": {"load-balancers": policy.apply(text)},
        },
        pulumi.ResourceOptions(parent=parent),
    )
