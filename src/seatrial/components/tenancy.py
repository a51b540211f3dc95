"""The teams that share the cluster."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi_aws.eks.access_entry import AccessEntry

from seatrial.components.environment import Environment
from seatrial.components.inside import Inside, InsideArgs, registered_inputs
from seatrial.components.kubernetes_object import KubernetesObject, Manifest, service_accounts


class TenantArgs(TypedDict):
    """One team."""

    objects: Sequence[Mapping[str, Any]]
    """Manifests: the namespace first, then what is in it."""

    group: str
    """Group of its people in Kubernetes, which their role is bound to."""

    principal: NotRequired[str]
    """ARN of its IAM role. Absent: nobody enters as this team."""


class TenancyArgs(InsideArgs):
    """Inputs of :class:`Tenancy`."""

    tenants: Mapping[str, TenantArgs]
    """Namespace to team. Plain: it decides what exists."""


class Tenancy(pulumi.ComponentResource):
    """A namespace for each team, and its people let in.

    Give it ``depends_on`` the controllers of load balancers and volumes: a team makes some of its own, which only they
    can delete. So a namespace is deleted for real, and with all that is in it, before they are.
    """

    namespaces: Sequence[pulumi.Output[str]]
    """Names of the namespaces, sorted."""

    service_accounts: Sequence[str]
    """Who their pods may be, as ``namespace/name``."""

    def __init__(self, name: str, args: TenancyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Tenancy", name, _registered(args), opts)
        self._places = {
            namespace: _tenant(self, args, args["tenants"][namespace], opts) for namespace in sorted(args["tenants"])
        }
        for namespace, tenant in sorted(args["tenants"].items()):
            _admit(self, args, namespace, tenant)
        self.namespaces = [place.id for place in self._places.values()]
        self.service_accounts = service_accounts(_objects(args))
        self.register_outputs({"namespaces": self.namespaces, "serviceAccounts": self.service_accounts})

    def place(self, namespace: str) -> KubernetesObject:
        """Return a team's namespace, which what others put there waits for."""
        return self._places[namespace]


def _registered(args: TenancyArgs) -> dict[str, Any]:
    """Leave the manifests out: each is a resource of its own."""
    tenants = {
        namespace: {key: value for key, value in tenant.items() if key != "objects"}
        for namespace, tenant in args["tenants"].items()
    }
    return {**registered_inputs(args), "tenants": tenants}


def _objects(args: TenancyArgs) -> list[Manifest]:
    return [manifest for _, tenant in sorted(args["tenants"].items()) for manifest in tenant["objects"]]


def _tenant(
    parent: Tenancy, args: TenancyArgs, tenant: TenantArgs, opts: pulumi.ResourceOptions | None
) -> KubernetesObject:
    place, *contents = tenant["objects"]
    namespace = Inside.of(parent, args, opts).deleted(place)
    # The namespace has waited for all that the component waits for.
    inside = Inside.of(parent, args, pulumi.ResourceOptions(depends_on=[namespace]))
    for manifest in contents:
        inside.ending_with_place(manifest)
    return namespace


def _admit(parent: Tenancy, args: TenancyArgs, namespace: str, tenant: TenantArgs) -> None:
    """Let a team's role in, under the group that the team's rights are bound to."""
    if "principal" not in tenant:
        return
    environment = Environment.of(args)
    name = environment.name(f"eks-tenant-{namespace}-access")
    AccessEntry(
        name,
        cluster_name=args["cluster"].name,
        principal_arn=tenant["principal"],
        kubernetes_groups=[tenant["group"]],
        type="STANDARD",
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
