"""The Kubernetes objects and the charts of a plan, found by kind and by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from seatrial.plan import Resource
from seatrial.rules.facts.values import at, is_unknown, text
from seatrial.semantics.rbac.api_resources import of_kind

PREFIX: Final = "kubernetes:"
"""What the type of everything in a cluster begins with; ``kubernetes:core/v1:Namespace``."""

RELEASE: Final = "kubernetes:helm.sh/v3:Release"
"""A chart: what it holds is rendered by the deployment, so a plan shows its values only."""

SYSTEM: Final = "kube-system"
"""The namespace of what makes the cluster work."""

_CORE: Final = "core"
_DEFAULT: Final = "default"
_OF_CLUSTER: Final = frozenset(
    {
        "EC2NodeClass", "GatewayClass", "IngressClassParams", "NodeClaim", "NodePool", "VolumeSnapshotClass",
        "VolumeSnapshotContent",
    }
)  # fmt: skip
"""Kinds of custom resources whose objects are in no namespace, beside those that say so by their name."""


@dataclass(frozen=True, slots=True)
class Object:
    """One object of the cluster; the inputs of its resource are its manifest."""

    resource: Resource
    group: str
    """API group; empty for the core group."""

    version: str
    kind: str
    namespace: str
    """Empty for what is in none, and for what only a deployment can tell."""

    name: str
    """Empty where only a deployment can tell."""

    @property
    def full_kind(self) -> str:
        """Kind and group: ``Deployment.apps``."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    @property
    def api_version(self) -> str:
        """As manifests say it: ``apps/v1``, ``v1``."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def title(self) -> str:
        """``Deployment/dev/web``."""
        return "/".join(filter(None, (self.kind, self.namespace, self.name)))


class Objects:
    """What a plan puts into a cluster."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        """Index the resources of a plan."""
        found = [resource for resource in resources if is_object(resource)]
        scopes = _scopes(found)
        self.every = tuple(_object(resource, scopes) for resource in found)
        self._by_kind: dict[str, list[Object]] = {}
        self._by_name: dict[tuple[str, str, str], Object] = {}
        self._by_namespace: dict[str, list[Object]] = {}
        for each in self.every:
            self._by_namespace.setdefault(each.namespace, []).append(each)
            self._by_kind.setdefault(each.full_kind, []).append(each)
            self._by_name.setdefault((each.full_kind, each.namespace, each.name), each)

    def of_kind(self, *kinds: str) -> tuple[Object, ...]:
        """Return the objects of some kinds, in the plan's order."""
        return tuple(each for kind in kinds for each in self._by_kind.get(kind, ()))

    def inside(self, namespace: str) -> tuple[Object, ...]:
        """Return the objects in a namespace, in the plan's order."""
        return tuple(self._by_namespace.get(namespace, ()))

    def find(self, kind: str, name: str, namespace: str = "") -> Object | None:
        """Return the object of a name; None when the plan has none."""
        return self._by_name.get((kind, namespace, name))


def is_object(resource: Resource) -> bool:
    """Tell whether a resource is an object of a cluster."""
    return resource.type.startswith(PREFIX) and resource.type != RELEASE


def is_in_cluster(resource: Resource) -> bool:
    """Tell whether a resource is an object of a cluster or a chart."""
    return resource.type.startswith(PREFIX)


def _scopes(resources: Iterable[Resource]) -> Mapping[tuple[str, str], bool]:
    """Return of the custom resources that a plan defines whether they are in namespaces, by group and kind."""
    return {
        (text(at(each, "spec.group")), text(at(each, "spec.names.kind"))): at(each, "spec.scope") == "Namespaced"
        for each in resources
        if each.type.endswith(":CustomResourceDefinition")
    }


def _object(resource: Resource, scopes: Mapping[tuple[str, str], bool]) -> Object:
    api, _, kind = resource.type.removeprefix(PREFIX).partition(":")
    group, _, version = api.rpartition("/")
    group = "" if group == _CORE else group
    return Object(
        resource=resource,
        group=group,
        version=version,
        kind=kind,
        namespace=_namespace(resource, is_namespaced=_is_namespaced(group, kind, scopes)),
        name=text(at(resource, "metadata.name")),
    )


def _is_namespaced(group: str, kind: str, scopes: Mapping[tuple[str, str], bool]) -> bool | None:
    """Tell whether objects of a kind are in namespaces; None where nobody can tell."""
    known = of_kind(kind, group)
    if known:
        return known.is_namespaced
    return False if kind in _OF_CLUSTER or kind.startswith("Cluster") else scopes.get((group, kind))


def _namespace(resource: Resource, *, is_namespaced: bool | None) -> str:
    namespace = at(resource, "metadata.namespace")
    if is_namespaced is False or is_unknown(namespace):
        return ""
    # As kubectl does, objects without a namespace go to the one called default.
    return text(namespace) or (_DEFAULT if is_namespaced else "")
