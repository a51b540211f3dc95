"""Releases of charts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pulumi.provider.experimental.property_value import PropertyValue

from seatrial.rehearsal.providers.changes import Action, Change
from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.kubernetes import differences, naming, state
from seatrial.rehearsal.providers.kubernetes.family import Found
from seatrial.rehearsal.providers.kubernetes.naming import Properties
from seatrial.rehearsal.providers.kubernetes.releases import history, values
from seatrial.rehearsal.providers.kubernetes.releases.charts import Absent, Charts, Wanted
from seatrial.rehearsal.providers.kubernetes.releases.helm import Helm, HelmFailed
from seatrial.rehearsal.providers.kubernetes.releases.history import Revision
from seatrial.rehearsal.providers.kubernetes.session import Session
from seatrial.rehearsal.providers.refusals import InitFailed, Rejected
from seatrial.rehearsal.providers.values import UNKNOWN, Value, Values, within
from seatrial.rehearsal.snapshot import NOT_RENDERED

_SECONDS = 300
"""How long Helm waits for one thing, unless told; as upstream's provider."""

_MARGIN = 60.0
"""How much longer than that Helm may run in all: it undoes what it couldn't finish."""

_FLAGS = {
    "atomic": "--rollback-on-failure",
    "cleanupOnFail": "--cleanup-on-fail",
    "createNamespace": "--create-namespace",
    "disableOpenapiValidation": "--disable-openapi-validation",
    "disableWebhooks": "--no-hooks",
    "resetValues": "--reset-values",
    "reuseValues": "--reuse-values",
    "skipCrds": "--skip-crds",
    "waitForJobs": "--wait-for-jobs",
}

_TAKEN = frozenset(
    {
        *_FLAGS,
        "allowNullValues",
        "chart",
        "compat",
        "description",
        "maxHistory",
        "name",
        "namespace",
        "repositoryOpts",
        "skipAwait",
        "timeout",
        "values",
        "version",
    }
)

_SILENT = ("compat", "allowNullValues")
"""What changes nothing."""


@dataclass(frozen=True, slots=True)
class Releases:
    """The family of releases."""

    helm: Helm | None
    charts: Charts

    def named(self, old: Properties, new: Properties, creations: Creations, urn: str) -> dict[str, PropertyValue]:
        """Return the inputs with a name: the one given, the earlier one, or one made from the resource's."""
        if "name" in new:
            return dict(new)
        return {**new, "name": old.get("name") or PropertyValue(naming.made_up(creations, urn))}

    def faults(self, token: str, inputs: Values) -> Iterable[tuple[str, str]]:  # noqa: ARG002 (the family's)
        """Return what is wrong with the inputs, and with the values that the chart is given."""
        yield from _unserved(inputs)
        if not inputs.get("chart"):
            yield "chart", "chart: found none; allowed: a name in the repository, oci://…, or a path"
            return
        if inputs["chart"] is not UNKNOWN and isinstance(inputs.get("values", {}), dict):
            yield from values.faults(_wanted(inputs).name, inputs.get("version", ""), within(inputs, "values"))

    def secrets(self, inputs: Values, hidden: frozenset[str]) -> frozenset[str]:  # noqa: ARG002 (the family's)
        """Return the names of the outputs that are secret."""
        return hidden.union({state.INPUTS}) if hidden else hidden

    def planned(self, inputs: Values, old: Values) -> Values:  # noqa: ARG002 (the family's)
        """Return what a preview knows of the release."""
        return {**inputs, "status": UNKNOWN, "resourceNames": UNKNOWN, state.INPUTS: inputs}

    def changes(self, session: Session, old: Values, inputs: Values) -> list[Change]:  # noqa: ARG002 (the family's)
        """Return what would have to change; a release that failed, or whose chart has come, is made again."""
        found = differences.changes(_telling(state.inputs(old)), _telling(inputs), _replaces)
        if found or not self._is_unfinished(old, inputs):
            return found
        return [Change("status", "status", Action.UPDATE, replaces=False)]

    def goes_first(self, old: Values, inputs: Values) -> bool:  # noqa: ARG002 (the family's)
        """Whether both releases would hold objects of one name: their names differ, or their namespaces do."""
        return False

    def create(self, session: Session, inputs: Values) -> Found:
        """Install the chart and wait until all that it holds is ready."""
        return self._released(session, inputs)

    def read(self, session: Session, identity: str, old: Values, known: Values) -> tuple[Values, Values] | None:
        """Return the release's state, and its inputs as they are now; None when there is no release."""
        namespace, _, name = identity.rpartition("/")
        revision = history.latest(session.cluster, name, namespace or session.cluster.namespace)
        if revision is None:
            return (old, known) if _status(old) == NOT_RENDERED else None
        inputs = _seen(revision, known) if known else _imported(revision, name, namespace)
        return _state(session, inputs, revision), inputs

    def update(self, session: Session, old: Values, inputs: Values) -> Found:  # noqa: ARG002 (the family's)
        """Upgrade the release and wait until all that it holds is ready."""
        return self._released(session, inputs)

    def delete(self, session: Session, identity: str, old: Values) -> None:
        """Uninstall the release and wait until all that it held is gone."""
        namespace, _, name = identity.rpartition("/")
        if history.latest(session.cluster, name, namespace):
            self._uninstall(session, name, namespace, _seconds(state.inputs(old)))

    def _is_unfinished(self, old: Values, inputs: Values) -> bool:
        status = _status(old)
        if status != NOT_RENDERED:
            return status != "deployed"
        try:
            self.charts.find(_wanted(inputs))
        except Absent:
            return False
        return True

    def _released(self, session: Session, inputs: Values) -> Found:
        identity = _identity(session, inputs)
        try:
            chart = self.charts.find(_wanted(inputs))
        except Absent as absent:
            return Found(identity, _without_chart(session, inputs, str(absent)))
        return Found(identity, _state(session, inputs, self._upgraded(session, inputs, chart)))

    def _upgraded(self, session: Session, inputs: Values, chart: Path) -> Revision:
        name, namespace, seconds = inputs["name"], _namespace(session, inputs), _seconds(inputs)
        self._recover(session, name, namespace, seconds)
        command = ["upgrade", "--install", name, str(chart), "--namespace", namespace, *_options(inputs)]
        try:
            self._run(session, command, seconds, within(inputs, "values"))
        except HelmFailed as failed:
            left = history.latest(session.cluster, name, namespace)
            if left is None:
                raise
            kept = _state(session, inputs, left)
            raise InitFailed(_identity(session, inputs), kept, str(failed)) from failed
        revision = history.latest(session.cluster, name, namespace)
        assert revision is not None  # noqa: S101 (Helm has just said that it is there)
        return revision

    def _recover(self, session: Session, name: str, namespace: str, seconds: int) -> None:
        """Undo what a Helm that was killed has left: it refuses to go on from there."""
        found = history.latest(session.cluster, name, namespace)
        if found is None or not found.status.startswith(("pending", "uninstalling")):
            return
        if found.status in {"pending-install", "uninstalling"}:
            self._uninstall(session, name, namespace, seconds)
        else:
            self._run(session, ["rollback", name, "--namespace", namespace], seconds)

    def _uninstall(self, session: Session, name: str, namespace: str, seconds: int) -> None:
        waits = ["--wait", "--timeout", f"{seconds}s", "--ignore-not-found"]
        self._run(session, ["uninstall", name, "--namespace", namespace, *waits], seconds)

    def _run(self, session: Session, command: list[str], seconds: int, given: Values | None = None) -> None:
        if self.helm is None:
            raise Rejected("no Helm on this machine, which would be needed for a release that is there")
        with self.helm.access(session.configuration.kubeconfig) as access:
            self.helm.run([*command, *access], values=given, seconds=seconds + _MARGIN)


