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
        ("a: [", "f.yaml", "while parsing a flow node"),
        ("just words", "f.yaml: document 1", "a str"),
        ("{apiVersion: v1, kind: Pod}\n---\n[]", "f.yaml: document 2", "a list"),
        ("{}", "f.yaml: document 1", "an empty mapping"),
        ("{replicas: 2, image: x}", "f.yaml: document 1", "a mapping of replicas, image"),
        ("{apiVersion: 1, kind: Pod}", "f.yaml: document 1", "a mapping of apiVersion, kind"),
        ("{apiVersion: v1, kind: List, items: [{}]}", "f.yaml: document 1.items[0]", "an empty mapping"),
        ("{apiVersion: v1, kind: List, items: {}}", "f.yaml: document 1: items", "{}"),
        ("{apiVersion: v1, kind: List, items: [1]}", "f.yaml: document 1: items[0]", "1"),
    ],
)
def test_what_is_no_manifest_is_a_fault(text: str, path: str, found: str) -> None:
    (fault,) = parsed(text)[1]

    assert fault.path == path
    assert fault.found.startswith(found)
