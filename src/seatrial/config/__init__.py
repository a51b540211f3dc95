"""The description of a platform: frozen models, parsed once at the edge."""

from seatrial.config.addons import Addon, Addons, CoreDns, SnapshotController, VpcCni
from seatrial.config.cluster import Cluster, Encryption, Endpoint, SupportType
from seatrial.config.kubernetes import (
    ClusterAutoscaler,
    IrsaDemo,
    Kubernetes,
    LoadBalancerController,
    NodeLocalDns,
    NodeTerminationHandler,
    SpotDemo,
    Storage,
)
from seatrial.config.load import load_platform
from seatrial.config.model import Platform
from seatrial.config.network import FlowLogs, Nat, Network
from seatrial.config.node_groups import AmiType, CapacityType, NodeGroup, Taint, TaintEffect
from seatrial.config.parse import parse_platform
from seatrial.config.tenants import Access, Limits, PodSecurity, Quota, Tenant
from seatrial.config.waivers import Waiver

__all__ = [
    "Access",
    "Addon",
    "Addons",
    "AmiType",
    "CapacityType",
    "Cluster",
    "ClusterAutoscaler",
    "CoreDns",
    "Encryption",
    "Endpoint",
    "FlowLogs",
    "IrsaDemo",
    "Kubernetes",
    "Limits",
    "LoadBalancerController",
    "Nat",
    "Network",
    "NodeGroup",
    "NodeLocalDns",
    "NodeTerminationHandler",
    "Platform",
    "PodSecurity",
    "Quota",
    "SnapshotController",
    "SpotDemo",
    "Storage",
    "SupportType",
    "Taint",
    "TaintEffect",
    "Tenant",
    "VpcCni",
    "Waiver",
    "load_platform",
    "parse_platform",
]
