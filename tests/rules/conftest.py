"""The shipped platform, faults planted into its plan, and what a rule says of that."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, cast

import pytest
import yaml

from seatrial import plan, rules
from seatrial.config import Waiver, load_platform, parse_platform
from seatrial.plan import Plan, Resource, Secret, Unknown, Value
from seatrial.rules.facts.values import number

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 23)

Step: TypeAlias = "tuple[Any, ...]"
"""One change of a plan: what is done, to which resources (a pattern of names without the stack), and with what.

    put NAME PATH VALUE          set an input; lists and mappings are frozen, "?" is unknown, "@NAME:id" is that id;
                                 a path is a text with dots, or a tuple where keys have some
    replace NAME PATH OLD NEW    replace words of an input that is text
    drop NAME                    take resources away
    without TYPE...              take all resources of some types away
    add TYPE NAME INPUTS NEED... add a resource that depends on others
    cut LATER EARLIER            take edges away, of components too: the engine orders children by their parents
    tie LATER EARLIER            add edges
    answer NAME PATH VALUE       set an output
    set NAME FIELD VALUE         set a field of the resource itself
"""

Planted: TypeAlias = Callable[..., Plan]
Judged: TypeAlias = Callable[..., rules.Result]


IN_CLUSTER = frozenset(
    {"DST-05", "DST-06", "DST-08", "DST-09", "DST-10", "DST-11", "IAM-06", "IAM-07", "IAM-12"}
    | {id_ for id_ in rules.ids() if id_.startswith(("HA-", "NP-", "POD-", "RBAC-"))}
) - {"HA-06", "NP-04"}
"""Rules about what is in the cluster; their tables are in files of their own."""

EVERYTHING = {
    "irsaDemo": {"testPod": True},
    "nodeLocalDns": {"enabled": True},
    "spotDemo": {"enabled": True},
}
"""What the stack ``full`` has beside that of production: all that a description can turn on."""


@cache
def _shipped(stack: str, *, preview: bool = False) -> Plan:
    name = "prod" if stack == "full" else stack
    if stack == "full":
        document = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text())["config"]["seatrial:platform"]
        document["kubernetes"] = {**document["kubernetes"], **EVERYTHING}
        platform = parse_platform(document, today=DAY)
    else:
        platform = load_platform(ROOT / f"Pulumi.{stack}.yaml", today=DAY)
    return plan.of_platform(platform, project="seatrial", stack=name, preview=preview)


@cache
def _waivers() -> tuple[Waiver, ...]:
    return load_platform(ROOT / "Pulumi.prod.yaml", today=DAY).waivers


@pytest.fixture
def in_cluster() -> frozenset[str]:
    return IN_CLUSTER


@pytest.fixture
def waivers() -> tuple[Waiver, ...]:
    """What the shipped stack of production answers for."""
    return _waivers()


@pytest.fixture
def shipped() -> Callable[..., Plan]:
    return _shipped


@pytest.fixture
def described() -> Callable[[Mapping[str, object]], Plan]:
    """Plan a description."""

    def make(document: Mapping[str, object]) -> Plan:
        return plan.of_platform(parse_platform(document, today=DAY), project="seatrial", stack="prod")

    return make


@pytest.fixture
def planted() -> Planted:
    """Plan a shipped stack with changes."""

    def make(*steps: Step, stack: str = "prod") -> Plan:
        changed = _shipped(stack)
        for step in steps:
            changed = _applied(changed, step)
        return changed

    return make


@pytest.fixture
def judged(planted: Planted) -> Judged:
    """Judge a shipped stack with changes by one rule; backwards, as if the program made everything in reverse."""

    def make(rule: str, *steps: Step, stack: str = "prod", is_backwards: bool = False) -> rules.Result:
        plan_ = planted(*steps, stack=stack)
        plan_ = replace(plan_, resources=plan_.resources[::-1]) if is_backwards else plan_
        outcome = rules.check(plan_, rules.chosen([rule]), today=DAY)
        return outcome.results[0]

    return make


@pytest.fixture
def places() -> Callable[[Iterable[rules.Finding]], list[str]]:
    """Write each finding as the resource's name without the stack, and the path."""

    def make(findings: Iterable[rules.Finding]) -> list[str]:
        return sorted(f"{_base(finding.name)} {finding.path}".strip() for finding in findings)

    return make


