"""The account as one operation on one resource sees it."""

import functools
import importlib
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from seatrial.rehearsal.providers.aws.clients import Clients
from seatrial.rehearsal.providers.aws.refusals import Refusal
from seatrial.rehearsal.providers.values import Values
from seatrial.rehearsal.providers.waiting import pauses

Answer = dict[str, Any]
"""What an API call returned."""

_SETTLE_SECONDS = 60.0
"""How long AWS's views of one another may lag; IAM's usually do for some ten seconds."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """Calls to the account on behalf of one resource."""

    clients: Clients
    region: str
    """Where the resource is."""
    name: str = ""
    """The resource's name in the program; generated names start with it."""
    unique: str = ""
    """What generated names end in."""
    default_tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tags that the provider gives to every resource."""
    seconds: float = 0.0
    """How long the operation may wait; 0 leaves it to the resource type."""
    settling: bool = False
    """Whether errors that go away by themselves are waited out."""
    cancelled: threading.Event = field(default_factory=threading.Event)
    """Set when the engine asks to stop."""

    def call(self, service: str, operation: str, **parameters: Any) -> Answer:
        """Call an operation; raise :class:`Refusal` when the account answers with an error."""
        if not self.settling:
            return self._call(service, operation, parameters)
        for _ in self.pauses(settle_seconds()):
            try:
                return self._call(service, operation, parameters)
            except Refusal as refusal:
                if not refusal.may_settle:
                    raise
        return self._call(service, operation, parameters)

    def ec2(self, operation: str, **parameters: Any) -> Answer:
        """Call an operation of EC2."""
        return self.call("ec2", operation, **parameters)

    def pages(self, service: str, operation: str, member: str, **parameters: Any) -> list[Any]:
        """Return the items of every page of a listing."""
        answer = self.call(service, operation, **parameters)
        items = list(answer.get(member, ()))
        while token := answer.get("nextToken") or answer.get("NextToken"):
            name = "nextToken" if "nextToken" in answer else "NextToken"
            answer = self.call(service, operation, **parameters, **{name: token})
            items += answer.get(member, ())
        return items

    def pauses(self, seconds: float) -> Iterator[None]:
        """Yield until the time is over, pausing a little longer each time."""
        return pauses(seconds, self.cancelled)

    def tags(self, inputs: Values) -> dict[str, str]:
        """Return every tag that the resource shall bear."""
        return {**self.default_tags, **inputs.get("tags", {})}

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of something of this account in the resource's region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    @property
    def partition(self) -> str:
        """The partition of the region, as ``aws``."""
        return self.clients.partition(self.region)

    @property
    def account(self) -> str:
        """The id of the account."""
        return self.clients.account

    def _call(self, service: str, operation: str, parameters: Mapping[str, Any]) -> Answer:
        client = self.clients.get(service, self.region)
        errors: Any = importlib.import_module("botocore.exceptions")
        try:
            return getattr(client, _method(operation))(**parameters)
        except errors.ClientError as error:
            told = error.response["Error"]
            raise Refusal(f"{service} {operation}", told.get("Code", "?"), told.get("Message", "")) from error
        except errors.BotoCoreError as error:
            raise Refusal(f"{service} {operation}", type(error).__name__, str(error)) from error


@functools.cache
def _method(operation: str) -> str:
    return importlib.import_module("botocore").xform_name(operation)


def settle_seconds() -> float:
    """Return how long to wait for AWS's views of one another to agree (``SEATRIAL_SETTLE_SECONDS``)."""
    return float(os.environ.get("SEATRIAL_SETTLE_SECONDS", _SETTLE_SECONDS))
