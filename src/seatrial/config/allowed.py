"""A constraint that says, in words, what is allowed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError, ValidatorFunctionWrapHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

FAULT = "seatrial"
"""Type of the errors raised here; their context holds ``allowed`` and ``hint``."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value was understood and is not allowed."""

    hint: str = ""
    """What to do about it, when it isn't obvious."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Annotation of a value: ``Annotated[str, Allowed("a region", check)]``."""

    text: str
    """What is allowed, to follow ``allowed:`` in a message."""
    check: Callable[[str], Refusal | None]
    """Tells what is wrong with a value, or None."""
    pattern: str = ""
    """Regular expression for editors, where one can say it."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap pydantic's own check of the type, so that one message serves both."""
        return core_schema.no_info_wrap_validator_function(self._validate, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say the same to editors: ``errorMessage`` is what the YAML language server shows."""
        described = {**handler(schema), "errorMessage": self.text}
        return {**described, "pattern": self.pattern} if self.pattern else described

    def _validate(self, value: object, inner: ValidatorFunctionWrapHandler) -> str:
        try:
            text: str = inner(value)
        except ValidationError:
            raise self._refused(quoting(value)) from None
        if refusal := self.check(text):
            raise self._refused(refusal.hint)
        return text

    def _refused(self, hint: str) -> PydanticCustomError:
        return PydanticCustomError(FAULT, "{allowed}", {"allowed": self.text, "hint": hint})


def matching(pattern: str) -> Callable[[str], Refusal | None]:
    """Make a check that refuses what doesn't match the whole ``pattern``."""
    compiled = re.compile(pattern)
    return lambda text: None if compiled.fullmatch(text) else Refusal()


def quoting(value: object) -> str:
    """Tell how to write as text what YAML read as something else; empty when that can't be told."""
    match value:
        case bool():
            return "YAML reads it as true or false: put what you wrote into quotes"
        case float():
            return f"YAML reads it as the number {value}, without trailing zeros: put what you wrote into quotes"
        case int() | date():
            return f'YAML reads it as a {"number" if isinstance(value, int) else "date"}: write it in quotes, "{value}"'
        case _:
            return ""
