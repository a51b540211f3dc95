"""Times the plan and, when asked to, the rehearsal: ``python benchmarks/run.py [--rehearsal] [--json] [--runs N]``.

Everything goes through the command line, whole processes from start to exit. Times depend on the machine, so the plan
is given as a ratio too: to a process that does nothing but import the Pulumi SDK.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from measured import CommandFailed, Run, run

PROJECT = Path(__file__).parents[1]
SEATRIAL = str(Path(sys.executable).with_name("seatrial"))
BASELINE = [sys.executable, "-c", "import pulumi, pulumi_aws"]
SDK = ("pulumi", "pulumi_aws", "grpc", "google")
"""Packages that importing the Pulumi SDK brings in."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing, in seconds."""

    minimum: float
    median: float
    maximum: float

    @classmethod
    def of(cls, runs: list[Run]) -> "Spread":
        """Sum up runs."""
        seconds = [each.seconds for each in runs]
        return cls(min(seconds), statistics.median(seconds), max(seconds))


@dataclass(frozen=True, slots=True)
class Planning:
    """What a plan costs."""

    runs: int
    plan_seconds: Spread
    baseline_seconds: Spread
    """The same machine, at the same time: a process that imports the SDK and ends."""
    ratio: float
    """Median plan by median baseline."""
    resources: int
    milliseconds_a_resource: float
    """Median plan by number of resources."""
    sdk_import_share: float
    """Part of a plan's time that goes into importing the SDK, 0 to 1."""
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """What a rehearsal costs, its toolchain being there."""

    up_seconds: float
    second_up_seconds: float
    test_seconds: float
    down_seconds: float
    peak_mib: float
    """Of all processes together, over all four commands."""
    up_parts: Mapping[str, float]
    """Processor seconds of the first ``up`` by part: engine, account, control plane, providers, the command itself."""


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as name:
        folder = _project(Path(name).resolve(), options.stack)
        planning = measure_plan(folder, options.stack, options.runs)
        rehearsing = measure_rehearsal(folder, options.stack) if options.rehearsal else None
    if options.json:
        print(json.dumps({"plan": asdict(planning), "rehearsal": rehearsing and asdict(rehearsing)}, indent=2))
    else:
        print("\n".join([*plan_lines(planning), *(rehearsal_lines(rehearsing) if rehearsing else [])]))


def measure_plan(folder: Path, stack: str, runs: int) -> Planning:
    """Time plan and baseline in turns, so that what else the machine does falls on both."""
    command = [SEATRIAL, "plan", "--stack", stack, "--format", "json"]
    run(BASELINE, folder)
    resources = len(json.loads(run(command, folder).output)["resources"])
    pairs = [(run(command, folder), run(BASELINE, folder)) for _ in range(runs)]
    plans, baselines = Spread.of([plan for plan, _ in pairs]), Spread.of([baseline for _, baseline in pairs])
    return Planning(
        runs=runs,
        plan_seconds=plans,
        baseline_seconds=baselines,
        ratio=plans.median / baselines.median,
        resources=resources,
        milliseconds_a_resource=plans.median / resources * 1000,
        sdk_import_share=_import_share(command, folder),
        peak_mib=run(command, folder, sample=True).peak_mib,
    )


def measure_rehearsal(folder: Path, stack: str) -> Rehearsing:
    """Rehearse in a copy of the project, so that a rehearsal of the project itself goes on undisturbed."""
    rehearse = [SEATRIAL, "rehearse"]
    try:
        before = [run([*rehearse, each, "--stack", stack], folder, sample=True) for each in ("up", "up", "test")]
    finally:
        down = run([*rehearse, "down", "--stack", stack], folder, sample=True)
    up, again, test = (each.seconds for each in before)
    peak = max(each.peak_mib for each in (*before, down))
    return Rehearsing(up, again, test, down.seconds, peak, before[0].parts)


def plan_lines(planning: Planning) -> list[str]:
    """Give the plan's measurements as text."""
    plan, baseline = planning.plan_seconds, planning.baseline_seconds
    return [
        f"plan              {_spread(plan)}  ({planning.runs} runs)",
        f"importing the SDK {_spread(baseline)}",
        f"ratio             {planning.ratio:.2f}",
        f"resources         {planning.resources}",
        f"a resource        {planning.milliseconds_a_resource:.1f} ms",
        f"SDK import share  {planning.sdk_import_share:.0%}",
        f"peak memory       {planning.peak_mib:.0f} MiB",
    ]


def rehearsal_lines(rehearsing: Rehearsing) -> list[str]:
    """Give the rehearsal's measurements as text."""
    whole = sum(rehearsing.up_parts.values()) or 1.0
    shares = [
        f"  {part:<16}{used / whole:.0%}  ({used:.1f} s of a processor)" for part, used in rehearsing.up_parts.items()
    ]
    return [
        f"rehearse up       {rehearsing.up_seconds:.1f} s",
        *shares,
        f"second up         {rehearsing.second_up_seconds:.1f} s",
        f"rehearse test     {rehearsing.test_seconds:.1f} s",
        f"rehearse down     {rehearsing.down_seconds:.1f} s",
        f"peak memory       {rehearsing.peak_mib:.0f} MiB in all processes",
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run.py", description="Time the plan and the rehearsal.")
    parser.add_argument("--stack", default="dev", help="the stack (dev)")
    parser.add_argument("--runs", type=int, default=5, help="how often to plan (5)")
    parser.add_argument("--rehearsal", action="store_true", help="rehearse too; takes minutes")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if not (PROJECT / f"Pulumi.{options.stack}.yaml").is_file():
        parser.error(f"there is no Pulumi.{options.stack}.yaml")
    return options


def _project(folder: Path, stack: str) -> Path:
    for name in ("Pulumi.yaml", f"Pulumi.{stack}.yaml"):
        shutil.copy(PROJECT / name, folder / name)
    return folder


def _import_share(command: list[str], folder: Path) -> float:
    """Sum what Python says that the SDK's modules took themselves, by what that run took."""
    traced = run([sys.executable, "-X", "importtime", *command], folder)
    microseconds = sum(int(own) for own, _, module in _import_times(traced.errors) if module.split(".")[0] in SDK)
    return microseconds / 1e6 / traced.seconds


def _import_times(text: str) -> list[list[str]]:
    """Read ``import time: self [us] | cumulative | imported package``."""
    rows = (
        line.removeprefix("import time:").split("|") for line in text.splitlines() if line.startswith("import time:")
    )
    return [[cell.strip() for cell in row] for row in rows if row[0].strip().isdigit()]


def _spread(spread: Spread) -> str:
    return f"{spread.median:.2f} s  (min {spread.minimum:.2f}, max {spread.maximum:.2f})"


if __name__ == "__main__":
    try:
        main()
    except CommandFailed as failed:
        sys.exit(str(failed))
