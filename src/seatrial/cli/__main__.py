"""Entry point of ``seatrial`` and ``python -m seatrial.cli``."""

import sys

from seatrial.cli import app, edge


def main() -> None:
    """Run the command that ``sys.argv`` asks for, then exit with its code."""
    arguments = sys.argv[1:]
    with edge.reported(verbose="--verbose" in arguments):
        app.build(arguments)(args=arguments, prog_name="seatrial")


if __name__ == "__main__":
    main()
