"""What goes wrong when a cluster is asked for something.

::

    SeatrialError
    ├── Refused             the API server answered with an error
    ├── Unreachable         no API server answers
    ├── NoSuchKind          the cluster has no such kind of object
    ├── CredentialsFault    the command that gives credentials gave none
    └── KubeconfigFault     a kubeconfig says too little
"""

import re

from seatrial.errors import EnvironmentFault, SeatrialError

_CONFLICT = 409
_MISSING = 404
_INVALID = 422
_DENIED = 403

_IMMUTABLE = re.compile(
    r"immutable|may not (be )?change|updates to .* are forbidden|cannot change|may not add or remove", re.IGNORECASE
)
"""What API servers say of fields that can't be changed: each kind in its own words."""


class Refused(SeatrialError):
    """The API server answered with an error."""

    exit_code = 1

    def __init__(self, status: int, reason: str, message: str, subject: str, retry_after: float = 0.0) -> None:
        """Keep HTTP's status, Kubernetes' reason (``NotFound``), its message, and what the request was about.

        ``retry_after`` are the seconds after which the API server wants to be asked again.
        """
        self.status, self.reason, self.message, self.object = status, reason, message, subject
        self.retry_after = retry_after
        super().__init__(f"{subject}: {message} ({status} {reason})")

    @property
    def is_missing(self) -> bool:
        """Whether what the request was about isn't there."""
        return self.status == _MISSING

    @property
    def is_conflict(self) -> bool:
        """Whether another manager owns a field, or another request was faster."""
        return self.status == _CONFLICT

    @property
    def is_denied(self) -> bool:
        """Whether the caller may not do that, or an admission check (a quota, Pod Security) says no."""
        return self.status == _DENIED

    @property
    def is_immutable(self) -> bool:
        """Whether the object would have to be made anew for that."""
        return self.status == _INVALID and bool(_IMMUTABLE.search(self.message))


class Unreachable(EnvironmentFault):
    """No API server answers."""

    def __init__(self, server: str, cause: str, *, was_sent: bool = False, may_return: bool = True) -> None:
        """Keep the server's address, and what went wrong.

        ``was_sent``: the request may have arrived. ``may_return``: asking again may help.
        """
        self.server, self.cause = server, cause
        self.was_sent, self.may_return = was_sent, may_return
        super().__init__(f"the Kubernetes API at {server} can't be reached: {cause}")


class NoSuchKind(SeatrialError):
    """The cluster has no such kind of object."""

    exit_code = 1

    def __init__(self, api_version: str, kind: str) -> None:
        """Keep what was looked for."""
        self.api_version, self.kind = api_version, kind
        super().__init__(
            f"the cluster has no kind {kind} in {api_version}",
            tip="check apiVersion and kind; a custom resource needs its definition applied before it",
        )


class CredentialsFault(EnvironmentFault):
    """The command that gives credentials gave none."""


class KubeconfigFault(EnvironmentFault):
    """A kubeconfig says too little."""
