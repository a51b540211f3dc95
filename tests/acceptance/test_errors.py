"""A file that is no outputs file is refused, with what to do."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from seatrial.acceptance import Outputs, OutputsError, read_outputs, run
from seatrial.acceptance.outputs import MissingOutputError
from seatrial.errors import UsageError


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (["vpcId"], "found a list; allowed: a JSON object"),
        ("vpcId", "found a string; allowed: a JSON object"),
        (None, "found null; allowed: a JSON object"),
        ({"vpcId": 1}, "every output is a string, but vpcId: found a number"),
        ({"vpcId": ["vpc"], "region": None}, "vpcId: found a list; region: found null"),
        ({"vpcId": True}, "vpcId: found a boolean"),
        ({"vpcId": {}}, "vpcId: found an object"),
        ({"kubeconfig": "[secret]"}, "kubeconfig is hidden as [secret]"),
    ],
)
def test_a_wrong_document_is_refused(document: object, message: str, write: Callable[[object], Path]) -> None:
    path = write(document)

    with pytest.raises(OutputsError) as caught:
        read_outputs(path)

    assert str(path) in str(caught.value)
    assert message in str(caught.value)
    assert "--show-secrets" in caught.value.tip


@pytest.mark.parametrize(
    ("content", "message"), [(b"{", "is not JSON"), (b"", "is not JSON"), (b"\xff\xfe{", "is not JSON")]
)
def test_what_is_not_json_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "outputs.json"
    path.write_bytes(content)

    with pytest.raises(OutputsError, match=message):
        read_outputs(path)


def test_a_missing_file_says_how_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.json: there is no such file") as caught:
        run(tmp_path / "nowhere.json")

    assert "seatrial rehearse up" in caught.value.tip


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(OutputsError, match=r"can't be read \(Is a directory\)"):
        run(tmp_path)


def test_every_missing_output_is_named_at_once(good: dict[str, str], write: Callable[[object], Path]) -> None:
    del good["vpcId"], good["clusterName"]

    with pytest.raises(OutputsError, match=r"lacks vpcId, clusterName$"):
        run(write(good))


def test_a_key_that_the_platform_needs_is_missing_not_inapplicable(
    good: dict[str, str], write: Callable[[object], Path]
) -> None:
    del good["spotNodeGroupName"]

    with pytest.raises(OutputsError, match="lacks spotNodeGroupName"):
        run(write(good))


def test_the_file_that_pulumi_prints_is_accepted(good: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "outputs.json"
    path.write_text(json.dumps(good, indent=2, sort_keys=True) + "\n")

    assert run(path).passed


def test_outputs_are_a_mapping() -> None:
    outputs: Mapping[str, str] = Outputs({"vpcId": "vpc-1", "region": "us-east-2"})

    assert dict(outputs) == {"vpcId": "vpc-1", "region": "us-east-2"}
    assert len(outputs) == 2
    assert "zone" not in outputs
    with pytest.raises(MissingOutputError):
        _ = outputs["zone"]
