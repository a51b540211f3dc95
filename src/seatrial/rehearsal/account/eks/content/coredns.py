"""CoreDNS: the cluster's DNS behind the Service ``kube-dns`` (EKS user guide, "Manage CoreDNS").

Autoscaling, when it is on, keeps the least number of replicas here: nothing measures the cluster.
"""

from collections.abc import Iterator

from seatrial.rehearsal.account.eks.content import workloads
from seatrial.rehearsal.account.eks.content.installation import Installation
from seatrial.rehearsal.account.emulator import Record

_LABELS = {"eks.amazonaws.com/component": "coredns", "k8s-app": "kube-dns"}

_REPLICAS = 2

_RESOURCES = {"limits": {"memory": "170Mi"}, "requests": {"cpu": "100m", "memory": "70Mi"}}

_TOLERATIONS: list[Record] = [
    *workloads.CRITICAL,
    {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"},
]

_COREFILE = """\
.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
"""

_PORTS = {"dns": ("UDP", 53), "dns-tcp": ("TCP", 53), "metrics": ("TCP", 9153)}


def objects(add_on: Installation) -> Iterator[Record]:
    """Give everything that the add-on puts into a cluster."""
    yield workloads.service_account("coredns", _LABELS)
    yield workloads.config_map("coredns", _LABELS, {"Corefile": add_on.values.get("corefile") or _COREFILE})
    yield _service(add_on)
    template = workloads.pod(_LABELS, add_on.values, _pod(add_on))
    yield workloads.deployment("coredns", _LABELS, _replicas(add_on), template)
    yield from workloads.disruption_budget("coredns", _LABELS, add_on)


def _replicas(add_on: Installation) -> int:
    scaling = add_on.values.get("autoScaling", {})
    if scaling.get("enabled"):
        return int(scaling.get("minReplicas", _REPLICAS))
    return int(add_on.values.get("replicaCount", _REPLICAS))


def _service(add_on: Installation) -> Record:
    labels = {**_LABELS, "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"}
    annotations = {"prometheus.io/port": "9153", "prometheus.io/scrape": "true"}
    ports = [
        {"name": name, "protocol": protocol, "port": port, "targetPort": port}
        for name, (protocol, port) in _PORTS.items()
    ]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": workloads.metadata("kube-dns", labels, annotations=annotations),
        "spec": {"clusterIP": add_on.dns_address, "selector": {"k8s-app": "kube-dns"}, "ports": ports},
    }


def _pod(add_on: Installation) -> Record:
    return {
        "serviceAccountName": "coredns",
        "dnsPolicy": "Default",
        "priorityClassName": "system-cluster-critical",
        "tolerations": _TOLERATIONS,
        "affinity": {**workloads.on_linux(), **workloads.apart({"k8s-app": "kube-dns"})},
        "topologySpreadConstraints": workloads.over_zones({"k8s-app": "kube-dns"}),
        "containers": [_container(add_on)],
        "volumes": [{"name": "config-volume", "configMap": {"name": "coredns"}}],
    }


def _container(add_on: Installation) -> Record:
    return workloads.container(
        "coredns",
        add_on.image("eks/coredns"),
        workloads.resources(add_on.values, _RESOURCES),
        args=["-conf", "/etc/coredns/Corefile"],
        ports=[
            {"name": name, "protocol": protocol, "containerPort": port} for name, (protocol, port) in _PORTS.items()
        ],
        livenessProbe=workloads.probe("/health", 8080, initialDelaySeconds=60, timeoutSeconds=5, failureThreshold=5),
        readinessProbe=workloads.probe("/ready", 8181),
        securityContext={
            "allowPrivilegeEscalation": False,
            "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        volumeMounts=[{"name": "config-volume", "mountPath": "/etc/coredns", "readOnly": True}],
    )
