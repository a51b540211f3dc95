"""Clusters with a control plane are kept as EKS does, and their state is what their API tells."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.account.eks import reconciler as module
from seatrial.rehearsal.account.eks.content.wanted import Wanted
from seatrial.rehearsal.account.eks.control_planes import Phase, Place
from seatrial.rehearsal.account.eks.observations import Observations, Sight
from seatrial.rehearsal.account.eks.reconciler import PAUSE, RECOVERY, REST, Reconciler
from seatrial.rehearsal.kubernetes_api import Unreachable

if TYPE_CHECKING:
    from conftest import Planes, Stage

IT = Place("us-east-2", "it")
DEFAULTS = ("MutatingWebhookConfiguration", "StorageClass")


class Keepers:
    """Stands in for the keepers of clusters: gives what they are to have seen."""

    def __init__(self) -> None:
        self.turns: list[Wanted] = []
        self.outcome: Sight | Exception = Sight()
        self.arrived = False
        self.dismissed = 0
        self.connected: list[Path] = []
        self.held = threading.Event()
        self.released = threading.Event()

    def connect(self, path: Path) -> Any:
        self.connected.append(path)
        return self

    def __call__(self, _cluster: Any) -> Keepers:
        return self

    def has_arrived(self, _wanted: Wanted) -> bool:
        return self.arrived

    def dismiss(self) -> None:
        self.dismissed += 1

    def turn(self, wanted: Wanted) -> Sight:
        self.turns.append(wanted)
        if self.held.is_set():
            self.released.wait(5)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class Bench:
    """A reconciler whose clock stands still."""

    def __init__(self, stage: Stage, keepers: Keepers) -> None:
        self.stage, self.keepers, self.now = stage, keepers, 1000.0
        self.reconciler = Reconciler(stage.account.eks, keepers.connect, lambda: self.now)

    def step(self, seconds: float = 0.0) -> None:
        """Let a turn end, if one is under way, and begin what is due."""
        self.now += seconds
        self.reconciler.step()
        deadline = time.monotonic() + 5
        while self.reconciler.is_at_work and not self.keepers.held.is_set():
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def see(self, **sight: Any) -> None:
        """Let the next turn see this, and take it in."""
        self.keepers.outcome = Sight(**sight)
        self.step()  # an earlier turn is taken in
        self.step(REST)
        self.step()


@pytest.fixture
def keepers(monkeypatch: pytest.MonkeyPatch) -> Keepers:
    keepers = Keepers()
    monkeypatch.setattr(module, "Keeper", keepers)
    return keepers


@pytest.fixture
def bench(hosted: Stage, keepers: Keepers) -> Iterator[Bench]:
    hosted.cluster()
    bench = Bench(hosted, keepers)
    yield bench
    bench.reconciler.stop()


def kinds(wanted: Wanted) -> set[str]:
    return {reference.kind for reference in wanted.objects}


def test_a_cluster_is_kept_from_when_it_is_active(planes: Planes, bench: Bench) -> None:
    planes.become(Phase.STARTING)
    bench.step()
    assert bench.keepers.connected == []
    planes.become(Phase.READY)
    bench.step()

    assert bench.keepers.connected == [Path("/kubeconfig")]
    assert len(bench.keepers.turns) == 1


def test_turns_follow_each_other_slowly_when_nothing_is_to_be_done(bench: Bench) -> None:
    bench.keepers.arrived = True
    for seconds in (0.0, 0.0, REST - 0.1, 0.1, 0.0):
        bench.step(seconds)

    assert len(bench.keepers.turns) == 2


def test_a_cluster_has_one_turn_at_a_time(bench: Bench) -> None:
    bench.keepers.held.set()
    for _ in range(3):
        bench.step(REST)
    assert len(bench.keepers.turns) == 1
    assert bench.reconciler.is_at_work
    bench.keepers.held.clear()
    bench.keepers.released.set()
    bench.step()

    assert not bench.reconciler.is_at_work


def test_they_follow_faster_while_something_is(bench: Bench) -> None:
    for seconds in (0.0, 0.0, PAUSE, 0.0, PAUSE):
        bench.step(seconds)
    assert len(bench.keepers.turns) == 3

    bench.keepers.arrived = True
    bench.see(obstacles={"coredns": "not yet"})
    for seconds in (PAUSE, 0.0, PAUSE):
        bench.step(seconds)
    assert len(bench.keepers.turns) == 6


def test_namespaces_that_come_get_their_bindings(bench: Bench) -> None:
    key = bench.stage.account.user()
    arn = bench.stage.account.client("sts", key).get_caller_identity()["Arn"]
    bench.stage.call("create_access_entry", principalArn=arn)
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    scope: Any = {"type": "namespace", "namespaces": ["dev"]}
    bench.stage.call("associate_access_policy", principalArn=arn, policyArn=policy, accessScope=scope)
    bench.step()
    assert kinds(bench.keepers.turns[-1]) == {"ClusterRole", *DEFAULTS}
    bench.see(namespaces=frozenset({"dev"}))
    bench.step(REST)

    assert kinds(bench.keepers.turns[-1]) == {"ClusterRole", "RoleBinding", *DEFAULTS}


def test_a_cluster_that_goes_is_let_go(planes: Planes, bench: Bench) -> None:
    bench.see(nodes=3)
    assert bench.stage.account.eks.observations.of(IT).nodes == 3
    bench.stage.call("delete_cluster")
    bench.step()

    assert bench.keepers.dismissed == 1
    assert bench.stage.account.eks.observations.of(IT) == Sight()
    assert planes.ending == {IT}


def test_a_control_plane_that_ends_by_itself_is_begun_anew(
    planes: Planes, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        planes.become(Phase.FAILED)
        bench.step()
        assert planes.phases == {IT: Phase.STARTING}
        planes.become(Phase.FAILED)
        bench.step(RECOVERY - 1)
        assert planes.phases == {IT: Phase.FAILED}
        bench.step(1)

    assert planes.phases == {IT: Phase.STARTING}
    assert caplog.messages == ["it: the control plane has ended and is begun anew: etcd ended"] * 2
    assert bench.stage.cluster()["status"] == "ACTIVE"


@pytest.mark.parametrize("fault", [Unreachable("https://127.0.0.1", "refused"), RuntimeError("a mistake")])
def test_a_turn_that_fails_is_told_once_and_followed_by_another(
    bench: Bench, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    bench.keepers.outcome = fault
    with caplog.at_level(logging.WARNING):
        for seconds in (0.0, PAUSE, PAUSE, PAUSE):
            bench.step(seconds)
        bench.see(nodes=1)

    assert [record.getMessage() for record in caplog.records] == [f"it: {fault}"]
    assert bool(caplog.records[0].exc_info) == isinstance(fault, RuntimeError)
    assert bench.stage.account.eks.observations.of(IT).nodes == 1


def test_at_the_end_turns_under_way_are_dismissed(bench: Bench) -> None:
    bench.step()
    bench.reconciler.stop()

    assert bench.keepers.dismissed == 1


def test_it_works_until_it_is_cancelled_whatever_happens(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "TICK", 0.001)
    settled: list[int] = []

    def settle() -> None:
        settled.append(len(settled))
        if len(settled) == 2:
            raise RuntimeError("a mistake")

    async def work() -> None:
        task = asyncio.create_task(bench.reconciler.run(settle))
        while len(settled) < 4:  # noqa: ASYNC110 (what is counted tells nobody)
            await asyncio.sleep(0.001)
        task.cancel()

    with caplog.at_level(logging.ERROR):
        asyncio.run(work())

    assert [record.getMessage() for record in caplog.records] == ["The content of clusters was not looked after"]
    assert bench.keepers.turns


def plugins(stage: Stage) -> None:
    for name in ("vpc-cni", "kube-proxy"):
        stage.call("create_addon", addonName=name)
    stage.wait()


def test_an_add_on_is_active_when_its_pods_run(bench: Bench) -> None:
    plugins(bench.stage)
    assert bench.stage.addon("vpc-cni")["status"] == "CREATING"
    bench.see(obstacles={"vpc-cni": "", "kube-proxy": "not yet"})
    assert bench.stage.addon("vpc-cni")["status"] == "ACTIVE"
    assert bench.stage.addon("kube-proxy")["status"] == "CREATING"
    bench.stage.wait(3)

    assert bench.stage.addon("kube-proxy")["status"] == "DEGRADED"
    assert bench.stage.addon("kube-proxy")["health"]["issues"][0]["message"] == "not yet"
    bench.see(obstacles={"vpc-cni": "", "kube-proxy": ""})
    assert bench.stage.addon("kube-proxy")["status"] == "ACTIVE"


def test_an_add_on_whose_pods_end_is_degraded_after_a_while(bench: Bench) -> None:
    plugins(bench.stage)
    bench.see(obstacles={"vpc-cni": "", "kube-proxy": ""})
    assert bench.stage.addon("vpc-cni")["status"] == "ACTIVE"
    bench.see(obstacles={"vpc-cni": "gone", "kube-proxy": ""})
    assert bench.stage.addon("vpc-cni")["status"] == "ACTIVE"
    bench.stage.wait(3)
    bench.see(obstacles={"vpc-cni": "still gone", "kube-proxy": ""})

    assert bench.stage.addon("vpc-cni")["status"] == "DEGRADED"


def ready(stage: Stage, running: int) -> frozenset[str]:
    """Let so many of the instances be ready."""
    (group,) = stage.account.eks.state.nodegroups.values()
    name = group["resources"]["autoScalingGroups"][0]["name"]
    answer = stage.account.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    return frozenset(it["InstanceId"] for it in answer["AutoScalingGroups"][0]["Instances"][:running])


def test_a_group_is_active_when_its_nodes_are_ready(bench: Bench) -> None:
    running = {"vpc-cni": "", "kube-proxy": ""}
    plugins(bench.stage)
    bench.see(obstacles=running)
    bench.stage.create_group()
    bench.stage.wait()
    assert bench.stage.group()["status"] == "CREATING"
    bench.step(REST)
    assert "Node" in kinds(bench.keepers.turns[-1])
    bench.see(obstacles=running, ready_nodes=ready(bench.stage, 1))
    assert bench.stage.group()["status"] == "CREATING"
    bench.see(obstacles=running, ready_nodes=ready(bench.stage, 2))

    assert bench.stage.group()["status"] == "ACTIVE"


def test_a_group_fails_whose_nodes_are_never_ready(bench: Bench) -> None:
    plugins(bench.stage)
    bench.see(obstacles={"vpc-cni": "", "kube-proxy": ""})
    bench.stage.create_group()
    bench.stage.wait()
    bench.stage.group()
    bench.stage.wait(3)

    assert bench.stage.group()["status"] == "CREATE_FAILED"
    assert bench.stage.group()["health"]["issues"][0]["code"] == "NodeCreationFailure"


def test_the_page_tells_what_was_seen(bench: Bench) -> None:
    bench.see(nodes=3, ready_nodes=frozenset({"i-1"}), obstacles={"coredns": "", "vpc-cni": "not yet"})
    (told,) = json.loads(bench.stage.account.admin("GET", "clusters")[2])

    assert (told["nodes"], told["readyNodes"]) == (3, 1)
    assert told["addons"] == {"coredns": "running", "vpc-cni": "not yet"}


def test_time_passes_without_any_call(bench: Bench) -> None:
    plugins(bench.stage)
    bench.see(obstacles={"vpc-cni": "", "kube-proxy": ""})
    bench.stage.account.gateway.settle()
    bench.stage.account.gateway.settle()
    bench.stage.account.restart()

    states = {it["addonName"]: it["status"] for it in bench.stage.account.eks.state.addons.values()}
    assert states == {"vpc-cni": "ACTIVE", "kube-proxy": "ACTIVE"}


def test_the_same_sight_twice_is_no_news() -> None:
    seen = Observations()
    news: Callable[[], bool] = seen.news
    assert not news()
    seen.note(IT, Sight(nodes=1))
    assert news()
    seen.note(IT, Sight(nodes=1))

    assert not news()
