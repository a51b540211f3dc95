"""The rules themselves, written; and the reference among the documents is current."""

import json
from pathlib import Path

from seatrial import rules
from seatrial.report import catalogue

ROOT = Path(__file__).parents[2]


def test_the_reference_is_current() -> None:
    assert (ROOT / "docs/controls.md").read_text() == catalogue.markdown(rules.every()), "run python docs/generate.py"


def test_the_reference_has_every_rule_and_every_area() -> None:
    reference = catalogue.markdown(rules.every())

    assert [line.split(":")[0] for line in reference.splitlines() if line.startswith("### ")] == [
        f"### {id_}" for id_ in rules.ids()
    ]
    assert {id_.partition("-")[0] for id_ in rules.ids()} == set(catalogue.AREAS)
    assert f"{len(rules.ids())} in this release" in reference


def test_the_reference_tells_what_only_production_needs() -> None:
    assert "| severity | high, only in production |" in catalogue.markdown(rules.chosen(["CP-07"]))
    assert "only in production |" not in catalogue.markdown(rules.chosen(["CP-01"]))


def test_what_markdown_would_read_is_escaped() -> None:
    assert r"nodeGroups.NAME.amiType` to one of BOTTLEROCKET_\*" in catalogue.markdown(rules.chosen(["NODE-04"]))
    assert "&lt;cluster>" in catalogue.markdown(rules.chosen(["CP-03"]))


def test_the_table_has_a_line_a_rule() -> None:
    lines = catalogue.table(rules.every()).splitlines()

    assert lines[0] == "CP-01    critical  The Kubernetes API is private, or public for named ranges only"
    assert len(lines) == len(rules.ids())


def test_no_rules_are_no_lines() -> None:
    assert catalogue.table(()) == ""


def test_json_tells_all_of_a_rule() -> None:
    (entry,) = json.loads(catalogue.document(rules.chosen(["CP-07"])))

    assert set(entry) == {"id", "severity", "title", "needs", "productionOnly", "why", "allowed", "remedy", "sources"}
    assert entry["productionOnly"] is True
    assert entry["sources"] == [{"framework": "Prowler", "id": "eks_cluster_deletion_protection_enabled"}]
