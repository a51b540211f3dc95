"""The policies and trust documents of a plan, read as far as they can be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from seatrial.plan import Plan, Resource, Value
from seatrial.rules.facts.statements import MalformedError, Statement, parsed
from seatrial.rules.facts.types import ENDPOINT, KEY, POLICY, ROLE, ROLE_POLICY
from seatrial.rules.facts.values import at, entries, is_unknown


class Kind(StrEnum):
    """What a document is attached to, which decides what it may say."""

    TRUST = "trust"
    """A role: who may assume it."""

    IDENTITY = "identity"
    """A role, a user or a group: what it may do."""

    RESOURCE = "resource"
    """A key, an endpoint, a bucket: who may do what with it."""


_HOLDERS: Final[Mapping[str, tuple[tuple[Kind, str], ...]]] = {
    ROLE: ((Kind.TRUST, "assumeRolePolicy"),),
    ROLE_POLICY: ((Kind.IDENTITY, "policy"),),
    POLICY: ((Kind.IDENTITY, "policy"),),
    "aws:iam/userPolicy:UserPolicy": ((Kind.IDENTITY, "policy"),),
    "aws:iam/groupPolicy:GroupPolicy": ((Kind.IDENTITY, "policy"),),
    KEY: ((Kind.RESOURCE, "policy"),),
    "aws:kms/keyPolicy:KeyPolicy": ((Kind.RESOURCE, "policy"),),
    ENDPOINT: ((Kind.RESOURCE, "policy"),),
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


def policies(plan: Plan) -> Iterator[Policy]:
    """Read every document of a plan, in its order."""
    for resource in plan:
        for kind, path in _HOLDERS.get(resource.type, ()):
            yield from _at(resource, path, kind)
        if resource.type == ROLE:
            for path, _ in entries(resource, "inlinePolicies"):
                yield from _at(resource, f"{path}.policy", Kind.IDENTITY)


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
