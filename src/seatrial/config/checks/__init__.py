"""What must hold between several parts of a description."""

from seatrial.config.checks.registry import faults

__all__ = ["faults"]
