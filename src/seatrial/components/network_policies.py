"""Which pods of a namespace may talk to whom."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from seatrial.components.inside import Inside, InsideArgs, registered_inputs


class NetworkPoliciesArgs(InsideArgs):
    """Inputs of :class:`NetworkPolicies`."""

    namespace: str
    """The namespace that they are for."""

    objects: Sequence[Mapping[str, Any]]
    """Manifests."""


class NetworkPolicies(pulumi.ComponentResource):
    """The network policies of one namespace, which the network plugin enforces.

    Give it ``depends_on`` the namespace.
    """

    policy_names: Sequence[str]
    """Names of the policies, sorted."""

    def __init__(self, name: str, args: NetworkPoliciesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:NetworkPolicies", name, registered_inputs(args), opts)
        inside = Inside.of(self, args, opts)
        for manifest in args["objects"]:
            inside.ending_with_place(manifest)
        self.policy_names = sorted(manifest["metadata"]["name"] for manifest in args["objects"])
        self.register_outputs({"policyNames": self.policy_names})
