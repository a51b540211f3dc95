"""What the platform puts into the cluster."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from seatrial.components.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerSettings
from seatrial.components.dns import Dns
from seatrial.components.environment import Environment, children
from seatrial.components.inside import InsideArgs, registered_inputs
from seatrial.components.interruption import Interruption
from seatrial.components.irsa_demo import IrsaDemo, IrsaDemoSettings
from seatrial.components.issuer import IssuerArgs
from seatrial.components.kubernetes_provider import KubernetesProvider
from seatrial.components.load_balancer_controller import LoadBalancerController, LoadBalancerControllerSettings
from seatrial.components.network_policies import NetworkPolicies
from seatrial.components.storage import Storage
from seatrial.components.tenancy import Tenancy, TenantArgs


class StorageSettings(TypedDict):
    """What a platform chooses about its volumes."""

    default_class: bool
    """Let claims that name no class take the encrypted one."""

    snapshots: bool
    """Make a class of snapshots too."""


class SpotDemoSettings(TypedDict):
    """A workload that is made for interruptions."""

    namespace: str
    """Where it is."""

    objects: Sequence[Mapping[str, Any]]
    """Its manifests."""


class InClusterSettings(TypedDict):
    """What a platform chooses about what is in its cluster."""

    image_registry: NotRequired[str]
    """Host of the registry with copies of the images. Absent: they come from their publishers."""

    tenants: Mapping[str, TenantArgs]
    """Namespace to team."""

    network_policies: Mapping[str, Sequence[Mapping[str, Any]]]
    """Namespace to manifests of its network policies."""

    storage: NotRequired[StorageSettings]
    """Classes of volumes. Absent: the driver isn't installed."""

    load_balancer_controller: NotRequired[LoadBalancerControllerSettings]
    """Controller of load balancers. Absent: none."""

    cluster_autoscaler: NotRequired[ClusterAutoscalerSettings]
    """Autoscaler. Absent: none."""

    node_local_dns: NotRequired[str]
    """Range of Kubernetes services, for a cache of names on every node. Absent: none."""

    irsa_demo: NotRequired[IrsaDemoSettings]
    """Demonstration of roles for service accounts. Absent: none."""

    node_termination_handler: bool
    """Drain nodes before AWS takes them away."""

    spot_demo: NotRequired[SpotDemoSettings]
    """A workload that is made for interruptions. Absent: none."""


class InClusterArgs(InsideArgs, IssuerArgs):
    """Inputs of :class:`InCluster`."""

    settings: InClusterSettings
    """What to put in. Plain: it decides what exists."""

    kubeconfig: pulumi.Input[str]
    """How the deployment enters the cluster."""

    vpc_id: pulumi.Input[str]
    """Network of the cluster."""

    volumes_key_arn: pulumi.Input[str]
    """Key that encrypts persistent volumes."""


