"""Reading nodes from objects of the API: labels, taints, and what their kubelets say that they can allocate."""

from collections.abc import Iterable, Mapping
from math import ceil

from seatrial.semantics import workloads
from seatrial.semantics.fields import Fields
from seatrial.semantics.scheduling import quantities
from seatrial.semantics.scheduling.nodes import CPU, MEMORY, Node, Taint

_PODS = "pods"
_NEEDED = (CPU, MEMORY, _PODS)


def nodes(objects: Iterable[Fields]) -> tuple[Node, ...]:
    """Read every node; all other objects are passed over."""
    return tuple(_node(value) for value in objects if (workloads.group(value), value.text("kind")) == ("", "Node"))


def _node(value: Fields) -> Node:
    metadata, spec = (
        value.fields(key) or Fields({}, value.at(f"{key}."), value.faults) for key in ("metadata", "spec")
    )
    amounts = _allocatable(value)
    return Node(
        name=metadata.text("name") or "",
        labels=metadata.labels("labels"),
        cpu=amounts[CPU],
        memory=amounts[MEMORY],
        pods=amounts[_PODS],
        taints=tuple(_taint(item) for item in spec.items("taints")),
        others={name: amount for name, amount in amounts.items() if name not in _NEEDED},
        unschedulable=spec.flag("unschedulable") or False,
    )


def _taint(item: Fields) -> Taint:
    return Taint(key=item.text("key") or "", value=item.text("value") or "", effect=item.text("effect") or "")


def _allocatable(value: Fields) -> Mapping[str, int]:
    amounts: dict[str, int] = dict.fromkeys(_NEEDED, 0)
    status = value.fields("status")
    found = status.fields("allocatable") if status else None
    if found is None:
        value.refuse("status", "a mapping with allocatable, as kubectl get nodes -o yaml shows it")
        return amounts
    for name in (*_NEEDED, *sorted(found.value.keys() - {*_NEEDED})):
        amount = quantities.parse(found.value.get(name))
        if amount is None:
            found.refuse(name, "an amount such as 1930m or 3388360Ki")
        else:
            amounts[name] = ceil(amount * 1000) if name == CPU else ceil(amount)
    return amounts
