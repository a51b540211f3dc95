"""What charts take, and what the platform gives them."""

from __future__ import annotations

import inspect
import json
from importlib import resources
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft7Validator

from seatrial import releases
from seatrial.manifests.charts import cluster_autoscaler, load_balancer_controller, node_termination_handler
from seatrial.rehearsal.providers.kubernetes.releases import values
from seatrial.rehearsal.providers.values import UNKNOWN

if TYPE_CHECKING:
    from conftest import Values
    from seatrial.manifests.charts.chart import Chart

LBC = ("aws-load-balancer-controller", "3.5.0")
NAME = " ".join(LBC)
BUDGET = ("maxUnavailable", "minAvailable", "unhealthyPodEvictionPolicy")
SCHEMAS = resources.files("seatrial.rehearsal.providers.kubernetes.charts")

PLATFORM: list[Chart] = [
    load_balancer_controller.chart(
        cluster="one", region="eu-west-1", vpc_id="vpc-1", replicas=2, private=True, tags={"a": "b"}
    ),
    cluster_autoscaler.chart(cluster="one", region="eu-west-1", version="1.36", replicas=2, private=True),
    node_termination_handler.chart(region="eu-west-1"),
]


def _name(chart: Chart) -> str:
    return chart.source.chart.rpartition("/")[2]


@pytest.mark.parametrize("chart", PLATFORM, ids=lambda chart: chart.release)
def test_charts_take_what_the_platform_gives(chart: Chart) -> None:
    name, version = _name(chart), chart.source.version

    assert list(values.faults(name, version, chart.values)) == []
    assert list(values.faults(name, version, {**chart.values, "replicaCounts": 2}))


@pytest.mark.parametrize("chart", PLATFORM, ids=lambda chart: chart.release)
def test_schema_is_one_and_of_the_version_that_is_released(chart: Chart) -> None:
    schema = json.loads((SCHEMAS / f"{_name(chart)}.schema.json").read_text())

    Draft7Validator.check_schema(schema)
    assert schema["x-chart-version"] == chart.source.version


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ["values.clusterName: found none; aws-load-balancer-controller 3.5.0 needs it"]),
        ({"clusterName": UNKNOWN, "replicaCount": UNKNOWN, "podLabels": UNKNOWN, "logLevel": UNKNOWN}, []),
        (
            {"clusterName": "a", "replicaCounts": 1},
            [f"values.replicaCounts: {NAME} has no such value; did you mean replicaCount?"],
        ),
        (
            {"clusterName": "a", "podDisruptionBudget": {"x-y": 1}},
            [f'values.podDisruptionBudget["x-y"]: {NAME} has no such value; allowed: {", ".join(BUDGET)}'],
        ),
        ({"clusterName": "a", "replicaCount": "2"}, ['values.replicaCount: found "2"; allowed: integer']),
        (
            {"clusterName": "a", "podDisruptionBudget": {"maxUnavailable": [UNKNOWN]}},
            ['values.podDisruptionBudget.maxUnavailable: found ["(known after deployment)"]; allowed: integer, string'],
        ),
        ({"clusterName": "a", "logLevel": "loud"}, ['values.logLevel: found "loud"; allowed: info, debug']),
    ],
)
def test_values_are_held_to_the_schema(given: Values, said: list[str]) -> None:
    assert [reason for _, reason in values.faults(*LBC, given)] == said


def test_long_list_of_names_is_cut() -> None:
    [(path, reason)] = values.faults(*LBC, {"clusterName": "a", "zzz": 1})

    assert path == "values.zzz"
    assert reason.startswith("values.zzz: aws-load-balancer-controller 3.5.0 has no such value; allowed: additional")
    assert " more" in reason


def test_item_of_a_list_has_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    schema: Values = {"x-chart-version": "1", "properties": {"a": {"items": {"type": "string"}}}}
    monkeypatch.setattr(values, "_schema", lambda _: schema)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]

    assert [path for path, _ in values.faults("any", "1", {"a": ["x", 1]})] == ["values.a[1]"]


@pytest.mark.parametrize(("chart", "version"), [("unknown", "3.5.0"), (LBC[0], "3.6.0")])
def test_unknown_charts_take_everything(chart: str, version: str) -> None:
    assert list(values.faults(chart, version, {"what": "ever"})) == []


def test_every_chart_of_the_platform_is_tested() -> None:
    sources = [it for _, it in inspect.getmembers(releases) if isinstance(it, releases.ChartSource)]

    assert {source.chart for source in sources} == {chart.source.chart for chart in PLATFORM}
