"""What goes wrong while a program is planned."""

from collections.abc import Sequence
from dataclasses import dataclass

from seatrial.errors import SeatrialError


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """One thing that the engine, the provider or AWS would refuse."""

    subject: str
    """Type and name of the resource, or token of the invoke."""

    reason: str
    """What was found, and what is allowed."""

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"


class PlanError(SeatrialError):
    """The program asks for what can't be deployed: every refusal at once."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        """Keep the refusals, sorted and without repetition."""
        self.refusals = tuple(sorted(set(refusals)))
        title = f"{len(self.refusals)} refusal{'s' if len(self.refusals) != 1 else ''} while planning"
        super().__init__("\n".join([title, *(f"  {refusal}" for refusal in self.refusals)]))
