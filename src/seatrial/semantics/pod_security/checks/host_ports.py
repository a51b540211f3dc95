"""No port of the node."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod
from seatrial.semantics.pod_security.wording import counted, plural, use


def _decide(pod: Pod) -> Forbidden | None:
    names = [item.name for item in pod.containers if any(item.host_ports)]
    if not names:
        return None
    ports = sorted({str(port) for item in pod.containers for port in item.host_ports if port})
    return Forbidden(
        "hostPort", f"{counted('container', names)} {use(names)} {plural('hostPort', ports)} {', '.join(ports)}"
    )


CHECK = Check(id="hostPorts", level=Level.BASELINE, revisions=((0, _decide),))
