"""Deleting what is left: in passes, as AWS lets go of it."""

import itertools
from typing import Any

import pytest
from botocore.exceptions import ClientError

from seatrial import sweep
from seatrial.errors import EnvironmentFault
from seatrial.ownership import Kind
from seatrial.sweep import Account, Leftover, Patience, Swept, searches

CLUSTER = "eks-cluster-dev"
OWNED = {"Key": f"kubernetes.io/cluster/{CLUSTER}", "Value": "owned"}
ATTACHED = {"Key": "cluster.k8s.amazonaws.com/name", "Value": CLUSTER}
BALANCED = {"Key": "elbv2.k8s.aws/cluster", "Value": CLUSTER}
EVERY = tuple(Kind)


def unwatched(*_: Any) -> None:
    pass


def swept(account: Account, kinds: tuple[Kind, ...] = EVERY) -> Swept:
    clock = itertools.count()
    patience = Patience(seconds=3, clock=lambda: next(clock), sleep=lambda _: None)
    return sweep.sweep(account, CLUSTER, kinds, patience, unwatched)


def test_everything_that_carries_a_mark_goes_and_nothing_else(account: Account, left: Any) -> None:
    left.log_group(f"/aws/eks/{CLUSTER}/cluster")
    left.group("k8s-traffic", BALANCED)
    left.snapshot(OWNED)
    left.volume(OWNED)
    left.interface(ATTACHED)
    left.target_group("k8s-dev-web", BALANCED)
    left.classic("a1b2", OWNED)
    left.balancer("k8s-dev-web", BALANCED)
    left.instance(OWNED)
    others = (left.volume(), left.group("other"), left.interface(), left.log_group("/aws/vpc"))

    result = swept(account)

    assert [each.kind for each in result.deleted] == list(Kind)
    assert result.stays == ()
    assert sweep.look(account, CLUSTER, EVERY).leftovers == ()
    ec2, logs = account.clients("ec2"), account.clients("logs")
    assert ec2.describe_volumes(VolumeIds=[others[0]])["Volumes"]
    assert ec2.describe_security_groups(GroupIds=[others[1]])["SecurityGroups"]
    assert ec2.describe_network_interfaces(NetworkInterfaceIds=[others[2]])["NetworkInterfaces"]
    assert [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]] == [others[3]]


def test_what_was_not_asked_for_stays(account: Account, left: Any) -> None:
    volume, interface = left.volume(OWNED), left.interface(ATTACHED)

    assert [each.id for each in swept(account, (Kind.NETWORK_INTERFACE,)).deleted] == [interface]
    assert [each.id for each in sweep.look(account, CLUSTER, EVERY).leftovers] == [volume]


def test_nothing_is_left_of_nothing(account: Account) -> None:
    assert swept(account) == Swept(deleted=(), stays=())


class Staged:
    """An account in which things stay until AWS lets go of them, and a clock that only sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: list[str]) -> None:
        self.answers = answers
        """Name to what AWS says at each attempt: a code, ``ends`` for later, nothing when it is gone at once."""
        self.tried: list[str] = []
        self.watched: list[tuple[int, int, str]] = []
        self.now = 0.0
        monkeypatch.setattr(searches, "find", self.find)
        monkeypatch.setattr(searches, "delete", self.delete)

    def find(self, *_: Any) -> list[Leftover]:
        return [Leftover(kind=Kind.VOLUME, id=name, name=name, mark="", detail="") for name in self.answers]

    def delete(self, _: Any, leftover: Leftover) -> None:
        self.tried.append(leftover.id)
        said = self.answers[leftover.id].pop(0) if self.answers[leftover.id] else ""
        if said == "ends":
            return
        if said in {"", "InvalidVolume.NotFound"}:
            del self.answers[leftover.id]
        if said:
            raise ClientError({"Error": {"Code": said, "Message": "no"}}, "Delete")

    def sweep(self, seconds: float) -> Swept:
        account = Account(id="1", region="us-east-2", caller="me", clients=lambda _: None)
        patience = Patience(seconds=seconds, clock=lambda: self.now, sleep=self.sleep)
        return sweep.sweep(account, CLUSTER, EVERY, patience, self.watch)

    def watch(self, gone: int, seen: int, current: str) -> None:
        self.watched.append((gone, seen, current))

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@pytest.mark.parametrize(
    "code",
    [
        "DependencyViolation",
        "InvalidParameterValue",
        "InvalidPermission.NotFound",
        "InvalidSnapshot.InUse",
        "ResourceInUse",
        "VolumeInUse",
    ],
)
def test_what_is_in_use_is_tried_until_aws_lets_go(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    staged = Staged(monkeypatch, one=[code, code])

    result = staged.sweep(60)

    assert [each.id for each in result.deleted] == ["one"]
    assert staged.tried == ["one"] * 3


def test_what_ends_slowly_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    staged = Staged(monkeypatch, one=["ends", "ends"])

    assert [each.id for each in staged.sweep(60).deleted] == ["one"]


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    staged = Staged(monkeypatch, used=["VolumeInUse"] * 9, slow=["ends"] * 9)

    result = staged.sweep(12)

    assert [(stay.leftover.id, stay.reason) for stay in result.stays] == [
        ("used", "VolumeInUse: no"),
        ("slow", "AWS has not deleted it yet"),
    ]
    assert staged.now == 15
    assert result.deleted == ()


def test_a_refusal_that_does_not_end_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    staged = Staged(monkeypatch, forbidden=["UnauthorizedOperation"], used=["ResourceInUse"], free=[])

    result = staged.sweep(60)

    assert [(stay.leftover.id, stay.reason) for stay in result.stays] == [("forbidden", "UnauthorizedOperation: no")]
    assert [each.id for each in result.deleted] == ["used", "free"]
    assert staged.tried == ["forbidden", "used", "free", "used"]
    assert staged.now < 60


def test_what_somebody_else_deletes_meanwhile_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    staged = Staged(monkeypatch, one=["InvalidVolume.NotFound"])

    assert [each.id for each in staged.sweep(60).deleted] == ["one"]
    assert staged.now == 0


def test_every_step_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    staged = Staged(monkeypatch, one=[], two=["VolumeInUse"])

    staged.sweep(60)

    assert staged.watched == [(0, 2, "volume one"), (0, 2, "volume two"), (1, 2, "volume two")]


def test_a_list_that_aws_refuses_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    staged = Staged(monkeypatch)

    def refuse(*_: Any) -> list[Leftover]:
        raise ClientError({"Error": {"Code": "UnauthorizedOperation", "Message": "not you"}}, "DescribeVolumes")

    monkeypatch.setattr(searches, "find", refuse)

    with pytest.raises(EnvironmentFault, match="AWS refuses DescribeVolumes: not you"):
        staged.sweep(60)
