"""The EKS Pod Identity agent: a DaemonSet (aws/eks-pod-identity-agent, ``charts``)."""

from collections.abc import Iterator

from seatrial.rehearsal.account.eks.content import workloads
from seatrial.rehearsal.account.eks.content.installation import Installation
from seatrial.rehearsal.account.emulator import Record

_NAME = "eks-pod-identity-agent"

_LABELS = {"app.kubernetes.io/name": _NAME}

_PROGRAM = ["/go-runner", f"/{_NAME}"]


def objects(add_on: Installation) -> Iterator[Record]:
    """Give everything that the add-on puts into a cluster."""
    yield workloads.daemon_set(_NAME, _LABELS, workloads.pod(_LABELS, add_on.values, _pod(add_on)))


def _pod(add_on: Installation) -> Record:
    image = add_on.image(f"eks/{_NAME}")
    return {
        "hostNetwork": True,
        "priorityClassName": add_on.values.get("priorityClassName") or "system-node-critical",
        "tolerations": workloads.EVERYWHERE,
        "affinity": workloads.on_linux("fargate", "auto", "hybrid"),
        "initContainers": [
            workloads.container(
                f"{_NAME}-init", image, command=[*_PROGRAM, "initialize"], securityContext={"privileged": True}
            )
        ],
        "containers": [_container(add_on, image)],
    }


def _container(add_on: Installation, image: str) -> Record:
    more = add_on.part("agent").values.get("additionalArgs", {})
    return workloads.container(
        _NAME,
        image,
        add_on.values.get("resources"),
        command=[*_PROGRAM, "server"],
        args=[
            *("--port", "80", "--cluster-name", add_on.cluster, "--probe-port", "2703"),
            *(str(part) for pair in more.items() for part in pair),
        ],
        env=workloads.environment({"AWS_REGION": add_on.region}),
        ports=[{"name": "proxy", "containerPort": 80}, {"name": "probes-port", "containerPort": 2703}],
        securityContext={"capabilities": {"add": ["CAP_NET_BIND_SERVICE"]}},
        livenessProbe=workloads.probe("/healthz", "probes-port", initialDelaySeconds=30, timeoutSeconds=10),
        readinessProbe=workloads.probe("/readyz", "probes-port", failureThreshold=30, timeoutSeconds=10),
    )
