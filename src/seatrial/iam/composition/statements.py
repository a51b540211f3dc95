"""Statements from the function's arguments."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from seatrial.iam.composition import elements
from seatrial.iam.composition.arguments import Arguments
from seatrial.iam.composition.elements import Texts
from seatrial.iam.composition.merged import Statement
from seatrial.iam.composition.refusals import Refusals

_KNOWN: Final = (
    "sid",
    "effect",
    "actions",
    "notActions",
    "resources",
    "notResources",
    "principals",
    "notPrincipals",
    "conditions",
)
_PRINCIPAL: Final = ("type", "identifiers")
_CONDITION: Final = ("test", "variable", "values")

_VARIABLE: Final = "&{"
"""How a program writes the beginning of IAM's ``${``, which Terraform would take for its own."""


@dataclass(frozen=True, slots=True)
class Statements:
    """Reads the statements of a document of one version."""

    version: str
    refusals: Refusals

    def of(self, found: Sequence[Arguments]) -> list[Statement]:
        """Read them; no two may have the same ``Sid``."""
        read = [self._statement(each) for each in found]
        sids = [str(each.get("Sid", "")) for each in read]
        for index, sid in enumerate(sids):
            if sid and sid in sids[:index]:
                found[index].refuse("sid", sid, "one that no other statement has")
        return read

    def _statement(self, found: Arguments) -> Statement:
        found.check_names(_KNOWN)
        content: Mapping[str, object] = {
            "Sid": self._sid(found),
            "Effect": found.choice("effect", ("Allow", "Deny"), "Allow"),
            "Action": elements.of_set(found.texts("actions")),
            "NotAction": elements.of_set(found.texts("notActions")),
            "Resource": elements.of_set(self._with_variables(found, "resources")),
            "NotResource": elements.of_set(self._with_variables(found, "notResources")),
            "Principal": self._principals(found.objects("principals")),
            "NotPrincipal": self._principals(found.objects("notPrincipals")),
            "Condition": self._conditions(found.objects("conditions")),
        }
        return {key: value for key, value in content.items() if value}

    def _sid(self, found: Arguments) -> str:
        sid = found.text("sid")
        if not re.fullmatch(r"[a-zA-Z0-9]*", sid):
            found.refuse("sid", sid, "letters and digits")
        return sid

    def _principals(self, found: Sequence[Arguments]) -> str | dict[str, Texts]:
        named: list[tuple[str, Texts]] = []
        for each in found:
            each.check_names(_PRINCIPAL, _PRINCIPAL)
            named.append((each.text("type"), elements.of_set(self._with_variables(each, "identifiers"))))
        return elements.principals(named)

    def _conditions(self, found: Sequence[Arguments]) -> dict[str, dict[str, Texts]]:
        tests: list[tuple[str, str, list[str]]] = []
        for each in found:
            each.check_names(_CONDITION, _CONDITION)
            tests.append((each.text("test"), each.text("variable"), self._with_variables(each, "values")))
        return elements.conditions(tests)

    def _with_variables(self, found: Arguments, name: str) -> list[str]:
        texts = found.texts(name)
        for each in texts:
            if self.version == "2008-10-17" and _VARIABLE in each:
                found.refuse(
                    name, each, f"no {_VARIABLE} in version {self.version}", "version 2012-10-17 has variables"
                )
        return [each.replace(_VARIABLE, "${") for each in texts]
