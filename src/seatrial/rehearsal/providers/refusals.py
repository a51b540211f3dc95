"""What goes wrong in a provider.

::

    ProviderFault
    ├── Rejected       the resource asks for what the provider can't do
    ├── NotReady       a resource didn't become what it was waited for to become
    ├── Cancelled      the engine asked to stop
    ├── InitFailed     a resource was made, but something went wrong before it was ready
    └── ...            subclasses live beside what raises them
"""

from collections.abc import Sequence

from seatrial.errors import SeatrialError
from seatrial.rehearsal.providers.values import Values


class ProviderFault(SeatrialError):
    """Something that the engine has to tell the user."""


class Rejected(ProviderFault):
    """The resource asks for what the provider can't do."""


class NotReady(ProviderFault):
    """A resource didn't become what it was waited for to become."""

    def __init__(self, status: str, seconds: float, issues: Sequence[str] = (), *, final: bool = False) -> None:
        """Say the last status, how long it was waited for, and what is said to be wrong."""
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
