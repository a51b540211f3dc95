"""Runs a program as the engine would run it, and keeps what it registers."""

import asyncio
import contextlib
import contextvars
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Final, TypeAlias

import pulumi
from pulumi import runtime
from pulumi.runtime import configure, reset_options, run_in_stack, set_all_config

from seatrial.plan import Program
from seatrial.plan.cloud import Cloud
from seatrial.plan.errors import PlanError
from seatrial.plan.graph import STACK_TYPE, Plan
from seatrial.plan.monitor import Engine, Monitor
from seatrial.plan.order import ordered

_IGNORED: Final = ("AWS_", "PULUMI_")
"""What the environment of a plan has no say in begins with these."""


Settings: TypeAlias = tuple[Mapping[str, str], Sequence[str]]
"""The settings of a stack, and the names of those that are secret."""


def run(program: Program, *, project: str, stack: str, preview: bool = False, settings: Settings = ({}, ())) -> Plan:
    """Plan a program, as :func:`seatrial.plan.run` says."""
    return contextvars.copy_context().run(_run, program, project, stack, preview, settings)


def _run(program: Program, project: str, stack: str, preview: bool, settings: Settings) -> Plan:
    monitor = Monitor(project=project, stack=stack, cloud=Cloud(), preview=preview)
    engine = Engine()
    _configure(monitor, engine, project, stack, preview)
    set_all_config(dict(settings[0]), list(settings[1]))
    with _own_environment():
        _execute(program, monitor)
    stack_resource = next(resource for resource in monitor.resources.values() if resource.type == STACK_TYPE)
    return Plan(
        project=project,
        stack=stack,
        resources=ordered(monitor.resources.values()),
        outputs=stack_resource.outputs,
        messages=tuple(sorted(engine.messages)),
    )


def _configure(monitor: Monitor, engine: Engine, project: str, stack: str, preview: bool) -> None:
    reset_options()
    configure(runtime.Settings(project=project, stack=stack, monitor=monitor, engine=engine, dry_run=preview))


@contextlib.contextmanager
def _own_environment() -> Generator[None]:
    hidden = {name: os.environ.pop(name) for name in tuple(os.environ) if name.startswith(_IGNORED)}
    # An output that is put into a text by mistake is an error of the program, not a text about Pulumi.
    os.environ["PULUMI_ERROR_OUTPUT_STRING"] = "1"
    try:
        yield
    finally:
        os.environ.pop("PULUMI_ERROR_OUTPUT_STRING", None)
        os.environ.update(hidden)


def _execute(program: Program, monitor: Monitor) -> None:
    loop = _Loop()
    # What fails because something else failed is reported once, by the exception that leaves the loop.
    loop.set_exception_handler(lambda _loop, _context: None)
    try:
        loop.run_until_complete(run_in_stack(lambda: _export(loop.stopped_by_interrupt(program))))
    except Exception as error:
        if loop.interrupt:
            raise loop.interrupt from None
        if monitor.refusals:
            raise PlanError(monitor.refusals) from error
        raise
    finally:
        _close(loop)
    if monitor.refusals:
        raise PlanError(monitor.refusals)


class _Loop(asyncio.SelectorEventLoop):
    """Answers the SDK's calls at once, where it would send each to a thread and wait: nothing here blocks."""

    interrupt: KeyboardInterrupt | None = None
    """What ended the program, if a person did."""

    def stopped_by_interrupt(self, program: Program) -> Mapping[str, object] | None:
        """Run a program, and stop when it is interrupted: the SDK would wait for what was begun, perhaps for ever."""
        try:
            return program()
        except KeyboardInterrupt as interrupt:
            self.interrupt = interrupt
            self.stop()
            raise

    def run_in_executor(
        self,
        executor: Executor | None,  # noqa: ARG002 (the signature is asyncio's)
        func: Callable[..., object],
        *args: object,
    ) -> asyncio.Future[object]:
        answer = self.create_future()
        try:
            answer.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 (it goes to who awaits the answer)
            answer.set_exception(error)
        return answer


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """End what is left of a failed run, so that nothing complains later."""
    loop.run_until_complete(_cancel_others())
    loop.close()


async def _cancel_others() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _export(outputs: Mapping[str, object] | None) -> None:
    for name, value in (outputs or {}).items():
        pulumi.export(name, value)
