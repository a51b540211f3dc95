"""Puts what MiniStack lacks into its place: services, operations, refusals, repeated answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from seatrial.rehearsal.account import answers, autoscaling, eks_auth, emulator, kms, logs, sts, web_identity
from seatrial.rehearsal.account.authorization.gate import Gate
from seatrial.rehearsal.account.calls import Call
from seatrial.rehearsal.account.ec2 import operations as ec2
from seatrial.rehearsal.account.eks.module import EksModule
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Handler, Reply
from seatrial.rehearsal.account.iam import managed
from seatrial.rehearsal.account.iam import operations as iam
from seatrial.rehearsal.account.load_balancing import classic
from seatrial.rehearsal.account.load_balancing import operations as load_balancing
from seatrial.rehearsal.account.refusal import RefusedError


class Desk(Protocol):
    """Knows the call at hand."""

    def call(self) -> Call:
        """Give the call."""
        ...

    def recall(self) -> Reply | None:
        """Give the answer that it got before."""
        ...


@dataclass(frozen=True, slots=True)
class Extensions:
    """What stands in MiniStack's place."""

    settle: Callable[[], bool]
    """Lets happen what has become due since the last call; says whether anything may have changed."""


def install(desk: Desk, eks: Service) -> Extensions:
    """Stand in front of every service's handler; MiniStack knows by then who calls."""
    managed.install()
    sts.install()
    web_identity.install()
    ec2.install(eks)
    load_balancing.install(eks)
    module = EksModule(eks)
    emulator.loaded()["eks"] = module
    gate = Gate(lambda: eks.state)
    gate.install()
    handlers = emulator.handlers()
    for name, handler in emulator.original(emulator.app(), "SERVICE_HANDLERS").items():
        handlers[name] = _wrapped(desk, gate, eks, handler)
    # Always answered here: no handler of MiniStack's is behind it.
    handlers["eks-auth"] = _wrapped(desk, gate, eks, module.handle_request)

    def settle() -> bool:
        return ec2.settle(eks) | module.settle()

    return Extensions(settle)


def _wrapped(desk: Desk, gate: Gate, eks: Service, handler: Handler) -> Handler:
    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Reply:
        known = gate.denial(desk.call()) or desk.recall() or _extended(desk.call(), eks)
        return known or web_identity.completed(desk.call(), await handler(method, path, headers, body, query))

    return handle


_ANSWERS: Mapping[str, Callable[[Call, Service], Reply | None]] = {
    "autoscaling": lambda call, _: autoscaling.answer(call),
    "eks-auth": eks_auth.answer,
    "elasticloadbalancing": classic.reply,
    "iam": lambda call, _: iam.answer(call),
    "kms": lambda call, _: kms.answer(call),
    "logs": lambda call, _: logs.answer(call),
    "sts": web_identity.answer,
}
"""Service to what looks at its calls before MiniStack does."""


def _extended(call: Call, eks: Service) -> Reply | None:
    answer = _ANSWERS.get(call.service)
    try:
        return answer(call, eks) if answer else None
    except RefusedError as refused:
        return answers.error(call.service, refused.status, refused.code, str(refused))
