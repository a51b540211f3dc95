"""metrics-server as EKS's community add-on has it (kubernetes-sigs/metrics-server, ``charts``), but for one object.

The APIService ``v1beta1.metrics.k8s.io`` is left out: nothing would answer behind it, and an aggregated API that does
not answer breaks discovery and the deletion of namespaces.
"""

from collections.abc import Iterator

from seatrial.rehearsal.account.eks.content import workloads
from seatrial.rehearsal.account.eks.content.installation import Installation
from seatrial.rehearsal.account.emulator import Record

_NAME = "metrics-server"

_LABELS = {"app.kubernetes.io/instance": _NAME, "app.kubernetes.io/name": _NAME}

_RESOURCES = {"limits": {"memory": "400Mi"}, "requests": {"cpu": "100m", "memory": "200Mi"}}

_PORT = 10251
"""Where the add-on's pods listen: another port than upstream's."""


def objects(add_on: Installation) -> Iterator[Record]:
    """Give everything that the add-on puts into a cluster."""
    yield workloads.service_account(_NAME, _LABELS)
    yield {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": workloads.metadata(_NAME, _LABELS),
        "spec": {"selector": _LABELS, "ports": [{"name": "https", "port": 443, "targetPort": "https"}]},
    }
    template = workloads.pod(_LABELS, add_on.values, _pod(add_on))
    yield workloads.deployment(_NAME, _LABELS, int(add_on.values.get("replicas", 2)), template)
    yield from workloads.disruption_budget(_NAME, _LABELS, add_on)


def _pod(add_on: Installation) -> Record:
    return {
        "serviceAccountName": _NAME,
        "priorityClassName": "system-cluster-critical",
        "tolerations": workloads.CRITICAL,
        "topologySpreadConstraints": workloads.over_zones(_LABELS),
        "containers": [_container(add_on)],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
    }


def _container(add_on: Installation) -> Record:
    return workloads.container(
        _NAME,
        add_on.image(f"eks/{_NAME}"),
        workloads.resources(add_on.values, _RESOURCES),
        args=[
            f"--secure-port={_PORT}",
            "--cert-dir=/tmp",
            "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
            "--kubelet-use-node-status-port",
            "--metric-resolution=15s",
        ],
        ports=[{"name": "https", "containerPort": _PORT}],
        securityContext={
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        volumeMounts=workloads.mounts({"tmp": "/tmp"}),  # noqa: S108 (a path in a container)
    )
