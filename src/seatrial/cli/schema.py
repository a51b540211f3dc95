"""``seatrial schema``: the JSON Schema of a stack file."""

import typer

from seatrial.cli.files import write
from seatrial.cli.options import Output

app = typer.Typer()


@app.command(epilog="Example: seatrial schema --output docs/platform.schema.json")
def schema(output: Output = None) -> None:
    """Print the JSON Schema of a stack file, for editors and other tools."""
    import json  # noqa: PLC0415 (paid for by this command alone)

    from seatrial.config.schema import stack_schema  # noqa: PLC0415 (as above)

    text = json.dumps(stack_schema(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        write(text, output)
