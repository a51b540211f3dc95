"""What runs as several equal pods: workloads of the plan, charts by their values, add-ons by their configuration."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from seatrial.plan import Resource, Value
from seatrial.rules.facts.addons import configuration
from seatrial.rules.facts.charts import Chart
from seatrial.rules.facts.kinds import DEPLOYMENT, SCALER, STATEFUL_SET
from seatrial.rules.facts.objects import Object, Objects
from seatrial.rules.facts.pods import Template
from seatrial.rules.facts.values import at, is_unknown, number, text, within


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicated:
    """One of them."""

    resource: Resource
    title: str
    """``Deployment/dev/web``, ``chart cluster-autoscaler``, ``add-on coredns``."""

    replicas: Value
    """How many pods there are at least; Unknown where only a deployment can tell."""

    replicas_path: str
    """Property path of that."""

    spread: Value
    """Its topology spread constraints; None where it has none."""

    spread_path: str
    apart: Value = None
    """What its pods must not share, as terms of a required anti-affinity; None where they may share all."""

    template: Template | None = None
    """Its pods, where it is a workload of the plan."""

    is_single_on_purpose: bool = False
    """Whether a second pod would never run beside the first."""


_APART: Final = "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution"


@dataclass(frozen=True, slots=True)
class _Known:
    """Where a chart or an add-on has what others have in their manifests."""

    replicas: tuple[str, ...]
    """Paths, the first that is set counts."""

    default: int
    """Replicas when none is set."""

    spread: str = "topologySpreadConstraints"
    defaults: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Values that count when nobody says others, by path."""

    def value(self, values: Value, path: str) -> Value:
        """Return what counts at a path."""
        said = within(values, path)
        return self.defaults.get(path) if said is None else said


CHARTS: Final[Mapping[str, _Known]] = {
    "aws-load-balancer-controller": _Known(("replicaCount",), 2),
    "cluster-autoscaler": _Known(("replicaCount",), 1),
    "karpenter": _Known(
        ("replicas",),
        2,
        defaults={
            _APART: ({"topologyKey": "kubernetes.io/hostname"},),
            "podDisruptionBudget": {"maxUnavailable": 1},
            "topologySpreadConstraints": ({"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone"},),
        },
    ),
}
"""Charts whose pods are a Deployment, by their values.yaml."""

_ADDONS: Final[Mapping[str, _Known]] = {
    "coredns": _Known(("autoScaling.minReplicas", "replicaCount"), 2),
}
"""Add-ons likewise, by their configuration schema."""


def replicated(
    objects: Objects, pods: Iterable[Template], charts: Iterable[Chart], addons: Iterable[Resource]
) -> tuple[Replicated, ...]:
    """Return everything that runs as several equal pods, or should."""
    scalers = {_target(each): each for each in objects.of_kind(SCALER)}
    ours = (_workload(each, scalers) for each in pods if each.object.full_kind in (DEPLOYMENT, STATEFUL_SET))
    return (*ours, *_charts(charts), *_addons(addons))


def _target(scaler: Object) -> tuple[str, str, str]:
    target = at(scaler.resource, "spec.scaleTargetRef")
    return scaler.namespace, text(within(target, "kind")), text(within(target, "name"))


def _workload(template: Template, scalers: Mapping[tuple[str, str, str], Object]) -> Replicated:
    found = template.object
    scaler = scalers.get((found.namespace, found.kind, found.name))
    if scaler:
        resource, path = scaler.resource, "spec.minReplicas"
    else:
        resource, path = found.resource, "spec.replicas"
    replicas = at(resource, path)
    return Replicated(
        resource=resource,
        title=found.title,
        replicas=1 if replicas is None else replicas,
        replicas_path=path,
        spread=template.spec.get("topologySpreadConstraints"),
        spread_path=template.place("spec.topologySpreadConstraints"),
        apart=within(template.spec, _APART),
        template=template,
        is_single_on_purpose=at(found.resource, "spec.strategy.type") == "Recreate",
    )


def _charts(charts: Iterable[Chart]) -> Iterator[Replicated]:
    for chart in charts:
        known = CHARTS.get(chart.name)
        if known:
            yield _known(known, chart.resource, f"chart {chart.name}", at(chart.resource, "values"), "values.")


def _addons(addons: Iterable[Resource]) -> Iterator[Replicated]:
    for addon in addons:
        name = text(at(addon, "addonName"))
        if name in _ADDONS and not is_unknown(at(addon, "configurationValues")):
            path = "configurationValues."
            yield _known(_ADDONS[name], addon, f"add-on {name}", configuration(addon), path)


def _known(known: _Known, resource: Resource, title: str, values: Value, prefix: str) -> Replicated:
    said = [path for path in known.replicas if within(values, path) is not None]
    path = (*said, *known.replicas)[0]
    replicas = within(values, path)
    return Replicated(
        resource=resource,
        title=title,
        replicas=known.default if replicas is None else replicas,
        replicas_path=f"{prefix}{path}",
        spread=known.value(values, known.spread),
        spread_path=f"{prefix}{known.spread}",
        apart=known.value(values, _APART),
    )


def count(each: Replicated) -> int | None:
    """Return how many pods there are at least; None where only a deployment can tell."""
    return number(each.replicas)
