"""NP-02: no pod of one namespace reaches a pod of another."""

import ipaddress
from collections.abc import Iterator

from seatrial.rules.facts.isolation import Isolation, Written
from seatrial.rules.facts.kinds import NAMESPACE
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.types import NODE_GROUP, SUBNET
from seatrial.rules.facts.values import at, entries, items, text, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics.network_policy import reachability

_EARLIER = (
    "AdminNetworkPolicy.policy.networking.k8s.io",
    "ApplicationNetworkPolicy.networking.k8s.aws",
    "ClusterNetworkPolicy.networking.k8s.aws",
    "ClusterNetworkPolicy.policy.networking.k8s.io",
)
"""Kinds of policies that decide beside or before those of namespaces, and that no evaluator here reads."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _examine(view: View) -> Iterator[Observation]:
    isolation = view.isolation
    namespaces = {each.name: each for each in view.objects.of_kind(NAMESPACE)}
    sides = zip(isolation.cluster.pods, isolation.ingress, strict=True)
    open_ = {pod.workload.namespace for pod, side in sides if side.is_open and not pod.host_network}
    flows = _flows(isolation, frozenset(namespaces) - open_)
    for name, namespace in namespaces.items():
        if any(each.policy is None for each in isolation.by_namespace.get(name, ())):
            yield unknown(namespace.resource, "from")
        elif name in open_:
            yield broken(namespace.resource, "from", f"a pod of {name} is isolated by no policy: everybody reaches it")
        else:
            yield from _namespace(namespace, flows.get(name, {}))
    for each in view.objects.of_kind(*_EARLIER):
        if _lets_in(each):
            yield unknown(each.resource, "spec.ingress", f"{each.title} lets in before any policy of a namespace does")
    pods = _pod_networks(view)
    for each in isolation.written:
        yield from _blocks(each, pods)


def _lets_in(found: Object) -> bool:
    """Tell whether a policy of the whole cluster lets something in; one that only denies opens nothing."""
    rules = [values for _, values in entries(found.resource, "spec.ingress")]
    return any(text(each.get("action")) not in {"Deny", "Pass"} for each in rules)


def _namespace(namespace: Object, sources: dict[str, str]) -> Iterator[Observation]:
    for source, found in sorted(sources.items()):
        yield broken(namespace.resource, f"from.{source}", found)
    if not sources:
        yield met(namespace.resource, "from", f"no pod of another namespace reaches {namespace.name}")


def _flows(isolation: Isolation, judged: frozenset[str]) -> dict[str, dict[str, str]]:
    """Find what passes between namespaces: to whom, from whom, and by an example what."""
    pods, found = isolation.cluster.pods, dict[str, dict[str, str]]()
    for source, destination in reachability.candidates(isolation.ingress, isolation.egress):
        there, here = pods[source].workload, pods[destination].workload
        if there.namespace == here.namespace or here.namespace not in judged or there.namespace not in judged:
            continue
        target = pods[destination]
        ports = isolation.ingress[destination].ports(source, target)
        ports &= isolation.egress[source].ports(destination, target)
        if ports:
            found.setdefault(here.namespace, {}).setdefault(there.namespace, f"{there} reaches {here}: {ports}")
    return found


def _pod_networks(view: View) -> tuple[Network, ...]:
    """Return where pods get their addresses: the subnets of nodes."""
    subnets = {
        subnet.urn: text(at(subnet, "cidrBlock"))
        for group in view.of_type(NODE_GROUP)
        for subnet in view.references.of(group, "subnetIds", SUBNET).resources
    }
    return tuple(ipaddress.ip_network(cidr) for cidr in subnets.values() if cidr)


def _blocks(written: Written, pods: tuple[Network, ...]) -> Iterator[Observation]:
    """Find sources by address that pods of any namespace may have."""
    resource = written.object.resource
    for rule, values in entries(resource, "spec.ingress") if written.policy else ():
        for index, peer in enumerate(items(values.get("from"))):
            cidr = text(within(peer, "ipBlock.cidr"))
            excepted = [ipaddress.ip_network(each) for each in map(text, items(within(peer, "ipBlock.except")))]
            meant = [pod for pod in pods if cidr and _means(ipaddress.ip_network(cidr, strict=False), excepted, pod)]
            if meant:
                path = f"{rule}.from[{index}].ipBlock.cidr"
                yield broken(resource, path, f"{cidr}, where pods of every namespace have their addresses")


def _means(block: Network, excepted: list[Network], pods: Network) -> bool:
    if block.version != pods.version or not block.overlaps(pods):
        return False
    return not any(pods.subnet_of(each) for each in excepted if each.version == pods.version)  # type: ignore[arg-type]


RULE = Rule(
    id="NP-02",
    severity=Severity.CRITICAL,
    title="No pod of one namespace reaches a pod of another",
    needs="a namespace",
    why="Tenants share nodes and addresses: one policy too wide and each is in the other's network.",
    allowed="traffic within a namespace, to DNS, and from addresses that pods don't have",
    remedy="take the peer out of the policy that lets it through; the policies of `tenants` name their own pods alone",
    sources=(
        *cited(Framework.CIS_EKS, "5.4.4"),
        *cited(Framework.PRACTICES, "Tenant Isolation: network policies"),
    ),
    examine=_examine,
)
