"""An outcome for a person at a terminal: what is wrong, worst first, and how to mend it."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.report import wording
from seatrial.rules import Finding, Outcome, Result, Rule, Severity, Status

_LABEL = 9
"""Columns of the words that begin a line of a finding."""

_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """One line, its first words styled."""

    text: str
    styled: int = 0
    """How many characters have the style."""

    style: str = ""


def render(outcome: Outcome, *, width: int = 120, verbose: bool = False, color: bool = False) -> str:
    """Write an outcome: one line when all is well, else every finding, grouped by rule.

    ``verbose`` adds what was looked at, rule by rule, and why rules don't apply. ``color`` is for terminals.
    """
    lines = tuple(_lines(outcome, width, verbose=verbose))
    if color:
        return _colored(lines, width)
    return "".join(f"{line.text}\n" for line in lines)


def _lines(outcome: Outcome, width: int, *, verbose: bool) -> Iterator[_Line]:
    for result in wording.worst_first(outcome.results):
        if result.status is Status.FAILED:
            yield from _failed(result, width)
    yield from _waived(outcome, width)
    for waiver in outcome.unused:
        yield _Line(f"waiver of {waiver.rule} for {waiver.resource} covers nothing: it can go", 6, "yellow")
    if verbose:
        yield from _evidence(outcome)
    failed = outcome.count(Status.FAILED)
    title = f"{wording.subject(outcome)}: {wording.summary(outcome)}"
    yield _Line(title, len(title), "bold red" if failed else "bold green")


def _failed(result: Result, width: int) -> Iterator[_Line]:
    rule = result.rule
    word = rule.severity.value.upper()
    yield _Line(f"{word}  {rule.id}  {rule.title}", len(word), _STYLES[rule.severity])
    for line in _wrapped(rule.why, width - 2):
        yield _Line(f"  {line}")
    for finding in result.findings:
        yield from _finding(finding, rule, width)
    yield _Line("")
    if any(finding.allowed == rule.allowed for finding in result.findings):
        yield from _labelled("allowed", rule.allowed, width, indent=2)
    if any(finding.remedy == rule.remedy for finding in result.findings):
        yield from _labelled("mend", rule.remedy, width, indent=2)
    yield _Line("")


def _finding(finding: Finding, rule: Rule, width: int) -> Iterator[_Line]:
    yield _Line("")
    name = finding.name or "the description"
    yield _Line(f"  {name} {finding.path}".rstrip(), 2 + len(name), "bold")
    unknown = " (a plan can't prove it)" if finding.unknown else ""
    yield from _labelled("found", f"{finding.found}{unknown}", width)
    # What is so for every finding of the rule is said once, below them.
    if finding.allowed != rule.allowed:
        yield from _labelled("allowed", finding.allowed, width)
    if finding.remedy != rule.remedy:
        yield from _labelled("mend", finding.remedy, width)


def _labelled(label: str, said: str, width: int, *, indent: int = 4) -> Iterator[_Line]:
    margin = " " * indent
    head, *rest = _wrapped(said, max(width - indent - _LABEL, 20))
    yield _Line(f"{margin}{label:<{_LABEL}}{head}", indent + len(label), "dim")
    for line in rest:
        yield _Line(f"{margin}{'':<{_LABEL}}{line}")


def _wrapped(said: str, width: int) -> list[str]:
    """Break between words only: names and paths stay whole, to be copied."""
    return textwrap.wrap(said, width, break_long_words=False, break_on_hyphens=False) or [""]


def _waived(outcome: Outcome, width: int) -> Iterator[_Line]:
    """Name every waived finding once more, with who answers for it and until when."""
    pairs = [(result.rule, waived) for result in outcome.results for waived in result.waived]
    for rule, waived in pairs:
        waiver, place = waived.waiver, wording.place(waived.finding)
        yield _Line(f"WAIVED  {rule.id}  {place}, until {waiver.expires} by {waiver.owner}", 6, "yellow")
        for line in _wrapped(waiver.reason, width - 2):
            yield _Line(f"  {line}")
    if pairs:
        yield _Line("")


def _evidence(outcome: Outcome) -> Iterator[_Line]:
    for result in outcome.results:
        word = result.status.value.upper()
        style = {Status.PASSED: "green", Status.NOT_APPLICABLE: "dim"}.get(result.status, "yellow")
        yield _Line(f"{word}  {result.rule.id}  {result.rule.title}", len(word), style)
        if result.reason:
            yield _Line(f"  {result.reason}")
        for each in result.evidence:
            name = each.urn.rpartition("::")[2]
            yield _Line(f"  {f'{name} {each.path}'.rstrip()}: {each.found}")
    yield _Line("")


def _colored(lines: tuple[_Line, ...], width: int) -> str:
    import io  # noqa: PLC0415 (with rich 0.07 s that only a terminal needs)

    from rich.console import Console  # noqa: PLC0415 (as above)
    from rich.text import Text  # noqa: PLC0415 (as above)

    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="standard")
    with console.capture() as capture:
        for line in lines:
            styled = Text(line.text)
            styled.stylize(line.style, 0, line.styled)
            console.print(styled, soft_wrap=True)
    return capture.get()
