"""The way into the cluster for what is deployed there."""

from typing import TypedDict

import pulumi

from seatrial import releases


class KubernetesProviderArgs(TypedDict):
    """Inputs of :class:`KubernetesProvider`."""

    kubeconfig: pulumi.Input[str]
    """How to find and enter the cluster; becomes a secret."""

    cluster_identifier: pulumi.Input[str]
    """What tells the cluster from another of its name: when this changes, all that is in it is made anew."""


class KubernetesProvider(pulumi.ProviderResource):
    """A provider ``kubernetes`` for one cluster.

    The engine takes a provider's configuration as text, JSON for what isn't.
    """

    def __init__(self, name: str, args: KubernetesProviderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the provider."""
        inputs: dict[str, pulumi.Input[str]] = {
            "kubeconfig": pulumi.Output.secret(args["kubeconfig"]),
            "clusterIdentifier": args["cluster_identifier"],
            # An object belongs to the fields that its manifest sets; others may set the rest.
            "enableServerSideApply": "true",
            # A namespace comes with a service account of its own, and an interrupted deployment may have made an object
            # that it kept no note of: either is taken over, where the provider would otherwise refuse for good.
            "upsertExistingObjects": "true",
            # What others have changed of its fields is set back, where the provider would otherwise refuse.
            "enablePatchForce": "true",
            # What was in a cluster that can't be reached any more is gone with it.
            "deleteUnreachable": "true",
        }
        versioned = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(version=releases.KUBERNETES_PROVIDER))
        super().__init__("kubernetes", name, inputs, versioned)
