"""EKS in an account of the test's own, which begins as one preparation left it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.account.eks.control_planes import Nowhere, Order, Phase, Place, View

if TYPE_CHECKING:
    from tests.account.conftest import Account

CLUSTER, GROUP = "it", "nodes"
TODAY = dt.date(2026, 11, 1)
"""The day of every test: EKS offers 1.31 to 1.36."""

PLUGINS = ("vpc-cni", "kube-proxy")
NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a cluster needs."""

    vpc: str
    subnets: list[str]
    """One in each of three zones, with a way out."""
    elsewhere: list[str]
    """Two in another network."""
    cluster_role: str
    node_role: str
    pod_role: str
    key: str


class Stage:
    """The account as a test finds it, and calls to its EKS about the cluster ``it``."""

    def __init__(self, account: Account, facts: Facts) -> None:
        self.account, self.facts = account, facts
        self.eks, self.ec2, self.iam = account.client("eks"), account.client("ec2"), account.client("iam")

    def call(self, operation: str, **parameters: Any) -> Any:
        return getattr(self.eks, operation)(**{**self._about(operation), **parameters})

    def refused(self, operation: str, **parameters: Any) -> str:
        """Make a call that is refused; give ``Code: message``."""
        given: dict[str, Any] = {**self._about(operation), **parameters}
        return self.account.refusal("eks", operation, **given)

    def _about(self, operation: str) -> dict[str, str]:
        api = self.eks.meta.method_to_api_mapping[operation]
        members = self.eks.meta.service_model.operation_model(api).input_shape.members
        return {member: CLUSTER for member in ("clusterName", "name") if member in members}

    def wait(self, delays: float = 1) -> None:
        """Let as much time pass as so many changes take."""
        self.account.wait(delays * self.account.eks.delay + 1)

    def cluster(self) -> dict[str, Any]:
        return self.call("describe_cluster")["cluster"]

    def group(self, name: str = GROUP) -> dict[str, Any]:
        return self.call("describe_nodegroup", nodegroupName=name)["nodegroup"]

    def addon(self, name: str) -> dict[str, Any]:
        return self.call("describe_addon", addonName=name)["addon"]

    def create_cluster(self, **parameters: Any) -> dict[str, Any]:
        network = {"subnetIds": self.facts.subnets, **parameters.pop("resourcesVpcConfig", {})}
        access = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
        given = {"roleArn": self.facts.cluster_role, "accessConfig": access, "bootstrapSelfManagedAddons": False}
        return self.call("create_cluster", **{**given, "resourcesVpcConfig": network, **parameters})["cluster"]

    def create_group(self, name: str = GROUP, **parameters: Any) -> dict[str, Any]:
        given = {"nodegroupName": name, "subnets": self.facts.subnets, "nodeRole": self.facts.node_role}
        return self.call("create_nodegroup", **{**given, **parameters})["nodegroup"]

    def create_addons(self, *names: str) -> None:
        for name in names:
            self.call("create_addon", addonName=name)
        self.wait()

    def change(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Begin an update, and give it as it ended."""
        update = self.call(operation, **parameters)["update"]
        assert update["status"] == "InProgress"
        self.wait()
        target = {name: parameters[name] for name in ("nodegroupName", "addonName") if name in parameters}
        return self.call("describe_update", updateId=update["id"], **target)["update"]

    def fail(self, operation: str, code: str = "", message: str = "it was to fail") -> None:
        """Let what the operation begins end badly."""
        rule = {"service": "eks", "operation": operation, "kind": "fail", "code": code, "message": message}
        self.account.inject(rule)

    def role(self, service: str, *policies: str) -> str:
        return self.account.role(service, *policies)

    def template(self, **data: Any) -> dict[str, str]:
        """Make a launch template, and name its first version."""
        name = self.account.name("template")
        made = self.ec2.create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData=data or {"EbsOptimized": True}
        )
        return {"id": made["LaunchTemplate"]["LaunchTemplateId"], "version": "1"}

    def interfaces(self, description: str) -> list[dict[str, Any]]:
        """Find network interfaces by the beginning of their description."""
        filters = [{"Name": "vpc-id", "Values": [self.facts.vpc]}]
        found = self.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
        return [interface for interface in found if interface["Description"].startswith(description)]

    def tagged(self, resources: list[str]) -> list[dict[str, Any]]:
        """Find the tags of resources of EC2, also of those that are gone."""
        return self.ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": resources}])["Tags"]


class Stages:
    """The account at different points of its preparation, each to be begun from as often as needed."""

    def __init__(self, account: Account, folder: Path) -> None:
        self.account, self.folder, self.home = account, folder, account.folder
        self.kept: dict[str, bytes] = {}
        self._open(folder)
        self.facts = _prepared(account)
        stage = Stage(account, self.facts)
        # The first cluster makes the key of all, which takes longer than anything else.
        stage.create_cluster(name="first")
        stage.wait()
        stage.call("delete_cluster", name="first")
        self._keep("network")
        stage.create_cluster()
        self._keep("cluster")
        stage.create_addons(*PLUGINS)
        stage.create_group()
        self._keep("nodes")
        self.leave()

    def _keep(self, name: str) -> None:
        Stage(self.account, self.facts).wait()
        self.account.client("eks").list_clusters()
        self.account.gateway.stop()
        self.kept[name] = (self.folder / "account.db").read_bytes()
        self.account.begin()

    def _open(self, folder: Path) -> None:
        self.account.gateway.stop()
        self.account.folder = folder
        self.account.begin()

    def enter(self, name: str) -> Stage:
        self.account.gateway.stop()
        self.account.folder = self.folder
        (self.folder / "account.db").write_bytes(self.kept[name])
        self.account.begin()
        return Stage(self.account, self.facts)

    def leave(self) -> None:
        """Give the account back as it was."""
        self._open(self.home)


def _prepared(account: Account) -> Facts:
    vpc, other = account.vpc(), account.vpc()
    account.open(vpc)
    return Facts(
        vpc=vpc,
        subnets=account.subnets(vpc, "abc"),
        elsewhere=account.subnets(other, "ab"),
        cluster_role=account.role("eks.amazonaws.com", "AmazonEKSClusterPolicy"),
        node_role=account.role("ec2.amazonaws.com", *NODE_POLICIES),
        pod_role=account.role("pods.eks.amazonaws.com"),
        key=account.client("kms").create_key()["KeyMetadata"]["Arn"],
    )


def _pin(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("seatrial.rehearsal.account.eks.versions._today", lambda: TODAY)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    _pin(monkeypatch)


@pytest.fixture(scope="session")
def stages(shared: Account, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    with pytest.MonkeyPatch.context() as patch:
        _pin(patch)
        return Stages(shared, tmp_path_factory.mktemp("eks"))


@pytest.fixture(scope="module")
def entered(stages: Stages) -> Iterator[Stages]:
    yield stages
    stages.leave()


@pytest.fixture
def enter(entered: Stages) -> Callable[[str], Stage]:
    return entered.enter


@pytest.fixture
def network(enter: Callable[[str], Stage]) -> Stage:
    """Everything that a cluster needs, and no cluster."""
    return enter("network")


@pytest.fixture
def cluster(enter: Callable[[str], Stage]) -> Stage:
    """A cluster without anything in it."""
    return enter("cluster")


@pytest.fixture
def nodes(enter: Callable[[str], Stage]) -> Stage:
    """A cluster with network plugins and a node group."""
    return enter("nodes")


ENDPOINT = "https://127.0.0.1:24680"


@dataclass
class Planes:
    """Control planes that begin when they are asked to, and are ready, fail and end when the test says so."""

    orders: dict[Place, Order] = field(default_factory=dict[Place, Order])
    phases: dict[Place, Phase] = field(default_factory=dict[Place, Phase])
    ending: set[Place] = field(default_factory=set[Place])
    ended: list[Place] = field(default_factory=list[Place])
    stopped: int = 0

    def begin(self, place: Place, order: Order) -> None:
        self.orders[place], self.phases[place] = order, Phase.STARTING

    def view(self, place: Place) -> View | None:
        if place not in self.phases or place in self.ending:
            return None
        phase = self.phases[place]
        reason = "etcd ended" if phase is Phase.FAILED else ""
        seconds = 4.5 if phase is Phase.READY else None
        return View(
            phase=phase,
            endpoint=ENDPOINT,
            authority=b"AUTHORITY",
            kubeconfig=Path("/kubeconfig"),
            version="1.36.2",
            reason=reason,
            ready_seconds=seconds,
        )

    def end(self, place: Place) -> bool:
        if place in self.phases:
            self.ending.add(place)
            return False
        return True

    def stop(self) -> None:
        self.stopped += 1

    def become(self, phase: Phase) -> None:
        """Bring all that are begun to a phase."""
        self.phases = dict.fromkeys(self.phases, phase)

    def finish(self) -> None:
        """Let those that are to end be gone."""
        self.ended += sorted(self.ending)
        self.phases = {place: phase for place, phase in self.phases.items() if place not in self.ending}
        self.ending.clear()


@pytest.fixture
def planes(stages: Stages) -> Iterator[Planes]:
    """Clusters get control planes, from the next beginning of the account on."""
    planes = Planes()
    stages.account.planes = planes
    yield planes
    stages.account.planes = Nowhere()


@pytest.fixture
def hosted(planes: Planes, enter: Callable[[str], Stage]) -> Stage:
    """A cluster whose control plane is ready, without anything in it."""
    stage = enter("cluster")
    planes.become(Phase.READY)
    return stage
