"""What is put into the cluster: as whom, for whom, and what it needs."""

from collections.abc import Iterator

from seatrial import releases
from seatrial.config.checks.check import Check, Context
from seatrial.config.faults import near
from seatrial.config.location import found, path
from seatrial.config.network import Nat
from seatrial.errors import Fault, listed

_ENABLED = ("kubernetes", "enabled")
_DEPLOY_AS = ("kubernetes", "deployAs")
_ADMINS = ("cluster", "admins")
_TENANTS = ("tenants",)
_POLICIES = ("addons", "vpcCni", "networkPolicy")
_REGION = ("region",)
_REGISTRY = ("kubernetes", "imageRegistry")
_NAT = ("network", "nat")
_AUTOSCALER = ("kubernetes", "clusterAutoscaler", "enabled")
_VERSION = ("cluster", "version")


def _somebody_deploys(context: Context) -> Iterator[Fault]:
    platform = context.platform
    if platform.kubernetes.enabled and not platform.cluster.admins:
        yield Fault(
            path(_ADMINS),
            "(missing)",
            "at least one administrator when kubernetes.enabled is true",
            "nobody else could put objects into the cluster, not even who creates it: name a role that your "
            "deployments may assume, or set kubernetes.enabled to false",
        )


def _deployer_is_known(context: Context) -> Iterator[Fault]:
    chosen, admins = context.platform.kubernetes, list(context.platform.cluster.admins)
    names = listed(admins) or "none there"
    if chosen.deploy_as is not None and chosen.deploy_as not in admins:
        hint = near(chosen.deploy_as, admins)
        yield Fault(path(_DEPLOY_AS), found(chosen.deploy_as), f"a name of cluster.admins: {names}", hint)
    if chosen.enabled and chosen.deploy_as is None and len(admins) > 1:
        hint = "the deployment enters the cluster as one of them"
        yield Fault(path(_DEPLOY_AS), "(missing)", f"a name of cluster.admins when there are several: {names}", hint)


def _policies_enforced(context: Context) -> Iterator[Fault]:
    platform = context.platform
    if platform.kubernetes.enabled and platform.tenants and not platform.addons.vpc_cni.network_policy:
        yield Fault(
            path(_POLICIES),
            "false",
            "true when kubernetes.enabled is true and there are tenants",
            "the policies that keep the tenants apart would be accepted and do nothing",
        )


def _autoscaler_of_the_version(context: Context) -> Iterator[Fault]:
    platform, known = context.platform, releases.autoscaled_minors()
    enabled = platform.kubernetes.enabled and platform.kubernetes.cluster_autoscaler.enabled
    if enabled and platform.cluster.version not in known:
        yield Fault(
            path(_AUTOSCALER),
            "true",
            f"false when cluster.version is {platform.cluster.version}",
            f"this release knows autoscalers for Kubernetes {', '.join(known)}, and each fits its own version only",
        )


def _images_within_reach(context: Context) -> Iterator[Fault]:
    platform, registry = context.platform, context.platform.kubernetes.image_registry
    if not platform.kubernetes.enabled or platform.network.nat is not Nat.NONE:
        return
    if not registry:
        yield Fault(
            path(_REGISTRY),
            "(missing)",
            "a registry of ECR when network.nat is none",
            "nodes reach no other: make pull-through caches for public.ecr.aws (ecr-public) and registry.k8s.io "
            "(kubernetes), or set kubernetes.enabled to false",
        )
    elif f".{platform.region}." not in registry:
        yield Fault(
            path(_REGISTRY),
            found(registry),
            f"a registry in the platform's own region, {platform.region}, when network.nat is none",
            "endpoints inside the network lead to the registries of their own region only",
        )


CHECKS = (
    Check(reads=(_ENABLED, _ADMINS), run=_somebody_deploys),
    Check(reads=(_ENABLED, _DEPLOY_AS, _ADMINS), run=_deployer_is_known),
    Check(reads=(_ENABLED, _TENANTS, _POLICIES), run=_policies_enforced),
    Check(reads=(_ENABLED, _AUTOSCALER, _VERSION), run=_autoscaler_of_the_version),
    Check(reads=(_ENABLED, _REGION, _REGISTRY, _NAT), run=_images_within_reach),
)
