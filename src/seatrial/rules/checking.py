"""Runs rules over a plan, and takes off what is waived."""

from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatchcase

from seatrial.config.waivers import Waiver
from seatrial.plan import Plan
from seatrial.rules.model import Finding, Observation, Outcome, Result, Rule, Status, Verdict, Waived
from seatrial.rules.view import View


def check(plan: Plan, rules: Iterable[Rule], *, today: date, waivers: Sequence[Waiver] = ()) -> Outcome:
    """Judge a plan by rules, on a day: versions end their support, and waivers their life, on one."""
    view = View(plan, today)
    results = tuple(_result(view, rule, waivers) for rule in sorted(rules, key=lambda rule: rule.id))
    ran = {result.rule.id for result in results}
    used = [waived.waiver for result in results for waived in result.waived]
    return Outcome(
        project=plan.project,
        stack=plan.stack,
        day=today,
        resources=sum(resource.custom and not resource.is_provider for resource in plan),
        results=results,
        unused=tuple(each for each in waivers if each.rule in ran and each not in used and not each.is_over(today)),
    )


def _result(view: View, rule: Rule, waivers: Sequence[Waiver]) -> Result:
    if rule.production_only and not view.is_production:
        return Result(rule=rule, status=Status.NOT_APPLICABLE, reason=_not_production(view))
    observations = tuple(rule.examine(view))
    over = tuple(_over(rule, each) for each in waivers if each.rule == rule.id and each.is_over(view.today))
    if not observations and not over:
        return Result(rule=rule, status=Status.NOT_APPLICABLE, reason=f"the plan doesn't have {rule.needs}")
    found = [_finding(rule, each) for each in observations if each.verdict is not Verdict.MET]
    valid = [each for each in waivers if each.rule == rule.id and not each.is_over(view.today)]
    waived = tuple(Waived(finding, waiver) for finding in found for waiver in _covering(valid, finding))
    findings = (*over, *(finding for finding in found if not _covering(valid, finding)))
    return Result(
        rule=rule,
        status=_status(findings, waived),
        findings=findings,
        waived=waived,
        evidence=tuple(each for each in observations if each.verdict is Verdict.MET),
    )


def _not_production(view: View) -> str:
    said = f"says {view.environment}" if view.environment else "doesn't say production"
    return f"only asked for in production, and the tag Environment {said}"


def _status(findings: Sequence[Finding], waived: Sequence[Waived]) -> Status:
    if findings:
        return Status.FAILED
    return Status.WAIVED if waived else Status.PASSED


def _finding(rule: Rule, observation: Observation) -> Finding:
    return Finding(
        rule=rule.id,
        urn=observation.urn,
        path=observation.path,
        found=observation.found,
        allowed=observation.allowed or rule.allowed,
        remedy=observation.remedy or rule.remedy,
        unknown=observation.verdict is Verdict.UNKNOWN,
    )


def _covering(waivers: Sequence[Waiver], finding: Finding) -> list[Waiver]:
    """Return the first waiver that covers a finding, if any does."""
    covering = [each for each in waivers if any(fnmatchcase(it, each.resource) for it in (finding.name, finding.urn))]
    return covering[:1]


def _over(rule: Rule, waiver: Waiver) -> Finding:
    return Finding(
        rule=rule.id,
        urn="",
        path=f"waivers[{rule.id} {waiver.resource}].expires",
        found=f"the waiver of {waiver.owner} ended on {waiver.expires}: {waiver.reason}",
        allowed="a day that isn't past",
        remedy="mend what was waived and remove the waiver, or have its owner judge it again and set a new day",
    )
