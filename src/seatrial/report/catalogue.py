"""The rules themselves, written: as a table, as JSON, as the reference that stands among the documents."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from seatrial.rules import Rule
from seatrial.rules.view import PRODUCTION

AREAS: Final[Mapping[str, str]] = {
    "CP": "Control plane",
    "DST": "Destroy",
    "HA": "High availability",
    "IAM": "AWS identity",
    "NET": "Network",
    "NODE": "Nodes",
    "NP": "Network isolation",
    "POD": "Pods",
    "RBAC": "Access to the cluster",
}
"""What the letters of an id stand for."""

_HEAD: Final = """# Controls

Generated from the rules by `python docs/generate.py`; don't edit it.

`seatrial check` proves the plan of a stack against every control below: {count} in this release. Each ends as *passed*
with its evidence, *failed* with findings, *waived*, or *not applicable* with the reason; none is skipped silently. A
value that only a deployment can tell proves nothing and counts as a finding.

```console
$ seatrial check --stack prod
$ seatrial check --stack prod --format html --output check.html
$ seatrial check --rule CP-01 --verbose
```

A control that is only asked for in production applies where the tag `Environment` is {production}, in any case: that is
the key `environment` of the description, not the name of the stack.

## Waivers

A finding that is known and accepted stands in the description, with who answers for it and until when. After that day
the control fails again; a waiver that covers nothing is reported. `resource` narrows it by name or URN.

```yaml
config:
  seatrial:platform:
    environment: dev
    environmentSuffix: dev
    owner: platform-team
    costCenter: engineering-dev
    cluster:
      admins:
        platform-team: arn:aws:iam::123456789012:role/platform-team
    waivers:
      - rule: NET-04
        resource: eks-vpc-dev
        reason: The trial holds no data and lives a week.
        owner: platform-team
        expires: "2027-01-31"
```
"""


def table(rules: Sequence[Rule]) -> str:
    """Write a line a rule."""
    rows = [(rule.id, rule.severity.value, rule.title) for rule in rules]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def document(rules: Sequence[Rule]) -> str:
    """Write everything that the rules say as JSON."""
    return json.dumps([_entry(rule) for rule in rules], indent=2, ensure_ascii=False) + "\n"


def markdown(rules: Sequence[Rule]) -> str:
    """Write the reference: every control with its reason, remedy and sources, by area."""
    production = ", ".join(f"`{each}`" for each in sorted(PRODUCTION))
    parts = [_HEAD.format(count=len(rules), production=production)]
    for area, of_area in groupby(rules, key=lambda rule: rule.area):
        parts.append("\n".join(_area(AREAS[area], list(of_area))))
    return "\n".join(parts)


def _entry(rule: Rule) -> Mapping[str, object]:
    return {
        "id": rule.id,
        "severity": rule.severity.value,
        "title": rule.title,
        "needs": rule.needs,
        "productionOnly": rule.production_only,
        "why": rule.why,
        "allowed": rule.allowed,
        "remedy": rule.remedy,
        "sources": [{"framework": source.framework.value, "id": source.id} for source in rule.sources],
    }


def _area(name: str, rules: Sequence[Rule]) -> Iterator[str]:
    yield f"## {name}\n"
    for rule in rules:
        yield f"### {rule.id}: {rule.title}\n"
        yield f"{rule.why}\n"
        yield "| | |\n|---|---|"
        yield from (f"| {key} | {_cell(value)} |" for key, value in _rows(rule))
        yield ""


def _rows(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "severity", f"{rule.severity.value}{', only in production' if rule.production_only else ''}"
    yield "applies to", rule.needs
    yield "allowed", rule.allowed
    yield "to mend", rule.remedy
    for framework, sources in groupby(sorted(rule.sources), key=lambda source: source.framework):
        yield framework.value, ", ".join(source.id for source in sources)


def _cell(text: str) -> str:
    return text.replace("|", "&#124;").replace("*", r"\*").replace("<", "&lt;")
