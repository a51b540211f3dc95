"""NET-09: the AWS APIs are reached inside the network where there is no other way, and by whom they are meant for."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.policies import Policy
from seatrial.rules.facts.statements import PRINCIPAL_KEYS, Statement, is_bound
from seatrial.rules.facts.types import ENDPOINT, NODE_GROUP, ROUTE_TABLE, SUBNET, VPC
from seatrial.rules.facts.values import at, is_true, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, judged, met, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_NEEDED = ("ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "logs", "sts")
"""What a node and its add-ons can't do without (EKS user guide, "Deploy private clusters")."""


_OF_OTHERS = "com.amazonaws.vpce."
"""How the services of others begin."""

_KEYS = (*PRINCIPAL_KEYS, "aws:ResourceAccount", "aws:ResourceOrgID")
"""Condition keys that say whose principals, or whose resources."""


def _examine(view: View) -> Iterator[Observation]:
    subnets = {subnet.urn: subnet for group in view.of_type(NODE_GROUP) for subnet in _subnets(view, group)}
    for subnet in subnets.values():
        yield _subnet(view, subnet)
    # Endpoints of others, and of balancers of gateways, take no policy.
    for endpoint in filter(_is_of_aws, view.of_type(ENDPOINT)):
        policies = view.guards.get(endpoint.urn, ())
        if not policies:
            yield broken(endpoint, "policy", "nothing, which admits everyone to everything", allowed=_POLICY)
        yield from map(_policy, policies)
        if at(endpoint, "vpcEndpointType") == "Interface":
            yield judged(endpoint, "privateDnsEnabled", is_true, "true: nodes ask for the public names")


def _subnets(view: View, group: Resource) -> tuple[Resource, ...]:
    return view.references.of(group, "subnetIds", SUBNET).resources


def _subnet(view: View, subnet: Resource) -> Observation:
    tables = [view.references.of(each, "routeTableIds", ROUTE_TABLE) for each in _endpoints(view, subnet, "s3")]
    if any(referred.is_unknown for referred in tables) or view.routing.is_unknown(subnet):
        return unknown(subnet, "")
    table = view.routing.table(subnet)
    has_gateway = table is not None and any(table in referred.resources for referred in tables)
    has_way_out = bool(view.routing.defaults(subnet))
    lacking = [] if has_gateway else ["the gateway of s3"]
    if not has_way_out:
        lacking += [f"an interface of {each}" for each in _NEEDED if not _endpoints(view, subnet, each)]
    found = f"{'a' if has_way_out else 'no'} way out; it lacks {', '.join(lacking) or 'nothing'}"
    return weighed(subnet, "", is_met=not lacking, found=found)


def _endpoints(view: View, subnet: Resource, service: str) -> list[Resource]:
    vpcs = view.references.of(subnet, "vpcId", VPC).resources
    return [
        endpoint
        for endpoint in view.of_type(ENDPOINT)
        if _service(endpoint) == service
        and any(vpc in view.references.of(endpoint, "vpcId", VPC).resources for vpc in vpcs)
    ]


def _service(endpoint: Resource) -> str:
    """``com.amazonaws.us-east-2.ecr.api`` is ``ecr.api``; in China ``cn.`` stands before."""
    return text(at(endpoint, "serviceName")).removeprefix("cn.").split(".", maxsplit=3)[-1]


def _is_of_aws(endpoint: Resource) -> bool:
    name = text(at(endpoint, "serviceName"))
    return at(endpoint, "vpcEndpointType") != "GatewayLoadBalancer" and not name.startswith(_OF_OTHERS)


def _policy(policy: Policy) -> Observation:
    endpoint = policy.resource
    if policy.is_unknown:
        return unknown(endpoint, "policy")
    if policy.fault:
        return broken(endpoint, "policy", policy.fault, allowed=_POLICY)
    open_ = [index for index, statement in enumerate(policy.statements) if _is_open(statement)]
    if open_:
        return broken(endpoint, "policy", f"statement {open_[0]} admits everyone to everything", allowed=_POLICY)
    return met(endpoint, "policy", "every statement names an account, an action or a resource")


def _is_open(statement: Statement) -> bool:
    wide = any(action.rpartition(":")[2] == "*" for action in statement.actions) or bool(statement.not_actions)
    anything = "*" in statement.resources or bool(statement.not_resources)
    return statement.is_allow and statement.is_for_anyone and wide and anything and not is_bound(statement, _KEYS)


_POLICY = "a policy whose statements name whose principals, which actions or which resources"

RULE = Rule(
    id="NET-09",
    severity=Severity.MEDIUM,
    title="AWS is reached privately, through endpoints with a policy",
    needs="a node group or an endpoint",
    why=(
        "Nodes without NAT never join when one endpoint is missing; an endpoint without a policy is a way for data to "
        "leave with anybody's credentials."
    ),
    allowed=f"the gateway to S3 for every subnet of nodes; without NAT also {', '.join(_NEEDED)}",
    remedy="set `network.interfaceEndpoints` to true, or `network.nat` to something else than none",
    sources=cited(Framework.PRACTICES, "Private clusters", "Network security"),
    examine=_examine,
)
