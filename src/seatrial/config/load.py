"""From a stack file to a platform."""

from datetime import date
from pathlib import Path

from seatrial.config import parse, stack_file
from seatrial.config.model import Platform


def load_platform(path: Path, *, today: date | None = None) -> Platform:
    """Read and validate the platform of a Pulumi stack file.

    Args:
        path: ``Pulumi.<stack>.yaml``, which holds the description under ``seatrial:platform``.
        today: Day by which the support of versions is judged; the real one by default.

    Raises:
        ConfigError: With every fault at once; without one to report, the platform is what AWS accepts.

    """
    document, known = stack_file.read(path)
    return parse.parse(document, str(path), today=today, known=known)
