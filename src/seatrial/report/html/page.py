"""The page: summary, drawing, filters, and every control with what was found and what proves it."""

from importlib.metadata import version
from pathlib import Path

from seatrial.plan import Plan
from seatrial.report import wording
from seatrial.report.html import drawing
from seatrial.report.html.markup import element, words
from seatrial.rules import Finding, Outcome, Result, Rule, Severity, Status, View, Waived


def render(outcome: Outcome, plan: Plan) -> str:
    """Write the page: one file that needs nothing else, not even a network."""
    title = f"{wording.subject(outcome)}: {wording.summary(outcome)}"
    bad = frozenset(finding.urn for finding in outcome.findings)
    picture = element("figure", drawing.draw(View(plan, outcome.day), bad))
    body = element(
        "body",
        _header(outcome),
        picture,
        _filters(),
        element("main", *(_control(result) for result in wording.worst_first(outcome.results))),
        element("p", "No control matches.", id="none", hidden="hidden"),
        element("script", _asset("page.js")),
    )
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
    )
    style = element("style", _asset("page.css"))
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}{element("title", words(title))}{style}</head>{body}</html>\n'


def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _header(outcome: Outcome) -> str:
    title = element("h1", words(f"{outcome.project}/{outcome.stack}"))
    origin = element("p", words(f"checked on {outcome.day} by seatrial {version('seatrial')}"), class_="origin")
    return element("header", title, origin, _tiles(outcome))


def _tiles(outcome: Outcome) -> str:
    tiles = [_tile(outcome.count(status), status.value, status.value.replace(" ", "-")) for status in Status]
    return element("ul", *tiles, _tile(outcome.resources, "resources", "resources"), class_="tiles")


def _tile(count: int, label: str, class_: str) -> str:
    return element("li", element("b", str(count)), element("span", label), class_=class_)


def _filters() -> str:
    search = '<input type="search" id="search" placeholder="Search rule, resource, source …" aria-label="Search">'
    statuses = "".join(_choice("status", status.value, status.value) for status in Status)
    severities = "".join(_choice("severity", severity.value, severity.value) for severity in Severity)
    return element(
        "form",
        search,
        element("fieldset", element("legend", "status"), statuses),
        element("fieldset", element("legend", "severity"), severities),
        id="filters",
    )


def _choice(name: str, value: str, label: str) -> str:
    return element("label", f'<input type="checkbox" name="{name}" value="{value}" checked>', words(f" {label}"))


def _control(result: Result) -> str:
    rule = result.rule
    summary = element(
        "summary",
        element("span", words(result.status.value), class_=f"status {result.status.value.replace(' ', '-')}"),
        element("span", rule.severity.value, class_=f"severity {rule.severity.value}"),
        element("code", rule.id),
        element("span", words(rule.title), class_="what"),
        element("span", words(_count(result)), class_="count"),
    )
    attributes = {"data-status": result.status.value, "data-severity": rule.severity.value}
    opened = {"open": "open"} if result.status is Status.FAILED else {}
    return element("details", summary, element("div", *_parts(result)), id=rule.id, **attributes, **opened)


def _count(result: Result) -> str:
    if result.findings:
        return wording.counted(len(result.findings), "finding")
    if result.waived:
        return wording.counted(len(result.waived), "waiver")
    return wording.counted(len(result.evidence), "observation") if result.evidence else ""


def _parts(result: Result) -> list[str]:
    rule = result.rule
    parts = [element("p", words(rule.why), class_="why")]
    if result.reason:
        parts.append(element("p", words(f"Not applicable: {result.reason}.")))
    parts += [_finding(finding, rule) for finding in result.findings]
    parts += [_waived(waived) for waived in result.waived]
    if result.evidence:
        rows = (
            element(
                "tr",
                element("td", words(each.urn.rpartition("::")[2])),
                element("td", element("code", words(each.path))),
                element("td", words(each.found)),
            )
            for each in result.evidence
        )
        head = element("tr", *(element("th", each) for each in ("resource", "property", "evidence")))
        parts.append(element("table", element("thead", head), element("tbody", *rows)))
    facts = (("allowed", rule.allowed), ("to mend", rule.remedy), ("sources", ", ".join(map(str, rule.sources))))
    parts.append(_facts(*facts))
    return parts


def _finding(finding: Finding, rule: Rule) -> str:
    title = element("h3", words(finding.name or "the description"), " ", element("code", words(finding.path)))
    unknown = " (a plan can't prove it)" if finding.unknown else ""
    rows = [("found", f"{finding.found}{unknown}")]
    # What is so for every finding of the rule is said once, below them.
    rows += [("allowed", finding.allowed)] if finding.allowed != rule.allowed else []
    rows += [("to mend", finding.remedy)] if finding.remedy != rule.remedy else []
    return element("section", title, _facts(*rows), class_="finding")


def _waived(waived: Waived) -> str:
    waiver, finding = waived.waiver, waived.finding
    title = element("h3", words(finding.name), " ", element("code", words(finding.path)))
    rows = (("found", finding.found), ("accepted", waiver.reason), ("by", f"{waiver.owner}, until {waiver.expires}"))
    return element("section", title, _facts(*rows), class_="waiver")


def _facts(*rows: tuple[str, str]) -> str:
    return element("dl", *(element("dt", words(key)) + element("dd", words(value)) for key, value in rows))
