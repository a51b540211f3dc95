"""No capability beyond those that a container runtime gives by default."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Container, Pod
from seatrial.semantics.pod_security.wording import counted, quoted

_ALLOWED = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)


def _decide(pod: Pod) -> Forbidden | None:
    names = [item.name for item in pod.containers if _bad(item)]
    if not names:
        return None
    values = sorted({value for item in pod.containers for value in _bad(item)})
    return Forbidden(
        "non-default capabilities",
        f"{counted('container', names)} must not include {quoted(values)} in securityContext.capabilities.add",
    )


def _bad(container: Container) -> set[str]:
    return {*container.security.capabilities_added} - _ALLOWED


CHECK = Check(id="capabilities_baseline", level=Level.BASELINE, revisions=((0, _decide),))
