"""What a rehearsal runs besides itself: the engine, control planes, the tools of providers and people."""

from dataclasses import dataclass
from pathlib import Path

from seatrial.rehearsal import toolchain
from seatrial.rehearsal.control_plane import Tools
from seatrial.rehearsal.progress import Progress
from seatrial.rehearsal.toolchain import Kubernetes, Located


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """Everything, found or built."""

    pulumi: Located
    """The engine."""

    control_plane: Tools
    """What the control plane of a cluster is made of."""

    commands: tuple[Path, ...]
    """What is called by name: the AWS CLI by kubeconfigs, Helm by the provider, kubectl by people."""


def provide(minor: str, progress: Progress) -> Equipment:
    """Find everything, or build it; control planes are of the Kubernetes minor, or of the nearest that there is."""
    pulumi = toolchain.provide(toolchain.PULUMI, progress)
    kubernetes = toolchain.provide_kubernetes(minor, progress)
    commands = [toolchain.provide(tool, progress) for tool in (toolchain.AWS, toolchain.HELM, toolchain.KUBECTL)]
    return Equipment(
        pulumi=pulumi,
        control_plane=control_plane(kubernetes),
        commands=tuple(command.path for command in commands),
    )


def control_plane(kubernetes: Kubernetes) -> Tools:
    """Give what was found as control planes take it."""
    return Tools(
        etcd=kubernetes.etcd.path,
        kube_apiserver=kubernetes.kube_apiserver.path,
        kube_controller_manager=kubernetes.kube_controller_manager.path,
        kube_scheduler=kubernetes.kube_scheduler.path,
        kwok=kubernetes.kwok.path,
        version=kubernetes.version,
    )
