"""``seatrial export``: files and stdout, previews and stand-ins; the shipped stack in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from seatrial import plan
from seatrial.cli import __main__
from seatrial.plan import Plan, Resource, lazy_sdk

STACK = """
config:
  seatrial:platform:
    environment: dev
    environmentSuffix: dev
    owner: team
    costCenter: cc
    kubernetes:
      enabled: false
"""

Run = Callable[..., tuple[int, str]]
"""Exit code, stdout."""

VPC = Resource(urn="urn:vpc", type="aws:ec2/vpc:Vpc", name="vpc", custom=True)
NAMESPACE = Resource(
    urn="urn:ns", type="kubernetes:core/v1:Namespace", name="shop", custom=True, inputs={"metadata": {"name": "shop"}}
)


@pytest.fixture(name="run")
def _run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    monkeypatch.setattr(lazy_sdk, "install", lambda: None)
    monkeypatch.chdir(tmp_path)

    def planned(*_: object, preview: bool, **_options: object) -> Plan:
        return Plan(project="shop", stack="dev", resources=(VPC, NAMESPACE), outputs={"preview": preview})

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(plan, "of_platform", planned)
        monkeypatch.setattr(sys, "argv", ["seatrial", "export", *arguments])
        with pytest.raises(SystemExit) as caught:
            __main__.main()
        return int(caught.value.code or 0), capsys.readouterr().out

    return run


def test_manifests_go_to_stdout_or_into_a_file(run: Run, tmp_path: Path) -> None:
    code, out = run("manifests")

    assert (code, [each["kind"] for each in yaml.safe_load_all(out)]) == (0, ["Namespace"])
    assert run("manifests", "--output", "m.yaml") == (0, "")
    assert (tmp_path / "m.yaml").read_text() == out


@pytest.mark.parametrize(("options", "is_preview"), [((), True), (("--resolved",), False)])
def test_a_plan_of_terraform_is_a_preview_unless_it_is_to_be_resolved(
    run: Run, options: tuple[str, ...], is_preview: bool
) -> None:
    code, out = run("tfplan", *options)

    written = json.loads(out)
    assert code == 0
    assert written["planned_values"]["outputs"]["preview"]["value"] is is_preview
    assert [each["address"] for each in written["resource_changes"]] == ["aws_vpc.vpc"]


def test_a_file_that_cant_be_written_is_a_usage_error(run: Run) -> None:
    assert run("tfplan", "--output", "absent/file.json") == (2, "")


def test_the_shipped_stack_is_exported_in_a_process_of_its_own() -> None:
    root = Path(__file__).parents[2]
    for name, first in (("manifests", "# What dev puts"), ("tfplan", '{\n  "format_version"')):
        command = [sys.executable, "-m", "seatrial.cli", "export", name, "--project", str(root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(first)
