"""Reading a stack file: strict where YAML is lax."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from seatrial.config import load_platform
from seatrial.errors import ConfigError, Fault

_NEEDED = "environment: dev, environmentSuffix: dev, owner: team, costCenter: engineering, kubernetes: {enabled: false}"

Load = Callable[[str], tuple[Fault, ...]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Give the faults of a stack file with that text."""

    def faults(text: str) -> tuple[Fault, ...]:
        file = tmp_path / "Pulumi.dev.yaml"
        file.write_text(text, encoding="utf-8")
        try:
            load_platform(file, today=date(2026, 11, 22))
        except ConfigError as error:
            return error.faults
        return ()

    return faults


def test_a_stack_file_may_hold_more_than_the_platform(load: Load) -> None:
    text = f"""
        encryptionsalt: v1:abc
        config:
          aws:region: eu-west-1
          seatrial:platform: {{{_NEEDED}, tags: {{secure: a, other: b}}}}
        """

    assert load(text) == ()


def test_the_version_is_judged_by_today(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(f"config: {{'seatrial:platform': {{{_NEEDED}}}}}")

    assert load_platform(file, today=date(2026, 11, 22)).environment == "dev"
    with pytest.raises(ConfigError):
        load_platform(file, today=date(2035, 1, 1))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[1, 2]", Fault("", "[1, 2]", "a mapping with the key config")),
        ("", Fault("", "nothing", "a mapping with the key config")),
        (
            "confg: {}",
            Fault("config", "(missing)", "the description of a platform", "there is confg: rename it to config"),
        ),
        ("config: 3", Fault("config", "3", "a mapping with the key seatrial:platform")),
        ("config: {}", Fault("config.seatrial:platform", "(missing)", "the description of a platform")),
        (
            "config: {'seatrial:platfrom': {}}",
            Fault(
                "config.seatrial:platform",
                "(missing)",
                "the description of a platform",
                "there is seatrial:platfrom: rename it to seatrial:platform",
            ),
        ),
        (
            "config: {'seatrial:platform': [1]}",
            Fault("seatrial:platform", "[1]", "a mapping: seatrial schema tells its keys"),
        ),
    ],
)
def test_without_a_description_there_is_one_fault(load: Load, tmp_path: Path, text: str, fault: Fault) -> None:
    file = str(tmp_path / "Pulumi.dev.yaml")

    assert load(text) == (Fault(fault.path or file, fault.found, fault.allowed, fault.hint),)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: [1", "line", "',' or ']'"),
        ("a:\n  b: *c", "line 2, column 6", "undefined alias"),
        ("a: 1\n---\nb: 2", "line 2, column 1", "a second document"),
        ("config: {x: &a 1, <<: *a}", "line 1", "expected a mapping"),
        ("a: 1\nb: !!python/name:os.system", "line 2, column 4", "could not determine a constructor"),
    ],
)
def test_a_fault_of_syntax_tells_its_line(load: Load, text: str, line: str, said: str) -> None:
    (fault,) = load(text)

    assert fault.path.startswith(line)
    assert said in fault.found
    assert fault.allowed == "YAML"


def test_a_tab_is_told_from_other_faults_of_syntax(load: Load) -> None:
    (fault,) = load("config:\n\tseatrial:platform: {}")

    assert (fault.path, fault.hint) == ("line 2, column 1", "indent with spaces: YAML takes no tabs there")


def test_characters_and_dates_that_yaml_refuses_are_faults(load: Load) -> None:
    (character,) = load("a: \x01")
    (day,) = load("a: 2026-13-45")

    assert character.allowed == day.allowed == "YAML"
    assert "characters are not allowed" in character.found
    assert "month must be in 1..12" in day.found


def test_a_value_that_holds_itself_is_a_fault(load: Load) -> None:
    (fault,) = load("config: {'seatrial:platform': &a {tags: *a}}")

    assert (fault.found, fault.allowed) == ("an alias inside its own anchor", "values that end")


def test_bytes_that_are_no_text_are_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_bytes(b"a: \xff")

    with pytest.raises(ConfigError) as caught:
        load_platform(file)

    (fault,) = caught.value.faults
    assert (fault.found, fault.allowed) == ("bytes that are no text: invalid start byte", "YAML in UTF-8")


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"

    with pytest.raises(ConfigError) as caught:
        load_platform(file)

    assert caught.value.source == str(file)
    assert caught.value.faults == (Fault(str(file), "No such file or directory", "a file that can be read"),)


def test_a_key_that_stands_twice_is_a_fault(load: Load) -> None:
    text = f"""\
config:
  seatrial:platform:
    {_NEEDED.replace(", ", chr(10) + "    ")}
    owner: other
    nodeGroups:
      a:
        taints:
          - {{key: a, value: b, effect: NO_EXECUTE, key: c}}
      b: {{}}
config2: 1
config2: 2
"""

    assert load(text) == (
        Fault("owner", "the key again, line 8, column 5", "each key once", "it is in line 5, column 5"),
        Fault(
            "nodeGroups.a.taints[0].key",
            "the key again, line 12, column 52",
            "each key once",
            "it is in line 12, column 14",
        ),
        Fault("config2", "the key again, line 15, column 1", "each key once", "it is in line 14, column 1"),
    )


def test_a_key_that_is_no_text_is_a_fault(load: Load) -> None:
    faults = load(f"config: {{'seatrial:platform': {{{_NEEDED}, tags: {{2: a, on: b}}}}}}")

    assert faults == (
        Fault("tags.2", "the key 2", "a key that is text", "quote it"),
        Fault("tags.True", "the key true", "a key that is text", "quote it"),
    )


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("owner: {secure: v1:abc}", "owner"),
        ("network: {cidrBlock: {secure: v1:abc}}", "network.cidrBlock"),
        ("network: {zones: [{secure: v1:abc}]}", "network.zones[0]"),
        ("tags: {secure: v1:abc}", "tags"),
        ("tags: {a: {secure: v1:abc}}", "tags.a"),
    ],
)
def test_an_encrypted_value_is_a_fault(load: Load, text: str, path: str) -> None:
    (fault,) = load(f"config: {{'seatrial:platform': {{{_NEEDED.replace('owner: team, ', '')}, {_owned(text)}}}}}")

    assert fault.path == path
    assert (fault.found, fault.allowed) == ("an encrypted value", "plain text")
    assert "holds no secrets" in fault.hint


def _owned(text: str) -> str:
    return text if text.startswith("owner") else f"owner: team, {text}"


def test_the_whole_description_can_not_be_encrypted(load: Load) -> None:
    first, *_ = load("config: {'seatrial:platform': {secure: v1:abc}}")

    assert (first.path, first.found) == ("seatrial:platform", "an encrypted value")


def test_faults_of_the_file_and_of_the_values_come_together(load: Load) -> None:
    faults = load(f"config: {{'seatrial:platform': {{{_NEEDED}, tags: {{1: a}}, region: x, network: {{nat: y}}}}}}")

    assert [fault.path for fault in faults] == ["tags.1", "region", "network.nat"]
