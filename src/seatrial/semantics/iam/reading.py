"""Policy documents from JSON: what IAM would refuse in one is a fault, all of them at once.

See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
"""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from seatrial.errors import ConfigError, Fault
from seatrial.semantics.iam import conditions, patterns
from seatrial.semantics.iam.conditions import Condition
from seatrial.semantics.iam.operators import NULL, OPERATORS
from seatrial.semantics.iam.patterns import Glob
from seatrial.semantics.iam.policies import Effect, Kind, Policy, Statement
from seatrial.semantics.iam.principals import ANYBODY, KINDS, Principals

_VERSIONS: Final = ("2008-10-17", "2012-10-17")
"""The first is meant where a document says none; only the second has variables."""

_DOCUMENT: Final = ("Id", "Statement", "Version")
_ELEMENTS: Final = ("Action", "Principal", "Resource")
"""Elements that have a negated form, which a statement has instead."""

_STATEMENT: Final = (*_ELEMENTS, *(f"Not{name}" for name in _ELEMENTS), "Condition", "Effect", "Sid")

_NEEDED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.IDENTITY: ("Action", "Resource"),
    Kind.RESOURCE: ("Action", "Principal"),
    Kind.TRUST: ("Action", "Principal"),
}
_FORBIDDEN: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.IDENTITY: ("Principal",),
    Kind.RESOURCE: (),
    Kind.TRUST: ("Resource",),
}


def policy(document: str | Mapping[str, object], name: str, kind: Kind = Kind.IDENTITY) -> Policy:
    """Read a document, JSON text or what it parses to.

    Raises:
        ConfigError: IAM would refuse the document; every fault at once.

    """
    reader = _Reader(kind, name)
    statements = tuple(reader.statements(reader.document(document)))
    if reader.faults:
        raise ConfigError(reader.faults, f"the policy {name}")
    return Policy(name=name, kind=kind, statements=statements)


