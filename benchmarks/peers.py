"""The same questions to others: a synth of CDK EKS Blueprints for the plan, checkov for the rules.

Both are fetched into a folder that is gone afterwards. What can't be fetched is left out, with the reason.
"""

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from measured import CommandFailed, run

BLUEPRINTS: Final = Path(__file__).parent / "blueprints"
CHECKOV: Final = "checkov>=3.2,<4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another tool, and what it takes."""

    name: str
    beside: str
    """The command of seatrial that does the like."""
    version: str = ""
    seconds: float = 0.0
    """Wall time, whole process, the best of the runs."""
    ratio: float = 0.0
    """By the best of seatrial's own command, in turns with it."""
    missing: str = ""
    """Why it wasn't measured."""


def measure(seatrial: str, project: Path, folder: Path, stack: str, runs: int) -> list[Peer]:
    """Measure each, or say why not."""
    plan = [seatrial, "plan", "--stack", stack, "--project", str(project), "--format", "json"]
    check = [seatrial, "check", "--stack", stack, "--project", str(project)]
    return [*_blueprints(plan, folder / "cdk", runs), _checkov(seatrial, check, folder / "checkov", runs)]


def _blueprints(own: Sequence[str], folder: Path, runs: int) -> list[Peer]:
    names = ("CDK EKS Blueprints, compiled program", "CDK EKS Blueprints, cdk synth of TypeScript")
    if shutil.which("npm") is None:
        return [Peer(name=name, beside="plan", missing="npm isn't installed") for name in names]
    try:
        shutil.copytree(BLUEPRINTS, folder)
        run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], folder)
        run(["npx", "tsc"], folder)
        installed = json.loads((folder / "node_modules/@aws-quickstart/eks-blueprints/package.json").read_text())
        commands = (["node", "compiled/platform.js"], ["npx", "cdk", "synth", "--quiet", "--no-notices"])
        return [
            _beside(name, "plan", installed["version"], own, command, folder, runs)
            for name, command in zip(names, commands, strict=True)
        ]
    except (CommandFailed, OSError) as error:
        return [Peer(name=name, beside="plan", missing=_reason(error)) for name in names]


def _checkov(seatrial: str, own: Sequence[str], folder: Path, runs: int) -> Peer:
    folder.mkdir()
    python = str(folder / "venv/bin/python")
    try:
        run([sys.executable, "-m", "venv", "venv"], folder)
        run([python, "-m", "pip", "install", "--quiet", CHECKOV], folder)
        export = [seatrial, "export", "tfplan", "--resolved", *own[2:], "--output", str(folder / "tfplan.json")]
        run(export, folder)
        command = [str(folder / "venv/bin/checkov"), "--file", "tfplan.json"]
        command += ["--compact", "--quiet", "--soft-fail", "--skip-download", "--output", "json"]
        version = json.loads(run(command, folder).output)["summary"]["checkov_version"]
        return _beside("checkov of the exported plan", "check", version, own, command, folder, runs)
    except (CommandFailed, OSError) as error:
        return Peer(name="checkov of the exported plan", beside="check", missing=_reason(error))


def _beside(  # noqa: PLR0913, PLR0917 (what is run, beside what, how often)
    name: str, beside: str, version: str, own: Sequence[str], command: Sequence[str], folder: Path, runs: int
) -> Peer:
    """Run both in turns, so that what else the machine does falls on both."""
    pairs = [(run(own, folder).seconds, run(command, folder).seconds) for _ in range(runs)]
    ours, theirs = (min(seconds) for seconds in zip(*pairs, strict=True))
    return Peer(name=name, beside=beside, version=version, seconds=theirs, ratio=theirs / ours)


def _reason(error: Exception) -> str:
    return str(error).strip().splitlines()[-1]


def lines(peers: Sequence[Peer]) -> list[str]:
    """Give the measurements as text."""
    return [f"{each.name:<46}{_told(each)}" for each in peers]


def _told(peer: Peer) -> str:
    if peer.missing:
        return f"left out: {peer.missing}"
    return f"{peer.seconds:.2f} s, {peer.ratio:.1f} times seatrial {peer.beside}  (version {peer.version})"
