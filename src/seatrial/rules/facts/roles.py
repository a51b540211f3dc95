"""Roles, what is attached to them, and which service accounts they trust."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from seatrial.plan import Resource
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.references import References, Referred
from seatrial.rules.facts.statements import Statement
from seatrial.rules.facts.types import POD_IDENTITY, POLICY, POLICY_ATTACHMENT, ROLE, ROLE_ATTACHMENT, ROLE_POLICY
from seatrial.rules.facts.values import at, text

WEB_IDENTITY: Final = "sts:AssumeRoleWithWebIdentity"
POD_IDENTITY_SERVICE: Final = "pods.eks.amazonaws.com"
"""The same in every partition."""

_ROLES_OF: Final[Mapping[str, str]] = {ROLE_ATTACHMENT: "role", ROLE_POLICY: "role", POLICY_ATTACHMENT: "roles"}
"""Type of what gives permissions to where it says to whom."""

_ISSUER: Final = re.compile(r"oidc(\.eks\.|-eks\.)")
"""How the issuers of clusters begin; the second are those that are reached by IPv6 too."""

_SUBJECT: Final = re.compile(r"system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class Trust:
    """One statement of a role's trust document that lets somebody in."""

    role: Resource
    path: str
    """Property path of the document."""

    statement: Statement


class Roles:
    """The roles of a plan."""

    def __init__(
        self, by_type: Mapping[str, tuple[Resource, ...]], references: References, policies: tuple[Policy, ...]
    ) -> None:
        """Read a plan, its resources by type and its documents."""
        self._by_type = by_type
        self._references = references
        self._policies = policies

    @property
    def every(self) -> tuple[Resource, ...]:
        """Every role of the plan."""
        return self._by_type.get(ROLE, ())

    @property
    def attachments(self) -> tuple[Resource, ...]:
        """Everything that gives a role permissions: attachments and inline policies."""
        return tuple(each for type_ in _ROLES_OF for each in self._by_type.get(type_, ()))

    def of_role(self, role: Resource) -> tuple[Resource, ...]:
        """Return what gives one role permissions."""
        return self._attached.get(role.urn, ())

    @cached_property
    def loose(self) -> tuple[Resource, ...]:
        """Return attachments of which only a deployment can tell the role."""
        return tuple(each for each in self.attachments if self._holders(each).is_unknown)

    def documents_of(self, role: Resource) -> tuple[Policy, ...]:
        """Return what the plan tells of a role's permissions: its own documents, and those attached to it."""
        attached = self.of_role(role)
        holders = [role, *attached]
        for each in attached:
            holders += self._references.of(each, "policyArn", POLICY).resources
        holders += self._references.of(role, "managedPolicyArns", POLICY).resources
        return tuple(
            policy for urn in dict.fromkeys(each.urn for each in holders) for policy in self._given.get(urn, ())
        )

    @cached_property
    def _given(self) -> Mapping[str, tuple[Policy, ...]]:
        """What identities are given, by who holds the document."""
        found: dict[str, tuple[Policy, ...]] = {}
        for policy in self._policies:
            if policy.kind is Kind.IDENTITY:
                found[policy.resource.urn] = (*found.get(policy.resource.urn, ()), policy)
        return found

    def _holders(self, attachment: Resource) -> Referred:
        """Return the roles that something is attached to."""
        return self._references.of(attachment, _ROLES_OF[attachment.type], ROLE)

    @cached_property
    def trusts(self) -> tuple[Trust, ...]:
        """Every statement that lets somebody assume a role."""
        return tuple(
            Trust(policy.resource, policy.path, statement)
            for policy in self.documents
            for statement in policy.statements
            if statement.is_allow
        )

    @cached_property
    def documents(self) -> tuple[Policy, ...]:
        """Every trust document."""
        return tuple(policy for policy in self._policies if policy.kind is Kind.TRUST)

    def federated(self) -> Iterator[Trust]:
        """Give the statements that trust service accounts through an identity provider of EKS."""
        for trust in self.trusts:
            if any(is_eks(who) for who in trust.statement.principals.get("Federated", ())):
                yield trust

    def service_accounts(self, role: Resource) -> tuple[str, ...]:
        """Return ``namespace:name`` of the service accounts that a role trusts by its document, sorted."""
        found = {
            subject for trust in self.federated() if trust.role.urn == role.urn for subject in subjects(trust.statement)
        }
        return tuple(sorted(found))

    def taken_by(self, account: str) -> tuple[Resource, ...]:
        """Return the roles that a service account, ``namespace:name``, takes: by their trust, or by Pod Identity."""
        return tuple(self._taken.get(account, {}).values())

    @cached_property
    def _taken(self) -> Mapping[str, Mapping[str, Resource]]:
        found: dict[str, dict[str, Resource]] = {}
        for trust in self.federated():
            for account in subjects(trust.statement):
                found.setdefault(account, {})[trust.role.urn] = trust.role
        for association in self._by_type.get(POD_IDENTITY, ()):
            account = f"{text(at(association, 'namespace'))}:{text(at(association, 'serviceAccount'))}"
            for role in self._references.of(association, "roleArn", ROLE).resources:
                found.setdefault(account, {})[role.urn] = role
        return found

    @cached_property
    def _attached(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, tuple[Resource, ...]] = {}
        for each in self.attachments:
            for role in self._holders(each).resources:
                found[role.urn] = (*found.get(role.urn, ()), each)
        return found


def is_eks(provider_arn: str) -> bool:
    """Tell whether an identity provider vouches for service accounts of a cluster."""
    return is_issuer(issuer(provider_arn))


def is_issuer(name: str) -> bool:
    """Tell whether an issuer, without ``https://``, is that of a cluster."""
    return _ISSUER.match(name) is not None


def issuer(provider_arn: str) -> str:
    """Return what a provider's ARN says of its issuer, without ``https://``."""
    return provider_arn.partition(":oidc-provider/")[2]


def subjects(statement: Statement) -> tuple[str, ...]:
    """Return ``namespace:name`` of each service account that a statement compares ``sub`` with."""
    values = (
        value
        for keys in statement.conditions.values()
        for key, values in keys.items()
        if key.lower().endswith(":sub")
        for value in values
    )
    return tuple(f"{found[1]}:{found[2]}" for found in map(_SUBJECT.fullmatch, values) if found)
