"""Manifests before anything is asked of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.values import UNKNOWN

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Driver, MakeDriver, Values

TOKEN = "kubernetes:core/v1:ConfigMap"
SOUND: Values = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "it", "labels": {"a": "b"}}}


def _metadata(**fields: Any) -> Values:
    return {**SOUND, "metadata": {"name": "it", **fields}}


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (SOUND, []),
        ({**SOUND, "metadata": UNKNOWN}, []),
        (_metadata(name=UNKNOWN, namespace=UNKNOWN, labels=UNKNOWN), []),
        (_metadata(annotations={"a": UNKNOWN}), []),
        ({**SOUND, "apiVersion": UNKNOWN}, []),
        ({**SOUND, "apiVersion": "v2"}, ["apiVersion: found v2; allowed: v1, as the resource's type says"]),
        ({"apiVersion": "v1", "metadata": {"name": "it"}}, ["kind: found nothing; allowed: ConfigMap"]),
        ({**SOUND, "metadata": "it"}, ["metadata: allowed: a mapping"]),
        (_metadata(name=""), ["metadata.name: found ''; allowed: 1 to 253 characters"]),
        (_metadata(namespace=7), ["metadata.namespace: found 7;"]),
        (_metadata(generateName="it-"), ["metadata.generateName: can't be rehearsed"]),
        (_metadata(labels=["a"]), ["metadata.labels: allowed: a mapping of texts"]),
        (_metadata(labels={"a": 1}), ["metadata.labels.a: found 1; allowed: a text, so put it in quotes"]),
        (
            _metadata(annotations={"e.test/a": True}),
            ['metadata.annotations["e.test/a"]: found True; allowed: a text'],
        ),
        (
            _metadata(annotations={"pulumi.com/waitFor": "condition=Ready"}),
            ['metadata.annotations["pulumi.com/waitFor"]: the published provider knows it, a rehearsal doesn\'t'],
        ),
    ],
)
def test_shape_of_a_manifest_is_checked(driver: Driver, inputs: Values, said: list[str]) -> None:
    named, reasons = driver.check(TOKEN, inputs)

    assert named == inputs
    assert len(reasons) == len(said)
    assert all(reason.startswith(start) for reason, start in zip(reasons, said, strict=True))


def test_type_says_group_and_kind(driver: Driver) -> None:
    inputs: Values = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "it"}}

    assert driver.check("kubernetes:apps/v1:Deployment", inputs)[1] == []
    assert driver.check("kubernetes:apps/v1:DaemonSet", inputs)[1] == [
        "kind: found Deployment; allowed: DaemonSet, as the resource's type says"
    ]


@pytest.mark.parametrize("metadata", [None, {}, {"namespace": "dev", "annotations": {"a": "b"}}])
def test_object_without_name_gets_one(driver: Driver, metadata: Values | None) -> None:
    bare: Values = {"apiVersion": "v1", "kind": "ConfigMap"}
    inputs: Values = bare if metadata is None else {**bare, "metadata": metadata}

    names = [driver.check(TOKEN, inputs)[0]["metadata"]["name"] for _ in range(2)]

    assert all(name.startswith("it-") and len(name) == len("it-12345678") for name in names)
    assert names[0] != names[1]
    annotations = driver.check(TOKEN, inputs)[0]["metadata"]["annotations"]
    assert annotations == {**(metadata or {}).get("annotations", {}), "pulumi.com/autonamed": "true"}


def test_made_up_name_stays(driver: Driver) -> None:
    bare: Values = {"apiVersion": "v1", "kind": "ConfigMap"}
    first, _ = driver.check(TOKEN, bare)

    assert driver.check(TOKEN, {**bare, "data": {"a": "b"}}, old=first)[0]["metadata"] == first["metadata"]
    assert driver.check(TOKEN, bare, old=SOUND)[0]["metadata"]["name"] != "it"


def test_interrupted_creation_gets_the_name_of_its_first_attempt(make_driver: MakeDriver, tmp_path: Path) -> None:
    bare: Values = {"apiVersion": "v1", "kind": "ConfigMap"}
    driver = make_driver(Creations(tmp_path))
    first, _ = driver.check(TOKEN, bare)

    again = make_driver(Creations(tmp_path, [driver.urn(TOKEN)]))

    assert again.check(TOKEN, bare)[0] == first


def test_object_with_a_made_up_name_is_replaced_before_it_goes(driver: Driver) -> None:
    _, state = driver.create({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}}, token=TOKEN)

    answer = driver.diff(state, {**state["__inputs"], "data": {"a": "c"}})

    assert (answer.replaces, answer.delete_before_replace) == (["data"], False)
