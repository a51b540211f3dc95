"""A workload that is made for interruptions: several copies apart, ready to go within two minutes."""

from collections.abc import Iterable, Mapping

from seatrial import releases
from seatrial.config.demonstrations import SPOT_DEMO
from seatrial.manifests import containers
from seatrial.manifests.budget import budget
from seatrial.manifests.images import mirrored
from seatrial.manifests.manifest import Manifest, labels, manifest
from seatrial.manifests.service_accounts import service_account

APPLICATION = "spot-demo"
"""Name of all that belongs to it."""

_PORT = 9376
_EFFECTS = {"NO_EXECUTE": "NoExecute", "NO_SCHEDULE": "NoSchedule", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
_SPOT = {"key": "eks.amazonaws.com/capacityType", "operator": "In", "values": ["SPOT"]}
"""What EKS says of a node that can be interrupted."""


def objects(namespace: str, replicas: int, taints: Iterable[Mapping[str, str]], registry: str = "") -> list[Manifest]:
    """Make it: who it is, what it is, and how much of it may be gone at once.

    ``taints`` are those of the spot groups, in the spelling of the EKS API: ``key``, ``value``, ``effect``.
    """
    return [
        service_account(namespace, APPLICATION, token=False),
        _deployment(namespace, replicas, _tolerations(taints), mirrored(releases.WEB_IMAGE, registry)),
        budget(namespace, APPLICATION),
    ]


def _deployment(namespace: str, replicas: int, tolerations: list[dict[str, str]], image: str) -> Manifest:
    web = containers.container(
        "web",
        image,
        args=["serve-hostname", f"--port={_PORT}"],
        cpu=SPOT_DEMO.cpu,
        memory=SPOT_DEMO.memory,
        ports=[{"containerPort": _PORT, "name": "http", "protocol": "TCP"}],
        **containers.http_probes("/", "http"),
    )
    preferred = [{"preference": {"matchExpressions": [_SPOT]}, "weight": 100}]
    pod = containers.pod_spec(
        APPLICATION,
        [web],
        affinity={"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}},
        tolerations=tolerations,
        topologySpreadConstraints=containers.spread(containers.selector(APPLICATION)),
    )
    spec = {
        "replicas": replicas,
        "selector": {"matchLabels": containers.selector(APPLICATION)},
        "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}, "type": "RollingUpdate"},
        "template": {"metadata": {"labels": labels(APPLICATION)}, "spec": pod},
    }
    return manifest("apps/v1", "Deployment", APPLICATION, namespace=namespace, spec=spec)


def _tolerations(taints: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    known = {(taint["key"], taint["value"], _EFFECTS[taint["effect"]]) for taint in taints}
    return [{"effect": effect, "key": key, "operator": "Equal", "value": value} for key, value, effect in sorted(known)]
