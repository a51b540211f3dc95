"""What EKS answers to a request that it doesn't accept."""

from typing import NoReturn

from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

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


def refusal(code: str, message: str) -> RefusedError:
    """Give the refusal of a request, with the status that belongs to its code."""
    return RefusedError(code, message, STATUS[code])


def invalid(message: str) -> NoReturn:
    """Refuse a parameter."""
    raise refusal("InvalidParameterException", message)


def request(message: str) -> NoReturn:
    """Refuse a request that doesn't fit the state of things."""
    raise refusal("InvalidRequestException", message)


def in_use(message: str) -> NoReturn:
    """Refuse what collides with something that exists or is under way."""
    raise refusal("ResourceInUseException", message)


def missing(message: str) -> NoReturn:
    """Refuse what names something that isn't there."""
    raise refusal("ResourceNotFoundException", message)


def found(record: Record | None, message: str) -> Record:
    """Give the record, or refuse."""
    if record is None:
        missing(message)
    return record
