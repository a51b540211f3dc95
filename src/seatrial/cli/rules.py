"""``seatrial rules``: the controls that ``seatrial check`` proves."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from seatrial.cli.options import Output

if TYPE_CHECKING:
    from seatrial.rules import Rule

app = typer.Typer()


class Format(StrEnum):
    """How the rules are written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


@app.command(epilog="Example: seatrial rules --format json --output rules.json")
def rules(
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write the rules.")] = Format.TABLE,
    output: Output = None,
) -> None:
    """List every rule: what it asks for, why, how to mend a finding, and who else asks for it."""
    from seatrial.rules import every  # noqa: PLC0415 (a command imports what it runs when it runs)

    text = _rendered(every(), format_)
    if output is None:
        typer.echo(text, nl=False)
    else:
        from seatrial.cli.files import write  # noqa: PLC0415 (as above)

        write(text, output)


def _rendered(rules: "tuple[Rule, ...]", format_: Format) -> str:
    from seatrial.report import catalogue  # noqa: PLC0415 (as above)

    renderers = {Format.TABLE: catalogue.table, Format.JSON: catalogue.document, Format.MARKDOWN: catalogue.markdown}
    return renderers[format_](rules)
