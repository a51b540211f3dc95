"""STS: sessions that survive a restart; MiniStack forgets them."""

from typing import Any

from seatrial.rehearsal.account import emulator


def install() -> None:
    """Have the sessions written down with everything else."""
    module = emulator.service("sts")
    vars(module)["get_state"] = _state
    vars(module)["load_persisted_state"] = _restore


def _sessions() -> dict[str, Any]:
    return emulator.member(emulator.service("sts"), "_sessions")


def _state() -> dict[str, Any]:
    return {"sessions": dict(_sessions())}


def _restore(document: dict[str, Any]) -> None:
    _sessions().update(document.get("sessions", {}))
