"""The names that objects of a cluster mention others by."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from seatrial.plan import Value
from seatrial.rules.facts import kinds
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.pods import Template, containers
from seatrial.rules.facts.values import at, entries, is_true, items, properties, text, within


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in an object."""

    path: str
    """Property path where it stands."""

    kind: str
    """Of what it is the name: ``Role.rbac.authorization.k8s.io``."""

    name: str
    namespace: str = ""
    """Empty for what is in none."""


def of_object(found: Object) -> Iterator[Mention]:
    """Give what an object mentions; names that a plan can't tell are left out."""
    if found.namespace:
        yield Mention("metadata.namespace", kinds.NAMESPACE, found.namespace)
    mentions = _BY_KIND.get(found.full_kind)
    yield from (each for each in (mentions(found) if mentions else ()) if each.name)


def of_pod(template: Template) -> Iterator[Mention]:
    """Give what a pod mentions, likewise."""
    yield from (each for each in _pod(template) if each.name)


def _binding(found: Object) -> Iterator[Mention]:
    kind, name = text(at(found.resource, "roleRef.kind")), text(at(found.resource, "roleRef.name"))
    if kind == "Role":
        yield Mention("roleRef.name", kinds.ROLE, name, found.namespace)
    else:
        yield Mention("roleRef.name", kinds.CLUSTER_ROLE, name)
    for path, subject in entries(found.resource, "subjects"):
        if text(subject.get("kind")) == "ServiceAccount":
            namespace = text(subject.get("namespace")) or found.namespace
            yield Mention(f"{path}.name", kinds.SERVICE_ACCOUNT, text(subject.get("name")), namespace)


def _scaler(found: Object) -> Iterator[Mention]:
    target = properties(at(found.resource, "spec.scaleTargetRef"))
    kind, group = text(target.get("kind")), text(target.get("apiVersion")).rpartition("/")[0]
    full = f"{kind}.{group}" if group else kind
    yield Mention("spec.scaleTargetRef.name", full, text(target.get("name")), found.namespace)


def _ingress(found: Object) -> Iterator[Mention]:
    path = "spec.defaultBackend.service.name"
    yield Mention(path, kinds.SERVICE, text(at(found.resource, path)), found.namespace)
    for rule, values in entries(found.resource, "spec.rules"):
        for index, way in enumerate(items(within(values, "http.paths"))):
            # An action of the load balancer has the form of a Service whose port is use-annotation.
            if text(within(way, "backend.service.port.name")) != "use-annotation":
                name = text(within(way, "backend.service.name"))
                path = f"{rule}.http.paths[{index}].backend.service.name"
                yield Mention(path, kinds.SERVICE, name, found.namespace)


def _claim(found: Object) -> Iterator[Mention]:
    path = "spec.storageClassName"
    yield Mention(path, kinds.STORAGE_CLASS, text(at(found.resource, path)))


def _stateful_set(found: Object) -> Iterator[Mention]:
    yield Mention("spec.serviceName", kinds.SERVICE, text(at(found.resource, "spec.serviceName")), found.namespace)
    for path, claim in entries(found.resource, "spec.volumeClaimTemplates"):
        name = text(within(claim, "spec.storageClassName"))
        yield Mention(f"{path}.spec.storageClassName", kinds.STORAGE_CLASS, name)


def _pod(template: Template) -> Iterator[Mention]:
    namespace = template.object.namespace
    name = text(template.spec.get("serviceAccountName"))
    yield Mention(template.place("spec.serviceAccountName"), kinds.SERVICE_ACCOUNT, name, namespace)
    yield Mention(
        template.place("spec.priorityClassName"), kinds.PRIORITY_CLASS, text(template.spec.get("priorityClassName"))
    )
    yield from _environment(template)
    for path, volume in entries(template.resource, template.place("spec.volumes")):
        for index, source in enumerate(items(within(volume, "projected.sources"))):
            yield _settings(f"{path}.projected.sources[{index}].configMap", within(source, "configMap"), namespace)
        yield _settings(f"{path}.configMap", within(volume, "configMap"), namespace)
        name = text(within(volume, "persistentVolumeClaim.claimName"))
        yield Mention(f"{path}.persistentVolumeClaim.claimName", kinds.VOLUME_CLAIM, name, namespace)


def _environment(template: Template) -> Iterator[Mention]:
    for container in containers(template):
        for index, each in enumerate(items(container.values.get("env"))):
            path = f"{container.path}.env[{index}].valueFrom.configMapKeyRef"
            yield _settings(path, within(each, "valueFrom.configMapKeyRef"), template.object.namespace)
        for index, each in enumerate(items(container.values.get("envFrom"))):
            path = f"{container.path}.envFrom[{index}].configMapRef"
            yield _settings(path, within(each, "configMapRef"), template.object.namespace)


def _settings(path: str, reference: Value, namespace: str) -> Mention:
    """Mention a ConfigMap, by no name where a pod starts without it."""
    name = "" if is_true(within(reference, "optional")) else text(within(reference, "name"))
    return Mention(f"{path}.name", kinds.CONFIG_MAP, name, namespace)


_BY_KIND: Final[Mapping[str, Callable[[Object], Iterator[Mention]]]] = {
    kinds.CLUSTER_ROLE_BINDING: _binding,
    kinds.INGRESS: _ingress,
    kinds.ROLE_BINDING: _binding,
    kinds.SCALER: _scaler,
    kinds.STATEFUL_SET: _stateful_set,
    kinds.VOLUME_CLAIM: _claim,
}
