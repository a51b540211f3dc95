"""The decision: every binding that lets somebody do something, and everybody whom something is allowed to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.semantics.iam import patterns
from seatrial.semantics.rbac.bindings import Binding, Holder, HolderKind
from seatrial.semantics.rbac.roles import Reference
from seatrial.semantics.rbac.rules import Request, Rule
from seatrial.semantics.rbac.subjects import MASTERS, Subject

_ANYWHERE = ""
_PATTERN = frozenset("*?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Why somebody may do something."""

    holder: Holder
    """Whom the binding names."""

    binding: str
    """``ClusterRoleBinding/viewers``; ``AccessPolicy/AmazonEKSViewPolicy`` for an access entry's."""

    role: str
    """``ClusterRole/view``."""

    rule: Rule
    """The first of its rules that allows the request."""

    def __str__(self) -> str:
        return f"{self.binding} gives {self.holder} {self.role}: {self.rule}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the API server says to a request, and why."""

    grants: tuple[Grant, ...]
    """Every binding that allows it, in order of name; none means that it is refused."""

    @property
    def is_allowed(self) -> bool:
        """Whether the request passes."""
        return bool(self.grants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A role that somebody has somewhere, with its rules."""

    binding: str
    role: str
    rules: tuple[Rule, ...]
    namespaces: tuple[str, ...] | None
    """Where it counts, ``*`` standing for any text; None for everywhere."""

    @property
    def places(self) -> frozenset[str]:
        """Where to look for it: its namespaces, or anywhere when it counts everywhere or they are a pattern."""
        if self.namespaces is None or any(_PATTERN & {*each} for each in self.namespaces):
            return frozenset({_ANYWHERE})
        return frozenset(self.namespaces)

    def rule(self, request: Request) -> Rule | None:
        """Return the first rule that allows a request."""
        if not self._counts(request.namespace):
            return None
        return next((rule for rule in self.rules if rule.allows(request)), None)

    def _counts(self, namespace: str) -> bool:
        if self.namespaces is None:
            return True
        return bool(namespace) and any(
            patterns.matches(patterns.wildcards(each), namespace) for each in self.namespaces
        )


class Authorizations:
    """Who may do what in a cluster, indexed by who and by where."""

    def __init__(self, held: Iterable[tuple[Holder, Held]]) -> None:
        """Index what is held."""
        self._held: dict[Holder, list[Held]] = {}
        self._in: dict[str, list[tuple[int, Holder, Held]]] = {}
        for number, (holder, each) in enumerate(held):
            self._held.setdefault(holder, []).append(each)
            for place in each.places:
                self._in.setdefault(place, []).append((number, holder, each))

    def allowed(self, subject: Subject, request: Request) -> Answer:
        """Return what the API server says to a subject's request."""
        found = [
            grant for holder in _holders(subject) for grant in _grants(holder, self._held.get(holder, ()), request)
        ]
        return Answer(grants=tuple(sorted(found, key=lambda grant: (grant.binding, grant.holder))))

    def who_can(self, request: Request) -> tuple[Grant, ...]:
        """Return everybody to whom a binding allows a request, in order."""
        places = {_ANYWHERE, request.namespace}
        held = sorted((each for place in places for each in self._in.get(place, ())), key=lambda each: each[0])
        found = [grant for _, holder, each in held for grant in _grants(holder, [each], request)]
        return tuple(sorted(found, key=lambda grant: (grant.holder, grant.binding)))

    def held_by(self, subject: Subject) -> tuple[Held, ...]:
        """Return every role that a subject has, in order of the binding."""
        found = [held for holder in _holders(subject) for held in self._held.get(holder, ())]
        return tuple(sorted(found, key=lambda held: (held.binding, held.role)))


def _grants(holder: Holder, held: Iterable[Held], request: Request) -> Iterator[Grant]:
    for each in held:
        rule = each.rule(request)
        if rule is not None:
            yield Grant(holder=holder, binding=each.binding, role=each.role, rule=rule)


def of_bindings(
    bindings: Iterable[Binding], rules: Mapping[Reference, tuple[Rule, ...]]
) -> Iterator[tuple[Holder, Held]]:
    """Give what bindings give to whom; nothing for a role that there is not."""
    for binding in bindings:
        held = Held(
            binding=binding.title,
            role=str(binding.role),
            rules=rules.get(binding.role, ()),
            namespaces=(binding.namespace,) if binding.namespace else None,
        )
        for holder in binding.holders:
            yield holder, held


MASTER = (
    Holder(HolderKind.GROUP, MASTERS),
    Held(
        binding="the API server",
        role="everything",
        rules=(Rule(verbs=("*",), groups=("*",), resources=("*",)), Rule(verbs=("*",), paths=("*",))),
        namespaces=None,
    ),
)
"""What the API server gives the masters by itself, before any role is asked."""


def _holders(subject: Subject) -> Iterator[Holder]:
    yield Holder(HolderKind.USER, subject.name)
    for group in subject.groups:
        yield Holder(HolderKind.GROUP, group)
    if subject.principal_arn:
        yield Holder(HolderKind.PRINCIPAL, subject.principal_arn)
