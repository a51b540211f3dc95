"""What cases are made of: each takes what was found and what was expected, and gives None or a sentence of both."""

from collections import Counter
from collections.abc import Iterable
from re import Pattern

from seatrial.acceptance.shapes import Arn, is_id, parse_arn


def equal(subject: str, found: object, expected: object) -> str | None:
    """Expect one value."""
    return None if found == expected else f"{subject} is {found!r}; expected {expected!r}"


def matches(subject: str, found: str, pattern: Pattern[str], form: str) -> str | None:
    """Expect a form, which the sentence describes by an example."""
    return None if pattern.fullmatch(found) else f"{subject} is {found!r}; expected the form of {form}"


def ends(subject: str, found: str, suffix: str) -> str | None:
    """Expect a name that carries the environment's suffix."""
    return None if found.endswith(f"-{suffix}") else f"{subject} is {found!r}; expected a name that ends in '-{suffix}'"


def identifier(subject: str, found: str, kind: str) -> str | None:
    """Expect an EC2 resource id."""
    return None if is_id(kind, found) else f"{subject} is {found!r}; expected an id such as {kind}-0a1b2c3d4e5f60718"


def distinct(subject: str, found: Iterable[str]) -> str | None:
    """Expect no value twice."""
    twice = sorted(value for value, count in Counter(found).items() if count > 1)
    return f"{subject}: {', '.join(twice)} stands there more than once" if twice else None


def arn(subject: str, found: str, service: str, resource: str) -> str | None:
    """Expect the ARN of a resource of a service, its resource part beginning as given."""
    parsed = parse_arn(found)
    if parsed and parsed.service == service and parsed.resource.startswith(resource):
        return None
    return f"{subject} is {found!r}; expected an ARN of the form arn:PARTITION:{service}:…:ACCOUNT:{resource}…"


def parsed_arns(outputs: Iterable[tuple[str, str]]) -> dict[str, Arn]:
    """Take apart what is an ARN among the outputs."""
    found = ((key, parse_arn(value)) for key, value in outputs)
    return {key: parsed for key, parsed in found if parsed}


def joined(findings: Iterable[str | None]) -> str | None:
    """Give all sentences as one; None when there are none."""
    return "; ".join(finding for finding in findings if finding) or None
