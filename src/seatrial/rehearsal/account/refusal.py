"""What a service answers to a call that it doesn't accept."""


class RefusedError(Exception):
    """A call that a service doesn't accept."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        """AWS's error code."""
        self.status = status
        """HTTP status."""
