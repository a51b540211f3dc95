"""What only a deployment can tell of a plan's pods and network policies, and which connections that concerns."""

from collections.abc import Iterator, Mapping
from typing import Final

from seatrial.plan import Unknown
from seatrial.rules.facts.kinds import NAMESPACE, NETWORK_POLICY
from seatrial.rules.facts.objects import Object, Objects
from seatrial.rules.facts.pods import Template, containers, templates, untold
from seatrial.rules.facts.values import at, is_unknown, properties, texts, within
from seatrial.semantics.network_policy.explanation import Decision, Explanation
from seatrial.semantics.workloads import TEMPLATES

_RUNNING: Final = frozenset(kind for _, kind in TEMPLATES)
_DIRECTIONS: Final = ("Ingress", "Egress")


class Doubts:
    """The objects of a plan that aren't known in full."""

    def __init__(self, objects: Objects) -> None:
        self._pods = {each.object.title: each for each in templates(objects) if _is_open_template(each)}
        self._others = {each.title: each for each in objects.every if each.title not in self._pods and _is_open(each)}

    def __contains__(self, found: Object) -> bool:
        return found.title in self._pods or found.title in self._others

    def stand_ins(self) -> Iterator[Mapping[str, object]]:
        """Give namespaces and pods for those that aren't known in full, with what is."""
        for each in self._others.values():
            if each.full_kind == NAMESPACE and each.name:
                yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": each.name}}
        for each in self._pods.values():
            if each.object.namespace:
                yield pod(each.object.namespace, each.object.name, each.object.kind, each.labels)

    def about(self, found: Explanation) -> tuple[str, ...]:
        """Name what may turn the answer about a connection; nothing where an end that is known refuses it."""
        ends = [each for end in (found.source, found.destination) for each in self._of_end(end)]
        egress = [*self._policies(found.source, "Egress", found.egress), *ends]
        ingress = [*self._policies(found.destination, "Ingress", found.ingress), *ends]
        if (not found.egress.allowed and not egress) or (not found.ingress.allowed and not ingress):
            return ()
        return tuple(dict.fromkeys((*egress, *ingress)))

    def _policies(self, end: str, direction: str, decision: Decision) -> Iterator[str]:
        if decision.allowed_by:
            # Another policy takes nothing from what one of them allows.
            return
        for title, each in self._others.items():
            is_there = each.namespace in ("", _namespace(end)) and bool(_namespace(end))
            if each.full_kind == NETWORK_POLICY and is_there and direction in _directions(each):
                yield title

    def _of_end(self, end: str) -> Iterator[str]:
        for title, each in self._others.items():
            if each.full_kind == NAMESPACE and each.name == _namespace(end):
                yield title
        for title, each in self._pods.items():
            if end == f"{each.object.namespace}/{each.object.name}[{each.object.kind}]":
                yield title


def pod(namespace: str, name: str, kind: str, labels: Mapping[str, str]) -> Mapping[str, object]:
    """Describe a pod as its controller would."""
    owner = {"controller": True, "kind": kind, "name": name}
    metadata = {"namespace": namespace, "name": name, "labels": labels, "ownerReferences": [owner]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}}


def _namespace(end: str) -> str:
    """Return the namespace of an end; empty for an address."""
    return end.partition("/")[0] if end.endswith("]") else ""


def _is_open_template(found: Template) -> bool:
    parts = (
        at(found.resource, "metadata.namespace"),
        within(found.metadata, "labels"),
        within(found.spec, "hostNetwork"),
        *(each.values.get("ports") for each in containers(found)),
    )
    return any(map(is_unknown, parts)) or bool(untold(found))


def _is_open(found: Object) -> bool:
    metadata = properties(at(found.resource, "metadata"))
    parts = (*map(metadata.get, ("namespace", "labels")), found.resource.inputs.get("spec"))
    # What has pods was looked at already: most of what they hold decides nothing here.
    return found.kind not in _RUNNING and any(map(is_unknown, parts))


def _directions(found: Object) -> tuple[str, ...]:
    """Return the directions in which a policy may decide."""
    spec = at(found.resource, "spec")
    if isinstance(spec, Unknown) or is_unknown(within(spec, "policyTypes")):
        return _DIRECTIONS
    named = texts(within(spec, "policyTypes"))
    return named or (_DIRECTIONS if within(spec, "egress") is not None else _DIRECTIONS[:1])
