"""What every component that puts something into the cluster is told, and how it puts it there.

Most objects own nothing outside the cluster. When what they are in goes, a namespace or the cluster, they are gone: the
engine then makes no call for them, and nothing can hang that no longer matters. So no pod of a namespace that ends
slowly loses the policies and quotas that hold it. What owns something in AWS, or acts there, is deleted for real, while
the controller that cleans up after it still runs.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    """What an object that owns nothing in AWS is deleted with, unless its namespace is among these."""

    namespaces: Mapping[str, KubernetesObject]
    """Name to namespace that the component waits for: what is in it is deleted with it."""

    @classmethod
    def of(cls, parent: pulumi.Resource, args: InsideArgs, opts: pulumi.ResourceOptions | None) -> "Inside":
        """Take what a component was given."""
        return cls(Environment.of(args), children(parent, opts), args["cluster"], _namespaces(opts))

    def ending_with_place(self, manifest: Manifest, after: Iterable[pulumi.Resource] = ()) -> KubernetesObject:
        """Register an object that owns nothing in AWS: to delete what it is in is to delete it."""
        place = self.namespaces.get(manifest["metadata"].get("namespace"), self.cluster)
        return self._registered(manifest, pulumi.ResourceOptions(deleted_with=place), after)

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


def _namespaces(opts: pulumi.ResourceOptions | None) -> dict[str, KubernetesObject]:
    waited_for = opts.depends_on if opts else None
    listed: list[object] = list(waited_for) if isinstance(waited_for, Sequence) else []
    objects = (each for each in listed if isinstance(each, KubernetesObject))
    return {each.manifest["metadata"]["name"]: each for each in objects if each.manifest["kind"] == "Namespace"}


_RESOURCES_OF_THEIR_OWN = frozenset({"cluster", "objects"})
"""Inputs that the engine has already, or is about to get: what they hold is registered by itself."""


def registered_inputs(args: InsideArgs) -> dict[str, Any]:
    """Return a component's inputs as the engine keeps them, without what is a resource of its own."""
    return {key: value for key, value in args.items() if key not in _RESOURCES_OF_THEIR_OWN}
