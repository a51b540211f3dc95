"""Up and down with a fake engine and a fake account: what is done in which order, and what is kept."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seatrial.config import Platform
from seatrial.errors import ConfigError, DeploymentFailed, EnvironmentFault, UsageError
from seatrial.project import find_project
from seatrial.rehearsal import credentials, deployment, left_behind, operations
from seatrial.rehearsal.account import inventory
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.deployment import Rehearsal
from seatrial.rehearsal.interrupts import Interrupted
from seatrial.rehearsal.operations import Operation, Result
from seatrial.rehearsal.providers.creations import Creations

_URN = "urn:pulumi:dev::seatrial::seatrial:index:Network$aws:ec2/vpc:Vpc::eks-vpc-dev"

_STACK_URN = "urn:pulumi:dev::seatrial::pulumi:pulumi:Stack::seatrial-dev"


def _step(kind: str, operation: str, urn: str = _URN, **others: Any) -> dict[str, Any]:
    return {kind: {"metadata": {"op": operation, "urn": urn, "type": "aws:ec2/vpc:Vpc", **others}}}


def _summary(**changes: int) -> dict[str, Any]:
    return {"summaryEvent": {"durationSeconds": 1, "resourceChanges": changes}}


def _complaint(message: str, urn: str = _URN) -> dict[str, Any]:
    return {"diagnosticEvent": {"urn": urn, "message": message, "color": "never", "severity": "error"}}


_CREATED = [_step("resourcePreEvent", "create"), _step("resOutputsEvent", "create"), _summary(create=1)]
_SAME = [_step("resourcePreEvent", "same"), _step("resOutputsEvent", "same"), _summary(same=1)]
_REFUSED = [
    _step("resourcePreEvent", "create"),
    _complaint(
        "<{%reset%}>ec2 CreateVpc: UnauthorizedOperation: no<{%reset%}>\nTraceback (most recent call last):\n  x"
    ),
    _step("resOpFailedEvent", "create"),
    _complaint("update failed", _STACK_URN),
    _summary(same=3),
    {"exit": 255},
]


def _answering(value: object) -> Callable[..., object]:
    def answer(*_: object) -> object:
        return value

    return answer


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the plan, which has tests of its own and takes a second."""

    monkeypatch.setattr(deployment, "_resources", _answering(57))


@pytest.fixture
def rehearsal(workshop: Any, told: Any) -> Rehearsal:
    project = find_project(workshop.folder)
    return Rehearsal(project=project, stack="dev", state=workshop.state(), progress=told)


@pytest.mark.usefixtures("account", "quick")
def test_up_writes_the_outputs_and_says_what_it_did(rehearsal: Rehearsal, workshop: Any, pulumi: Any) -> None:
    pulumi.script(up=[_CREATED])

    done = deployment.up(rehearsal)

    assert (done.operation.result, done.operation.changes, done.operation.resources) == ("succeeded", {"create": 1}, 1)
    assert (done.changed, done.drift) == ((), ())
    assert workshop.outputs() == {"clusterName": "eks-cluster-dev", "zones": '["a"]'}
    assert operations.last(rehearsal.state) == done.operation


@pytest.mark.usefixtures("quick")
def test_up_hands_kubernetes_to_the_account_and_tools_to_people(
    rehearsal: Rehearsal, account: Any, pulumi: Any
) -> None:
    pulumi.script(up=[_CREATED])

    deployment.up(rehearsal)

    assert account.tools.version == "1.36.2"
    assert account.tools.kube_apiserver == pulumi.folder / "kube-apiserver"
    assert {link.name: link.resolve() for link in rehearsal.state.tools.iterdir()} == {
        name: pulumi.folder / name for name in ("aws", "helm", "kubectl")
    }


@pytest.mark.usefixtures("account")
def test_progress_is_told_out_of_what_the_plan_expects(rehearsal: Rehearsal, told: Any, pulumi: Any) -> None:
    pulumi.script(up=[_CREATED])

    deployment.up(rehearsal)

    (begun,) = [line for line in told.lines if line.endswith("create eks-vpc-dev")]
    done, _, total = begun.split()[0].partition("/")
    assert done == "0"
    assert int(total) > 40


