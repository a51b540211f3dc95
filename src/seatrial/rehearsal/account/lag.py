"""Reads that lag: AWS forgets, for a moment, what it has just made.

While a ``lag`` rule is in force, the identifiers of everything that a call creates are noted;
the rule's next reads of each of them are answered as if it weren't there.
"""

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from seatrial.rehearsal.account import answers
from seatrial.rehearsal.account.calls import Call, document_of
from seatrial.rehearsal.account.emulator import Reply
from seatrial.rehearsal.account.faults import Faults

_EC2_ID = re.compile(r"\b[a-z]{2,}(?:-[a-z]+)?-[0-9a-f]{8,17}\b")

_EC2_CODES = {
    "eipalloc": "InvalidAllocationID.NotFound",
    "eni": "InvalidNetworkInterfaceID.NotFound",
    "fl": "InvalidFlowLogId.NotFound",
    "igw": "InvalidInternetGatewayID.NotFound",
    "lt": "InvalidLaunchTemplateId.NotFound",
    "nat": "NatGatewayNotFound",
    "rtb": "InvalidRouteTableID.NotFound",
    "sg": "InvalidGroup.NotFound",
    "sgr": "InvalidSecurityGroupRuleId.NotFound",
    "snap": "InvalidSnapshot.NotFound",
    "subnet": "InvalidSubnetID.NotFound",
    "vol": "InvalidVolume.NotFound",
    "vpc": "InvalidVpcID.NotFound",
    "vpce": "InvalidVpcEndpointId.NotFound",
}

_NAMES = ("RoleName", "UserName", "PolicyName", "InstanceProfileName", "AliasName", "logGroupName", "name")
_NAMES_IN_PATH = ("nodegroupName", "addonName", "principalArn")


class Lag:
    """Remembers what is new, and for how many reads it stays hidden."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._hidden: dict[tuple[str, str], int] = {}

    def note(self, call: Call, body: bytes) -> None:
        """Hide what a successful call has created, if a rule says so."""
        if self._faults.any("lag") and call.mutates and call.operation.startswith(("Create", "Allocate")):
            for identifier in _created(call, body):
                self._hidden.setdefault((call.service, identifier), -1)

    def answer(self, call: Call) -> Reply | None:
        """Not found, if the call asks for something that is still hidden."""
        rule = self._faults.standing(call, "lag")
        if rule is None or rule.times is None:
            return None
        for identifier in _asked(call):
            if self._hides(call.service, identifier, rule.times):
                return _missing(call.service, identifier)
        return None

    def _hides(self, service: str, identifier: str, times: int) -> bool:
        left = self._hidden.get((service, identifier))
        if left is None:
            return False
        left = times if left < 0 else left
        self._hidden[service, identifier] = max(left - 1, 0)
        return left > 0


def _created(call: Call, body: bytes) -> Iterable[str]:
    if call.service == "ec2":
        return set(_EC2_ID.findall(body.decode())) - set(_values(call))
    document = document_of(call.request.body)
    named = [str(document[name]) for name in (*_NAMES, *_NAMES_IN_PATH) if name in document]
    return [*named, *(call.request.query[name][0] for name in _NAMES if name in call.request.query), *_ids(body)]


def _ids(body: bytes) -> Iterable[str]:
    """Give the identifiers that the service itself has chosen."""
    return re.findall(r'(?:"KeyId": ?"|"associationId": ?"|<Arn>|<OpenIDConnectProviderArn>)([^"<]+)', body.decode())


def _asked(call: Call) -> Iterable[str]:
    if call.service == "eks":
        return [unquote(call.request.path.rstrip("/").rpartition("/")[2]), _principal_in(call.request.path)]
    document = document_of(call.request.body)
    return [*_values(call), *(value for value in document.values() if isinstance(value, str))]


def _principal_in(path: str) -> str:
    return unquote(path).partition("/access-entries/")[2]


def _values(call: Call) -> Iterable[str]:
    return [value for values in call.request.query.values() for value in values]


_OTHERS: dict[str, Callable[[str], Reply]] = {
    "eks": lambda name: answers.error("eks", 404, "ResourceNotFoundException", f"No resource found for name: {name}."),
    "iam": lambda name: answers.error("iam", 404, "NoSuchEntity", f"{name} cannot be found."),
    "kms": lambda name: answers.error("kms", 400, "NotFoundException", f"{name} is not found."),
    # DescribeLogGroups filters by prefix: what it doesn't know it leaves out.
    "logs": lambda _: (200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps({"logGroups": []}).encode()),
}


def _missing(service: str, identifier: str) -> Reply:
    if service == "ec2":
        code = _EC2_CODES.get(identifier.rpartition("-")[0], "InvalidID.NotFound")
        return answers.error("ec2", 400, code, f"The ID '{identifier}' does not exist")
    answer = _OTHERS.get(service)
    return answer(identifier) if answer else answers.error(service, 404, "ResourceNotFoundException", identifier)
