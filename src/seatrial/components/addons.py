"""Add-ons that EKS manages."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws.eks.addon import Addon
from pulumi_aws.eks.get_addon_version import get_addon_version_output

from seatrial.components.environment import Environment, EnvironmentArgs, children


class AddonArgs(TypedDict):
    """One add-on."""

    version: NotRequired[str]
    """``v1.20.4-eksbuild.1``. Absent: EKS's default for the Kubernetes minor."""

    configuration: NotRequired[str]
    """JSON by the add-on's own schema. Absent: its defaults."""

    role_arn: NotRequired[pulumi.Input[str]]
    """Role of the add-on's service account. Absent: it needs none."""

    after: NotRequired[Sequence[str]]
    """Add-ons of the same set that must be there first, named earlier in the set."""


class AddonsArgs(EnvironmentArgs):
    """Inputs of :class:`Addons`."""

    cluster_name: pulumi.Input[str]
    """Cluster that gets the add-ons."""

    kubernetes_version: str
    """Kubernetes minor whose default versions are taken."""

    addons: Mapping[str, AddonArgs]
    """Name, as EKS spells it, to add-on, in order. Plain: it decides what exists."""


class Addons(pulumi.ComponentResource):
    """A set of add-ons that are installed, and removed, at the same stage of the platform's life."""

    addon_versions: Mapping[str, pulumi.Output[str]]
    """Name to version."""

    def __init__(self, name: str, args: AddonsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Addons", name, dict(args), opts)
        child = children(self, opts)
        addons: dict[str, Addon] = {}
        for addon, chosen in args["addons"].items():
            first = [addons[other] for other in chosen.get("after", ())]
            waiting = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=first))
            addons[addon] = _addon(self, args, addon, waiting)
        self.addon_versions = {name: addon.addon_version for name, addon in addons.items()}
        self.register_outputs({"addonVersions": self.addon_versions})


def _addon(parent: Addons, args: AddonsArgs, addon: str, opts: pulumi.ResourceOptions) -> Addon:
    environment = Environment.of(args)
    chosen = args["addons"][addon]
    name = environment.name(f"eks-{addon.removeprefix('eks-')}-addon")
    return Addon(
        name,
        addon_name=addon,
        cluster_name=args["cluster_name"],
        addon_version=chosen.get("version") or _default_version(parent, args, addon),
        configuration_values=chosen.get("configuration"),
        service_account_role_arn=chosen.get("role_arn"),
        # What the description says wins over what somebody changed in the cluster.
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        preserve=False,
        tags=environment.tags(name),
        opts=opts,
    )


def _default_version(parent: Addons, args: AddonsArgs, addon: str) -> pulumi.Output[str]:
    found = get_addon_version_output(
        addon_name=addon,
        kubernetes_version=args["kubernetes_version"],
        opts=pulumi.InvokeOptions(parent=parent),
    )
    return found.version
