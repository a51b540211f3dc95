"""Which add-ons have something in a cluster, and what."""

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping

from seatrial.rehearsal.account.eks import catalogue
from seatrial.rehearsal.account.eks.content import (
    coredns,
    ebs_csi_driver,
    installation,
    kube_proxy,
    metrics_server,
    node_monitoring_agent,
    pod_identity_agent,
    snapshot_controller,
    vpc_cni,
)
from seatrial.rehearsal.account.eks.content.installation import Installation
from seatrial.rehearsal.account.emulator import Record

_CONTENT: Mapping[str, Callable[[Installation], Iterator[Record]]] = {
    "aws-ebs-csi-driver": ebs_csi_driver.objects,
    "coredns": coredns.objects,
    "eks-node-monitoring-agent": node_monitoring_agent.objects,
    "eks-pod-identity-agent": pod_identity_agent.objects,
    "kube-proxy": kube_proxy.objects,
    "metrics-server": metrics_server.objects,
    "snapshot-controller": snapshot_controller.objects,
    "vpc-cni": vpc_cni.objects,
}

SELF_MANAGED = ("vpc-cni", "kube-proxy", "coredns")
"""What EKS puts into a new cluster unless it is told not to."""

_GONE = ("DELETING", "CREATE_FAILED")
"""Statuses of add-ons that have nothing in the cluster."""

_DNS = 10
"""Place of the DNS Service among the addresses of Services (EKS user guide)."""


def installed(cluster: Record, managed: Iterable[Record]) -> dict[str, Record]:
    """Give the add-ons that are in a cluster by name: managed, put there at its creation, or preserved."""
    records: dict[str, Record] = {}
    if cluster["_bootstrap"]:
        records |= {name: _bootstrapped(name, cluster["version"]) for name in SELF_MANAGED}
    records |= cluster.get("_preserved", {})
    return records | {addon["addonName"]: addon for addon in managed if addon["status"] not in _GONE}


def _bootstrapped(name: str, minor: str) -> Record:
    return {"addonName": name, "addonVersion": catalogue.default(catalogue.find(name), minor)}


def objects(cluster: Record, addon: Record) -> Iterator[Record]:
    """Give everything that an add-on has in a cluster."""
    yield from _CONTENT[addon["addonName"]](_installation(cluster, addon))


def prefix_delegation(addon: Record | None) -> bool:
    """Whether the network plugin gives nodes blocks of addresses."""
    values: Record = installation.values(addon) if addon else {}
    return values.get("env", {}).get("ENABLE_PREFIX_DELEGATION") == "true"


def _installation(cluster: Record, addon: Record) -> Installation:
    services = ipaddress.ip_network(cluster["kubernetesNetworkConfig"]["serviceIpv4Cidr"])
    return Installation(
        cluster=cluster["name"],
        endpoint=cluster["endpoint"],
        region=cluster["arn"].split(":")[3],
        dns_address=str(services[_DNS]),
        version=addon["addonVersion"],
        role=addon.get("serviceAccountRoleArn", ""),
        values=installation.values(addon),
    )
