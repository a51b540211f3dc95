"""Everything that a cluster is to hold of EKS's own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from seatrial.rehearsal.account.eks import fleet
from seatrial.rehearsal.account.eks.content import access, add_ons, defaults, nodes
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import within
from seatrial.rehearsal.account.emulator import Record

LABEL = "seatrial.dev/stand-in"
"""Label of everything that stands in for EKS's own; its value is ``true``."""

FIELD_MANAGER = "eks"
"""Who owns the fields of these objects."""

_WORKLOADS = ("DaemonSet", "Deployment")


class Reference(NamedTuple):
    """Which object."""

    api_version: str
    kind: str
    namespace: str
    name: str


@dataclass(slots=True)
class Wanted:
    """What is to be in a cluster. Plain values: a thread of its own brings the cluster to it."""

    objects: dict[Reference, str] = field(default_factory=dict[Reference, str])
    """Manifests as JSON, in the order in which they are made."""
    workloads: dict[Reference, str] = field(default_factory=dict[Reference, str])
    """What must run, and the add-on that it is of."""
    instances: dict[str, str] = field(default_factory=dict[str, str])
    """Node to the instance that it is."""
    add_ons: tuple[str, ...] = ()

    def add(self, manifest: Record) -> Reference:
        """Take an object in, marked as a stand-in."""
        named = manifest["metadata"]
        labels = {**named.get("labels", {}), LABEL: "true"}
        reference = Reference(manifest["apiVersion"], manifest["kind"], named.get("namespace", ""), named["name"])
        self.objects[reference] = json.dumps({**manifest, "metadata": {**named, "labels": labels}})
        return reference


def of_cluster(service: Service, cluster: Record, running: str, namespaces: frozenset[str]) -> Wanted:
    """Say what a cluster is to hold; ``running`` is the version of its control plane."""
    installed = add_ons.installed(cluster, within(service.state.addons, cluster["name"]))
    wanted = Wanted(add_ons=tuple(installed))
    # First of all: it looks at pods as they are made.
    for manifest in defaults.objects(service, cluster):
        wanted.add(manifest)
    prefixes = add_ons.prefix_delegation(installed.get("vpc-cni"))
    for machine in fleet.machines(service, cluster["name"]):
        wanted.add(nodes.node(machine, running, prefix_delegation=prefixes))
        wanted.instances[machine.name] = machine.instance
    for manifest in access.objects(within(service.state.entries, cluster["name"]), namespaces):
        wanted.add(manifest)
    for name, manifest in _of_add_ons(cluster, installed):
        reference = wanted.add(manifest)
        if reference.kind in _WORKLOADS:
            wanted.workloads[reference] = name
    return wanted


def _of_add_ons(cluster: Record, installed: dict[str, Record]) -> Iterator[tuple[str, Record]]:
    for name, addon in installed.items():
        for manifest in add_ons.objects(cluster, addon):
            yield name, manifest