@dataclass(slots=True)
class _Reader:
    """Reads one document; what it gives is of use only when it found no fault."""

    kind: Kind
    name: str
    variables: bool = False
    faults: list[Fault] = field(default_factory=list[Fault])

    def document(self, document: object) -> list[object]:
        """Give the statements, unread."""
        if isinstance(document, str):
            try:
                document = json.loads(document)
            except json.JSONDecodeError as error:
                return self._refuse("document", document[:40], f"JSON ({error})")
        content = self._mapping(document, "document")
        self._check_names(content, "", _DOCUMENT)
        version = content.get("Version", _VERSIONS[0])
        if version not in _VERSIONS:
            self._refuse("Version", version, " or ".join(_VERSIONS))
        self.variables = version == _VERSIONS[1]
        return self._list(content.get("Statement", []), "Statement")

    def statements(self, found: Sequence[object]) -> Iterator[Statement]:
        """Read the statements."""
        for index, value in enumerate(found):
            at = f"Statement[{index}]"
            content = self._mapping(value, at)
            self._check_names(content, f"{at}.", _STATEMENT)
            self._check_elements(content, at)
            yield self._statement(content, at, index + 1)

    def _statement(self, content: Mapping[str, object], at: str, number: int) -> Statement:
        actions, resources = self._either(content, "Action", at), self._either(content, "Resource", at)
        effect = content.get("Effect")
        if effect not in tuple(Effect):
            self._refuse(f"{at}.Effect", effect, " or ".join(Effect))
        return Statement(
            policy=self.name,
            number=number,
            sid=self._text(content.get("Sid", ""), f"{at}.Sid"),
            effect=Effect.ALLOW if effect == Effect.ALLOW else Effect.DENY,
            principals=self._principals(content, at),
            actions=tuple(self._action(text, at) for text in actions or ()),
            are_actions_excepted="NotAction" in content,
            resources=None
            if resources is None
            else tuple(patterns.of_resource(text, variables=self.variables) for text in resources),
            are_resources_excepted="NotResource" in content,
            conditions=tuple(self._conditions(content.get("Condition", {}), f"{at}.Condition")),
        )

    def _check_elements(self, content: Mapping[str, object], at: str) -> None:
        for name in _ELEMENTS:
            found = [each for each in (name, f"Not{name}") if each in content]
            if len(found) > 1:
                self._refuse(at, " and ".join(found), "one of them")
            if found and name in _FORBIDDEN[self.kind]:
                self._refuse(f"{at}.{found[0]}", content[found[0]], f"nothing in a policy of kind {self.kind}")
            if not found and name in _NEEDED[self.kind]:
                self._refuse(f"{at}.{name}", None, f"{name} or Not{name}")

    def _either(self, content: Mapping[str, object], name: str, at: str) -> tuple[str, ...] | None:
        for each in (name, f"Not{name}"):
            if each in content:
                return self._texts(content[each], f"{at}.{each}")
        return None

    def _action(self, text: str, at: str) -> Glob:
        service, _, operation = text.partition(":")
        if text != ANYBODY and not (service and operation):
            self._refuse(f"{at}.Action", text, "service:Operation or *")
        # Variables are for resources and conditions.
        return patterns.wildcards(text)

    def _principals(self, content: Mapping[str, object], at: str) -> Principals | None:
        for name in ("Principal", "NotPrincipal"):
            if name in content:
                named = tuple(self._named(content[name], f"{at}.{name}"))
                return Principals(named, are_excepted=name == "NotPrincipal")
        return None

    def _named(self, value: object, at: str) -> Iterator[tuple[str, str]]:
        if value == ANYBODY:
            yield "AWS", ANYBODY
            return
        content = self._mapping(value, at)
        self._check_names(content, f"{at}.", KINDS)
        for kind, names in content.items():
            for name in self._texts(names, f"{at}.{kind}"):
                if kind == "AWS" and name != ANYBODY and ("*" in name or "?" in name):
                    self._refuse(f"{at}.{kind}", name, "* alone, or a principal's whole ARN")
                yield kind, name

    def _conditions(self, block: object, at: str) -> Iterator[Condition]:
        for name, keys in self._mapping(block, at).items():
            test = conditions.of_name(name)
            if test is None:
                near = difflib.get_close_matches(name, [*OPERATORS, NULL], 1)
                self._refuse(f"{at}.{name}", name, "a condition operator", f"did you mean {near[0]}?" if near else "")
                continue
            variables = self.variables and test.operator is not None and test.operator.has_variables
            for key, values in self._mapping(keys, f"{at}.{name}").items():
                texts = self._texts(values, f"{at}.{name}.{key}")
                yield Condition(test, key, tuple(patterns.of_text(text, variables=variables) for text in texts))

    def _texts(self, value: object, at: str) -> tuple[str, ...]:
        return tuple(self._text(each, at) for each in self._list(value, at))

    def _text(self, value: object, at: str) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int | float):
            return str(value)
        self._refuse(at, value, "a text")
        return ""

    def _list(self, value: object, at: str) -> list[object]:
        listed = cast("list[object]", value) if isinstance(value, list) else [value]
        if not listed:
            self._refuse(at, "[]", "at least one")
        return listed

    def _mapping(self, value: object, at: str) -> Mapping[str, object]:
        if isinstance(value, Mapping):
            return cast("Mapping[str, object]", value)
        self._refuse(at, value, "a mapping")
        return {}

    def _check_names(self, content: Mapping[str, object], prefix: str, known: Sequence[str]) -> None:
        for name in content:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                hint = f"did you mean {near[0]}?" if near else ""
                self._refuse(f"{prefix}{name}", content[name], f"only {', '.join(sorted(known))}", hint)

    def _refuse(self, at: str, value: object, allowed: str, hint: str = "") -> list[object]:
        found = "(missing)" if value is None else json.dumps(value, default=str)
        self.faults.append(Fault(at, found, allowed, hint))
        return []
