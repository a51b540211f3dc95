"""Manifests as text: several documents, lists, JSON, and what isn't a manifest."""

import pytest

from seatrial.errors import Fault
from seatrial.semantics import documents


def parsed(text: str) -> tuple[list[object], list[Fault]]:
    faults: list[Fault] = []
    return [item.value for item in documents.parse(text, "f.yaml", faults)], faults


def test_every_document_is_an_object_and_empty_ones_are_passed_over() -> None:
    text = "---\n---\napiVersion: v1\nkind: Pod\n---\n# nothing\n---\n{apiVersion: v1, kind: Service}\n"

    assert parsed(text) == ([{"apiVersion": "v1", "kind": "Pod"}, {"apiVersion": "v1", "kind": "Service"}], [])


def test_json_is_yaml() -> None:
    assert parsed('{"apiVersion": "v1",\n\t"kind": "Pod"}') == ([{"apiVersion": "v1", "kind": "Pod"}], [])


def test_the_items_of_a_typed_list_have_its_kind_unless_they_say_otherwise() -> None:
    text = "{apiVersion: v1, kind: PodList, items: [{metadata: {name: a}}, {kind: Pod, apiVersion: v1}]}"

    assert parsed(text) == (
        [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}, {"apiVersion": "v1", "kind": "Pod"}],
        [],
    )


def test_a_list_may_hold_lists() -> None:
    text = "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: PodList, items: [{}]}]}"

    assert parsed(text) == ([{"apiVersion": "v1", "kind": "Pod"}], [])


def test_an_object_may_have_items_without_being_a_list() -> None:
    text = "{apiVersion: v1, kind: ConfigMap, items: 3}"

    assert parsed(text) == ([{"apiVersion": "v1", "kind": "ConfigMap", "items": 3}], [])


@pytest.mark.parametrize(
    ("text", "path", "found"),
    [
        ("a: [", "f.yaml: line 2, column 1", "did not find expected node content"),
        ("a: 1\n...\n%YAML 3.0\n---\nb: 1", "f.yaml: line 3, column 1", "incompatible YAML document"),
        ("a: \x00", "f.yaml", "unacceptable character"),
        ("a: 2026-02-30", "f.yaml", "day is out of range for month"),
        ("just words", "f.yaml: document 1", '"just words"'),
        ("w" * 1000, "f.yaml: document 1", f'"{"w" * 99}…'),
        ("{apiVersion: v1, kind: Pod}\n---\n[]", "f.yaml: document 2", "[]"),
        ("[1, 2]", "f.yaml: document 1", "[1, 2]"),
        ("[{}, {}]", "f.yaml: document 1", "a list of 2"),
        ("{}", "f.yaml: document 1", "an empty mapping"),
        ("{replicas: 2, image: x}", "f.yaml: document 1", "a mapping of replicas, image"),
        ("{apiVersion: 1, kind: Pod}", "f.yaml: document 1", "a mapping of apiVersion, kind"),
        ("{apiVersion: v1, kind: List, items: [{}]}", "f.yaml: document 1.items[0]", "an empty mapping"),
        ("{apiVersion: v1, kind: List, items: {}}", "f.yaml: document 1: items", "an empty mapping"),
        ("a: 1\nb: {c: 1, d: 2, c: 3}", "f.yaml: line 2, column 17", "the key c again"),
        ("? {a: 1}\n: 2", "f.yaml: line 1, column 3", "unhashable key"),
        ("a: &a {b: [*a]}", "f.yaml: line 1, column 12", "an alias inside its own anchor"),
        pytest.param("[" * 100_000, "f.yaml: line 1, column 201", "more than 200 levels", id="deep"),
        ("{apiVersion: v1, kind: List, items: [1]}", "f.yaml: document 1: items[0]", "1"),
    ],
)
def test_what_is_no_manifest_is_a_fault(text: str, path: str, found: str) -> None:
    (fault,) = parsed(text)[1]

    assert fault.path == path
    assert fault.found.startswith(found)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a:\n\tb: 1", "indent with spaces"),
        ("{{- if .Values.on }}\na: 1", "it is a template"),
        ("a: {{ .Values.name }}", "it is a template"),
        ("a: [", ""),
        ("a: b: c", ""),
    ],
)
def test_what_was_meant_is_guessed(text: str, hint: str) -> None:
    (fault,) = parsed(text)[1]

    assert fault.hint.startswith(hint)
    assert bool(fault.hint) is bool(hint)


def test_what_is_merged_in_may_be_said_otherwise() -> None:
    text = "- &base {a: 1, b: 2}\n- &other {<<: *base, <<: *base, a: 3, apiVersion: v1, kind: Pod}\n---\n*other"

    assert parsed(text)[1][-1].found == "undefined alias"
    assert parsed("{apiVersion: v1, kind: Pod, x: &x {a: 1}, y: {<<: *x, a: 2}}")[0] == [
        {"apiVersion": "v1", "kind": "Pod", "x": {"a": 1}, "y": {"a": 2}}
    ]


def test_an_alias_may_stand_beside_its_anchor() -> None:
    assert parsed("{apiVersion: v1, kind: Pod, x: &x [1], y: *x}")[1] == []
