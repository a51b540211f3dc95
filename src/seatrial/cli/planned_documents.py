"""The policy documents of a plan: whose they are, and what they say as far as that is known."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, cast

from seatrial.cli.planned_names import arn, called
from seatrial.rules.facts.manifests import thawed
from seatrial.rules.facts.roles import Roles
from seatrial.rules.facts.types import KEY, POLICY, POLICY_ATTACHMENT, ROLE, ROLE_ATTACHMENT, ROLE_POLICY
from seatrial.rules.facts.values import at, entries, is_unknown, text
from seatrial.semantics import iam
from seatrial.semantics.iam import Kind, Policy

if TYPE_CHECKING:
    from seatrial.plan import Plan, Resource, Value
    from seatrial.rules.facts.references import References, Referred

_QUEUE: Final = "aws:sqs/queue:Queue"
_TOPIC: Final = "aws:sns/topic:Topic"
_SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 (a type)
_BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")

_WITH_POLICY: Final = frozenset({KEY, _QUEUE, _TOPIC, _SECRET, *_BUCKETS})
"""Types whose property ``policy`` is the resource's own."""

_POLICIES_OF: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "aws:kms/keyPolicy:KeyPolicy": ("keyId", (KEY,)),
    "aws:sqs/queuePolicy:QueuePolicy": ("queueUrl", (_QUEUE,)),
    "aws:sns/topicPolicy:TopicPolicy": ("arn", (_TOPIC,)),
    "aws:secretsmanager/secretPolicy:SecretPolicy": ("secretArn", (_SECRET,)),
    "aws:s3/bucketPolicy:BucketPolicy": ("bucket", _BUCKETS),
}
"""Type of a policy that stands for itself to where it says of what, and the types of that."""

_ATTACHMENTS: Final = (ROLE_POLICY, ROLE_ATTACHMENT, POLICY_ATTACHMENT)


class Documents:
    """Every document of a plan that can be asked for."""

    def __init__(self, plan: "Plan", references: "References") -> None:
        self._plan = plan
        self._references = references
        by_type = {each: plan.of_type(each) for each in (ROLE, *_ATTACHMENTS)}
        self._roles = Roles(by_type, references, ())

    def trust(self, role: "Resource") -> Policy:
        """Return who may assume a role."""
        return _read(at(role, "assumeRolePolicy"), f"trust of {called(role)}", Kind.TRUST)

    def identity(self, role: "Resource") -> tuple[Policy, ...]:
        """Return what is attached to a role, and what may be."""
        return (*self._of_itself(role), *self._attached(role), *self._loose())

    def boundary(self, role: "Resource") -> Policy | None:
        """Return a role's permissions boundary, if it has one."""
        referred = self._references.of(role, "permissionsBoundary", POLICY)
        found = self._referred(referred, f"permissionsBoundary of {role.name}")
        return next(found, None)

    def own(self, resource: "Resource", action: str) -> Policy | None:
        """Return the policy that a resource itself has; that of a role is about assuming it only."""
        if resource.type == ROLE:
            return self.trust(resource) if action.lower().startswith("sts:assumerole") else None
        found = (*self._apart(resource), *self._inside(resource))
        # Where several claim to be it, whichever is deployed last is.
        title = f"policy of {resource.name}"
        return found[0] if len(found) == 1 else iam.unread(title, Kind.RESOURCE) if found else None

    def _of_itself(self, role: "Resource") -> Iterator[Policy]:
        for path, entry in entries(role, "inlinePolicies"):
            yield _read(entry.get("policy"), text(entry.get("name")) or f"{path} of {role.name}")
        referred = self._references.of(role, "managedPolicyArns", POLICY)
        yield from self._referred(referred, f"managedPolicyArns of {role.name}")

    def _attached(self, role: "Resource") -> Iterator[Policy]:
        for each in self._roles.of_role(role):
            if each.type == ROLE_POLICY:
                yield _read(at(each, "policy"), text(each.outputs.get("name")) or each.name)
            else:
                referred = self._references.of(each, "policyArn", POLICY)
                yield from self._referred(referred, f"policyArn of {each.name}")

    def _loose(self) -> Iterator[Policy]:
        for each in self._roles.loose:
            yield iam.unread(f"role of {each.name}")

    def _referred(self, referred: "Referred", place: str) -> Iterator[Policy]:
        for each in referred.resources:
            yield _read(at(each, "policy"), called(each) if arn(each) else each.name)
        yield from map(_elsewhere, filter(None, referred.strangers))
        if referred.is_unknown:
            yield iam.unread(place)

    def _apart(self, resource: "Resource") -> Iterator[Policy]:
        for type_, (path, types) in _POLICIES_OF.items():
            for each in self._plan.of_type(type_) if resource.type in types else ():
                referred = self._references.of(each, path, *types)
                if resource in referred.resources:
                    yield _read(at(each, "policy"), f"policy of {resource.name}", Kind.RESOURCE)
                elif referred.is_unknown:
                    yield iam.unread(f"{path} of {each.name}", Kind.RESOURCE)

    def _inside(self, resource: "Resource") -> Iterator[Policy]:
        document = at(resource, "policy") if resource.type in _WITH_POLICY else None
        if document:
            yield _read(document, f"policy of {resource.name}", Kind.RESOURCE)


def _read(document: "Value", title: str, kind: Kind = Kind.IDENTITY) -> Policy:
    if is_unknown(document):
        return iam.unread(f"policy {title}" if kind is Kind.IDENTITY else title, kind)
    content = thawed(document)
    return iam.policy(content if isinstance(content, str) else cast("Mapping[str, object]", content), title, kind)


def _elsewhere(found: str) -> Policy:
    """Return a policy that the plan doesn't make."""
    is_kept = iam.managed.is_managed(found) and iam.managed.name_of(found) in iam.managed.names()
    return iam.managed.by_arn(found) if is_kept else iam.unread(f"{found}, whose document the plan doesn't hold")
