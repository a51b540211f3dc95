"""As many nodes as the pods need."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from seatrial import names
from seatrial.components.environment import Environment
from seatrial.components.inside import Inside, InsideArgs, registered_inputs
from seatrial.components.issuer import Issuer, IssuerArgs
from seatrial.components.kubernetes_object import service_accounts
from seatrial.components.role import Role
from seatrial.iam import cluster_autoscaler as permissions
from seatrial.iam.document import text
from seatrial.manifests.charts import cluster_autoscaler as autoscaler


class ClusterAutoscalerSettings(TypedDict):
    """What a platform chooses about its autoscaler."""

    kubernetes_version: str
    """Kubernetes minor, which the autoscaler's own has to be."""

    replicas: int
    """Copies, of which one works."""

    private: bool
    """Whether the cluster has no way to the internet."""


class ClusterAutoscalerArgs(InsideArgs, IssuerArgs, ClusterAutoscalerSettings):
    """Inputs of :class:`ClusterAutoscaler`."""


class ClusterAutoscaler(pulumi.ComponentResource):
    """The Cluster Autoscaler.

    It owns nothing in AWS, but sets the size of node groups: it is deleted for real, so that no node is started any
    more when the groups go.
    """

    service_accounts: Sequence[str]
    """Who its pods are, as ``namespace/name``."""

    chart_versions: Mapping[str, str]
    """Release to the version of its chart."""

    role_arn: pulumi.Output[str]
    """Role of the autoscaler."""

    def __init__(self, name: str, args: ClusterAutoscalerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:ClusterAutoscaler", name, registered_inputs(args), opts)
        inside = Inside.of(self, args, opts)
        role = _role(self, args)
        account = autoscaler.account(role.arn)
        known = inside.ending_with_place(account)
        chart = autoscaler.chart(
            cluster=names.cluster(inside.environment.suffix),
            region=args["account"]["region"],
            version=args["kubernetes_version"],
            replicas=int(args["replicas"]),
            private=args["private"],
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


def _role(parent: ClusterAutoscaler, args: ClusterAutoscalerArgs) -> Role:
    environment = Environment.of(args)
    policy = permissions.policy(environment.account, names.cluster(environment.suffix))
    return Role(
        environment.name("cluster-autoscaler-role"),
        {
            **environment.pass_on(),
            "kind": "eks-cluster-autoscaler",
            "description": "Cluster Autoscaler: sizes of the cluster's own node groups",
            "trust": Issuer.of(args).trust(permissions.trust_document),
            "inline_policies": {"node-groups": text(policy)},
        },
        pulumi.ResourceOptions(parent=parent),
    )
