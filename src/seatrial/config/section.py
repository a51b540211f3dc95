"""The base of every part of the description."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Section(BaseModel):
    """Frozen, camelCase in YAML, snake_case in Python, unknown keys refused.

    Fields are described by string literals below them, which :mod:`seatrial.config.schema` reads: pydantic could, but
    would parse the source of every module at each import.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
    )
