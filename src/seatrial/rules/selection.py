"""Which pods of a plan labels and selectors mean."""

from collections.abc import Iterable, Mapping

from seatrial.errors import Fault
from seatrial.plan import Value
from seatrial.rules.facts.manifests import thawed
from seatrial.rules.facts.pods import Template
from seatrial.rules.facts.values import is_unknown, properties
from seatrial.rules.view import View
from seatrial.semantics.fields import Fields
from seatrial.semantics.network_policy import labels
from seatrial.semantics.network_policy.labels import LabelIndex, Selector


class Selection:
    """The pods of a plan by namespace and label, so that a selector is answered once."""

    def __init__(self, pods: Iterable[Template]) -> None:
        """Index pods."""
        self._pods = tuple(pods)
        grouped: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
        for index, each in enumerate(self._pods):
            grouped.setdefault(each.object.namespace, []).append((index, each.labels))
        self._by_namespace = {name: LabelIndex(found) for name, found in grouped.items()}

    def of(self, namespace: str, selector: Selector) -> tuple[Template, ...]:
        """Return the pods of a namespace that a selector means, in the plan's order."""
        index = self._by_namespace.get(namespace)
        return tuple(self._pods[each] for each in sorted(index.select(selector))) if index else ()


def selector(value: Value) -> Selector | None:
    """Read a selector with matchLabels and matchExpressions; None where it has the wrong form or can't be told."""
    faults: list[Fault] = []
    read = labels.read(Fields({key: thawed(each) for key, each in properties(value).items()}, "", faults))
    return None if faults or is_unknown(value) else read


def of_labels(value: Value) -> Selector | None:
    """Read the selector of a Service, which is labels alone; likewise."""
    return selector({"matchLabels": properties(value)}) if not is_unknown(value) else None


def chart_namespaces(view: View) -> frozenset[str]:
    """Return the namespaces that charts put pods into, of which a plan can't tell all pods."""
    return frozenset(chart.namespace for chart in view.charts)
