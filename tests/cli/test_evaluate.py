"""``seatrial evaluate``: lines, exit codes, and what it says of bad input."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.cli import __main__

POD = """
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  hostPID: {host_pid}
  containers: [{{name: a}}]
"""

SHOP = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
spec: {template: {metadata: {labels: {app: agent}}, spec: {hostNetwork: true, containers: [{name: c}]}}}
"""

POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: into-web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]
"""


Run = Callable[..., tuple[int, list[str], str]]
"""Exit code, lines of stdout, stderr."""


@pytest.fixture(name="run")
def _run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object, stdin: str = "") -> tuple[int, list[str], str]:
        monkeypatch.setattr(sys, "argv", ["seatrial", "evaluate", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as caught:
            __main__.main()
        captured = capsys.readouterr()
        return int(caught.value.code or 0), captured.out.splitlines(), captured.err

    return run


@pytest.fixture(name="shop")
def _shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "policies").mkdir(parents=True)
    (folder / "workloads.yaml").write_text(SHOP)
    (folder / "policies" / "web.yml").write_text(POLICY)
    (folder / "notes.txt").write_text("no: [manifest")
    return folder


def test_a_violation_is_a_line_and_makes_the_exit_code_one(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / "good.yaml", tmp_path / "bad.yaml"]
    for file, host_pid in zip(files, ("false", "true"), strict=True):
        file.write_text(POD.format(name=file.stem, host_pid=host_pid))

    code, lines, _ = run("pod-security", "--level", "baseline", "--version", "1.35", *files)

    assert code == 1
    assert lines == [f"{files[1]}: Pod/default/bad: host namespaces (hostPID=true)"]


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        (POD.format(name="x", host_pid="false"), "no violations of baseline in 1 object with pods\n"),
        ("", "no violations of baseline in 0 objects with pods\n"),
    ],
)
def test_without_violations_it_says_what_was_judged(run: Run, stdin: str, said: str) -> None:
    assert run("pod-security", "--level", "baseline", "-", stdin=stdin) == (0, [], said)


def test_what_would_act_on_a_terminal_is_spelt_out(run: Run) -> None:
    pod = POD.format(name='"x\\e[2J\\nü"', host_pid="true")

    lines = run("pod-security", "--level", "baseline", "-", stdin=pod)[1]

    assert lines == [r"-: Pod/default/x\x1b[2J\nü: host namespaces (hostPID=true)"]


def test_manifests_are_in_files_in_folders_or_stdin(run: Run, shop: Path) -> None:
    everything = run("connections", shop)

    assert run("pod-security", "--level", "baseline", shop)[0] == 1
    assert run("connections", "-", stdin=f"{SHOP}---\n{POLICY}") == everything
    assert run("connections", shop / "workloads.yaml")[0] == 0
    assert "No such file" in run("connections", shop / "none")[2]


def test_stdin_is_a_file_called_dash(run: Run) -> None:
    code, lines, _ = run("pod-security", "-", "--level=baseline", stdin=POD.format(name="x", host_pid="true"))

    assert (code, lines) == (1, ["-: Pod/default/x: host namespaces (hostPID=true)"])


def test_all_faults_of_all_files_are_named_at_once_and_nothing_else(run: Run, tmp_path: Path) -> None:
    broken, binary, wrong = (tmp_path / name for name in ("broken.yaml", "binary.yaml", "wrong.yaml"))
    broken.write_text("a: [")
    binary.write_bytes(b"\xff\xfe\xff")
    wrong.write_text(POD.format(name="x", host_pid="maybe") + "---\n" + POD.format(name="y", host_pid="true"))

    code, lines, errors = run("pod-security", "--level", "baseline", broken, binary, wrong, tmp_path / "none.yaml")

    assert (code, lines) == (2, [])
    assert "ERROR: 4 faults in the manifests" in errors
    assert "not UTF-8" in errors
    assert "No such file" in errors
    assert f"{wrong}: Pod/x: spec.hostPID" in errors


@pytest.mark.parametrize("option", [("--level", "strict"), ("--version", "1.20")])
def test_an_unknown_level_or_version_is_a_usage_error(run: Run, option: tuple[str, str]) -> None:
    code, lines, errors = run("pod-security", *option, "-")

    assert (code, lines) == (2, [])
    assert errors.startswith("ERROR: no Pod Security")


WORLD = "0.0.0.0-255.255.255.255[External]"
AGENT, WEB = "shop/agent[DaemonSet]", "shop/web[Deployment]"


@pytest.mark.parametrize(
    ("options", "to_web"),
    [([], [f"{AGENT} => {WEB} : TCP 80"]), (["--host-network-as-nodes"], [])],
)
def test_connections_are_those_of_every_manifest_below_the_folder(
    run: Run, shop: Path, options: list[str], to_web: list[str]
) -> None:
    code, lines, _ = run("connections", shop, *options)

    assert code == 0
    assert lines == sorted(
        [
            f"{WORLD} => {AGENT} : All Connections",
            f"{AGENT} => {WORLD} : All Connections",
            f"{WEB} => {WORLD} : All Connections",
            f"{WEB} => {AGENT} : All Connections",
            *to_web,
        ]
    )


def test_a_folder_without_manifests_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    code, _, errors = run("connections", tmp_path)

    assert code == 2
    assert errors == f"ERROR: no manifests in {tmp_path}\nTIP: they end in .json, .yaml, .yml\n"


def test_wrong_manifests_end_connections_too(run: Run, shop: Path) -> None:
    (shop / "more.json").write_text("[]")

    code, lines, errors = run("connections", shop)

    assert (code, lines) == (2, [])
    assert "more.json: document 1" in errors


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (
            ("shop/agent", "shop/web", "80"),
            0,
            [
                f"{AGENT} => {WEB} : TCP 80: allowed",
                f"  egress of {AGENT}: allowed, no policy isolates it",
                f"  ingress of {WEB}: isolated by shop/into-web; allowed by shop/into-web",
            ],
        ),
        (
            ("1.1.1.1", "shop/web", "80/udp"),
            1,
            [
                f"1.1.1.1-1.1.1.1[External] => {WEB} : UDP 80: denied",
                "  egress of 1.1.1.1-1.1.1.1[External]: allowed, no policy isolates it",
                f"  ingress of {WEB}: isolated by shop/into-web; denied",
            ],
        ),
    ],
)
def test_explain_names_the_deciding_policies(
    run: Run, shop: Path, arguments: tuple[str, ...], code: int, expected: list[str]
) -> None:
    assert run("explain", shop, *arguments)[:2] == (code, expected)


def test_a_port_that_is_no_number_is_a_usage_error(run: Run, shop: Path) -> None:
    code, _, errors = run("explain", shop, "shop/agent", "shop/web", "http")

    assert (code, errors) == (2, "ERROR: no port 'http'\nTIP: write PORT or PORT/PROTO, such as 53/UDP\n")


def test_nothing_of_pulumi_or_the_sdks_is_loaded() -> None:
    script = (
        "import sys; from seatrial.cli import __main__\n"
        "sys.argv = ['seatrial', 'evaluate', 'pod-security', '-']\n"
        "try: __main__.main()\n"
        "except SystemExit: print(sorted({'pulumi', 'boto3', 'rich'} & {*sys.modules}))"
    )

    done = subprocess.run([sys.executable, "-c", script], input="", capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
