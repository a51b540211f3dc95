"""No privileged container."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod
from seatrial.semantics.pod_security.wording import counted


def _decide(pod: Pod) -> Forbidden | None:
    names = [item.name for item in pod.containers if item.security.privileged]
    if not names:
        return None
    return Forbidden("privileged", f"{counted('container', names)} must not set securityContext.privileged=true")


CHECK = Check(id="privileged", level=Level.BASELINE, revisions=((0, _decide),))
