"""The tenants: a namespace each, with a group of people and a level of Pod Security."""

import re
from typing import Final

from seatrial.acceptance.applicability import lacks_tenants, nothing_in_cluster
from seatrial.acceptance.expectations import distinct, equal, joined, matches
from seatrial.acceptance.model import Case
from seatrial.acceptance.outputs import Outputs

_NAMESPACE: Final = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
_TAKEN: Final = re.compile(r"default|kube-.*")
"""Namespaces of Kubernetes itself."""

_LEVELS: Final = ("baseline", "restricted")
_RESERVED: Final = ("system:", "eks:", "aws:", "amazon:", "iam:")
"""Groups that begin so are not a tenant's: EKS refuses them in an access entry (EKS API, CreateAccessEntry)."""

_PRINCIPAL: Final = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(?:role|user)/.+")


def _no_principals(outputs: Outputs) -> str | None:
    if nothing := lacks_tenants(outputs):
        return nothing
    return None if outputs.map_of("tenantPrincipals") else "no tenant names a principal (tenantPrincipals is empty)"


def _names(outputs: Outputs) -> str | None:
    return joined(matches("a namespace", name, _NAMESPACE, "dev") for name in outputs.items_of("namespaces"))


def _not_taken(outputs: Outputs) -> str | None:
    taken = [name for name in outputs.items_of("namespaces") if _TAKEN.fullmatch(name)]
    return f"namespaces names {', '.join(taken)}, which is Kubernetes's own" if taken else None


def _once(outputs: Outputs) -> str | None:
    return distinct("namespaces", outputs.items_of("namespaces"))


def _every_group(outputs: Outputs) -> str | None:
    return equal("tenantGroups' namespaces", sorted(outputs.map_of("tenantGroups")), _namespaces(outputs))


def _free_groups(outputs: Outputs) -> str | None:
    groups = outputs.map_of("tenantGroups").items()
    return joined(
        f"the group of {tenant} is {group!r}; expected a name that begins with none of {', '.join(_RESERVED)}"
        for tenant, group in groups
        if not group or group.casefold().startswith(_RESERVED)
    )


def _every_level(outputs: Outputs) -> str | None:
    return equal("podSecurityLevels' namespaces", sorted(outputs.map_of("podSecurityLevels")), _namespaces(outputs))


def _enforcing(outputs: Outputs) -> str | None:
    levels = outputs.map_of("podSecurityLevels").items()
    return joined(
        f"the Pod Security level of {tenant} is {level!r}; expected {' or '.join(_LEVELS)}"
        for tenant, level in levels
        if level not in _LEVELS
    )


def _principals_of_tenants(outputs: Outputs) -> str | None:
    strangers = sorted({*outputs.map_of("tenantPrincipals")} - {*outputs.items_of("namespaces")})
    return f"tenantPrincipals names {', '.join(strangers)}, which is no namespace" if strangers else None


def _principals_are_people(outputs: Outputs) -> str | None:
    principals = outputs.map_of("tenantPrincipals").items()
    return joined(
        matches(f"the principal of {tenant}", principal, _PRINCIPAL, "arn:aws:iam::123456789012:role/developers")
        for tenant, principal in principals
    )


def _own_principals(outputs: Outputs) -> str | None:
    return distinct("the tenants' principals", outputs.map_of("tenantPrincipals").values())


def _every_account(outputs: Outputs) -> str | None:
    homes = {account.partition("/")[0] for account in outputs.items_of("serviceAccounts")}
    without = [tenant for tenant in _namespaces(outputs) if tenant not in homes]
    return f"serviceAccounts has none of {', '.join(without)}; expected one or more" if without else None


def _namespaces(outputs: Outputs) -> list[str]:
    return sorted(outputs.items_of("namespaces"))


CASES: Final = (
    Case(row=7, name="namespaces have names that Kubernetes accepts", check=_names, not_applicable=lacks_tenants),
    Case(row=7, name="no tenant has a namespace of Kubernetes", check=_not_taken, not_applicable=lacks_tenants),
    Case(row=7, name="no namespace is made twice", check=_once, not_applicable=lacks_tenants),
    Case(
        row=7,
        name="every namespace has a group, and no other has",
        check=_every_group,
        not_applicable=nothing_in_cluster,
    ),
    Case(row=7, name="groups are the tenants' own, not the system's", check=_free_groups, not_applicable=lacks_tenants),
    Case(
        row=7,
        name="every namespace has a Pod Security level, and no other has",
        check=_every_level,
        not_applicable=nothing_in_cluster,
    ),
    Case(row=7, name="every namespace enforces baseline or restricted", check=_enforcing, not_applicable=lacks_tenants),
    Case(row=7, name="every namespace has a service account", check=_every_account, not_applicable=lacks_tenants),
    Case(row=7, name="principals belong to namespaces", check=_principals_of_tenants, not_applicable=_no_principals),
    Case(row=7, name="principals are IAM roles or users", check=_principals_are_people, not_applicable=_no_principals),
    Case(row=7, name="no principal enters two namespaces", check=_own_principals, not_applicable=_no_principals),
)
