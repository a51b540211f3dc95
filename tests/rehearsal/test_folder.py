"""What a rehearsal keeps on disk."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from seatrial.errors import EnvironmentFault, UsageError
from seatrial.project import find_project
from seatrial.rehearsal import (
    credentials,
    documents,
    environment,
    locks,
    operations,
    outputs,
    principals,
    shell,
    status,
)
from seatrial.rehearsal import state as states
from seatrial.rehearsal.operations import Operation, Result
from seatrial.rehearsal.state import folder_of


@pytest.fixture
def state(tmp_path: Path) -> states.StateFolder:
    folder = folder_of(tmp_path, "dev")
    folder.make()
    return folder


def test_everything_is_readable_by_its_owner_only(state: states.StateFolder) -> None:
    assert state.root.stat().st_mode & 0o777 == 0o700
    assert state.passphrase.stat().st_mode & 0o777 == 0o600


def test_nobody_else_enters_what_lies_around_it_either(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder_of(tmp_path / "new", "dev").make()
        outputs.write(tmp_path / "cfn-outputs" / "flat-outputs.json", {}, folder_of(tmp_path / "new", "dev"))
    finally:
        os.umask(before)

    open_to_others = [path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077]
    assert open_to_others == []


def test_a_folder_that_is_there_keeps_its_mode_when_outputs_are_written(
    state: states.StateFolder, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)

    outputs.write(tmp_path / "outputs.json", {}, state)

    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_the_passphrase_stays_the_same(state: states.StateFolder) -> None:
    before = state.passphrase.read_text()

    state.make()

    assert state.passphrase.read_text() == before
    assert len(before) > 30


def test_version_control_ignores_it(state: states.StateFolder, tmp_path: Path) -> None:
    assert (tmp_path / ".seatrial" / ".gitignore").read_text() == "*\n"
    state.remove()
    assert not (tmp_path / ".seatrial").exists()


def test_removing_one_stack_leaves_another(state: states.StateFolder, tmp_path: Path) -> None:
    other = folder_of(tmp_path, "prod")
    other.make()

    state.remove()

    assert not state.exists()
    assert other.exists()
    assert (tmp_path / ".seatrial" / ".gitignore").exists()


def test_what_somebody_else_put_there_stays(state: states.StateFolder, tmp_path: Path) -> None:
    (tmp_path / ".seatrial" / "notes").touch()

    state.remove()

    assert (tmp_path / ".seatrial" / "notes").exists()


def test_the_record_of_the_last_operation_outlasts_a_removal_that_is_cut_off(
    state: states.StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations.save(state, Operation(kind="discard"))
    (state.root / "link").symlink_to(state.root)
    unlink = Path.unlink

    def cut_off(path: Path, *, missing_ok: bool = False) -> None:
        if path == state.operation:
            raise KeyboardInterrupt
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", cut_off)
    with pytest.raises(KeyboardInterrupt):
        state.remove()

    assert list(state.root.iterdir()) == [state.operation]


def test_what_a_waiting_command_begins_anew_stays(state: states.StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = Path.unlink

    def begin_anew(path: Path, *, missing_ok: bool = False) -> None:
        unlink(path, missing_ok=missing_ok)
        if path == state.lock:
            path.touch()

    monkeypatch.setattr(Path, "unlink", begin_anew)
    state.remove()

    assert state.lock.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"result": "odd", "uncertain": []}', '{"result": 1}'])
def test_a_damaged_record_is_told_with_what_to_do(state: states.StateFolder, content: str) -> None:
    state.operation.write_text(content)

    with pytest.raises(EnvironmentFault, match=r"operation\.json is damaged: ") as fault:
        operations.last(state)

    assert "delete the stack's folder" in fault.value.tip


def test_a_folder_is_emptied_and_stays(state: states.StateFolder) -> None:
    (state.provider / "token").touch()

    states.empty(state.provider)

    assert list(state.provider.iterdir()) == []


def test_the_engine_gets_the_stack_file_word_for_word(workshop: Any) -> None:
    text = "# a comment\nconfig:\n  seatrial:platform: {flag: yes, version: '1.36'}"
    (workshop.folder / "Pulumi.dev.yaml").write_text(text)
    state = workshop.state()
    state.make()

    documents.copy(find_project(workshop.folder), "dev", state)

    assert documents.copied(state, "dev").read_text() == f"{text}\n"
    assert (state.work / "Pulumi.yaml").read_bytes() == (workshop.folder / "Pulumi.yaml").read_bytes()


def test_secrets_are_encrypted_with_the_rehearsals_own_key(workshop: Any) -> None:
    theirs = "secretsprovider: awskms://alias/ours\nencryptedkey: abc\nencryptionsalt: v1:theirs\nconfig: {}\n"
    (workshop.folder / "Pulumi.dev.yaml").write_text(theirs)
    state = workshop.state()
    state.make()
    documents.copied(state, "dev").write_text("config: {a: 1}\nencryptionsalt: v1:own\n")

    documents.copy(find_project(workshop.folder), "dev", state)

    assert documents.copied(state, "dev").read_text() == "config: {}\nencryptionsalt: v1:own\n"


def test_an_operation_is_read_as_it_was_kept(state: states.StateFolder) -> None:
    kept = Operation(kind="up", result=Result.FAILED, changes={"create": 3}, resources=3, uncertain=("urn:a", "urn:b"))

    operations.save(state, kept)

    assert operations.last(state) == kept


def test_before_the_first_operation_there_is_none(state: states.StateFolder) -> None:
    assert operations.last(state) is None


def test_outputs_beside_other_files_leave_their_folder(state: states.StateFolder, tmp_path: Path) -> None:
    path = tmp_path / "cfn-outputs" / "flat-outputs.json"
    outputs.write(path, {"b": "text", "a": {"x": 1}}, state)
    (path.parent / "other").touch()

    assert json.loads(path.read_text()) == {"a": '{"x": 1}', "b": "text"}
    outputs.remove(path, state)

    assert [found.name for found in path.parent.iterdir()] == ["other"]


def test_loopback_needs_no_proxy(account: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = account.start(tmp_path, "us-east-2")
    key = credentials.AccessKey("AKIA", "secret")
    monkeypatch.setenv("NO_PROXY", "example.com")

    monkeypatch.setenv("no_proxy", "other.org,localhost")
    variables = environment.aws_variables(endpoint, key)

    assert variables["NO_PROXY"] == variables["no_proxy"] == "example.com,other.org,localhost,127.0.0.1"


def test_the_users_own_settings_are_hidden_and_back_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "theirs")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "theirs")
    monkeypatch.setenv("no_proxy", "example.com")
    before = dict(os.environ)

    with environment.isolated():
        during = dict(os.environ)

    assert not {"AWS_PROFILE", "PULUMI_ACCESS_TOKEN"} & set(during)
    assert during["AWS_CONFIG_FILE"] == during["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert during["no_proxy"] == during["NO_PROXY"] == "example.com,127.0.0.1,localhost"
    assert dict(os.environ) == before


def test_temporary_files_lie_in_the_state_folder(state: states.StateFolder) -> None:
    with environment.temporary(state.temporary), tempfile.TemporaryDirectory() as made:
        assert Path(made).parent == state.temporary
    with tempfile.TemporaryDirectory() as made:
        assert Path(made).parent != state.temporary


_DESCRIPTION = """
config:
  seatrial:platform:
    {environment: dev, environmentSuffix: dev, owner: team, costCenter: cc, kubernetes: {enabled: false}}
