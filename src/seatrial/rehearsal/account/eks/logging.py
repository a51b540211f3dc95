"""The log group that a control plane writes to."""

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import key
from seatrial.rehearsal.account.emulator import Record


def enabled(cluster: Record) -> bool:
    """Whether any type of log is on."""
    return any(setup.get("enabled") and setup.get("types") for setup in cluster["logging"]["clusterLogging"])


def misses(cluster: Record, region: str) -> bool:
    """Whether a cluster that logs has no log group."""
    with emulator.scope(emulator.home(), region):
        return enabled(cluster) and _group(cluster) not in emulator.store("cloudwatch_logs", "_log_groups")


def _group(cluster: Record) -> str:
    return f"/aws/eks/{cluster['name']}/cluster"


def write(cluster: Record) -> None:
    """Log something: a group that is missing comes back, without retention or key.

    That is how a group that was deleted before its cluster reappears on AWS.
    """
    name = _group(cluster)
    if misses(cluster, emulator.region()):
        emulator.member(emulator.service("cloudwatch_logs"), "_create_log_group")({"logGroupName": name})


def linger(service: Service, cluster: Record) -> None:
    """Let a cluster that is gone write once more, when its log group has been deleted after it.

    AWS delivers logs some time after they were written, and makes the group that it delivers to.
    """
    if enabled(cluster):
        service.state.late_logs[key(_group(cluster))] = {"name": _group(cluster)}


def undelivered(service: Service, region: str, late: Record) -> bool:
    """Whether what a cluster has written has no log group any more; it is delivered a while after that is seen."""
    with emulator.scope(emulator.home(), region):
        if late["name"] in emulator.store("cloudwatch_logs", "_log_groups"):
            return False
    late.setdefault("_due", service.due())
    return True


def deliver(service: Service, late: Record) -> None:
    """Write to a log group that is gone."""
    emulator.member(emulator.service("cloudwatch_logs"), "_create_log_group")({"logGroupName": late["name"]})
    del service.state.late_logs[key(late["name"])]


def complete(requested: Record | None) -> Record:
    """Give the setting as EKS shows it: every type, either on or off."""
    wanted = [setup for setup in (requested or {}).get("clusterLogging", []) if setup.get("enabled")]
    on = [kind for kind in _TYPES if any(kind in setup.get("types", []) for setup in wanted)]
    off = [kind for kind in _TYPES if kind not in on]
    return {"clusterLogging": [{"types": t, "enabled": e} for t, e in ((on, True), (off, False)) if t]}


def merged(current: Record, requested: Record) -> Record:
    """Give the setting after a change: types that it doesn't name stay as they are."""
    state = {kind: setup["enabled"] for setup in current["clusterLogging"] for kind in setup["types"]}
    for setup in requested.get("clusterLogging", []):
        state |= dict.fromkeys(setup.get("types", []), bool(setup.get("enabled")))
    return complete({"clusterLogging": [{"types": [kind for kind in state if state[kind]], "enabled": True}]})


_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
