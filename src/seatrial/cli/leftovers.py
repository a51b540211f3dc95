"""What a cluster has left, as text for a person and as JSON."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from seatrial.ownership import Kind
from seatrial.sweep import Found, Leftover, Swept

DELETED, STAYS, LEFT = "deleted", "stays", "left"
"""How something ended: AWS has deleted it; AWS refuses to; nobody asked for it."""


def written(found: Found, swept: Swept | None, command: str, *, is_json: bool) -> str:
    """Write what there is, or what became of it; ``command`` is what a person typed, without ``--delete``."""
    if is_json:
        return _document(found, swept)
    lines = _told(found, command) if swept is None else _ended(found, swept)
    return "".join(f"{line}\n" for line in lines)


def remain(found: Found, swept: Swept | None) -> bool:
    """Whether something is left over."""
    if swept is None:
        return bool(found.leftovers) and not found.status
    return bool(swept.stays or _kept(found, swept))


def _kept(found: Found, swept: Swept) -> list[Leftover]:
    """Give what nobody asked to delete."""
    ids = {each.id for each in swept.deleted} | {stay.leftover.id for stay in swept.stays}
    return [each for each in found.leftovers if each.id not in ids]


def _told(found: Found, command: str) -> Iterator[str]:
    account = found.account
    yield f"{found.cluster} in account {account.id}, {account.region}, as {account.caller}"
    if found.status:
        yield from _in_use(found)
    elif found.leftovers:
        yield "the cluster is gone and has left:"
        yield from listed(found.leftovers)
        yield ""
        yield _advice(found.leftovers, command)
    else:
        yield "the cluster is gone and has left nothing"


def _in_use(found: Found) -> Iterator[str]:
    if not found.leftovers:
        yield f"the cluster is {found.status}; its controllers have nothing in the account"
        return
    yield f"the cluster is {found.status}, so nothing is left over; its controllers have in the account:"
    yield from listed(found.leftovers)
    yield ""
    yield "they go with their Services, Ingresses and claims: delete those before the cluster, while controllers run"


def listed(leftovers: Iterable[Leftover]) -> Iterator[str]:
    """Write them by kind and mark."""
    for (kind, mark), group in groupby(leftovers, key=lambda each: (each.kind, each.mark)):
        members = list(group)
        yield f"  {_counted(kind, len(members))}{', with data' if kind.holds_data else ''} ({mark})"
        width = max(len(_id(each)) for each in members)
        for each in members:
            named = f"{each.name}, " if each.name != _id(each) else ""
            yield f"    {_id(each):<{width}}  {named}{each.detail}"


def _id(leftover: Leftover) -> str:
    """Give a name for people: an ARN says the name, and the region and account that stand above."""
    return leftover.name if leftover.id.startswith("arn:") else leftover.id


def _counted(kind: Kind, number: int) -> str:
    return f"{number} {kind.noun}{'' if number == 1 else 's'}"


def _advice(leftovers: tuple[Leftover, ...], command: str) -> str:
    data = sum(each.kind.holds_data for each in leftovers)
    if not data:
        return f"delete them: {command} --delete"
    return f"delete them: {command} --delete; {data} with data stay unless you add --with-data"


def _ended(found: Found, swept: Swept) -> Iterator[str]:
    for each in swept.deleted:
        yield f"deleted  {each.kind.noun} {_id(each)}"
    for stay in swept.stays:
        yield f"stays    {stay.leftover.kind.noun} {_id(stay.leftover)}: {stay.reason}"
    data = _kept(found, swept)
    for each in data:
        yield f"kept     {each.kind.noun} {_id(each)}: it holds data"
    yield f"{found.cluster}: {len(swept.deleted)} deleted, {len(swept.stays) + len(data)} left"


def _document(found: Found, swept: Swept | None) -> str:
    rows = [_row(each, LEFT) for each in (_kept(found, swept) if swept else found.leftovers)]
    if swept:
        rows += [_row(each, DELETED) for each in swept.deleted]
        rows += [_row(stay.leftover, STAYS, stay.reason) for stay in swept.stays]
    account = found.account
    content = {
        "account": account.id,
        "region": account.region,
        "caller": account.caller,
        "cluster": found.cluster,
        "status": found.status or None,
        "leftovers": rows,
    }
    return json.dumps(content, indent=2) + "\n"


def _row(leftover: Leftover, state: str, reason: str = "") -> dict[str, Any]:
    return {
        "kind": leftover.kind.value,
        "id": leftover.id,
        "name": leftover.name,
        "mark": leftover.mark,
        "detail": leftover.detail,
        "holdsData": leftover.kind.holds_data,
        "state": state,
        **({"reason": reason} if reason else {}),
    }
