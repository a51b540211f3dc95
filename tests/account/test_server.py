"""The account as a process: ready, found, killed, restarted, stopped, and never twice."""

import asyncio
import datetime as dt
import json
import os
import shutil
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, SSLError

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.account import client, endpoint, server
from seatrial.rehearsal.account.__main__ import main
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.account.gaps import GAPS
from seatrial.rehearsal.control_plane import Tools

REGION = "us-east-2"


def aws(at: Endpoint, service: str, **parameters: Any) -> Any:
    settings = {"endpoint_url": at.url, "verify": at.ca, "config": Config(retries={"total_max_attempts": 1})}
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
    sdk: Any = boto3
    return sdk.client(service, **{**settings, **keys, **parameters})


def delayed(folder: Path, at: Endpoint, seconds: float, answers: list[str]) -> threading.Thread:
    """Make a call that takes so long; come back when the account has begun to answer it."""
    client.inject(folder, [{"service": "sts", "operation": "GetCallerIdentity", "kind": "delay", "seconds": seconds}])
    sts = aws(at, "sts")
    thread = threading.Thread(target=lambda: answers.append(sts.get_caller_identity()["Account"]))
    thread.start()
    while client.faults(folder)[0]["times"]:
        time.sleep(0.01)
    return thread


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("server") / "account"
    yield folder
    client.stop(folder)


@pytest.fixture
def running(folder: Path) -> Endpoint:
    return client.start(folder, REGION)


def test_a_started_account_is_found_and_started_once(folder: Path, running: Endpoint) -> None:
    assert client.start(folder, REGION) == client.find(folder) == running
    assert client.is_running(folder)
    assert running.url.startswith("https://127.0.0.1:")
    assert running.region == REGION


def test_it_listens_on_the_loopback_interface_and_nowhere_else(running: Endpoint) -> None:
    sockets = psutil.Process(running.pid).net_connections(kind="inet")
    listening = [it.laddr for it in sockets if it.status == psutil.CONN_LISTEN]

    assert [(it.ip, it.port) for it in listening] == [("127.0.0.1", int(running.url.rpartition(":")[2]))]


def test_everything_it_writes_is_its_owners(folder: Path, running: Endpoint) -> None:
    aws(running, "ec2").describe_vpcs()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    open_to_others = [it.name for it in folder.iterdir() if it.is_file() and stat.S_IMODE(it.stat().st_mode) & 0o077]
    assert [name for name in open_to_others if name not in {"server.lock", "output.log"}] == []


def test_its_certificate_is_verified(running: Endpoint) -> None:
    with pytest.raises(SSLError):
        aws(running, "sts", verify=True).get_caller_identity()
    local = running.url.replace("127.0.0.1", "localhost")

    assert aws(running, "sts").get_caller_identity()["Arn"] == "arn:aws:iam::000000000000:root"
    assert aws(running, "sts", endpoint_url=local).get_caller_identity()


def test_it_speaks_tls_1_2_or_newer(running: Endpoint) -> None:
    context = ssl.create_default_context(cafile=running.ca)
    address = ("127.0.0.1", int(running.url.rpartition(":")[2]))
    with (
        socket.create_connection(address) as connection,
        context.wrap_socket(connection, server_hostname="localhost") as secured,
    ):
        assert secured.version() in {"TLSv1.2", "TLSv1.3"}


def test_wrong_credentials_are_refused(running: Endpoint) -> None:
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        aws(running, "sts", aws_secret_access_key="wrong").get_caller_identity()