@pytest.mark.usefixtures("account", "quick")
def test_the_outputs_file_may_lie_elsewhere(rehearsal: Rehearsal, tmp_path: Path, pulumi: Any) -> None:
    pulumi.script(up=[_CREATED])

    done = deployment.up(rehearsal, outputs_file=tmp_path / "elsewhere.json")

    assert done.operation.outputs == str(tmp_path / "elsewhere.json")
    assert (tmp_path / "elsewhere.json").is_file()


@pytest.mark.usefixtures("account", "quick")
def test_drift_is_told_before_it_is_repaired(rehearsal: Rehearsal, pulumi: Any) -> None:
    changed = _step("resOutputsEvent", "update", diffs=["tags"])
    pulumi.script(refresh=[[changed, _summary(update=1)]], up=[[changed, _summary(update=1)]])

    done = deployment.up(rehearsal, refresh=True)

    assert [(change.kind, change.resource, change.properties) for change in done.drift] == [
        ("update", "eks-vpc-dev (aws:ec2/vpc:Vpc)", ("tags",))
    ]
    assert done.changed == done.drift


@pytest.mark.usefixtures("account", "pulumi")
def test_a_wrong_description_is_told_before_anything_starts(rehearsal: Rehearsal, workshop: Any) -> None:
    workshop.describe(region="us-easter-2")

    with pytest.raises(ConfigError, match="region: found us-easter-2;"):
        deployment.up(rehearsal)

    assert not rehearsal.state.exists()


def test_a_region_that_the_account_cannot_be_in_is_told_before_anything_starts(
    rehearsal: Rehearsal, workshop: Any
) -> None:
    workshop.describe(region="us-gov-west-1")

    with pytest.raises(UsageError, match="found us-gov-west-1, which is in the partition aws-us-gov"):
        deployment.up(rehearsal)

    assert not rehearsal.state.exists()


