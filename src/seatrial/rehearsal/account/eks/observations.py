"""What was last seen in clusters that have a control plane: which nodes are ready, which workloads run."""

from dataclasses import dataclass, field

from seatrial.rehearsal.account.eks.control_planes import Place


@dataclass(frozen=True, slots=True)
class Sight:
    """One cluster, as its API told it last."""

    ready_nodes: frozenset[str] = frozenset()
    """Instances whose nodes are ready."""
    nodes: int = 0
    """Nodes that there are."""
    obstacles: dict[str, str] = field(default_factory=dict[str, str])
    """Add-on to what keeps it from running; empty text when it runs."""
    namespaces: frozenset[str] = frozenset()


class Observations:
    """The last sight of each cluster."""

    def __init__(self) -> None:
        self._seen: dict[Place, Sight] = {}
        self._news = False

    def note(self, place: Place, sight: Sight) -> None:
        """Take a sight in."""
        self._news |= self._seen.get(place) != sight
        self._seen[place] = sight

    def of(self, place: Place) -> Sight:
        """Give the last sight of a cluster; an empty one before the first."""
        return self._seen.get(place, Sight())

    def forget(self, place: Place) -> None:
        """Forget a cluster that goes."""
        self._seen.pop(place, None)

    def news(self) -> bool:
        """Say whether anything has changed since this was asked last."""
        news, self._news = self._news, False
        return news
