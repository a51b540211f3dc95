"""RBAC-01: no binding gives everything; administrators have it by their access policy."""

from collections.abc import Iterator

from seatrial.rules.facts.grants import Grant
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met
from seatrial.rules.powers import given, unjudged, whom
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics.rbac.rules import Request
from seatrial.semantics.rbac.subjects import MASTERS

_EVERYTHING = (Request(verb="*", resource="*", group="*"),)


def _examine(view: View) -> Iterator[Observation]:
    for grant in given(view):
        yield unjudged(grant) or _grant(grant)


def _grant(grant: Grant) -> Observation:
    if any(holder.name == MASTERS for holder in grant.holders):
        return broken(grant.resource, "subjects", f"{MASTERS}, which no role limits")
    if grant.role == "ClusterRole/cluster-admin" or grant.allowed(_EVERYTHING):
        return broken(grant.resource, grant.path, f"everything: given to {whom(grant)}")
    return met(grant.resource, grant.path, whom(grant))


RULE = Rule(
    id="RBAC-01",
    severity=Severity.CRITICAL,
    title="No binding gives everything",
    needs="a binding of a role, or an access policy",
    why="Whoever has cluster-admin, in one namespace or in all, has every secret and every pod there, and no limit.",
    allowed="cluster-admin by the access policies of `cluster.admins` alone, nobody in system:masters",
    remedy="bind a role that names what is needed; name administrators in `cluster.admins`",
    sources=(
        *cited(Framework.CIS_EKS, "4.1.1"),
        *cited(Framework.KUBESCAPE, "C-0035"),
        *cited(Framework.TRIVY, "KSV-0111", "KSV-0123"),
    ),
    examine=_examine,
)