@pytest.mark.usefixtures("account", "quick")
def test_without_an_engine_nothing_is_begun(
    rehearsal: Rehearsal, workshop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("SEATRIAL_TOOLCHAIN", raising=False)

    with pytest.raises(EnvironmentFault, match="no Go to build one with"):
        deployment.up(rehearsal)

    assert not (workshop.folder / ".seatrial").exists()


@pytest.mark.usefixtures("account", "quick")
def test_a_refusal_is_told_once_and_without_traceback(rehearsal: Rehearsal, pulumi: Any) -> None:
    pulumi.script(up=[_REFUSED])

    with pytest.raises(DeploymentFailed) as failed:
        deployment.up(rehearsal)

    assert str(failed.value) == (
        "the engine could not finish:\n  eks-vpc-dev (aws:ec2/vpc:Vpc)\n    ec2 CreateVpc: UnauthorizedOperation: no"
    )
    assert "seatrial rehearse up" in failed.value.tip
    last = operations.last(rehearsal.state)
    assert last is not None
    assert (last.result, last.resources, last.uncertain) == (Result.FAILED, 3, ())


@pytest.mark.usefixtures("account", "quick")
def test_a_fault_of_no_single_resource_is_told_as_it_is(rehearsal: Rehearsal, pulumi: Any) -> None:
    pulumi.script(up=[[_complaint("the stack is locked", _STACK_URN), _complaint("update failed", ""), {"exit": 1}]])

    with pytest.raises(DeploymentFailed, match=r"could not finish:\n  the stack is locked$"):
        deployment.up(rehearsal)


@pytest.mark.usefixtures("account", "quick")
def test_an_engine_that_ends_without_a_word_is_told_by_its_last_lines(rehearsal: Rehearsal, pulumi: Any) -> None:
    pulumi.script(up=[[{"exit": 1, "said": "panic: oh"}]])

    with pytest.raises(DeploymentFailed, match=r"the engine ended unexpectedly:\n.*panic: oh"):
        deployment.up(rehearsal)


@pytest.mark.usefixtures("account", "quick")
def test_an_engine_that_refuses_to_begin_is_told_in_its_words(rehearsal: Rehearsal, pulumi: Any) -> None:
    (pulumi.folder / "broken").touch()

    with pytest.raises(DeploymentFailed, match=r"^the engine refused: the passphrase is wrong$"):
        deployment.up(rehearsal)


@pytest.mark.usefixtures("account", "quick")
def test_what_was_being_created_is_resumed_first(rehearsal: Rehearsal, told: Any, pulumi: Any) -> None:
    _cut_off(rehearsal, pulumi)
    pulumi.script(up=[[_step("resOutputsEvent", "create"), {"wait": 1}, {"exit": 255}], _SAME])

    deployment.up(rehearsal)

    assert json.loads((pulumi.folder / "pending").read_text()) == [_URN]
    assert (pulumi.folder / "interrupted").exists()
    assert pulumi.held()["pending_operations"] == []
    assert "resuming 1 interrupted creation" in told.lines
    assert "nothing changed" not in told.lines
    assert pulumi.asked("cancel") == []


@pytest.mark.usefixtures("account", "quick")
def test_a_refused_resumption_leaves_the_refusal_to_the_operation(rehearsal: Rehearsal, pulumi: Any) -> None:
    _cut_off(rehearsal, pulumi)
    pulumi.script(up=[_REFUSED, _SAME])

    done = deployment.up(rehearsal)

    assert done.operation.changes == {"same": 1}
    assert pulumi.held()["pending_operations"] == []


@pytest.mark.usefixtures("account", "quick")
def test_a_resumption_that_never_came_to_it_is_not_forgotten(rehearsal: Rehearsal, pulumi: Any) -> None:
    _cut_off(rehearsal, pulumi)
    pulumi.script(up=[[{"exit": 1, "said": "killed"}]])

    with pytest.raises(DeploymentFailed, match="ended unexpectedly"):
        deployment.up(rehearsal)

    assert len(pulumi.held()["pending_operations"]) == 2


@pytest.mark.usefixtures("account", "quick")
def test_the_lock_of_a_killed_engine_is_removed(rehearsal: Rehearsal, pulumi: Any) -> None:
    _cut_off(rehearsal, pulumi, pending=[])
    lock = rehearsal.state.backend / ".pulumi" / "locks" / "organization" / "seatrial" / "dev" / "1.json"
    lock.parent.mkdir(parents=True)
    lock.touch()
    pulumi.script(up=[_SAME])

    deployment.up(rehearsal)

    assert len(pulumi.asked("cancel")) == 1
    assert not (pulumi.folder / "pending").exists()


@pytest.mark.usefixtures("quick")
def test_what_failed_with_the_account_gone_is_resumed_too(rehearsal: Rehearsal, account: Any, pulumi: Any) -> None:
    pulumi.script(up=[[*_REFUSED[:3], {"wait": 1}]])
    threading.Timer(0, _end_account_once_it_waits, [account, pulumi, rehearsal]).start()

    with pytest.raises(DeploymentFailed, match=r"account ended while the engine worked on it: no space left$"):
        deployment.up(rehearsal)
    last = operations.last(rehearsal.state)
    assert last is not None
    assert last.uncertain == (_URN,)

    pulumi.script(up=[[_step("resOutputsEvent", "create")], _SAME])
    deployment.up(rehearsal)
    assert json.loads((pulumi.folder / "pending").read_text()) == [_URN]
    assert account.told == ["start us-east-2", "start us-east-2"]


@pytest.mark.usefixtures("account", "quick")
def test_a_signal_lets_the_engine_finish_what_it_is_at(rehearsal: Rehearsal, pulumi: Any) -> None:
    pulumi.script(up=[[{"wait": 1}, {"exit": 255}]])
    threading.Timer(0, _interrupt_once_it_waits, [pulumi]).start()

    with pytest.raises(Interrupted) as interrupted:
        deployment.up(rehearsal)

    assert interrupted.value.exit_code == 130
    assert (pulumi.folder / "interrupted").exists()


@pytest.mark.usefixtures("quick")
def test_down_removes_everything(rehearsal: Rehearsal, workshop: Any, account: Any, pulumi: Any) -> None:
    pulumi.script(up=[_CREATED], destroy=[[_step("resOutputsEvent", "delete"), _summary(delete=1)]])
    deployment.up(rehearsal)

    removed = deployment.down(rehearsal)

    assert removed is not None
    assert removed.operation is not None
    assert (removed.operation.changes, removed.operation.resources, removed.leftovers) == ({"delete": 1}, 0, ())
    assert account.told == ["start us-east-2", "remove the deployer", "stop"]
    assert sorted(path.name for path in workshop.folder.iterdir()) == ["Pulumi.dev.yaml", "Pulumi.yaml"]


_STUCK = [_step("resOutputsEvent", "delete"), _complaint("DependencyViolation"), _summary(delete=1), {"exit": 255}]


@pytest.mark.usefixtures("account", "quick")
def test_down_sweeps_what_a_cluster_left_and_goes_on(
    rehearsal: Rehearsal, pulumi: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi.script(up=[_CREATED], destroy=[_STUCK, [_step("resOutputsEvent", "delete"), _summary(delete=3)]])
    keys: list[object] = []

    def swept(_: Endpoint, platform: Platform, key: credentials.AccessKey) -> tuple[str, ...]:
        keys.append((platform.environment_suffix, key))
        return ("network interface eni-1",)

    monkeypatch.setattr(left_behind, "swept", swept)
    monkeypatch.setattr(credentials, "read", _answering(credentials.AccessKey("AKIA", "secret")))
    deployment.up(rehearsal)

    removed = deployment.down(rehearsal)

    assert removed is not None
    assert removed.operation is not None
    assert (removed.swept, removed.operation.changes) == (("network interface eni-1",), {"delete": 4})
    assert keys == [("dev", credentials.AccessKey("AKIA", "secret"))]
    assert not rehearsal.state.exists()


@pytest.mark.parametrize("key", [credentials.AccessKey("AKIA", "secret"), None], ids=["nothing left", "no deployer"])
@pytest.mark.usefixtures("account", "quick")
def test_down_fails_where_nothing_can_be_swept(
    rehearsal: Rehearsal, pulumi: Any, monkeypatch: pytest.MonkeyPatch, key: credentials.AccessKey | None
) -> None:
    pulumi.script(up=[_CREATED], destroy=[_STUCK])

    monkeypatch.setattr(left_behind, "swept", _answering(()))
    monkeypatch.setattr(credentials, "read", _answering(key))
    deployment.up(rehearsal)

    with pytest.raises(DeploymentFailed, match="DependencyViolation"):
        deployment.down(rehearsal)

    assert rehearsal.state.exists()


def test_down_where_nothing_is_does_nothing(rehearsal: Rehearsal) -> None:
    assert deployment.down(rehearsal) is None


@pytest.mark.usefixtures("pulumi")
def test_down_before_anything_was_deployed_needs_no_engine(rehearsal: Rehearsal, account: Any) -> None:
    rehearsal.state.make()
    account.start(rehearsal.state.account, "us-east-2")

    removed = deployment.down(rehearsal)

    assert removed == deployment.Removed(operation=None, leftovers=())
    assert account.told[-1] == "stop"
    assert not rehearsal.state.exists()


@pytest.mark.usefixtures("pulumi")
def test_down_goes_on_where_it_was_discarding(rehearsal: Rehearsal, account: Any) -> None:
    rehearsal.state.make()
    operations.save(rehearsal.state, Operation(kind="discard"))

    assert deployment.down(rehearsal) == deployment.Removed(operation=None, leftovers=())
    assert account.told == ["stop"]


@pytest.mark.usefixtures("quick")
def test_up_finishes_first_what_was_being_discarded(rehearsal: Rehearsal, account: Any, pulumi: Any) -> None:
    rehearsal.state.make()
    (rehearsal.state.backend / "old").touch()
    operations.save(rehearsal.state, Operation(kind="discard"))
    pulumi.script(up=[_CREATED])

    deployment.up(rehearsal)

    assert account.told == ["stop", "start us-east-2"]
    assert not (rehearsal.state.backend / "old").exists()


@pytest.mark.usefixtures("account", "pulumi", "quick")
def test_down_does_not_repeat_which_tools_are_used(rehearsal: Rehearsal, told: Any) -> None:
    deployment.up(rehearsal)
    assert [line for line in told.lines if line.startswith("using pulumi")]
    told.lines.clear()

    deployment.down(rehearsal)

    assert not [line for line in told.lines if line.startswith(("using", "not used"))]


@pytest.mark.usefixtures("account", "quick")
def test_down_switches_deletion_protection_off_first(rehearsal: Rehearsal, pulumi: Any) -> None:
    deployment.up(rehearsal)
    cluster = _URN.replace("eks-vpc", "eks-cluster")
    inputs = {"deletionProtection": True}
    pulumi.holds(resources=[{"urn": _STACK_URN}, {"urn": cluster, "inputs": inputs}])

    deployment.down(rehearsal)

    (setting,) = pulumi.asked("config set")
    assert "seatrial:platform.cluster.deletionProtection" in setting
    assert "false" in setting
    (update,) = [line for line in pulumi.asked("up") if f"--target {cluster}" in line]
    assert update


@pytest.mark.usefixtures("account", "pulumi", "quick")
def test_what_is_left_in_the_account_is_told(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    deployment.up(rehearsal)

    def leftovers(_: object) -> dict[str, list[str]]:
        return {"ec2 describe_vpcs": ["vpc-1", "vpc-2"]}

    monkeypatch.setattr(inventory, "leftovers", leftovers)

    removed = deployment.down(rehearsal)

    assert removed is not None
    assert removed.leftovers == ("vpc-1 (ec2 describe_vpcs)", "vpc-2 (ec2 describe_vpcs)")


@pytest.mark.usefixtures("account", "pulumi", "quick")
def test_a_file_of_outputs_that_another_stack_wrote_since_stays(rehearsal: Rehearsal, workshop: Any) -> None:
    deployment.up(rehearsal)
    path = workshop.folder / "cfn-outputs" / "flat-outputs.json"
    path.write_text("{}")

    deployment.down(rehearsal)

    assert path.read_text() == "{}"


@pytest.mark.usefixtures("account", "pulumi", "quick")
def test_the_users_own_settings_count_for_nothing_and_are_back_afterwards(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://somewhere")

    deployment.up(rehearsal)

    assert os.environ["AWS_PROFILE"] == "somebody"
    assert os.environ["PULUMI_BACKEND_URL"] == "s3://somewhere"


def _cut_off(rehearsal: Rehearsal, pulumi: Any, pending: list[str] | None = None) -> None:
    """Leave what a killed `up` leaves: an operation that runs, and two things begun."""
    pulumi.script(up=[_SAME])
    deployment.up(rehearsal)
    last = operations.last(rehearsal.state)
    assert last is not None
    operations.save(rehearsal.state, replace(last, result=Result.RUNNING))
    begun = pending if pending is not None else ["creating", "updating"]
    pulumi.holds(
        resources=[{"urn": _STACK_URN}],
        pending_operations=[{"type": kind, "resource": {"urn": _URN}} for kind in begun],
    )


def _await(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def _end_account_once_it_waits(account: Any, pulumi: Any, rehearsal: Rehearsal) -> None:
    _await(pulumi.folder / "waits")
    Creations.of_stack(rehearsal.state.provider).begin(_URN)
    (rehearsal.state.account / "output.log").write_text("no space left\n")
    time.sleep(0.3)  # for the events before to be read
    account.endpoint = None


def _interrupt_once_it_waits(pulumi: Any) -> None:
    _await(pulumi.folder / "waits")
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.usefixtures("account", "quick")
def test_up_keeps_the_kubeconfig_and_names_the_charts_that_could_not_be_had(
    rehearsal: Rehearsal, workshop: Any, pulumi: Any
) -> None:
    team = {"platform-team": "arn:aws:iam::000000000000:role/platform-team"}
    workshop.describe(kubernetes={"enabled": True}, cluster={"admins": team})
    pulumi.script(up=[_CREATED])
    pulumi.exports(kubeconfig="apiVersion: v1")
    pulumi.holds(resources=[_release("shop", "not-rendered"), _release("store", "deployed"), {"urn": _URN}])

    done = deployment.up(rehearsal)

    assert done.charts_not_rendered == ("shop 1.2.3 (out of reach)",)
    assert rehearsal.state.kubeconfig.read_text() == "apiVersion: v1"
    assert rehearsal.state.kubeconfig.stat().st_mode & 0o777 == 0o600


def _release(name: str, status: str) -> dict[str, Any]:
    outputs = {
        "name": name,
        "chart": f"{name}-chart",
        "version": "1.2.3",
        "status": {"status": status, "reason": "out of reach"},
    }
    return {"urn": f"urn::{name}", "type": "kubernetes:helm.sh/v3:Release", "outputs": outputs}
