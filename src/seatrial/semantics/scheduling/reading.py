"""Reading what is to run from objects of the API, with the defaults that it fills in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from seatrial.errors import ConfigError, Fault
from seatrial.semantics import fields, workloads
from seatrial.semantics.fields import Fields
from seatrial.semantics.network_policy import labels
from seatrial.semantics.network_policy.labels import Operator, Selector
from seatrial.semantics.scheduling import requests
from seatrial.semantics.scheduling.budgets import Budget
from seatrial.semantics.scheduling.pods import (
    HostPort,
    NodeRequirement,
    NodeTerm,
    Pod,
    PodTerm,
    Spread,
    Template,
    Toleration,
)
from seatrial.semantics.scheduling.selection import with_labels
from seatrial.semantics.scheduling.workloads import Daemon, Workloads
from seatrial.semantics.workloads import PodFields

Object: TypeAlias = Mapping[str, object]

DEFAULT_NAMESPACE: Final = "default"
"""Where an object is put that names no namespace."""

_REQUIRED: Final = "requiredDuringSchedulingIgnoredDuringExecution"

_PRIORITIES: Final = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}
"""The classes that every API server makes."""

_MOST: Final = 150_000
"""Pods that Kubernetes is made for: https://kubernetes.io/docs/setup/best-practices/cluster-large/."""

_UNCOUNTED: Final = frozenset({"CronJob", "DaemonSet"})
"""What has no number of pods: those of a CronJob come and go, those of a DaemonSet come with nodes."""

_DAEMON_TAINTS: Final = (
    ("not-ready", "NoExecute"),
    ("unreachable", "NoExecute"),
    ("disk-pressure", "NoSchedule"),
    ("memory-pressure", "NoSchedule"),
    ("pid-pressure", "NoSchedule"),
    ("unschedulable", "NoSchedule"),
)
"""Taints that the DaemonSets' controller makes its pods tolerate; on the node's network one more."""


def read(objects: Iterable[Object]) -> Workloads:
    """Read pods, what makes pods, budgets, namespaces and priority classes; all other objects are passed over.

    A pod, or what makes pods, that has its controller among the objects is left out: the controller stands for it.
    Preferences are no part of it, nor are volumes.

    Raises:
        ConfigError: A field that matters has the wrong form; every fault at once.

    """
    faults: list[Fault] = []
    found = of_fields([fields.of_object(value, faults) for value in objects])
    if faults:
        raise ConfigError(faults, "the objects")
    return found


def of_fields(objects: Iterable[Fields]) -> Workloads:
    """Read the same from objects whose faults somebody else collects."""
    known = [*objects]
    priorities = {**_PRIORITIES, **dict(_classes(known))}
    titles = {_title(value) for value in known}
    running = [value for value in known if workloads.runs_pods(value) and titles.isdisjoint(_owners(value))]
    return Workloads(
        pods=tuple(pod for value in running for pod in _pods(value, priorities)),
        daemons=tuple(daemon for value in running if (daemon := _daemon(value, priorities))),
        budgets=tuple(budget for value in known if (budget := _budget(value))),
        namespaces=dict(_namespaces(known)),
    )


def _pods(value: Fields, priorities: Mapping[str, int]) -> Iterator[Pod]:
    source = workloads.pod(value)
    kind = value.text("kind") or ""
    if source is None or kind in _UNCOUNTED:
        return
    template = _template(value, source, priorities)
    if source.is_pod:
        yield Pod(_name(value), template)
        return
    number = _number(_below(value, "spec"), kind)
    yield from (Pod(f"{_name(value)}-{index}", template) for index in range(number))


def _number(spec: Fields, kind: str) -> int:
    """Count the pods at a time; of a Job no more than it has to complete."""
    if kind != "Job":
        return _count(spec, "replicas", 1)
    parallel = _count(spec, "parallelism", 1)
    return min(parallel, _count(spec, "completions", parallel))


def _count(spec: Fields, key: str, default: int) -> int:
    number = spec.number(key)
    if number is None or 0 <= number <= _MOST:
        return default if number is None else number
    spec.refuse(key, f"0 to {_MOST}: no cluster runs more pods")
    return 0


