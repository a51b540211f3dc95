"""Add-ons among each other."""

from collections.abc import Iterator

from seatrial.config.checks.check import Check, Context
from seatrial.config.location import found, path
from seatrial.errors import Fault

_CNI = ("addons", "vpcCni", "enabled")
_PROXY = ("addons", "kubeProxy", "enabled")
_DNS = ("addons", "coredns", "enabled")
_DNS_LEAST = ("addons", "coredns", "replicas")
_DNS_MOST = ("addons", "coredns", "maxReplicas")
_SNAPSHOTS = ("addons", "snapshotController", "enabled")
_EBS = ("addons", "ebsCsi", "enabled")


def _indispensable(context: Context) -> Iterator[Fault]:
    addons = context.platform.addons
    why = {
        _CNI: (addons.vpc_cni.enabled, "no node becomes ready without it"),
        _PROXY: (addons.kube_proxy.enabled, "no service is reached without it"),
        _DNS: (addons.coredns.enabled, "no name is resolved without it"),
    }
    for place, (enabled, reason) in why.items():
        if not enabled:
            yield Fault(path(place), "false", "true", reason)


def _replicas_ordered(context: Context) -> Iterator[Fault]:
    coredns = context.platform.addons.coredns
    if coredns.max_replicas is not None and coredns.max_replicas < coredns.replicas:
        yield Fault(path(_DNS_MOST), found(coredns.max_replicas), f"at least replicas, {coredns.replicas}")


def _snapshots_of_volumes(context: Context) -> Iterator[Fault]:
    addons = context.platform.addons
    if addons.snapshot_controller.enabled and not addons.ebs_csi.enabled:
        yield Fault(path(_SNAPSHOTS), "true", "false when ebsCsi is off", "there is no volume to take a snapshot of")


CHECKS = (
    Check(reads=(_CNI, _PROXY, _DNS), run=_indispensable),
    Check(reads=(_DNS_LEAST, _DNS_MOST), run=_replicas_ordered),
    Check(reads=(_SNAPSHOTS, _EBS), run=_snapshots_of_volumes),
)
