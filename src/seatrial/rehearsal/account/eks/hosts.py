"""The control plane behind a cluster's record: begun, looked at, ended with it."""

import hashlib

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import oidc
from seatrial.rehearsal.account.eks.control_planes import Order, Phase, Place, View
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record

PAGES = "/_seatrial/clusters"
"""Path below which clusters have pages of the account's own."""


def place(cluster: Record) -> Place:
    """Say which cluster a record is of."""
    return Place(cluster["arn"].split(":")[3], cluster["name"])


def begin(service: Service, region: str, cluster: Record) -> None:
    """Begin the control plane of a cluster; go on with it where there was one."""
    order = Order(
        issuer=cluster["identity"]["oidc"]["issuer"],
        signing_key=oidc.signing_key(service.state),
        service_cidr=cluster["kubernetesNetworkConfig"]["serviceIpv4Cidr"],
        # Whoever asks must know the secret: the page tells whether a token is somebody's.
        token_webhook=_page(service, Place(region, cluster["name"]), "token-review", cluster["_token"]),
    )
    service.control_planes.begin(Place(region, cluster["name"]), order)


def pod_secret(cluster: Record) -> str:
    """Give the secret of the webhook for pods; another one than tokens are reviewed with: it stands in the cluster."""
    return hashlib.sha256(f"pods {cluster['_token']}".encode()).hexdigest()


def pod_webhook(service: Service, cluster: Record) -> str:
    """Give the address at which a cluster's new pods are looked at."""
    return _page(service, place(cluster), "pods", pod_secret(cluster))


def _page(service: Service, where: Place, name: str, secret: str) -> str:
    address = service.issuer.replace("//localhost", "//127.0.0.1")
    return f"{address}{PAGES}/{where.region}/{where.name}/{name}/{secret}"


def view(service: Service, cluster: Record) -> View | None:
    """Look at the control plane of a cluster; nothing where there is none."""
    return service.control_planes.view(place(cluster))


def end(service: Service, cluster: Record) -> bool:
    """Begin to remove the control plane of a cluster; say whether it is gone."""
    service.observations.forget(place(cluster))
    return service.control_planes.end(place(cluster))


def resume(service: Service) -> None:
    """Begin the control planes of all living clusters again: the account was started anew."""
    for kept, cluster in service.state.clusters.items():
        region = kept.partition("\n")[0]
        with emulator.scope(emulator.home(), region):
            if cluster["status"] == "DELETING":
                end(service, cluster)
            elif cluster["status"] != "FAILED":
                begin(service, region, cluster)


def are_starting(service: Service) -> bool:
    """Whether the control plane of any cluster has yet to answer."""
    views = (view(service, cluster) for cluster in service.state.clusters.values())
    return any(seen is not None and seen.phase is Phase.STARTING for seen in views)
