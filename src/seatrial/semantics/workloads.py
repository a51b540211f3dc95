"""The pod that an object runs: its own, or the template that it makes pods from."""

from dataclasses import dataclass

from seatrial.semantics.fields import Fields

TEMPLATES = {
    ("", "Pod"): (),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): ("spec", "template"),
    ("apps", "DaemonSet"): ("spec", "template"),
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("batch", "Job"): ("spec", "template"),
}
"""API group and kind of everything that holds a pod, to the path of that pod.

The kinds that the Pod Security admission plugin looks into: ``DefaultPodSpecExtractor`` in
https://github.com/kubernetes/pod-security-admission/blob/master/admission/admission.go
"""


@dataclass(frozen=True, slots=True)
class PodFields:
    """The pod of an object, not yet read."""

    metadata: Fields
    """The pod's metadata: labels, annotations, owners."""
    spec: Fields
    """The pod's spec."""
    is_pod: bool
    """Whether the object is the pod itself, rather than what makes pods."""


def group(value: Fields) -> str:
    """Name the API group of an object; "" is the core group."""
    return (value.text("apiVersion") or "").rpartition("/")[0]


def runs_pods(value: Fields) -> bool:
    """Tell whether objects of this kind run pods; a PodTemplate, for one, only describes some."""
    kind = (group(value), value.text("kind") or "")
    return kind in TEMPLATES and kind != ("", "PodTemplate")


def pod(value: Fields) -> PodFields | None:
    """Find the pod of an object; None when objects of its kind have none, or when it lacks it (a fault)."""
    path = TEMPLATES.get((group(value), value.text("kind") or ""))
    if path is None:
        return None
    holder: Fields | None = value
    for key in path:
        holder = _needed(holder, key) if holder else None
    spec = _needed(holder, "spec") if holder else None
    if holder is None or spec is None:
        return None
    return PodFields(holder.fields("metadata") or Fields({}, holder.at("metadata."), holder.faults), spec, not path)


def _needed(holder: Fields, key: str) -> Fields | None:
    if holder.value.get(key) is None:
        holder.refuse(key, "a mapping")
    return holder.fields(key)
