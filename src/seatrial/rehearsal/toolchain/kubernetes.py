"""A control plane's executables, all of one minor version: the configured one, or the nearest that can be had."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.toolchain import modules
from seatrial.rehearsal.toolchain.locate import Located, find
from seatrial.rehearsal.toolchain.provide import provide, used
from seatrial.rehearsal.toolchain.tools import (
    ETCD,
    KUBE_APISERVER,
    KUBE_CONTROLLER_MANAGER,
    KUBE_SCHEDULER,
    KWOK,
    Tool,
)

_COMPONENTS = (KUBE_APISERVER, KUBE_CONTROLLER_MANAGER, KUBE_SCHEDULER)

_FOLDER = re.compile(r"kubernetes(-\d+\.\d+)?")
"""Folders of ``toolchain/`` that pin a Kubernetes: ``kubernetes``, ``kubernetes-1.35``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kubernetes:
    """All that a control plane runs: found or built, the parts of Kubernetes of one minor version."""

    etcd: Located
    kube_apiserver: Located
    kube_controller_manager: Located
    kube_scheduler: Located
    kwok: Located

    @property
    def version(self) -> str:
        """Give the version of Kubernetes: ``1.36.2``."""
        return self.kube_apiserver.version


def provide_kubernetes(minor: str, progress: Progress) -> Kubernetes:
    """Find, or build, a control plane of a minor version such as ``1.36``; of the nearest where there is no such."""
    etcd = provide(ETCD, progress)
    server, controllers, scheduler = _provided(minor, progress)
    kwok = provide(KWOK, progress)
    return Kubernetes(
        etcd=etcd, kube_apiserver=server, kube_controller_manager=controllers, kube_scheduler=scheduler, kwok=kwok
    )


def components(minor: str, folder: str = "kubernetes") -> tuple[Tool, ...]:
    """Give the tools of a control plane of a minor version, pinned by a folder."""
    major, number = map(int, minor.split("."))
    accepted = ((major, number, 0), (major, number + 1, 0))
    return tuple(replace(tool, source=replace(tool.source, folder=folder), accepted=accepted) for tool in _COMPONENTS)


def pinned() -> dict[str, str]:
    """Give the minor versions that can be built, with their folders."""
    folders = (path.name for path in modules.root().iterdir() if _FOLDER.fullmatch(path.name))
    return {_minor_of(folder): folder for folder in sorted(folders)}


def nearest(minor: str, known: Iterable[str]) -> str:
    """Choose the minor version that is least away; of two the newer."""
    return min(known, key=lambda other: (abs(_number(other) - _number(minor)), -_number(other)))


def _provided(minor: str, progress: Progress) -> list[Located]:
    known = pinned()
    if minor not in known and (found := _found(minor)):
        return [used(located, progress) for located in found]
    chosen = nearest(minor, known)
    if chosen != minor:
        progress.note(
            f"Kubernetes {minor} is configured; the rehearsal runs {chosen}, the nearest of those that it can build "
            f"({', '.join(known)})"
        )
    return [provide(tool, progress) for tool in components(chosen, known[chosen])]


def _found(minor: str) -> list[Located]:
    """Take a control plane that is on the machine, if all of it is."""
    located = [find(tool).found for tool in components(minor)]
    complete = [one for one in located if one]
    return complete if len(complete) == len(located) else []


def _minor_of(folder: str) -> str:
    source = KUBE_APISERVER.source
    return ".".join(modules.required_version(modules.root() / folder, source).split(".")[:2])


def _number(minor: str) -> int:
    return int(minor.split(".")[1])
