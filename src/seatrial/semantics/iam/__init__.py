"""What IAM would decide: whether a request passes, and who may assume a role.

Pure functions after AWS's published evaluation logic. Every decision names the statements that made it, or what is
lacking and which statements came near.
"""

from seatrial.semantics.iam import callers, managed
from seatrial.semantics.iam.assumption import (
    Association,
    Provider,
    Role,
    assume,
    assume_by_pod_identity,
    assume_by_service_account,
    assume_by_token,
)
from seatrial.semantics.iam.callers import ANONYMOUS, Caller, CallerKind
from seatrial.semantics.iam.conditions import Condition
from seatrial.semantics.iam.context import Values
from seatrial.semantics.iam.evaluation import Decision, Miss, Outcome, Request, Unmet, decide
from seatrial.semantics.iam.policies import Effect, Kind, Policies, Policy, Statement
from seatrial.semantics.iam.reading import policy
from seatrial.semantics.iam.unknowns import unread

__all__ = [
    "ANONYMOUS",
    "Association",
    "Caller",
    "CallerKind",
    "Condition",
    "Decision",
    "Effect",
    "Kind",
    "Miss",
    "Outcome",
    "Policies",
    "Policy",
    "Provider",
    "Request",
    "Role",
    "Statement",
    "Unmet",
    "Values",
    "assume",
    "assume_by_pod_identity",
    "assume_by_service_account",
    "assume_by_token",
    "callers",
    "decide",
    "managed",
    "policy",
    "unread",
]
