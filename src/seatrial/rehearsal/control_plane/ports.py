"""The loopback ports of a control plane: chosen once, kept with its data, because its endpoint names one."""

import json
import random
import socket
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.account import files

HOST = "127.0.0.1"

RANGE = range(20_000, 32_000)
"""Where free ports are looked for: below the range that systems hand out to outgoing connections."""

_ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class Ports:
    """Who listens where."""

    api: int
    """kube-apiserver."""

    etcd: int
    """etcd, for kube-apiserver."""

    peer: int
    """etcd, for the other members that it never has."""

    controller_manager: int
    """kube-controller-manager, for whoever asks whether it works."""

    scheduler: int
    """kube-scheduler, likewise."""


def remembered(path: Path) -> Ports:
    """Give the ports that a file names, or choose free ones and write it."""
    if not path.exists():
        return choose(path)
    try:
        return Ports(**json.loads(path.read_text()))
    except (ValueError, TypeError) as fault:
        raise EnvironmentFault(f"{path} is damaged: {fault}") from None


def choose(path: Path) -> Ports:
    """Choose free ports, and remember them in a file."""
    ports = Ports(*_free(len(fields(Ports))))
    files.write(path, json.dumps(asdict(ports)).encode())
    return ports


def taken(ports: Ports) -> list[int]:
    """List the ports that another process listens on."""
    return [port for port in asdict(ports).values() if not _can_listen(port)]


def _free(count: int) -> Iterable[int]:
    found = [port for port in random.sample(RANGE, _ATTEMPTS) if _can_listen(port)][:count]
    if len(found) < count:
        raise EnvironmentFault(f"no {count} free ports found between {RANGE.start} and {RANGE.stop} of {HOST}")
    return found


def _can_listen(port: int) -> bool:
    with closing(socket.socket()) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True
