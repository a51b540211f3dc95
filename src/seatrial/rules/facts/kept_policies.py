"""Policies that AWS keeps and that give more than any role should have.

The facts lie in ``kept_policies.txt`` beside this module, one line a policy, by the same reading as that of policies in
a plan, and are read when first asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_MARK: Final = "!"
"""Ends the names of policies that allow the whole of some service."""

_TABLE: Final = Path(__file__).with_name("kept_policies.txt")

_ASKED_FOR: Final[Mapping[str, str]] = {
    "AmazonEKSComputePolicy": "clusters in Auto Mode pass their nodes' role",
    "AmazonSSMManagedInstanceCore": "Session Manager asks it of every node",
}
"""Policies that EKS or its nodes can't do without."""


@dataclass(frozen=True, slots=True)
class Excess:
    """What a policy gives too much."""

    is_wide: bool = False
    """Whether it allows the whole of some service."""

    goals: tuple[str, ...] = ()
    """What somebody who has it comes to be able to do."""


def excess(arn: str) -> Excess:
    """Return what the policy of an ARN gives too much; nothing for one that isn't AWS's."""
    account, _, path = arn.partition(":policy/")
    name = path.rpartition("/")[2]
    if not account.endswith(":iam::aws") or name in _ASKED_FOR:
        return Excess()
    return _excesses().get(name, Excess())


@cache
def _excesses() -> Mapping[str, Excess]:
    table = _TABLE.read_text(encoding="ascii").splitlines()
    lines = (line.partition(" |") for line in table if not line.startswith("#"))
    return {
        name.removesuffix(_MARK): Excess(name.endswith(_MARK), tuple(filter(None, goals.strip().split("; "))))
        for name, _, goals in lines
    }
