"""No Windows container that is a process of the node."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod
from seatrial.semantics.pod_security.wording import setters


def _decide(pod: Pod) -> Forbidden | None:
    names = [item.name for item in pod.containers if item.security.host_process]
    who = setters(names, pod=bool(pod.security.host_process))
    if not who:
        return None
    return Forbidden("hostProcess", f"{who} must not set securityContext.windowsOptions.hostProcess=true")


CHECK = Check(id="windowsHostProcess", level=Level.BASELINE, revisions=((0, _decide),))
