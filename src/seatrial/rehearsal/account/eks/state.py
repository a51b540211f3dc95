"""What EKS remembers: its resources by region, and how they are written down."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.emulator import Record

Records = dict[str, Record]
"""Resources of one kind, by ``region/cluster/…``. Members that begin with an underscore stay inside."""


@dataclass(slots=True)
class State:
    """Everything EKS holds."""

    clusters: Records = field(default_factory=dict[str, Record])
    nodegroups: Records = field(default_factory=dict[str, Record])
    addons: Records = field(default_factory=dict[str, Record])
    entries: Records = field(default_factory=dict[str, Record])
    """Access entries; the associated policies are inside."""
    associations: Records = field(default_factory=dict[str, Record])
    """Pod Identity associations."""
    updates: Records = field(default_factory=dict[str, Record])
    late_logs: Records = field(default_factory=dict[str, Record])
    """Log groups that clusters which are gone write to once more, by ``region/log group``."""
    signing_key: str = ""
    """Private key of the clusters' tokens, PEM; made with the first cluster."""

    def document(self) -> dict[str, Any]:
        """Everything, to be written down."""
        return {kind.name: getattr(self, kind.name) for kind in fields(self)}

    def restore(self, document: dict[str, Any]) -> None:
        """Take over what was written down."""
        for kind in fields(self):
            setattr(self, kind.name, document.get(kind.name, "" if kind.name == "signing_key" else {}))

    def tagged(self) -> Iterator[Record]:
        """Everything that has an ARN and may have tags."""
        for records in (self.clusters, self.nodegroups, self.addons, self.entries, self.associations):
            yield from records.values()


def key(*names: str) -> str:
    """Where a resource of the region of the request is kept."""
    return "\n".join((emulator.region(), *names))


def within(records: Records, *names: str) -> list[Record]:
    """Resources of a cluster, or of the region when none is named, in the order of their creation."""
    prefix = key(*names) + "\n"
    return [record for kept, record in records.items() if kept.startswith(prefix)]


def arn(kind: str, *names: str) -> str:
    """Give the ARN of a resource in the region of the request."""
    return f"arn:aws:eks:{emulator.region()}:{emulator.account()}:{kind}/{'/'.join(names)}"


def now() -> float:
    """Time, in seconds since the epoch, as the API gives it."""
    return round(time.time(), 3)


def identity() -> str:
    """Give a new random id, as EKS puts at the end of ARNs."""
    return str(uuid.uuid4())


def shown(record: Record) -> Record:
    """Give what a caller sees of a resource."""
    return {name: value for name, value in record.items() if not name.startswith("_")}
