"""The acceptance suite: what holds for every deployed platform, decided from the stack's outputs alone.

It reads one file of outputs and nothing else: no AWS SDK, no network, no credentials. So the same cases pass judgement
on a rehearsal and on AWS.
"""

from seatrial.acceptance.cases import CASES
from seatrial.acceptance.model import ROWS, Case, Report, Result, Status
from seatrial.acceptance.outputs import DEFAULT_PATH, Outputs, OutputsError, read_outputs
from seatrial.acceptance.report import junit, lines
from seatrial.acceptance.runner import evaluate, run

__all__ = [
    "CASES",
    "DEFAULT_PATH",
    "ROWS",
    "Case",
    "Outputs",
    "OutputsError",
    "Report",
    "Result",
    "Status",
    "evaluate",
    "junit",
    "lines",
    "read_outputs",
    "run",
]
