"""The role that worker nodes run as.

The CNI policy is missing on purpose: every pod that reaches the instance's credentials would get it. The CNI has a role
of its own. The minimal worker policy is not enough: a node asks ``ec2:DescribeInstances`` for its own name to join.
"""

from seatrial.iam import managed, trust
from seatrial.iam.document import Document

POLICIES = (managed.WORKER_NODE, managed.REGISTRY_PULL, managed.SESSION_MANAGER)


def trust_document() -> Document:
    """Trust EC2; it sends no source keys for instance profiles, so there is nothing to condition on."""
    return trust.service("ec2.amazonaws.com")
