"""IAM-13: nobody gets credentials that don't end, and no repository but named ones takes a role."""

from collections.abc import Iterator

from seatrial.rules.documents import allowing, of_kind, place, unreadable
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.statements import Statement
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_USERS = (
    "aws:iam/user:User",
    "aws:iam/accessKey:AccessKey",
    "aws:iam/userLoginProfile:UserLoginProfile",
    "aws:iam/sshKey:SshKey",
    "aws:iam/signingCertificate:SigningCertificate",
    "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
)
_FORGE = "token.actions.githubusercontent.com"
_OPERATORS = ("StringEquals", "StringLike", "ForAnyValue:StringEquals", "ForAnyValue:StringLike")


def _examine(view: View) -> Iterator[Observation]:
    for each in view.of_type(*_USERS):
        yield broken(each, "", each.type.rpartition(":")[2], allowed="roles, which have credentials that end")
    for policy in of_kind(view, Kind.TRUST):
        fault = unreadable(policy)
        yield from [fault] if fault else _policy(policy)


def _policy(policy: Policy) -> Iterator[Observation]:
    loose = [(index, found) for index, statement in allowing(policy) if (found := _loose(statement))]
    for index, found in loose:
        yield broken(policy.resource, place(policy, index, "Condition"), found)
    if not loose:
        yield met(policy.resource, policy.path, "no repository, or named ones")


def _loose(statement: Statement) -> str:
    """Say what a statement leaves open about the repositories that it trusts; nothing when it trusts none."""
    if not any(_FORGE in who for who in statement.principals.get("Federated", ())):
        return ""
    subjects = statement.pinned(_OPERATORS, f"{_FORGE}:sub")
    wide = [each for each in subjects if _is_wide(each)]
    return "any repository" if not subjects else ", ".join(wide)


def _is_wide(subject: str) -> bool:
    """Tell whether owner or repository of ``repo:<owner>/<name>:<reference>`` is a pattern."""
    kind, _, rest = subject.partition(":")
    repository = rest.partition(":")[0]
    return kind != "repo" or "/" not in repository or any(each in repository for each in "*?")


RULE = Rule(
    id="IAM-13",
    severity=Severity.HIGH,
    title="No users, no access keys, no role for any repository",
    needs="a role or a user",
    why="Keys that don't end are copied, committed and found; a role for any repository is a role for anybody.",
    allowed="roles only; GitHub's tokens of named repositories",
    remedy="make a role instead of a user; compare sub with repo:<owner>/<name>:<reference>",
    sources=cited(Framework.CHECKOV, "CKV_AWS_273", "CKV_AWS_358", "CKV_AWS_393"),
    examine=_examine,
)
