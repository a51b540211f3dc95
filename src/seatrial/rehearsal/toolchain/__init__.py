"""The real tools of a rehearsal: found on the machine first, built from pinned Go modules second."""

from seatrial.rehearsal.toolchain.locate import Located, Origin, find
from seatrial.rehearsal.toolchain.provide import provide
from seatrial.rehearsal.toolchain.tools import PULUMI, TOOLS, Tool

__all__ = ["PULUMI", "TOOLS", "Located", "Origin", "Tool", "find", "provide"]
