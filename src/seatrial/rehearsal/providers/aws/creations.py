"""Makes the calls of an interrupted creation repeatable: they carry tokens that a second attempt sends again."""

import hashlib
from contextvars import ContextVar
from typing import Any

from seatrial.rehearsal.providers.creations import Creation

TOKEN_HEADER = "x-seatrial-token"  # noqa: S105 (the name of a header)
"""A call with a token that the account already answered gets the same answer, and nothing is made twice."""

_READS = ("Describe", "Get", "List", "Batch")

current: ContextVar[Creation | None] = ContextVar("current", default=None)
"""The creation that the calling thread is busy with."""


def attach(events: Any) -> None:
    """Give every mutating call of a client that is made during a creation its token."""
    events.register("provide-client-params", _add_idempotency)
    events.register("before-call", _add_token)
    events.register("after-call", _count_answer)


def _add_idempotency(params: dict[str, Any], model: Any, **_: Any) -> dict[str, Any]:
    """Fill in AWS's own token where the operation takes one: it does for AWS what ours does for an emulated account."""
    creation = current.get()
    if creation is None:
        return params
    token = hashlib.sha256(creation.token(model.name).encode()).hexdigest()
    return {**dict.fromkeys(model.idempotent_members, token), **params}


def _add_token(model: Any, params: dict[str, Any], **_: Any) -> None:
    creation = current.get()
    if creation and not model.name.startswith(_READS):
        params["headers"][TOKEN_HEADER] = creation.token(model.name)


def _count_answer(model: Any, http_response: Any, **_: Any) -> None:
    creation = current.get()
    if creation and not model.name.startswith(_READS) and http_response.status_code < 300:  # noqa: PLR2004 (HTTP's success)
        creation.answer(model.name)
