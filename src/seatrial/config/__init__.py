"""The description of a platform: frozen models, parsed once at the edge."""

from seatrial.config.addons import Addon, Addons, CoreDns, SnapshotController, VpcCni
from seatrial.config.cluster import Cluster, Encryption, Endpoint, SupportType
from seatrial.config.load import load_platform
from seatrial.config.model import Platform
from seatrial.config.network import FlowLogs, Nat, Network
from seatrial.config.node_groups import AmiType, CapacityType, NodeGroup, Taint, TaintEffect
from seatrial.config.parse import parse_platform
from seatrial.config.waivers import Waiver

__all__ = [
    "Addon",
    "Addons",
    "AmiType",
    "CapacityType",
    "Cluster",
    "CoreDns",
    "Encryption",
    "Endpoint",
    "FlowLogs",
    "Nat",
    "Network",
    "NodeGroup",
    "Platform",
    "SnapshotController",
    "SupportType",
    "Taint",
    "TaintEffect",
    "VpcCni",
    "Waiver",
    "load_platform",
    "parse_platform",
]
