"""The page for a browser: whole in itself, well-formed, and with everything that was found."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from importlib.metadata import version
from xml.etree import ElementTree as ET

import pytest

from seatrial import plan, rules
from seatrial.config import parse_platform
from seatrial.plan import Plan
from seatrial.report import Format, render
from seatrial.report.html import drawing
from seatrial.report.html.shapes import Box
from seatrial.rules import View

SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "input"}


class _Tree(HTMLParser):
    """Checks that elements are closed in order, and remembers them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.elements if name == tag)


@pytest.fixture
def page(faulty: rules.Outcome, faulty_plan: Plan) -> str:
    return render(faulty, faulty_plan, Format.HTML)


@pytest.fixture
def tree(page: str) -> _Tree:
    parsed = _Tree()
    parsed.feed(page)
    assert parsed.open == []
    return parsed


def test_the_page_needs_nothing_else(tree: _Tree, page: str) -> None:
    assert not [each for each in tree.elements if {"src", "href"} & each[1].keys()]
    assert "url(http" not in page
    assert "@import" not in page


def test_the_page_says_when_and_by_what_it_was_checked(page: str) -> None:
    assert f"checked on 2026-11-23 by seatrial {version('seatrial')}" in page


def test_the_page_has_every_control_with_what_it_is_filtered_by(tree: _Tree) -> None:
    controls = list(tree.of("details"))

    assert {control["id"] for control in controls} == set(rules.ids())
    assert {control["data-status"] for control in controls} == {"failed", "waived", "passed", "not applicable"}
    assert all(control["data-severity"] for control in controls)
    assert [control["id"] for control in controls if "open" in control] == ["NODE-01", "NP-04", "CP-11"]


def test_the_filters_offer_every_status_and_severity(tree: _Tree) -> None:
    boxes = [(each["name"], each["value"]) for each in tree.of("input") if each.get("type") == "checkbox"]

    assert boxes == [
        *(("status", status.value) for status in rules.Status),
        *(("severity", severity.value) for severity in rules.Severity),
    ]


def test_the_page_tells_findings_waivers_reasons_and_evidence(page: str) -> None:
    assert "<h3>eks-spot-lt-prod <code>metadataOptions.httpTokens</code></h3>" in page
    assert "<h3>the description <code>waivers[NP-04 *].expires</code></h3>" in page
    assert "<dd>A pilot that nobody relies on yet.</dd>" in page
    assert "Not applicable: the plan doesn't have a network ACL." in page
    assert "only known after a deployment (a plan can't prove it)" in page
    assert "<td>eks-private-subnet-us-east-2a-prod is private</td>" in page


def test_what_comes_from_the_plan_is_escaped(faulty: rules.Outcome, faulty_plan: Plan) -> None:
    evil = "<script>alert(1)</script>"
    result = next(each for each in faulty.results if each.findings)
    forged = replace(result, findings=(replace(result.findings[0], found=evil, urn=f"urn::{evil}"),))

    page = render(replace(faulty, results=(forged,), project=evil), faulty_plan, Format.HTML)

    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page


def test_both_schemes_define_the_same_colors(page: str) -> None:
    light, dark = re.findall(r":root \{(.*?)\}", page, re.DOTALL)

    assert set(re.findall(r"--[\w-]+(?=:)", light)) == set(re.findall(r"--[\w-]+(?=:)", dark))
    assert set(re.findall(r"var\((--[\w-]+)\)", page)) <= set(re.findall(r"--[\w-]+(?=:)", light))


def drawn(planned: Plan, *bad: str) -> ET.Element:
    urns = frozenset(planned.named(name).urn for name in bad)
    return ET.fromstring(drawing.draw(View(planned, date(2026, 11, 23)), urns))  # noqa: S314 (our own text)


def titles(picture: ET.Element, class_: str) -> list[str]:
    groups = [group for group in picture.iter(f"{SVG}g") if class_ in (group.get("class") or "").split()]
    return ["".join(group.find(f"{SVG}text[@class='title']").itertext()) for group in groups]  # pyright: ignore[reportOptionalMemberAccess]