def _daemon(value: Fields, priorities: Mapping[str, int]) -> Daemon | None:
    source = workloads.pod(value)
    if source is None or value.text("kind") != "DaemonSet":
        return None
    template = _template(value, source, priorities)
    return Daemon(name=_name(value), template=replace(template, tolerations=_daemon_tolerations(source, template)))


def _daemon_tolerations(source: PodFields, template: Template) -> tuple[Toleration, ...]:
    own = [("network-unavailable", "NoSchedule")] if source.spec.flag("hostNetwork") else []
    known = (*_DAEMON_TAINTS, *own)
    made = (Toleration(key=f"node.kubernetes.io/{key}", operator="Exists", effect=effect) for key, effect in known)
    return (*template.tolerations, *made)


def _template(value: Fields, source: PodFields, priorities: Mapping[str, int]) -> Template:
    spec, own = source.spec, source.metadata.labels("labels")
    namespace = _metadata(value).text("namespace") or DEFAULT_NAMESPACE
    affinity = _below(spec, "affinity")
    return Template(
        namespace=namespace,
        labels=own,
        owner="" if source.is_pod and not _owners(value) else _owner(value, source),
        priority=_priority(spec, priorities),
        requests=requests.of_pod(spec),
        tolerations=tuple(_toleration(item) for item in spec.items("tolerations")),
        node_selector=spec.labels("nodeSelector"),
        node_terms=_node_terms(_below(affinity, "nodeAffinity")),
        near=tuple(_pod_term(item, namespace, own) for item in _below(affinity, "podAffinity").items(_REQUIRED)),
        apart=tuple(_pod_term(item, namespace, own) for item in _below(affinity, "podAntiAffinity").items(_REQUIRED)),
        spreads=tuple(_spreads(spec, own)),
        host_ports=tuple(_host_ports(spec)),
        is_daemon=value.text("kind") == "DaemonSet" or _owner(value, source).startswith("DaemonSet/"),
    )


def _priority(spec: Fields, priorities: Mapping[str, int]) -> int:
    given = spec.number("priority")
    return priorities.get(spec.text("priorityClassName") or "", 0) if given is None else given


def _toleration(item: Fields) -> Toleration:
    return Toleration(
        key=item.text("key") or "",
        operator=item.text("operator") or "Equal",
        value=item.text("value") or "",
        effect=item.text("effect") or "",
    )


def _node_terms(affinity: Fields) -> tuple[NodeTerm, ...] | None:
    required = affinity.fields(_REQUIRED)
    if required is None:
        return None
    return tuple(
        NodeTerm(
            labels=tuple(_requirement(each) for each in term.items("matchExpressions")),
            names=tuple(_requirement(each) for each in term.items("matchFields")),
        )
        for term in required.items("nodeSelectorTerms")
    )


def _requirement(item: Fields) -> NodeRequirement:
    operator, values = item.text("operator") or "", item.texts("values")
    known = {"In": 1, "NotIn": 1, "Exists": 0, "DoesNotExist": 0, "Gt": 1, "Lt": 1}
    if operator not in known:
        item.refuse("operator", ", ".join(known))
    elif bool(values) != bool(known[operator]):
        item.refuse("values", f"{'at least one' if known[operator] else 'none'} with the operator {operator}")
    return NodeRequirement(item.text("key") or "", operator, values)


def _pod_term(item: Fields, namespace: str, own: Mapping[str, str]) -> PodTerm:
    names = frozenset(item.texts("namespaces"))
    others = _selector(item, "namespaceSelector")
    alike = with_labels(_selector(item, "labelSelector"), Operator.IN, _named(item, "matchLabelKeys", own))
    return PodTerm(
        topology_key=item.text("topologyKey") or "",
        selector=with_labels(alike, Operator.NOT_IN, _named(item, "mismatchLabelKeys", own)),
        namespaces=names if names or others is not None else frozenset({namespace}),
        namespace_selector=others,
    )


