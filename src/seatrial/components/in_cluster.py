"""What every component that puts something into the cluster is told, and how it puts it there.

Most objects own nothing outside the cluster. When the cluster goes, they are gone: the engine then makes no call for
them, and nothing can hang that no longer matters. What owns something in AWS, or acts there, is deleted for real, while
the controller that cleans up after it still runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws.eks.cluster import Cluster as EksCluster

from seatrial.components.environment import Environment, EnvironmentArgs, children
from seatrial.components.kubernetes_object import KubernetesObject, Manifest, logical_name


class InClusterArgs(EnvironmentArgs):
    """Inputs that every component with something in the cluster shares."""

    cluster: EksCluster
    """The cluster: what owns nothing outside it is deleted with it."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Registers the objects of one component."""

    environment: Environment
    cluster: EksCluster
    child: pulumi.ResourceOptions
    """Options of the component's children."""

    @classmethod
    def of(cls, parent: pulumi.Resource, args: InClusterArgs, opts: pulumi.ResourceOptions | None) -> "Inside":
        """Put objects in as children of a component."""
        return cls(Environment.of(args), args["cluster"], children(parent, opts))

    def ending_with_cluster(self, manifest: Manifest, after: Iterable[pulumi.Resource] = ()) -> KubernetesObject:
        """Register an object that owns nothing in AWS: to delete the cluster is to delete it."""
        return self._registered(manifest, pulumi.ResourceOptions(deleted_with=self.cluster), after)

    def deleted(self, manifest: Manifest, after: Iterable[pulumi.Resource] = ()) -> KubernetesObject:
        """Register an object that must be gone before what it needs is: its deletion is never left out."""
        return self._registered(manifest, pulumi.ResourceOptions(), after)

    def waiting(self, after: Iterable[pulumi.Resource]) -> pulumi.ResourceOptions:
        """Return the options of a child that comes after others."""
        return pulumi.ResourceOptions.merge(self.child, pulumi.ResourceOptions(depends_on=list(after)))

    def _registered(
        self, manifest: Manifest, how: pulumi.ResourceOptions, after: Iterable[pulumi.Resource]
    ) -> KubernetesObject:
        name = logical_name(manifest, self.environment.suffix)
        return KubernetesObject(name, manifest, pulumi.ResourceOptions.merge(self.waiting(after), how))


def registered_inputs(args: InClusterArgs) -> dict[str, Any]:
    """Return a component's inputs as the engine keeps them: the cluster is a resource of its own there."""
    return {key: value for key, value in args.items() if key != "cluster"}
