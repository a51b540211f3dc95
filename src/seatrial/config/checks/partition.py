"""Whom and what the description names, and the region's partition: nothing of one is known in another."""

from collections.abc import Iterator

from seatrial import regions
from seatrial.config.checks.check import Check, Context, Place
from seatrial.config.location import found, path
from seatrial.config.network import Nat
from seatrial.errors import Fault

_REGION = ("region",)
_ADMINS = ("cluster", "admins")
_TENANTS = ("tenants",)
_ENABLED = ("kubernetes", "enabled")
_REGISTRY = ("kubernetes", "imageRegistry")
_NAT = ("network", "nat")
_ENDPOINTS = ("network", "interfaceEndpoints")


def _principals(context: Context) -> Iterator[tuple[Place, str]]:
    for name, principal in context.platform.cluster.admins.items():
        yield (*_ADMINS, name), principal
    for namespace, tenant in context.platform.tenants.items():
        if tenant.principal:
            yield (*_TENANTS, namespace, "principal"), tenant.principal


def _principals_known(context: Context) -> Iterator[Fault]:
    region = context.platform.region
    partition = regions.partition(region)
    for place, principal in _principals(context):
        if principal.split(":")[1] != partition:
            yield Fault(
                path(place),
                found(principal),
                f"a principal of {partition}, the partition of {region}: arn:{partition}:iam::…",
                "EKS knows those of its own partition only",
            )


def _registry_known(context: Context) -> Iterator[Fault]:
    platform = context.platform
    registry, domain = platform.kubernetes.image_registry, regions.dns_suffix(regions.partition(platform.region))
    if platform.kubernetes.enabled and registry and not registry.endswith(f".{domain}"):
        yield Fault(path(_REGISTRY), found(registry), f"a registry of {platform.region}'s partition, ….{domain}")


def _endpoints_named(context: Context) -> Iterator[Fault]:
    """Refuse interface endpoints in China, where some services' begin with ``cn.`` and others' don't."""
    network, region = context.platform.network, context.platform.region
    if network.interface_endpoints and regions.partition(region) == regions.CHINA:
        hint = "this release doesn't know what endpoints are called there"
        if network.nat is Nat.NONE:
            yield Fault(path(_NAT), "none", f"another in {region}", hint)
        else:
            yield Fault(path(_ENDPOINTS), "true", f"false in {region}", hint)


CHECKS = (
    Check(reads=(_REGION, _ADMINS, _TENANTS), run=_principals_known),
    Check(reads=(_REGION, _ENABLED, _REGISTRY), run=_registry_known),
    Check(reads=(_REGION, _NAT, _ENDPOINTS), run=_endpoints_named),
)
