"""What the pods of the demonstrations take of their tenant's quota, each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What one pod takes; its memory is both requested and the limit."""

    cpu: str
    """Processor time, as Kubernetes writes it."""
    memory: str
    """Memory, as above."""


IRSA_DEMO = Footprint(cpu="10m", memory="128Mi")
"""The pod that lists the bucket: the AWS CLI is a large Python program."""

SPOT_DEMO = Footprint(cpu="10m", memory="32Mi")
"""A copy of the workload for interruptions: a small web server."""
