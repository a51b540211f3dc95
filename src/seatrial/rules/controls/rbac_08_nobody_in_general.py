"""RBAC-08: no binding is for everybody, with a name or without."""

from collections.abc import Iterator

from seatrial.rules.facts.grants import Grant
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met
from seatrial.rules.powers import given, unjudged, whom
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_EVERYBODY = frozenset({"system:anonymous", "system:unauthenticated", "system:authenticated", "system:serviceaccounts"})


def _examine(view: View) -> Iterator[Observation]:
    for grant in given(view):
        yield unjudged(grant) or _grant(grant)


def _grant(grant: Grant) -> Observation:
    general = [holder.name for holder in grant.holders if holder.name in _EVERYBODY]
    if general:
        return broken(grant.resource, "subjects", f"{', '.join(general)}: {grant.role} {grant.scope}")
    return met(grant.resource, "subjects", whom(grant))


RULE = Rule(
    id="RBAC-08",
    severity=Severity.CRITICAL,
    title="No binding is for everybody",
    needs="a binding of a role, or an access policy",
    why="Anonymous callers are anybody who reaches the endpoint; all authenticated ones are every pod of the cluster.",
    allowed="users, groups and service accounts by name",
    remedy="name the team's group or the one service account in the binding",
    sources=(
        *cited(Framework.TRIVY, "KSV-0122"),
        *cited(Framework.PRACTICES, "Identity and Access Management: review and revoke unnecessary anonymous access"),
    ),
    examine=_examine,
)
