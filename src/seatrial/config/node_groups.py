"""The groups of nodes that run the workloads."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from seatrial.config.section import Section
from seatrial.config.values import InstanceType, LabelKey, LabelValue, TaintValue


class CapacityType(StrEnum):
    """How the instances of a group are bought."""

    ON_DEMAND = "ON_DEMAND"
    """At the list price, for as long as wanted."""
    SPOT = "SPOT"
    """At a discount, with two minutes' notice before AWS takes one back."""


class AmiType(StrEnum):
    """Operating system of a group, as EKS names it; Amazon Linux 2 ended with Kubernetes 1.32."""

    AL2023_X86_64 = "AL2023_x86_64_STANDARD"
    AL2023_X86_64_NVIDIA = "AL2023_x86_64_NVIDIA"
    AL2023_X86_64_NEURON = "AL2023_x86_64_NEURON"
    AL2023_ARM_64 = "AL2023_ARM_64_STANDARD"
    AL2023_ARM_64_NVIDIA = "AL2023_ARM_64_NVIDIA"
    BOTTLEROCKET_X86_64 = "BOTTLEROCKET_x86_64"
    BOTTLEROCKET_X86_64_FIPS = "BOTTLEROCKET_x86_64_FIPS"
    BOTTLEROCKET_X86_64_NVIDIA = "BOTTLEROCKET_x86_64_NVIDIA"
    BOTTLEROCKET_X86_64_NVIDIA_FIPS = "BOTTLEROCKET_x86_64_NVIDIA_FIPS"
    BOTTLEROCKET_ARM_64 = "BOTTLEROCKET_ARM_64"
    BOTTLEROCKET_ARM_64_FIPS = "BOTTLEROCKET_ARM_64_FIPS"
    BOTTLEROCKET_ARM_64_NVIDIA = "BOTTLEROCKET_ARM_64_NVIDIA"
    BOTTLEROCKET_ARM_64_NVIDIA_FIPS = "BOTTLEROCKET_ARM_64_NVIDIA_FIPS"

    @property
    def architecture(self) -> str:
        """Processor architecture, as EC2 names it."""
        return "arm64" if "ARM_64" in self else "x86_64"

    @property
    def bottlerocket(self) -> bool:
        """Whether it is Bottlerocket, which keeps containers on a second volume."""
        return self.startswith("BOTTLEROCKET")

    @property
    def accelerator(self) -> str:
        """Maker of the accelerators that its drivers are for; empty without drivers."""
        if "NVIDIA" in self:
            return "nvidia"
        return "neuron" if "NEURON" in self else ""


class TaintEffect(StrEnum):
    """What a taint does to pods that don't tolerate it, in EKS's spelling."""

    NO_SCHEDULE = "NO_SCHEDULE"
    """New pods stay away."""
    PREFER_NO_SCHEDULE = "PREFER_NO_SCHEDULE"
    """New pods stay away if they can."""
    NO_EXECUTE = "NO_EXECUTE"
    """New pods stay away, running ones are evicted."""


class Taint(Section):
    """A mark that keeps pods off the nodes of a group."""

    key: LabelKey
    """Key, in the syntax of a label key."""
    value: TaintValue
    """Value, never empty: the cluster autoscaler ignores a taint without one when a group has no nodes."""
    effect: TaintEffect
    """What happens to pods that don't tolerate it."""


class NodeGroup(Section):
    """A managed group of like nodes."""

    capacity_type: CapacityType = CapacityType.ON_DEMAND
    """ON_DEMAND or SPOT. On demand: only a workload that is made for it survives an interruption."""
    instance_types: tuple[InstanceType, ...] = Field(default=("t3.medium",), min_length=1, max_length=20)
    """EC2 instance types, all of one architecture, vCPU count and memory size.

    The autoscaler takes the first for all. t3.medium: the smallest that holds the platform and a dozen pods.
    """
    ami_type: AmiType = AmiType.AL2023_X86_64
    """Operating system, as EKS names it. Amazon Linux 2023: the one that every add-on and most people know."""
    min_size: Annotated[StrictInt, Field(ge=0)] = 1
    """Fewest nodes. 1: a group at none takes minutes to run its first pod."""
    desired_size: Annotated[StrictInt, Field(ge=0)] = 2
    """Nodes at the start; the autoscaler changes it later. 2: one node's loss leaves one."""
    max_size: Annotated[StrictInt, Field(ge=1)] = 4
    """Most nodes: a bound on cost."""
    disk_size_gib: Annotated[StrictInt, Field(ge=20, le=16384)] = 50
    """Size in GiB of the encrypted gp3 volume that holds images and logs, 20 to 16384.

    20 is the least that the operating systems take; 50 holds the images of a few dozen pods.
    """
    labels: Mapping[LabelKey, LabelValue] = Field(default_factory=dict, max_length=50)
    """Kubernetes labels of the nodes."""
    taints: tuple[Taint, ...] = Field(default=(), max_length=50)
    """Marks that keep pods off the nodes unless they tolerate them."""
    max_unavailable_percentage: Annotated[StrictInt, Field(ge=1, le=100)] = 33
    """Share in percent of the nodes that an update may replace at once, 1 to 100.

    A third: an update takes three steps, and two thirds of the capacity stay.
    """
    node_repair: StrictBool = True
    """Let EKS replace nodes that stay unhealthy. On: nobody is there to do it at night."""


def default_groups() -> dict[str, NodeGroup]:
    """Interruptible capacity for what can be moved, on-demand capacity for what can't."""
    return {
        "spot": NodeGroup(
            capacity_type=CapacityType.SPOT,
            instance_types=("t3.medium", "t3a.medium"),
            labels={"node-type": "spot", "workload": "stateless"},
        ),
        "on-demand": NodeGroup(labels={"node-type": "on-demand", "workload": "general"}),
    }
