"""What every component that puts something into the cluster is told, and how it puts it there.

Most objects own nothing outside the cluster. When the cluster goes, they are gone: the engine then makes no call for
them, and nothing can hang that no longer matters. What owns something in AWS, or acts there, is deleted for real, while
the controller that cleans up after it still runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi
from pulumi_aws.eks.cluster import Cluster as EksCluster

from seatrial.components.environment import Environment, EnvironmentArgs, children
from seatrial.components.kubernetes_object import KubernetesObject, Manifest, logical_name
from seatrial.components.release import Release, ReleaseArgs
from seatrial.manifests.charts import Chart


class InsideArgs(EnvironmentArgs):
    """Inputs that every component with something in the cluster shares."""

    cluster: EksCluster
    """The cluster: what owns nothing outside it is deleted with it."""

    image_registry: NotRequired[str]
    """Host of the registry with copies of images. Absent: they come from their publishers."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Registers the objects of one component."""

    environment: Environment
    """Names and tags of the component's children."""

    opts: pulumi.ResourceOptions
    """Options of the component's children: they wait for what it was told to wait for."""

    cluster: EksCluster
    """What an object that owns nothing in AWS is deleted with."""

    @classmethod
    def of(cls, parent: pulumi.Resource, args: InsideArgs, opts: pulumi.ResourceOptions | None) -> "Inside":
        """Take what a component was given."""
        return cls(Environment.of(args), children(parent, opts), args["cluster"])

    def ending_with_cluster(self, manifest: Manifest, after: Iterable[pulumi.Resource] = ()) -> KubernetesObject:
        """Register an object that owns nothing in AWS: to delete the cluster is to delete it."""
        return self._registered(manifest, pulumi.ResourceOptions(deleted_with=self.cluster), after)

    def deleted(self, manifest: Manifest, after: Iterable[pulumi.Resource] = ()) -> KubernetesObject:
        """Register an object whose deletion is never left out: it must be gone before what it needs is."""
        return self._registered(manifest, pulumi.ResourceOptions(), after)

    def release(self, chart: Chart, after: Iterable[pulumi.Resource]) -> Release:
        """Register a chart, whose pods may act in AWS until the moment that they are gone: it is deleted for real."""
        args: ReleaseArgs = {
            "name": chart.release,
            "namespace": chart.namespace,
            "chart": chart.source.chart,
            "version": chart.source.version,
            "repository": chart.source.repository,
            "values": chart.values,
        }
        name = self.environment.name(f"{chart.release}-release")
        return Release(name, args, self._options(pulumi.ResourceOptions(), after))

    def _registered(
        self, manifest: Manifest, how: pulumi.ResourceOptions, after: Iterable[pulumi.Resource]
    ) -> KubernetesObject:
        name = logical_name(manifest, self.environment.suffix)
        return KubernetesObject(name, manifest, self._options(how, after))

    def _options(self, how: pulumi.ResourceOptions, after: Iterable[pulumi.Resource]) -> pulumi.ResourceOptions:
        how = pulumi.ResourceOptions.merge(how, pulumi.ResourceOptions(depends_on=list(after)))
        return pulumi.ResourceOptions.merge(self.opts, how)


_RESOURCES_OF_THEIR_OWN = frozenset({"cluster", "objects"})
"""Inputs that the engine has already, or is about to get: what they hold is registered by itself."""


def registered_inputs(args: InsideArgs) -> dict[str, Any]:
    """Return a component's inputs as the engine keeps them, without what is a resource of its own."""
    return {key: value for key, value in args.items() if key not in _RESOURCES_OF_THEIR_OWN}
