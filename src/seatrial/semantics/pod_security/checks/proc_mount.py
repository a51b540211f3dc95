"""The masks over ``/proc`` stay, except (from 1.35 on, at the baseline) in a user namespace."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Container, Pod
from seatrial.semantics.pod_security.wording import counted, quoted


def _decide(pod: Pod) -> Forbidden | None:
    containers = [item for item in pod.containers if _is_unmasked(item)]
    if not containers:
        return None
    names = [item.name for item in containers]
    values = sorted({item.security.proc_mount or "" for item in containers})
    return Forbidden(
        "procMount", f"{counted('container', names)} must not set securityContext.procMount to {quoted(values)}"
    )


def _is_unmasked(container: Container) -> bool:
    return container.security.proc_mount not in (None, "Default")


def _decide_35(pod: Pod) -> Forbidden | None:
    return None if pod.has_user_namespace else _decide(pod)


BASELINE = Check(id="procMount", level=Level.BASELINE, revisions=((0, _decide), (35, _decide_35)))
RESTRICTED = Check(id="procMount_restricted", level=Level.RESTRICTED, revisions=((35, _decide),), overrides="procMount")
