"""The documents tell the truth as far as a program can tell: links, commands, settings, arithmetic."""

import importlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pulumi
import pytest
import typer
import yaml
from typer.core import TyperCommand, TyperGroup

from seatrial import plan, program, releases, rules, versions
from seatrial.acceptance import CASES
from seatrial.cli import app
from seatrial.config import load_platform, parse_platform
from seatrial.config.schema import stack_schema
from seatrial.project import find_project
from seatrial.rehearsal.account.gaps import GAPS

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "src/seatrial/components"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])

documents = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def blocks(path: Path, language: str) -> list[str]:
    """Fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """Anchors of the headings, as code forges make them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_root_holds_no_stray_document() -> None:
    names = {path.name for path in ROOT.iterdir() if path.suffix in {".md", ".rst", ".txt"} or path.name == "LICENSE"}

    assert names == {"README.md", "CHANGELOG.md", "LICENSE"}


def test_the_architecture_names_every_component() -> None:
    section = (ROOT / "docs/architecture.md").read_text().partition("\n## Components\n")[2].partition("\n## ")[0]
    rows = "\n".join(line for line in section.splitlines() if line.startswith("| `"))
    modules = [importlib.import_module(f"seatrial.components.{path.stem}") for path in COMPONENTS.glob("[!_]*.py")]

    made = {name for module in modules for name, value in vars(module).items() if _is_component(value, module)}

    assert set(re.findall(r"`([A-Z]\w+)`", rows)) == made


def _is_component(value: object, module: ModuleType) -> bool:
    is_class = isinstance(value, type) and issubclass(value, pulumi.ComponentResource)
    return is_class and value.__module__ == module.__name__


def test_the_index_names_every_document() -> None:
    index = (ROOT / "docs/index.md").read_text()

    assert [path.name for path in DOCUMENTS if path.parent.name == "docs" and path.name not in index] == ["index.md"]


@documents
def test_relative_links_resolve(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text())

    broken = [link for link in links if not _resolves(path, link)]

    assert broken == []


def _resolves(path: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = path.parent / name if name else path
    return target.exists() and (not anchor or anchor in anchors(target))


@documents
def test_descriptions_are_valid(path: Path) -> None:
    for block in blocks(path, "yaml"):
        document: dict[str, Any] = yaml.safe_load(block)
        if "config" in document:
            parse_platform(document["config"]["seatrial:platform"], path.name)


@documents
def test_programs_compile(path: Path) -> None:
    for block in blocks(path, "python"):
        compile(block, path.name, "exec")


def test_the_example_of_a_unit_test_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}

    exec(blocks(ROOT / "docs/testing.md", "python")[0], names)  # noqa: S102 (it is our own document)
    names["test_nodes_wait_for_the_network_plugin"]()

    exec(blocks(ROOT / "docs/testing.md", "python")[1], names)  # noqa: S102 (it goes on with the names of the first)
    names["test_the_default_account_of_a_tenant_has_no_token"]()


def test_the_example_writes_the_deployers_policies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    exec(blocks(ROOT / "docs/deploy-and-destroy.md", "python")[0], {})  # noqa: S102 (it is our own document)

    written = {path.name: json.loads(path.read_text()) for path in tmp_path.iterdir()}
    assert sorted(written) == [
        f"deployer-{part}.json" for part in ("cluster", "encryption", "identity", "leftovers", "network", "storage")
    ]
    assert max(len(json.dumps(document, separators=(",", ":"))) for document in written.values()) <= 6144


def test_the_examples_of_own_resources_have_no_finding(tmp_path: Path) -> None:
    for file in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        (tmp_path / file).write_bytes((ROOT / file).read_bytes())
    (tmp_path / "__main__.py").write_text("\n".join(blocks(ROOT / "docs/own-resources.md", "python")))
    project = find_project(tmp_path)
    platform = load_platform(project.stack_file("dev"))

    planned = plan.of_project(project, "dev", platform)
    outcome = rules.check(planned, rules.every(), today=date(2026, 11, 27), waivers=platform.waivers)

    assert {"orders", "dev-settings-configmap-dev"} <= {resource.name for resource in planned}
    assert outcome.findings == ()


def test_the_readme_counts_right() -> None:
    readme = (ROOT / "README.md").read_text()
    platform = load_platform(ROOT / "Pulumi.dev.yaml")
    planned = plan.run(lambda: program.build(platform), project="seatrial", stack="dev")

    assert f"{len(CASES)} cases: " in readme
    assert f"\n{len(planned)} resources" in readme
    assert f"{len(planned)} created" in readme
    assert "against more than ninety " in readme
    assert len(rules.ids()) > 90


@documents
def test_settings_exist(path: Path) -> None:
    """A path of two keys or more, such as ``network.nat``, is one of the description."""
    sections = "network|cluster|nodeGroups|addons|encryption|kubernetes|tenants"
    named = set(re.findall(rf"`((?:{sections})\.[\w.*]+)`", path.read_text()))

    assert {name for name in named if not _is_setting(name)} == set()


def _is_setting(name: str) -> bool:
    definitions = cast("dict[str, Any]", stack_schema()["$defs"])
    schema: dict[str, Any] = definitions["Platform"]
    for key in name.split("."):
        found = schema.get("additionalProperties") if key in {"*", "NAME"} else schema.get("properties", {}).get(key)
        if not found:
            return False
        schema = definitions[found["$ref"].rpartition("/")[2]] if "$ref" in found else found
    return True


