"""Creation that was interrupted ends in one resource."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.providers.aws import lifecycle
from seatrial.rehearsal.providers.aws.clients import Clients
from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.creations import current
from seatrial.rehearsal.providers.aws.refusals import Refusal
from seatrial.rehearsal.providers.creations import Creations
from seatrial.rehearsal.providers.refusals import ProviderFault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import MakeDriver

VPC = "aws:ec2/vpc:Vpc"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
URN = "urn:pulumi:test::seatrial::aws:ec2/vpc:Vpc::it"


def test_fresh_creation_is_unlike_the_last(tmp_path: Path) -> None:
    first = Creations(tmp_path).begin(URN)
    second = Creations(tmp_path).begin(URN)

    assert first.identity != second.identity
    assert not second.resumed


def test_interrupted_creation_is_resumed_once(tmp_path: Path) -> None:
    interrupted = Creations(tmp_path).begin(URN)

    creations = Creations(tmp_path, [URN])
    resumed, fresh = creations.begin(URN), creations.begin(URN)

    assert (resumed.identity, resumed.resumed) == (interrupted.identity, True)
    assert (fresh.identity == interrupted.identity, fresh.resumed) == (False, False)


@pytest.mark.parametrize("kept", [True, False])
def test_nothing_to_resume_is_a_fresh_creation(tmp_path: Path, kept: bool) -> None:
    creation = Creations(tmp_path / "creating" if kept else None, [URN]).begin(URN)

    assert not creation.resumed


def test_refused_creation_is_not_one_that_may_have_made_something(tmp_path: Path) -> None:
    creations = Creations.of_stack(tmp_path)
    before = creations.may_have_made(URN)
    creations.begin(URN)
    during = creations.may_have_made(URN)

    creations.refuse(URN)
    Creations(None).refuse(URN)

    assert (before, during, creations.may_have_made(URN)) == (False, True, False)


def test_call_that_failed_keeps_its_token() -> None:
    creation = Creations(None).begin(URN)

    first = creation.token("CreateVpc")
    assert creation.token("CreateVpc") == first
    creation.answer("CreateVpc")
    assert len({first, creation.token("CreateVpc"), creation.token("CreateTags")}) == 3


def test_folder_and_interrupted_creations_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted = Creations(tmp_path / "creating").begin(URN)
    pending = tmp_path / "pending.json"
    monkeypatch.setenv("SEATRIAL_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("SEATRIAL_PENDING_CREATES", str(pending))

    pending.write_text(json.dumps([URN]))
    assert Creations.from_environment().begin(URN).identity == interrupted.identity
    pending.unlink()
    assert not Creations.from_environment().begin(URN).resumed
    monkeypatch.delenv("SEATRIAL_STATE_DIR")
    monkeypatch.delenv("SEATRIAL_PENDING_CREATES")
    assert not Creations.from_environment().begin(URN).resumed


def test_second_attempt_gets_the_resource_of_the_first(
    make_driver: MakeDriver, tmp_path: Path, client: Callable[[str], Any]
) -> None:
    first = make_driver(Creations(tmp_path))
    inputs = {"cidrBlock": "10.40.0.0/16", "enableDnsHostnames": True}
    made = first.create(VPC, inputs)

    again = make_driver(Creations(tmp_path, [first.urn(VPC, "it")]))
    assert again.create(VPC, inputs) == made

    found = client("ec2").describe_vpcs(Filters=[{"Name": "cidr-block", "Values": ["10.40.0.0/16"]}])["Vpcs"]
    assert len(found) == 1
    assert make_driver(Creations(tmp_path)).create(VPC, inputs)["id"] != made["id"]


def test_creation_that_the_account_refused_leaves_nothing_to_resume(make_driver: MakeDriver, tmp_path: Path) -> None:
    creations = Creations(tmp_path)
    driver = make_driver(creations)
    made = driver.create(LOG_GROUP, {"name": "/taken"})
    driver_of_another = make_driver(creations)

    with pytest.raises(ProviderFault, match="ResourceAlreadyExistsException"):
        driver_of_another.create(LOG_GROUP, {"name": "/taken"})

    assert not creations.may_have_made(driver_of_another.urn(LOG_GROUP, "it"))
    driver.delete(LOG_GROUP, made)


@pytest.mark.parametrize("made", [True, False])
def test_creation_that_was_refused_half_way_is_resumed(tmp_path: Path, made: bool) -> None:
    def refuse(*_: object) -> str:
        creation = current.get()
        if made and creation:
            creation.answer("CreateVpc")
        raise Refusal("ec2 CreateTags", "TagLimitExceeded", "too many")

    resource: Any = SimpleNamespace(traits=SimpleNamespace(generated_name=""), create=refuse)
    cloud = Cloud(Clients("us-east-2"), region="us-east-2", name="it")
    creations = Creations(tmp_path)

    with pytest.raises(Refusal):
        lifecycle.create(resource, cloud, {}, creations, URN)

    assert creations.may_have_made(URN) is made


def test_second_attempt_with_other_inputs_brings_the_resource_in_line(make_driver: MakeDriver, tmp_path: Path) -> None:
    first = make_driver(Creations(tmp_path))
    made = first.create(LOG_GROUP, {"retentionInDays": 7, "tags": {"a": "b"}})

    again = make_driver(Creations(tmp_path, [first.urn(LOG_GROUP, "it")]))
    resumed = again.create(LOG_GROUP, {"retentionInDays": 14})

    assert resumed["name"] == made["name"]
    assert (resumed["retentionInDays"], resumed["tags"]) == (14, {})
    again.delete(LOG_GROUP, resumed)


@pytest.mark.parametrize(
    ("kind", "inputs", "start"),
    [
        (LOG_GROUP, {}, "it-"),
        (LOG_GROUP, {"namePrefix": "logs-"}, "logs-"),
        ("aws:kms/alias:Alias", {"targetKeyId": None}, "alias/it-"),
    ],
)
def test_name_is_generated(
    make_driver: MakeDriver, landscape: Any, kind: str, inputs: dict[str, Any], start: str
) -> None:
    driver = make_driver()
    wanted = {name: value or landscape.key for name, value in inputs.items()}

    states = [driver.create(kind, wanted) for _ in range(2)]

    assert all(state["name"].startswith(start) for state in states)
    assert len({state["name"] for state in states}) == 2
    assert driver.changes(kind, states[0], wanted) == {}
    for state in states:
        driver.delete(kind, state)
