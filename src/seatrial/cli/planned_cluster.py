"""Who is who in the cluster of a plan, and what each may do there."""

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from seatrial.cli import planned_names
from seatrial.cli.planned_entries import PlannedEntries
from seatrial.errors import UsageError, listed
from seatrial.rules.facts.kinds import NAMESPACE
from seatrial.rules.facts.manifests import manifest
from seatrial.rules.facts.objects import RELEASE, Object, Objects
from seatrial.rules.facts.types import ROLE
from seatrial.rules.facts.values import at, is_unknown, items, properties, text, within
from seatrial.semantics import rbac
from seatrial.semantics.rbac import Answer, Request, Subject, access_entries
from seatrial.semantics.rbac.authorization import Held

if TYPE_CHECKING:
    from seatrial.config import Platform
    from seatrial.plan import Plan, Value

_ACCOUNT: Final = "system:serviceaccount:"
_SYSTEM: Final = "system:"
_NAMESPACES: Final = ("default", "kube-node-lease", "kube-public", "kube-system")
"""Those that every cluster has."""

_RBAC: Final = tuple(
    f"{kind}.rbac.authorization.k8s.io" for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
)
_GIVING: Final = (
    "metadata.name", "metadata.namespace", "metadata.labels", "aggregationRule", "rules", "roleRef", "subjects",
)  # fmt: skip
"""What of those objects decides."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody of the plan, as the API server knows them."""

    title: str
    subject: Subject
    is_known: bool = True
    """Whether the cluster lets them in at all; an IAM principal needs an access entry."""

    unknown: tuple[str, ...] = ()
    """What only a deployment can tell of who they are."""


class PlannedCluster:
    """What a plan says of who may do what in its cluster."""

    def __init__(self, plan: "Plan", platform: "Platform") -> None:
        self._plan = plan
        self._admins = dict(platform.cluster.admins)
        self._entries = PlannedEntries(plan)
        self._objects = Objects(plan)
        self._open = [each for each in self._objects.of_kind(*_RBAC) if _is_open(each)]
        told = (manifest(each) for each in self._objects.of_kind(*_RBAC) if not _is_open(each))
        self._authorizations = rbac.read(told, entries=self._entries.every)

    @property
    def charts(self) -> tuple[str, ...]:
        """Names of the charts, whose own roles only a deployment renders."""
        return tuple(sorted(text(at(each, "name")) or each.name for each in self._plan.of_type(RELEASE)))

    def lacks(self, namespace: str) -> str:
        """Say that the plan has no such namespace; empty where it has, or may have."""
        names = [each.name for each in self._objects.of_kind(NAMESPACE)]
        known = {*names, *(each.namespace for each in self._objects.every), *_NAMESPACES}
        if namespace in known or "" in names:
            return ""
        return f"the plan has no namespace {namespace!r}; it has: {listed(sorted(known - {''}))}"

    def unknown(self, who: Who, request: Request) -> tuple[str, ...]:
        """Name what only a deployment can tell and may allow a request."""
        entries = self._entries.unknown(who.subject.principal_arn) if who.subject.principal_arn else ()
        objects = (each for each in self._open if _concerns(each, request.namespace))
        return (*who.unknown, *entries, *(each.title if each.name else each.resource.name for each in objects))

    def who(self, name: str) -> Who:
        """Return who somebody is: an administrator of the description, an ARN, a role of the plan, a group, a user."""
        if name.startswith(_ACCOUNT):
            namespace, _, account = name.removeprefix(_ACCOUNT).partition(":")
            return Who(name, rbac.service_account(namespace, account))
        role = planned_names.find(name, self._plan.of_type(ROLE))
        arn = self._admins.get(name) or (planned_names.arn(role) if role else name if name.startswith("arn:") else "")
        if arn:
            return self._principal(_role_of(arn))
        if role:
            return Who(name, Subject(), is_known=False, unknown=(f"the ARN of {role.name}",))
        if name in self._groups() or name.startswith(_SYSTEM):
            return Who(f"group {name}", rbac.user("", name))
        roles = {name for each in self._plan.of_type(ROLE) for name in (planned_names.called(each), each.name)}
        known = sorted({*self._admins, *roles, *self._groups()})
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
        entry = self._entries.of(arn)
        if entry is None:
            return Who(arn, Subject(principal_arn=arn), is_known=False)
        found = access_entries.subject(entry)
        groups = f", in {', '.join(entry.groups)}" if entry.groups else ""
        return Who(f"{arn}{groups}", found)

    def _groups(self) -> frozenset[str]:
        subjects = (properties(each) for found in self._objects.of_kind(*_RBAC) for each in _subjects(found))
        bound = {text(subject.get("name")) for subject in subjects if subject.get("kind") == "Group"}
        return frozenset((bound - {""}).union(*(entry.groups for entry in self._entries.every)))


def _subjects(found: Object) -> "tuple[Value, ...]":
    return items(at(found.resource, "subjects"))


def _is_open(found: Object) -> bool:
    """Tell whether what an object gives to whom is only known after a deployment."""
    parts = (within(found.resource.inputs, path) for path in _GIVING)
    return any(map(is_unknown, parts))


def _concerns(found: Object, namespace: str) -> bool:
    """Tell whether an object may have a say in a namespace; all of a cluster when that is empty."""
    is_of_cluster = found.kind.startswith("Cluster")
    return is_of_cluster or bool(namespace and found.namespace in ("", namespace))


def _role_of(arn: str) -> str:
    """Return the role behind a session: access entries name roles."""
    head, separator, session = arn.partition(":assumed-role/")
    if not separator:
        return arn
    return f"{head.replace(':sts:', ':iam:')}:role/{session.partition('/')[0]}"
