"""Kinds that several threads look for at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from seatrial.rehearsal.kubernetes_api.discovery import Discovery


def test_kind_is_asked_for_by_one_of_those_who_need_it() -> None:
    fetched: list[str] = []
    together = threading.Barrier(4)

    def fetch(path: str) -> dict[str, Any]:
        fetched.append(path)
        time.sleep(0.2)
        return {"resources": [{"name": "pods", "kind": "Pod", "namespaced": True}]}

    discovery = Discovery(fetch)

    def look(_: int) -> str:
        together.wait()
        return discovery.resource("v1", "Pod").plural

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(look, range(4))) == ["pods"] * 4
    assert fetched == ["/api/v1"]
