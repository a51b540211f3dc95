"""NODE-05: no user data weakens kubelet."""

import re
from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.types import LAUNCH_TEMPLATE
from seatrial.rules.facts.user_data import UndecodableError, decoded
from seatrial.rules.facts.values import at, is_unknown
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_IS = r"[\"']?\s*[:=]\s*[\"']?"
"""Between a name and its value: YAML, TOML, JSON and flags alike."""

_WEAK = {
    "anonymous requests": rf"anonymous-auth{_IS}true|anonymous[\"']?\s*:\s*\{{?\s*[\"']?enabled{_IS}true",
    "authorization AlwaysAllow": rf"(authorization-?mode|mode){_IS}AlwaysAllow",
    "the read-only port": rf"read-?only-?port{_IS}[1-9]",
    "connections that never time out": rf"streaming-?connection-?idle-?timeout{_IS}0(s|m|h)?(?![0-9])",
    "certificates that aren't rotated": rf"rotate-?certificates{_IS}false|server-tls-bootstrap{_IS}false",
    "iptables that aren't kept": rf"make-?iptables-?util-?chains{_IS}false",
}
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _WEAK.items()}


def _examine(view: View) -> Iterator[Observation]:
    for template in view.of_type(LAUNCH_TEMPLATE):
        yield _template(template)


def _template(template: Resource) -> Observation:
    data = at(template, "userData")
    if is_unknown(data):
        return unknown(template, "userData")
    try:
        text = decoded(data)
    except UndecodableError as fault:
        return unknown(template, "userData", str(fault))
    weak = [name for name, pattern in _PATTERNS.items() if pattern.search(text)]
    if weak:
        return broken(template, "userData", f"kubelet with {', '.join(weak)}")
    return met(template, "userData", "nothing that weakens kubelet" if text else "no user data")


RULE = Rule(
    id="NODE-05",
    severity=Severity.HIGH,
    title="User data doesn't weaken kubelet",
    needs="a launch template",
    why="kubelet runs any command in any pod of its node for who it doesn't ask.",
    allowed="no anonymous requests, no AlwaysAllow, no read-only port; timeouts, rotation and iptables as they are",
    remedy="the platform passes no user data; take the setting out of what the program adds",
    sources=cited(Framework.CIS_EKS, "3.2.1", "3.2.2", "3.2.4", "3.2.5", "3.2.6", "3.2.8"),
    examine=_examine,
)
