"""Up and down: one stack of the platform in its emulated account."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial import regions
from seatrial.config import Platform, load_platform
from seatrial.errors import UsageError
from seatrial.project import Project
from seatrial.rehearsal import (
    credentials,
    documents,
    environment,
    equipment,
    identity,
    interrupts,
    left_behind,
    locks,
    operations,
    outputs,
    principals,
    processes,
    recorded,
    recovery,
    scripts,
    snapshot,
)
from seatrial.rehearsal.account import client, files
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.engine import Engine, Outcome
from seatrial.rehearsal.engine_log import EngineFailed
from seatrial.rehearsal.equipment import Equipment
from seatrial.rehearsal.events import Change
from seatrial.rehearsal.operations import Operation
from seatrial.rehearsal.progress import Progress, Terse
from seatrial.rehearsal.recorded import Done
from seatrial.rehearsal.state import StateFolder

_TIP = "`seatrial rehearse up` goes on from here, `seatrial rehearse down` removes everything"

_DELETION_PROTECTION = "seatrial:platform.cluster.deletionProtection"
"""Path of the setting in a stack file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """Which rehearsal a command is about."""

    project: Project
    """The project that is deployed."""

    stack: str
    """Its stack."""

    state: StateFolder
    """Where the rehearsal keeps everything."""

    progress: Progress
    """Who is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What ``up`` did."""

    operation: Operation
    """Counts and times."""

    changed: tuple[Change, ...]
    """What was changed or removed of what was there before."""

    drift: tuple[Change, ...]
    """What had been changed behind the engine's back, where that was asked for."""

    charts_not_rendered: tuple[str, ...]
    """Releases that are only on record, their values checked, because their charts couldn't be had; and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What ``down`` did."""

    operation: Operation | None
    """Counts and times; nothing when nothing had been deployed."""

    leftovers: tuple[str, ...]
    """What the engine left in the account: on AWS it would still be there, and cost money."""

    swept: tuple[str, ...] = ()
    """What the cluster had left and the engine couldn't finish for: on AWS it waits for ``seatrial sweep``."""


@dataclass(frozen=True, slots=True)
class _Opened:
    endpoint: Endpoint
    engine: Engine


def up(rehearsal: Rehearsal, *, refresh: bool = False, outputs_file: Path | None = None) -> Deployed:
    """Deploy the stack into its account, making and starting whatever isn't there."""
    platform = load_platform(rehearsal.project.stack_file(rehearsal.stack))
    _refuse_other_partitions(platform)
    identity.check(rehearsal.state, rehearsal.stack, platform)
    target = (outputs_file or rehearsal.project.directory / outputs.DEFAULT).absolute()
    total = _resources(rehearsal, platform)
    with interrupts.reported(_TIP):
        equipped = equipment.provide(platform.cluster.version, rehearsal.progress)
        _finish_discarding(rehearsal)
        with _working(rehearsal, "up"):
            engine = _open(rehearsal, platform, equipped).engine
            documents.copy(rehearsal.project, rehearsal.stack, rehearsal.state)
            drift = _run(rehearsal, "refresh", engine.refresh).outcome.changed if refresh else ()
            done = _run(rehearsal, "up", engine.up, total)
            charts = snapshot.charts_not_rendered(engine.snapshot()) if platform.kubernetes.enabled else ()
            return _deployed(rehearsal, done, target, drift, charts)


def down(rehearsal: Rehearsal) -> Removed | None:
    """Remove everything that was deployed, then the account and the state folder; do nothing where nothing is."""
    if not rehearsal.state.exists():
        return None
    with interrupts.reported(_TIP), _working(rehearsal, "down"):
        last = operations.last(rehearsal.state)
        removed = _undeploy(rehearsal) if last and last.kind != _DISCARD else Removed(operation=None, leftovers=())
        _discard(rehearsal.state, last)
        return removed


@contextmanager
def _working(rehearsal: Rehearsal, command: str) -> Generator[None]:
    """Work on a stack: alone, apart from the user's own settings, leaving no process of the engine behind."""
    state = rehearsal.state
    with (
        environment.isolated(),
        locks.exclusive(state.lock, f"seatrial rehearse {command} --stack {rehearsal.stack}"),
        environment.temporary(files.folder(state.temporary)),
    ):
        processes.kill(state.processes)
        try:
            yield
        finally:
            processes.kill(state.processes)


def _open(rehearsal: Rehearsal, platform: Platform, equipped: Equipment) -> _Opened:
    state = rehearsal.state
    state.make()
    scripts.link(state, equipped.commands)
    endpoint = _start_account(rehearsal, platform, equipped)
    key = credentials.ensure(state, endpoint, platform)
    principals.ensure(endpoint, platform)
    if not documents.copied(state, rehearsal.stack).is_file():
        documents.copy(rehearsal.project, rehearsal.stack, state)
    variables = environment.aws_variables(endpoint, key)
    engine = Engine(state, rehearsal.stack, equipped.pulumi, variables, rehearsal.project.program)
    recovery.recover(engine, operations.last(state), rehearsal.progress)
    return _Opened(endpoint, engine)


