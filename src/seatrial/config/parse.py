"""From an untyped document to a platform, or to everything that is wrong with it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import cast

from pydantic import ValidationError

from seatrial.config import checks, faults
from seatrial.config.model import Platform
from seatrial.errors import ConfigError, Fault

Document = Mapping[str, object]
"""What YAML or Pulumi gives, before anything is known of it."""

_STANDINS: Document = {"environment": "any", "environmentSuffix": "any", "owner": "any", "costCenter": "any"}
"""Values for keys that have no default, so that the rest can be checked without them. No check reads them."""


def parse_platform(document: Document, source: str = "", *, today: date | None = None) -> Platform:
    """Validate an untyped document.

    Args:
        document: What a stack file holds under ``seatrial:platform``, or ``pulumi.Config`` gives for it.
        source: Names the document in messages.
        today: Day by which the support of versions is judged; the real one by default.

    Raises:
        ConfigError: With every fault at once.

    """
    return parse(document, source, today=today)


def parse(document: Document, source: str, *, today: date | None = None, known: Sequence[Fault] = ()) -> Platform:
    """Validate a document of which some faults are ``known`` already."""
    platform, found = _checked(_plain(document), today or datetime.now(UTC).date())
    told = {fault.path for fault in known}
    if platform is None or known or found:
        raise ConfigError([*known, *(fault for fault in found if fault.path not in told)], source)
    return platform


def _checked(document: object, today: date) -> tuple[Platform | None, list[Fault]]:
    try:
        platform = _validated(document)
    except ValidationError as error:
        return None, [*faults.faults(error), *_between_sound_parts(document, error, today)]
    return platform, list(checks.faults(platform, today))


def _between_sound_parts(document: object, error: ValidationError, today: date) -> list[Fault]:
    """Check what is left of a document when its faulty parts are taken out of it."""
    if not isinstance(document, dict):
        return []
    faulty, rest = faults.places(error), cast("dict[str, object]", document)
    while True:
        rest = _without(rest, faulty)
        try:
            platform = _validated(rest)
        except ValidationError as another:
            faulty |= faults.places(another)
        else:
            return list(checks.faults(platform, today, faulty))


def _without(document: dict[str, object], places: set[tuple[str, ...]]) -> dict[str, object]:
    for place in places:
        _remove(document, place)
    return {**_STANDINS, **document}


def _plain(value: object) -> object:
    """Copy a document, keys as text: a key that isn't could not be named, nor taken out."""
    if isinstance(value, Mapping):
        return {str(key): _plain(below) for key, below in cast("Mapping[object, object]", value).items()}
    return value


def _remove(document: dict[str, object], place: tuple[str, ...]) -> None:
    *above, last = place
    for key in above:
        below = document.get(key)
        if not isinstance(below, dict):
            return
        document = cast("dict[str, object]", below)
    document.pop(last, None)


def _validated(document: object) -> Platform:
    return Platform.model_validate(document, by_alias=True, by_name=False)
