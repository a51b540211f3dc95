"""Plans and checks one stack in this process and prints what each step takes, as JSON: ``inside.py FOLDER STACK``.

Times are processor seconds of this process: what else the machine does falls on nobody.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from seatrial.plan import lazy_sdk

# Before anything imports Pulumi's SDK.
lazy_sdk.install()

from evaluators import EVALUATORS, Question  # noqa: E402 (as said)

from seatrial import plan, rules  # noqa: E402 (as said)
from seatrial.config import load_platform  # noqa: E402 (as said)
from seatrial.rules.checking import check  # noqa: E402 (as said)

T = TypeVar("T")


def measured(folder: Path, stack: str) -> Mapping[str, object]:
    """Measure every step."""
    started = time.process_time()
    platform = load_platform(folder / f"Pulumi.{stack}.yaml")
    planned, planning = timed(lambda: plan.of_platform(platform, project="benchmark", stack=stack))
    outcome, checking = timed(lambda: check(planned, rules.every(), today=datetime.now(UTC).date()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    return {
        "resources": len(planned),
        "start_seconds": started,
        "plan_seconds": planning,
        "check_seconds": checking,
        "peak_mib": peak,
        "findings": len(outcome.findings),
        "rules": of_rules(planned),
        "evaluators": of_evaluators(planned),
    }


def of_rules(planned: plan.Plan) -> Mapping[str, float]:
    """Time each rule alone, with nothing read from the plan before."""
    today = datetime.now(UTC).date()
    return {rule.id: timed(lambda rule=rule: check(planned, [rule], today=today))[1] for rule in rules.every()}


def of_evaluators(planned: plan.Plan) -> Mapping[str, float]:
    """Time each evaluator on its whole question: everything that it can be asked about the plan's objects."""
    question = Question(planned)
    return {name: timed(lambda answer=answer: answer(question))[1] for name, answer in EVALUATORS.items()}


def timed(step: Callable[[], T]) -> tuple[T, float]:
    """Return what a step gives, and its processor seconds."""
    began = time.process_time()
    result = step()
    return result, time.process_time() - began


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]), sys.argv[2])))
