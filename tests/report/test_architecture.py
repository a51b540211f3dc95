"""What a plan comes to, before it is drawn: namespaces, flows, and the drawing in DOT and Mermaid."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from seatrial import plan
from seatrial.config import parse_platform
from seatrial.plan import Plan, Resource
from seatrial.plan.render import dot, mermaid
from seatrial.plan.render.diagram import Node, walk
from seatrial.report.architecture import diagram, flows, namespaces
from seatrial.report.html import drawing
from seatrial.rules import View

Shipped = Callable[[str], Plan]
SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 11, 23)
EMPTY = Plan(project="p", stack="s", resources=())
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


def described(**sections: object) -> Plan:
    needed = {"environment": "x", "environmentSuffix": "x", "owner": "x", "costCenter": "x"}
    admins = {"cluster": {"admins": {"us": "arn:aws:iam::000000000000:role/us"}}}
    return plan.of_platform(parse_platform({**needed, **admins, **sections}), project="p", stack="s")


def resource(type_: str, name: str, **inputs: Any) -> Resource:
    urn = f"urn:pulumi:s::p::{type_}::{name}"
    return Resource(
        urn=urn, type=type_, name=name, parent="", provider="", custom=True, id=name, inputs=inputs, outputs=inputs
    )


def namespaced(type_: str, namespace: str, name: str, **inputs: Any) -> Resource:
    return resource(type_, f"{namespace}-{name}", metadata={"namespace": namespace, "name": name}, **inputs)


def namespace(name: str) -> Resource:
    return resource("kubernetes:core/v1:Namespace", name, metadata={"name": name, "labels": {"tier": name}})


def policy(namespace: str, name: str = "only", **spec: Any) -> Resource:
    return namespaced(POLICY, namespace, name, spec={"podSelector": {}, "policyTypes": ("Ingress", "Egress"), **spec})


def planned(*resources: Resource) -> Plan:
    return replace(EMPTY, resources=resources)


def told(made: Plan) -> list[str]:
    found = flows.flows(View(made, DAY))
    return [f"{_end(flow.source)} > {_end(flow.target)}: {flow.ports}" for flow in found]


def _end(end: flows.End) -> str:
    name = f"ns {end.name}" if end.is_namespace else end.name
    return f"{name} [{end.pods}]" if end.pods else name


def test_the_flows_of_the_shipped_platform_are_those_that_its_policies_allow(shipped: Shipped) -> None:
    expected = {
        "ns dev > AWS and the world outside: TCP 443",
        "ns dev > DNS: TCP 53, UDP 53",
        "ns dev > Pod Identity agent: TCP 80, 443",
        "ns dev > ns dev: every port",
        "ns dev [seatrial.io/api-access=true] > Kubernetes API: TCP 443",
        "ns dev [seatrial.io/api-access=true] > private subnets: API, nodes, endpoints: TCP 443",
        "load balancers in public subnets > ns dev [seatrial.io/load-balanced=true]: every port",
    }

    for stack in ("dev", "prod"):
        found = told(shipped(stack))
        assert set(found) == expected | {each.replace("ns dev", "ns prod") for each in expected}
        assert len(found) == len(set(found))


OPEN = {"cidr": "0.0.0.0/0"}


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        pytest.param(
            [],
            [
                "AWS and the world outside > ns a: every port",
                "AWS and the world outside > ns b: every port",
                "ns a > AWS and the world outside: every port",
                "ns a > ns a: every port",
                "ns a > ns b: every port",
                "ns b > AWS and the world outside: every port",
                "ns b > ns a: every port",
                "ns b > ns b: every port",
            ],
            id="no policy holds nothing back",
        ),
        pytest.param([policy("a"), policy("b")], [], id="nothing is allowed"),
        pytest.param(
            [policy("a", egress=({"to": ({"podSelector": {}},), "ports": ({"port": 1, "endPort": 9},)},)), policy("b")],
            [],
            id="one side is not enough",
        ),
        pytest.param(
            [
                policy("a", egress=({"to": ({"namespaceSelector": {"matchLabels": {"tier": "b"}}},)},)),
                policy("b", ingress=({"from": ({"namespaceSelector": {}},), "ports": ({"protocol": "UDP"},)},)),
            ],
            ["ns a > ns b: UDP"],
            id="from one namespace to another",
        ),
        pytest.param(
            [
                policy("a", egress=({"to": ({"ipBlock": {"cidr": "198.51.100.0/24"}},)},)),
                policy("a", "more", egress=({"to": ({"ipBlock": {"cidr": "192.0.2.7/32"}},)},)),
                policy("b"),
            ],
            ["ns a > 192.0.2.7: every port", "ns a > 198.51.100.0 to 198.51.100.255: every port"],
            id="addresses that nobody has a name for",
        ),
        pytest.param(
            [
                policy("a", egress=({"to": ({"ipBlock": OPEN},)}, {"to": ({"ipBlock": {"cidr": "192.0.2.7/32"}},)})),
                policy("b"),
            ],
            ["ns a > AWS and the world outside: every port"],
            id="a few addresses of the world follow from it",
        ),
        pytest.param(
            [
                policy("a", egress=({"to": ({"podSelector": {}},)},)),
                policy(
                    "a", "web", podSelector={"matchLabels": {"app": "web"}}, ingress=({"from": ({"podSelector": {}},)},)
                ),
                policy("b"),
            ],
            ["ns a > ns a [app=web]: every port"],
            id="certain pods of one namespace",
        ),
        pytest.param(
            [
                policy(
                    "a", egress=({"to": ({"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "db"}}},)},)
                ),
                policy(
                    "b",
                    podSelector={"matchLabels": {"app": "db"}},
                    ingress=({"from": ({"namespaceSelector": {}},), "ports": ({"port": 5432},)},),
                ),
                policy("b", "deny"),
            ],
            ["ns a > ns b [app=db]: TCP 5432"],
            id="certain pods of another namespace",
        ),
        pytest.param([policy("a", podSelector="every"), policy("a", "deny"), policy("b")], [], id="wrong form"),
    ],
)
def test_what_policies_allow_is_told_with_its_ports(policies: list[Resource], expected: list[str]) -> None:
    assert told(planned(namespace("a"), namespace("b"), *policies)) == expected


def test_namespaces_tell_what_holds_there_and_who_works_there(shipped: Shipped) -> None:
    found = {each.name: each for each in namespaces.namespaces(View(shipped("prod"), DAY))}

    assert [*found] == ["dev", "prod", "kube-system"]
    assert (found["dev"].level, found["prod"].level, found["kube-system"].level) == ("baseline", "restricted", "")
    assert found["dev"].teams == ("team-dev, read-write: role/dev-team",)
    assert found["prod"].teams == ("team-prod, read-only: role/prod-team",)
    assert found["prod"].quota[:3] == ("12 CPU", "48Gi memory", "64Gi memory limit")
    assert (found["prod"].policies, found["kube-system"].policies) == (7, 0)
    assert [each.is_planned for each in found.values()] == [True, True, False]
    charts = [each.partition(" ")[0] for each in found["kube-system"].charts]
    assert charts == ["aws-load-balancer-controller", "cluster-autoscaler", "aws-node-termination-handler"]


def test_service_accounts_have_the_roles_that_trust_them(shipped: Shipped) -> None:
    found = {each.name: each for each in namespaces.namespaces(View(shipped("prod"), DAY))}
    roles = {
        account.name: [role.name for role in account.roles]
        for name in ("dev", "kube-system")
        for account in found[name].accounts
    }

    assert roles["irsa-demo-sa"] == ["eks-irsa-demo-role-prod"]
    assert roles["cluster-autoscaler"] == ["eks-cluster-autoscaler-role-prod"]
    # Of an add-on: the plan has its role, not its service account.
    assert roles["aws-node"] == ["eks-vpc-cni-role-prod"]
    assert roles["workload"] == []


def test_a_binding_to_a_role_that_the_plan_has_not_got_names_it() -> None:
    binding = namespaced(
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        "a",
        "team",
        roleRef={"kind": "ClusterRole", "name": "view"},
        subjects=({"kind": "Group", "name": "people"},),
    )

    (found,) = namespaces.namespaces(View(planned(namespace("a"), binding), DAY))

    assert found.teams == ("people, role view: nobody yet",)
    assert found.quota == ()


def names(roots: Iterable[Node]) -> set[str]:
    return {node.name for node, _, _ in walk(tuple(roots))}


def test_the_diagram_has_network_cluster_namespaces_and_roles(shipped: Shipped) -> None:
    made = diagram.diagram(shipped("prod"))

    found = names(made.roots)
    assert {"AWS and the world outside", "VPC 10.64.0.0/16", "eks-cluster-prod", "IAM roles", "3 keys"} <= found
    assert {"us-east-2c", "private 10.64.128.0/18", "NAT gateway", "eks-spot-ng-prod", "1 endpoint"} <= found
    assert {"namespace kube-system", "namespace dev", "any pod", "irsa-demo-sa", "3 charts", "DNS"} <= found
    assert {arrow.label for arrow in made.arrows if not arrow.is_faint} == {
        "TCP 443",
        "TCP 53, UDP 53",
        "TCP 80, 443",
        "every port",
    }


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_arrows_lead_from_and_to_what_is_drawn_once(shipped: Shipped, stack: str) -> None:
    made = diagram.diagram(shipped(stack))

    ids = [node.id for node, _, is_end in walk(made.roots) if not is_end]
    assert len(ids) == len(set(ids))
    assert {end for arrow in made.arrows for end in (arrow.source, arrow.target)} <= set(ids)
    assert not {node.id for node, _, _ in walk(made.roots) if node.is_box} & {arrow.source for arrow in made.arrows}


def test_both_languages_draw_the_same(shipped: Shipped) -> None:
    made = diagram.diagram(shipped("prod"))

    in_dot = re.findall(r"^  (n\d+) -> (n\d+)", dot.render(made), re.MULTILINE)
    in_mermaid = re.findall(r"^  (n\d+) -\.?->(?:\|.*\|)? (n\d+)", mermaid.render(made), re.MULTILINE)
    assert in_dot == in_mermaid
    assert len(in_dot) == len(made.arrows)


def test_a_network_without_a_cluster_inside_is_drawn_too() -> None:
    found = names(diagram.diagram(described(network={"nat": "regional"}, kubernetes={"enabled": False})).roots)

    assert "NAT gateway" in found
    assert "Kubernetes API" in found


def test_a_network_without_nat_leads_nowhere() -> None:
    made = diagram.diagram(described(network={"nat": "none"}, kubernetes={"enabled": False}))

    assert "NAT gateway" not in names(made.roots)
    assert "14 endpoints" in names(made.roots)


def test_a_way_to_what_is_not_drawn_is_not_drawn(shipped: Shipped) -> None:
    made = shipped("dev")
    route = made.named("eks-private-default-route-us-east-2a-dev")
    elsewhere = replace(route, inputs={**route.inputs, "natGatewayId": None, "transitGatewayId": "tgw-1"})

    turned = replace(made, resources=tuple(elsewhere if each == route else each for each in made))

    assert len(diagram.diagram(turned).arrows) == len(diagram.diagram(made).arrows) - 1


def test_what_a_quota_leaves_open_is_not_told() -> None:
    quota = namespaced("kubernetes:core/v1:ResourceQuota", "a", "all", spec={"hard": {"pods": "5"}})

    (found,) = namespaces.namespaces(View(planned(namespace("a"), quota), DAY))

    assert found.quota == ("5 pods",)


def test_an_empty_plan_is_an_empty_diagram() -> None:
    assert diagram.diagram(EMPTY).roots == ()


MANY = tuple(namespace(f"team-{number:03}") for number in range(40))
CLUSTER = resource("aws:eks/cluster:Cluster", "cluster")


def test_of_many_namespaces_the_first_are_drawn_and_the_others_counted() -> None:
    account = namespaced("kubernetes:core/v1:ServiceAccount", "kube-system", "one")
    made = planned(CLUSTER, *MANY, account, *(policy(each.name) for each in MANY))

    found = names(diagram.diagram(made).roots)
    assert sum(name.startswith("namespace ") for name in found) == diagram.MOST_NAMESPACES
    assert f"and {41 - diagram.MOST_NAMESPACES} more namespaces" in found
    text = drawing.draw(View(made, DAY), frozenset())
    assert text.count(">namespace team-") == 23
    # What every cluster has is never what is left out.
    assert text.count(">namespace kube-system") == 1
    assert "namespace kube-system" in found
    assert "and 17 more namespaces" in text


def test_of_many_arrows_of_a_namespace_the_first_are_drawn_and_the_others_counted() -> None:
    rules = tuple({"to": ({"ipBlock": {"cidr": f"198.51.100.{2 * number}/32"}},)} for number in range(20))
    text = drawing.draw(View(planned(namespace("a"), policy("a", egress=rules)), DAY), frozenset())

    picture = ET.fromstring(text)  # noqa: S314 (our own text)
    assert len([line for line in picture.iter(f"{SVG}polyline") if line.get("class") == "way flow"]) == 12
    assert "and 8 more arrows" in text
    _, _, _, height = map(float, (picture.get("viewBox") or "").split())
    assert all(float(each.get("y") or 0) <= height for each in picture.iter(f"{SVG}text"))


def test_a_namespace_with_a_finding_in_it_is_marked() -> None:
    bad = policy("a")

    text = drawing.draw(View(planned(namespace("a"), namespace("b"), bad), DAY), frozenset({bad.urn}))

    assert text.count('class="namespace bad"') == 1
    assert text.count('class="namespace"') == 1


def test_a_network_with_nothing_in_it_is_an_empty_box() -> None:
    made = planned(resource("aws:ec2/vpc:Vpc", "net", cidrBlock="10.0.0.0/16"))

    assert names(diagram.diagram(made).roots) == {"VPC 10.0.0.0/16"}
