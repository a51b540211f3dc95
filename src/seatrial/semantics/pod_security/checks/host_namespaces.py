"""No namespace shared with the node."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod


def _decide(pod: Pod) -> Forbidden | None:
    shared = {"hostNetwork=true": pod.host_network, "hostPID=true": pod.host_pid, "hostIPC=true": pod.host_ipc}
    names = [name for name, is_shared in shared.items() if is_shared]
    return Forbidden("host namespaces", ", ".join(names)) if names else None


CHECK = Check(id="hostNamespaces", level=Level.BASELINE, revisions=((0, _decide),))
