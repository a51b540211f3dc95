"""When services and ingresses are ready."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.providers.kubernetes.readiness.status import READY, Status, waiting
from seatrial.rehearsal.providers.values import Values, listed, within

_SETTLE_SECONDS = 10.0
"""How long the published provider waits for pods before it takes a service for one without."""

_OF_SERVICE = "kubernetes.io/service-name"


def service(cluster: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when its load balancer has an address, if it has one, and all pods that it leads to are ready.

    One that leads to no pods is ready too, after a while.
    """
    spec = within(found, "spec")
    if spec.get("type") == "LoadBalancer" and not _addresses(found):
        return waiting("no address of a load balancer", "nothing in the cluster has provided a load balancer")
    if spec.get("type") == "ExternalName" or spec.get("clusterIP") == "None" or not spec.get("selector"):
        return READY
    endpoints = _endpoints(cluster, found)
    pending = [it for it in endpoints if not within(it, "conditions").get("ready", True)]
    if pending:
        return waiting(f"{len(pending)} of {len(endpoints)} pods not ready")
    if endpoints:
        return READY
    return Status(ready=False, text="no pods", issues=("spec.selector matches no pod",), settles=_SETTLE_SECONDS)


def ingress(cluster: Cluster, found: Mapping[str, Any]) -> Status:
    """Ready when something has given it an address, and the services that it leads to are there."""
    namespace = found["metadata"]["namespace"]
    names = {it.get("metadata", {}).get("name") for it in cluster.list("v1", "Service", namespace)}
    missing = sorted(_backends(found) - names)
    if missing:
        return waiting(f"no service {', '.join(missing)}")
    if not _addresses(found):
        return waiting("no address", "nothing in the cluster has provided a load balancer")
    return READY


def _addresses(found: Mapping[str, Any]) -> list[Any]:
    return listed(within(within(found, "status"), "loadBalancer"), "ingress")


def _endpoints(cluster: Cluster, found: Mapping[str, Any]) -> list[Values]:
    metadata = found["metadata"]
    slices = cluster.list(
        "discovery.k8s.io/v1", "EndpointSlice", metadata["namespace"], f"{_OF_SERVICE}={metadata['name']}"
    )
    endpoints = [it for piece in slices for it in listed(piece, "endpoints")]
    return [it for it in endpoints if not within(it, "conditions").get("terminating")]


def _backends(found: Mapping[str, Any]) -> set[str]:
    """Return the names of the services that an ingress leads to."""
    spec = within(found, "spec")
    rules = [path for rule in listed(spec, "rules") for path in listed(within(rule, "http"), "paths")]
    backends = [within(spec, "defaultBackend"), *(within(path, "backend") for path in rules)]
    return {name for it in backends if (name := within(it, "service").get("name"))}
