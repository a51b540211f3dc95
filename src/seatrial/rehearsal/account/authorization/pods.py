"""EKS Auth: the cluster whose pods get credentials."""

from collections.abc import Iterator

from seatrial.rehearsal.account import eks_auth
from seatrial.rehearsal.account.authorization.checks import Check, arn
from seatrial.rehearsal.account.calls import Call


def checks(call: Call) -> Iterator[Check]:
    """Give the question that a call to EKS Auth raises."""
    yield Check(f"eks-auth:{call.operation}", arn("eks", f"cluster/{eks_auth.cluster_of(call)}"))
