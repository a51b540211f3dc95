"""Set-user-ID programs may not gain privileges."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod
from seatrial.semantics.pod_security.wording import counted


def _decide(pod: Pod) -> Forbidden | None:
    names = [item.name for item in pod.containers if item.security.allow_privilege_escalation is not False]
    if pod.is_windows or not names:
        return None
    return Forbidden(
        "allowPrivilegeEscalation != false",
        f"{counted('container', names)} must set securityContext.allowPrivilegeEscalation=false",
    )


CHECK = Check(id="allowPrivilegeEscalation", level=Level.RESTRICTED, revisions=((8, _decide),))
