"""What goes wrong when the account is asked for something.

::

    ProviderFault
    ├── Refusal        the account answered a call with an error
    ├── Rejected       the resource asks for what the provider can't do
    ├── NotReady       a resource didn't become what it was waited for to become
    ├── Cancelled      the engine asked to stop
    └── InitFailed     a resource was made, but something went wrong before it was ready
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from seatrial.errors import SeatrialError
from seatrial.rehearsal.providers.aws.values import Values

_MISSING = re.compile(r"(NotFound(Exception)?|NoSuchEntity(Exception)?)$")
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


class ProviderFault(SeatrialError):
    """Something that the engine has to tell the user."""


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


class Rejected(ProviderFault):
    """The resource asks for what the provider can't do."""


class NotReady(ProviderFault):
    """A resource didn't become what it was waited for to become."""

    def __init__(self, status: str, seconds: float, issues: Sequence[str] = (), *, final: bool = False) -> None:
        """Say the last status, how long it was waited for, and what the account says is wrong."""
        text = f"ended as {status}" if final else f"still {status} after {seconds:.0f} s"
        super().__init__(": ".join((text, *issues)))


class Cancelled(ProviderFault):
    """The engine asked to stop."""

    def __init__(self) -> None:
        super().__init__("stopped waiting: the deployment was cancelled")


class InitFailed(ProviderFault):
    """A resource was made, but something went wrong before it was ready."""

    def __init__(self, identity: str, state: Values, reason: str, secret: frozenset[str] = frozenset()) -> None:
        """Keep what there is, so that the engine can keep it too; ``secret`` are names of properties."""
        self.identity, self.state, self.reason, self.secret = identity, state, reason, secret
        super().__init__(reason)