def _base(name: str) -> str:
    return name.removesuffix("-prod").removesuffix("-dev")


def _applied(before: Plan, step: Step) -> Plan:
    do, *rest = step
    match do:
        case "drop":
            kept = [each for each in before if not _is(each, rest[0])]
        case "without":
            return replace(before, resources=tuple(each for each in before if each.type not in rest))
        case "add":
            kept = [*before, _added(before, *rest)]
        case _:
            chosen = [each for each in before if _is(each, rest[0]) or (do == "cut" and _named(each, rest[0]))]
            changed = [_changed(before, each, do, rest[1:]) if each in chosen else each for each in before]
            assert changed != list(before), f"{step} changes nothing"
            return replace(before, resources=tuple(changed))
    assert len(kept) != len(before), f"{step} changes nothing"
    return replace(before, resources=tuple(kept))


def _is(resource: Resource, pattern: str) -> bool:
    return resource.custom and _named(resource, pattern)


def _named(resource: Resource, pattern: str) -> bool:
    return fnmatchcase(_base(resource.name), pattern)


def _added(before: Plan, type_: str, name: str, inputs: Mapping[str, Any], *needs: str) -> Resource:
    urn = f"urn:pulumi:{before.stack}::{before.project}::{type_}::{name}"
    urns = tuple(sorted(each.urn for each in before if any(_is(each, need) for need in needs)))
    answered = cast("Mapping[str, Value]", _frozen(before, inputs))
    return Resource(
        urn=urn,
        type=type_,
        name=name,
        custom=True,
        id=f"{name}-id",
        inputs=answered,
        outputs=answered,
        dependencies=urns,
    )


def _changed(before: Plan, resource: Resource, do: str, rest: Sequence[Any]) -> Resource:
    match do, rest:
        case "put", (path, value):
            return replace(resource, inputs=_put(resource.inputs, path, _frozen(before, value)))
        case "answer", (path, value):
            return replace(resource, outputs=_put(resource.outputs, path, _frozen(before, value)))
        case "replace", (path, old, new):
            text = str(resource.inputs[path])
            assert old in text, f"{resource.name} has no {old} in {path}"
            return replace(resource, inputs={**resource.inputs, path: text.replace(old, new)})
        case "set", (field, value):
            return replace(resource, **{field: value})
        case "cut", (earlier,):
            return _without_edges(before, resource, earlier)
        case "tie", (earlier,):
            urns = [each.urn for each in before if _is(each, earlier)]
            return replace(resource, dependencies=tuple(sorted({*resource.dependencies, *urns})))
        case _:
            raise AssertionError(f"what is {do}?")


def _without_edges(before: Plan, resource: Resource, earlier: str) -> Resource:
    gone = {each.urn for each in before if _is(each, earlier)}
    edges = {key: tuple(urn for urn in urns if urn not in gone) for key, urns in resource.property_dependencies.items()}
    return replace(
        resource,
        dependencies=tuple(urn for urn in resource.dependencies if urn not in gone),
        property_dependencies={key: urns for key, urns in edges.items() if urns},
        deleted_with="" if resource.deleted_with in gone else resource.deleted_with,
    )


def _frozen(before: Plan, value: Any) -> Value:
    match value:
        case "?":
            return Unknown()
        case str() if value.startswith("@"):
            name, _, key = value[1:].partition(":")
            (resource,) = (each for each in before if _is(each, name))
            return resource.id if key == "id" else resource.outputs[key]
        case str() if value.startswith("secret:"):
            return Secret(value.removeprefix("secret:"))
        case list():
            return tuple(_frozen(before, each) for each in cast("list[Any]", value))
        case dict():
            return {key: _frozen(before, each) for key, each in cast("dict[str, Any]", value).items()}
        case _:
            return value


def _put(properties: Mapping[str, Value], path: str | tuple[str, ...], value: Value) -> Mapping[str, Value]:
    key, *rest = path.split(".") if isinstance(path, str) else path
    return {**properties, key: _below(properties.get(key), tuple(rest), value) if rest else value}


def _below(old: Value, path: tuple[str, ...], value: Value) -> Value:
    key, *rest = path
    index = number(key)
    if isinstance(old, tuple) and index is not None:
        return (*old[:index], _below(old[index], tuple(rest), value) if rest else value, *old[index + 1 :])
    return _put(old if isinstance(old, Mapping) else {}, path, value)
