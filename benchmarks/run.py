"""Times plan and check and, when asked to, more: ``run.py [--rules] [--scale] [--peers] [--rehearsal] [--json]``.

Plan, check, peers and rehearsal go through the command line, whole processes from start to exit. Times depend on the
machine, so they are given as ratios too: to a process that does nothing but import the Pulumi SDK, run in turns with
them. Rules, evaluators and sizes are processor seconds inside a process of their own.
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

import peers
import scale
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
    check_seconds: Spread
    """Plan and every rule, the whole process."""
    check_ratio: float
    """Median check by median baseline."""


@dataclass(frozen=True, slots=True)
class Judging:
    """What each rule costs, alone and with nothing read before, and each evaluator with its whole question."""

    rules: Mapping[str, float]
    evaluators: Mapping[str, float]


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


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was asked for."""

    plan: Planning
    rules: Judging | None
    scale: list[scale.Size]
    peers: list[peers.Peer]
    rehearsal: Rehearsing | None


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as name:
        measured = measure(options, Path(name).resolve())
    print(json.dumps(asdict(measured), indent=2) if options.json else "\n".join(lines(measured)))


def measure(options: argparse.Namespace, temporary: Path) -> Measured:
    """Measure what the options ask for."""
    folder, stack = _project(temporary, options.stack), options.stack
    return Measured(
        plan=measure_plan(folder, stack, options.runs),
        rules=measure_rules(folder, stack) if options.rules else None,
        scale=scale.measure(PROJECT, folder, stack, options.tenants) if options.scale else [],
        peers=peers.measure(SEATRIAL, folder, folder, stack, options.runs) if options.peers else [],
        rehearsal=measure_rehearsal(folder, stack) if options.rehearsal else None,
    )


def lines(measured: Measured) -> list[str]:
    """Give everything as text."""
    parts = [
        plan_lines(measured.plan),
        rule_lines(measured.rules) if measured.rules else [],
        scale.lines(measured.scale) if measured.scale else [],
        peers.lines(measured.peers),
        rehearsal_lines(measured.rehearsal) if measured.rehearsal else [],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part).splitlines()


def measure_rules(folder: Path, stack: str) -> Judging:
    """Time each rule and each evaluator on a stack, in a process of their own."""
    found = scale.inside(folder, stack)
    return Judging(found["rules"], found["evaluators"])


def measure_plan(folder: Path, stack: str, runs: int) -> Planning:
    """Time plan, check and baseline in turns, so that what else the machine does falls on all of them."""
    command = [SEATRIAL, "plan", "--stack", stack, "--format", "json"]
    check = [SEATRIAL, "check", "--stack", stack]
    run(BASELINE, folder)
    resources = len(json.loads(run(command, folder).output)["resources"])
    turns = [[run(each, folder) for each in (command, check, BASELINE)] for _ in range(runs)]
    plans, checks, baselines = (Spread.of([*each]) for each in zip(*turns, strict=True))
    return Planning(
        runs=runs,
        plan_seconds=plans,
        baseline_seconds=baselines,
        ratio=plans.median / baselines.median,
        resources=resources,
        milliseconds_a_resource=plans.median / resources * 1000,
        sdk_import_share=_import_share(command, folder),
        peak_mib=run(command, folder, sample=True).peak_mib,
        check_seconds=checks,
        check_ratio=checks.median / baselines.median,
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
        f"check             {_spread(planning.check_seconds)}",
        f"importing the SDK {_spread(baseline)}",
        f"ratios to that    plan {planning.ratio:.2f}, check {planning.check_ratio:.2f}",
        f"resources         {planning.resources}",
        f"a resource        {planning.milliseconds_a_resource:.1f} ms",
        f"SDK import share  {planning.sdk_import_share:.0%}",
        f"peak memory       {planning.peak_mib:.0f} MiB",
    ]


def rule_lines(judging: Judging) -> list[str]:
    """Give each rule and each evaluator as text, the dearest first."""
    return [
        "each rule alone, each evaluator",
        *(
            f"{name:<48}{seconds * 1000:>8.1f} ms"
            for part in (judging.evaluators, judging.rules)
            for name, seconds in sorted(part.items(), key=lambda item: -item[1])
        ),
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
    parser = argparse.ArgumentParser(prog="benchmarks/run.py", description="Time plan, check and more.")
    parser.add_argument("--stack", default="dev", help="the stack (dev)")
    parser.add_argument("--runs", type=int, default=5, help="how often to plan (5)")
    parser.add_argument("--rules", action="store_true", help="time each rule and each evaluator")
    parser.add_argument("--scale", action="store_true", help="plan and check more and more tenants")
    parser.add_argument("--tenants", type=int, nargs="+", default=[10, 100, 300, 1000], help="how many (10 to 1000)")
    parser.add_argument("--peers", action="store_true", help="time CDK EKS Blueprints and checkov; fetches both")
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
