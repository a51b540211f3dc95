"""The real tools of a rehearsal: found on the machine first, built from what pins them second."""

from seatrial.rehearsal.toolchain.kubernetes import Kubernetes, provide_kubernetes
from seatrial.rehearsal.toolchain.locate import Located, Origin, find
from seatrial.rehearsal.toolchain.provide import provide
from seatrial.rehearsal.toolchain.tools import (
    AWS,
    ETCD,
    HELM,
    KUBE_APISERVER,
    KUBE_CONTROLLER_MANAGER,
    KUBE_SCHEDULER,
    KUBECTL,
    KWOK,
    PULUMI,
    TOOLS,
    Tool,
)

__all__ = [
    "AWS",
    "ETCD",
    "HELM",
    "KUBECTL",
    "KUBE_APISERVER",
    "KUBE_CONTROLLER_MANAGER",
    "KUBE_SCHEDULER",
    "KWOK",
    "PULUMI",
    "TOOLS",
    "Kubernetes",
    "Located",
    "Origin",
    "Tool",
    "find",
    "provide",
    "provide_kubernetes",
]
