"""What is a change, and what takes a new object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.rehearsal.providers.kubernetes import differences, quantities
from seatrial.rehearsal.providers.values import UNKNOWN

if TYPE_CHECKING:
    from conftest import Driver, FakeCluster, MakeDriver, Values

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
MAPS = st.dictionaries(st.sampled_from("abcd"), JSON, max_size=4)


def _never(_: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 2}, {"a": "update"}),
        ({"a": 1}, {"a": UNKNOWN}, {"a": "update"}),
        ({}, {"a": {"b": 1}}, {"a": "add"}),
        ({"a": {"b": 1}}, {"a": {}}, {"a.b": "delete"}),
        ({"a": {"x.test/y": 1}}, {"a": {"x.test/y": 2}}, {'a["x.test/y"]': "update"}),
        ({"a": [{"b": 1}, 2]}, {"a": [{"b": 3}, 2]}, {"a[0].b": "update"}),
        ({"a": [1]}, {"a": [1, 2]}, {"a": "update"}),
        ({"a": [1]}, {"a": {}}, {"a": "update"}),
    ],
)
def test_changes_are_named_by_their_paths(old: Values, new: Values, expected: dict[str, str]) -> None:
    found = differences.changes(old, new, _never)

    assert {change.path: str(change.action) for change in found} == expected


@given(MAPS)
def test_nothing_differs_from_itself(manifest: Values) -> None:
    assert differences.changes(manifest, manifest, _never) == []


@given(MAPS, MAPS)
def test_what_differs_one_way_differs_the_other(one: Values, other: Values) -> None:
    there = {change.path for change in differences.changes(one, other, _never)}

    assert there == {change.path for change in differences.changes(other, one, _never)}
    assert bool(there) == (one != other)


@given(MAPS, MAPS)
def test_what_nobody_changed_is_as_it_was_asked(asked: Values, made: Values) -> None:
    assert differences.observed(asked, made, made) == asked


@pytest.mark.parametrize(
    ("asked", "before", "now", "expected"),
    [
        # as the API server spells it
        ({"cpu": "1000m"}, {"cpu": "1"}, {"cpu": "1"}, {"cpu": "1000m"}),
        ({"cpu": "1000m"}, None, {"cpu": 1}, {"cpu": "1000m"}),
        ({"cpu": "1000m"}, {"cpu": "1"}, {"cpu": "2"}, {"cpu": "2"}),
        # what the API server never shows
        ({"stringData": {"a": "b"}, "empty": []}, {"data": {}}, {"data": {}}, {"stringData": {"a": "b"}, "empty": []}),
        # what is gone
        ({"a": "1", "b": "2"}, {"a": "1", "b": "2"}, {"a": "1"}, {"a": "1"}),
        # what others have added
        ({"a": "1"}, {"a": "1"}, {"a": "1", "b": "2"}, {"a": "1"}),
        # lists
        ({"l": [1, 2]}, {"l": [1, 2]}, {"l": [2]}, {"l": [2]}),
        ({"l": [{"p": "0.5"}]}, {"l": [{"p": "500m"}, 1]}, {"l": [{"p": "500m", "d": 1}]}, {"l": [{"p": "0.5"}]}),
        ({"l": [{"p": 80}]}, {"l": [{"p": 80, "d": 1}]}, {"l": [{"p": 81, "d": 1}]}, {"l": [{"p": 81}]}),
        ({"l": [{"p": 80}]}, {}, {"l": [{"p": 80, "d": 1}]}, {"l": [{"p": 80}]}),
        # by name
        (
            {"c": [{"name": "web", "image": "a"}, {"name": "gone", "image": "b"}]},
            {"c": [{"name": "web", "image": "a"}, {"name": "gone", "image": "b"}]},
            {"c": [{"name": "injected", "image": "c"}, {"name": "web", "image": "z", "tty": False}]},
            {"c": [{"name": "web", "image": "z"}]},
        ),
        # another type
        ({"a": {"b": 1}}, {}, {"a": "text"}, {"a": "text"}),
        ({"a": [1]}, {"a": 3}, {"a": "text"}, {"a": "text"}),
        ({"a": {"b": 1}}, {"a": 3}, {"a": {"b": 2}}, {"a": {"b": 2}}),
        ({"a": [{"b": 1}]}, {"a": 3}, {"a": [{"b": 2}]}, {"a": [{"b": 2}]}),
    ],
)
def test_drift_is_what_differs_of_what_was_asked(asked: Any, before: Any, now: Any, expected: Any) -> None:
    assert differences.observed(asked, before, now) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1000m", "1", True),
        ("0.5Gi", "512Mi", True),
        ("1k", 1000, True),
        (0.5, "500m", True),
        ("1G", "1Gi", False),
        ("1", "one", False),
        ("one", "one", False),
        (None, None, False),
        (True, True, False),
    ],
)
def test_quantities_have_several_spellings(one: Any, other: Any, same: bool) -> None:
    assert quantities.same(one, other) is same


BASE: Values = {
    "ConfigMap": {"apiVersion": "v1", "data": {"a": "b"}},
    "Deployment": {"apiVersion": "apps/v1", "spec": {"replicas": 1, "selector": {"matchLabels": {"a": "b"}}}},
    "PersistentVolumeClaim": {
        "apiVersion": "v1",
        "spec": {"storageClassName": "a", "resources": {"requests": {"storage": "1Gi"}}},
    },
    "Pod": {"apiVersion": "v1", "spec": {"containers": [{"image": "a"}], "tolerations": []}},
    "RoleBinding": {"apiVersion": "rbac.authorization.k8s.io/v1", "roleRef": {"name": "a"}, "subjects": []},
    "Secret": {"apiVersion": "v1", "data": {"a": "b"}, "type": "Opaque"},
    "StorageClass": {"apiVersion": "storage.k8s.io/v1", "parameters": {"type": "gp3"}, "allowVolumeExpansion": True},
}


def _with(manifest: Values, path: str, value: Any) -> Values:
    name, _, rest = path.partition(".")
    return {**manifest, name: _with(manifest.get(name, {}), rest, value) if rest else value}


@pytest.mark.parametrize(
    ("kind", "path", "value", "replaces"),
    [
        ("ConfigMap", "data.a", "c", True),
        ("ConfigMap", "metadata.labels", {"a": "b"}, False),
        ("ConfigMap", "metadata.name", "other", True),
        ("ConfigMap", "metadata.namespace", "other", True),
        ("Deployment", "spec.replicas", 2, False),
        ("Deployment", "spec.selector.matchLabels.a", UNKNOWN, True),
        ("Deployment", "spec", UNKNOWN, True),
        ("PersistentVolumeClaim", "spec.storageClassName", "b", True),
        ("PersistentVolumeClaim", "spec.resources.requests.storage", "2Gi", False),
        ("Pod", "spec.containers", [{"image": "b"}], True),
        ("Pod", "spec.tolerations", [{"key": "a"}], False),
        ("Pod", "metadata.labels", {"a": "b"}, False),
        ("RoleBinding", "roleRef.name", "b", True),
        ("RoleBinding", "subjects", [{"name": "a"}], False),
        ("Secret", "data.a", "c", True),
        ("Secret", "type", "kubernetes.io/tls", True),
        ("StorageClass", "parameters.type", "gp2", True),
        ("StorageClass", "allowVolumeExpansion", False, False),
    ],
)
def test_what_a_kind_does_not_let_change_takes_a_new_object(
    driver: Driver, kind: str, path: str, value: Any, replaces: bool
) -> None:
    old: Values = {"kind": kind, "metadata": {"name": "it", "namespace": "dev"}, **BASE[kind]}
    state = {**old, "__inputs": old}

    answer = driver.diff(state, _with(old, path, value))

    assert answer.changes
    assert bool(answer.replaces) is replaces
    if path.startswith("metadata.name"):
        assert not answer.delete_before_replace
    else:
        assert answer.delete_before_replace


@pytest.mark.parametrize(
    ("kind", "option"), [("ConfigMap", "enableConfigMapMutable"), ("Secret", "enableSecretMutable")]
)
@pytest.mark.parametrize("frozen", [True, False])
def test_data_can_be_changed_in_place_when_configured(
    make_driver: MakeDriver, kind: str, option: str, frozen: bool
) -> None:
    old: Values = {"kind": kind, "metadata": {"name": "it"}, **BASE[kind], "immutable": frozen}

    answer = make_driver(**{option: "true"}).diff({**old, "__inputs": old}, {**old, "data": {"a": "c"}})

    assert bool(answer.replaces) is frozen


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((422, "spec.ports: Invalid value: field is immutable"), "UPDATE_REPLACE"),
        ((422, "spec.ports: Invalid value: must be smaller"), "UPDATE"),
        ((500, "a bug"), "UPDATE"),
        (None, "UPDATE"),
    ],
)
def test_api_server_says_what_else_takes_a_new_object(
    driver: Driver, cluster: FakeCluster, answer: tuple[int, str] | None, kind: str
) -> None:
    old: Values = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "it"}, "spec": {"ports": [1]}}
    if answer:
        cluster.refuse("PATCH .*dryRun=All", *answer)

    changes = driver.changes({**old, "__inputs": old}, {**old, "spec": {"ports": [2]}})

    assert changes == {"spec.ports[0]": kind}
    assert cluster.objects == {}


def test_away_cluster_does_not_hinder_a_comparison(driver: Driver) -> None:
    config = vars(driver.provider)["_configuration"].kubeconfig
    config["clusters"][0]["cluster"]["server"] = "http://127.0.0.1:9"
    away = type(driver)().configure(kubeconfig=config)
    vars(vars(away.provider)["_cluster"])["_connection"]._patience = 0.0
    old: Values = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "it"}, "spec": {"ports": [1]}}

    assert away.changes({**old, "__inputs": old}, {**old, "spec": {"ports": [2]}}) == {"spec.ports[0]": "UPDATE"}


def test_what_the_program_ignores_is_no_change(driver: Driver) -> None:
    old: Values = {"kind": "Deployment", "metadata": {"name": "it"}, **BASE["Deployment"]}
    new = _with(_with(old, "spec.replicas", 5), "metadata.labels", {"a": "b"})

    answer = driver.diff({**old, "__inputs": old}, new, ignored=("spec.replicas",))

    assert list(answer.detailed_diff) == ["metadata.labels"]
