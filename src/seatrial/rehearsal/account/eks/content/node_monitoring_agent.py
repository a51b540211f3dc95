"""The node monitoring agent: a DaemonSet (aws/eks-node-monitoring-agent, ``charts``); the one for GPUs is left out."""

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.rehearsal.account.eks.content import workloads
from seatrial.rehearsal.account.eks.content.installation import Installation
from seatrial.rehearsal.account.emulator import Record

_NAME = "eks-node-monitoring-agent"

_LABELS = {"app.kubernetes.io/name": _NAME}

_RESOURCES = {"limits": {"cpu": "250m", "memory": "200Mi"}, "requests": {"cpu": "10m", "memory": "30Mi"}}

_PORT = 8002


def objects(add_on: Installation) -> Iterator[Record]:
    """Give everything that the add-on puts into a cluster."""
    agent = add_on.part("nodeAgent")
    # Some settings are the whole add-on's in its older schemas.
    values = {**add_on.part("monitoringAgent").values, **agent.values}
    shared = {name: add_on.values[name] for name in ("tolerations", "podAnnotations") if name in add_on.values}
    yield workloads.definition("eks.amazonaws.com", "v1alpha1", "NodeDiagnostic", "nodediagnostics", scope="Cluster")
    yield workloads.service_account(_NAME, _LABELS)
    template = workloads.pod(_LABELS, {**shared, **values}, _pod(add_on, workloads.resources(values, _RESOURCES)))
    yield workloads.daemon_set(_NAME, _LABELS, template)


def _pod(add_on: Installation, resources: Mapping[str, Any]) -> Record:
    return {
        "serviceAccountName": _NAME,
        "hostNetwork": True,
        "hostPID": True,
        "priorityClassName": "system-node-critical",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": workloads.EVERYWHERE,
        "affinity": workloads.on_linux("fargate", "auto", "hybrid"),
        "containers": [
            workloads.container(
                _NAME,
                add_on.image(f"eks/{_NAME}"),
                resources,
                args=[f"--probe-address=:{_PORT}", "--metrics-address=:8003"],
                env=[
                    *workloads.environment({"HOST_ROOT": "/host"}),
                    workloads.from_field("MY_NODE_NAME", "spec.nodeName"),
                ],
                livenessProbe=workloads.probe("/healthz", _PORT),
                securityContext={"privileged": True, "capabilities": {"add": ["NET_ADMIN"]}},
                volumeMounts=workloads.mounts({"host-root": "/host"}),
            )
        ],
        "volumes": workloads.host_paths({"host-root": "/"}),
    }
