"""What checks found, written for a person, a pipeline or a browser: data in, text out."""

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from seatrial.plan import Plan
    from seatrial.rules import Outcome


class Format(StrEnum):
    """How the outcome of checks is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    HTML = "html"


def render(outcome: "Outcome", plan: "Plan", format_: Format) -> str:
    """Write an outcome, and the plan that it is about, in a format for machines or a browser, or as plain text."""
    match format_:
        case Format.TEXT:
            from seatrial.report import text  # noqa: PLC0415 (each format is loaded when it is asked for)

            return text.render(outcome)
        case Format.JSON:
            from seatrial.report import document  # noqa: PLC0415 (as above)

            return document.render(outcome)
        case Format.SARIF:
            from seatrial.report import sarif  # noqa: PLC0415 (as above)

            return sarif.render(outcome)
        case Format.JUNIT:
            from seatrial.report import junit  # noqa: PLC0415 (as above)

            return junit.render(outcome)
        case Format.HTML:
            from seatrial.report.html import page  # noqa: PLC0415 (as above)

            return page.render(outcome, plan)
        case _:
            assert_never(format_)


__all__ = ["Format", "render"]
