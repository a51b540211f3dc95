"""Plans of small programs."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias, cast

import pulumi
import pytest
from pulumi_aws.provider import Provider

from seatrial import plan
from seatrial.plan import Plan

Body: TypeAlias = Callable[[pulumi.ResourceOptions], object]
Planned: TypeAlias = Callable[[Body], Plan]

DESCRIPTION = """
config:
  seatrial:platform:
    environment: {stack}
    environmentSuffix: {stack}
    owner: team
    costCenter: cc
    kubernetes: {{enabled: false}}
"""


def _plan(body: Body, *, preview: bool = False) -> Plan:
    def program() -> Mapping[str, object] | None:
        provider = Provider("aws", region="us-east-2")
        outputs = body(pulumi.ResourceOptions(provider=provider))
        return cast("Mapping[str, object]", outputs) if isinstance(outputs, Mapping) else None

    return plan.run(program, project="proj", stack="test", preview=preview)


@pytest.fixture
def planned() -> Planned:
    """Plan a program that is given the options under which its resources have a provider in us-east-2."""
    return _plan


@pytest.fixture
def previewed() -> Planned:
    """Plan as above, with unknown ids and outputs."""
    return partial(_plan, preview=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project of two stacks, dev and prod, that describe as little as they may."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    for stack in ("dev", "prod"):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text(DESCRIPTION.format(stack=stack))
    return tmp_path
