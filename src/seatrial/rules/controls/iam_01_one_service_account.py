"""IAM-01: a role for a service account trusts that one and no other."""

from collections.abc import Iterator

from seatrial.rules.documents import of_kind, place, unreadable
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.roles import WEB_IDENTITY, is_eks, issuer, subjects
from seatrial.rules.facts.statements import Statement
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_AUDIENCE = "sts.amazonaws.com"
_EQUALS = ("StringEquals",)


def _examine(view: View) -> Iterator[Observation]:
    for policy in of_kind(view, Kind.TRUST):
        fault = unreadable(policy)
        if fault:
            yield fault
        else:
            yield from _trust(policy)


def _trust(policy: Policy) -> Iterator[Observation]:
    admitted: set[str] = set()
    for index, statement in enumerate(policy.statements):
        if _is_ours(statement):
            yield from _subject(policy, index, statement)
            yield from _audience(policy, index, statement)
            admitted.update(subjects(statement))
    if len(admitted) > 1:
        yield broken(policy.resource, policy.path, f"{len(admitted)} service accounts: {', '.join(sorted(admitted))}")


def _is_ours(statement: Statement) -> bool:
    federated = statement.principals.get("Federated", ())
    return statement.allows(WEB_IDENTITY) and (any(map(is_eks, federated)) or "*" in federated)


def _subject(policy: Policy, index: int, statement: Statement) -> Iterator[Observation]:
    pinned = _pinned(statement, "sub")
    path = place(policy, index, "Condition.sub")
    if len(pinned) == 1 and len(subjects(statement)) == 1:
        yield met(policy.resource, path, f"StringEquals {pinned[0]}")
    else:
        yield broken(policy.resource, path, _compared(statement, ":sub"), allowed=_SUBJECT)


def _audience(policy: Policy, index: int, statement: Statement) -> Iterator[Observation]:
    path = place(policy, index, "Condition.aud")
    if _pinned(statement, "aud") == (_AUDIENCE,):
        yield met(policy.resource, path, f"StringEquals {_AUDIENCE}")
    else:
        yield broken(policy.resource, path, _compared(statement, ":aud"), allowed=f"StringEquals {_AUDIENCE}")


def _pinned(statement: Statement, claim: str) -> tuple[str, ...]:
    """Return what a claim of the statement's own issuer must equal."""
    issuers = map(issuer, statement.principals.get("Federated", ()))
    return tuple(value for each in issuers for value in statement.pinned(_EQUALS, f"{each}:{claim}"))


def _compared(statement: Statement, ending: str) -> str:
    """Write how a statement compares the keys with an ending."""
    compared = (
        f"{operator} {', '.join(values)}"
        for operator, keys in statement.conditions.items()
        for key, values in keys.items()
        if key.lower().endswith(ending)
    )
    return "; ".join(compared) or f"no condition on {ending.removeprefix(':')}"


_SUBJECT = "StringEquals system:serviceaccount:<namespace>:<name>, once, under the provider's own issuer"

RULE = Rule(
    id="IAM-01",
    severity=Severity.CRITICAL,
    title="A role for a service account trusts exactly that one",
    needs="a role that trusts service accounts",
    why=(
        "With a pattern, or without a condition, any pod whose service account fits, or any pod at all, takes it; "
        "without the audience a token that was made for another service does."
    ),
    allowed="one service account, compared for equality, and the audience of STS",
    remedy="use `trust.service_account` of the IAM documents, which compares both; one role for each service account",
    sources=(
        *cited(Framework.CIS_EKS, "5.2.1"),
        *cited(Framework.PRACTICES, "Identity and Access Management: scope the IAM role trust policy"),
    ),
    examine=_examine,
)
