"""Only kernel settings that no other pod feels."""

from functools import partial

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod

_SAFE = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_syncookies",
    }
)
_SAFE_27 = _SAFE | {"net.ipv4.ip_local_reserved_ports"}
_SAFE_29 = _SAFE_27 | {
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
}
_SAFE_32 = _SAFE_29 | {"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"}
_SAFE_37 = _SAFE_32 | {"net.ipv4.tcp_notsent_lowat", "net.ipv4.tcp_slow_start_after_idle"}


def _decide(safe: frozenset[str], pod: Pod) -> Forbidden | None:
    names = [name for name in pod.sysctls if name not in safe]
    return Forbidden("forbidden sysctls", ", ".join(names)) if names else None


CHECK = Check(
    id="sysctls",
    level=Level.BASELINE,
    revisions=(
        (27, partial(_decide, _SAFE_27)),
        (29, partial(_decide, _SAFE_29)),
        (32, partial(_decide, _SAFE_32)),
        (37, partial(_decide, _SAFE_37)),
    ),
)
