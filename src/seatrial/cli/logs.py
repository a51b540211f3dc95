"""Logging of the ``--verbose`` option."""

import logging


def to_stderr() -> None:
    """Log everything of ours on stderr, and what libraries warn about."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("seatrial").setLevel(logging.DEBUG)
