"""NODE-06: no user data carries a secret."""

from collections.abc import Iterator

from seatrial.rules.facts.credentials import secrets
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.sources import Framework, cited
from seatrial.rules.user_data import judge_user_data
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    yield from judge_user_data(view, lambda content: ", ".join(secrets(content)), "nothing that looks like a secret")


RULE = Rule(
    id="NODE-06",
    severity=Severity.CRITICAL,
    title="User data carries no secret",
    needs="a launch template or a class of nodes",
    why="Everything on the node reads user data, who may describe launch templates too, and old versions stay.",
    allowed="no keys, tokens or passwords",
    remedy="the platform passes no user data; keep secrets in Secrets Manager and read them with a role",
    sources=(*cited(Framework.CHECKOV, "CKV_AWS_46"), *cited(Framework.TRIVY, "AWS-0029", "AWS-0129")),
    examine=_examine,
)
