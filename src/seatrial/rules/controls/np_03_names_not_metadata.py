"""NP-03: every pod may ask for names, none reaches its node's metadata service, and only listed ones the API."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_network

from seatrial.plan import Resource
from seatrial.rules.facts.isolation import ANY_POD, address
from seatrial.rules.facts.kinds import NAMESPACE, NETWORK_POLICY
from seatrial.rules.facts.types import CLUSTER
from seatrial.rules.facts.values import at, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics.network_policy.addresses import Range
from seatrial.semantics.network_policy.intervals import covers
from seatrial.semantics.network_policy.isolation import Isolation
from seatrial.semantics.network_policy.pods import Pod
from seatrial.semantics.network_policy.ports import Protocol

_METADATA = "169.254.169.254/32"
"""The instance metadata service (EC2 user guide, "Instance metadata")."""
_METADATA_IPV6 = "fd00:ec2::254/128"
_SERVICES = ("10.100.0.0/16", "172.20.0.0/16")
"""Ranges of Services that EKS chooses from when nobody does (EKS user guide, "VPC and Subnet Considerations")."""

_HTTPS = (443, 443)


def _examine(view: View) -> Iterator[Observation]:
    nameless = {each.subject: each.message for each in view.isolation.enforced_otherwise if each.id == "dns"}
    holders, services = _holders(view), _services(view)
    for pod, egress in zip(view.isolation.cluster.pods, view.isolation.egress, strict=True):
        resource = holders.get((pod.workload.namespace, pod.workload.name))
        if resource and not pod.host_network:
            yield from _metadata(view, resource, pod, egress)
            yield from _api(resource, pod, egress, services)
            if view.isolation.misread:
                yield unknown(resource, "to.dns", view.isolation.misread)
            else:
                yield _names(resource, pod, egress, nameless.get(str(pod.workload), ""))


def _holders(view: View) -> Mapping[tuple[str, str], Resource]:
    """Return what a finding about a pod is about: its object, or the namespace that any pod is in."""
    namespaces = {(each.name, ANY_POD): each.resource for each in view.objects.of_kind(NAMESPACE)}
    return {**namespaces, **{(each.object.namespace, each.object.name): each.resource for each in view.pods}}


def _metadata(view: View, resource: Resource, pod: Pod, egress: Isolation) -> Iterator[Observation]:
    path, where = "to.metadata", _places(view)
    if egress.is_open:
        yield broken(resource, path, f"no policy isolates what {pod.workload} sends")
        return
    ranges = [(place, address(place)) for place in where]
    reached = {grant.policy: place for place, range_ in ranges for grant in egress.grants if grant.means(range_)}
    for name, place in sorted(reached.items()):
        namespace, _, policy = name.partition("/")
        written = view.objects.find(NETWORK_POLICY, policy, namespace)
        holder = written.resource if written else resource
        yield broken(holder, f"{path}.{pod.workload.name}", f"{name} lets {pod.workload} reach {place}")
    if not reached:
        yield met(resource, path, f"{pod.workload} doesn't reach {' or '.join(where)}")


def _places(view: View) -> tuple[str, ...]:
    """Return where the metadata service answers; by IPv6 only where pods have such addresses."""
    families = {text(at(cluster, "kubernetesNetworkConfig.ipFamily")) for cluster in view.of_type(CLUSTER)}
    return (_METADATA, _METADATA_IPV6) if "ipv6" in families else (_METADATA,)


def _services(view: View) -> tuple[Range, ...]:
    """Return where the Kubernetes API answers: at the first address of the Services' range."""
    said = [text(at(cluster, "kubernetesNetworkConfig.serviceIpv4Cidr")) for cluster in view.of_type(CLUSTER)]
    known = [cidr for cidr in said if cidr] or _SERVICES
    return tuple(address(str(ip_network(cidr)[1])) for cidr in known)


def _api(resource: Resource, pod: Pod, egress: Isolation, services: tuple[Range, ...]) -> Iterator[Observation]:
    """Judge that pods without a label of their own don't reach the Kubernetes API; those that ask it are labelled."""
    if pod.workload.name != ANY_POD or egress.is_open:
        return
    reached = [each for each in services if covers(egress.ports(each, None).of(Protocol.TCP), _HTTPS)]
    if reached:
        yield broken(resource, "to.api", f"{pod.workload} reaches the Kubernetes API at {reached[0]}")
    else:
        yield met(resource, "to.api", f"{pod.workload} doesn't reach the Kubernetes API")


def _names(resource: Resource, pod: Pod, egress: Isolation, message: str) -> Observation:
    path = "to.dns"
    if message:
        return broken(resource, path, f"{pod.workload}: {message}")
    if not egress.is_open and not egress.grants:
        return broken(resource, path, f"{pod.workload} may send nothing, and so ask for no name")
    return met(resource, path, f"{pod.workload} may ask for names")


RULE = Rule(
    id="NP-03",
    severity=Severity.HIGH,
    title="Every pod may ask for names, none reaches node credentials, and listed ones the API",
    needs="a namespace or a pod",
    why="The metadata service gives who asks the credentials of the node; without names nothing finds anything.",
    allowed=f"egress to CoreDNS over UDP and TCP 53, none to {_METADATA}, and to the API for pods by label",
    remedy=f"except {_METADATA} and the range of Services from the block that means them; the policies of `tenants` do",
    sources=(
        *cited(Framework.PRACTICES, "Network Security: create a rule to allow DNS queries"),
        *cited(Framework.MITRE, "C-0052"),
    ),
    examine=_examine,
)
