"""Pod Security admission: what a namespace's level refuses, for each version of Kubernetes.

Follows the plugin's own checks, https://github.com/kubernetes/pod-security-admission/tree/master/policy, and is held to
its test data.
"""

from seatrial.semantics.pod_security.check import Level
from seatrial.semantics.pod_security.policy import (
    LATEST,
    NEWEST,
    OLDEST,
    Decision,
    Violation,
    decisions,
    of_fields,
    violations,
)

__all__ = ["LATEST", "NEWEST", "OLDEST", "Decision", "Level", "Violation", "decisions", "of_fields", "violations"]
