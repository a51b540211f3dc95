"""A project whose program adds something of its own: planned, deployed by the real engine, removed."""

import json
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.rehearsal

PROGRAM = """
import pulumi
import pulumi_aws as aws
from seatrial.program import run

run()
provider = aws.Provider("own", region="us-east-2")
key = aws.kms.Key("own-key", description=pulumi.Config().require("purpose"), deletion_window_in_days=7,
                  tags={"EnvironmentSuffix": "dev"},
                  opts=pulumi.ResourceOptions(provider=provider))
pulumi.export("ownKeyArn", key.arn)
print("said by the program")
"""


def test_what_a_program_adds_is_deployed_and_removed(workshop: Any) -> None:
    (workshop.folder / "__main__.py").write_text(PROGRAM)
    with (workshop.folder / "Pulumi.dev.yaml").open("a") as file:
        file.write("  seatrial:purpose: of our own\n")

    said = workshop.run("up")

    assert "said by the program" in said
    arn = workshop.outputs()["ownKeyArn"]
    assert workshop.aws("kms").describe_key(KeyId=arn)["KeyMetadata"]["Description"] == "of our own"
    assert "nothing changed" in workshop.run("up")
    planned = json.loads(_plan(workshop))
    assert f"{len(planned['resources'])} resources" in said
    assert "left in the account" not in workshop.run("down")


def test_a_program_that_fails_is_told_before_anything_is_deployed(workshop: Any) -> None:
    (workshop.folder / "__main__.py").write_text("import pulumi\nraise ValueError('odd')\n")

    said = workshop.run("up", code=2)

    assert "__main__.py:2: ValueError: odd" in said
    assert "Traceback" not in said
    assert not workshop.state().exists()


def _plan(workshop: Any) -> str:
    command = [sys.executable, "-m", "seatrial.cli", "plan", "--format", "json"]
    done = subprocess.run(command, cwd=workshop.folder, capture_output=True, text=True, check=True)
    assert "said by the program" in done.stderr
    return done.stdout
