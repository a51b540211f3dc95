"""NODE-06: no user data carries a secret."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.types import LAUNCH_TEMPLATE
from seatrial.rules.facts.user_data import UndecodableError, decoded
from seatrial.rules.facts.values import at, is_unknown
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_KINDS = {
    "an AWS access key": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a token of a code forge": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20})"),
    "a token of Slack": re.compile(r"\bxox[abpr]-[A-Za-z0-9-]{10,}"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
}
_NAMED = re.compile(
    r"(?i)(password|passwd|secret|token|api[_-]?key|access[_-]?key)\w*[\"']?\s*[:=]\s*[\"']?([^\s\"']{8,})"
)
_ENTROPY = 3.0
"""Bits a character: words are below, random text of eight characters and more is above."""


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
    kinds = [kind for kind, pattern in _KINDS.items() if pattern.search(text)]
    kinds += sorted({f"a value of {found[1].lower()}" for found in _NAMED.finditer(text) if _is_random(found[2])})
    if kinds:
        return broken(template, "userData", ", ".join(kinds))
    return met(template, "userData", "nothing that looks like a secret" if text else "no user data")


def _is_random(value: str) -> bool:
    if value.startswith(("$", "{", "<", "arn:")):
        return False
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts) >= _ENTROPY


RULE = Rule(
    id="NODE-06",
    severity=Severity.CRITICAL,
    title="User data carries no secret",
    needs="a launch template",
    why="Everything on the node reads user data, who may describe launch templates too, and old versions stay.",
    allowed="no keys, tokens or passwords",
    remedy="the platform passes no user data; keep secrets in Secrets Manager and read them with a role",
    sources=(*cited(Framework.CHECKOV, "CKV_AWS_46"), *cited(Framework.TRIVY, "AWS-0029", "AWS-0129")),
    examine=_examine,
)
