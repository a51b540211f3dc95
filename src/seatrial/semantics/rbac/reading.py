"""A cluster's roles and bindings from its objects; what is no such object is left aside."""

from collections.abc import Iterable, Iterator, Mapping

from seatrial.errors import ConfigError, Fault
from seatrial.semantics import fields
from seatrial.semantics.fields import Fields
from seatrial.semantics.rbac import access_entries, authorization, bindings, default_roles, roles
from seatrial.semantics.rbac.access_entries import AccessEntry
from seatrial.semantics.rbac.authorization import MASTER, Authorizations, Held
from seatrial.semantics.rbac.bindings import BINDING, CLUSTER_BINDING, Binding, Holder
from seatrial.semantics.rbac.roles import CLUSTER_ROLE, ROLE, Reference, Role

_API = "rbac.authorization.k8s.io"
_NAMESPACED = (ROLE, BINDING)
_KINDS = (CLUSTER_ROLE, CLUSTER_BINDING, *_NAMESPACED)


def read(
    objects: Iterable[Mapping[str, object]] = (),
    *,
    entries: Iterable[AccessEntry] = (),
    defaults: bool = True,
) -> Authorizations:
    """Read a cluster's objects once, to ask about it often.

    Args:
        objects: Of any kind; an object takes the place of an earlier one with its name, a default one included.
        entries: Access entries of the cluster, when it is one of EKS.
        defaults: Whether the roles and bindings that every API server makes are there too.

    Raises:
        ConfigError: A field that matters has the wrong form; every fault at once.
        UsageError: An entry has an access policy whose rules are not known.

    """
    faults: list[Fault] = []
    found: dict[Reference, Role | Binding] = {}
    for value in (*(default_roles.objects() if defaults else ()), *objects):
        found.update(_parts(fields.of_object(value, faults)))
    if faults:
        raise ConfigError(faults, "the objects")
    return Authorizations(_held(found.values(), entries))


def _held(found: Iterable[Role | Binding], entries: Iterable[AccessEntry]) -> Iterator[tuple[Holder, Held]]:
    parts = tuple(found)
    rules = roles.rules(each for each in parts if isinstance(each, Role))
    yield MASTER
    yield from authorization.of_bindings((each for each in parts if isinstance(each, Binding)), rules)
    for entry in entries:
        yield from access_entries.held(entry)


def _parts(value: Fields) -> Iterator[tuple[Reference, Role | Binding]]:
    kind, api = value.text("kind") or "", value.text("apiVersion") or ""
    metadata = value.fields("metadata")
    if kind not in _KINDS or api.partition("/")[0] != _API:
        return
    name = (metadata.text("name") if metadata else None) or ""
    # As kubectl does, objects without a namespace go to the one called default.
    namespace = ((metadata.text("namespace") if metadata else None) or "default") if kind in _NAMESPACED else ""
    if not name:
        value.refuse("metadata.name", f"the name of the {kind}")
    reference = Reference(kind, name, namespace)
    if kind in (ROLE, CLUSTER_ROLE):
        yield reference, roles.read(value, reference)
    elif binding := bindings.read(value, kind, namespace, name):
        yield reference, binding
