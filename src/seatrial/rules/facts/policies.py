"""The policies and trust documents of a plan, read as far as they can be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from seatrial.plan import Plan, Resource, Value
from seatrial.rules.facts.references import References
from seatrial.rules.facts.statements import MalformedError, Statement, parsed
from seatrial.rules.facts.types import ENDPOINT, KEY, POLICY, ROLE, ROLE_POLICY
from seatrial.rules.facts.values import at, entries, is_unknown


class Kind(StrEnum):
    """What a document is attached to, which decides what it may say."""

    TRUST = "trust"
    """A role: who may assume it."""

    IDENTITY = "identity"
    """A role, a user or a group: what it may do."""

    BOUNDARY = "boundary"
    """A permissions boundary and nothing else: what somebody may do at most, which gives him nothing."""

    RESOURCE = "resource"
    """A key, an endpoint, a bucket: who may do what with it."""


_KEY_POLICY: Final = "aws:kms/keyPolicy:KeyPolicy"
_ENDPOINT_POLICY: Final = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
_GUARDED: Final[Mapping[str, tuple[str, str]]] = {
    _KEY_POLICY: ("keyId", KEY),
    _ENDPOINT_POLICY: ("vpcEndpointId", ENDPOINT),
}
"""Type of a document that stands for itself to where it says of what, and the type of that."""

_HOLDERS: Final[Mapping[str, tuple[tuple[Kind, str], ...]]] = {
    ROLE: ((Kind.TRUST, "assumeRolePolicy"),),
    ROLE_POLICY: ((Kind.IDENTITY, "policy"),),
    POLICY: ((Kind.IDENTITY, "policy"),),
    "aws:iam/userPolicy:UserPolicy": ((Kind.IDENTITY, "policy"),),
    "aws:iam/groupPolicy:GroupPolicy": ((Kind.IDENTITY, "policy"),),
    KEY: ((Kind.RESOURCE, "policy"),),
    _KEY_POLICY: ((Kind.RESOURCE, "policy"),),
    ENDPOINT: ((Kind.RESOURCE, "policy"),),
    _ENDPOINT_POLICY: ((Kind.RESOURCE, "policy"),),
    "aws:s3/bucketPolicy:BucketPolicy": ((Kind.RESOURCE, "policy"),),
    "aws:sqs/queue:Queue": ((Kind.RESOURCE, "policy"),),
    "aws:sqs/queuePolicy:QueuePolicy": ((Kind.RESOURCE, "policy"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One document where it stands."""

    resource: Resource
    path: str
    kind: Kind

    version: str = ""
    """Of the policy language."""

    statements: tuple[Statement, ...] = ()
    """What it says; nothing where it can't be read."""

    is_unknown: bool = False
    """Whether only a deployment can tell what it says."""

    fault: str = ""
    """Why it is no document."""


def policies(plan: Plan, references: References) -> Iterator[Policy]:
    """Read every document of a plan, in its order."""
    bounding = _bounding(plan, references)
    for resource in plan:
        for kind, path in _HOLDERS.get(resource.type, ()):
            yield from _at(resource, path, Kind.BOUNDARY if resource.urn in bounding else kind)
        if resource.type == ROLE:
            for path, _ in entries(resource, "inlinePolicies"):
                yield from _at(resource, f"{path}.policy", Kind.IDENTITY)


def guards(policies: Iterable[Policy], references: References) -> Mapping[str, tuple[Policy, ...]]:
    """Return the documents that say who may do what with something, by its URN, wherever they are written."""
    found: dict[str, tuple[Policy, ...]] = {}
    for policy in policies:
        path, type_ = _GUARDED.get(policy.resource.type, ("", ""))
        guarded = references.of(policy.resource, path, type_).resources if path else (policy.resource,)
        for each in guarded if policy.kind is Kind.RESOURCE else ():
            found[each.urn] = (*found.get(each.urn, ()), policy)
    return found


def _bounding(plan: Plan, references: References) -> frozenset[str]:
    """Return the policies that bound somebody, and that nobody has."""
    bounding, given = set[str](), set[str]()
    for resource in plan:
        for found, path in ((bounding, "permissionsBoundary"), (given, "policyArn"), (given, "managedPolicyArns")):
            if path in resource.inputs:
                found.update(each.urn for each in references.of(resource, path, POLICY).resources)
    return frozenset(bounding - given)


def _at(resource: Resource, path: str, kind: Kind) -> Iterator[Policy]:
    value = at(resource, path)
    if value is not None:
        yield _read(resource, path, kind, value)


def _read(resource: Resource, path: str, kind: Kind, value: Value) -> Policy:
    if is_unknown(value):
        return Policy(resource=resource, path=path, kind=kind, is_unknown=True)
    try:
        document = parsed(value)
    except MalformedError as fault:
        return Policy(resource=resource, path=path, kind=kind, fault=str(fault))
    return Policy(resource=resource, path=path, kind=kind, version=document.version, statements=document.statements)
