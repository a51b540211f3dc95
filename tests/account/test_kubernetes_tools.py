"""The executables of Kubernetes, as an account is told of them."""

import stat
from pathlib import Path

import pytest

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.account import kubernetes_tools
from seatrial.rehearsal.control_plane import Tools

TOOLS = Tools(
    etcd=Path("/bin/etcd"),
    kube_apiserver=Path("/bin/kube-apiserver"),
    kube_controller_manager=Path("/bin/kube-controller-manager"),
    kube_scheduler=Path("/bin/kube-scheduler"),
    kwok=Path("/bin/kwok"),
    version="1.36.2",
)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = kubernetes_tools.write(tmp_path, TOOLS)

    assert kubernetes_tools.read(path) == TOOLS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": "1", "other": "/x"}', '{"version": "1", "etcd": 1}'])
def test_a_file_that_does_not_name_them_all_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "tools.json"
    path.write_text(content)

    with pytest.raises(EnvironmentFault, match="does not name the executables of Kubernetes"):
        kubernetes_tools.read(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"tools\.json"):
        kubernetes_tools.read(tmp_path / "tools.json")
