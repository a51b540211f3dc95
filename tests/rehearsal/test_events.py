"""The engine's events as progress, changes and faults."""

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pulumi.automation.events import EngineEvent
from pulumi.runtime import run_in_stack
from pulumi.runtime.stack import run_pulumi_func

from seatrial.rehearsal import engine
from seatrial.rehearsal.events import Diagnosis, Watch

_VPC = "urn:pulumi:dev::seatrial::seatrial:index:Network$aws:ec2/vpc:Vpc::eks-vpc-dev"
_KEY = "urn:pulumi:dev::seatrial::aws:kms/key:Key::eks-key-dev"


_from_json = cast("Callable[[dict[str, Any]], EngineEvent]", getattr(EngineEvent, "from_json"))  # noqa: B009 (its types are not known)


def _step(kind: str, operation: str, urn: str, **others: Any) -> EngineEvent:
    return _from_json({kind: {"metadata": {"op": operation, "urn": urn, **others}}})


def _complaint(message: str, urn: str, severity: str = "error") -> EngineEvent:
    return _from_json({"diagnosticEvent": {"urn": urn, "message": message, "color": "", "severity": severity}})


def test_progress_names_what_is_at_work_and_how_much_is_done(told: Any) -> None:
    watch = Watch(told, 5)

    watch(_step("resourcePreEvent", "create", _VPC))
    watch(_step("resourcePreEvent", "update", _KEY))
    watch(_step("resOutputsEvent", "update", _KEY))
    watch(_step("resOutputsEvent", "create", _VPC))

    assert told.lines == ["0/5 create eks-vpc-dev", "0/5 update eks-key-dev", "1/5 create eks-vpc-dev", "2/5 "]


def test_what_stays_as_it_was_is_no_change(told: Any) -> None:
    watch = Watch(told, None)

    watch(_step("resOutputsEvent", "same", _VPC))
    watch(_step("resOutputsEvent", "update", _KEY, diffs=["tags", "policy"]))

    assert [(change.resource, change.kind, change.properties) for change in watch.changed] == [
        ("eks-key-dev (aws:kms/key:Key)", "update", ("policy", "tags"))
    ]


def test_only_failed_creations_may_have_made_something(told: Any) -> None:
    watch = Watch(told, None)

    watch(_step("resOpFailedEvent", "create", _VPC))
    watch(_step("resOpFailedEvent", "update", _KEY))

    assert watch.failed_creates == (_VPC,)


def test_what_is_waited_for_settles_well_or_not(told: Any) -> None:
    settled: list[str] = []
    watch = Watch(told, None, until=[_VPC, _KEY], on_settled=lambda: settled.append("settled"))

    watch(_step("resOutputsEvent", "create", _VPC))
    before = list(settled)
    watch(_step("resOpFailedEvent", "create", _KEY))

    assert (before, settled, watch.settled) == ([], ["settled"], True)


def test_warnings_and_other_events_are_no_faults(told: Any) -> None:
    watch = Watch(told, None)

    watch(_complaint("careful", _VPC, "warning"))
    watch(_from_json({"cancelEvent": {}}))

    assert (watch.diagnoses, watch.finished) == ((), False)


def test_a_fault_is_told_once_without_colours_traceback_and_its_own_name(told: Any) -> None:
    watch = Watch(told, None)
    text = "<{%fg 1%}>eks-vpc-dev (aws:ec2/vpc:Vpc): ec2 CreateVpc: no<{%reset%}>"

    watch(_complaint(f'{text}\n  File "x.py", line 1', _VPC))
    watch(_complaint(text, _VPC))

    assert watch.diagnoses == (Diagnosis("eks-vpc-dev (aws:ec2/vpc:Vpc)", "ec2 CreateVpc: no"),)


def test_a_program_that_the_engine_abandoned_is_nothing_to_report(monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[object] = []
    monkeypatch.setattr(sys, "__unraisablehook__", reported.append)
    abandoned = [cast("sys.UnraisableHookArgs", SimpleNamespace(object=it)) for it in (run_in_stack, run_pulumi_func)]
    other = cast("sys.UnraisableHookArgs", SimpleNamespace(object=test_what_stays_as_it_was_is_no_change))

    for one in abandoned:
        engine.pass_over_the_program(one)
    engine.pass_over_the_program(other)

    assert reported == [other]
