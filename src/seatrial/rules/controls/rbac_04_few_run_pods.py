"""RBAC-04: only teams run pods, each in its own namespace."""

from collections.abc import Iterator

from seatrial.rules.facts.grants import Grant
from seatrial.rules.facts.objects import SYSTEM
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.powers import requests, withheld
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_CHANGING = "create update patch"
_POWERS = (
    *requests(_CHANGING, "pods", "replicationcontrollers"),
    *requests(_CHANGING, "daemonsets", "deployments", "replicasets", "statefulsets", group="apps"),
    *requests(_CHANGING, "cronjobs", "jobs", group="batch"),
)
_ACCOUNTS = "system:serviceaccount"
"""How the names of service accounts begin, and of their groups."""


def _examine(view: View) -> Iterator[Observation]:
    yield from withheld(view, _POWERS, may=_is_team)


def _is_team(grant: Grant) -> bool:
    """Tell whether only people are given it, outside the namespace of the system."""
    if grant.is_everywhere or SYSTEM in (grant.namespaces or ()):
        return False
    return not any(holder.name.startswith(_ACCOUNTS) for holder in grant.holders)


RULE = Rule(
    id="RBAC-04",
    severity=Severity.HIGH,
    title="Only teams run pods, and only in their namespaces",
    needs="a binding of a role, or an access policy",
    why=(
        "A pod takes any service account and mounts any secret of its namespace, so who starts one has all that they "
        "have; a service account that may do it turns one broken pod into all of them."
    ),
    allowed="pods and workloads of one namespace, for users and groups; none in kube-system, none for service accounts",
    remedy="bind the role in the team's namespace, to the group of `tenants`; let a delivery role deploy from outside",
    sources=(
        *cited(Framework.CIS_EKS, "4.1.4"),
        *cited(Framework.TRIVY, "KSV-0048"),
        *cited(Framework.RBAC_POLICE, "modify_pods", "assign_sa"),
    ),
    examine=_examine,
)
