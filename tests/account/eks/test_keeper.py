"""A cluster is brought to what is wanted: made, changed, removed, tried again, and looked at."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest

from seatrial.rehearsal.account.eks.content.wanted import LABEL, Wanted
from seatrial.rehearsal.account.eks.keeper import Keeper
from seatrial.rehearsal.account.eks.observations import Sight
from seatrial.rehearsal.kubernetes_api import Refused, Unreachable

Object = dict[str, Any]


class Cluster:
    """Objects of a cluster that refuses what it is told to."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str, str], Object] = {}
        self.said: list[str] = []
        self.refuses: set[str] = set()
        self.away = False

    def _say(self, what: str, name: str) -> None:
        if self.away:
            raise Unreachable("https://127.0.0.1", "refused")
        if name in self.refuses:
            raise Refused(404, "NotFound", "namespaces not found", name)
        self.said.append(f"{what} {name}")

    def put(self, kind: str, name: str, namespace: str = "", **more: Any) -> None:
        labels = {LABEL: "true"} if more.pop("stand_in", False) else {}
        metadata = {"name": name, "namespace": namespace, "labels": labels, "generation": 1}
        self.objects[kind, namespace, name] = {"metadata": metadata, **more}

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        content_type: str | None = None,
    ) -> Object:
        self._say(method, path)
        if method == "DELETE":
            assert body == {"gracePeriodSeconds": 0}
            namespace, name = path.split("/")[4], path.split("/")[6]
            del self.objects["Pod", namespace, name]
        else:
            assert content_type == "application/apply-patch+yaml"
            assert query == {"fieldManager": "eks", "force": "true"}
            self.objects["Node", "", path.split("/")[4]]["status"] = body["status"]
        return {}

    def list(
        self,
        api_version: str,
        kind: str,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
    ) -> list[Object]:
        del api_version, namespace
        if self.away:
            raise Unreachable("https://127.0.0.1", "refused")
        node = field_selector.removeprefix("spec.nodeName=")
        return [
            it
            for (of, _, _), it in self.objects.items()
            if of == kind
            and (not label_selector or LABEL in it["metadata"]["labels"])
            and (not field_selector or it["spec"]["nodeName"] == node)
        ]

    def apply(
        self, manifest: Mapping[str, Any], field_manager: str, force: bool = True, dry_run: bool = False
    ) -> Object:
        assert (field_manager, force, dry_run) == ("eks", True, False)
        assert "status" not in manifest
        name, namespace = manifest["metadata"]["name"], manifest["metadata"].get("namespace", "")
        self._say("apply", name)
        kept = {**manifest, "metadata": {"generation": 1, "namespace": namespace, **manifest["metadata"]}}
        self.objects[manifest["kind"], namespace, name] = {"status": {}, **kept}
        return {}

    def delete(
        self, api_version: str, kind: str, name: str, namespace: str | None = None, propagation: str = "Background"
    ) -> None:
        del api_version, propagation
        self._say("delete", name)
        self.objects.pop((kind, namespace or "", name), None)


def config_map(name: str, **data: str) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "own"}, "data": data}


def node(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "status": {"capacity": {"cpu": "2"}}}


def deployment(replicas: int = 2) -> Object:
    metadata = {"name": "dns", "namespace": "own"}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"replicas": replicas}}


def daemon_set() -> Object:
    metadata = {"name": "agent", "namespace": "own"}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata, "spec": {}}


def wanted(*manifests: Object) -> Wanted:
    aim = Wanted(add_ons=("it",))
    for manifest in manifests:
        reference = aim.add(manifest)
        if manifest["kind"] in {"Deployment", "DaemonSet"}:
            aim.workloads[reference] = "it"
        if manifest["kind"] == "Node":
            aim.instances[reference.name] = f"i-{reference.name}"
    return aim


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


def test_what_is_wanted_is_made_once_and_again_when_it_changes(cluster: Cluster) -> None:
    keeper, aim = Keeper(cluster), wanted(config_map("a"), config_map("b"))
    assert not keeper.has_arrived(aim)
    keeper.turn(aim)
    keeper.turn(aim)
    assert keeper.has_arrived(aim)
    assert cluster.said == ["apply a", "apply b"]

    changed = wanted(config_map("a"), config_map("b", new="value"))
    assert not keeper.has_arrived(changed)
    keeper.turn(changed)
    assert cluster.said == ["apply a", "apply b", "apply b"]
    assert cluster.objects["ConfigMap", "own", "a"]["metadata"]["labels"] == {LABEL: "true"}


def test_what_is_not_wanted_any_more_is_removed_in_reverse(cluster: Cluster) -> None:
    keeper = Keeper(cluster)
    keeper.turn(wanted(config_map("a"), config_map("b"), config_map("c")))
    keeper.turn(wanted(config_map("a")))

    assert cluster.said[3:] == ["delete c", "delete b"]


def test_what_was_there_before_is_taken_over_or_removed(cluster: Cluster) -> None:
    cluster.put("ConfigMap", "kept", "own", stand_in=True)
    cluster.put("ConfigMap", "old", "own", stand_in=True)
    cluster.put("ConfigMap", "users", "own")
    Keeper(cluster).turn(wanted(config_map("kept")))

    assert cluster.said == ["delete old", "apply kept"]
    assert ("ConfigMap", "own", "users") in cluster.objects


def test_what_is_refused_is_told_once_and_tried_again(cluster: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    keeper, aim = Keeper(cluster), wanted(config_map("a"), config_map("b"))
    cluster.refuses.add("a")
    with caplog.at_level(logging.WARNING):
        keeper.turn(aim)
        keeper.turn(aim)
    assert not keeper.has_arrived(aim)
    assert [record.getMessage() for record in caplog.records] == [
        "ConfigMap own/a: a: namespaces not found (404 NotFound)"
    ]
    cluster.refuses.clear()
    keeper.turn(aim)

    assert keeper.has_arrived(aim)
    assert cluster.said == ["apply b", "apply a"]


def test_a_removal_that_is_refused_is_tried_again(cluster: Cluster) -> None:
    keeper, nothing = Keeper(cluster), wanted()
    keeper.turn(wanted(config_map("a")))
    cluster.refuses.add("a")
    keeper.turn(nothing)
    assert not keeper.has_arrived(nothing)
    cluster.refuses.clear()
    keeper.turn(nothing)

    assert keeper.has_arrived(nothing)


def test_a_turn_ends_when_the_cluster_is_away(cluster: Cluster) -> None:
    keeper, aim = Keeper(cluster), wanted(config_map("a"))
    keeper.turn(aim)
    cluster.away = True
    with pytest.raises(Unreachable):
        keeper.turn(wanted())
    cluster.away = False
    keeper.turn(wanted())

    assert cluster.said == ["apply a", "delete a"]


def test_who_is_dismissed_does_nothing_more(cluster: Cluster) -> None:
    keeper = Keeper(cluster)
    keeper.dismiss()

    assert keeper.turn(wanted(config_map("a"))) == Sight()
    assert cluster.said == []


def test_a_node_is_told_what_it_has_and_its_pods_go_with_it(cluster: Cluster) -> None:
    keeper, aim = Keeper(cluster), wanted(node("one"), node("two"))
    keeper.turn(aim)
    assert cluster.objects["Node", "", "one"]["status"] == {"capacity": {"cpu": "2"}}
    cluster.put("Pod", "gone", "apps", spec={"nodeName": "two"})
    cluster.put("Pod", "stays", "apps", spec={"nodeName": "one"})
    keeper.turn(wanted(node("one")))

    assert ("Pod", "apps", "gone") not in cluster.objects
    assert ("Pod", "apps", "stays") in cluster.objects


def test_nodes_are_seen_when_they_are_ready(cluster: Cluster) -> None:
    keeper, aim = Keeper(cluster), wanted(node("one"), node("two"))
    assert keeper.turn(aim).ready_nodes == frozenset()
    for name, ready in (("one", "True"), ("two", "False"), ("foreign", "True")):
        cluster.put("Node", name, status={"conditions": [{"type": "Other"}, {"type": "Ready", "status": ready}]})
    for it in cluster.objects.values():
        it["status"]["conditions"] = [c for c in it["status"].get("conditions", []) if "status" in c]
    sight = keeper.turn(aim)

    assert sight.ready_nodes == {"i-one"}
    assert sight.nodes == 3


def test_namespaces_are_seen(cluster: Cluster) -> None:
    cluster.put("Namespace", "dev")

    assert Keeper(cluster).turn(wanted()).namespaces == {"dev"}


READY = {"observedGeneration": 1, "availableReplicas": 2, "updatedReplicas": 2}
SCHEDULED = {"observedGeneration": 1, "desiredNumberScheduled": 3, "numberReady": 3, "updatedNumberScheduled": 3}


@pytest.mark.parametrize(
    ("manifest", "status", "told"),
    [
        (deployment(), READY, ""),
        (deployment(), {**READY, "availableReplicas": 1}, "Deployment dns has 1 of 2."),
        (deployment(), {**READY, "updatedReplicas": 0}, "Deployment dns has 2 of 2."),
        (deployment(), {**READY, "observedGeneration": 0}, "Deployment dns has 2 of 2."),
        (deployment(), {}, "Deployment dns has 0 of 2."),
        (deployment(0), {"observedGeneration": 1}, ""),
        (daemon_set(), SCHEDULED, ""),
        (daemon_set(), {**SCHEDULED, "numberReady": 2}, "DaemonSet agent has 2 of 3."),
        (daemon_set(), {**SCHEDULED, "updatedNumberScheduled": 1}, "DaemonSet agent has 3 of 3."),
        (daemon_set(), {"observedGeneration": 1}, ""),
        (daemon_set(), {}, "DaemonSet agent has 0 of 0."),
    ],
)
def test_an_add_on_runs_when_its_workloads_do(cluster: Cluster, manifest: Object, status: Object, told: str) -> None:
    keeper, aim = Keeper(cluster), wanted(manifest)
    keeper.turn(aim)
    (workload,) = cluster.objects.values()
    workload["status"] = status
    obstacle = keeper.turn(aim).obstacles["it"]

    assert obstacle.endswith(told)
    assert bool(obstacle) == bool(told)


def test_a_workload_that_somebody_removed_is_missed(cluster: Cluster) -> None:
    keeper, aim = Keeper(cluster), wanted(deployment())
    keeper.turn(aim)
    cluster.objects.clear()

    assert keeper.turn(aim).obstacles == {"it": "Deployment dns does not exist."}


def test_an_add_on_without_workloads_runs(cluster: Cluster) -> None:
    assert Keeper(cluster).turn(wanted()).obstacles == {"it": ""}


def test_manifests_are_plain_text_that_nobody_else_changes() -> None:
    manifest = config_map("a")
    aim = wanted(manifest)
    manifest["data"]["changed"] = "later"

    assert [json.loads(text)["data"] for text in aim.objects.values()] == [{}]
