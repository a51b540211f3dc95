"""Tenants: each in itself, among each other, and beside the administrators."""

from collections.abc import Callable, Iterator

from seatrial.config.checks.check import Check, Context
from seatrial.config.location import found, path
from seatrial.config.quantities import mebibytes, millicores
from seatrial.config.tenants import Tenant
from seatrial.errors import Fault

_TENANTS = ("tenants",)
_ADMINS = ("cluster", "admins")


def _principals_are_no_admins(context: Context) -> Iterator[Fault]:
    admins = {principal: name for name, principal in context.platform.cluster.admins.items()}
    for namespace, tenant in context.platform.tenants.items():
        if tenant.principal in admins:
            yield Fault(
                path((*_TENANTS, namespace, "principal")),
                found(tenant.principal),
                "a principal that isn't an administrator",
                f"it is cluster.admins.{admins[tenant.principal]}, who may do everything everywhere",
            )


def _principals_distinct(context: Context) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for namespace, tenant in context.platform.tenants.items():
        if tenant.principal in first:
            yield Fault(
                path((*_TENANTS, namespace, "principal")),
                found(tenant.principal),
                "each principal once",
                f"{first[tenant.principal]} has it, and EKS allows one access entry for each: "
                "give each tenant a role of its own",
            )
        elif tenant.principal:
            first[tenant.principal] = namespace


def _amounts_ordered(context: Context) -> Iterator[Fault]:
    for namespace, tenant in context.platform.tenants.items():
        for low, high, measure in _ORDERED:
            small, large = _amount(tenant, low), _amount(tenant, high)
            if measure(small) > measure(large):
                where = path((*_TENANTS, namespace, *low))
                yield Fault(where, found(small), f"at most {'.'.join(high)}, {large}", "Kubernetes refuses it, or pods")


_Amount = tuple[str, str]
_ORDERED: tuple[tuple[_Amount, _Amount, Callable[[str], int]], ...] = (
    (("limits", "cpuRequest"), ("quota", "cpu"), millicores),
    (("limits", "memoryRequest"), ("limits", "memoryLimit"), mebibytes),
    (("limits", "memoryLimit"), ("limits", "memoryMost"), mebibytes),
    (("limits", "memoryMost"), ("quota", "memoryLimit"), mebibytes),
    (("quota", "memory"), ("quota", "memoryLimit"), mebibytes),
)
"""What may not be more than what, and how it is measured."""


def _amount(tenant: Tenant, place: _Amount) -> str:
    section = {"limits": tenant.limits, "quota": tenant.quota}[place[0]]
    return str(section.model_dump(by_alias=True)[place[1]])


CHECKS = (
    Check(reads=(_TENANTS, _ADMINS), run=_principals_are_no_admins),
    Check(reads=(_TENANTS,), run=_principals_distinct),
    Check(reads=(_TENANTS,), run=_amounts_ordered),
)
