"""A document, and what becomes of it with another."""

from dataclasses import dataclass, field
from typing import TypeAlias

Statement: TypeAlias = dict[str, object]
"""A statement in IAM's spelling, elements in the provider's order, without those that are empty."""


def no_statements() -> list[Statement]:
    """Return the statements of a document that has none."""
    return []


@dataclass(slots=True)
class Document:
    """A document before it is text."""

    version: str = ""
    id: str = ""
    statements: list[Statement] = field(default_factory=no_statements)

    def merge(self, other: "Document") -> None:
        """Take over the other's name, a later version, and its statements: instead of those with the same ``Sid``."""
        self.id = other.id or self.id
        self.version = max(self.version, other.version)
        for statement in other.statements:
            self._put(statement)

    def content(self) -> dict[str, object]:
        """Return the document as IAM spells it."""
        content = {"Version": self.version, "Id": self.id, "Statement": self.statements}
        return {key: value for key, value in content.items() if value}

    def _put(self, statement: Statement) -> None:
        sid = statement.get("Sid")
        same = (index for index, each in enumerate(self.statements) if sid and each.get("Sid") == sid)
        index = next(same, len(self.statements))
        self.statements[index : index + 1] = [statement]
