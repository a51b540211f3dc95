"""Who is given what in a cluster: the bindings of a plan, and its access policies, with the rules that they come to.

The roles that charts bring along are rendered by the deployment and so are not among them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from seatrial.errors import Fault, UsageError
from seatrial.plan import Resource
from seatrial.rules.facts.kinds import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING
from seatrial.rules.facts.manifests import manifest
from seatrial.rules.facts.objects import Object, Objects
from seatrial.rules.facts.values import at, is_unknown, text, texts
from seatrial.semantics import fields
from seatrial.semantics.rbac import access_entries, bindings, default_roles, roles
from seatrial.semantics.rbac.api_resources import find
from seatrial.semantics.rbac.bindings import Holder, HolderKind
from seatrial.semantics.rbac.roles import Reference, Role
from seatrial.semantics.rbac.rules import Request, Rule

ADMINISTRATION = "AmazonEKSClusterAdminPolicy"
"""The access policy of administrators, whose holders CP-09 judges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One binding, or one access policy of an access entry."""

    resource: Resource
    path: str
    """Property path of what is given."""

    role: str = ""
    """What is given: ``ClusterRole/view``, ``AmazonEKSViewPolicy``."""

    holders: tuple[Holder, ...] = ()
    rules: tuple[Rule, ...] = ()
    namespaces: tuple[str, ...] | None = None
    """Where it counts; None for everywhere."""

    is_unknown: bool = False
    """Whether only a deployment can tell what is given, or to whom."""

    fault: str = ""
    """Why nobody can tell."""

    @property
    def is_everywhere(self) -> bool:
        """Whether it counts in every namespace, those to come included."""
        return self.namespaces is None or any("*" in each for each in self.namespaces)

    @property
    def scope(self) -> str:
        """Where it counts, in words."""
        return "everywhere" if self.namespaces is None else f"in {', '.join(self.namespaces)}"

    def allowed(self, requests: Iterable[Request], *, named: bool = False) -> tuple[Request, ...]:
        """Return those of some requests that it allows somewhere, for any name, or ``named`` ones too."""
        rules = [replace(rule, names=()) for rule in self.rules] if named else self.rules
        return tuple(each for each in requests if self._counts(each) and any(rule.allows(each) for rule in rules))

    def _counts(self, request: Request) -> bool:
        """Tell whether what is given is of use here: in a namespace there is nothing of what is in none."""
        # Who may bind a cluster role in a namespace has it there.
        return self.namespaces is None or request.verb == "bind" or _is_namespaced(request)


def grants(objects: Objects, associations: Iterable[Resource]) -> tuple[Grant, ...]:
    """Return what the bindings of a plan and its associations of access policies give."""
    read = [_role(each) for each in objects.of_kind(ROLE, CLUSTER_ROLE)]
    rules = roles.rules([*map(_default, default_roles.objects()), *filter(None, read)])
    unknown = {
        Reference(each.kind, each.name, each.namespace)
        for each, role in zip(objects.of_kind(ROLE, CLUSTER_ROLE), read, strict=True)
        if role is None
    }
    bound = (_bound(each, rules, unknown) for each in objects.of_kind(ROLE_BINDING, CLUSTER_ROLE_BINDING))
    return (*bound, *map(_associated, associations))


def _is_namespaced(request: Request) -> bool:
    if request.verb == "impersonate":
        return request.resource == "serviceaccounts"
    return request.resource == "*" or find(f"{request.resource}.{request.group}".rstrip(".")).is_namespaced


def _role(found: Object) -> Role | None:
    """Read a role; None where only a deployment can tell its rules, or where they have the wrong form."""
    parts = (at(found.resource, path) for path in ("rules", "aggregationRule", "metadata.labels"))
    faults: list[Fault] = []
    role = roles.read(fields.of_object(manifest(found), faults), Reference(found.kind, found.name, found.namespace))
    return None if any(map(is_unknown, parts)) or faults else role


def _default(value: Mapping[str, object]) -> Role:
    read = fields.of_object(value, [])
    metadata = read.fields("metadata")
    name = (metadata.text("name") if metadata else None) or ""
    return roles.read(read, Reference(read.text("kind") or "", name))


def _bound(found: Object, rules: Mapping[Reference, tuple[Rule, ...]], unknown: set[Reference]) -> Grant:
    resource, path = found.resource, "roleRef"
    if is_unknown(at(resource, path)) or is_unknown(at(resource, "subjects")):
        return Grant(resource=resource, path=path, is_unknown=True)
    faults: list[Fault] = []
    read = bindings.read(fields.of_object(manifest(found), faults), found.kind, found.namespace, found.name)
    if read is None or faults:
        return Grant(resource=resource, path=path, fault="; ".join(f"{each.path} is {each.found}" for each in faults))
    return Grant(
        resource=resource,
        path=path,
        role=str(read.role),
        holders=read.holders,
        rules=rules.get(read.role, ()),
        namespaces=(found.namespace,) if found.namespace else None,
        is_unknown=read.role in unknown,
    )


def _associated(resource: Resource) -> Grant:
    path, policy, principal = "policyArn", text(at(resource, "policyArn")), text(at(resource, "principalArn"))
    if not policy or not principal or is_unknown(at(resource, "accessScope")):
        return Grant(resource=resource, path=path, is_unknown=True)
    name = policy.rpartition("/")[2]
    try:
        rules = access_entries.policy_rules(name)
    except UsageError as error:
        return Grant(resource=resource, path=path, fault=str(error))
    is_scoped = at(resource, "accessScope.type") == "namespace"
    return Grant(
        resource=resource,
        path=path,
        role=name,
        holders=(Holder(HolderKind.PRINCIPAL, principal),),
        rules=rules,
        namespaces=texts(at(resource, "accessScope.namespaces")) if is_scoped else None,
    )
