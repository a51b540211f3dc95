"""What happens before AWS takes a node away."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from seatrial.components.inside import Inside, InsideArgs, registered_inputs
from seatrial.components.kubernetes_object import service_accounts
from seatrial.manifests.charts import node_termination_handler


class InterruptionArgs(InsideArgs):
    """Inputs of :class:`Interruption`."""

    handler: bool
    """Run the AWS Node Termination Handler on every node."""

    objects: Sequence[Mapping[str, Any]]
    """Manifests of a workload that shows it; none for no such workload."""


class Interruption(pulumi.ComponentResource):
    """The AWS Node Termination Handler, and a workload that is made for interruptions.

    Give it ``depends_on`` the namespace of the workload: what is in there is deleted with it.
    """

    service_accounts: Sequence[str]
    """Who their pods are, as ``namespace/name``."""

    chart_versions: Mapping[str, str]
    """Release to the version of its chart."""

    def __init__(self, name: str, args: InterruptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Interruption", name, registered_inputs(args), opts)
        inside = Inside.of(self, args, opts)
        account = node_termination_handler.account()
        chart = node_termination_handler.chart(
            region=args["account"]["region"], registry=args.get("image_registry", "")
        )
        if args["handler"]:
            inside.release(chart, [inside.ending_with_place(account)])
        _register_in_turn(inside, args["objects"])
        self.service_accounts = service_accounts([*([account] if args["handler"] else []), *args["objects"]])
        self.chart_versions = {chart.release: chart.source.version} if args["handler"] else {}
        self.register_outputs({"serviceAccounts": self.service_accounts, "chartVersions": self.chart_versions})


def _register_in_turn(inside: Inside, manifests: Sequence[Mapping[str, Any]]) -> None:
    """Register each after the one before it: who a pod is, the pods, and how many may be gone."""
    before: list[pulumi.Resource] = []
    for manifest in manifests:
        before = [inside.ending_with_place(manifest, before)]
