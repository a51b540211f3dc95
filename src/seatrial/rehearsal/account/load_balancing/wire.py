"""The Query protocol of Elastic Load Balancing, in both of its versions: answers, and lists by pages."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.wire import one, render, structures
from seatrial.rehearsal.account.emulator import Record, Reply, Store

CLASSIC, CURRENT = "2012-06-01", "2015-12-01"
"""Versions of the API: that of classic load balancers, and the other."""

LARGEST_PAGE = 400
"""Most records of a page, and as many as one has that asks for no size."""


def store(name: str) -> Store:
    """Give a live store: ``_lbs``, ``_tgs``, ``_listeners``, ``_rules``, ``_classic``."""
    return emulator.store("alb", name)


def tags(params: Params) -> dict[str, str]:
    """Give the tags of a call."""
    return {one(tag, "Key"): one(tag, "Value") for tag in structures(params, "Tags.member")}


def answer(params: Params, document: Mapping[str, Any], version: str = CURRENT) -> Reply:
    """Answer a call; the document has the members by their names on the wire."""
    name = one(params, "Action")
    space = f"http://elasticloadbalancing.amazonaws.com/doc/{version}/"
    result = f"<{name}Result>{render(document, 'member')}</{name}Result>"
    request = f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
    content = f'<{name}Response xmlns="{space}">{result}{request}</{name}Response>'
    return 200, {"Content-Type": "text/xml"}, content.encode()


def page(params: Params, records: Iterable[Record], identity: str) -> tuple[list[Record], str | None]:
    """Give a page of records, and the marker of the next one.

    A marker is the last identity of a page, not a number: what is deleted between two pages hides nothing.
    """
    size, after = int(one(params, "PageSize", str(LARGEST_PAGE))), one(params, "Marker")
    rest = sorted((it for it in records if it[identity] > after), key=lambda it: str(it[identity]))
    return rest[:size], rest[size - 1][identity] if len(rest) > size else None
