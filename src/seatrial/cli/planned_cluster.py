"""Who is who in the cluster of a plan, and what each may do there."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from seatrial.errors import UsageError, listed
from seatrial.rules.facts.manifests import manifest
from seatrial.rules.facts.objects import RELEASE, Objects
from seatrial.rules.facts.types import ACCESS_ENTRY, ACCESS_POLICY
from seatrial.semantics import rbac
from seatrial.semantics.rbac import AccessEntry, Answer, Association, EntryKind, Request, Subject, access_entries
from seatrial.semantics.rbac.authorization import Held

if TYPE_CHECKING:
    from seatrial.config import Platform
    from seatrial.plan import Plan, Resource

_ACCOUNT: Final = "system:serviceaccount:"
_SYSTEM: Final = "system:"
_ROLE: Final = "aws:iam/role:Role"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody of the plan, as the API server knows them."""

    title: str
    subject: Subject
    is_known: bool = True
    """Whether the cluster lets them in at all; an IAM principal needs an access entry."""


class PlannedCluster:
    """What a plan says of who may do what in its cluster."""

    def __init__(self, plan: "Plan", platform: "Platform") -> None:
        self._plan = plan
        self._admins = dict(platform.cluster.admins)
        self._entries = {entry.principal_arn: entry for entry in _entries(plan)}
        self._objects = [manifest(each) for each in Objects(plan).every]
        self._authorizations = rbac.read(self._objects, entries=self._entries.values())

    @property
    def charts(self) -> tuple[str, ...]:
        """Names of the charts, whose own roles only a deployment renders."""
        return tuple(sorted(str(each.inputs.get("name", each.name)) for each in self._plan.of_type(RELEASE)))

    def who(self, name: str) -> Who:
        """Return who somebody is: an administrator of the description, an ARN, a role of the plan, a group, a user."""
        if name.startswith(_ACCOUNT):
            namespace, _, account = name.removeprefix(_ACCOUNT).partition(":")
            return Who(name, rbac.service_account(namespace, account))
        arn = self._admins.get(name) or self._roles().get(name) or (name if name.startswith("arn:") else "")
        if arn:
            return self._principal(_role_of(arn))
        if name in self._groups() or name.startswith(_SYSTEM):
            return Who(f"group {name}", rbac.user("", name))
        known = sorted({*self._admins, *self._roles(), *self._groups()})
        near = difflib.get_close_matches(name, known)
        tip = f"near it: {', '.join(near)}" if near else f"the plan has: {listed(known)}; or give an ARN"
        raise UsageError(f"nobody is called {name!r}", tip=tip)

    def answer(self, who: Who, request: Request) -> Answer:
        """Return what the API server would say."""
        return self._authorizations.allowed(who.subject, request)

    def held(self, who: Who) -> tuple[Held, ...]:
        """Return everything that somebody has."""
        return self._authorizations.held_by(who.subject)

    def _principal(self, arn: str) -> Who:
        entry = self._entries.get(arn)
        if entry is None:
            return Who(arn, Subject(principal_arn=arn), is_known=False)
        found = access_entries.subject(entry)
        groups = f", in {', '.join(entry.groups)}" if entry.groups else ""
        return Who(f"{arn}{groups}", found)

    def _roles(self) -> Mapping[str, str]:
        return {
            str(key): str(each.outputs["arn"])
            for each in self._plan.of_type(_ROLE)
            for key in (each.inputs.get("name", each.name), each.name)
        }

    def _groups(self) -> frozenset[str]:
        subjects = (
            subject
            for value in self._objects
            for subject in cast("list[Mapping[str, str]]", value.get("subjects") or [])
        )
        bound = {subject["name"] for subject in subjects if subject.get("kind") == "Group"}
        return frozenset(bound.union(*(entry.groups for entry in self._entries.values())))


def _entries(plan: "Plan") -> Iterator[AccessEntry]:
    associations: dict[str, list[Association]] = {}
    for each in plan.of_type(ACCESS_POLICY):
        associations.setdefault(str(each.inputs["principalArn"]), []).append(_association(each))
    for each in plan.of_type(ACCESS_ENTRY):
        arn = str(each.inputs["principalArn"])
        yield AccessEntry(
            principal_arn=arn,
            kind=EntryKind(str(each.inputs.get("type") or EntryKind.STANDARD)),
            groups=_texts(each.inputs.get("kubernetesGroups")),
            user_name=str(each.inputs.get("userName") or ""),
            associations=tuple(associations.get(arn, ())),
        )


def _association(resource: "Resource") -> Association:
    scope = cast("Mapping[str, object]", resource.inputs["accessScope"])
    namespaces = _texts(scope.get("namespaces")) if scope["type"] == "namespace" else None
    return Association(str(resource.inputs["policyArn"]), namespaces)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(cast("Iterable[str]", value or ()))


def _role_of(arn: str) -> str:
    """Return the role behind a session: access entries name roles."""
    head, separator, session = arn.partition(":assumed-role/")
    if not separator:
        return arn
    return f"{head.replace(':sts:', ':iam:')}:role/{session.partition('/')[0]}"
