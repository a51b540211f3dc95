"""Node groups without a launch template of the plan, of which a plan can't tell how their nodes are started."""

from collections.abc import Iterator

from seatrial.rules.facts.types import NODE_GROUP
from seatrial.rules.model import Observation
from seatrial.rules.observations import broken, unknown
from seatrial.rules.view import View


def without_template(view: View, default: str) -> Iterator[Observation]:
    """Give a finding for each group that has none, where ``default`` says what its nodes get instead."""
    for group in view.of_type(NODE_GROUP):
        template = view.references.launch_template(group)
        if template.is_unknown:
            yield unknown(group, "launchTemplate")
        elif template.one is None:
            yield broken(group, "launchTemplate", template.strangers[0] if template.strangers else default)
