"""Error answers in the protocol of a service, as AWS words them."""

import json
import re
from xml.sax.saxutils import escape

from seatrial.rehearsal.account.emulator import Reply

QUERY = frozenset({"autoscaling", "cloudformation", "elasticloadbalancing", "iam", "monitoring", "sns", "sts"})
"""Services that answer errors in the Query protocol's XML."""

REST_JSON = frozenset({"eks", "eks-auth", "elasticfilesystem", "lambda", "scheduler"})
"""Services that name the error in a header."""

_QUERY_ERROR = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>"
)
_EC2_ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>{code}</Code><Message>{message}</Message>'
    "</Error></Errors><RequestID>00000000-0000-0000-0000-000000000000</RequestID></Response>"
)
_S3_ERROR = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'


def error(service: str, status: int, code: str, message: str) -> Reply:
    """Give an error answer of ``service``."""
    envelope = _envelope(service)
    if envelope:
        text = envelope.format(code=escape(code), message=escape(message))
        return status, {"Content-Type": "text/xml"}, text.encode()
    kind = "application/json" if service in REST_JSON else "application/x-amz-json-1.1"
    document = {"__type": code, "message": message}
    return status, {"Content-Type": kind, "x-amzn-errortype": code}, json.dumps(document).encode()


def _envelope(service: str) -> str:
    if service == "ec2":
        return _EC2_ERROR
    if service == "s3":
        return _S3_ERROR
    return _QUERY_ERROR if service in QUERY else ""


def code_of(status: int, headers: dict[str, str], body: bytes) -> str:
    """Read the error code of an answer; empty for a success."""
    if status < 400:  # noqa: PLR2004 - the first HTTP status that is an error
        return ""
    named = headers.get("x-amzn-errortype") or _code_in(body)
    return named.split(":")[0].split("#")[-1] or str(status)


def _code_in(body: bytes) -> str:
    found = re.search(rb"<Code>([^<]*)</Code>|\"__type\"\s*:\s*\"([^\"]*)\"", body)
    return (found[1] or found[2]).decode() if found else ""
