"""A plan is written for people, for programs and for drawing tools."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pulumi
import pytest
from pulumi_aws.ec2.subnet import Subnet
from pulumi_aws.ec2.vpc import Vpc

from seatrial import plan
from seatrial.components.kubernetes_object import KubernetesObject
from seatrial.components.kubernetes_provider import KubernetesProvider
from seatrial.config import load_platform
from seatrial.plan import Plan
from seatrial.plan.render import dependencies, document, dot, mermaid, table
from seatrial.plan.render.diagram import Arrow, Diagram, Direction, Node

Planned = Callable[[Callable[[pulumi.ResourceOptions], object]], Plan]
Renderer = Callable[[Plan], str]
ROOT = Path(__file__).parents[2]


class Net(pulumi.ComponentResource):
    """A VPC, in a component with a quote in its name."""

    def __init__(self, opts: pulumi.ResourceOptions) -> None:
        super().__init__("shop:index:Net", 'the "net"', {}, opts)
        self.vpc = Vpc("vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


def program(options: pulumi.ResourceOptions) -> Mapping[str, object]:
    assert options.provider
    net = Net(pulumi.ResourceOptions(providers=[options.provider]))
    subnet = Subnet("sub", vpc_id=net.vpc.id, opts=pulumi.ResourceOptions(provider=options.provider, protect=True))
    more = pulumi.ResourceOptions(provider=options.provider, depends_on=[net.vpc, subnet], retain_on_delete=True)
    Subnet("last", vpc_id=net.vpc.id, tags={"z": "1", "a": pulumi.Output.secret("hush")}, opts=more)
    return {
        "id": subnet.id,
        "long": "x" * 200,
        "secret": pulumi.Output.secret("hush"),
        "list": [1, {"b": 2, "a": None}],
    }


@pytest.fixture
def small(planned: Planned) -> Plan:
    return planned(program)


KEYS = [
    "urn",
    "type",
    "name",
    "parent",
    "provider",
    "custom",
    "id",
    "inputs",
    "dependencies",
    "propertyDependencies",
    "protect",
    "retainOnDelete",
    "deletedWith",
]


def test_json_has_the_keys_that_others_rely_on(small: Plan) -> None:
    written = json.loads(document.render(small))

    assert list(written) == ["project", "stack", "resources", "outputs"]
    assert (written["project"], written["stack"]) == ("proj", "test")
    assert all(list(resource) == KEYS for resource in written["resources"])


def test_json_has_every_resource_with_its_edges(small: Plan) -> None:
    written = {each["name"]: each for each in json.loads(document.render(small))["resources"]}

    vpc, subnet = small.named("vpc"), small.named("sub")
    assert written["sub"] == {
        "urn": subnet.urn,
        "type": "aws:ec2/subnet:Subnet",
        "name": "sub",
        "parent": subnet.parent,
        "provider": subnet.provider,
        "custom": True,
        "id": subnet.id,
        "inputs": {"vpcId": vpc.id},
        "dependencies": [vpc.urn],
        "propertyDependencies": {"vpcId": [vpc.urn]},
        "protect": True,
        "retainOnDelete": False,
        "deletedWith": "",
    }


def test_json_shows_no_secret_and_sorts_what_has_no_order(small: Plan) -> None:
    text = document.render(small)

    assert "hush" not in text
    assert json.loads(text)["outputs"]["secret"] == "[secret]"
    assert '"tags": {\n          "a": "[secret]",\n          "z": "1"\n        }' in text
    assert json.loads(text)["outputs"]["list"] == [1, {"a": None, "b": 2}]


def test_json_marks_what_is_unknown(previewed: Planned) -> None:
    written = json.loads(document.render(previewed(program)))

    assert written["outputs"]["id"] == "[unknown]"


def test_a_table_is_a_tree_with_counts_and_outputs(small: Plan) -> None:
    lines = table.render(small).splitlines()

    assert lines[0] == "proj/test: 3 resources in 1 component"
    assert lines[1:8] == [
        "proj-test  Stack",
        "├── aws  provider aws",
        '├── the "net"  Net',
        "│   └── vpc  ec2 Vpc",
        "├── sub  ec2 Subnet  protected",
        "└── last  ec2 Subnet  retained",
        "",
    ]
    assert re.search(r"^ec2 Subnet +2$", "\n".join(lines), re.MULTILINE)
    assert re.search(r"^ec2 Vpc +1$", "\n".join(lines), re.MULTILINE)
    assert re.search(r"^secret +\[secret\]$", "\n".join(lines), re.MULTILINE)


@pytest.mark.parametrize("width", [60, 120])
def test_a_table_keeps_to_its_width(small: Plan, width: int) -> None:
    lines = table.render(small, width=width).splitlines()

    assert max(map(len, lines)) <= width
    assert any(line.startswith("long") and line.endswith("x…") for line in lines)
    assert {len(line) for line in lines if line.endswith("…")} == {width}


def test_a_table_that_is_read_on_no_screen_is_not_cut(small: Plan) -> None:
    assert "…" not in table.render(small)


def test_a_table_has_colours_when_asked(small: Plan) -> None:
    assert "\x1b[" in table.render(small, color=True)
    assert "\x1b[" not in table.render(small)


def test_drawings_nest_components_and_leave_out_what_follows(small: Plan) -> None:
    text = mermaid.render(dependencies.diagram(small))

    ids = {name: number for number, name in re.findall(r'(n\d+)\["(.+?)(?:<br/>| <i>)', text)}
    assert set(ids) == {"the #quot;net#quot;", "vpc", "sub", "last"}
    assert re.search(r"subgraph n\d+\[.*net.*\n    n\d+\[\"vpc<br/><i>Vpc</i>\"\]\n  end", text)
    assert set(re.findall(r"(n\d+) --> (n\d+)", text)) == {(ids["sub"], ids["vpc"]), (ids["last"], ids["sub"])}


def test_dot_draws_the_same_as_mermaid(small: Plan) -> None:
    text = dot.render(dependencies.diagram(small))

    assert text.startswith('digraph "proj-test" {\n')
    assert text.endswith("}\n")
    assert text.count("{") == text.count("}")
    assert re.search(
        r'subgraph cluster_n\d+ \{ label="the \\"net\\"\\nNet";\n    n\d+ \[label="vpc\\nVpc"\];\n  \}', text
    )
    assert set(re.findall(r"(n\d+) -> (n\d+)", text)) == set(
        re.findall(r"(n\d+) --> (n\d+)", mermaid.render(dependencies.diagram(small)))
    )


def objects(options: pulumi.ResourceOptions) -> None:
    """Register a VPC and, by a provider that waits for it, three objects of a kind, each after the one before."""
    vpc = Vpc("vpc", cidr_block="10.0.0.0/16", opts=options)
    way = pulumi.ResourceOptions(depends_on=[vpc])
    provider = KubernetesProvider("cluster", {"kubeconfig": "{}", "cluster_identifier": "c"}, way)
    before: list[pulumi.Resource] = [vpc]
    for name in ("a", "b", "c"):
        manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        before = [KubernetesObject(name, manifest, pulumi.ResourceOptions(provider=provider, depends_on=before))]


def test_objects_of_one_kind_and_component_are_drawn_as_one_and_providers_not_at_all(planned: Planned) -> None:
    text = mermaid.render(dependencies.diagram(planned(objects)))

    ids = {name: number for number, name in re.findall(r'(n\d+)\["(.+?)(?:<br/>| <i>)', text)}
    assert set(ids) == {"vpc", "a and 2 more"}
    assert re.findall(r"(n\d+) --> (n\d+)", text) == [(ids["a and 2 more"], ids["vpc"])]


class Pair(pulumi.ComponentResource):
    """Two VPCs."""

    def __init__(self, opts: pulumi.ResourceOptions) -> None:
        super().__init__("shop:index:Pair", "pair", {}, opts)
        for name in ("one", "two"):
            Vpc(name, cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


def after_a_pair(options: pulumi.ResourceOptions) -> None:
    assert options.provider
    pair = Pair(pulumi.ResourceOptions(providers=[options.provider]))
    Vpc("last", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=options.provider, depends_on=[pair]))


def test_what_waits_for_all_of_a_component_is_drawn_as_waiting_for_the_component(planned: Planned) -> None:
    text = mermaid.render(dependencies.diagram(planned(after_a_pair)))

    ids = {name: number for number, name in re.findall(r'(n\d+)\["(.+?)(?:<br/>| <i>)', text)}
    assert re.findall(r"(n\d+) --> (n\d+)", text) == [(ids["last"], ids["pair"])]
    arrow = f"  {ids['last']} -> {ids['one']} [lhead=cluster_{ids['pair']}];"
    assert arrow in dot.render(dependencies.diagram(planned(after_a_pair))).splitlines()


def drawn_in_dot(made: Plan) -> str:
    return dot.render(dependencies.diagram(made))


def drawn_in_mermaid(made: Plan) -> str:
    return mermaid.render(dependencies.diagram(made))


@pytest.mark.parametrize("renderer", [document.render, table.render, drawn_in_dot, drawn_in_mermaid])
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_stack_of_the_project_can_be_written(stack: str, renderer: Renderer) -> None:
    platform = load_platform(ROOT / f"Pulumi.{stack}.yaml")
    made = plan.of_platform(platform, project="seatrial", stack=stack)

    assert f"eks-cluster-{stack}" in renderer(made)


ARROWS = Diagram(
    title="a-b",
    direction=Direction.RIGHT,
    roots=(
        Node("box", "A <box>", children=(Node("in", "in", ("first", 'the "second"')),), is_box=True),
        Node("x", "x"),
    ),
    arrows=(
        Arrow("x", "box"),
        Arrow("x", "in", "TCP 443"),
        Arrow("in", "x", is_faint=True),
        Arrow("in", "in", 'a "b"', is_faint=True),
    ),
)


def test_arrows_have_labels_and_may_be_faint_in_dot() -> None:
    assert dot.render(ARROWS).splitlines()[-5:-1] == [
        "  x -> in [lhead=cluster_box];",
        '  x -> in [label="TCP 443"];',
        "  in -> x [style=dashed, color=gray60];",
        '  in -> in [label="a \\"b\\"", style=dashed, color=gray60];',
    ]


def test_arrows_have_labels_and_may_be_faint_in_mermaid() -> None:
    assert mermaid.render(ARROWS).splitlines()[3:] == [
        "flowchart LR",
        '  subgraph box["A #lt;box#gt;"]',
        '    in["in<br/><i>first</i><br/><i>the #quot;second#quot;</i>"]',
        "  end",
        '  x["x"]',
        "  x --> box",
        '  x -->|"TCP 443"| in',
        "  in -.-> x",
        '  in -.->|"a #quot;b#quot;"| in',
    ]
