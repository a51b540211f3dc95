"""A deployed platform doesn't become another one."""

from pathlib import Path

import pytest

from seatrial.config import Platform, parse_platform
from seatrial.errors import ConfigError, Fault
from seatrial.rehearsal import documents, identity
from seatrial.rehearsal.state import StateFolder, folder_of

DEPLOYED = """
config:
  seatrial:platform:
    {environment: dev, environmentSuffix: dev, owner: team, costCenter: cc, kubernetes: {enabled: false}}
"""


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = folder_of(tmp_path, "blue")
    folder.make()
    return folder


def platform(suffix: str, region: str) -> Platform:
    needed = {"environment": "other", "owner": "other", "costCenter": "cc", "kubernetes": {"enabled": False}}
    return parse_platform({**needed, "environmentSuffix": suffix, "region": region})


def test_where_nothing_is_deployed_anything_may_be(state: StateFolder) -> None:
    identity.check(state, "blue", platform("dev", "us-east-2"))


def test_all_but_suffix_and_region_may_change(state: StateFolder) -> None:
    documents.copied(state, "blue").write_text(DEPLOYED)

    identity.check(state, "blue", platform("dev", "us-east-2"))


def test_another_suffix_or_region_is_another_platform(state: StateFolder) -> None:
    documents.copied(state, "blue").write_text(DEPLOYED)

    with pytest.raises(ConfigError) as refused:
        identity.check(state, "blue", platform("new", "eu-central-1"))

    hint = "run `seatrial rehearse down --stack blue` first"
    assert refused.value.faults == (
        Fault("environmentSuffix", "new", "dev, as deployed", hint),
        Fault("region", "eu-central-1", "us-east-2, as deployed", hint),
    )