def _start_account(rehearsal: Rehearsal, platform: Platform, equipped: Equipment) -> Endpoint:
    running = client.find(rehearsal.state.account)
    if running:
        return running
    rehearsal.progress.begin("starting the account")
    account_id = principals.account_id(platform)
    endpoint = client.start(rehearsal.state.account, platform.region, account_id, equipped.control_plane)
    rehearsal.progress.end(f"at {endpoint.url}")
    return endpoint


def _run(
    rehearsal: Rehearsal, kind: str, operate: Callable[[Progress, int | None], Outcome], total: int | None = None
) -> Done:
    return recorded.run(rehearsal.state, rehearsal.progress, kind, operate, total=total)


def _deployed(
    rehearsal: Rehearsal, done: Done, target: Path, drift: tuple[Change, ...], charts: Iterable[str]
) -> Deployed:
    found = done.outcome.outputs
    outputs.write(target, found, rehearsal.state)
    if "kubeconfig" in found:
        files.write(rehearsal.state.kubeconfig, str(found["kubeconfig"]).encode())
    operation = replace(done.operation, outputs=str(target))
    operations.save(rehearsal.state, operation)
    changed = tuple(change for change in done.outcome.changed if change.kind != "create")
    return Deployed(operation=operation, changed=changed, drift=drift, charts_not_rendered=tuple(charts))


def _refuse_other_partitions(platform: Platform) -> None:
    """Begin nothing that can't end well: every ARN of the emulated account is of one partition."""
    partition = regions.partition(platform.region)
    if partition != regions.STANDARD:
        raise UsageError(
            f"region: found {platform.region}, which is in the partition {partition}; the emulated account is in "
            f"{regions.STANDARD}",
            tip="`seatrial plan` and `seatrial check` judge the stack as it is; to rehearse it, give a copy of it a "
            f"region and principals of {regions.STANDARD}",
        )


def _resources(rehearsal: Rehearsal, platform: Platform) -> int:
    """Count what will be deployed; a description that AWS would refuse ends here."""
    from seatrial import plan  # noqa: PLC0415 (a second that `down` needn't wait for)

    planned = plan.of_project(rehearsal.project, rehearsal.stack, platform)
    return len(planned.resources)


def _undeploy(rehearsal: Rehearsal) -> Removed:
    platform = load_platform(documents.copied(rehearsal.state, rehearsal.stack))
    equipped = equipment.provide(platform.cluster.version, Terse(rehearsal.progress))
    opened = _open(rehearsal, platform, equipped)
    _unprotect(opened.engine, rehearsal.progress)
    done, swept = _destroy(rehearsal, platform, opened)
    credentials.remove(rehearsal.state, opened.endpoint)
    principals.remove(opened.endpoint)
    return Removed(operation=done.operation, leftovers=left_behind.still_there(opened.endpoint), swept=swept)


def _destroy(rehearsal: Rehearsal, platform: Platform, opened: _Opened) -> tuple[Done, tuple[str, ...]]:
    """Destroy; where what the cluster left stands in the way, sweep it as a person does, and go on."""
    try:
        return _run(rehearsal, "down", opened.engine.destroy), ()
    except EngineFailed as failed:
        before = failed.watch.changes
        key = credentials.read(rehearsal.state)
        swept = left_behind.swept(opened.endpoint, platform, key) if key else ()
        if not swept:
            raise
    done = _run(rehearsal, "down", opened.engine.destroy)
    changes = {kind: before.get(kind, 0) + count for kind, count in done.operation.changes.items()}
    return replace(done, operation=replace(done.operation, changes=changes)), swept


def _unprotect(engine: Engine, progress: Progress) -> None:
    """Do what a person does before removing a cluster that is protected."""
    clusters = snapshot.protected_clusters(engine.snapshot())
    if clusters:
        progress.begin("switching off deletion protection")
        engine.update_only(progress, clusters, _DELETION_PROTECTION, "false")
        progress.end("off")


_DISCARD = "discard"
"""The last thing done to a state folder; one that is found so holds nothing of value."""


def _finish_discarding(rehearsal: Rehearsal) -> None:
    """Do what a ``down`` that was cut off at its end had left to do."""
    last = operations.last(rehearsal.state)
    if last and last.kind == _DISCARD:
        with _working(rehearsal, "up"):
            _discard(rehearsal.state, last)


def _discard(state: StateFolder, last: Operation | None) -> None:
    operations.save(state, replace(last or Operation(kind=_DISCARD), kind=_DISCARD))
    client.stop(state.account)
    if last and last.outputs:
        outputs.remove(Path(last.outputs), state)
    state.remove()
