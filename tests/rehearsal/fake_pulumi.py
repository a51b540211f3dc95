"""Stands in for the Pulumi CLI: does what ``FAKE_PULUMI/script.json`` says, and writes down what it was asked.

The script has, by operation (``up``, ``destroy``, ``refresh``), lists of steps: events for the event log, an ``exit``
code, a ``wait`` for an interrupt. Each run takes the next list; the last one stays.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["FAKE_PULUMI"])

SUMMARY: dict[str, Any] = {
    "kind": "update",
    "startTime": "2026-11-23T00:00:00.000Z",
    "message": "",
    "environment": {},
    "config": {},
    "result": "succeeded",
}


def main() -> None:
    """Answer one command."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--non-interactive"]
    with (FOLDER / "asked").open("a") as asked:
        asked.write(f"{' '.join(arguments)}\n")
    answers: dict[tuple[str, ...], Callable[[], object]] = {
        ("version",): lambda: sys.stdout.write("v3.200.0"),
        ("stack", "select"): _select,
        ("stack", "init"): (FOLDER / "stack").touch,
        ("stack", "output"): _outputs,
        ("stack", "history"): lambda: sys.stdout.write(json.dumps([SUMMARY])),
        ("stack", "export"): _export,
        ("stack", "import"): lambda: _import(arguments),
    }
    answer = answers.get(tuple(arguments[:2])) or answers.get(tuple(arguments[:1]))
    if answer:
        answer()
    elif arguments[0] in {"up", "destroy", "refresh"}:
        _operate(arguments)


def _select() -> None:
    if (FOLDER / "broken").exists():
        sys.exit("error: the passphrase is wrong")
    if not (FOLDER / "stack").exists():
        sys.exit("error: no stack named 'dev' found")


def _outputs() -> None:
    path = FOLDER / "outputs.json"
    sys.stdout.write(path.read_text() if path.exists() else '{"clusterName": "eks-cluster-dev", "zones": ["a"]}')


def _export() -> None:
    path = FOLDER / "deployment.json"
    sys.stdout.write(json.dumps({"version": 3, "deployment": json.loads(path.read_text()) if path.exists() else None}))


def _import(arguments: list[str]) -> None:
    given = Path(arguments[arguments.index("--file") + 1])
    (FOLDER / "deployment.json").write_text(json.dumps(json.loads(given.read_text())["deployment"]))


def _operate(arguments: list[str]) -> None:
    pending = os.environ.get("SEATRIAL_PENDING_CREATES")
    if pending:
        (FOLDER / "pending").write_text(Path(pending).read_text())
    with Path(arguments[arguments.index("--event-log") + 1]).open("a") as log:
        for step in _steps(arguments[0]):
            _take(step, log)


def _take(step: dict[str, Any], log: Any) -> None:
    if "exit" in step:
        sys.stderr.write(step.get("said", ""))
        log.write(json.dumps({"cancelEvent": {}}) + "\n")
        log.close()
        sys.exit(step["exit"])
    if "wait" in step:
        _await_interrupt()
        return
    log.write(json.dumps(step) + "\n")
    log.flush()


def _await_interrupt() -> None:
    received: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    (FOLDER / "waits").touch()
    while not received:
        time.sleep(0.01)
    (FOLDER / "interrupted").touch()


def _steps(operation: str) -> list[dict[str, Any]]:
    path = FOLDER / "script.json"
    script = json.loads(path.read_text())
    runs: list[list[dict[str, Any]]] = script.get(operation) or [[]]
    steps = runs.pop(0) if len(runs) > 1 else runs[0]
    path.write_text(json.dumps({**script, operation: runs}))
    return [*steps, {"cancelEvent": {}}]


if __name__ == "__main__":
    main()
