"""The function: from its arguments to its result."""

import zlib
from collections.abc import Mapping
from typing import Final

from seatrial.errors import ConfigError
from seatrial.iam.composition import sources, text
from seatrial.iam.composition.arguments import Arguments
from seatrial.iam.composition.merged import Document
from seatrial.iam.composition.refusals import Refusals
from seatrial.iam.composition.statements import Statements

ARGUMENTS: Final = (
    "overrideJson",
    "overridePolicyDocuments",
    "policyId",
    "sourceJson",
    "sourcePolicyDocuments",
    "statements",
    "version",
)
"""What the function takes, in the provider's spelling."""

_VERSIONS: Final = ("2008-10-17", "2012-10-17")
_CURRENT: Final = _VERSIONS[1]
_SUCCESSORS: Final = {"overrideJson": "overridePolicyDocuments", "sourceJson": "sourcePolicyDocuments"}
"""What the provider once took, and no longer does unless it is empty; to what took its place."""


def compose(arguments: Mapping[str, object]) -> dict[str, str]:
    """Return ``json``, ``minifiedJson``, ``id``, and ``version``, which has a default.

    Args:
        arguments: in the provider's spelling, camelCase; lists may be tuples.

    Raises:
        ConfigError: the provider would refuse them, or a document that is a part of this one; every fault at once.

    """
    refusals = Refusals()
    reader = Arguments(arguments, "", refusals)
    _check_retired(reader)
    version = reader.choice("version", _VERSIONS, _CURRENT)
    statements = Statements(version, refusals).of(reader.objects("statements"))
    merged = _merged(reader, Document(version, reader.text("policyId"), statements), refusals)
    if refusals.faults:
        raise ConfigError(refusals.faults, "the policy document")
    return {**_written(merged), "version": version}


def _check_retired(reader: Arguments) -> None:
    for name, successor in _SUCCESSORS.items():
        if found := reader.text(name):
            reader.refuse(name, found, "nothing: AWS's provider ignores it", f"say {successor}, a list")


def _merged(reader: Arguments, own: Document, refusals: Refusals) -> Document:
    bases = list(sources.documents(reader, "sourcePolicyDocuments", refusals))
    sources.check_sids(bases, refusals)
    merged = Document()
    for each in (*bases, own, *sources.documents(reader, "overridePolicyDocuments", refusals)):
        merged.merge(each)
    return merged


def _written(document: Document) -> dict[str, str]:
    content = document.content()
    indented = text.indented(content)
    return {"json": indented, "minifiedJson": text.minified(content), "id": str(zlib.crc32(indented.encode()))}
