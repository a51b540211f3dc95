"""A Helm chart, released into the cluster."""

from collections.abc import Mapping
from typing import Any, TypedDict

import pulumi

from seatrial import releases


class ReleaseArgs(TypedDict):
    """Inputs of :class:`Release`."""

    name: str
    """Name of the release."""

    namespace: str
    """Where it goes."""

    chart: str
    """Name of the chart in its repository, or ``oci://…``."""

    version: str
    """Version of the chart."""

    repository: str
    """URL of the repository; empty for a chart that is named by ``oci://…``."""

    values: Mapping[str, Any]
    """Values of the chart; may hold outputs."""


class Release(pulumi.CustomResource):
    """A release that is there when all that it holds is ready, and not at all when something isn't."""

    def __init__(self, name: str, args: ReleaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the release."""
        inputs: dict[str, Any] = {
            "name": args["name"],
            "namespace": args["namespace"],
            "chart": args["chart"],
            "version": args["version"],
            "values": args["values"],
            "atomic": True,
            "cleanupOnFail": True,
            "skipAwait": False,
            "timeout": _SECONDS,
            # What every SDK of the provider sends along: which form of the inputs this is.
            "compat": "true",
        }
        if args["repository"]:
            inputs["repositoryOpts"] = {"repo": args["repository"]}
        versioned = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(version=releases.KUBERNETES_PROVIDER))
        super().__init__("kubernetes:helm.sh/v3:Release", name, inputs, versioned)


_SECONDS = 600
"""How long a release may take: images have to be pulled to nodes that may have to be started first."""
