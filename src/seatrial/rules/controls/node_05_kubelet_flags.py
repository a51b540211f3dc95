"""NODE-05: no user data weakens kubelet."""

import re
from collections.abc import Iterator

from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.sources import Framework, cited
from seatrial.rules.user_data import judge_user_data
from seatrial.rules.view import View

_IS = r"(?:[\"']?\s*[:=]|[ \t])\s*[\"']?"
"""Between a name and its value: YAML, TOML, JSON and flags alike."""

_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)

_ROTATION = "rotate-?certificates|server-?tls-?bootstrap|RotateKubeletServerCertificate"
_WEAK = {
    "anonymous requests": rf"anonymous-auth{_IS}true|anonymous[\"']?\s*:\s*\{{?\s*[\"']?enabled{_IS}true",
    "authorization AlwaysAllow": rf"(authorization-?mode|mode){_IS}AlwaysAllow",
    "the read-only port": rf"read-?only-?port{_IS}[1-9]",
    "connections that never time out": rf"streaming-?connection-?idle-?timeout{_IS}0(s|m|h)?(?![0-9])",
    "certificates that aren't rotated": rf"({_ROTATION}){_IS}false",
    "iptables that aren't kept": rf"make-?iptables-?util-?chains{_IS}false",
}
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _WEAK.items()}


def _examine(view: View) -> Iterator[Observation]:
    yield from judge_user_data(view, _fault, "nothing that weakens kubelet")


def _fault(content: str) -> str:
    said = _COMMENT.sub("", content)
    weak = [name for name, pattern in _PATTERNS.items() if pattern.search(said)]
    return f"kubelet with {', '.join(weak)}" if weak else ""


RULE = Rule(
    id="NODE-05",
    severity=Severity.HIGH,
    title="User data doesn't weaken kubelet",
    needs="a launch template or a class of nodes",
    why="kubelet runs any command in any pod of its node for who it doesn't ask.",
    allowed="no anonymous requests, no AlwaysAllow, no read-only port; timeouts, rotation and iptables as they are",
    remedy="the platform passes no user data; take the setting out of what the program adds",
    sources=cited(Framework.CIS_EKS, "3.2.1", "3.2.2", "3.2.4", "3.2.5", "3.2.6", "3.2.8"),
    examine=_examine,
)
