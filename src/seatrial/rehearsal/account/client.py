"""Starts, finds, disturbs, questions and stops an account."""

import json
import os
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, cast

import psutil

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.account import admin, endpoint, kubernetes_tools
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.control_plane import Tools

PATIENCE = 30.0
"""Seconds that a start, or a stop, may take; one takes about a second."""

RESUMPTION = 120.0
"""Seconds that a start may take that has control planes of clusters to start."""

_TIP = (
    "remove the cause and run the command again, nothing is lost; or delete the stack's folder in .seatrial/rehearsal, "
    "which ends all that runs from it, and begin anew"
)

_TICK = 0.02

_CLOCK_STEP = 120.0
"""Seconds by which a process's start may seem to have moved: it is told by the clock, which is set now and then."""


def start(folder: Path, region: str, account: str = "", tools: Tools | None = None) -> Endpoint:
    """Make sure that the account of ``folder`` is served, and say where.

    The server is detached from the terminal: a Ctrl-C there doesn't reach it. It is on record in
    ``endpoint.json`` and holds the folder's lock, so that a second one can't start. ``account`` is the id of a new
    account; one that there is already keeps its own. With ``tools`` clusters get control planes; an account that runs
    already goes on as it was started.
    """
    running = find(folder)
    if running:
        return running
    stop(folder)  # one that serves the folder from where it lay before it was moved
    return _await(folder, _launch(folder, region, account, tools), RESUMPTION if tools else PATIENCE)


def find(folder: Path) -> Endpoint | None:
    """Find the running account of ``folder``, if there is one."""
    known = endpoint.read(folder)
    return known if known and known.serves(folder) and _process(known) else None


def is_running(folder: Path) -> bool:
    """Whether the account of ``folder`` is served."""
    return find(folder) is not None


def stop(folder: Path) -> None:
    """End the server of ``folder``, by force when it doesn't listen; nothing happens when there is none."""
    known = endpoint.read(folder)
    if known and not _ended_by(psutil.Process.terminate, known):
        _ended_by(psutil.Process.kill, known)
    endpoint.remove(folder)


def last_words(folder: Path) -> str:
    """Read what the server of ``folder`` said of its end, if it said anything."""
    try:
        return (folder / "output.log").read_text(errors="replace").strip()
    except FileNotFoundError:
        return ""


def inject(folder: Path, rules: Sequence[Mapping[str, Any]]) -> None:
    """Put these fault rules in place of all others; see ``faults.Rule``."""
    _ask(folder, "PUT", "faults", json.dumps(list(rules)).encode())


def faults(folder: Path) -> list[dict[str, Any]]:
    """Fetch the rules in force, with what is left of them; see ``faults.Rule``."""
    return cast("list[dict[str, Any]]", _ask(folder, "GET", "faults"))


def clusters(folder: Path) -> list[dict[str, Any]]:
    """Tell of every cluster what runs behind its record; see ``eks.pages``."""
    return cast("list[dict[str, Any]]", _ask(folder, "GET", "clusters"))


def calls(folder: Path) -> list[dict[str, Any]]:
    """Every recorded call, oldest first; see ``calls.Record``."""
    return cast("list[dict[str, Any]]", _ask(folder, "GET", "calls"))


def _process(known: Endpoint) -> psutil.Process | None:
    try:
        process = psutil.Process(known.pid)
        # A process that was started at another time has only inherited the number.
        ours = abs(process.create_time() - known.created) < _CLOCK_STEP and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return process if ours else None


def _launch(folder: Path, region: str, account: str, tools: Tools | None) -> "subprocess.Popen[bytes]":
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-m", "seatrial.rehearsal.account", "--state-dir", str(folder), "--region", region]
    command += ["--account", account] if account else []
    command += ["--kubernetes-tools", str(kubernetes_tools.write(folder, tools))] if tools else []
    with (folder / "output.log").open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own server
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_environment(),
            start_new_session=True,
        )


def _environment() -> dict[str, str]:
    """Leave AWS settings out of the caller's environment: the emulator would take its root keys from them."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def _await(folder: Path, server: "subprocess.Popen[bytes]", patience: float) -> Endpoint:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        ended = server.poll() is not None
        known = find(folder)
        if known:
            # It outlives us on purpose: without this Python warns that nobody has waited for it.
            server.returncode = 0
            return known
        if ended:
            break
        time.sleep(_TICK)
    server.kill()
    server.wait()
    raise EnvironmentFault(f"the emulated account did not start: {last_words(folder) or 'no answer'}", tip=_TIP)


def _ended_by(send: Callable[[psutil.Process], None], known: Endpoint) -> bool:
    # Not by waiting for the process itself: it stays as a zombie where its parent doesn't care, as in many containers.
    with suppress(psutil.NoSuchProcess):
        if process := _process(known):
            send(process)
    deadline = time.monotonic() + PATIENCE
    while _process(known) and time.monotonic() < deadline:
        time.sleep(_TICK)
    return _process(known) is None


def _ask(folder: Path, method: str, page: str, body: bytes | None = None) -> object:
    known = find(folder)
    if known is None:
        raise EnvironmentFault(f"no account is served from {folder}")
    headers = {admin.HEADER: (folder / "admin-token").read_text(), "Content-Type": "application/json"}
    request = urllib.request.Request(  # noqa: S310 - the account's own https address
        f"{known.url}/_seatrial/{page}", data=body, method=method, headers=headers
    )
    context = ssl.create_default_context(cafile=known.ca)
    # No proxy of the user's reaches this machine's loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(request, timeout=PATIENCE) as answer:
        return json.loads(cast(HTTPResponse, answer).read())
