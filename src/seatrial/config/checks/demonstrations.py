"""The demonstrations: in whose namespace they are, and whether they fit into it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seatrial.config.checks.check import GROUPS, Check, Context, Place
from seatrial.config.demonstrations import IRSA_DEMO, SPOT_DEMO, Footprint
from seatrial.config.faults import near
from seatrial.config.location import found, path
from seatrial.config.model import Platform
from seatrial.config.node_groups import CapacityType
from seatrial.config.quantities import mebibytes, millicores
from seatrial.config.tenants import Tenant
from seatrial.errors import Fault, listed

_ENABLED = ("kubernetes", "enabled")
_TENANTS = ("tenants",)
_IRSA_DEMO = ("kubernetes", "irsaDemo")
_SPOT_DEMO = ("kubernetes", "spotDemo")


@dataclass(frozen=True, slots=True)
class _Demonstration:
    """Pods in a tenant's namespace."""

    place: Place
    namespace: str
    each: Footprint
    pods: int


def _demonstrations(platform: Platform) -> Iterator[_Demonstration]:
    """Give those that are wanted, each with as many pods as it ever has at once."""
    irsa, spot = platform.kubernetes.irsa_demo, platform.kubernetes.spot_demo
    if platform.kubernetes.enabled and irsa.enabled:
        yield _Demonstration(_IRSA_DEMO, irsa.namespace, IRSA_DEMO, 1 if irsa.test_pod else 0)
    if platform.kubernetes.enabled and spot.enabled:
        # An update starts a new one before an old one goes.
        yield _Demonstration(_SPOT_DEMO, spot.namespace, SPOT_DEMO, spot.replicas + 1)


def _at_home(context: Context) -> Iterator[Fault]:
    tenants = list(context.platform.tenants)
    for demo in _demonstrations(context.platform):
        if demo.namespace not in tenants:
            hint = near(demo.namespace, tenants) or f"or set {path(demo.place)}.enabled to false"
            names = listed(tenants) or "none there"
            where = path((*demo.place, "namespace"))
            yield Fault(where, found(demo.namespace), f"the name of a tenant: {names}", hint)


def _fitting(context: Context) -> Iterator[Fault]:
    demos = [demo for demo in _demonstrations(context.platform) if demo.pods]
    for namespace, tenant in context.platform.tenants.items():
        inside = [demo for demo in demos if demo.namespace == namespace]
        if inside:
            yield from _short((*_TENANTS, namespace), tenant, inside)


def _short(place: Place, tenant: Tenant, inside: list[_Demonstration]) -> Iterator[Fault]:
    who = " and ".join(path(demo.place) for demo in inside)
    sections = tenant.model_dump(by_alias=True, include={"quota", "limits"})
    for (section, key), needed in _needed(inside).items():
        given: int | str = sections[section][key]
        if _amount(given) < _amount(needed):
            yield Fault(
                path((*place, section, key)),
                found(given),
                f"at least {needed}, which the pods of {who} take",
                "or turn the demonstration off: Kubernetes would refuse its pods",
            )


def _needed(inside: list[_Demonstration]) -> Mapping[tuple[str, str], int | str]:
    cpu = sum(demo.pods * millicores(demo.each.cpu) for demo in inside)
    memory = sum(demo.pods * mebibytes(demo.each.memory) for demo in inside)
    return {
        ("quota", "pods"): sum(demo.pods for demo in inside),
        ("quota", "cpu"): f"{cpu}m",
        ("quota", "memory"): f"{memory}Mi",
        ("quota", "memoryLimit"): f"{memory}Mi",
        ("limits", "memoryMost"): max((demo.each.memory for demo in inside), key=mebibytes),
    }


def _amount(value: int | str) -> int:
    if isinstance(value, int):
        return value
    return mebibytes(value) if value.endswith("i") else millicores(value)


def _on_spot_nodes(context: Context) -> Iterator[Fault]:
    platform = context.platform
    bought = {group.capacity_type for group in platform.node_groups.values()}
    if platform.kubernetes.enabled and platform.kubernetes.spot_demo.enabled and CapacityType.SPOT not in bought:
        yield Fault(
            path((*_SPOT_DEMO, "enabled")),
            "true",
            "false when no group has the capacityType SPOT",
            "no node would ever be interrupted",
        )


CHECKS = (
    Check(reads=(_ENABLED, _TENANTS, _IRSA_DEMO, _SPOT_DEMO), run=_at_home),
    Check(reads=(_ENABLED, _TENANTS, _IRSA_DEMO, _SPOT_DEMO), run=_fitting),
    Check(reads=(_ENABLED, GROUPS, (*_SPOT_DEMO, "enabled")), run=_on_spot_nodes),
)
