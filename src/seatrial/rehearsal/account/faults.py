"""Injected faults: which call is disturbed, how, and how often."""

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from seatrial.rehearsal.account import answers
from seatrial.rehearsal.account.calls import Call
from seatrial.rehearsal.account.emulator import Reply

KINDS = {
    "throttle": "refused as too many requests; nothing is executed",
    "error5xx": "refused by an internal error; nothing is executed",
    "reset": "the connection breaks before the call is executed",
    "reset-after": "the call is executed and kept, the connection breaks before the answer",
    "delay": "answered `seconds` later",
    "lag": "what was just created is not found by the next `times` reads of it",
    "deny": "refused by IAM",
    "refuse": "refused with `code` and `message`: a quota, a conflict",
    "fail": "accepted, but what it began ends in a FAILED status with `code` and `message` (EKS)",
    "leak": "what is deleted leaves something: a node group its interfaces, a cluster its log group, anew (EKS)",
}
"""What a rule may do."""

_THROTTLES = {"ec2": (503, "RequestLimitExceeded"), "s3": (503, "SlowDown"), "eks": (429, "ThrottlingException")}
_QUERY_THROTTLE = (400, "Throttling")
_JSON_THROTTLE = (400, "ThrottlingException")
_BROKEN = {"ec2": "InternalError", "s3": "InternalError", "eks": "ServerException", "kms": "KMSInternalException"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One disturbance."""

    service: str
    """MiniStack's name of the service; ``*`` is any."""
    operation: str
    """AWS's name of the operation; wildcards allowed."""
    kind: str
    """One of ``KINDS``."""
    times: int | None = 1
    """How often it strikes; ``None`` is always. For ``lag``: how many reads of each new resource."""
    after: int = 0
    """How many matching calls are left alone first."""
    seconds: float = 0.0
    """For ``delay``."""
    code: str = ""
    """For ``refuse``: AWS's error code. For ``fail``: its issue code, ``NodeCreationFailure``, or a fitting one."""
    message: str = ""
    """For ``refuse``, ``fail`` and ``deny``: the text of the issue."""

    def matches(self, call: Call) -> bool:
        """Whether the call is meant."""
        return fnmatch.fnmatchcase(call.service, self.service) and fnmatch.fnmatchcase(call.operation, self.operation)


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def replace(self, documents: Sequence[Mapping[str, Any]]) -> None:
        """Put these rules in place of all others; ``ValueError`` says what is wrong with one."""
        self._rules = [rule(document) for document in documents]

    def document(self) -> list[dict[str, Any]]:
        """Give the rules with what is left of them."""
        return [asdict(rule) for rule in self._rules]

    def take(self, call: Call, *kinds: str) -> Rule | None:
        """Give the first rule of these kinds that strikes now; it counts."""
        for index, rule in enumerate(self._rules):
            if rule.kind in kinds and rule.matches(call) and self._strikes(index, rule):
                return rule
        return None

    def _strikes(self, index: int, rule: Rule) -> bool:
        if rule.after:
            self._rules[index] = replace(rule, after=rule.after - 1)
            return False
        if rule.times is not None:
            self._rules[index] = replace(rule, times=max(rule.times - 1, 0))
        return rule.times != 0

    def standing(self, call: Call, kind: str) -> Rule | None:
        """Give the first rule of this kind for the call, without counting."""
        return next((rule for rule in self._rules if rule.kind == kind and rule.matches(call)), None)

    def any(self, kind: str) -> bool:
        """Whether a rule of this kind is in force."""
        return any(rule.kind == kind for rule in self._rules)


def rule(document: Mapping[str, Any]) -> Rule:
    """Read a rule; ``ValueError`` says what is wrong with it."""
    known = {field.name for field in fields(Rule)}
    unknown = set(document) - known
    if unknown or not {"service", "operation", "kind"} <= set(document):
        raise ValueError(f"a rule has service, operation, kind and may have {', '.join(sorted(known))}: {document}")
    if document["kind"] not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}, not {document['kind']!r}")
    if document["kind"] == "refuse" and not document.get("code"):
        raise ValueError(f"a refusal has a code, such as VpcLimitExceeded: {document}")
    defaults: dict[str, Any] = {"times": None} if document["kind"] in {"deny", "refuse"} else {}
    return Rule(**{**defaults, **document})


def refusal(rule: Rule, call: Call) -> Reply:
    """Give the answer of a rule in place of the service."""
    if rule.kind == "throttle":
        fallback = _QUERY_THROTTLE if call.service in answers.QUERY else _JSON_THROTTLE
        status, code = _THROTTLES.get(call.service, fallback)
        return answers.error(call.service, status, code, "Rate exceeded")
    if rule.kind == "error5xx":
        code = _BROKEN.get(call.service, "InternalFailure")
        return answers.error(call.service, 500, code, "An internal error has occurred")
    if rule.kind == "refuse":
        return answers.error(call.service, 400, rule.code, rule.message or "an injected fault")
    return _denial(rule, call)


def _denial(rule: Rule, call: Call) -> Reply:
    text = rule.message or (
        f"User: {call.principal} is not authorized to perform: {call.service}:{call.operation} "
        "because an injected fault denies it"
    )
    if call.service == "ec2":
        return answers.error("ec2", 403, "UnauthorizedOperation", text)
    code = "AccessDenied" if call.service in answers.QUERY or call.service == "s3" else "AccessDeniedException"
    return answers.error(call.service, 403 if code == "AccessDenied" else 400, code, text)
