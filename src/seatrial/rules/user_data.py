"""Rules that read what nodes are told when they start."""

from collections.abc import Callable, Iterator

from seatrial.plan import Resource
from seatrial.rules.facts import node_classes
from seatrial.rules.facts.types import LAUNCH_TEMPLATE
from seatrial.rules.facts.user_data import UndecodableError, decoded
from seatrial.rules.facts.values import at, is_unknown, text
from seatrial.rules.model import Observation
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.view import View


def judge_user_data(view: View, fault: Callable[[str], str], sound: str) -> Iterator[Observation]:
    """Judge all user data by the fault that a rule finds in its text; empty for none."""
    for template in view.of_type(LAUNCH_TEMPLATE):
        yield _judged(template, "userData", fault, sound, is_packed=True)
    for each in node_classes.classes(view.objects):
        yield _judged(each, "spec.userData", fault, sound, is_packed=False)


def _judged(resource: Resource, path: str, fault: Callable[[str], str], sound: str, *, is_packed: bool) -> Observation:
    data = at(resource, path)
    if is_unknown(data):
        return unknown(resource, path)
    try:
        content = decoded(data) if is_packed else text(data)
    except UndecodableError as error:
        return unknown(resource, path, str(error))
    found = fault(content)
    if found:
        return broken(resource, path, found)
    return met(resource, path, sound if content else "no user data")
