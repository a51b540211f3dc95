"""NodeLocal DNSCache: a cache of names on every node, which pods ask without knowing.

It takes over the address of the cluster's DNS on each node, and asks CoreDNS by a Service of its own. That needs
kube-proxy in its default mode, iptables, which is the only one that the description offers.
"""

from seatrial import cidr, releases
from seatrial.manifests import addresses
from seatrial.manifests.images import mirrored
from seatrial.manifests.manifest import SYSTEM, Manifest, labels, manifest
from seatrial.manifests.service_accounts import service_account

APPLICATION = "node-local-dns"
"""Name of all that belongs to it."""

UPSTREAM = "kube-dns-upstream"
"""Service by which the cache finds CoreDNS. The cache reads its address from the environment when it starts."""

_METRICS = 9253
_HEALTH = 8080
_DOMAIN = "cluster.local"
_CONFIGURATION = "Corefile.base"
_CLUSTER_DNS = "__PILLAR__CLUSTER__DNS__"
_NODES_RESOLVERS = "__PILLAR__UPSTREAM__SERVERS__"
"""Words that the cache replaces itself: by the address of its upstream Service, and by what its node asks."""


def objects(services: str, registry: str = "") -> list[Manifest]:
    """Make it, for a range of services; the DaemonSet comes last and needs all others to be there before it."""
    listens = (addresses.NODE_LOCAL_DNS, cidr.dns_service(services))
    return [
        service_account(SYSTEM, APPLICATION, token=False),
        _upstream(),
        _configuration(" ".join(listens)),
        _metrics(),
        _daemon_set(",".join(listens), mirrored(releases.NODE_CACHE_IMAGE, registry)),
    ]


def _upstream() -> Manifest:
    ports = [_service_port("dns", 53, "UDP"), _service_port("dns-tcp", 53, "TCP")]
    spec = {"ports": ports, "selector": {"k8s-app": "kube-dns"}}
    return manifest("v1", "Service", UPSTREAM, namespace=SYSTEM, application=APPLICATION, spec=spec)


def _metrics() -> Manifest:
    spec = {"clusterIP": "None", "ports": [_service_port("metrics", _METRICS, "TCP")], "selector": _SELECTOR}
    return manifest("v1", "Service", APPLICATION, namespace=SYSTEM, spec=spec)


def _service_port(name: str, port: int, protocol: str) -> dict[str, object]:
    return {"name": name, "port": port, "protocol": protocol, "targetPort": port}


def _configuration(listens: str) -> Manifest:
    cached = "success 9984 30\n        denial 9984 5"
    blocks = [
        _block(_DOMAIN, listens, f"cache {{\n        {cached}\n    }}", f"health {addresses.NODE_LOCAL_DNS}:{_HEALTH}"),
        _block("in-addr.arpa", listens, "cache 30"),
        _block("ip6.arpa", listens, "cache 30"),
        _block(".", listens, "cache 30", upstream=_NODES_RESOLVERS),
    ]
    data = {"Corefile": "\n".join(blocks)}
    return manifest("v1", "ConfigMap", APPLICATION, namespace=SYSTEM, data=data)


def _block(zone: str, listens: str, *lines: str, upstream: str = "") -> str:
    """Write what is done for a zone: what CoreDNS knows is asked over TCP, which the node keeps open."""
    forward = f"forward . {upstream}" if upstream else f"forward . {_CLUSTER_DNS} {{\n        force_tcp\n    }}"
    steps = ("errors", *lines, "reload", "loop", f"bind {listens}", forward, f"prometheus :{_METRICS}")
    return "\n".join([f"{zone}:53 {{", *(f"    {step}" for step in steps), "}"])


_SELECTOR = {"k8s-app": APPLICATION}


def _daemon_set(listens: str, image: str) -> Manifest:
    template = {"metadata": {"labels": {**labels(APPLICATION), **_SELECTOR}}, "spec": _pod(listens, image)}
    spec = {
        "selector": {"matchLabels": _SELECTOR},
        "template": template,
        # A node whose cache is gone has no names until it is back: few at a time.
        "updateStrategy": {"rollingUpdate": {"maxUnavailable": "10%"}, "type": "RollingUpdate"},
    }
    return manifest("apps/v1", "DaemonSet", APPLICATION, namespace=SYSTEM, labelled=_SELECTOR, spec=spec)


def _pod(listens: str, image: str) -> dict[str, object]:
    return {
        "automountServiceAccountToken": False,
        "containers": [_container(listens, image)],
        # The names that the cache itself needs come from its node, not from itself.
        "dnsPolicy": "Default",
        # Without these the cache doesn't learn the address of its upstream Service.
        "enableServiceLinks": True,
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "serviceAccountName": APPLICATION,
        "terminationGracePeriodSeconds": 30,
        "tolerations": [
            {"key": "CriticalAddonsOnly", "operator": "Exists"},
            {"effect": "NoExecute", "operator": "Exists"},
            {"effect": "NoSchedule", "operator": "Exists"},
        ],
        "volumes": [
            {"hostPath": {"path": "/run/xtables.lock", "type": "FileOrCreate"}, "name": "xtables-lock"},
            {
                "configMap": {"items": [{"key": "Corefile", "path": _CONFIGURATION}], "name": APPLICATION},
                "name": "config-volume",
            },
        ],
    }


def _container(listens: str, image: str) -> dict[str, object]:
    health = {"host": addresses.NODE_LOCAL_DNS, "path": "/health", "port": _HEALTH}
    return {
        "args": ["-localip", listens, "-conf", "/etc/Corefile", "-upstreamsvc", UPSTREAM, "-pidfile", _PID_FILE],
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "livenessProbe": {"httpGet": health, "initialDelaySeconds": 60, "timeoutSeconds": 5},
        "name": "node-cache",
        "ports": _PORTS,
        "readinessProbe": {"httpGet": health, "periodSeconds": 10, "timeoutSeconds": 5},
        "resources": {"limits": {"memory": "64Mi"}, "requests": {"cpu": "25m", "memory": "32Mi"}},
        "securityContext": _RIGHTS,
        "volumeMounts": [
            {"mountPath": "/run/xtables.lock", "name": "xtables-lock", "readOnly": False},
            {"mountPath": "/etc/coredns", "name": "config-volume"},
        ],
    }


_PID_FILE = "/tmp/node-cache.pid"  # noqa: S108 (in the container's own file system)
"""Tells the cache that it answers; only then it takes over the address of DNS, and not after a minute."""

_RIGHTS = {
    "allowPrivilegeEscalation": False,
    # It sets up an interface and rules of the node's firewall, and listens on port 53.
    "capabilities": {"add": ["NET_ADMIN", "NET_BIND_SERVICE", "NET_RAW"], "drop": ["ALL"]},
    # It writes its configuration, and links the firewall's commands to the kind that the node uses.
    "readOnlyRootFilesystem": False,
}


def _port(name: str, number: int, protocol: str, **more: object) -> dict[str, object]:
    return {"containerPort": number, "name": name, "protocol": protocol, **more}


_PORTS = [
    _port("dns", 53, "UDP"),
    _port("dns-tcp", 53, "TCP"),
    _port("metrics", _METRICS, "TCP"),
    # On the cache's own address only: others in the node's network may have the port on theirs.
    _port("health", _HEALTH, "TCP", hostIP=addresses.NODE_LOCAL_DNS, hostPort=_HEALTH),
]
