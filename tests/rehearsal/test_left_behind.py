"""What a cluster leaves when it goes: a rehearsal sweeps it, as a person must on AWS, and says so."""

import json
import os
import shlex
import subprocess
import sys
from typing import Any

import pytest

from seatrial import sweep
from seatrial.config import parse_platform
from seatrial.ownership import Kind
from seatrial.rehearsal import credentials, left_behind
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.credentials import AccessKey
from seatrial.sweep import Account, Found, Leftover, Patience, Swept

KEY = AccessKey("AKIA", "secret")
ENDPOINT = Endpoint("https://127.0.0.1:20000", 1, 0.0, "ca.pem", "us-east-2")
INTERFACE = Leftover(kind=Kind.NETWORK_INTERFACE, id="eni-1", name="aws-K8S-i-1", mark="a=b", detail="available")
LEAKS = (
    {"service": "eks", "operation": "DeleteNodegroup", "kind": "leak"},
    {"service": "eks", "operation": "DeleteCluster", "kind": "leak"},
)


def _swept(monkeypatch: pytest.MonkeyPatch, status: str) -> tuple[tuple[str, ...], list[Any]]:
    asked: list[Any] = []

    def client(service: str, endpoint: Endpoint, key: AccessKey) -> str:
        return f"{service} at {endpoint.url} as {key.id}"

    def look(account: Account, cluster: str, kinds: tuple[Kind, ...]) -> Found:
        assert kinds == ()
        return Found(account=account, cluster=cluster, status=status, leftovers=())

    def delete(account: Account, cluster: str, kinds: tuple[Kind, ...], _: Patience, watch: sweep.Watch) -> Swept:
        watch(0, 1, "something")
        asked.extend((account.clients("ec2"), cluster, kinds))
        return Swept(deleted=(INTERFACE,), stays=())

    monkeypatch.setattr(credentials, "client", client)
    monkeypatch.setattr(sweep, "look", look)
    monkeypatch.setattr(sweep, "sweep", delete)
    document = {"environment": "dev", "environmentSuffix": "it", "owner": "team", "costCenter": "cc"}
    platform = parse_platform({**document, "kubernetes": {"enabled": False}})
    return left_behind.swept(ENDPOINT, platform, KEY), asked


def test_what_the_cluster_left_is_swept_by_the_deployer(monkeypatch: pytest.MonkeyPatch) -> None:
    swept, asked = _swept(monkeypatch, "")

    assert swept == ("network interface aws-K8S-i-1 (a=b)",)
    assert asked == ["ec2 at https://127.0.0.1:20000 as AKIA", "eks-cluster-it", tuple(Kind)]


def test_as_long_as_the_cluster_is_there_nothing_is_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _swept(monkeypatch, "ACTIVE") == ((), [])


@pytest.mark.rehearsal
def test_a_destroy_that_leftovers_stop_goes_on_after_a_sweep(workshop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATRIAL_SETTLE_SECONDS", "10")
    workshop.run("up")
    workshop.disturb(*LEAKS)

    said = workshop.run("down", code=1)

    assert "left by the cluster, swept: network interface aws-K8S-i-" in said
    assert "left by the cluster, swept: security group eks-cluster-sg-eks-cluster-dev-" in said
    assert "left by the cluster, swept: log group /aws/eks/eks-cluster-dev/cluster" in said
    assert "left in the account" not in said
    assert "`seatrial sweep --stack dev --delete`" in said
    assert not workshop.state().exists()


@pytest.mark.rehearsal
def test_a_person_finds_and_sweeps_what_is_left_with_the_environment_of_the_rehearsal(workshop: Any) -> None:
    workshop.run("up")
    ec2 = workshop.aws("ec2")
    owned = [{"Key": "kubernetes.io/cluster/eks-cluster-gone", "Value": "owned"}]
    volume = ec2.create_volume(
        AvailabilityZone="us-east-2a", Size=8, TagSpecifications=[{"ResourceType": "volume", "Tags": owned}]
    )["VolumeId"]
    workshop.describe("gone")

    assert "the cluster is ACTIVE; its controllers have nothing in the account" in _sweep(workshop, "dev")
    document = json.loads(_sweep(workshop, "gone", "--format", "json", code=1, who="root"))
    assert [each["id"] for each in document["leftovers"]] == [volume]
    said = _sweep(workshop, "gone", "--delete", "--with-data", "--yes", who="root")
    assert said.splitlines() == [f"deleted  volume {volume}", "eks-cluster-gone: 1 deleted, 0 left"]
    assert ec2.describe_volumes()["Volumes"] == []


def _sweep(workshop: Any, stack: str, *arguments: str, code: int = 0, who: str = "deployer") -> str:
    """Run `seatrial sweep` as somebody who has evaluated the rehearsal's environment; give its result."""
    lines = [line for line in workshop.run("env", "--as", who).splitlines() if line.startswith("export ")]
    variables = dict(shlex.split(line)[1].split("=", 1) for line in lines)
    done = subprocess.run(
        [sys.executable, "-m", "seatrial.cli", "sweep", "--stack", stack, *arguments],
        cwd=workshop.folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout
