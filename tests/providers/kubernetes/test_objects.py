"""Objects that are made, read, changed and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.providers.kubernetes import annotations, objects
from seatrial.rehearsal.providers.refusals import Cancelled, InitFailed, ProviderFault
from seatrial.rehearsal.providers.values import UNKNOWN

if TYPE_CHECKING:
    from conftest import Driver, FakeCluster, MakeDriver, Values

SETTINGS: Values = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "it", "namespace": "dev"},
    "data": {"a": "b"},
}
WEB: Values = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "dev"},
    "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": {"spec": {"containers": []}}},
}
SHIP: Values = {"apiVersion": "e.test/v1", "kind": "Ship", "metadata": {"name": "it"}, "spec": {"sails": 3}}
NOT_READY: Values = {"conditions": [{"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: small"}]}


def _annotated(manifest: Values, **marks: str) -> Values:
    named = {f"pulumi.com/{name}": value for name, value in marks.items()}
    return {**manifest, "metadata": {**manifest["metadata"], "annotations": named}}


def test_object_is_made_read_changed_and_removed(driver: Driver, cluster: FakeCluster) -> None:
    identity, state = driver.create(SETTINGS)

    assert identity == "dev/it"
    assert (state["data"], state["metadata"]["uid"]) == ({"a": "b"}, "uid-1")
    assert "managedFields" not in state["metadata"]
    assert (state["__inputs"], state["__initialApiVersion"]) == (SETTINGS, "v1")
    assert driver.changes(state, SETTINGS) == {}
    assert driver.read("kubernetes:core/v1:ConfigMap", identity, state, SETTINGS) == (state, SETTINGS)

    labelled: Values = {**SETTINGS, "metadata": {**SETTINGS["metadata"], "labels": {"team": "a"}}}
    assert driver.changes(state, labelled) == {"metadata.labels": "ADD"}
    changed = driver.update(state, labelled)
    assert driver.changes(changed, labelled) == {}

    driver.delete("kubernetes:core/v1:ConfigMap", identity, changed)
    assert cluster.get(SETTINGS) is None
    driver.delete("kubernetes:core/v1:ConfigMap", identity, changed)
    assert driver.read("kubernetes:core/v1:ConfigMap", identity, changed, labelled) is None


def test_every_write_is_by_the_same_manager(driver: Driver, cluster: FakeCluster) -> None:
    _, state = driver.create(SETTINGS)
    driver.update(state, SETTINGS)
    driver.create(_annotated(WEB, skipAwait="true"))

    managers = [target.partition("fieldManager=")[2].partition("&")[0] for target in cluster.sent("PATCH")]

    assert managers[0] == managers[1] == state["__fieldManager"] != managers[2]
    assert all(it.startswith("pulumi-kubernetes-") for it in managers)


def test_manager_of_another_provider_is_kept(driver: Driver, cluster: FakeCluster) -> None:
    _, state = driver.create(SETTINGS)

    driver.update({**state, "__fieldManager": "pulumi-kubernetes-abc"}, SETTINGS)

    assert "fieldManager=pulumi-kubernetes-abc&" in cluster.sent("PATCH")[-1]


@pytest.mark.parametrize(
    ("arguments", "marks", "force"),
    [({}, {}, "false"), ({"enablePatchForce": "true"}, {}, "true"), ({}, {"patchForce": "true"}, "true")],
)
def test_fields_of_others_are_taken_over_only_when_asked(
    make_driver: MakeDriver, cluster: FakeCluster, arguments: Values, marks: Values, force: str
) -> None:
    make_driver(**arguments).create(_annotated(SETTINGS, **marks))

    assert f"force={force}" in cluster.sent("PATCH")[0]


def test_conflict_says_what_to_do(driver: Driver, cluster: FakeCluster) -> None:
    cluster.refuse("PATCH", 409, 'conflict with "kubectl": .data.a')

    with pytest.raises(ProviderFault) as conflict:
        driver.create(SETTINGS)

    assert str(conflict.value) == (
        'it (kubernetes:core/v1:ConfigMap): ConfigMap dev/it: conflict with "kubectl": .data.a (409 Because) '
        '(to take the fields over, annotate the object with pulumi.com/patchForce: "true")'
    )


@pytest.mark.parametrize("upsert", ["true", "false"])
def test_object_that_is_there_is_taken_over_only_when_configured(
    make_driver: MakeDriver, cluster: FakeCluster, upsert: str
) -> None:
    driver = make_driver(upsertExistingObjects=upsert)
    driver.create({**SETTINGS, "metadata": {"name": "new", "namespace": "dev"}})
    there = cluster.put(SETTINGS)

    if upsert == "true":
        assert driver.create(SETTINGS)[1]["metadata"]["uid"] == there["metadata"]["uid"]
    else:
        with pytest.raises(ProviderFault, match=r"ConfigMap dev/it: is there already \(import it, .*upsertExisting"):
            driver.create(SETTINGS)


def test_refusal_is_told_in_the_api_servers_words(driver: Driver, cluster: FakeCluster) -> None:
    cluster.refuse("PATCH", 403, 'pods "it" is forbidden: violates PodSecurity "restricted"')

    with pytest.raises(ProviderFault, match='violates PodSecurity "restricted"') as refused:
        driver.create(SETTINGS)

    assert not isinstance(refused.value, InitFailed)


@pytest.mark.parametrize(
    "message",
    [
        'namespaces "dev" not found',
        "status unknown for quota: small, resources: pods",
        'failed calling webhook "it": connection refused',
    ],
)
def test_what_an_object_needs_may_come_a_little_later(driver: Driver, cluster: FakeCluster, message: str) -> None:
    cluster.refuse("PATCH", 404, message, times=2)

    assert driver.create(SETTINGS)[0] == "dev/it"


def test_what_never_comes_is_told(driver: Driver, cluster: FakeCluster) -> None:
    cluster.refuse("PATCH", 404, 'namespaces "dev" not found', times=99)

    with pytest.raises(ProviderFault, match='namespaces "dev" not found'):
        driver.create(SETTINGS, seconds=0.01)


def test_definition_may_come_a_little_later(make_driver: MakeDriver, cluster: FakeCluster) -> None:
    for upsert in ("true", "false"):
        with pytest.raises(ProviderFault, match=r"no kind Ship in e\.test/v1") as missing:
            make_driver(upsertExistingObjects=upsert).create(SHIP, seconds=0.01)
        assert "definition" in str(missing.value)
    cluster.refuse("GET /apis/e.test/v1", 404, "not yet", times=2)
    cluster.kinds["e.test/v1"] = {"Ship": ("ships", False)}

    assert make_driver().create(SHIP)[0] == "it"


def test_object_that_does_not_become_ready_is_kept_with_the_reason(
    driver: Driver, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.statuses["Deployment"] = NOT_READY
    monkeypatch.setattr("seatrial.rehearsal.providers.kubernetes.readiness.wait._STUCK_SECONDS", 0.05)

    with pytest.raises(InitFailed) as failed:
        driver.create(WEB, seconds=30)

    assert failed.value.identity == "dev/web"
    assert failed.value.state["__inputs"] == WEB
    assert failed.value.state["status"]["conditions"] == NOT_READY["conditions"]
    assert "ended as 0 of 1 replicas available: exceeded quota: small" in failed.value.reason
    assert failed.value.reason.startswith("it (kubernetes:apps/v1:Deployment): ")

    cluster.statuses["Deployment"] = {"replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    assert driver.update(failed.value.state, WEB)["status"]["availableReplicas"] == 1


def test_object_that_can_not_be_looked_at_is_kept_as_it_was_made(driver: Driver, cluster: FakeCluster) -> None:
    cluster.statuses["Deployment"] = {}
    cluster.refuse("GET /apis/apps/v1/namespaces", 403, "no looking", times=2)

    with pytest.raises(InitFailed, match="no looking") as failed:
        driver.create(WEB)

    assert failed.value.state["metadata"]["uid"] == "uid-1"


def test_nobody_waits_when_told_not_to(driver: Driver, cluster: FakeCluster) -> None:
    cluster.statuses["Deployment"] = NOT_READY
    unawaited = _annotated(WEB, skipAwait="true")

    identity, state = driver.create(unawaited)
    driver.delete("kubernetes:apps/v1:Deployment", identity, state)

    assert not [it for it in cluster.sent("GET") if "/web" in it]


def test_annotation_says_how_long_to_wait(driver: Driver, cluster: FakeCluster) -> None:
    cluster.statuses["Namespace"] = {"phase": "Terminating"}
    namespace: Values = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "dev"}}

    with pytest.raises(InitFailed, match="still Terminating after 1 s"):
        driver.create(_annotated(namespace, timeoutSeconds="1"), seconds=0)

    assert annotations.seconds(_annotated(namespace, timeoutSeconds="soon")) == 0


def test_cancelled_engine_gets_what_was_made(driver: Driver, cluster: FakeCluster) -> None:
    cluster.statuses["Deployment"] = {}
    driver.run(driver.provider.cancel())

    with pytest.raises(InitFailed, match="stopped waiting"):
        driver.create(WEB)


def test_cancelled_engine_stops_what_was_not_begun(driver: Driver, cluster: FakeCluster) -> None:
    cluster.refuse("PATCH", 404, 'namespaces "dev" not found', times=99)
    driver.run(driver.provider.cancel())

    with pytest.raises(Cancelled):
        driver.create(SETTINGS)


@pytest.mark.parametrize(
    ("manifest", "marks", "propagation"),
    [
        (WEB, {}, "Foreground"),
        (SETTINGS, {}, "Background"),
        (WEB, {"deletionPropagationPolicy": "orphan"}, "Orphan"),
        (WEB, {"deletionPropagationPolicy": "Background"}, "Background"),
        (SETTINGS, {"deletionPropagationPolicy": "foreground"}, "Foreground"),
    ],
)
def test_what_an_object_owns_goes_with_it(
    driver: Driver, cluster: FakeCluster, manifest: Values, marks: Values, propagation: str
) -> None:
    cluster.statuses["Deployment"] = {"replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    identity, state = driver.create(_annotated(manifest, **marks))

    driver.delete(driver.token(manifest), identity, state)

    [body] = [it for it, asked in zip(cluster.bodies, cluster.requests, strict=True) if asked.startswith("DELETE")]
    assert body == {"propagationPolicy": propagation}


def test_object_that_is_held_is_told_with_what_holds_it(driver: Driver, cluster: FakeCluster) -> None:
    remaining = {"type": "NamespaceContentRemaining", "status": "True", "message": "2 pods are left"}
    held: Values = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "dev", "finalizers": ["e.test/hold"]},
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Terminating", "conditions": [remaining]},
    }
    cluster.put(held)

    with pytest.raises(ProviderFault) as still:
        driver.delete("kubernetes:core/v1:Namespace", "dev", seconds=0.01)

    assert "still there after 0 s: finalizers e.test/hold, kubernetes: 2 pods are left" in str(still.value)
    del held["metadata"]["finalizers"], held["spec"]
    cluster.remove(held)
    cluster.put({**held, "metadata": {"name": "dev", "finalizers": ["x"]}, "status": {}})
    with pytest.raises(ProviderFault, match=r"finalizers x$"):
        driver.delete("kubernetes:core/v1:Namespace", "dev", seconds=0.01)


def test_object_that_was_made_anew_by_others_counts_as_gone(driver: Driver, cluster: FakeCluster) -> None:
    held: Values = {**SETTINGS, "metadata": {**SETTINGS["metadata"], "finalizers": ["x"]}}
    cluster.put(held)

    driver.delete("kubernetes:core/v1:ConfigMap", "dev/it", {"metadata": {"uid": "of another"}})

    assert cluster.get(held)


def test_object_goes_with_its_definition(driver: Driver, cluster: FakeCluster) -> None:
    cluster.kinds["e.test/v1"] = {"Ship": ("ships", False)}
    identity, state = driver.create({**SHIP, "metadata": {"name": "it", "finalizers": ["x"]}})
    token = driver.token(SHIP)
    driver.delete(token, "nothing", {})

    cluster.kinds["e.test/v1"] = {"Boat": ("boats", False)}
    other = type(driver)().configure(kubeconfig=_kubeconfig(driver))

    assert other.read(token, identity, state, SHIP) is None
    other.delete(token, identity, state)


def _kubeconfig(driver: Driver) -> Any:
    return vars(driver.provider)["_configuration"].kubeconfig


def test_definition_that_goes_while_an_object_is_removed_takes_it_along(
    driver: Driver, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.kinds["e.test/v1"] = {"Ship": ("ships", False)}
    identity, state = driver.create({**SHIP, "metadata": {"name": "it", "finalizers": ["x"]}})
    connected = vars(driver.provider)["_cluster"]

    def gone(_: Any) -> None:
        raise objects.NoSuchKind("e.test/v1", "Ship")

    monkeypatch.setattr(connected, "get", gone)

    driver.delete(driver.token(SHIP), identity, state)


def test_preview_asks_nothing_of_the_cluster(driver: Driver, cluster: FakeCluster) -> None:
    identity, planned = driver.create({**SETTINGS, "data": {"a": UNKNOWN}}, preview=True)

    assert identity == ""
    assert (planned["data"], planned["status"]) == ({"a": UNKNOWN}, UNKNOWN)
    updated = driver.update({"metadata": {"uid": "x"}, "spec": 1, "__inputs": {}}, SETTINGS, preview=True)
    assert updated == {**SETTINGS, "spec": 1, "status": UNKNOWN, "__inputs": SETTINGS}
    assert cluster.requests == []


def test_preview_before_the_cluster_is_there(driver: Driver) -> None:
    early = type(driver)().configure(kubeconfig=UNKNOWN)

    assert early.create(SETTINGS, preview=True)[1]["data"] == {"a": "b"}
    assert early.changes({"__inputs": SETTINGS, **SETTINGS}, {**SETTINGS, "x": 1}) == {"x": "ADD"}
    with pytest.raises(ProviderFault, match="the cluster isn't known yet"):
        early.create(SETTINGS)


def test_drift_of_own_fields_is_a_change(driver: Driver, cluster: FakeCluster) -> None:
    cluster.statuses["Deployment"] = {"replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    identity, state = driver.create(WEB)
    token = driver.token(WEB)
    found = cluster.get(WEB)
    assert found
    found["spec"]["replicas"] = 5
    found["spec"]["paused"] = True
    found["metadata"]["labels"] = {"of": "others"}

    refreshed = driver.read(token, identity, state, WEB)

    assert refreshed
    now, inputs = refreshed
    assert inputs == {**WEB, "spec": {**WEB["spec"], "replicas": 5}}
    assert driver.changes(now, WEB) == {"spec.replicas": "UPDATE"}


def test_object_can_be_imported(driver: Driver, cluster: FakeCluster) -> None:
    made = cluster.put({**SETTINGS, "status": {"x": 1}})
    cluster.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "dev"}})

    found = driver.read("kubernetes:core/v1:ConfigMap", "dev/it")

    assert found
    state, inputs = found
    assert inputs == SETTINGS
    assert state["metadata"]["uid"] == made["metadata"]["uid"]
    assert driver.changes(state, SETTINGS) == {}
    namespace = driver.read("kubernetes:core/v1:Namespace", "dev")
    assert namespace
    assert namespace[1]["metadata"] == {"name": "dev"}


def test_what_a_secret_holds_is_secret(driver: Driver) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "it"}, "data": {"a": "aHVzaA=="}}

    assert driver.secret_inputs(secret) == {"data"}
    assert driver.secret_inputs(SETTINGS) == set()
    assert driver.secret_inputs(SETTINGS, ("data",)) == {"data"}
    assert driver.secret_outputs(secret) == {"data", "__inputs"}
    assert driver.secret_outputs(SETTINGS) == set()
    assert driver.secret_outputs(SETTINGS, ("data",)) == {"data", "__inputs"}


def test_nothing_else_is_served(driver: Driver) -> None:
    for token in ("kubernetes:helm.sh/v4:Chart", "kubernetes:yaml/v2:ConfigGroup", "kubernetes:kustomize:Directory"):
        with pytest.raises(ProviderFault, match="can't be rehearsed"):
            driver.check(token, {})
