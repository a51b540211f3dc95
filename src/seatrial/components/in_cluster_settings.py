"""From the description to the settings of what goes into the cluster: plain values in, plain values out."""

from collections.abc import Mapping

from seatrial.components.in_cluster import InClusterSettings, SpotDemoSettings
from seatrial.components.tenancy import TenantArgs
from seatrial.config import CapacityType, Nat, NodeGroup, Platform, Tenant
from seatrial.manifests import Manifest, network_policies, spot_demo, tenancy
from seatrial.manifests.network_policies import Surroundings


def in_cluster(chosen: Platform) -> InClusterSettings:
    """Give everything that goes into the cluster what it needs to know."""
    kubernetes = chosen.kubernetes
    settings: InClusterSettings = {
        "tenants": {name: tenant(name, each, chosen.cluster.version) for name, each in chosen.tenants.items()},
        "network_policies": policies(chosen),
        "node_termination_handler": kubernetes.node_termination_handler.enabled,
    }
    if kubernetes.image_registry:
        settings["image_registry"] = kubernetes.image_registry
    _add_storage(settings, chosen)
    _add_controllers(settings, chosen)
    _add_demonstrations(settings, chosen)
    if kubernetes.node_local_dns.enabled:
        settings["node_local_dns"] = chosen.cluster.service_cidr
    return settings


def tenant(namespace: str, chosen: Tenant, version: str) -> TenantArgs:
    """Give a team its objects; nobody enters as a team that names no role."""
    args: TenantArgs = {
        "objects": tenancy.objects(namespace, chosen, version),
        "group": chosen.group_of(namespace),
    }
    if chosen.principal:
        args["principal"] = chosen.principal
    return args


def policies(chosen: Platform) -> dict[str, list[Manifest]]:
    """Give every team's namespace its network policies."""
    around = surroundings(chosen)
    return {namespace: network_policies.policies(namespace, around) for namespace in chosen.tenants}


def surroundings(chosen: Platform) -> Surroundings:
    """Tell what lies around the namespaces."""
    return network_policies.surroundings(
        network=chosen.network.cidr_block,
        services=chosen.cluster.service_cidr,
        zone_count=chosen.network.zone_count,
        interface_endpoints=chosen.network.interface_endpoints or _is_private(chosen),
        node_local_dns=chosen.kubernetes.node_local_dns.enabled,
    )


def _is_private(chosen: Platform) -> bool:
    """Whether the cluster has no way to the internet."""
    return chosen.network.nat is Nat.NONE


def _add_storage(settings: InClusterSettings, chosen: Platform) -> None:
    """Classes of volumes are of use with their driver alone, those of snapshots with their controller too."""
    if chosen.addons.ebs_csi.enabled:
        settings["storage"] = {
            "default_class": chosen.kubernetes.storage.default_class,
            "snapshots": chosen.addons.snapshot_controller.enabled,
        }


def _add_controllers(settings: InClusterSettings, chosen: Platform) -> None:
    balancers, autoscaler = chosen.kubernetes.load_balancer_controller, chosen.kubernetes.cluster_autoscaler
    private = _is_private(chosen)
    if balancers.enabled:
        settings["load_balancer_controller"] = {"replicas": balancers.replicas, "private": private}
    if autoscaler.enabled:
        settings["cluster_autoscaler"] = {
            "kubernetes_version": chosen.cluster.version,
            "replicas": autoscaler.replicas,
            "private": private,
        }


def _add_demonstrations(settings: InClusterSettings, chosen: Platform) -> None:
    irsa = chosen.kubernetes.irsa_demo
    if irsa.enabled:
        settings["irsa_demo"] = {"namespace": irsa.namespace, "test_pod": irsa.test_pod}
    if chosen.kubernetes.spot_demo.enabled:
        settings["spot_demo"] = _spot_demo(chosen)


def _spot_demo(chosen: Platform) -> SpotDemoSettings:
    demo = chosen.kubernetes.spot_demo
    return {
        "namespace": demo.namespace,
        "objects": spot_demo.objects(
            demo.namespace,
            demo.replicas,
            _taints_of_spot(chosen.node_groups),
            chosen.kubernetes.image_registry or "",
        ),
    }


def _taints_of_spot(groups: Mapping[str, NodeGroup]) -> list[dict[str, str]]:
    spot = [group for _, group in sorted(groups.items()) if group.capacity_type is CapacityType.SPOT]
    return [
        {"key": taint.key, "value": taint.value, "effect": taint.effect.value}
        for group in spot
        for taint in group.taints
    ]