def test_the_architecture_is_drawn(shipped: Callable[[str], Plan]) -> None:
    picture = drawn(shipped("prod"))

    assert titles(picture, "zone") == ["us-east-2a", "us-east-2b", "us-east-2c"]
    assert titles(picture, "nodes") == ["eks-ondemand-ng-prod", "eks-spot-ng-prod"]
    assert len(titles(picture, "public")) == len(titles(picture, "private")) == len(titles(picture, "nat")) == 3
    assert titles(picture, "cluster") == ["eks-cluster-prod"]
    assert titles(picture, "endpoints") == ["1 endpoint"]
    assert titles(picture, "side") == ["6 add-ons", "3 keys", "2 log groups"]
    assert titles(picture, "bad") == []


def test_what_has_a_finding_is_marked(shipped: Callable[[str], Plan]) -> None:
    picture = drawn(shipped("dev"), "eks-spot-ng-dev", "eks-secrets-key-dev", "eks-s3-endpoint-dev")

    assert titles(picture, "bad") == ["1 endpoint", "eks-spot-ng-dev", "3 keys"]


def described(**sections: object) -> Plan:
    needed = {"environment": "x", "environmentSuffix": "x", "owner": "x", "costCenter": "x"}
    document = {**needed, "kubernetes": {"enabled": False}, **sections}
    return plan.of_platform(parse_platform(document), project="p", stack="s")


def test_a_network_without_nat_draws_its_endpoints() -> None:
    picture = drawn(described(network={"nat": "none"}))

    assert titles(picture, "nat") == []
    assert titles(picture, "endpoints") == ["14 endpoints"]


def test_a_regional_gateway_spans_the_zones() -> None:
    assert titles(drawn(described(network={"nat": "regional"})), "nat") == ["NAT gateway"]


def test_a_public_endpoint_and_public_nodes_show() -> None:
    planned = described(cluster={"endpoint": {"public": True, "publicAccessCidrs": ["198.51.100.0/24"]}})
    subnet = planned.named("eks-public-subnet-us-east-2a-x").id
    group = planned.named("eks-spot-ng-x")
    exposed = replace(group, inputs={**group.inputs, "subnetIds": (subnet,)})

    picture = drawn(replace(planned, resources=tuple(exposed if each == group else each for each in planned)))

    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert "public: 1 to 4 nodes, spot" in texts
    assert "API public for 1 range" in texts


def test_a_way_to_elsewhere_is_not_drawn(shipped: Callable[[str], Plan]) -> None:
    planned = shipped("dev")
    route = planned.named("eks-private-default-route-us-east-2a-dev")
    elsewhere = replace(route, inputs={**route.inputs, "natGatewayId": None, "transitGatewayId": "tgw-1"})

    picture = drawn(replace(planned, resources=tuple(elsewhere if each == route else each for each in planned)))

    ways = [line for line in picture.iter(f"{SVG}polyline") if line.get("class") == "way nat"]
    assert len(ways) == 1


def test_an_empty_plan_is_an_empty_picture() -> None:
    picture = drawn(Plan(project="p", stack="s", resources=()))

    assert list(picture.iter(f"{SVG}g")) == []


def test_boxes_stay_inside_the_picture(shipped: Callable[[str], Plan]) -> None:
    for stack in ("dev", "prod"):
        picture = drawn(shipped(stack))
        _, _, width, height = map(float, (picture.get("viewBox") or "").split())
        for box in picture.iter(f"{SVG}rect"):
            x, y, w, h = (float(box.get(key) or 0) for key in ("x", "y", "width", "height"))
            assert x >= 0
            assert y >= 0
            assert x + w <= width
            assert y + h <= height


@pytest.mark.parametrize(
    ("width", "shown"),
    [(200, "a name"), (60, "a n…"), (21, "…")],
    ids=["fits", "too long", "room for nothing"],
)
def test_a_text_is_cut_where_its_box_ends_and_told_whole_on_demand(width: float, shown: str) -> None:
    drawn_box = ET.fromstring(str(Box(x=0, y=0, width=width, height=40, kind="side", title="a name")))  # noqa: S314

    text = drawn_box.find("text")
    assert text is not None
    tip = text.find("title")
    assert "".join(text.itertext()).removeprefix("a name" if tip is not None else "") == shown
    assert (tip is not None) == (shown != "a name")
