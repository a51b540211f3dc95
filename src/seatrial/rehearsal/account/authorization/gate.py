"""Asks IAM, and words its refusal as AWS does."""

from collections.abc import Callable, Iterable
from typing import Any

from seatrial.rehearsal.account import answers, emulator
from seatrial.rehearsal.account.authorization import balancers, clusters, identities, keys, log_groups, network, pods
from seatrial.rehearsal.account.authorization.checks import Check
from seatrial.rehearsal.account.calls import Call
from seatrial.rehearsal.account.eks.state import State
from seatrial.rehearsal.account.emulator import Reply


class Gate:
    """Judges the calls to the services that a platform uses, in MiniStack's place."""

    def __init__(self, state: Callable[[], State]) -> None:
        self._evaluator = emulator.core("iam_evaluator")
        self._enforce: Callable[..., Any] = emulator.original(self._evaluator, "enforce")
        self._questions: dict[str, Callable[[Call], Iterable[Check]]] = {
            "ec2": network.checks,
            "eks": lambda call: clusters.checks(call, state()),
            "eks-auth": pods.checks,
            "elasticloadbalancing": balancers.checks,
            "iam": identities.checks,
            "kms": keys.checks,
            "logs": log_groups.checks,
        }

    def install(self) -> None:
        """Leave MiniStack only the authentication of these calls; check the root's signature as any other."""
        vars(self._evaluator)["enforce"] = self._authenticated
        vars(self._evaluator)["_is_root_key"] = _never
        # MiniStack would read EC2's whole model, 30 MB of memory, to find tags that are found here.
        tagging = emulator.member(emulator.core("iam_actions"), "_TAG_OPERATIONS")
        tagging.update(dict.fromkeys(self._questions, frozenset[str]()))

    def _authenticated(self, key: str, action: str, service: str, region: str, *rest: Any, **named: Any) -> Any:
        if service in self._questions:
            # Nobody is denied this action, so what remains of MiniStack's check is who calls.
            return self._enforce(key, "sts:GetCallerIdentity", service, region)
        return self._enforce(key, action, service, region, *rest, **named)

    def denial(self, call: Call) -> Reply | None:
        """Give the answer to a call that IAM doesn't allow."""
        asked = self._questions.get(call.service)
        for check in asked(call) if asked else ():
            result = self._result(call, check)
            if result is not None:
                return _refused(call, check, explicit=result.decision == "Deny")
        return None

    def _result(self, call: Call, check: Check) -> Any:
        key = emulator.core("router").extract_access_key_id(dict(call.request.headers), call.request.query)
        service = check.action.partition(":")[0]
        named = {"resource_arn": check.resource, "service_context": check.context}
        return self._enforce(key, check.action, service, emulator.region(), **named)


def _never(_key: str) -> bool:
    return False


def _refused(call: Call, check: Check, *, explicit: bool) -> Reply:
    unmet = f"because no identity-based policy allows the {check.action} action"
    reason = "with an explicit deny in an identity-based policy" if explicit else unmet
    text = f"User: {call.principal} is not authorized to perform: {check.action} on resource: {check.resource} {reason}"
    if call.service == "ec2":
        return answers.error(
            "ec2", 403, "UnauthorizedOperation", f"You are not authorized to perform this operation. {text}"
        )
    if call.service in answers.QUERY:
        return answers.error(call.service, 403, "AccessDenied", text)
    return answers.error(call.service, 403 if call.service == "eks" else 400, "AccessDeniedException", text)
