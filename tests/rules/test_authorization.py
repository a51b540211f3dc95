"""What IAM knows, checked against the documents that AWS itself keeps."""

import json
import runpy
from pathlib import Path
from typing import Any, cast

import pytest
from moto.iam import aws_managed_policies

from seatrial.iam import managed
from seatrial.rules.facts import authorization, kept_policies


def statements(name: str) -> list[dict[str, Any]]:
    kept = cast("dict[str, Any]", json.loads(aws_managed_policies.aws_managed_policies_data))
    return kept[name]["Document"]["Statement"]


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize("name", managed.ALL)
def test_every_action_and_key_of_the_policies_that_the_platform_attaches_is_known(name: str) -> None:
    for statement in statements(name):
        unknown = [action for action in listed(statement["Action"]) if not authorization.is_action(action)]
        assert unknown == []
        for keys in statement.get("Condition", {}).values():
            assert [key for key in keys if not authorization.is_key(key)] == []


@pytest.mark.parametrize("pattern", ["*", "s3:GetObject", "S3:getobject", "s3:Get*", "ec2:Describe?nstances", "eks:*"])
def test_an_action_is_known(pattern: str) -> None:
    assert authorization.is_action(pattern)


@pytest.mark.parametrize(
    "pattern", ["s3", "s3:", "s3:GetObjct", "nothing:Get", "eks:Get*", ":x", "EC2:Describe Instances"]
)
def test_what_is_no_action_is_not(pattern: str) -> None:
    assert not authorization.is_action(pattern)


@pytest.mark.parametrize(
    "key",
    ["aws:SourceArn", "AWS:sourcearn", "aws:RequestTag/x", "kms:EncryptionContext:aws:logs:arn", "ec2:ResourceTag/x"],
)
def test_a_key_is_known(key: str) -> None:
    assert authorization.is_key(key)


@pytest.mark.parametrize("key", ["aws:SourceRoot", "SourceArn", "s3:nothing", "none:such"])
def test_what_is_no_key_is_not(key: str) -> None:
    assert not authorization.is_key(key)


def test_what_is_known_of_the_policies_that_aws_keeps_is_current() -> None:
    table = Path(kept_policies.__file__).with_name("kept_policies.txt")
    script = runpy.run_path(str(Path(__file__).with_name("regenerate.py")))

    assert table.read_text(encoding="ascii") == script["kept"]()
