"""The pods of a cluster as NetworkPolicies see them, and the workloads that they belong to."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seatrial.semantics import workloads
from seatrial.semantics.fields import Fields
from seatrial.semantics.network_policy.addresses import Range, of_network
from seatrial.semantics.network_policy.policy import NamedPort
from seatrial.semantics.network_policy.reading import DEFAULT_NAMESPACE, container_ports
from seatrial.semantics.workloads import PodFields


@dataclass(frozen=True, slots=True)
class Workload:
    """What pods belong to: their controller, or themselves."""

    namespace: str
    name: str
    kind: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}[{self.kind}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """Pods of a workload that no policy can tell apart."""

    workload: Workload
    labels: Mapping[str, str]
    ports: Mapping[NamedPort, frozenset[int]]
    """Numbers of its named ports."""
    is_bare: bool
    """Whether no controller made it."""
    host_network: bool
    """Whether it has the address of its node."""
    node: Range | None
    """That address, where it has it and the object says."""


def read(objects: Iterable[Fields]) -> tuple[Pod, ...]:
    """Read the pods of all objects, one for each set of labels within a workload.

    What has its controller among the objects is left out: the controller stands for it.
    """
    running = [value for value in objects if workloads.runs_pods(value)]
    known = {_itself(value) for value in running}
    pods = [pod for value in running if _owner(value) not in known and (pod := _pod(value)) is not None]
    return tuple({_distinction(pod): pod for pod in pods}.values())


def _pod(value: Fields) -> Pod | None:
    source = workloads.pod(value)
    if source is None:
        return None
    host_network = source.spec.flag("hostNetwork") or False
    owner = _owner(value) if source.is_pod else None
    return Pod(
        workload=owner or _itself(value),
        labels=source.metadata.labels("labels"),
        ports=_ports(source),
        is_bare=source.is_pod and owner is None,
        host_network=host_network,
        node=_node(value) if host_network else None,
    )


def _distinction(pod: Pod) -> tuple[object, ...]:
    return (pod.workload, frozenset(pod.labels.items()), frozenset(pod.ports.items()), pod.host_network, pod.node)


def _itself(value: Fields) -> Workload:
    metadata = _metadata(value)
    name = metadata.text("name") or metadata.text("generateName") or ""
    return Workload(metadata.text("namespace") or DEFAULT_NAMESPACE, name, value.text("kind") or "")


def _owner(value: Fields) -> Workload | None:
    for reference in _metadata(value).items("ownerReferences"):
        # The mirror of a node's static pod is owned by the node, which is no controller of pods.
        if reference.flag("controller") and reference.text("kind") != "Node":
            return Workload(_itself(value).namespace, reference.text("name") or "", reference.text("kind") or "Pod")
    return None


def _metadata(value: Fields) -> Fields:
    return value.fields("metadata") or Fields({}, value.at("metadata."), value.faults)


def _ports(source: PodFields) -> Mapping[NamedPort, frozenset[int]]:
    numbers: dict[NamedPort, frozenset[int]] = {}
    for name, number in container_ports(source.spec):
        numbers[name] = numbers.get(name, frozenset()) | {number}
    return numbers


def _node(value: Fields) -> Range | None:
    status = value.fields("status")
    address = status.text("hostIP") if status else None
    try:
        return of_network(ipaddress.ip_network(address)) if address else None
    except ValueError:
        return value.refuse("status", "an IP address as hostIP")
