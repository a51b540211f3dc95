"""IAM-10: where roles have a permissions boundary or a path, all of them do."""

from collections.abc import Iterator

from seatrial.rules.facts.types import ROLE
from seatrial.rules.facts.values import at, is_unknown, seen, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    roles = view.of_type(ROLE)
    for path in ("permissionsBoundary", "path"):
        asked = sorted({text(at(role, path)) for role in roles} - {"", "/"})
        if not asked and not any(is_unknown(at(role, path)) for role in roles):
            continue
        for role in roles:
            if is_unknown(at(role, path)):
                yield unknown(role, path)
            else:
                is_met = [text(at(role, path))] == asked
                yield weighed(role, path, is_met=is_met, found=seen(role, path), allowed=" or ".join(asked))


RULE = Rule(
    id="IAM-10",
    severity=Severity.MEDIUM,
    title="Roles share one permissions boundary and path, if they have any",
    needs="a role with a permissions boundary or a path",
    why="A boundary bounds nothing while one role lacks it: that one can make others without.",
    allowed="the same boundary and path on every role",
    remedy="pass the boundary and path that your organisation asks for to every role; the platform's own have neither",
    sources=cited(Framework.AWS, "Permissions boundaries for IAM entities"),
    examine=_examine,
)
