"""Runs a provider as the engine starts plugins: prints its port, serves until the engine ends."""

import asyncio
import contextlib
import os
import sys
import threading
import time

from pulumi.provider.experimental.provider import Provider

from seatrial.rehearsal.providers.server import serve

_PARENT_CHECK_SECONDS = 0.5


def run(provider: Provider, version: str) -> None:
    """Serve until the engine ends."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):  # the engine says when to stop
        asyncio.run(serve(provider, version, engine_address(), _announce))


def engine_address() -> str:
    """Return the address of the engine that started this process: the first argument that isn't an option."""
    return next((it for it in sys.argv[1:] if not it.startswith("-")), "")


def _announce(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def _end_with(parent: int) -> None:
    """End when the process that started this one does, however it does."""
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os._exit(0)
