"""The Pulumi engine on one stack of a rehearsal, driven through the Automation API."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from pulumi import automation
from pulumi.automation.errors import CommandError

from seatrial import program
from seatrial.errors import DeploymentFailed
from seatrial.rehearsal import environment, interrupts, processes, scripts
from seatrial.rehearsal import state as states
from seatrial.rehearsal.engine_log import EngineLog
from seatrial.rehearsal.events import Change, Watch
from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.snapshot import Snapshot
from seatrial.rehearsal.state import StateFolder
from seatrial.rehearsal.toolchain import Located

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

    def __init__(self, state: StateFolder, stack: str, pulumi: Located, variables: Mapping[str, str]) -> None:
        """Select the stack, or make it; ``variables`` reach the engine and its providers."""
        scripts.write(state, pulumi.path)
        self._folder = state
        self._variables = {**variables, **environment.engine_variables(state)}
        options = automation.LocalWorkspaceOptions(
            work_dir=str(state.work),
            pulumi_home=str(state.home),
            env_vars=self._variables,
            pulumi_command=automation.PulumiCommand(root=str(state.root)),
        )
        with _refusals():
            # The name in the copied project file wins over the one here.
            self._stack = automation.create_or_select_stack(stack, "seatrial", program.run, opts=options)

    def up(self, progress: Progress, total: int | None = None, *, refresh: bool = False) -> Outcome:
        """Make the account what the program says; with ``refresh``, see first what was changed behind its back."""
        return self._follow(self._stack.up, Watch(progress, total), "up", refresh=refresh)

    def resume(self, progress: Progress, pending: Sequence[str]) -> Outcome:
        """Create what was being created when an operation was cut off, and nothing else."""
        states.write_json(self._folder.pending, list(pending))
        self._variables[_PENDING] = str(self._folder.pending)
        try:
            watch = Watch(progress, len(pending))
            return self._follow(self._stack.up, watch, "resume", target=list(pending), continue_on_error=True)
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
        with EngineLog(self._folder.logs / f"{name}.log") as log, interrupts.graceful(self._cancel, self._kill):
            try:
                result = operation(
                    on_event=watch, on_output=log, on_error=log, color="never", show_secrets=False, **options
                )
            except CommandError:
                raise log.failure(watch) from None
        outputs = {key: output.value for key, output in getattr(result, "outputs", {}).items()}
        return Outcome(watch.changes, watch.changed, outputs)

    def _cancel(self) -> None:
        processes.interrupt(self._folder.processes, scripts.ENGINE)

    def _kill(self) -> None:
        processes.kill(self._folder.processes)


@contextmanager
def _refusals() -> Generator[None]:
    """Turn what the engine says when it refuses a simple request into a failure to read."""
    try:
        yield
    except CommandError as error:
        said = str(error).rpartition("stderr:")[2].strip()
        raise DeploymentFailed(f"the engine refused: {said.removeprefix('error: ')}") from None
