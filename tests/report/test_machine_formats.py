"""The reports that programs read: JSON, SARIF, JUnit."""

import json
from collections import Counter
from importlib.metadata import version
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from seatrial import rules
from seatrial.plan import Plan
from seatrial.report import Format, render
from seatrial.rules import Status


@pytest.fixture
def document(faulty: rules.Outcome, faulty_plan: Plan) -> dict[str, Any]:
    return json.loads(render(faulty, faulty_plan, Format.JSON))


@pytest.fixture
def run(faulty: rules.Outcome, faulty_plan: Plan) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(render(faulty, faulty_plan, Format.SARIF))
    assert log["version"] == "2.1.0"
    assert set(log) == {"$schema", "version", "runs"}
    return log["runs"][0]


@pytest.fixture
def suites(faulty: rules.Outcome, faulty_plan: Plan) -> ET.Element:
    return ET.fromstring(render(faulty, faulty_plan, Format.JUNIT))  # noqa: S314 (our own text)


def test_json_has_every_rule_with_its_status(document: dict[str, Any], faulty: rules.Outcome) -> None:
    assert [result["rule"] for result in document["results"]] == list(rules.ids())
    assert document["counts"] == {status.value: faulty.count(status) for status in Status}
    assert (document["counts"]["failed"], document["counts"]["waived"]) == (3, 1)
    assert document["findings"] == 4
    assert document["unusedWaivers"] == [{"rule": "NET-02", "resource": "*"}]
    assert (document["project"], document["stack"], document["day"], document["resources"]) == (
        "seatrial",
        "prod",
        "2026-11-23",
        faulty.resources,
    )


def test_json_tells_all_of_a_finding(document: dict[str, Any]) -> None:
    by_rule = {result["rule"]: result for result in document["results"]}
    finding, _ = by_rule["NODE-01"]["findings"]

    assert finding["urn"].endswith("::eks-spot-lt-prod")
    assert finding["path"] == "metadataOptions.httpTokens"
    assert finding["found"] == '"optional"'
    assert finding["allowed"] == "required"
    assert len(finding["identity"]) == 64
    assert by_rule["CP-11"]["findings"][0]["unknown"] is True
    assert by_rule["CP-07"]["waived"][0]["waiver"]["owner"] == "pilot-team"
    assert by_rule["NET-08"]["reason"] == "the plan doesn't have a network ACL"
    assert by_rule["CP-02"]["evidence"][0]["path"] == "enabledClusterLogTypes"
    assert {"framework": "AWS FSBP", "id": "EKS.8"} in by_rule["CP-02"]["sources"]


def test_sarif_names_every_rule_and_points_at_each(run: dict[str, Any], faulty: rules.Outcome) -> None:
    described = run["tool"]["driver"]["rules"]

    assert run["tool"]["driver"]["semanticVersion"] == version("seatrial")
    assert all(rule["name"].isalnum() for rule in described)
    assert [rule["id"] for rule in described] == [result.rule.id for result in faulty.results]
    assert all(rule["defaultConfiguration"]["level"] in {"error", "warning", "note"} for rule in described)
    assert all(described[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_sarif_results_are_of_the_kinds_and_levels_that_go_together(run: dict[str, Any]) -> None:
    """The level of anything but a failure must be none (SARIF 2.1.0, 3.27.10)."""
    assert {result["kind"] for result in run["results"]} == {"pass", "fail", "open", "notApplicable"}
    assert all((result["kind"] == "fail") == (result["level"] != "none") for result in run["results"])
    assert all(result["message"]["text"] for result in run["results"])


def test_sarif_has_a_result_for_each_finding_and_each_rule_without(run: dict[str, Any], faulty: rules.Outcome) -> None:
    kinds = Counter(result["kind"] for result in run["results"])

    assert kinds["fail"] + kinds["open"] == len(faulty.findings) + 1
    assert kinds["pass"] == faulty.count(Status.PASSED)
    assert kinds["notApplicable"] == faulty.count(Status.NOT_APPLICABLE)


def test_sarif_suppresses_what_is_waived(run: dict[str, Any]) -> None:
    (suppressed,) = [result for result in run["results"] if "suppressions" in result]

    assert suppressed["ruleId"] == "CP-07"
    assert suppressed["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "A pilot that nobody relies on yet. (pilot-team, until 2027-02-01)",
        }
    ]


def test_sarif_results_are_found_again_in_the_next_run(run: dict[str, Any], faulty: rules.Outcome) -> None:
    prints = [
        each["partialFingerprints"]["seatrialIdentity/v1"] for each in run["results"] if "partialFingerprints" in each
    ]

    assert len(set(prints)) == len(prints)
    assert {finding.identity for finding in faulty.findings} < set(prints)


def test_sarif_places_a_finding_in_the_stack_file_and_at_its_resource(run: dict[str, Any]) -> None:
    result = next(each for each in run["results"] if each["ruleId"] == "NODE-01")
    (location,) = result["locations"]

    assert location["physicalLocation"]["artifactLocation"]["uri"] == "Pulumi.prod.yaml"
    assert location["logicalLocations"][0]["fullyQualifiedName"].endswith(
        "::eks-spot-lt-prod#metadataOptions.httpTokens"
    )


def test_sarif_objects_have_no_property_that_the_format_lacks(run: dict[str, Any]) -> None:
    """Each object of the schema is closed: ``additionalProperties`` is false."""
    allowed = {
        "run": {"tool", "automationDetails", "invocations", "results"},
        "rule": {"id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"},
        "result": {
            "ruleId",
            "ruleIndex",
            "kind",
            "level",
            "message",
            "locations",
            "partialFingerprints",
            "suppressions",
        },
    }

    assert set(run) <= allowed["run"]
    assert all(set(rule) <= allowed["rule"] for rule in run["tool"]["driver"]["rules"])
    assert all(set(result) <= allowed["result"] for result in run["results"])


def test_junit_has_a_suite_for_each_area_and_a_case_for_each_rule(suites: ET.Element) -> None:
    assert [suite.get("name") for suite in suites] == sorted({id_.partition("-")[0] for id_ in rules.ids()})
    assert [(case.get("name") or "").split()[0] for case in suites.iter("testcase")] == list(rules.ids())


def test_junit_counts_add_up(suites: ET.Element, faulty: rules.Outcome) -> None:
    for key in ("tests", "failures", "skipped"):
        assert int(suites.get(key) or 0) == sum(int(suite.get(key) or 0) for suite in suites)
    skipped = faulty.count(Status.WAIVED) + faulty.count(Status.NOT_APPLICABLE)
    assert (suites.get("tests"), suites.get("failures"), suites.get("skipped")) == (
        str(len(rules.ids())),
        "3",
        str(skipped),
    )


def test_junit_tells_findings_waivers_and_reasons(suites: ET.Element) -> None:
    cases = {(case.get("name") or "").split()[0]: case for case in suites.iter("testcase")}

    failure = cases["NODE-01"].find("failure")
    assert failure is not None
    assert failure.get("message") == "2 findings"
    assert 'eks-spot-lt-prod metadataOptions.httpTokens: found "optional"; allowed: required' in (failure.text or "")
    assert [each.get("message") for each in cases["CP-07"]] == [
        "waived until 2027-02-01: A pilot that nobody relies on yet."
    ]
    assert [each.get("message") for each in cases["NET-08"]] == ["the plan doesn't have a network ACL"]
    assert [each.tag for each in cases["CP-02"]] == ["system-out"]