def commands(path: Path) -> Iterator[list[str]]:
    """Every use of the command line, with what follows it."""
    text = path.read_text()
    inline = re.findall(r"`seatrial ([^`]+)`", text)
    shell = re.findall(r"^\$ (?:eval \"\$\()?(?:\.venv/bin/)?seatrial (.*?)\)?\"?$", text, re.MULTILINE)
    for line in [*inline, *shell]:
        yield [word for word in line.split() if not word.startswith("#")]


@documents
def test_commands_exist(path: Path) -> None:
    root = typer.main.get_command(app.build())

    for words in commands(path):
        _follow(root, words)


def _follow(command: object, words: list[str]) -> None:
    assert isinstance(command, TyperCommand | TyperGroup)
    options = {name for parameter in command.params for name in parameter.opts}
    match words:
        case [first, *rest] if isinstance(command, TyperGroup) and not first.startswith("-"):
            assert first in command.commands, f"there is no command {first}"
            _follow(command.commands[first], rest)
        case _:
            unknown = [word for word in words if word.startswith("--") and word not in {*options, "--help"}]
            assert unknown == [], f"{command.name} has no {unknown}"


@documents
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"`make ([a-z]+)", path.read_text())) <= targets


@documents
def test_named_files_exist(path: Path) -> None:
    named = set(re.findall(r"`((?:src|tests|toolchain|benchmarks)/[\w./]+)`", path.read_text()))

    assert {name for name in named if not (ROOT / name).exists()} == set()


def generator() -> ModuleType:
    """Import the script that writes the generated documents."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return importlib.import_module("generate")
    finally:
        sys.path.remove(str(ROOT / "docs"))


def test_the_configuration_reference_is_current() -> None:
    expected: str = generator().markdown(stack_schema())

    assert (ROOT / "docs/configuration.md").read_text() == expected, "run python docs/generate.py"


def test_what_is_emulated_is_told_as_the_account_says_it() -> None:
    expected: str = generator().emulation(GAPS)

    assert (ROOT / "docs/emulation.md").read_text() == expected, "run python docs/generate.py"


def tables(path: Path, heading: str) -> list[list[str]]:
    """Rows of the first table under a heading, without its head."""
    section = path.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip(" *|") for cell in row] for row in rows[1:]]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_cost_adds_up(stack: str) -> None:
    *items, total = tables(ROOT / "docs/cost.md", stack)

    sums = [(Decimal(quantity) * Decimal(each)).quantize(Decimal("0.01")) for _, quantity, each, _ in items]

    assert [f"{amount}" for amount in sums] == [row[-1] for row in items]
    assert f"{sum(sums)}" == total[-1]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_cost_counts_what_the_stack_has(stack: str) -> None:
    platform = load_platform(ROOT / f"Pulumi.{stack}.yaml")
    quantities = {row[0].split(",")[0]: row[1] for row in tables(ROOT / "docs/cost.md", stack)}

    gateways = platform.network.zone_count if platform.network.nat == "per-zone" else 1

    assert quantities["NAT gateway"] == quantities["public IPv4 address"] == str(gateways)
    assert quantities["on-demand nodes"] == str(platform.node_groups["on-demand"].desired_size)
    assert quantities["spot nodes"] == str(platform.node_groups["spot"].desired_size)
    assert quantities["node disks"] == str(sum(group.desired_size for group in platform.node_groups.values()))


@pytest.mark.parametrize(("stack", "disk"), [("dev", "4.00"), ("prod", "8.00")])
def test_the_cost_says_what_the_autoscaler_may_add(stack: str, disk: str) -> None:
    groups = load_platform(ROOT / f"Pulumi.{stack}.yaml").node_groups.values()
    most, least = sum(group.max_size for group in groups), sum(group.desired_size for group in groups)
    node = next(row[2] for row in tables(ROOT / "docs/cost.md", stack) if row[0].startswith("on-demand nodes"))
    more = ((Decimal(node) + Decimal(disk)) * (most - least)).quantize(Decimal("0.01"))
    text = " ".join((ROOT / "docs/cost.md").read_text().split())

    assert re.search(rf"{stack}(?: has)? {most}(?: nodes)? instead of {least}, {more} (?:a month )?more", text)


def test_the_upgrade_guide_names_what_is_pinned() -> None:
    rows = {row[0]: row[1] for row in tables(ROOT / "docs/upgrade.md", "What is pinned")}
    charts = (releases.LOAD_BALANCER_CONTROLLER, releases.CLUSTER_AUTOSCALER, releases.NODE_TERMINATION_HANDLER)
    image, _, tag = releases.NODE_CACHE_IMAGE.rpartition("/")[2].partition(":")

    pinned = {chart.chart.rpartition("/")[2]: chart.version for chart in charts} | {image: tag}

    assert {name: rows.get(name) for name in pinned} == pinned


def test_the_upgrade_table_is_the_one_that_the_program_uses() -> None:
    rows = {row[0].split()[0]: row[1:] for row in tables(ROOT / "docs/upgrade.md", "Versions on EKS")}

    for version, dates in rows.items():
        known = versions.LIFECYCLES[version]
        assert dates == [f"{known.released}", f"{known.standard_ends}", f"{known.extended_ends}"]
    assert f"As of {versions.AS_OF}" in (ROOT / "docs/upgrade.md").read_text()
    assert f"| {versions.DEFAULT} (default) |" in (ROOT / "docs/upgrade.md").read_text()
