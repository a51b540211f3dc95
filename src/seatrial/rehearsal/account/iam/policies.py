"""Policy documents: what AWS refuses about them."""

import json
from collections.abc import Iterator
from typing import Any, cast

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

_STORES = {"role": "_roles", "user": "_users"}


def check_resource_policy(text: str, code: str) -> None:
    """Refuse a trust or key policy that isn't one, or names a principal of the account that isn't there."""
    for statement in _statements(text, code):
        if not (
            "Effect" in statement and "Principal" in statement and ("Action" in statement or "NotAction" in statement)
        ):
            raise RefusedError(code, "Syntax errors in policy: Effect, Principal and Action are needed")
        for principal in _named(statement["Principal"]):
            if not _there(principal):
                raise RefusedError(code, f'Invalid principal in policy: "AWS":"{principal}"')


def _statements(text: str, code: str) -> list[Record]:
    try:
        document = json.loads(text)
        statements = document["Statement"]
    except (ValueError, KeyError, TypeError) as fault:
        raise RefusedError(code, "This policy contains invalid Json") from fault
    return [cast(Record, statements)] if isinstance(statements, dict) else cast("list[Record]", statements)


def _named(principal: Any) -> Iterator[str]:
    if isinstance(principal, dict):
        named = cast(Record, principal).get("AWS", [])
        yield from [named] if isinstance(named, str) else cast("list[str]", named)


def _there(principal: str) -> bool:
    """Whether a principal exists; of other accounts, and of whole ones, that can't be told."""
    own, _, resource = principal.partition(f"arn:aws:iam::{emulator.account()}:")
    kind, _, name = resource.partition("/")
    if own or kind not in _STORES:
        return True
    record = emulator.store("iam", _STORES[kind]).get(name.rpartition("/")[2])
    return record is not None and record["Arn"] == principal
