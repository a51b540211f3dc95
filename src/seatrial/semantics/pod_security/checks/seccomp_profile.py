"""Seccomp filters: never off (baseline), and asked for by pod or container (restricted)."""

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod, SecurityContext
from seatrial.semantics.pod_security.wording import counted, quoted, setters

_REASON = "seccompProfile"
_TYPES = frozenset({"RuntimeDefault", "Localhost"})


def _baseline(pod: Pod) -> Forbidden | None:
    containers = [item for item in pod.containers if _is_bad(item.security)]
    who = setters([item.name for item in containers], pod=_is_bad(pod.security))
    if not who:
        return None
    holders = [*([pod.security] if _is_bad(pod.security) else []), *(item.security for item in containers)]
    values = sorted({holder.seccomp or "" for holder in holders})
    return Forbidden(_REASON, f"{who} must not set securityContext.seccompProfile.type to {quoted(values)}")


def _restricted(pod: Pod) -> Forbidden | None:
    silent = [item.name for item in pod.containers if item.security.seccomp is None]
    if pod.is_windows:
        return None
    if (bad := _baseline(pod)) is not None:
        return bad
    if pod.security.seccomp is not None or not silent:
        return None
    return Forbidden(
        _REASON,
        f"pod or {counted('container', silent)} must set securityContext.seccompProfile.type to"
        ' "RuntimeDefault" or "Localhost"',
    )


def _is_bad(security: SecurityContext) -> bool:
    return security.seccomp is not None and security.seccomp not in _TYPES


BASELINE = Check(id="seccompProfile_baseline", level=Level.BASELINE, revisions=((19, _baseline),))
RESTRICTED = Check(
    id="seccompProfile_restricted",
    level=Level.RESTRICTED,
    revisions=((19, _restricted),),
    overrides="seccompProfile_baseline",
)
