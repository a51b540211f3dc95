"""What EKS answers to a request that it doesn't accept."""

from typing import NoReturn

from seatrial.rehearsal.account.emulator import Record

STATUS = {
    "AccessDeniedException": 403,
    "BadRequestException": 400,
    "InvalidParameterException": 400,
    "InvalidRequestException": 400,
    "NotFoundException": 404,
    "ResourceInUseException": 409,
    "ResourceNotFoundException": 404,
    "UnsupportedAvailabilityZoneException": 400,
}
"""HTTP status by exception, from the service's model."""


class RefusedError(Exception):
    """A request that EKS doesn't accept."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = STATUS[code]


def invalid(message: str) -> NoReturn:
    """Refuse a parameter."""
    raise RefusedError("InvalidParameterException", message)


def request(message: str) -> NoReturn:
    """Refuse a request that doesn't fit the state of things."""
    raise RefusedError("InvalidRequestException", message)


def in_use(message: str) -> NoReturn:
    """Refuse what collides with something that exists or is under way."""
    raise RefusedError("ResourceInUseException", message)


def missing(message: str) -> NoReturn:
    """Refuse what names something that isn't there."""
    raise RefusedError("ResourceNotFoundException", message)


def found(record: Record | None, message: str) -> Record:
    """Give the record, or refuse."""
    if record is None:
        missing(message)
    return record
