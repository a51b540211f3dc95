"""What goes wrong when the account is asked for something."""

import re
from dataclasses import dataclass

from seatrial.rehearsal.providers.refusals import ProviderFault

_MISSING = re.compile(
    r"(NotFound(Exception|Error)?|NoSuchEntity(Exception)?|NoSuchBucket(Policy)?|NoSuchPublicAccessBlockConfiguration)$"
)
_IN_USE = re.compile(
    r"(DependencyViolation|ResourceInUse(Exception)?|DeleteConflict|\.InUse|OperationAborted(Exception)?"
    r"|ConcurrentModification(Exception)?)$"
)


@dataclass(frozen=True, slots=True)
class _Settling:
    """An error that goes away by itself soon after something else was made."""

    code: re.Pattern[str]
    text: re.Pattern[str]


def _settling(code: str, text: str) -> _Settling:
    return _Settling(re.compile(code), re.compile(text, re.IGNORECASE))


_SETTLES = (
    # IAM shows a new role, and its trust policy, to other services only after a while.
    _settling(r"^InvalidParameter(Value)?(Exception|Combination)?$", r"\brole\b|instance profile|assume"),
    _settling(r"^InvalidParameter(Exception|Value)?$", r"\bkms\b|\bkey\b.*(exist|allowed|permission)|KeyArn"),
    _settling(r"^MalformedPolicyDocument(Exception)?$", r"principal"),
    _settling(r"^InvalidArnException$|^KMSInvalidStateException$|^DependencyTimeoutException$", r""),
    # One change of a cluster at a time.
    _settling(r"^ResourceInUseException$", r"in progress|cannot be updated|not in active state"),
)


class Refusal(ProviderFault):
    """The account answered a call with an error."""

    def __init__(self, call: str, code: str, message: str) -> None:
        """Keep the call (``ec2 CreateVpc``), and the service's own code and message."""
        self.call, self.code, self.message = call, code, message
        super().__init__(f"{call}: {code}: {message}")

    @property
    def is_missing(self) -> bool:
        """Whether what the call was about isn't there."""
        return bool(_MISSING.search(self.code)) or self.code == "Gateway.NotAttached"

    @property
    def is_in_use(self) -> bool:
        """Whether something else has to go first."""
        return bool(_IN_USE.search(self.code))

    @property
    def may_settle(self) -> bool:
        """Whether the same call may succeed a little later: AWS's views of one another lag."""
        known = any(it.code.search(self.code) and it.text.search(self.message) for it in _SETTLES)
        return known or self.is_missing
