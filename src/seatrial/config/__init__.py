"""The description of a platform: frozen models, parsed once at the edge."""

from seatrial.config.load import load_platform, parse_platform
from seatrial.config.model import (
    Addons,
    Cluster,
    Encryption,
    Endpoint,
    FlowLogs,
    Nat,
    Network,
    NodeGroup,
    Platform,
    Taint,
)

__all__ = [
    "Addons",
    "Cluster",
    "Encryption",
    "Endpoint",
    "FlowLogs",
    "Nat",
    "Network",
    "NodeGroup",
    "Platform",
    "Taint",
    "load_platform",
    "parse_platform",
]
