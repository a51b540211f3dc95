"""Shows this EKS to the part of MiniStack that looks into its own: conditions on tags."""

from types import ModuleType

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks.state import State


def reflect(state: State, own: ModuleType) -> None:
    """Bring MiniStack's stores up to date."""
    store = emulator.member(own, "_clusters")
    store.clear()
    for kept, record in state.clusters.items():
        region, name = kept.split("\n")
        store.set_scoped(emulator.home(), region, name, dict(record))
    _fill_tags(own, state)


def _fill_tags(own: ModuleType, state: State) -> None:
    arns = ("arn", "nodegroupArn", "addonArn", "accessEntryArn", "associationArn")
    tagged = {record[member]: record["tags"] for record in state.tagged() for member in arns if member in record}
    store = emulator.member(own, "_tags")
    store.clear()
    with emulator.scope(emulator.home(), emulator.region()):
        for arn, tags in tagged.items():
            store[arn] = dict(tags)
