"""Plans and checks descriptions with more and more tenants, each in a process of its own."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from measured import run

INSIDE: Final = str(Path(__file__).with_name("inside.py"))
STACK: Final = "scale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What one description costs."""

    tenants: int
    resources: int
    plan_seconds: float
    """Processor seconds."""
    check_seconds: float
    """Processor seconds of every rule."""
    milliseconds_a_resource: float
    """Plan and check together."""
    peak_mib: float
    """Most memory that the process had, before its evaluators are asked."""
    evaluators: Mapping[str, float]
    """Processor seconds of each evaluator's whole question."""


def measure(project: Path, folder: Path, stack: str, tenants: Sequence[int]) -> list[Size]:
    """Measure the project's stack with so many tenants in place of its own."""
    description = yaml.safe_load((project / f"Pulumi.{stack}.yaml").read_text())
    return [_measure(description, folder, number) for number in tenants]


def inside(folder: Path, stack: str) -> dict[str, Any]:
    """Plan and check a stack in a process of its own, and return what it measured."""
    return json.loads(run([sys.executable, INSIDE, str(folder), stack], folder).output)


def _measure(description: dict[str, Any], folder: Path, number: int) -> Size:
    platform = description["config"]["seatrial:platform"]
    platform["tenants"] = {f"team-{index}": _tenant(index) for index in range(number)}
    # It is for a tenant that now has another name.
    platform.setdefault("kubernetes", {})["irsaDemo"] = {"enabled": False}
    (folder / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(description, sort_keys=False))
    found = inside(folder, STACK)
    both = found["plan_seconds"] + found["check_seconds"]
    return Size(
        tenants=number,
        resources=found["resources"],
        plan_seconds=found["plan_seconds"],
        check_seconds=found["check_seconds"],
        milliseconds_a_resource=both / found["resources"] * 1000,
        peak_mib=found["peak_mib"],
        evaluators=found["evaluators"],
    )


def _tenant(index: int) -> dict[str, str]:
    return {
        "podSecurity": ("baseline", "restricted")[index % 2],
        "access": ("read-write", "read-only")[index % 2],
        "principal": f"arn:aws:iam::000000000000:role/team-{index}",
    }


def lines(sizes: Sequence[Size]) -> list[str]:
    """Give the measurements as a table."""
    head = "tenants  resources   plan s  check s  ms/resource  peak MiB"
    rows = [
        f"{each.tenants:>7}  {each.resources:>9}  {each.plan_seconds:>7.2f}  {each.check_seconds:>7.2f}"
        f"  {each.milliseconds_a_resource:>11.2f}  {each.peak_mib:>8.0f}"
        for each in sizes
    ]
    evaluators = [
        f"{name:<48}{'  '.join(f'{each.evaluators[name] * 1000:>8.1f} ms' for each in sizes)}"
        for name in (sizes[0].evaluators if sizes else ())
    ]
    return [head, *rows, "", "evaluators at these sizes", *evaluators]
