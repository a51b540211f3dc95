"""Shapes that the workloads of add-ons share."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.account.eks.content.installation import ROLE, Installation
from seatrial.rehearsal.account.emulator import Record

NAMESPACE = "kube-system"

EVERYWHERE: list[Record] = [{"operator": "Exists"}]
"""Tolerations of what must run on every node."""

CRITICAL: list[Record] = [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
"""Tolerations of what the cluster needs."""

_OF_POD = ("nodeSelector", "affinity", "tolerations", "topologySpreadConstraints")
"""Members of an add-on's configuration that stand in its pods as they are."""


def metadata(name: str, labels: Mapping[str, str] | None = None, **more: Any) -> Record:
    """Give the metadata of an object in the namespace of add-ons."""
    return {"name": name, "namespace": NAMESPACE, **({"labels": dict(labels)} if labels else {}), **more}


def service_account(name: str, labels: Mapping[str, str], role: str = "") -> Record:
    """Give a service account, with the role that its pods get."""
    annotations = {"annotations": {ROLE: role}} if role else {}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(name, labels, **annotations)}


def config_map(name: str, labels: Mapping[str, str], data: Mapping[str, str]) -> Record:
    """Give a ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(name, labels), "data": dict(data)}


def daemon_set(name: str, labels: Mapping[str, str], pod: Record) -> Record:
    """Give a DaemonSet that is rolled out a tenth of the nodes at a time."""
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": metadata(name, labels),
        "spec": {
            "selector": {"matchLabels": dict(labels)},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}},
            "template": pod,
        },
    }


def deployment(name: str, labels: Mapping[str, str], replicas: int, pod: Record) -> Record:
    """Give a Deployment that is rolled out one pod at a time."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(name, labels),
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": dict(labels)},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
            "template": pod,
        },
    }


def pod(labels: Mapping[str, str], values: Mapping[str, Any], spec: Record) -> Record:
    """Give the template of a pod; what the add-on's configuration says goes before ``spec``."""
    annotations = values.get("podAnnotations")
    return {
        "metadata": {
            "labels": {**values.get("podLabels", {}), **labels},
            **({"annotations": annotations} if annotations else {}),
        },
        "spec": {**spec, **{member: values[member] for member in _OF_POD if values.get(member)}},
    }


def container(name: str, image: str, resources: Mapping[str, Any] | None = None, **more: Any) -> Record:
    """Give a container."""
    return {"name": name, "image": image, **({"resources": dict(resources)} if resources else {}), **more}


def resources(values: Mapping[str, Any], usual: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the resources that the configuration asks for, or the usual ones."""
    return values.get("resources") or usual


def environment(values: Mapping[str, Any]) -> list[Record]:
    """Give variables as a container has them."""
    return [{"name": name, "value": str(value)} for name, value in values.items()]


def from_field(name: str, path: str) -> Record:
    """Give a variable that is filled from the pod."""
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}


def host_paths(paths: Mapping[str, str]) -> list[Record]:
    """Give volumes that are folders of the node: name to path."""
    return [{"name": name, "hostPath": {"path": path, "type": "DirectoryOrCreate"}} for name, path in paths.items()]


def mounts(paths: Mapping[str, str]) -> list[Record]:
    """Say where volumes are mounted: name to path."""
    return [{"name": name, "mountPath": path} for name, path in paths.items()]


def probe(path: str, port: int | str, **more: Any) -> Record:
    """Give a probe over HTTP."""
    return {"httpGet": {"path": path, "port": port}, **more}


def on_linux(*excluded: str) -> Record:
    """Require a Linux node that isn't of one of these compute types."""
    expressions: list[Record] = [
        {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]},
        {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64", "arm64"]},
    ]
    if excluded:
        expressions.append({"key": "eks.amazonaws.com/compute-type", "operator": "NotIn", "values": list(excluded)})
    terms = {"nodeSelectorTerms": [{"matchExpressions": expressions}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}


def apart(labels: Mapping[str, str]) -> Record:
    """Prefer nodes where no other pod of the same labels is."""
    term = {"labelSelector": {"matchLabels": dict(labels)}, "topologyKey": "kubernetes.io/hostname"}
    preferred = [{"weight": 100, "podAffinityTerm": term}]
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}}


def over_zones(labels: Mapping[str, str]) -> list[Record]:
    """Spread pods over zones as far as it can be done."""
    return [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": dict(labels)},
        }
    ]


def disruption_budget(name: str, labels: Mapping[str, str], add_on: Installation) -> list[Record]:
    """Give the budget that the configuration asks for: one pod at a time unless it says otherwise."""
    wanted = add_on.values.get("podDisruptionBudget", {})
    if not wanted.get("enabled", True):
        return []
    limits = {member: wanted[member] for member in ("maxUnavailable", "minAvailable") if member in wanted}
    return [
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": metadata(name, labels),
            "spec": {"selector": {"matchLabels": dict(labels)}, **(limits or {"maxUnavailable": 1})},
        }
    ]


def definition(group: str, version: str, kind: str, plural: str, **more: Any) -> Record:
    """Give a CustomResourceDefinition with one version.

    ``scope``, ``schema``, ``annotations`` and ``has_status`` are given where they aren't the usual ones.
    """
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True, **more.get("schema", {})}
    served: Record = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{group}",
            **({"annotations": more["annotations"]} if "annotations" in more else {}),
        },
        "spec": {
            "group": group,
            "scope": more.get("scope", "Namespaced"),
            "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": kind.lower()},
            "versions": [{**served, **({"subresources": {"status": {}}} if more.get("has_status") else {})}],
        },
    }
