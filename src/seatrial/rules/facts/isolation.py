"""What the network policies of a plan come to, for its pods and for any pod that its namespaces may get."""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from seatrial.errors import ConfigError, Fault
from seatrial.rules.facts.kinds import NAMESPACE, NETWORK_POLICY, SERVICE
from seatrial.rules.facts.manifests import manifest
from seatrial.rules.facts.objects import Object, Objects
from seatrial.rules.facts.pods import Template
from seatrial.rules.facts.values import at, is_unknown
from seatrial.semantics import eks_enforcement, fields
from seatrial.semantics.eks_enforcement import Finding
from seatrial.semantics.network_policy import cluster, reading
from seatrial.semantics.network_policy import isolation as pods_isolation
from seatrial.semantics.network_policy.addresses import Range, of_network
from seatrial.semantics.network_policy.cluster import Cluster, HostNetwork
from seatrial.semantics.network_policy.isolation import Isolation as PodIsolation
from seatrial.semantics.network_policy.policy import Direction, Policy

ANY_POD: Final = "any pod"
"""Name of the workload that stands for pods to come: it has no labels, so only what means all pods means it."""


@dataclass(frozen=True, slots=True)
class Written:
    """One network policy where it stands."""

    object: Object
    policy: Policy | None
    """None where only a deployment can tell it, or where it has the wrong form."""

    fault: str = ""
    """What is wrong with its form; empty where only a deployment can tell."""


class Isolation:
    """The network policies of a plan."""

    def __init__(self, objects: Objects, pods: tuple[Template, ...]) -> None:
        """Take what a plan puts into a cluster."""
        self._objects = objects
        self._pods = pods

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Every policy, read."""
        return tuple(map(_written, self._objects.of_kind(NETWORK_POLICY)))

    @cached_property
    def by_namespace(self) -> Mapping[str, tuple[Written, ...]]:
        """The policies of each namespace that has some."""
        found: dict[str, list[Written]] = {}
        for each in self.written:
            found.setdefault(each.object.namespace, []).append(each)
        return {name: tuple(policies) for name, policies in found.items()}

    @cached_property
    def cluster(self) -> Cluster:
        """Namespaces, policies, the plan's pods and one more in each namespace, as Amazon's plugin sees them."""
        faults: list[Fault] = []
        values = [fields.of_object(value, faults) for value in self.manifests()]
        return cluster.of_objects(values, HostNetwork.AS_NODES)

    @cached_property
    def ingress(self) -> tuple[PodIsolation, ...]:
        """What may send to each pod of :attr:`cluster`."""
        return pods_isolation.isolations(self.cluster, Direction.INGRESS)

    @cached_property
    def egress(self) -> tuple[PodIsolation, ...]:
        """What each pod of :attr:`cluster` may send to."""
        return pods_isolation.isolations(self.cluster, Direction.EGRESS)

    @property
    def enforced_otherwise(self) -> tuple[Finding, ...]:
        """What Amazon's plugin makes of all this, where that differs from how it reads; see :attr:`misread`."""
        return self._enforcement[0]

    @property
    def misread(self) -> str:
        """Why nobody can tell what the plugin makes of it; empty when it can be told."""
        return self._enforcement[1]

    @cached_property
    def _enforcement(self) -> tuple[tuple[Finding, ...], str]:
        services = map(manifest, self._objects.of_kind(SERVICE))
        try:
            return eks_enforcement.findings([*self.manifests(), *services]), ""
        except ConfigError as error:
            return (), "; ".join(f"{each.path} is {each.found}" for each in error.faults)

    def manifests(self) -> Iterator[dict[str, object]]:
        """Give what decides about connections, as manifests; policies that can't be read are left out."""
        for namespace in self._objects.of_kind(NAMESPACE):
            yield manifest(namespace)
            yield _any_pod(namespace.name)
        for each in self.written:
            if each.policy:
                yield manifest(each.object)
        for template in self._pods:
            yield manifest(template.object)


def address(text: str) -> Range:
    """Return an address or a block as the policies' evaluator takes it."""
    return of_network(ipaddress.ip_network(text))


def _written(found: Object) -> Written:
    if any(is_unknown(at(found.resource, path)) for path in ("spec", "metadata.namespace", "metadata.name")):
        return Written(found, None)
    faults: list[Fault] = []
    policy = reading.policy(fields.of_object(manifest(found), faults))
    if faults:
        return Written(found, None, "; ".join(f"{each.path} is {each.found}" for each in faults))
    return Written(found, policy)


def _any_pod(namespace: str) -> dict[str, object]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"namespace": namespace, "name": ANY_POD},
        "spec": {"template": {"spec": {"containers": []}}},
    }
