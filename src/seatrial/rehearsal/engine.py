"""The Pulumi engine on one stack of a rehearsal, driven through the Automation API."""

import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any, cast

from pulumi import automation
from pulumi.automation.errors import CommandError
from pulumi.runtime import run_in_stack
from pulumi.runtime.stack import run_pulumi_func

from seatrial.errors import DeploymentFailed
from seatrial.rehearsal import environment, interrupts, processes, scripts, vigil
from seatrial.rehearsal import state as states
from seatrial.rehearsal.engine_log import EngineFailed, EngineLog
from seatrial.rehearsal.events import Change, Watch
from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.snapshot import Snapshot
from seatrial.rehearsal.state import StateFolder
from seatrial.rehearsal.toolchain import Located

_TIP = (
    "run the command again; if it is refused for good, as where the engine's files are damaged, delete the stack's "
    "folder in .seatrial/rehearsal, which ends all that runs from it, and begin anew"
)

_PENDING = "SEATRIAL_PENDING_CREATES"
"""Variable that names, for the provider, the file of resources whose creation was cut off."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation did."""

    changes: Mapping[str, int]
    """How many resources by what was done to them, in the engine's words: ``create``, ``same``, …"""

    changed: tuple[Change, ...]
    """Every resource that is not as it was."""

    outputs: Mapping[str, object]
    """The stack's outputs, secrets in clear."""


class Engine:
    """One stack: its state and its program."""

    def __init__(
        self, state: StateFolder, stack: str, pulumi: Located, variables: Mapping[str, str], program: Path | None = None
    ) -> None:
        """Select the stack, or make it; ``variables`` reach the engine and its providers.

        ``program`` is the project's own; without one, the platform is all there is.
        """
        scripts.write(state, pulumi.path)
        self._folder = state
        self._variables = {**variables, **environment.engine_variables(state)}
        with _refusals():
            options = automation.LocalWorkspaceOptions(
                work_dir=str(state.work),
                pulumi_home=str(state.home),
                env_vars=self._variables,
                pulumi_command=automation.PulumiCommand(root=str(state.root)),
            )
            # The name in the copied project file wins over the one here.
            self._stack = automation.create_or_select_stack(stack, "seatrial", _program(program), opts=options)

    def up(self, progress: Progress, total: int | None = None) -> Outcome:
        """Make the account what the program says."""
        return self._follow(self._stack.up, Watch(progress, total), "up")

    def resume(self, progress: Progress, pending: Sequence[str]) -> None:
        """Create what was being created when an operation was cut off; then stop in good order.

        Not by a targeted update: in one, resources that aren't there yet have no outputs, which no program expects.
        """
        states.write_json(self._folder.pending, list(pending))
        self._variables[_PENDING] = str(self._folder.pending)
        watch = Watch(progress, None, until=pending, on_settled=self._cancel)
        try:
            self._follow(self._stack.up, watch, "resume", continue_on_error=True)
        except EngineFailed:
            if not watch.settled:
                raise
        finally:
            del self._variables[_PENDING]

    def update_only(self, progress: Progress, urns: Sequence[str], path: str, value: str) -> Outcome:
        """Set a value in the copy of the stack file, then update these resources alone."""
        with _refusals():
            self._stack.set_config(path, automation.ConfigValue(value), path=True)
        return self._follow(self._stack.up, Watch(progress, len(urns)), "update", target=list(urns))

    def refresh(self, progress: Progress, total: int | None = None) -> Outcome:
        """Take into the state what was changed behind its back."""
        return self._follow(self._stack.refresh, Watch(progress, total), "refresh")

    def destroy(self, progress: Progress, total: int | None = None) -> Outcome:
        """Remove everything that is in the state."""
        return self._follow(self._stack.destroy, Watch(progress, total), "destroy")

    def unlock(self) -> None:
        """Remove the lock of a killed engine from the backend; only for who holds the stack's own lock."""
        if any(self._folder.backend.glob(".pulumi/locks/**/*.json")):
            with _refusals():
                self._stack.cancel()

    def snapshot(self) -> Snapshot:
        """Read the state."""
        with _refusals():
            return cast("Snapshot", self._stack.export_stack().deployment or {})

    def forget_pending(self) -> None:
        """Drop what the state holds as begun; only once it has been resumed."""
        with _refusals():
            exported = self._stack.export_stack()
            deployment: dict[str, Any] = {**(exported.deployment or {}), "pending_operations": []}
            self._stack.import_stack(automation.Deployment(exported.version, deployment))

    def _follow(self, operation: Callable[..., object], watch: Watch, name: str, **options: Any) -> Outcome:
        with (
            EngineLog(self._folder.logs / f"{name}.log") as log,
            interrupts.graceful(self._cancel, self._kill),
            vigil.over(self._folder.account, self._kill),
        ):
            try:
                result = operation(
                    on_event=watch, on_output=log, on_error=log, color="never", show_secrets=False, **options
                )
            except CommandError:
                sys.unraisablehook = pass_over_the_program
                raise log.failure(watch, self._folder.account) from None
        outputs = {key: output.value for key, output in getattr(result, "outputs", {}).items()}
        return Outcome(watch.changes, watch.changed, outputs)

    def _cancel(self) -> None:
        processes.interrupt(self._folder.processes, scripts.ENGINE)

    def _kill(self) -> None:
        processes.kill(self._folder.processes)


def pass_over_the_program(unraisable: "sys.UnraisableHookArgs") -> None:
    """Keep quiet, at exit, about the program that an engine left in the middle: the SDK abandons its coroutine."""
    if getattr(unraisable.object, "__name__", "") not in {run_in_stack.__name__, run_pulumi_func.__name__}:
        sys.__unraisablehook__(unraisable)


def _program(own: Path | None) -> Callable[[], None]:
    def run() -> None:  # pragma: no cover (runs within the real engine only, in the rehearsal tests)
        from seatrial import entry_point, program  # noqa: PLC0415 (a second that destroying needn't wait for)

        if own:
            entry_point.run(own)
        else:
            program.run()

    return run


@contextmanager
def _refusals() -> Generator[None]:
    """Turn what the engine says when it refuses a simple request into a failure to read."""
    try:
        yield
    except CommandError as error:
        said = str(error).rpartition("stderr:")[2].strip()
        raise DeploymentFailed(f"the engine refused: {said.removeprefix('error: ')}", tip=_TIP) from None
    except CalledProcessError as error:  # while it said its version
        how = f"by signal {-error.returncode}" if error.returncode < 0 else f"with exit code {error.returncode}"
        raise DeploymentFailed(f"the engine ended {how} before it began", tip="run the command again") from None
