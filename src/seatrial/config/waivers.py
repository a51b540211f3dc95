"""Findings of checks that somebody answers for, until a day."""

from datetime import date

from seatrial.config.section import Section
from seatrial.config.values import Day, Reason, ResourceGlob, RuleId, TagText


class Waiver(Section):
    """A finding that is known, and accepted until a day."""

    rule: RuleId
    """Id of the rule, ``CP-01``."""
    resource: ResourceGlob = "*"
    """Name or URN of the resource, with * and ? as wildcards. Every resource, unless it is narrowed."""
    reason: Reason
    """Why it is accepted, in a sentence that a reviewer can judge."""
    owner: TagText
    """Who answers for it."""
    expires: Day
    """Last day on which it counts, in quotes. After it the rule fails again: no waiver is for ever."""

    def is_over(self, today: date) -> bool:
        """Tell whether its last day has passed."""
        return today > date.fromisoformat(self.expires)
