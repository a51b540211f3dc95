"""What is said about Amazon's enforcement of NetworkPolicies: facts that always hold, findings about objects."""

from dataclasses import dataclass

USER_GUIDE = "https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html"
AGENT = "https://github.com/aws/aws-network-policy-agent"
CONTROLLER = "https://github.com/aws/amazon-network-policy-controller-k8s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that holds whatever the policies say."""

    id: str
    statement: str
    source: str
    """Where it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about an object that is enforced otherwise than it reads."""

    id: str
    """What kind of finding it is."""
    subject: str
    """The object: ``NetworkPolicy dev/web``, ``Service dev/web``, or a workload as connections name it."""
    message: str
    """What happens, and what would do."""
    source: str
    """Where it is written."""

    def __str__(self) -> str:
        return f"{self.id}: {self.subject}: {self.message}"


FACTS = (
    Fact(
        id="node-address",
        statement="traffic between a pod and the primary address of its own node passes, whatever the policies say",
        source=AGENT,
    ),
    Fact(
        id="startup-window",
        statement="in the standard mode a new pod may send and receive everything until its policies are in place",
        source=USER_GUIDE,
    ),
    Fact(
        id="never-policed",
        statement="pods in the host's network, on Fargate or on Windows, secondary interfaces, and established flows",
        source=USER_GUIDE,
    ),
    Fact(
        id="ip-block",
        statement="an ipBlock means whatever has such an address, pods and ClusterIPs included",
        source=AGENT,
    ),
    Fact(
        id="api-server",
        statement="no podSelector means the API server: its Service has no selector, so an ipBlock has to",
        source=CONTROLLER,
    ),
)
"""What holds for every cluster that lets Amazon's VPC CNI enforce policies."""
