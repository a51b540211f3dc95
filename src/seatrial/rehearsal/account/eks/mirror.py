"""Shows this EKS to the parts of MiniStack that look into its own: tag conditions and the token webhook."""

from collections.abc import Callable
from types import ModuleType

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks.state import Records, State
from seatrial.rehearsal.account.emulator import Record


def reflect(state: State, own: ModuleType) -> None:
    """Bring MiniStack's stores up to date."""
    _fill(own, "_clusters", state.clusters, lambda names, _: names[0], _cluster)
    _fill(own, "_access_entries", state.entries, lambda names, _: "\x00".join(names), lambda record: record)
    policies = {
        f"{kept}\n{policy}": bound
        for kept, entry in state.entries.items()
        for policy, bound in entry["_policies"].items()
    }
    _fill(own, "_access_policies", policies, lambda names, _: "\x00".join(names), lambda record: record)
    _fill_tags(own, state)


def _fill(
    own: ModuleType,
    name: str,
    records: Records,
    named: Callable[[list[str], Record], str],
    shaped: Callable[[Record], Record],
) -> None:
    store = emulator.member(own, name)
    store.clear()
    for kept, record in records.items():
        region, *names = kept.split("\n")
        store.set_scoped(emulator.home(), region, named(names, record), shaped(record))


def _cluster(record: Record) -> Record:
    return {**record, "_auth_token": record["_token"]}


def _fill_tags(own: ModuleType, state: State) -> None:
    arns = ("arn", "nodegroupArn", "addonArn", "accessEntryArn", "associationArn")
    tagged = {record[member]: record["tags"] for record in state.tagged() for member in arns if member in record}
    store = emulator.member(own, "_tags")
    store.clear()
    with emulator.scope(emulator.home(), emulator.region()):
        for arn, tags in tagged.items():
            store[arn] = dict(tags)
