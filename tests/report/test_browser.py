"""The page in a real browser: what only a layout engine knows. Skipped where there is no Chromium."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from seatrial import plan, rules
from seatrial.config import parse_platform
from seatrial.plan import Plan
from seatrial.report import Format, render

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), "")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,1800",
)

pytestmark = pytest.mark.skipif(not BROWSER, reason=f"no Chromium here ({', '.join(NAMES)}): apt-get install chromium")

PROBE = """
<script>
const found = { overflowing: [], overlapping: [], matches: {}, faint: [] };
const boxes = [...document.querySelectorAll("svg g")].map((group) => ({
  rect: group.querySelector("rect").getBBox(), class_: group.getAttribute("class"),
  texts: [...group.querySelectorAll("text")],
}));
for (const { rect, texts } of boxes)
  for (const text of texts)
    if (text.getBBox().x + text.getBBox().width > rect.x + rect.width) found.overflowing.push(text.textContent);
const crosses = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const holds = (a, b) =>
  a.x <= b.x && a.y <= b.y && a.x + a.width >= b.x + b.width && a.y + a.height >= b.y + b.height;
// Node groups lie across the subnets of several zones: that is what they are.
const apart = boxes.filter((each) => !/nodes|nat/.test(each.class_));
apart.forEach((one, index) => apart.slice(index + 1).forEach((other) => {
  if (crosses(one.rect, other.rect) && !holds(one.rect, other.rect) && !holds(other.rect, one.rect))
    found.overlapping.push([one.class_, other.class_]);
}));
const luminance = (color) => {
  const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
for (const { rect, texts, class_ } of boxes)
  for (const text of texts) {
    const paper = getComputedStyle(text.parentNode.querySelector("rect")).fill;
    if (paper === "none") continue;
    const shades = [luminance(paper), luminance(getComputedStyle(text).fill)].sort((a, b) => b - a);
    if ((shades[0] + 0.05) / (shades[1] + 0.05) < 4.5) found.faint.push([class_, text.textContent]);
  }
const shown = () => [...document.querySelectorAll("details")].filter((each) => !each.hidden).map((each) => each.id);
const search = document.getElementById("search");
const box = document.querySelector('input[name="status"][value="passed"]');
found.ground = getComputedStyle(document.body).backgroundColor;
found.matches.all = shown();
search.value = "kubernetes api"; search.dispatchEvent(new Event("input", { bubbles: true }));
found.matches.words = shown();
search.value = ""; box.checked = false; box.dispatchEvent(new Event("input", { bubbles: true }));
found.matches.others = shown();
const out = document.createElement("pre"); out.id = "probe"; out.textContent = JSON.stringify(found);
document.body.append(out);
</script>
</body>
"""


def crowded() -> Plan:
    """Plan little room for much: two zones, every endpoint, tenants with names as long as they may be."""
    tenants = {letter * 40: {"quota": {"cpu": "1000", "loadBalancers": 50}} for letter in "abc"}
    document = {
        **dict.fromkeys(("environment", "environmentSuffix", "owner", "costCenter"), "x"),
        "cluster": {"admins": {"us": "arn:aws:iam::000000000000:role/us"}},
        "network": {"nat": "none", "zoneCount": 2},
        "kubernetes": {
            "imageRegistry": "000000000000.dkr.ecr.us-east-2.amazonaws.com",
            "nodeLocalDns": {"enabled": True},
            "irsaDemo": {"namespace": "a" * 40},
        },
        "tenants": tenants,
    }
    return plan.of_platform(parse_platform(document), project="seatrial", stack="crowded")


@pytest.fixture
def page(shipped: Callable[[str], Plan]) -> Callable[[str], str]:
    def write(stack: str) -> str:
        made = crowded() if stack == "crowded" else shipped(stack)
        return render(rules.check(made, rules.every(), today=date(2026, 11, 23)), made, Format.HTML)

    return write


def browse(file: Path, *arguments: str) -> str:
    profile = f"--user-data-dir={file.with_suffix('.profile')}"
    command = [BROWSER, *FLAGS, profile, *arguments, file.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def probed(page: str, folder: Path, *arguments: str) -> dict[str, Any]:
    file = folder / "page.html"
    file.write_text(page.replace("</body>", PROBE, 1))
    found = re.search(r'<pre id="probe">(.*?)</pre>', browse(file, "--dump-dom", *arguments), re.DOTALL)
    assert found
    return json.loads(unescape(found[1]))


SCHEMES = {"light": "--blink-settings=preferredColorScheme=1", "dark": "--blink-settings=preferredColorScheme=0"}
GROUNDS = {"light": "rgb(246, 247, 249)", "dark": "rgb(18, 23, 30)"}


@pytest.mark.parametrize(
    ("stack", "scheme"), [("dev", "light"), ("prod", "dark"), ("crowded", "light"), ("crowded", "dark")]
)
def test_the_drawing_is_legible_and_the_filters_work(
    page: Callable[[str], str], tmp_path: Path, stack: str, scheme: str
) -> None:
    found = probed(page(stack), tmp_path, SCHEMES[scheme])

    assert found["ground"] == GROUNDS[scheme]
    assert found["overflowing"] == []
    assert found["overlapping"] == []
    assert found["faint"] == []
    matches = {name: set(ids) for name, ids in found["matches"].items()}
    assert matches["all"] == set(rules.ids())
    assert "CP-01" in matches["words"] < matches["all"]
    assert "CP-01" not in matches["others"] < matches["all"]


def test_a_screenshot_is_a_picture_of_more_than_one_colour(page: Callable[[str], str], tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page("prod"))

    browse(file, f"--screenshot={tmp_path / 'page.png'}")

    # A blank page of this size is a few kilobytes.
    assert (tmp_path / "page.png").stat().st_size > 100_000
