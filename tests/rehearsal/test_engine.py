"""An engine that can't even begin."""

from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import pytest
from pulumi import automation

from seatrial.errors import DeploymentFailed
from seatrial.rehearsal import toolchain
from seatrial.rehearsal.engine import Engine
from seatrial.rehearsal.toolchain.locate import Located, Origin


@pytest.mark.parametrize(("code", "how"), [(-9, "by signal 9"), (2, "with exit code 2")])
def test_how_it_ended_before_it_began_is_told(
    workshop: Any, monkeypatch: pytest.MonkeyPatch, code: int, how: str
) -> None:
    def ends(**_: object) -> None:
        raise CalledProcessError(code, ["pulumi", "version"])

    monkeypatch.setattr(automation, "PulumiCommand", ends)
    state = workshop.state()
    state.make()

    with pytest.raises(DeploymentFailed, match=f"^the engine ended {how} before it began$") as failed:
        Engine(state, "dev", Located(toolchain.PULUMI, Path("pulumi"), "3.250.0", Origin.PATH), {})

    assert failed.value.tip == "run the command again"


def test_what_to_do_about_a_refusal_is_told(workshop: Any, pulumi: Any) -> None:
    (pulumi.folder / "broken").touch()
    state = workshop.state()
    state.make()

    with pytest.raises(DeploymentFailed, match=r"^the engine refused: the passphrase is wrong$") as failed:
        Engine(state, "dev", Located(toolchain.PULUMI, pulumi.folder / "pulumi", "3.250.0", Origin.PATH), {})

    assert "delete the stack's folder" in failed.value.tip
