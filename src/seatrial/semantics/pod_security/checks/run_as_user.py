"""Nothing may ask to run as root, except (from 1.35 on) in a user namespace."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod
from seatrial.semantics.pod_security.wording import setters


def _decide(pod: Pod) -> Forbidden | None:
    names = [item.name for item in pod.containers if item.security.run_as_user == 0]
    who = setters(names, pod=pod.security.run_as_user == 0)
    return Forbidden("runAsUser=0", f"{who} must not set runAsUser=0") if who else None


def _decide_35(pod: Pod) -> Forbidden | None:
    return None if pod.has_user_namespace else _decide(pod)


CHECK = Check(id="runAsUser", level=Level.RESTRICTED, revisions=((23, _decide), (35, _decide_35)))
