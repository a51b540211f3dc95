"""A project's own program: what it adds to the platform is planned, its faults are told as its own."""

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial import entry_point, plan
from seatrial.config import load_platform, stack_file
from seatrial.entry_point import ProgramFailed
from seatrial.errors import UsageError
from seatrial.plan import Plan, Secret
from seatrial.project import find_project

PLATFORM = {
    "environment": "staging",
    "environmentSuffix": "stg",
    "owner": "platform-team",
    "costCenter": "engineering",
    "kubernetes": {"enabled": False},
}


class Folder:
    """A project folder with a stack and a program."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("Pulumi.yaml", "name: shop\nruntime: python\n")
        self.configure()

    def write(self, name: str, text: str) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
        return file

    def configure(self, **settings: Any) -> None:
        self.write("Pulumi.stg.yaml", yaml.safe_dump({"config": {"seatrial:platform": PLATFORM, **settings}}))

    def plan(self) -> Plan:
        project = find_project(self.path)
        return plan.of_project(project, "stg", load_platform(project.stack_file("stg")))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def names(planned: Plan) -> set[str]:
    return {resource.name for resource in planned}


ADDS = """
    import pulumi
    import pulumi_aws as aws
    from seatrial.program import run

    run()
    config = pulumi.Config()
    provider = aws.Provider("own", region="us-east-2")
    key = aws.kms.Key("own-key", description=config.require("purpose"), tags={"hidden": config.get_secret("word")},
                      opts=pulumi.ResourceOptions(provider=provider))
    pulumi.export("ownKey", key.arn)
    pulumi.export("size", config.require_int("size"))
    pulumi.export("parts", config.require_object("parts"))
    pulumi.export("flag", config.require_bool("flag"))
"""


def test_what_a_program_adds_is_planned_with_the_platform(folder: Folder) -> None:
    folder.write("__main__.py", ADDS)
    folder.configure(purpose="shop", size=3, flag=True, parts={"a": [1, {"secure": "v1:x"}]}, word={"secure": "v1:y"})

    planned = folder.plan()

    assert {"own-key", "eks-cluster-stg"} <= names(planned)
    (key,) = [resource for resource in planned if resource.name == "own-key"]
    assert key.inputs["description"] == "shop"
    tags: Any = key.inputs["tags"]
    assert isinstance(tags if isinstance(tags, Secret) else tags["hidden"], Secret)
    assert str(planned.outputs["ownKey"]).startswith("arn:aws:kms:us-east-2:")
    assert (planned.outputs["size"], planned.outputs["flag"]) == (3, True)
    assert isinstance(planned.outputs["parts"], Secret | dict) or planned.outputs["parts"]


def test_the_shipped_program_is_the_platform(folder: Folder) -> None:
    folder.write("__main__.py", (Path(__file__).parents[2] / "__main__.py").read_text())
    shipped = folder.plan()
    (folder.path / "__main__.py").unlink()

    alone = folder.plan()

    assert (shipped.resources, dict(shipped.outputs)) == (alone.resources, dict(alone.outputs))


def test_a_program_finds_its_own_modules_and_files_and_prints_beside_the_result(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write("Pulumi.yaml", "name: shop\nruntime: python\nmain: deploy\n")
    folder.write("deploy/beside_it.py", "from pathlib import Path\nNAME = Path('name.txt').read_text()\n")
    folder.write("deploy/name.txt", "found")
    folder.write(
        "deploy/__main__.py", "import beside_it, pulumi\nprint('hello')\npulumi.export('it', beside_it.NAME)\n"
    )
    before = Path.cwd()

    planned = folder.plan()

    assert planned.outputs["it"] == "found"
    assert capsys.readouterr() == ("", "hello\n")
    assert Path.cwd() == before


@pytest.mark.parametrize("main", ["deploy", "deploy/it.py"])
def test_a_program_that_is_named_and_not_there_is_a_fault(folder: Folder, main: str) -> None:
    folder.write("Pulumi.yaml", f"name: shop\nruntime: python\nmain: {main}\n")

    with pytest.raises(UsageError, match=rf"main: found {main}, and there is no .*/deploy"):
        find_project(folder.path)


def test_a_program_may_be_a_file_of_any_name(folder: Folder) -> None:
    folder.write("Pulumi.yaml", "name: shop\nruntime: python\nmain: it.py\n")
    folder.write("it.py", "import pulumi\npulumi.export('it', '1')\n")

    assert dict(folder.plan().outputs) == {"it": "1"}


@pytest.mark.parametrize(
    ("program", "line", "text"),
    [
        ("import pulumi\nx = 1\nraise ValueError('odd')\n", 3, "ValueError: odd"),
        ("import nothing_like_it\n", 1, "ModuleNotFoundError: No module named 'nothing_like_it'"),
        ("x = (\n", 1, "SyntaxError: '(' was never closed"),
        (
            "import pulumi\npulumi.Output.from_input(1).apply(lambda value: value.nothing)\n",
            2,
            "AttributeError: 'int' object has no attribute 'nothing'",
        ),
    ],
    ids=["raises", "imports", "is no Python", "raises later"],
)
def test_a_fault_of_the_program_is_told_with_its_place(folder: Folder, program: str, line: int, text: str) -> None:
    file = folder.write("__main__.py", program)

    with pytest.raises(ProgramFailed) as raised:
        folder.plan()

    assert str(raised.value).startswith(f"{file}:{line}: {text}")
    assert raised.value.exit_code == 2


def test_a_program_that_ends_itself_says_how(folder: Folder) -> None:
    file = folder.write("__main__.py", "import sys\nsys.exit(3)\n")

    with pytest.raises(ProgramFailed, match=f"{file} ended with exit code 3"):
        folder.plan()


def test_a_program_may_end_well_before_its_end(folder: Folder) -> None:
    folder.write("__main__.py", "import pulumi, sys\npulumi.export('it', '1')\nsys.exit(0)\n")

    assert dict(folder.plan().outputs) == {"it": "1"}


def test_what_only_seatrial_is_to_blame_for_stays_as_it_is(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder.write("__main__.py", "")

    def broken(*_: object, **__: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr(entry_point, "run", broken)
    with pytest.raises(KeyError), entry_point.reported(file):
        broken()


def test_settings_are_as_the_engine_hands_them_to_a_program(folder: Folder) -> None:
    folder.configure(text="a", number=1, yes=True, none=None, **{"aws:region": "eu-west-1", "token": {"secure": "x"}})

    settings, secret = stack_file.settings(folder.path / "Pulumi.stg.yaml", "shop")

    assert {key: value for key, value in settings.items() if key != "seatrial:platform"} == {
        "shop:text": "a",
        "shop:number": "1",
        "shop:yes": "true",
        "shop:none": "null",
        "aws:region": "eu-west-1",
        "shop:token": "a secret that a plan can't read",
    }
    assert secret == ["shop:token"]


@pytest.mark.parametrize("text", ["", "config: 3\n", "[]\n"])
def test_a_file_without_settings_has_none(folder: Folder, text: str) -> None:
    file = folder.write("Pulumi.stg.yaml", text)

    assert stack_file.settings(file, "shop") == ({}, [])
