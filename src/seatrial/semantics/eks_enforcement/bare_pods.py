"""A pod without a controller has no policy enforced."""

from collections.abc import Iterator

from seatrial.semantics.eks_enforcement.finding import USER_GUIDE, Finding
from seatrial.semantics.eks_enforcement.situation import Situation


def find(situation: Situation) -> Iterator[Finding]:
    """Find the bare pods that policies select."""
    for pod, ingress, egress in zip(situation.enforced.pods, situation.ingress, situation.egress, strict=True):
        names = sorted({*ingress.policies, *egress.policies})
        if pod.is_bare and names:
            yield Finding(
                id="bare-pod",
                subject=str(pod.workload),
                message=f"it has no controller, so {', '.join(names)} may not be enforced on it; make it a Deployment",
                source=USER_GUIDE,
            )
