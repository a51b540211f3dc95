"""``seatrial rehearse`` and ``seatrial toolchain`` as a person types them; what they run is tested elsewhere."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seatrial import acceptance
from seatrial.acceptance import Report, Result, Status
from seatrial.cli import counts
from seatrial.cli.__main__ import main
from seatrial.cli.status import rows
from seatrial.rehearsal import deployment, operations, shell, toolchain
from seatrial.rehearsal import status as statuses
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.deployment import Deployed, Removed
from seatrial.rehearsal.events import Change
from seatrial.rehearsal.operations import Operation
from seatrial.rehearsal.operations import Result as Ended
from seatrial.rehearsal.state import StateFolder, folder_of
from seatrial.rehearsal.toolchain import ETCD, HELM, PULUMI, Located, Origin, Tool
from seatrial.rehearsal.toolchain.locate import Search


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: seatrial\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["seatrial", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def _answering(value: object) -> Callable[..., object]:
    def answer(*_: object, **__: object) -> object:
        return value

    return answer


def _deployed(
    changed: tuple[Change, ...] = (), drift: tuple[Change, ...] = (), charts: tuple[str, ...] = ()
) -> Deployed:
    operation = Operation(kind="up", result=Ended.SUCCEEDED, changes={"same": 70, "update": 1}, resources=71, seconds=9)
    return Deployed(operation=operation, changed=changed, drift=drift, charts_not_rendered=charts)


_RETENTION = Change("log (aws:cloudwatch/logGroup:LogGroup)", "update", ("retentionInDays",))


@pytest.mark.usefixtures("project")
def test_up_says_what_changed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(deployment, "up", _answering(_deployed(changed=(_RETENTION,), charts=("a 1 (out of reach)",))))

    assert _run(monkeypatch, "rehearse", "up") == 0

    assert capsys.readouterr().out.splitlines() == [
        "update log (aws:cloudwatch/logGroup:LogGroup): retentionInDays",
        "chart not installed, its values checked: a 1 (out of reach)",
        "dev is up: 1 updated, 70 unchanged",
        "71 resources, 9 s, outputs in ",
    ]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("drift", "line"),
    [((), "drift: none"), ((_RETENTION,), "drift: update log (aws:cloudwatch/logGroup:LogGroup): retentionInDays")],
    ids=["none", "some"],
)
def test_up_with_refresh_says_what_had_drifted(
    drift: tuple[Change, ...], line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deployment, "up", _answering(_deployed(drift=drift)))

    assert _run(monkeypatch, "rehearse", "up", "--refresh") == 0

    assert capsys.readouterr().out.splitlines()[0] == line


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("removed", "code", "lines"),
    [
        (None, 0, ["dev is down: there was nothing to do"]),
        (Removed(operation=None, leftovers=()), 0, ["dev is down: nothing had been deployed"]),
        (Removed(operation=Operation(kind="down", changes={"delete": 7}), leftovers=()), 0, ["dev is down: 7 deleted"]),
        (
            Removed(operation=Operation(kind="down", changes={"delete": 7}), leftovers=("vpc-1 (ec2 describe_vpcs)",)),
            1,
            ["left in the account: vpc-1 (ec2 describe_vpcs)", "dev is down: 7 deleted"],
        ),
        (
            Removed(
                operation=Operation(kind="down", changes={"delete": 7}), leftovers=(), swept=("volume vol-1 (a=b)",)
            ),
            1,
            [
                "left by the cluster, swept: volume vol-1 (a=b)",
                "dev is down: 7 deleted",
                "on AWS it stands in the way of `pulumi destroy` until `seatrial sweep --stack dev --delete`",
            ],
        ),
    ],
    ids=["nothing", "not deployed", "deployed", "leftovers", "swept"],
)
def test_down_says_what_it_removed_and_what_is_left(
    removed: Removed | None,
    code: int,
    lines: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(deployment, "down", _answering(removed))

    assert _run(monkeypatch, "rehearse", "down") == code

    assert capsys.readouterr().out.splitlines() == lines


@pytest.mark.parametrize(("status", "code"), [(Status.PASSED, 0), (Status.FAILED, 1)])
def test_a_failed_case_is_exit_code_1(
    status: Status, code: int, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read: list[Path] = []

    def run(outputs: Path) -> Report:
        read.append(outputs)
        return Report(outputs, (Result(min(acceptance.ROWS), "a case", status, ""),))

    monkeypatch.setattr(acceptance, "run", run)

    assert _run(monkeypatch, "rehearse", "test") == code

    assert "a case" in capsys.readouterr().out
    assert read == [project / "cfn-outputs" / "flat-outputs.json"]


def test_the_suite_reads_where_the_last_up_wrote(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state = folder_of(project, "dev")
    state.make()
    operations.save(state, Operation(kind="up", outputs=str(project / "elsewhere.json")))

    assert _run(monkeypatch, "rehearse", "test") == 2

    assert str(project / "elsewhere.json") in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_a_missing_outputs_file_is_told_with_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "rehearse", "test", "--outputs", "nowhere.json") == 2
    assert "nowhere.json" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_the_environment_of_nothing_is_a_fault_and_no_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "rehearse", "env") == 3

    out, err = capsys.readouterr()
    assert out == ""
    assert "no rehearsal of dev is running" in err


def test_the_environment_of_a_rehearsal_is_lines_for_a_shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], project: Path
) -> None:

    def exports(state: StateFolder, stack: str, *, who: str) -> list[str]:
        return [f"export IN={state.root.name}/{stack}/{who}"]

    monkeypatch.setattr(shell, "exports", exports)

    assert _run(monkeypatch, "rehearse", "env", "--as", "stranger", "--project", str(project)) == 0
    assert capsys.readouterr().out == "export IN=dev/dev/stranger\n"


@pytest.mark.usefixtures("project")
def test_the_status_of_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(monkeypatch, "rehearse", "status", "--stack", "dev") == 0
    assert capsys.readouterr().out.splitlines() == ["stack       dev", "account     not running", "engine      idle"]


def test_the_status_of_a_rehearsal_in_rows() -> None:
    last = Operation(kind="up", result=Ended.SUCCEEDED, seconds=32, changes={"create": 71}, resources=71, started=0)
    status = statuses.Status(
        account=Endpoint("https://127.0.0.1:2", 1, 0.0, "ca.pem", "us-east-2"),
        uptime=61,
        clusters=(),
        working="`x`",
        last=last,
    )

    told: dict[str, Any] = dict(rows(status, "dev"))

    assert told["account"] == "running at https://127.0.0.1:2, for 1 min 01 s"
    assert told["engine"] == "busy: `x`"
    assert told["last"].startswith("up succeeded, began ")
    assert told["last"].endswith(", took 32 s")
    assert (told["changes"], told["resources"], told["outputs"]) == ("71 created", "71", "none")


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ({}, "nothing changed"),
        ({"same": 3}, "nothing changed, 3 unchanged"),
        ({"create": 2, "delete": 1, "replace": 1, "same": 3}, "2 created, 1 replaced, 1 deleted, 3 unchanged"),
    ],
)
def test_counts_in_words(done: dict[str, int], words: str) -> None:
    assert counts.changes(done) == words


def test_a_change_of_no_known_property_is_told_without_any() -> None:
    assert counts.told(Change("vpc (aws:ec2/vpc:Vpc)", "delete", ())) == "delete vpc (aws:ec2/vpc:Vpc)"


def test_the_toolchain_that_is_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    located = Located(PULUMI, Path("/opt/pulumi"), "3.250.0", Origin.PATH)
    monkeypatch.setattr(toolchain, "TOOLS", (PULUMI,))
    monkeypatch.setattr(toolchain, "find", _answering(Search(located, ("/bin/pulumi is 2.0.0",))))

    assert _run(monkeypatch, "toolchain", "status") == 0

    out, err = capsys.readouterr()
    assert out == "pulumi 3.250.0 (PATH: /opt/pulumi)\n"
    assert err == "not used: /bin/pulumi is 2.0.0\n"


def test_the_toolchain_that_is_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(toolchain, "TOOLS", (PULUMI,))
    monkeypatch.setattr(toolchain, "find", _answering(Search(None, ())))

    assert _run(monkeypatch, "toolchain", "status") == 3
    assert capsys.readouterr().out == "pulumi: not there; `seatrial toolchain build` builds it\n"


def test_building_prints_every_tool_and_how_many_are_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def find(tool: Tool) -> Search:
        return Search(_located(tool) if tool is PULUMI else None, ())

    def provide(tool: Tool, _: object) -> Located:
        return _located(tool)

    monkeypatch.setattr(toolchain, "TOOLS", (PULUMI, ETCD, HELM))
    monkeypatch.setattr(toolchain, "find", find)
    monkeypatch.setattr(toolchain, "provide", provide)

    assert _run(monkeypatch, "toolchain", "build") == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [f"{name} 3.4.5 (built: /cache/{name})" for name in ("pulumi", "etcd", "helm")]
    assert err.splitlines() == ["to be built, 1 of 2: etcd", "to be built, 2 of 2: helm"]


def _located(tool: Tool) -> Located:
    return Located(tool, Path("/cache") / tool.name, "3.4.5", Origin.BUILT)


def test_a_wrong_description_names_every_fault(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "Pulumi.dev.yaml").write_text(json.dumps({"config": {"seatrial:platform": {"nett": 1}}}))

    assert _run(monkeypatch, "rehearse", "up") == 2

    told = capsys.readouterr().err
    assert "environmentSuffix" in told
    assert "nett" in told
