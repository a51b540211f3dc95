"""The demonstration of roles for service accounts: a bucket, a role, a service account."""

import re
from typing import Final

from seatrial.acceptance.applicability import nothing_in_cluster
from seatrial.acceptance.expectations import arn, ends, matches
from seatrial.acceptance.model import Case
from seatrial.acceptance.outputs import Outputs

_BUCKET: Final = re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]")
"""S3's rule for names (S3 user guide), without dots: they don't go with TLS."""

_ACCOUNT: Final = "irsaDemoServiceAccount"
_PARTS: Final = ("irsaDemoBucketName", "irsaDemoRoleArn", _ACCOUNT)


def _off(outputs: Outputs) -> str | None:
    if nothing := nothing_in_cluster(outputs):
        return nothing
    there = any(key in outputs for key in _PARTS)
    return None if there else f"the demonstration is off (there is no output {_PARTS[0]})"


def _bucket(outputs: Outputs) -> str | None:
    return matches(
        "irsaDemoBucketName", outputs["irsaDemoBucketName"], _BUCKET, "eks-irsa-demo-123456789012-us-east-2-dev"
    )


def _bucket_suffix(outputs: Outputs) -> str | None:
    return ends("irsaDemoBucketName", outputs["irsaDemoBucketName"], outputs["environmentSuffix"])


def _role(outputs: Outputs) -> str | None:
    return arn("irsaDemoRoleArn", outputs["irsaDemoRoleArn"], "iam", "role/")


def _namespace(outputs: Outputs) -> str | None:
    found, there = outputs[_ACCOUNT], outputs.items_of("namespaces")
    if found.partition("/")[0] in there:
        return None
    return f"{_ACCOUNT} is {found!r}; expected one in a namespace of the platform: {', '.join(there)}"


def _made(outputs: Outputs) -> str | None:
    there = outputs[_ACCOUNT] in outputs.items_of("serviceAccounts")
    return None if there else f"{_ACCOUNT} is {outputs[_ACCOUNT]!r}, which serviceAccounts does not name"


CASES: Final = (
    Case(row=10, name="the demonstration's bucket has a name that S3 accepts", check=_bucket, not_applicable=_off),
    Case(
        row=10,
        name="the demonstration's bucket carries the environment's suffix",
        check=_bucket_suffix,
        not_applicable=_off,
    ),
    Case(row=10, name="the demonstration has a role of its own", check=_role, not_applicable=_off),
    Case(
        row=10,
        name="the demonstration's service account is in a tenant's namespace",
        check=_namespace,
        not_applicable=_off,
    ),
    Case(
        row=10,
        name="the demonstration's service account is made by the platform",
        check=_made,
        not_applicable=_off,
    ),
)