def _unserved(inputs: Values) -> Iterator[tuple[str, str]]:
    for name in sorted(set(inputs) - _TAKEN):
        yield name, f"{name}: can't be rehearsed; allowed: {', '.join(sorted(_TAKEN))}"


def _wanted(inputs: Values) -> Wanted:
    return Wanted(inputs["chart"], inputs.get("version", ""), within(inputs, "repositoryOpts").get("repo", ""))


def _telling(inputs: Values) -> Values:
    return {name: value for name, value in inputs.items() if name not in _SILENT}


def _replaces(path: str) -> bool:
    return path in {"name", "namespace"}


def _status(old: Values) -> str:
    return within(old, "status").get("status", "")


def _seconds(inputs: Values) -> int:
    return inputs.get("timeout") or _SECONDS


def _namespace(session: Session, inputs: Values) -> str:
    return inputs.get("namespace") or session.cluster.namespace


def _identity(session: Session, inputs: Values) -> str:
    return f"{_namespace(session, inputs)}/{inputs['name']}"


def _options(inputs: Values) -> list[str]:
    chosen = [flag for name, flag in _FLAGS.items() if inputs.get(name)]
    waits = [] if inputs.get("skipAwait") else ["--wait"]
    history_length = ["--history-max", str(inputs["maxHistory"])] if "maxHistory" in inputs else []
    description = ["--description", inputs["description"]] if inputs.get("description") else []
    timeout = ["--timeout", f"{_seconds(inputs)}s"]
    return [*chosen, *waits, *history_length, *description, *timeout, "--values", "-"]


def _state(session: Session, inputs: Values, revision: Revision) -> Values:
    status: Values = {
        "appVersion": revision.chart.get("appVersion", ""),
        "chart": revision.chart.get("name", ""),
        "name": inputs["name"],
        "namespace": _namespace(session, inputs),
        "revision": revision.number,
        "status": revision.status,
        "version": revision.chart.get("version", ""),
    }
    return {**inputs, "status": status, "resourceNames": dict(revision.objects), state.INPUTS: inputs}


def _without_chart(session: Session, inputs: Values, reason: str) -> Values:
    status: Values = {
        "chart": _wanted(inputs).name,
        "name": inputs["name"],
        "namespace": _namespace(session, inputs),
        "reason": reason,
        "status": NOT_RENDERED,
        "version": inputs.get("version", ""),
    }
    return {**inputs, "status": status, "resourceNames": Values(), state.INPUTS: inputs}


def _seen(revision: Revision, known: Values) -> Values:
    """Return the inputs as they are now: another version, other values, if somebody else has upgraded."""
    version: Value = revision.chart.get("version", "")
    drifted: Values = {"version": version} if known.get("version", version) != version else {}
    if revision.values != within(known, "values"):
        drifted["values"] = revision.values
    return {**known, **drifted}


def _imported(revision: Revision, name: str, namespace: str) -> Values:
    told = {"chart": revision.chart["name"], "version": revision.chart["version"], "values": revision.values}
    return {"name": name, "namespace": namespace, **told}
