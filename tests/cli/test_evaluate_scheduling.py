"""``seatrial evaluate scheduling``: placements, drains, losses, exit codes, and manifests that are wrong."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.cli import __main__

Run = Callable[..., tuple[int, list[str], str]]
"""Exit code, lines of stdout, stderr."""


def node(name: str, zone: str, **status: Any) -> dict[str, Any]:
    allocatable = {"cpu": "1930m", "memory": "3388360Ki", "pods": "17", "example.com/gpu": 1}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"topology.kubernetes.io/zone": zone}},
        "spec": {"taints": [{"key": "soft", "effect": "PreferNoSchedule"}], "unschedulable": False},
        "status": status or {"allocatable": allocatable},
    }


def workload(name: str, replicas: int, cpu: str, kind: str = "Deployment") -> dict[str, Any]:
    container = {"name": "c", "resources": {"requests": {"cpu": cpu}}}
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    metadata = {"name": name, "namespace": "d"}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": metadata,
        "spec": {"replicas": replicas, "template": template},
    }


BUDGET = {
    "apiVersion": "policy/v1",
    "kind": "PodDisruptionBudget",
    "metadata": {"name": "web", "namespace": "d"},
    "spec": {"maxUnavailable": 0, "selector": {"matchLabels": {"app": "web"}}},
}
ALONE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "alone", "namespace": "d"},
    "spec": {"containers": []},
}
NODES = (node("n1", "a"), node("n2", "b"))


@pytest.fixture(name="run")
def _run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    def run(*arguments: str, objects: tuple[dict[str, Any], ...]) -> tuple[int, list[str], str]:
        (tmp_path / "all.yaml").write_text(yaml.safe_dump_all(objects))
        monkeypatch.setattr(sys, "argv", ["seatrial", "evaluate", "scheduling", str(tmp_path), *arguments])
        with pytest.raises(SystemExit) as caught:
            __main__.main()
        captured = capsys.readouterr()
        return int(caught.value.code or 0), captured.out.splitlines(), captured.err

    return run


def test_every_pod_is_shown_with_its_node(run: Run) -> None:
    objects = (*NODES, workload("web", 2, "1"), workload("cni", 0, "50m", "DaemonSet"))

    assert run(objects=objects)[:2] == (
        0,
        ["d/cni-n1 => n1", "d/cni-n2 => n2", "d/web-0 => n1", "d/web-1 => n2"],
    )


def test_who_waits_ends_the_command_with_1(run: Run) -> None:
    assert run(objects=(*NODES, workload("web", 3, "1")))[:2] == (
        1,
        ["d/web-0 => n1", "d/web-1 => n2", "d/web-2: 0/2 nodes are available: 2 Insufficient cpu."],
    )


def test_a_drain_shows_where_everybody_went(run: Run) -> None:
    assert run("--drain", "n1", objects=(*NODES, workload("web", 2, "500m"), ALONE))[:2] == (
        0,
        ["evicted d/web-0 => n2", "evicted d/alone: lost", "n1 is empty"],
    )


def test_a_drain_that_leaves_pods_waiting_or_is_blocked_ends_with_1(run: Run) -> None:
    assert run("--drain", "n1", objects=(*NODES, workload("web", 2, "1")))[:2] == (
        1,
        [
            "evicted d/web-0: waits",
            "d/web-0: 0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.",
            "n1 is empty",
        ],
    )
    code, lines, _ = run("--drain", "n1", objects=(*NODES, workload("web", 2, "100m"), BUDGET))
    assert (code, lines[-1]) == (1, "n1 is not empty")
    assert lines[0].startswith("d/web-0: PodDisruptionBudget/d/web: Cannot evict pod")


@pytest.mark.parametrize("option", [("--without", "n1"), ("--without-zone", "a")])
def test_a_loss_shows_who_moved_and_who_waits(run: Run, option: tuple[str, str]) -> None:
    assert run(*option, objects=(*NODES, workload("web", 2, "500m")))[:2] == (
        0,
        ["lost n1", "d/web-0: n1 => n2"],
    )
    assert run(*option, objects=(*NODES, workload("web", 2, "1")))[:2] == (
        1,
        ["lost n1", "d/web-0: 0/1 nodes are available: 1 Insufficient cpu."],
    )


def test_every_node_can_be_lost(run: Run) -> None:
    code, lines, _ = run("--without", "n1", "--without", "n2", objects=(*NODES, workload("web", 1, "1")))

    assert (code, lines) == (1, ["lost n1, n2", "d/web-0: no nodes available to schedule pods"])


@pytest.mark.parametrize(
    ("arguments", "objects", "error"),
    [
        (("--drain", "n1", "--without", "n2"), NODES, "more than one thing is to happen\nTIP: drain a node"),
        ((), (ALONE,), "no nodes in "),
        (("--without-zone", "z"), NODES, "no node in a zone 'z'\nTIP: the nodes are in: a, b"),
        (("--without", "n3"), NODES, "no node 'n3'\nTIP: there are: n1, n2"),
        (("--drain", "n3"), NODES, "no node 'n3'"),
    ],
)
def test_a_question_that_makes_no_sense_is_a_usage_error(
    run: Run, arguments: tuple[str, ...], objects: tuple[dict[str, Any], ...], error: str
) -> None:
    code, lines, errors = run(*arguments, objects=objects)

    assert (code, lines) == (2, [])
    assert errors.startswith(f"ERROR: {error}")


def test_nodes_that_say_too_little_are_named_with_their_files(run: Run) -> None:
    objects = (node("n1", "a", capacity={}), node("n2", "b", allocatable={"cpu": "much", "pods": 3}))
    code, lines, errors = run(objects=objects)

    assert (code, lines) == (2, [])
    for part in ("all.yaml: Node/n1: status", "status.allocatable.cpu", "status.allocatable.memory", "(missing)"):
        assert part in errors
