"""Runs the control planes of clusters on this machine, each in a folder of its own."""

import logging
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from seatrial.rehearsal import processes
from seatrial.rehearsal.account import files
from seatrial.rehearsal.account.eks.control_planes import Order, Phase, Place, View
from seatrial.rehearsal.control_plane import Blueprint, ControlPlane, Tools
from seatrial.rehearsal.control_plane.blueprint import Folder

_log = logging.getLogger(__name__)

_HANDS = 4
"""Control planes that are ended at once."""


class Hosting:
    """Control planes in ``folder``, one folder for each: ``REGION-NAME``."""

    def __init__(self, folder: Path, tools: Tools, authority: bytes) -> None:
        """Verify token webhooks against ``authority``."""
        self._folder, self._tools, self._authority = files.folder(folder), tools, authority
        self._planes: dict[Place, ControlPlane] = {}
        self._endings: dict[Place, Future[None]] = {}
        self._authorities: dict[Place, bytes] = {}
        self._hands = ThreadPoolExecutor(_HANDS, "end of control planes")

    def begin(self, place: Place, order: Order) -> None:
        """Begin a control plane; go on with it where there was one."""
        blueprint = Blueprint(
            name=place.name,
            folder=self._path(place),
            issuer=order.issuer,
            signing_key=order.signing_key,
            service_cidr=order.service_cidr,
            token_webhook=order.token_webhook,
            webhook_authority=self._authority,
        )
        plane = self._planes[place] = ControlPlane(blueprint, self._tools)
        # It is a file, and asked for with every call.
        self._authorities[place] = plane.authority
        plane.start()

    def view(self, place: Place) -> View | None:
        """Look at a control plane; nothing where none was begun."""
        plane = self._planes.get(place)
        if plane is None:
            return None
        return View(
            phase=Phase(plane.phase),
            endpoint=plane.endpoint,
            authority=self._authorities[place],
            kubeconfig=plane.admin_kubeconfig,
            version=self._tools.version,
            reason=plane.reason,
            ready_seconds=plane.ready_seconds,
        )

    def end(self, place: Place) -> bool:
        """Begin to remove a control plane with everything in it; say whether it is gone."""
        if place not in self._endings and self._path(place).exists():
            plane = self._planes.pop(place, None)
            self._endings[place] = self._hands.submit(plane.remove if plane else partial(_remove, self._path(place)))
        ending = self._endings.get(place)
        if ending and not ending.done():
            return False
        if ending and (fault := ending.exception()):
            _log.warning("The control plane of %s was not removed: %s", place.name, fault)
        self._endings.pop(place, None)
        return True

    def stop(self) -> None:
        """End every process and wait for it; what the clusters hold stays."""
        for plane in self._planes.values():
            self._hands.submit(plane.stop)
        self._hands.shutdown(wait=True)
        self._planes.clear()

    def _path(self, place: Place) -> Path:
        return self._folder / "-".join(place)


def _remove(path: Path) -> None:
    """Remove what the control plane of an account that was killed has left."""
    processes.kill(Folder(path).processes)
    shutil.rmtree(path, ignore_errors=True)
