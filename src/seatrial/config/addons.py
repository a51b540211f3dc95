"""The add-ons that EKS manages."""

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from seatrial.config.section import Section
from seatrial.config.values import AddonVersion


class Addon(Section):
    """One EKS managed add-on."""

    enabled: StrictBool = True
    """Install it."""
    version: AddonVersion | None = None
    """``v1.20.4-eksbuild.1``; none takes EKS's default for the cluster's Kubernetes minor, which is tested with it."""


class VpcCni(Addon):
    """The network plugin: gives each pod an address of the VPC."""

    network_policy: StrictBool = True
    """Enforce Kubernetes network policies. On: without it they are accepted and do nothing."""
    prefix_delegation: StrictBool = False
    """Hand out addresses in blocks of 16: more pods on a small node, and more addresses taken.

    Off: it needs unfragmented subnets, and changing it means new nodes.
    """


class CoreDns(Addon):
    """Names of services and pods."""

    replicas: Annotated[StrictInt, Field(ge=2, le=1000)] = 2
    """Replicas; the fewest when ``maxReplicas`` is given. 2, in two zones: every lookup in the cluster needs one."""
    max_replicas: Annotated[StrictInt, Field(ge=2, le=1000)] | None = None
    """Most replicas; given, EKS scales between the two with nodes and cores. None keeps the number fixed."""


class SnapshotController(Addon):
    """Snapshots of volumes by Kubernetes objects."""

    enabled: StrictBool = False
    """Install it. Off: only a workload that takes snapshots needs it."""


class Addons(Section):
    """The add-ons that EKS manages."""

    vpc_cni: VpcCni = VpcCni()
    """The network plugin, which every node needs before it is ready."""
    kube_proxy: Addon = Addon()
    """Routes services to pods; every node needs it."""
    pod_identity_agent: Addon = Addon()
    """Gives pods AWS credentials by EKS Pod Identity."""
    coredns: CoreDns = CoreDns()
    """Names of services and pods."""
    ebs_csi: Addon = Addon()
    """Persistent volumes on EBS."""
    metrics_server: Addon = Addon()
    """CPU and memory of pods, for autoscaling and ``kubectl top``."""
    snapshot_controller: SnapshotController = SnapshotController()
    """Snapshots of volumes; needs the EBS add-on."""
