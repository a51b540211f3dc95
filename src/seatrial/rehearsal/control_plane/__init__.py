"""A real Kubernetes control plane for every cluster of the rehearsal: found tools, loopback, no containers."""

from seatrial.rehearsal.control_plane.blueprint import Blueprint, Tools
from seatrial.rehearsal.control_plane.plane import ControlPlane, Phase

__all__ = ["Blueprint", "ControlPlane", "Phase", "Tools"]
