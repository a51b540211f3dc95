"""The kubelet must refuse to run as root, except (from 1.35 on) in a user namespace."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod
from seatrial.semantics.pod_security.wording import counted, setters

_REASON = "runAsNonRoot != true"


def _decide(pod: Pod) -> Forbidden | None:
    refusing = [item.name for item in pod.containers if item.security.run_as_non_root is False]
    who = setters(refusing, pod=pod.security.run_as_non_root is False)
    if who:
        return Forbidden(_REASON, f"{who} must not set securityContext.runAsNonRoot=false")
    silent = [item.name for item in pod.containers if item.security.run_as_non_root is None]
    if pod.security.run_as_non_root or not silent:
        return None
    return Forbidden(_REASON, f"pod or {counted('container', silent)} must set securityContext.runAsNonRoot=true")


def _decide_35(pod: Pod) -> Forbidden | None:
    return None if pod.has_user_namespace else _decide(pod)


CHECK = Check(id="runAsNonRoot", level=Level.RESTRICTED, revisions=((0, _decide), (35, _decide_35)))