def test_an_acknowledged_change_survives_a_kill(folder: Path, running: Endpoint) -> None:
    vpc = aws(running, "ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    os.kill(running.pid, signal.SIGKILL)
    os.waitpid(running.pid, 0)
    gone = client.find(folder)
    again = client.start(folder, REGION)

    assert gone is None
    assert again.pid != running.pid
    assert (again.url, again.ca) == (running.url, running.ca)
    assert aws(again, "ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"]


def test_a_broken_connection_is_broken(folder: Path, running: Endpoint) -> None:
    rules = [{"service": "sts", "operation": "GetCallerIdentity", "kind": "reset"}]
    client.inject(folder, rules)

    with pytest.raises(ConnectionClosedError):
        aws(running, "sts").get_caller_identity()
    assert client.calls(folder)[-1]["fault"] == "reset"
    assert aws(running, "sts").get_caller_identity()


def test_calls_are_answered_side_by_side(folder: Path, running: Endpoint) -> None:
    slow = delayed(folder, running, 1.0, [])

    aws(running, "sts").get_caller_identity()

    assert slow.is_alive()
    slow.join()


def test_a_new_account_may_have_an_id_of_its_own_and_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What the caller has for a real account means nothing here.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    first = client.start(tmp_path, REGION, "111122223333")
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        aws(first, "sts", aws_access_key_id="AKIAREAL").get_caller_identity()
    told = aws(first, "sts").get_caller_identity()["Account"]
    client.stop(tmp_path)
    again = client.start(tmp_path, REGION)
    kept = aws(again, "sts").get_caller_identity()["Account"]
    client.stop(tmp_path)

    assert told == kept == "111122223333"


def test_a_second_server_of_the_folder_is_refused(folder: Path, running: Endpoint) -> None:
    command = [sys.executable, "-m", "seatrial.rehearsal.account", "--state-dir", str(folder), "--region", REGION]

    second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert second.returncode == 3
    assert f"an account is already served from {folder}" in second.stderr
    assert client.find(folder) == running


def test_a_stopped_account_is_gone_and_comes_back_at_the_same_address(folder: Path, running: Endpoint) -> None:
    group = aws(running, "logs").create_log_group(logGroupName="/kept")
    process = psutil.Process(running.pid)

    client.stop(folder)
    stopped = not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    client.stop(folder)
    again = client.start(folder, REGION)

    assert group
    assert stopped
    assert again.url == running.url
    assert aws(again, "logs").describe_log_groups()["logGroups"][0]["logGroupName"] == "/kept"


def test_a_call_that_runs_is_answered_before_the_account_ends(folder: Path, running: Endpoint) -> None:
    answers: list[str] = []
    slow = delayed(folder, running, 0.5, answers)

    client.stop(folder)
    slow.join()

    assert answers == ["000000000000"]
    assert "Traceback" not in (folder / "server.log").read_text()


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        (tmp_path / "port").write_text(str(other.getsockname()[1]))

        with pytest.raises(EnvironmentFault, match=r"port \d+ of 127.0.0.1 can't be used"):
            client.start(tmp_path, REGION)


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        code = main(["--state-dir", str(tmp_path), "--region", REGION, "--port", port])

    assert code == 3
    assert "can't be used" in capsys.readouterr().err


def test_the_command_serves_until_it_is_told_to_quit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[server.Settings] = []
    monkeypatch.setattr(server, "run", served.append)

    code = main(["--state-dir", str(tmp_path), "--region", REGION, "--delay", "0.5", "--account", "111122223333"])

    assert code == 0
    assert served == [server.Settings(tmp_path, REGION, 0, 0.5, "111122223333")]


def test_without_a_free_port_nothing_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(port: int) -> socket.socket:
        raise EnvironmentFault(f"port {port}")

    monkeypatch.setattr(server, "_bound", taken)

    with pytest.raises(EnvironmentFault, match="no free port found"):
        server.run(server.Settings(tmp_path, REGION))


def test_a_server_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PATIENCE", 0.2)

    def never(_folder: Path) -> None:
        return None

    monkeypatch.setattr(client, "find", never)

    with pytest.raises(EnvironmentFault, match="did not start: no answer"):
        client.start(tmp_path, REGION)


def test_a_reused_process_number_is_not_the_server(tmp_path: Path) -> None:
    other = Endpoint("https://127.0.0.1:1", os.getpid(), 1.0, str(tmp_path / "ca.pem"), REGION)
    endpoint.write(tmp_path, other)

    assert client.find(tmp_path) is None
    client.stop(tmp_path)
    assert endpoint.read(tmp_path) is None


def _ends(number: int, patience: float = 10.0) -> bool:
    """Whether a process, here a child of this one, comes to its end by itself."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if os.waitpid(number, os.WNOHANG)[0]:
            return True
        time.sleep(0.05)
    return False


def test_the_account_of_a_folder_that_was_deleted_ends(tmp_path: Path) -> None:
    started = client.start(tmp_path / "account", REGION)

    shutil.rmtree(tmp_path / "account")

    assert _ends(started.pid)
    assert not (tmp_path / "account").exists()


def test_a_folder_that_was_moved_is_served_from_where_it_is(tmp_path: Path) -> None:
    before = client.start(tmp_path / "here", REGION)
    vpc = aws(before, "ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    (tmp_path / "here").rename(tmp_path / "there")

    found = client.find(tmp_path / "there")
    after = client.start(tmp_path / "there", REGION)
    networks = aws(after, "ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"]
    client.stop(tmp_path / "there")

    assert found is None
    assert (after.url, Path(after.ca).parent) == (before.url, tmp_path / "there")
    assert len(networks) == 1


def test_an_account_that_cannot_keep_a_change_ends_and_says_why(folder: Path, running: Endpoint) -> None:
    with closing(sqlite3.connect(folder / "account.db")) as database:
        database.execute("DROP TABLE states")

    with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
        aws(running, "ec2").create_vpc(CidrBlock="10.0.0.0/16")

    assert _ends(running.pid)
    assert client.last_words(folder) == f"{folder / 'account.db'} can't be written: no such table: states"


def test_a_damaged_account_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "account.db").write_text("nothing of the kind " * 100)

    with pytest.raises(EnvironmentFault, match=r"account\.db can't be read: file is not a database$") as fault:
        client.start(tmp_path, REGION)

    assert "delete the stack's folder" in fault.value.tip


def test_a_damaged_port_is_told(tmp_path: Path) -> None:
    (tmp_path / "port").write_bytes(bytes(5))

    with pytest.raises(EnvironmentFault, match="port is damaged: it holds no port's number"):
        server.run(server.Settings(tmp_path, REGION))


def test_a_damaged_record_of_the_endpoint_is_none(tmp_path: Path) -> None:
    (tmp_path / endpoint.FILE).write_text("{")

    assert endpoint.read(tmp_path) is None
    assert client.last_words(tmp_path) == ""


def test_a_folder_without_an_account_answers_nothing(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="no account is served from"):
        client.calls(tmp_path)


STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""


def test_a_server_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PATIENCE", 0.2)
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        created = psutil.Process(process.pid).create_time()
        endpoint.write(tmp_path, Endpoint("https://127.0.0.1:1", process.pid, created, "ca.pem", REGION))

        client.stop(tmp_path)

    assert process.returncode == -signal.SIGKILL
    assert endpoint.read(tmp_path) is None


def test_what_is_emulated_is_said_for_every_service() -> None:
    named = {
        "account",
        "iam",
        "ec2",
        "eks",
        "eks-auth",
        "elasticloadbalancing",
        "kms",
        "logs",
        "autoscaling",
        "sts",
        "s3",
    }
    assert named == set(GAPS)
    assert all(emulation.by and emulation.differs for emulation in GAPS.values())


def test_the_record_of_an_endpoint_is_json(folder: Path, running: Endpoint) -> None:
    document = json.loads((folder / "endpoint.json").read_bytes())

    assert document["pid"] == running.pid
    assert dt.datetime.fromtimestamp(document["created"], dt.UTC) <= dt.datetime.now(dt.UTC)


def nowhere(path: Path) -> Tools:
    """Name executables that aren't there."""
    names = ("etcd", "kube_apiserver", "kube_controller_manager", "kube_scheduler", "kwok")
    return Tools(version="1.36.2", **{name: path / name for name in names})


def test_with_tools_a_cluster_is_as_good_as_its_control_plane(tmp_path: Path) -> None:
    folder = tmp_path / "account"
    at = client.start(folder, REGION, tools=nowhere(tmp_path))
    try:
        ec2, eks, iam = (aws(at, service) for service in ("ec2", "eks", "iam"))
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
            for number, zone in enumerate("ab")
        ]
        service = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Statement": [service]})
        role = iam.create_role(RoleName="cluster", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        iam.attach_role_policy(RoleName="cluster", PolicyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
        ids = [subnet["Subnet"]["SubnetId"] for subnet in subnets]
        eks.create_cluster(name="it", roleArn=role, resourcesVpcConfig={"subnetIds": ids})
        deadline = time.monotonic() + 30
        while (cluster := eks.describe_cluster(name="it")["cluster"])["status"] == "CREATING":
            assert time.monotonic() < deadline
            time.sleep(0.05)

        assert cluster["status"] == "FAILED"
        assert "the control plane did not start" in cluster["health"]["issues"][0]["message"]
        assert client.clusters(folder)[0]["phase"] == "failed"
    finally:
        client.stop(folder)
    assert not client.is_running(folder)


def test_tools_that_are_not_named_keep_it_from_starting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--state-dir", str(tmp_path / "account"), "--region", REGION]

    assert main([*options, "--kubernetes-tools", str(tmp_path / "tools.json")]) == 3
    assert "does not name the executables of Kubernetes" in capsys.readouterr().err


@pytest.mark.parametrize(("looks", "patience"), [(3, 60.0), (10**9, 0.2)])
def test_it_is_ready_when_its_clusters_are_or_have_had_their_time(
    monkeypatch: pytest.MonkeyPatch, looks: int, patience: float
) -> None:
    left = iter(range(looks, 0, -1))

    def starting(_eks: Service) -> bool:
        return next(left, 0) > 1

    monkeypatch.setattr(server, "RESUMPTION", patience)
    monkeypatch.setattr("seatrial.rehearsal.account.eks.hosts.are_starting", starting)

    asyncio.run(server.resumed(Service()))
