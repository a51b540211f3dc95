"""The outputs themselves: there, resolved, and of one account."""

import re
from typing import Final

from seatrial.acceptance.expectations import equal, joined, matches, parsed_arns
from seatrial.acceptance.model import Case
from seatrial.acceptance.outputs import Outputs
from seatrial.acceptance.shapes import REGION, Arn, parse_arn

_SUFFIX: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")

_UNRESOLVED: Final = (
    "Calling __str__ on an Output",
    "<pulumi.output.Output",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "output<string>",
)
"""What stands in an output that the program read before its value was known: the SDK's text, its repr, the engine's
mark of an unknown, and what ``pulumi preview`` prints."""


def _resolved(outputs: Outputs) -> str | None:
    eager = sorted(key for key, value in outputs.items() if any(mark in value for mark in _UNRESOLVED))
    return f"{', '.join(eager)} holds the text of an unresolved output" if eager else None


def _not_empty(outputs: Outputs) -> str | None:
    empty = sorted(key for key, value in outputs.items() if not value.strip())
    return f"{', '.join(empty)} is empty; an output whose resource isn't there is left out" if empty else None


def _suffix(outputs: Outputs) -> str | None:
    return matches("environmentSuffix", outputs["environmentSuffix"], _SUFFIX, "dev or pr-42")


def _region(outputs: Outputs) -> str | None:
    return matches("region", outputs["region"], REGION, "us-east-2")


def _arns_are_arns(outputs: Outputs) -> str | None:
    wrong = ((key, value) for key, value in outputs.items() if key.endswith("Arn") and parse_arn(value) is None)
    return joined(f"{key} is {value!r}; expected arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE" for key, value in wrong)


def _cluster_arn(outputs: Outputs) -> Arn | None:
    return parse_arn(outputs["clusterArn"])


def _one_account(outputs: Outputs) -> str | None:
    cluster = _cluster_arn(outputs)
    accounts = {key: arn.account for key, arn in parsed_arns(outputs.items()).items()}
    return joined(equal(f"the account of {key}", found, cluster and cluster.account) for key, found in accounts.items())


def _one_partition(outputs: Outputs) -> str | None:
    cluster = _cluster_arn(outputs)
    partitions = {key: arn.partition for key, arn in parsed_arns(outputs.items()).items()}
    return joined(
        equal(f"the partition of {key}", found, cluster and cluster.partition) for key, found in partitions.items()
    )


def _one_region(outputs: Outputs) -> str | None:
    regions = {key: arn.region for key, arn in parsed_arns(outputs.items()).items() if arn.region}
    return joined(equal(f"the region of {key}", found, outputs["region"]) for key, found in regions.items())


CASES: Final = (
    Case(row=14, name="no output is an unresolved value", check=_resolved),
    Case(row=14, name="no output is empty", check=_not_empty),
    Case(row=23, name="the environment's suffix can stand in a resource name", check=_suffix),
    Case(row=23, name="the region has AWS's form", check=_region),
    Case(row=23, name="every output called an ARN is one", check=_arns_are_arns),
    Case(row=23, name="every ARN is of one account", check=_one_account),
    Case(row=23, name="every ARN is of one partition", check=_one_partition),
    Case(row=23, name="every regional ARN is of the stack's region", check=_one_region),
)
