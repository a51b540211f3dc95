"""kube-proxy: a DaemonSet that makes Services reachable from nodes (EKS user guide, "Manage kube-proxy")."""

import json
from collections.abc import Iterator

from seatrial.rehearsal.account.eks.content import workloads
from seatrial.rehearsal.account.eks.content.installation import Installation
from seatrial.rehearsal.account.emulator import Record

_LABELS = {"k8s-app": "kube-proxy"}

_OWN = {"eks.amazonaws.com/component": "kube-proxy", **_LABELS}


def objects(add_on: Installation) -> Iterator[Record]:
    """Give everything that the add-on puts into a cluster."""
    yield workloads.service_account("kube-proxy", _OWN)
    # A configuration may be JSON: that is YAML.
    yield workloads.config_map("kube-proxy-config", _OWN, {"config": json.dumps(_configuration(add_on), indent=1)})
    template = workloads.pod(_LABELS, add_on.values, _pod(add_on))
    yield workloads.daemon_set("kube-proxy", _LABELS, template)


def _configuration(add_on: Installation) -> Record:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "clientConnection": {"kubeconfig": "/var/lib/kube-proxy/kubeconfig"},
        "mode": add_on.values.get("mode", "iptables"),
        "ipvs": add_on.values.get("ipvs", {"scheduler": ""}),
        "healthzBindAddress": "0.0.0.0:10256",
        "metricsBindAddress": "0.0.0.0:10249",
    }


def _pod(add_on: Installation) -> Record:
    repository = "eks/kube-proxy"
    return {
        "serviceAccountName": "kube-proxy",
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "tolerations": workloads.EVERYWHERE,
        "affinity": workloads.on_linux("fargate", "auto"),
        "containers": [
            workloads.container(
                "kube-proxy",
                add_on.image(repository, add_on.version.replace("-eksbuild", "-minimal-eksbuild")),
                workloads.resources(add_on.values, {"requests": {"cpu": "100m"}}),
                command=[
                    "kube-proxy",
                    "--v=2",
                    "--config=/var/lib/kube-proxy-config/config",
                    "--hostname-override=$(NODE_NAME)",
                ],
                env=[workloads.from_field("NODE_NAME", "spec.nodeName")],
                securityContext={"privileged": True},
                volumeMounts=workloads.mounts({"config": "/var/lib/kube-proxy-config/", "lib-modules": "/lib/modules"}),
            )
        ],
        "volumes": [
            {"name": "config", "configMap": {"name": "kube-proxy-config"}},
            *workloads.host_paths({"lib-modules": "/lib/modules"}),
        ],
    }
