"""Ports that are remembered."""

from pathlib import Path

import pytest

from seatrial.errors import EnvironmentFault
from seatrial.rehearsal.control_plane import ports


def test_ports_are_chosen_once(tmp_path: Path) -> None:
    chosen = ports.remembered(tmp_path / "ports.json")

    assert ports.remembered(tmp_path / "ports.json") == chosen


@pytest.mark.parametrize("content", ["", "{", "{}", "7"])
def test_a_damaged_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "ports.json").write_text(content)

    with pytest.raises(EnvironmentFault, match=r"ports\.json is damaged: "):
        ports.remembered(tmp_path / "ports.json")
