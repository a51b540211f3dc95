"""Tags among each other."""

from collections import Counter
from collections.abc import Iterator

from seatrial.config.checks.check import Check, Context
from seatrial.config.location import found, path
from seatrial.errors import Fault


def _distinct(context: Context) -> Iterator[Fault]:
    tags = context.platform.tags
    counts = Counter(key.casefold() for key in tags)
    for key, value in tags.items():
        if counts[key.casefold()] > 1:
            yield Fault(
                path(("tags", key)),
                found(value),
                "keys that differ in more than upper and lower case",
                "AWS IAM takes such keys for one",
            )


CHECKS = (Check(reads=(("tags",),), run=_distinct),)
