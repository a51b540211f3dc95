"""What is wrong with the arguments, gathered."""

import json
from dataclasses import dataclass, field

from seatrial.errors import Fault


@dataclass(slots=True)
class Refusals:
    """Every fault that was found."""

    faults: list[Fault] = field(default_factory=list[Fault])

    def refuse(self, at: str, value: object, allowed: str, hint: str = "") -> None:
        """Add a fault: where, what stands there, what may, and what to do."""
        found = "(missing)" if value is None else json.dumps(value, default=dict)
        self.faults.append(Fault(at, found, allowed, hint))
