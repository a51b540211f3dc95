"""Carries the state of MiniStack's services to the journal and back.

MiniStack itself saves at shutdown only. After each call that may change something, the state of
the services that it may have touched is encoded, and what differs from the last time is written.
"""

import copy
import json
from collections.abc import Collection, Iterator, Mapping
from types import ModuleType
from typing import Any

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.journal import Answer, Journal

TOUCHED: Mapping[str, frozenset[str]] = {
    "autoscaling": frozenset({"autoscaling"}),
    "ec2": frozenset({"ec2"}),
    "eks": frozenset({"eks", "ec2", "autoscaling", "cloudwatch_logs"}),
    "eks-auth": frozenset({"sts"}),
    "elasticloadbalancing": frozenset({"alb", "ec2"}),
    "iam": frozenset({"iam"}),
    "kms": frozenset({"kms"}),
    "logs": frozenset({"cloudwatch_logs"}),
    "s3": frozenset({"s3"}),
    "sts": frozenset({"sts"}),
}
"""Service to the states that its calls may change; those of other services may change any."""

_UNCHANGED = frozenset({"ec2", "iam", "autoscaling", "cloudwatch_logs"})
"""Services that only copy what they hold: the copies are left out, they cost more than everything else."""


class Durability:
    """Keeps the journal equal to the memory."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._written: dict[str, bytes] = {}

    def restore(self) -> None:
        """Give every service the state that it had."""
        decode = emulator.member(emulator.core("persistence"), "_json_object_hook")
        modules = emulator.state_modules()
        self._written = self._journal.states()
        for key, content in self._written.items():
            emulator.service(modules[key]).load_persisted_state(json.loads(content, object_hook=decode))

    def recall(self, token: str) -> Answer | None:
        """Give what was answered to ``token`` before."""
        return self._journal.answer(token)

    def save(self, services: Collection[str], token: str = "", answer: Answer | None = None) -> None:
        """Write what calls to these services have changed; with the answer, if it can be asked for again."""
        changed = {key: content for key, content in _encoded(services) if self._written.get(key) != content}
        if changed or (token and answer):
            self._journal.commit(changed, token, answer)
            self._written |= changed


def _encoded(services: Collection[str]) -> Iterator[tuple[str, bytes]]:
    encode = emulator.member(emulator.core("persistence"), "_json_default")
    for key, module in emulator.services():
        if _touched(key, services):
            yield key, json.dumps(_state(key, module), default=encode).encode()


def _touched(key: str, services: Collection[str]) -> bool:
    return any(key in TOUCHED.get(service, {key}) for service in services)


class _Uncopied:
    """Stands in for the module ``copy`` while a state is encoded at once."""

    copy = staticmethod(copy.copy)

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


def _state(key: str, module: ModuleType) -> Any:
    if key not in _UNCHANGED:
        return module.get_state()
    vars(module)["copy"] = _Uncopied
    try:
        return module.get_state()
    finally:
        vars(module)["copy"] = copy
