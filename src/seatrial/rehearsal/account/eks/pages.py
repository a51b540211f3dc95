"""What the account itself tells of its clusters, beside what EKS does."""

from seatrial.rehearsal.account.eks import hosts
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record


def clusters(service: Service) -> list[Record]:
    """Tell of every cluster what runs behind its record."""
    return [_cluster(service, cluster) for cluster in service.state.clusters.values()]


def _cluster(service: Service, cluster: Record) -> Record:
    place, view = hosts.place(cluster), hosts.view(service, cluster)
    sight = service.observations.of(place)
    told: Record = {"name": place.name, "region": place.region, "status": cluster["status"], "phase": "none"}
    if view is None:
        return told
    return told | {
        "phase": str(view.phase),
        "reason": view.reason,
        "endpoint": view.endpoint,
        "kubeconfig": str(view.kubeconfig),
        "askedVersion": cluster["version"],
        "runningVersion": view.version,
        "readySeconds": view.ready_seconds,
        "nodes": sight.nodes,
        "readyNodes": len(sight.ready_nodes),
        "addons": {name: obstacle or "running" for name, obstacle in sight.obstacles.items()},
    }
