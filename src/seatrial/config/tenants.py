"""The teams that share the cluster, a namespace each."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictInt

from seatrial.config.section import Section
from seatrial.config.values import Bytes, Cpu, KubernetesGroup, PrincipalArn


class PodSecurity(StrEnum):
    """What pods of a namespace may do, as the Pod Security Standards put it."""

    BASELINE = "baseline"
    """No known way out of the container; images may run as root."""
    RESTRICTED = "restricted"
    """What hardening asks for, too: not as root, without capabilities."""


class Access(StrEnum):
    """What the people of a team may do in their namespace. Neither reads secrets, nor enters containers."""

    READ_WRITE = "read-write"
    """Run workloads by hand."""
    READ_ONLY = "read-only"
    """Look at them; a pipeline makes the changes."""


class Quota(Section):
    """What all pods of a namespace may take together."""

    cpu: Cpu = "4"
    """Processor time that pods may request. 4: half of what the default groups start with."""
    memory: Bytes = "8Gi"
    """Memory that pods may request. 8Gi: half of what the default groups start with."""
    memory_limit: Bytes = "16Gi"
    """Sum of the pods' memory limits. Twice the requests: not all reach their limit at once."""
    storage: Bytes = "100Gi"
    """Sum of persistent volumes."""
    pods: Annotated[StrictInt, Field(ge=1, le=10_000)] = 50
    """Pods at a time."""
    volume_claims: Annotated[StrictInt, Field(ge=0, le=10_000)] = 10
    """Persistent volumes at a time."""
    load_balancers: Annotated[StrictInt, Field(ge=0, le=50)] = 2
    """Services of type LoadBalancer at a time: each costs about 16 USD a month. 50 is AWS's own quota in a region."""


class Limits(Section):
    """What one container of a namespace takes when it doesn't say, and may take at most."""

    cpu_request: Cpu = "50m"
    """Processor time requested when none is said. Little: who needs more says so."""
    memory_request: Bytes = "128Mi"
    """Memory requested when none is said."""
    memory_limit: Bytes = "256Mi"
    """Memory at which a container is stopped when no limit is said."""
    memory_most: Bytes = "2Gi"
    """Highest memory limit that a container may ask for. 2Gi: half of the smallest default node."""


class Tenant(Section):
    """A team: its namespace, what it may do there and what it may take."""

    pod_security: PodSecurity = PodSecurity.RESTRICTED
    """baseline or restricted. Restricted: what needs less should say so."""
    access: Access = Access.READ_ONLY
    """read-write or read-only. Read-only: changes come through a pipeline that others can follow."""
    principal: PrincipalArn | None = None
    """ARN of the IAM role of the team; none makes the namespace without anybody who may enter it."""
    group: KubernetesGroup | None = None
    """Group of the team in Kubernetes; none takes ``team-<namespace>``."""
    quota: Quota = Quota()
    """What all pods may take together."""
    limits: Limits = Limits()
    """What one container takes when it doesn't say, and may take at most."""

    def group_of(self, namespace: str) -> str:
        """Give the group of the team whose namespace it is."""
        return self.group or f"team-{namespace}"


def default_tenants() -> dict[str, Tenant]:
    """Make a place to try things by hand, and one that only pipelines change."""
    return {
        "dev": Tenant(pod_security=PodSecurity.BASELINE, access=Access.READ_WRITE),
        "prod": Tenant(pod_security=PodSecurity.RESTRICTED, access=Access.READ_ONLY),
    }