class InCluster(pulumi.ComponentResource):
    """Everything in the cluster that the platform makes, and the roles in AWS that it has.

    Give it ``depends_on`` what lets the deployment in, and the add-ons that need nodes: all of it must be there while
    there is anything in the cluster that owns something in AWS. Controllers come first, then what may make something
    that only a controller can delete.
    """

    service_accounts: Sequence[str]
    """Who the pods are, as ``namespace/name``, sorted."""

    chart_versions: Mapping[str, str]
    """Release to the version of its chart."""

    def __init__(self, name: str, args: InClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:InCluster", name, _registered(args), opts)
        place = _Place(self, args, opts)
        self.provider = place.provider
        self.storage = _storage(place)
        self.load_balancer_controller = _load_balancer_controller(place)
        self.cluster_autoscaler = _cluster_autoscaler(place, self.load_balancer_controller)
        self.dns = _dns(place, self.load_balancer_controller)
        self.tenancy = _tenancy(place, self.load_balancer_controller)
        self.network_policies = _network_policies(place, self.tenancy)
        self.irsa_demo = _irsa_demo(place, self.tenancy)
        self.interruption = _interruption(place, self.tenancy, self.load_balancer_controller)
        self.service_accounts = _service_accounts(self)
        self.chart_versions = _chart_versions(self)
        self.register_outputs({"serviceAccounts": self.service_accounts, "chartVersions": self.chart_versions})

    def options(self, namespace: str, *, owns_in_aws: bool = False) -> pulumi.ResourceOptions:
        """Return the options of an object of one's own in a tenant's namespace, made when all is ready for it.

        Args:
            namespace: Of a tenant.
            owns_in_aws: Whether something in AWS goes with it, as with a Service of type LoadBalancer, an Ingress, a
                claim of a volume: it is then deleted for real, while its controller runs. All else ends with the
                namespace, without a call.

        Raises:
            KeyError: There is no such tenant.

        """
        place = self.tenancy.place(namespace)
        return pulumi.ResourceOptions(
            provider=self.provider,
            depends_on=[place, self.network_policies[namespace]],
            deleted_with=None if owns_in_aws else place,
        )


def _registered(args: InClusterArgs) -> dict[str, Any]:
    """Leave out what the components and the provider register by themselves."""
    return {key: value for key, value in registered_inputs(args).items() if key not in ("kubeconfig", "settings")}


def _service_accounts(parts: InCluster) -> list[str]:
    pods = (parts.load_balancer_controller, parts.cluster_autoscaler, parts.dns, parts.tenancy, parts.irsa_demo)
    return sorted(account for each in (*pods, parts.interruption) if each for account in each.service_accounts)


def _chart_versions(parts: InCluster) -> dict[str, str]:
    released = (parts.load_balancer_controller, parts.cluster_autoscaler, parts.interruption)
    return {release: version for each in released if each for release, version in sorted(each.chart_versions.items())}


class _Place:
    """Where the components are put: into one cluster, by one provider, after what must be there before."""

    def __init__(self, parent: InCluster, args: InClusterArgs, opts: pulumi.ResourceOptions | None) -> None:
        self.environment = Environment.of(args)
        self.settings = args["settings"]
        self.args = args
        self._child = children(parent, opts)
        self.provider = _provider(self.environment, args, self._child)

    def shared(self) -> InsideArgs:
        """Return the inputs that every component has."""
        shared: InsideArgs = {**self.environment.pass_on(), "cluster": self.args["cluster"]}
        if "image_registry" in self.settings:
            shared["image_registry"] = self.settings["image_registry"]
        return shared

    def issuer(self) -> IssuerArgs:
        """Return the inputs of components with roles."""
        args = self.args
        return {"oidc_provider_arn": args["oidc_provider_arn"], "oidc_provider_url": args["oidc_provider_url"]}

    def within(self, namespace: pulumi.Resource) -> pulumi.ResourceOptions:
        """Return the options of a component in a namespace, which has waited for all the rest."""
        return pulumi.ResourceOptions(parent=self._child.parent, providers=[self.provider], depends_on=[namespace])

    def after(self, *others: pulumi.Resource | None) -> pulumi.ResourceOptions:
        """Return the options of a component that comes after others, as far as there are any."""
        first = [each for each in others if each is not None]
        own = pulumi.ResourceOptions(providers=[self.provider], depends_on=first)
        return pulumi.ResourceOptions.merge(self._child, own)


def _provider(environment: Environment, args: InClusterArgs, opts: pulumi.ResourceOptions) -> KubernetesProvider:
    return KubernetesProvider(
        environment.name("kubernetes"),
        {"kubeconfig": args["kubeconfig"], "cluster_identifier": args["cluster"].endpoint},
        opts,
    )


def _storage(place: _Place) -> Storage | None:
    settings = place.settings.get("storage")
    if settings is None:
        return None
    key = place.args["volumes_key_arn"]
    return Storage(
        place.environment.name("storage"), {**place.shared(), **settings, "volumes_key_arn": key}, place.after()
    )


def _load_balancer_controller(place: _Place) -> LoadBalancerController | None:
    settings = place.settings.get("load_balancer_controller")
    if settings is None:
        return None
    return LoadBalancerController(
        place.environment.name("load-balancer-controller"),
        {**place.shared(), **place.issuer(), **settings, "vpc_id": place.args["vpc_id"]},
        place.after(),
    )


def _cluster_autoscaler(place: _Place, balancers: LoadBalancerController | None) -> ClusterAutoscaler | None:
    settings = place.settings.get("cluster_autoscaler")
    if settings is None:
        return None
    return ClusterAutoscaler(
        place.environment.name("cluster-autoscaler"),
        {**place.shared(), **place.issuer(), **settings},
        place.after(balancers),
    )


def _dns(place: _Place, balancers: LoadBalancerController | None) -> Dns | None:
    services = place.settings.get("node_local_dns")
    if services is None:
        return None
    return Dns(place.environment.name("dns"), {**place.shared(), "service_cidr": services}, place.after(balancers))


def _tenancy(place: _Place, balancers: LoadBalancerController | None) -> Tenancy:
    return Tenancy(
        place.environment.name("tenancy"),
        {**place.shared(), "tenants": place.settings["tenants"]},
        place.after(balancers),
    )


def _network_policies(place: _Place, tenancy: Tenancy) -> Mapping[str, NetworkPolicies]:
    return {
        namespace: NetworkPolicies(
            place.environment.name(f"{namespace}-network-policies"),
            {**place.shared(), "namespace": namespace, "objects": objects},
            place.within(tenancy.place(namespace)),
        )
        for namespace, objects in sorted(place.settings["network_policies"].items())
    }


def _irsa_demo(place: _Place, tenancy: Tenancy) -> IrsaDemo | None:
    settings = place.settings.get("irsa_demo")
    if settings is None:
        return None
    return IrsaDemo(
        place.environment.name("irsa-demo"),
        {**place.shared(), **place.issuer(), **settings},
        place.within(tenancy.place(settings["namespace"])),
    )


def _interruption(place: _Place, tenancy: Tenancy, balancers: LoadBalancerController | None) -> Interruption | None:
    demo = place.settings.get("spot_demo")
    handler = place.settings["node_termination_handler"]
    if demo is None and not handler:
        return None
    return Interruption(
        place.environment.name("interruption"),
        {**place.shared(), "handler": handler, "objects": demo["objects"] if demo else []},
        place.within(tenancy.place(demo["namespace"])) if demo else place.after(balancers),
    )
