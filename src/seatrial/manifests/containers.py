"""Pods that the restricted Pod Security Standard accepts, and that stand up to the loss of a node."""

from collections.abc import Mapping, Sequence
from typing import Any

from seatrial.manifests.manifest import NAME

USER = 65532
"""Who the processes are: nobody that an image or a node knows."""

_HTTP_PROBE_SECONDS = 10


def container(  # noqa: PLR0913 (the parts of a container, each by name)
    name: str,
    image: str,
    *,
    args: Sequence[object],
    memory: str,
    cpu: str = "10m",
    command: Sequence[str] = (),
    **more: object,
) -> dict[str, object]:
    """Make a container without rights, on a file system that it can't change, of a size that is said.

    Memory is both requested and the limit: more would be promised to others as well. CPU has no limit, which would slow
    it down while others leave it unused.
    """
    return {
        **({"command": list(command)} if command else {}),
        "args": list(args),
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "name": name,
        "resources": {"limits": {"memory": memory}, "requests": {"cpu": cpu, "memory": memory}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        **more,
    }


def pod_spec(service_account: str, containers: Sequence[Mapping[str, object]], **more: object) -> dict[str, object]:
    """Make what a pod is, not as root and without a token for the Kubernetes API."""
    return {
        "automountServiceAccountToken": False,
        "containers": list(containers),
        "securityContext": {
            "fsGroup": USER,
            "runAsGroup": USER,
            "runAsNonRoot": True,
            "runAsUser": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "serviceAccountName": service_account,
        "terminationGracePeriodSeconds": 30,
        **more,
    }


def http_probes(path: str, port: str) -> dict[str, Any]:
    """Make what tells a container that works: ready at once when it answers, started anew when it doesn't for long."""
    get = {"httpGet": {"path": path, "port": port}, "periodSeconds": _HTTP_PROBE_SECONDS, "timeoutSeconds": 5}
    return {
        "livenessProbe": {**get, "failureThreshold": 6},
        "readinessProbe": {**get, "failureThreshold": 2},
    }


def spread(selector: Mapping[str, str]) -> list[dict[str, object]]:
    """Spread pods over zones and nodes, as far as there are any: better on one node than nowhere."""
    return [
        {
            "labelSelector": {"matchLabels": dict(selector)},
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
        }
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]


def selector(application: str) -> dict[str, str]:
    """Return the labels that tell an application's pods."""
    return {NAME: application}
