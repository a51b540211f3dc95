"""The keys: one a purpose, so that losing or revoking one touches nothing else."""

from typing import Final

from seatrial.acceptance.expectations import arn, distinct, equal
from seatrial.acceptance.model import Case
from seatrial.acceptance.outputs import Outputs
from seatrial.acceptance.shapes import parse_arn

_KEYS: Final = ("secretsKeyArn", "logsKeyArn", "volumesKeyArn")


def _secrets(outputs: Outputs) -> str | None:
    return arn("secretsKeyArn", outputs["secretsKeyArn"], "kms", "key/")


def _logs(outputs: Outputs) -> str | None:
    return arn("logsKeyArn", outputs["logsKeyArn"], "kms", "key/")


def _volumes(outputs: Outputs) -> str | None:
    return arn("volumesKeyArn", outputs["volumesKeyArn"], "kms", "key/")


def _distinct(outputs: Outputs) -> str | None:
    return distinct("the keys", (outputs[key] for key in _KEYS))


def _in_region(outputs: Outputs) -> str | None:
    regions = {parsed.region for key in _KEYS if (parsed := parse_arn(outputs[key]))}
    return equal("the keys' regions", sorted(regions), [outputs["region"]])


CASES: Final = (
    Case(row=2, name="Kubernetes secrets have a KMS key", check=_secrets),
    Case(row=2, name="logs have a KMS key", check=_logs),
    Case(row=2, name="volumes have a KMS key", check=_volumes),
    Case(row=2, name="no two purposes share a KMS key", check=_distinct),
    Case(row=2, name="the KMS keys are in the region", check=_in_region),
)
