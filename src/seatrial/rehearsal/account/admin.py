"""The account's own pages under ``/_seatrial/``: faults, calls, clusters, health."""

import hmac
import json
from collections.abc import Callable

from seatrial.rehearsal.account.calls import Calls, Request
from seatrial.rehearsal.account.emulator import Reply
from seatrial.rehearsal.account.faults import Faults

HEADER = "x-seatrial-admin"
"""Header that carries the content of the file ``admin-token``."""


class Admin:
    """Answers to who holds the token of the account's folder."""

    def __init__(self, faults: Faults, calls: Calls, token: str, clusters: Callable[[], object]) -> None:
        self._faults, self._calls, self._token = faults, calls, token
        self._pages: dict[tuple[str, str], Callable[[Request], Reply]] = {
            ("GET", "/_seatrial/health"): lambda _: _json(200, {"status": "ready"}),
            ("GET", "/_seatrial/faults"): lambda _: _json(200, self._faults.document()),
            ("PUT", "/_seatrial/faults"): self._put_faults,
            ("GET", "/_seatrial/calls"): lambda _: (200, _JSON, self._calls.document()),
            ("GET", "/_seatrial/clusters"): lambda _: _json(200, clusters()),
        }

    def answer(self, request: Request) -> Reply:
        """Answer a request for one of the pages."""
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), self._token.encode()):
            return _json(403, {"message": f"{HEADER} is missing or wrong"})
        page = self._pages.get((request.method, request.path))
        return page(request) if page else _json(404, {"message": "no such page"})

    def _put_faults(self, request: Request) -> Reply:
        try:
            self._faults.replace(json.loads(request.body))
        except (ValueError, TypeError) as fault:
            return _json(400, {"message": str(fault)})
        return _json(200, self._faults.document())


_JSON = {"Content-Type": "application/json"}


def _json(status: int, document: object) -> Reply:
    return status, dict(_JSON), json.dumps(document).encode()
