"""Entry point of ``pulumi up``: load the stack's description, build the platform, export its outputs."""

import sys

from seatrial.errors import ConfigError
from seatrial.program import run

try:
    run()
except ConfigError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(1)
