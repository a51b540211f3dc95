"""Kubeconfigs, whole and not."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from seatrial.rehearsal.kubernetes_api import kubeconfig as kubeconfigs
from seatrial.rehearsal.kubernetes_api.refusals import KubeconfigFault

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Kubeconfig


def test_text_and_what_it_says_are_the_same(kubeconfig: Kubeconfig) -> None:
    content = kubeconfig("https://one.test/", {"token": "abc"})

    found = kubeconfigs.read(yaml.safe_dump(content))

    assert found == kubeconfigs.read(content)
    assert (found.server, found.namespace, found.authority, found.user.token) == (
        "https://one.test",
        "default",
        b"",
        "abc",
    )


def test_current_context_counts(kubeconfig: Kubeconfig) -> None:
    content = kubeconfig("https://one.test")
    content["contexts"].append({"name": "there", "context": {"cluster": "two", "user": "me", "namespace": "dev"}})
    content["clusters"].append({"name": "two", "cluster": {"server": "https://two.test", "tls-server-name": "name"}})

    found = kubeconfigs.read({**content, "current-context": "there"})

    assert (found.server, found.namespace, found.server_name) == ("https://two.test", "dev", "name")


def test_files_are_read(kubeconfig: Kubeconfig, tmp_path: Path) -> None:
    for name in ("ca", "certificate", "key", "token"):
        (tmp_path / name).write_text(f"{name}\n")
    user = {
        "client-certificate": str(tmp_path / "certificate"),
        "client-key": str(tmp_path / "key"),
        "tokenFile": str(tmp_path / "token"),
    }

    found = kubeconfigs.read(kubeconfig("https://one.test", user, **{"certificate-authority": str(tmp_path / "ca")}))

    assert (found.authority, found.user.certificate, found.user.key) == (b"ca\n", b"certificate\n", b"key\n")
    assert found.user.token == "token"


def test_command_is_read(kubeconfig: Kubeconfig) -> None:
    user = {"exec": {"command": "aws", "args": ["eks"], "env": [{"name": "A", "value": "b"}], "apiVersion": "v1"}}

    [full, short] = [
        kubeconfigs.read(kubeconfig("https://one.test", it)).user.command for it in (user, {"exec": {"command": "aws"}})
    ]

    assert full == kubeconfigs.ExecCommand("aws", ("eks",), (("A", "b"),), "v1")
    assert short == kubeconfigs.ExecCommand("aws", (), (), "client.authentication.k8s.io/v1beta1")


def test_secrets_are_not_printed(kubeconfig: Kubeconfig) -> None:
    user = {"token": "hush", "client-key-data": base64.b64encode(b"hush").decode()}

    assert "hush" not in repr(kubeconfigs.read(kubeconfig("https://one.test", user)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"current-context": "nowhere"}, r"no entry 'nowhere' in contexts; there are: here"),
        ({"contexts": []}, r"no entry 'here' in contexts; there are: none"),
        ({"clusters": []}, r"no entry 'one' in clusters"),
        ({"users": None}, r"no entry 'me' in users"),
        ({"clusters": [{"name": "one", "cluster": {"server": None}}]}, r"has no server"),
        ({"users": [{"name": "me", "user": {"client-key-data": "?"}}]}, r"client-key-data isn't base64"),
        ({"users": [{"name": "me", "user": {"client-key": "/no/where"}}]}, r"client-key: /no/where: No such file"),
    ],
)
def test_what_is_missing_is_told(kubeconfig: Kubeconfig, change: dict[str, Any], said: str) -> None:
    with pytest.raises(KubeconfigFault, match=said):
        kubeconfigs.read({**kubeconfig("https://one.test"), **change})


@pytest.mark.parametrize("text", ["", "hush", "[hush]", "{hush: ["])
def test_what_is_no_kubeconfig_is_not_quoted(text: str) -> None:
    with pytest.raises(KubeconfigFault, match="found no YAML mapping") as fault:
        kubeconfigs.read(text)

    assert "hush" not in str(fault.value)
