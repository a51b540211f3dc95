"""The shape of a check between several parts of a description."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from seatrial.config.model import Platform
from seatrial.config.node_groups import NodeGroup
from seatrial.errors import Fault

Place = tuple[str, ...]
"""Keys from the root, in YAML spelling."""

GROUPS: Place = ("nodeGroups",)
"""Where the node groups are."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a check may look at."""

    platform: Platform
    """The description; where a part of it is faulty, its default."""
    today: date
    """The day on which it is read."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold. It is skipped when a part that it reads is faulty: the default there proves nothing."""

    reads: tuple[Place, ...]
    """Parts whose values it reads."""
    run: Callable[[Context], Iterator[Fault]]
    """Gives the faults."""


@dataclass(frozen=True, slots=True)
class GroupCheck:
    """Something that must hold in every node group."""

    reads: tuple[str, ...]
    """Keys of the group whose values it reads."""
    run: Callable[[Place, NodeGroup, Context], Iterator[Fault]]
    """Gives the faults of the group at a place."""
    reads_elsewhere: tuple[Place, ...] = ()
    """Parts outside the group that it reads."""

    def of(self, key: str) -> Check:
        """Make the check of one group."""
        place = (*GROUPS, key)
        return Check(
            reads=(*((*place, read) for read in self.reads), *self.reads_elsewhere),
            run=lambda context: self.run(place, context.platform.node_groups[key], context),
        )
