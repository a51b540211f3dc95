"""NET-08: no network ACL opens administration ports to the world."""

from collections.abc import Iterator

from seatrial.plan import Properties, Resource
from seatrial.rules.facts.firewall import ANY, is_world
from seatrial.rules.facts.types import DEFAULT_NETWORK_ACL, NETWORK_ACL, NETWORK_ACL_RULE
from seatrial.rules.facts.values import entries, is_unknown, number, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import met, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_PORTS = {22: "SSH", 3389: "RDP"}
_DECIDING = ("ruleAction", "action", "egress", "protocol", "fromPort", "toPort", "cidrBlock", "ipv6CidrBlock")


def _examine(view: View) -> Iterator[Observation]:
    for acl in view.of_type(NETWORK_ACL, DEFAULT_NETWORK_ACL):
        yield met(acl, "", "looked at")
        for path, entry in entries(acl, "ingress"):
            yield _entry(acl, path, entry)
    for rule in view.of_type(NETWORK_ACL_RULE):
        if rule.inputs.get("egress") is not True:
            yield _entry(rule, "", rule.inputs)


def _entry(resource: Resource, path: str, entry: Properties) -> Observation:
    if any(is_unknown(entry.get(key)) for key in _DECIDING):
        return unknown(resource, path)
    ranges = [text(entry.get(key)) for key in ("cidrBlock", "ipv6CidrBlock")]
    world = next(filter(is_world, ranges), "")
    open_ = [name for port, name in _PORTS.items() if world and _admits(entry, port)]
    found = f"{' and '.join(open_)} from {world}" if open_ else "no administration port from the world"
    return weighed(resource, path, is_met=not open_, found=found)


def _admits(entry: Properties, port: int) -> bool:
    if text(entry.get("ruleAction", entry.get("action"))) != "allow":
        return False
    protocol = str(entry.get("protocol"))
    if protocol in {ANY, "all"}:
        return True
    first, last = number(entry.get("fromPort")), number(entry.get("toPort"))
    return protocol in {"6", "tcp"} and first is not None and last is not None and first <= port <= last


RULE = Rule(
    id="NET-08",
    severity=Severity.MEDIUM,
    title="No network ACL admits SSH or RDP from the world",
    needs="a network ACL",
    why="An ACL is the second lock; one that is open to the world leaves security groups alone with the job.",
    allowed="administration ports from named ranges only",
    remedy="the platform makes no network ACL; limit the one that the program adds",
    sources=(
        *cited(Framework.FSBP, "EC2.21"),
        *cited(Framework.CHECKOV, "CKV_AWS_229", "CKV_AWS_230", "CKV_AWS_231", "CKV_AWS_232", "CKV_AWS_352"),
        *cited(Framework.TRIVY, "AWS-0102", "AWS-0105"),
    ),
    examine=_examine,
)