"""


@pytest.fixture
def up(account: Any, state: states.StateFolder) -> states.StateFolder:
    """A rehearsal of which the files are there."""
    account.start(state.account, "us-east-2")
    states.write_json(state.credentials, {"id": "AKIA", "secret": "a b'c"})
    documents.copied(state, "dev").write_text(_DESCRIPTION)
    return state


def test_the_exports_are_safe_for_a_shell(up: states.StateFolder) -> None:
    lines = shell.exports(up, "dev")

    assert lines[:2] == ["unset AWS_PROFILE", "unset AWS_SESSION_TOKEN"]
    assert "export AWS_SECRET_ACCESS_KEY='a b'\"'\"'c'" in lines
    assert "export AWS_ENDPOINT_URL=https://127.0.0.1:20000" in lines
    assert f"export KUBECONFIG={up.kubeconfig}" in lines


def test_settings_of_the_users_own_accounts_are_unset(up: states.StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_PROFILE", "theirs")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")

    lines = shell.exports(up, "dev")

    assert [line for line in lines if line.startswith("unset")] == [
        "unset AWS_DEFAULT_PROFILE",
        "unset AWS_ENDPOINT_URL_S3",
        "unset AWS_PROFILE",
        "unset AWS_SESSION_TOKEN",
    ]
    assert "export AWS_REGION=us-east-2" in lines


def test_root_and_the_deployer_are_for_who_asks(up: states.StateFolder) -> None:
    assert "export AWS_ACCESS_KEY_ID=test" in shell.exports(up, "dev", who="root")
    assert "export AWS_ACCESS_KEY_ID=AKIA" in shell.exports(up, "dev", who="deployer")


def test_the_tools_are_found(up: states.StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shell.exports(up, "dev")

    assert lines[-1] == f'export PATH={up.tools}:"$PATH"'
    monkeypatch.setenv("PATH", f"{up.tools}:/bin")
    assert lines[-1] not in shell.exports(up, "dev")


def test_somebody_of_the_description_gets_a_key_of_their_own(
    up: states.StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(*_: object) -> dict[str, str]:
        return {"dev": "arn:aws:iam::000000000000:role/team", "stranger": "arn:aws:iam::000000000000:role/s"}

    def key(_: object, arn: str) -> credentials.AccessKey:
        return credentials.AccessKey("ASIA", "s", f"session of {arn}")

    monkeypatch.setattr(principals, "named", named)
    monkeypatch.setattr(principals, "key", key)

    lines = shell.exports(up, "dev", who="dev")

    assert "export AWS_SESSION_TOKEN='session of arn:aws:iam::000000000000:role/team'" in lines
    with pytest.raises(UsageError, match="nobody in the rehearsal of dev is called 'alice'") as fault:
        shell.exports(up, "dev", who="alice")
    assert "deployer, dev, root, stranger" in str(fault.value)


def test_a_user_who_deploys_is_the_deployer(up: states.StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = "arn:aws:iam::000000000000:user/alice"
    description = _DESCRIPTION.replace("kubernetes: {enabled: false}", f"cluster: {{admins: {{alice: '{alice}'}}}}")
    documents.copied(up, "dev").write_text(description)

    def named(*_: object) -> dict[str, str]:
        return {"alice": alice}

    monkeypatch.setattr(principals, "named", named)

    assert shell.exports(up, "dev") == shell.exports(up, "dev", who="deployer")


@pytest.mark.parametrize("has_folder", [True, False], ids=["stopped", "never started"])
def test_without_a_running_account_there_is_nothing_to_export(tmp_path: Path, has_folder: bool) -> None:
    state = folder_of(tmp_path, "dev")
    if has_folder:
        state.account.mkdir(parents=True)

    with pytest.raises(EnvironmentFault, match="no rehearsal of dev is running") as fault:
        shell.exports(state, "dev")

    assert fault.value.tip == "start it with `seatrial rehearse up --stack dev`"


def test_the_status_of_nothing(tmp_path: Path) -> None:
    found = status.of(folder_of(tmp_path, "dev"))

    assert found == status.Status(account=None, uptime=0.0, clusters=(), working="", last=None)


def test_the_status_of_a_stack_that_a_command_works_on(account: Any, state: states.StateFolder) -> None:
    account.start(state.account, "us-east-2")
    operations.save(state, Operation(kind="up"))

    with locks.exclusive(state.lock, "seatrial rehearse up --stack dev"):
        found = status.of(state)

    assert found.account == account.endpoint
    assert found.uptime > 0
    assert [(cluster.name, cluster.phase, cluster.nodes) for cluster in found.clusters] == [
        ("eks-cluster-dev", "none", 0)
    ]
    assert "seatrial rehearse up --stack dev" in found.working
    assert found.last is not None
    assert found.last.result is Result.RUNNING


def test_an_operation_that_nobody_works_on_was_interrupted(state: states.StateFolder) -> None:
    operations.save(state, Operation(kind="up"))

    found = status.of(state)

    assert found.last is not None
    assert found.last.result is Result.INTERRUPTED
