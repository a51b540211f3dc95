"""Runs the cases over a file of outputs."""

from collections.abc import Iterable
from pathlib import Path

from seatrial.acceptance.cases import CASES
from seatrial.acceptance.model import Case, Report, Result, Status
from seatrial.acceptance.outputs import (
    DEFAULT_PATH,
    MalformedOutputError,
    MissingOutputError,
    Outputs,
    missing,
    read_outputs,
)


def run(outputs: Path = DEFAULT_PATH, cases: Iterable[Case] = CASES) -> Report:
    """Read the outputs file and run every case over it; nothing but that file is read.

    Raises :class:`~seatrial.acceptance.outputs.OutputsError` when the file is not there, is not an outputs file,
    or lacks an output that a case needs; the error names every such output at once.
    """
    values = read_outputs(outputs)
    lacking: dict[str, None] = {}
    results: list[Result] = []
    for case in cases:
        try:
            results.append(evaluate(case, values))
        except MissingOutputError as error:
            lacking[error.key] = None
    if lacking:
        raise missing(outputs, list(lacking))
    return Report(outputs, tuple(results))


def evaluate(case: Case, outputs: Outputs) -> Result:
    """Run one case; raises ``MissingOutputError`` when it needs an output that is not there."""
    try:
        if reason := case.not_applicable(outputs):
            return Result(case.row, case.name, Status.NOT_APPLICABLE, reason)
        failure = case.check(outputs)
    except MalformedOutputError as error:
        failure = str(error)
    return Result(case.row, case.name, Status.FAILED if failure else Status.PASSED, failure or "")
