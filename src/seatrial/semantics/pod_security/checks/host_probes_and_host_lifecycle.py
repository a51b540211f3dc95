"""No probe or handler that makes the kubelet call another host."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod
from seatrial.semantics.pod_security.wording import counted, use


def _decide(pod: Pod) -> Forbidden | None:
    names = sorted({item.name for item in pod.containers if any(item.handler_hosts)})
    if not names:
        return None
    hosts = sorted({host for item in pod.containers for host in item.handler_hosts if host})
    return Forbidden(
        "probe or lifecycle host",
        f"{counted('container', names)} {use(names)} {counted('probe or lifecycle host', hosts)}",
    )


CHECK = Check(id="hostProbesAndHostLifecycle", level=Level.BASELINE, revisions=((34, _decide),))
