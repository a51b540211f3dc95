"""Rules that ask the same of every container of every pod."""

from collections.abc import Callable, Iterable, Iterator

from seatrial.rules.exemptions import exempt
from seatrial.rules.facts.pods import Container, containers, untold
from seatrial.rules.model import Observation
from seatrial.rules.observations import UNTOLD, broken, met, unknown
from seatrial.rules.view import View

Fault = tuple[str, str]
"""Property path below the container, and what was found there; UNTOLD where only a deployment can tell."""


def judge_containers(
    view: View, faults: Callable[[Container], Iterable[Fault]], sound: str, *, exempts: bool = False
) -> Iterator[Observation]:
    """Judge every container by the faults that a rule finds in it; containers that a plan can't tell are unknown."""
    for template in view.pods:
        reason = exempt(template) if exempts else ""
        for path in untold(template):
            yield unknown(template.resource, path)
        for each in containers(template):
            yield from [met(template.resource, each.path, reason)] if reason else _judged(each, faults, sound)


def _judged(each: Container, faults: Callable[[Container], Iterable[Fault]], sound: str) -> Iterator[Observation]:
    resource, wrong = each.template.resource, list(faults(each))
    for path, found in wrong:
        place = f"{each.path}.{path}" if path else each.path
        yield unknown(resource, place) if found == UNTOLD else broken(resource, place, f"{each.name}: {found}")
    if not wrong:
        yield met(resource, each.path, f"{each.name}: {sound}")
