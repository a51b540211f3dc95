"""A cache of names on every node."""

from collections.abc import Sequence

import pulumi

from seatrial.components.inside import Inside, InsideArgs, registered_inputs
from seatrial.components.kubernetes_object import service_accounts
from seatrial.manifests import node_local_dns


class DnsArgs(InsideArgs):
    """Inputs of :class:`Dns`."""

    service_cidr: str
    """Range of Kubernetes services, which the address of the cluster's DNS is in."""


class Dns(pulumi.ComponentResource):
    """NodeLocal DNSCache.

    Give it ``depends_on`` CoreDNS, which it asks. It takes over the address of the cluster's DNS on every node.
    """

    service_accounts: Sequence[str]
    """Who its pods are, as ``namespace/name``."""

    def __init__(self, name: str, args: DnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Dns", name, registered_inputs(args), opts)
        inside = Inside.of(self, args, opts)
        manifests = node_local_dns.objects(args["service_cidr"], args.get("image_registry", ""))
        *needed, cache = manifests
        # It reads the address of its upstream Service once, when it starts.
        inside.ending_with_place(cache, [inside.ending_with_place(manifest) for manifest in needed])
        self.service_accounts = service_accounts(manifests)
        self.register_outputs({"serviceAccounts": self.service_accounts})