def _spreads(spec: Fields, own: Mapping[str, str]) -> Iterator[Spread]:
    for item in spec.items("topologySpreadConstraints"):
        if item.text("whenUnsatisfiable") in (None, "DoNotSchedule"):
            yield Spread(
                topology_key=item.text("topologyKey") or "",
                selector=with_labels(
                    _selector(item, "labelSelector"), Operator.IN, _named(item, "matchLabelKeys", own)
                ),
                max_skew=item.number("maxSkew") or 1,
                min_domains=item.number("minDomains") or 1,
                honor_affinity=(item.text("nodeAffinityPolicy") or "Honor") == "Honor",
                honor_taints=item.text("nodeTaintsPolicy") == "Honor",
            )


def _named(item: Fields, key: str, own: Mapping[str, str]) -> Mapping[str, str]:
    """Return those of the pod's own labels that a list of label keys names."""
    return {name: own[name] for name in item.texts(key) if name in own}


def _selector(item: Fields, key: str) -> Selector | None:
    selector = item.fields(key)
    return None if selector is None else labels.read(selector)


def _host_ports(spec: Fields) -> Iterator[HostPort]:
    on_host = spec.flag("hostNetwork") or False
    sidecars = (item for item in spec.items("initContainers") if item.text("restartPolicy") == "Always")
    for container in (*sidecars, *spec.items("containers")):
        for port in container.items("ports"):
            # On the node's network a container's port is the node's.
            number = port.number("hostPort") or (port.number("containerPort") if on_host else None)
            if number:
                yield HostPort(number, port.text("protocol") or "TCP", port.text("hostIP") or HostPort(number).address)


def _budget(value: Fields) -> Budget | None:
    if (workloads.group(value), value.text("kind")) != ("policy", "PodDisruptionBudget"):
        return None
    spec = _below(value, "spec")
    return Budget(
        namespace=_metadata(value).text("namespace") or DEFAULT_NAMESPACE,
        name=_name(value),
        selector=_selector(spec, "selector"),
        min_available=_share(spec, "minAvailable"),
        max_unavailable=_share(spec, "maxUnavailable"),
        always_evicts_unhealthy=spec.text("unhealthyPodEvictionPolicy") == "AlwaysAllow",
    )


def _share(spec: Fields, key: str) -> int | str | None:
    value = spec.number_or_text(key)
    if isinstance(value, str) and not (value.endswith("%") and value[:-1].isdecimal()):
        return spec.refuse(key, "a number, or a percentage such as 50%")
    return value


def _classes(known: Iterable[Fields]) -> Iterator[tuple[str, int]]:
    for value in known:
        if (workloads.group(value), value.text("kind")) == ("scheduling.k8s.io", "PriorityClass"):
            number = value.number("value") or 0
            yield _name(value), number
            if value.flag("globalDefault"):
                yield "", number


def _namespaces(known: Iterable[Fields]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for value in known:
        if (workloads.group(value), value.text("kind")) == ("", "Namespace"):
            yield _name(value), _metadata(value).labels("labels")


def _owner(value: Fields, source: PodFields) -> str:
    """Name what makes such a pod again: its controller, or what has the template."""
    return next(iter(_owners(value)), "") if source.is_pod else _title(value)


def _owners(value: Fields) -> frozenset[str]:
    namespace = _metadata(value).text("namespace") or DEFAULT_NAMESPACE
    return frozenset(
        f"{reference.text('kind')}/{namespace}/{reference.text('name')}"
        for reference in _metadata(value).items("ownerReferences")
        if reference.flag("controller")
    )


def _title(value: Fields) -> str:
    namespace = _metadata(value).text("namespace") or DEFAULT_NAMESPACE
    return f"{value.text('kind')}/{namespace}/{_name(value)}"


def _name(value: Fields) -> str:
    return _metadata(value).text("name") or ""


def _metadata(value: Fields) -> Fields:
    return _below(value, "metadata")


def _below(holder: Fields, key: str) -> Fields:
    return holder.fields(key) or Fields({}, f"{holder.at(key)}.", holder.faults)
