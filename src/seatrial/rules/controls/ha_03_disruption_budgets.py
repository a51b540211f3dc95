"""HA-03: a budget lets drains take pods, but never all at once."""

from collections.abc import Iterator, Mapping
from math import ceil

from seatrial.plan import Value
from seatrial.rules.facts.kinds import DISRUPTION_BUDGET
from seatrial.rules.facts.objects import SYSTEM, Object
from seatrial.rules.facts.replicated import CHARTS, Replicated, count
from seatrial.rules.facts.values import at, is_unknown, number, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.selection import Selection, chart_namespaces, selector
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_KEEPS = "unhealthyPodEvictionPolicy"


def _examine(view: View) -> Iterator[Observation]:
    selection, untold = Selection(view.pods), chart_namespaces(view) | {SYSTEM}
    having: dict[str, list[Object]] = {}
    sizes = {each.template.resource.urn: count(each) for each in view.replicated if each.template}
    for budget in view.objects.of_kind(DISRUPTION_BUDGET):
        selected = selector(at(budget.resource, "spec.selector"))
        pods = selection.of(budget.namespace, selected) if selected else ()
        for pod in pods:
            having.setdefault(pod.resource.urn, []).append(budget)
        if selected is None:
            yield unknown(budget.resource, "spec.selector")
        elif not pods and budget.namespace not in untold:
            yield broken(budget.resource, "spec.selector", f"no pod of {budget.namespace} has these labels")
        yield from _bounds(budget, [sizes.get(pod.resource.urn) for pod in pods])
    for each in view.replicated:
        if (count(each) or 0) > 1:
            yield from _workload(each, having)
    for chart in view.charts:
        if chart.name in CHARTS:
            value = CHARTS[chart.name].value(at(chart.resource, "values"), "podDisruptionBudget")
            path, found = "values.podDisruptionBudget", f"chart {chart.name}"
            if is_unknown(value):
                yield unknown(chart.resource, path)
            else:
                yield met(chart.resource, path, found) if value else broken(chart.resource, path, f"{found}: no budget")


def _workload(each: Replicated, having: Mapping[str, list[Object]]) -> Iterator[Observation]:
    if not each.template:
        return
    budgets = having.get(each.template.resource.urn, [])
    names = ", ".join(budget.title for budget in budgets) or "no budget"
    if len(budgets) == 1:
        yield met(each.template.resource, "PodDisruptionBudget", f"{each.title}: {names}")
    else:
        yield broken(each.template.resource, "PodDisruptionBudget", f"{each.title}: {names}")


def _bounds(budget: Object, sizes: list[int | None]) -> Iterator[Observation]:
    resource = budget.resource
    least, most = at(resource, "spec.minAvailable"), at(resource, "spec.maxUnavailable")
    path = "spec.minAvailable" if least is not None else "spec.maxUnavailable"
    value = most if least is None else least
    if is_unknown(value):
        yield unknown(resource, path)
    else:
        known = [size for size in sizes if size is not None]
        fault = _fault(value, known, is_least=least is not None)
        yield broken(resource, path, fault) if fault else met(resource, path, f"{path.rpartition('.')[2]} {value}")
    keeps = text(at(resource, f"spec.{_KEEPS}"))
    if keeps != "AlwaysAllow":
        yield broken(resource, f"spec.{_KEEPS}", keeps or "nothing", allowed="AlwaysAllow")


def _fault(value: Value, sizes: list[int], *, is_least: bool) -> str:
    """Tell why a bound lets nothing go, or everything; empty when it does neither."""
    if value is None:
        return "neither minAvailable nor maxUnavailable"
    # Of a single pod all may go, or no drain ends.
    counted = sizes if is_least else [size for size in sizes if size > 1]
    is_none = value in (0, "0%")
    is_all = value == "100%" or any(_amount(value, size) >= size for size in counted)
    lets_nothing, lets_all = (is_all, is_none) if is_least else (is_none, is_all)
    if lets_nothing:
        return f"{value}, so no drain ever ends"
    return f"{value}, so all may go at once" if lets_all else ""


def _amount(value: Value, size: int) -> int:
    """Return how many of some pods a bound means; of parts of a pod Kubernetes makes a whole one."""
    part = number(text(value).removesuffix("%")) if text(value).endswith("%") else None
    amount = number(value) if part is None else ceil(part * size / 100)
    return amount or 0


RULE = Rule(
    id="HA-03",
    severity=Severity.MEDIUM,
    title="A budget keeps some pods of every workload, and lets some go",
    needs="a workload of two replicas or more, or a budget",
    why="Without a budget a drain takes all pods at once; one that lets none go holds up upgrades for hours.",
    allowed=f"exactly one budget for each workload, of some but not all of its pods, with {_KEEPS} AlwaysAllow",
    remedy="add a PodDisruptionBudget of maxUnavailable 1 with the labels of the pods, or set it in the chart's values",
    sources=(
        *cited(Framework.POLARIS, "missingPodDisruptionBudget", "pdbDisruptionsIsZero"),
        *cited(Framework.PRACTICES, "Reliability: configure Pod Disruption Budgets for critical workloads"),
        *cited(Framework.ISSUE, "aws/containers-roadmap#1028", "eksctl-io/eksctl#4416"),
    ),
    examine=_examine,
)
