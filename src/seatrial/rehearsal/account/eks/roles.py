"""What EKS asks IAM about a role that it is handed."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.emulator import Record

WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"


def find(arn: str) -> Record | None:
    """Look a role up by its ARN."""
    role = emulator.store("iam", "_roles").get(arn.rpartition("/")[2])
    return role if role and role["Arn"] == arn else None


def admits(role: Record, service: str) -> bool:
    """Whether a service may assume the role."""
    return any(
        service in _several(statement.get("Principal", {}).get("Service", []))
        and "sts:AssumeRole" in _several(statement.get("Action", []))
        for statement in allowing(role["AssumeRolePolicyDocument"])
        if isinstance(statement.get("Principal"), dict)
    )


def permits(role: Record, actions: Iterable[str]) -> list[str]:
    """Which of the actions the role's policies do not allow on anything."""
    evaluator = emulator.core("iam_evaluator")
    policies = emulator.member(evaluator, "_gather_role_policies")(role["RoleName"], emulator.account())

    def allowed(action: str) -> bool:
        context = _context(role["Arn"], action, {})
        return bool(evaluator.evaluate(context, policies).decision == "Allow")

    return [action for action in actions if not allowed(action)]


def federates(arn: str, issuer: str, subject: str) -> bool:
    """Whether a service account of a cluster may assume the role by its token.

    That takes the role, an IAM provider for the cluster's issuer with STS as audience, and a trust
    policy that admits the subject ``system:serviceaccount:NAMESPACE:NAME``.
    """
    role, path = find(arn), issuer.removeprefix("https://")
    provider = f"arn:aws:iam::{emulator.account()}:oidc-provider/{path}"
    known = emulator.store("iam", "_oidc_providers").get(provider)
    if role is None or known is None:
        return False
    claims = {f"{path}:sub": subject, f"{path}:aud": "sts.amazonaws.com"}
    context = _context(provider, WEB_IDENTITY, {name.lower(): value for name, value in claims.items()})
    trust = role["AssumeRolePolicyDocument"]
    return bool(emulator.core("iam_evaluator").evaluate_trust_policy(trust, provider, context))


def _context(principal: str, action: str, keys: Mapping[str, str]) -> Any:
    return emulator.core("iam_evaluator").EvalContext(
        principal_arn=principal,
        principal_type="AssumedRole",
        principal_account=emulator.account(),
        action=action,
        resource_arn="*",
        region=emulator.region(),
        service_context=dict(keys),
    )


def allowing(policy: Any) -> list[Record]:
    """Give the statements of a policy, as text or read, that allow something."""
    document = cast(Record, json.loads(policy) if isinstance(policy, str) else policy)
    statements = document.get("Statement", [])
    listed = cast("list[Record]", [statements] if isinstance(statements, dict) else statements)
    return [statement for statement in listed if statement.get("Effect") == "Allow"]


def _several(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
