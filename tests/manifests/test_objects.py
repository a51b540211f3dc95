"""What holds for every object: its form, its labels, its order, what stays untouched in it."""

import json
from collections.abc import Callable
from typing import Any, TypeAlias, cast

import kubernetes_validate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial import releases
from seatrial.manifests import Manifest, irsa_demo, storage
from seatrial.manifests.charts import load_balancer_controller
from seatrial.manifests.manifest import labels, manifest

Make: TypeAlias = Callable[..., list[Manifest]]

_validate = cast("Callable[..., object]", kubernetes_validate.validate)  # pyright: ignore[reportUnknownMemberType] (untyped)


@pytest.mark.parametrize("version", releases.autoscaled_minors())
def test_every_object_is_valid_in_every_version(make: Make, version: str) -> None:
    for each in make(version):
        _validate(each, version, strict=True)


def test_no_two_objects_are_the_same(make: Make) -> None:
    names = [(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]) for each in make()]

    assert len(set(names)) == len(names)


def test_every_object_says_whose_it_is_and_what_of(make: Make) -> None:
    for each in make():
        found = each["metadata"]["labels"]
        assert found["app.kubernetes.io/managed-by"] == "pulumi"
        assert found["app.kubernetes.io/part-of"] == "seatrial"
        assert found["app.kubernetes.io/name"]


def test_equal_objects_are_equal_bytes(make: Make) -> None:
    written = json.dumps(make())

    assert written == json.dumps(make(), sort_keys=True)


def test_what_is_known_later_is_passed_through_as_it_is() -> None:
    class Later:
        """Refuses to be looked into, as an output that isn't known does."""

        def __str__(self) -> str:
            raise TypeError

        def __eq__(self, other: object) -> bool:
            raise TypeError

        def __hash__(self) -> int:
            raise TypeError

        def __bool__(self) -> bool:
            raise TypeError

    later = Later()

    assert storage.storage_class(later, default=False)["parameters"]["kmsKeyId"] is later
    assert irsa_demo.account("dev", later)["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] is later
    variables = irsa_demo.test_pod("dev", later, "r")["spec"]["template"]["spec"]["containers"][0]["env"]
    assert next(each["value"] for each in variables if each["name"] == "BUCKET") is later
    chart = load_balancer_controller.chart(cluster=later, region="r", vpc_id=later, replicas=2, private=False, tags={})
    assert chart.values["vpcId"] is later
    assert chart.values["clusterName"] is later


_PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(spec=st.dictionaries(st.text(max_size=5), _PLAIN, max_size=4), name=st.text(min_size=1, max_size=5))
def test_an_object_keeps_what_it_is_made_of_and_sorts_its_keys(spec: dict[str, Any], name: str) -> None:
    made = manifest("v1", "Kind", name, spec=spec)

    assert made == {
        "apiVersion": "v1",
        "kind": "Kind",
        "metadata": {"labels": labels(name), "name": name},
        "spec": spec,
    }
    assert json.dumps(made) == json.dumps(made, sort_keys=True)


def test_an_object_may_be_part_of_another_and_say_more_of_itself() -> None:
    made = manifest("v1", "Kind", "one", namespace="n", application="app", labelled={"a": "b"}, annotated={"c": "d"})

    assert made["metadata"] == {
        "annotations": {"c": "d"},
        "labels": {**labels("app"), "a": "b"},
        "name": "one",
        "namespace": "n",
    }


def test_volumes_are_encrypted_where_the_pod_is_and_go_with_their_claim() -> None:
    made = storage.storage_class("key", default=True)

    assert made["metadata"]["name"] == "ebs-sc-encrypted"
    assert made["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert made["parameters"] == {
        "csi.storage.k8s.io/fstype": "ext4",
        "encrypted": "true",
        "kmsKeyId": "key",
        "type": "gp3",
    }
    assert (made["provisioner"], made["reclaimPolicy"]) == ("ebs.csi.aws.com", "Delete")
    assert (made["volumeBindingMode"], made["allowVolumeExpansion"]) == ("WaitForFirstConsumer", True)


def test_a_class_may_be_there_without_being_the_default() -> None:
    annotations = storage.storage_class("key", default=False)["metadata"]["annotations"]

    assert annotations == {"storageclass.kubernetes.io/is-default-class": "false"}


def test_snapshots_go_with_their_object() -> None:
    made = storage.snapshot_class()

    assert (made["apiVersion"], made["kind"]) == ("snapshot.storage.k8s.io/v1", "VolumeSnapshotClass")
    assert (made["driver"], made["deletionPolicy"]) == ("ebs.csi.aws.com", "Delete")
