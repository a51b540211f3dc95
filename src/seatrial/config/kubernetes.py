"""What the platform puts into the cluster."""

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from seatrial.config.section import Section
from seatrial.config.values import AdminName, Namespace, RegistryHost

Replicas = Annotated[StrictInt, Field(ge=2, le=10)]
"""Copies of a controller: two at least, so that the loss of a node is not its end."""


class Storage(Section):
    """Persistent volumes: the class of encrypted gp3 volumes, made when the EBS add-on is on."""

    default_class: StrictBool = True
    """Let claims that name no class take the encrypted one. On: EKS makes no class the default any more."""


class LoadBalancerController(Section):
    """The AWS Load Balancer Controller: load balancers for Services and Ingresses."""

    enabled: StrictBool = True
    """Install it. On: without it an Ingress does nothing."""
    replicas: Replicas = 2
    """Copies, of which one works and the others wait. 2: a webhook of it stands before every load balancer."""


class ClusterAutoscaler(Section):
    """The Cluster Autoscaler: as many nodes as the pods need."""

    enabled: StrictBool = True
    """Install it. On: a group otherwise stays at its size, whatever waits."""
    replicas: Replicas = 2
    """Copies, of which one works and the others wait."""


class NodeTerminationHandler(Section):
    """The AWS Node Termination Handler: drains nodes before AWS takes them away."""

    enabled: StrictBool = True
    """Install it.

    Managed node groups drain on spot interruptions by themselves; it adds the scheduled maintenance of instances.
    """


class NodeLocalDns(Section):
    """A cache of names on every node."""

    enabled: StrictBool = False
    """Install it.

    Off: CoreDNS alone serves a few hundred nodes, and a cache that fails takes its node's names with it.
    """


class IrsaDemo(Section):
    """A bucket that one service account may use, and nobody else: shows roles for service accounts at work."""

    enabled: StrictBool = True
    """Make it."""
    namespace: Namespace = "dev"
    """Tenant that holds the service account, ``irsa-demo-sa``."""
    test_pod: StrictBool = False
    """Run a pod that lists the bucket once a minute. Off: it is a demonstration, and costs a pod."""


class SpotDemo(Section):
    """A workload that is made for interruptions."""

    enabled: StrictBool = False
    """Run it. Off: it is a demonstration, and costs its pods."""
    namespace: Namespace = "dev"
    """Tenant that it runs in."""
    replicas: Replicas = 2
    """Copies, spread over zones and nodes."""


class Kubernetes(Section):
    """What the platform puts into the cluster. Whoever deploys it must reach the Kubernetes API."""

    enabled: StrictBool = True
    """Put it in. Off leaves a cluster with its add-ons alone: for a first deployment that can't reach the API yet."""
    deploy_as: AdminName | None = None
    """Name of the administrator, of ``cluster.admins``, as whom the deployment enters the cluster.

    None takes the only one; of several, one must be named.
    """
    image_registry: RegistryHost | None = None
    """Host of a registry of ECR that has copies of the images: those of public.ecr.aws below ``ecr-public/``, those of
    registry.k8s.io below ``kubernetes/``, as its pull-through caches name them.

    None takes them from where they are published. Needed where ``nat`` is none.
    """
    storage: Storage = Storage()
    """Persistent volumes."""
    load_balancer_controller: LoadBalancerController = LoadBalancerController()
    """Load balancers for Services and Ingresses."""
    cluster_autoscaler: ClusterAutoscaler = ClusterAutoscaler()
    """As many nodes as the pods need."""
    node_termination_handler: NodeTerminationHandler = NodeTerminationHandler()
    """Drains nodes before AWS takes them away."""
    node_local_dns: NodeLocalDns = NodeLocalDns()
    """A cache of names on every node."""
    irsa_demo: IrsaDemo = IrsaDemo()
    """Shows roles for service accounts at work."""
    spot_demo: SpotDemo = SpotDemo()
    """Shows a workload that is made for interruptions."""
