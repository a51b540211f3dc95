"""EKS bearer tokens: a presigned request to STS, resolved to whoever signed it.

What is looked at, and how long a token is good for, is as aws-iam-authenticator has it, which EKS runs: the host, path
and parameters of ``GetCallerIdentity``, a signed header that names the cluster, and fifteen minutes from the date of
the signature, whatever its own expiry says.
"""

import base64
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import SplitResult, parse_qs, urlsplit

from seatrial.rehearsal.account import emulator

PREFIX = "k8s-aws-v1."
"""How such tokens begin."""

LONGEST = 4096
"""Characters that a token may have."""

VALIDITY = 900.0
"""Seconds that a token is good for."""

SKEW = 300.0
"""Seconds by which its date may be ahead."""

CLUSTER = "x-k8s-aws-id"
"""Signed header that names the cluster."""

_PARAMETERS = frozenset(
    {
        "action",
        "version",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-security-token",
        "x-amz-signature",
        "x-amz-signedheaders",
        "x-amz-user-agent",
    }
)
"""Query parameters that a token may have."""

_SCOPE = re.compile(r"[^/]+/\d{8}/([a-z0-9-]+)/sts/aws4_request")


class UnacceptableToken(Exception):
    """Says what is wrong with a token."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed a token."""

    arn: str
    """As ``GetCallerIdentity`` gives it."""
    account: str
    principal_id: str
    """Unique id of user or role; a session's name is not in it."""
    access_key_id: str

    @property
    def session(self) -> str:
        """Name of the role's session; empty for users."""
        return self.arn.rpartition("/")[2] if ":assumed-role/" in self.arn else ""

    @property
    def canonical_arn(self) -> str:
        """ARN of the user, or of the role behind the session, with its path."""
        found = re.fullmatch(r"arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/.+", self.arn)
        if found is None:
            return self.arn
        role = emulator.store("iam", "_roles").get(found[3])
        return role["Arn"] if role else f"arn:{found[1]}:iam::{found[2]}:role/{found[3]}"


def identity(token: str, cluster: str, hosts: frozenset[str]) -> Identity:
    """Say who signed a token for this cluster; ``hosts`` are where this account's STS answers beside AWS's names."""
    url = _url(token)
    query = _query(url)
    _check_host(url, query, hosts)
    _check_time(query)
    return _signer(url, query, cluster)


def _url(token: str) -> SplitResult:
    if not token.startswith(PREFIX) or len(token) > LONGEST:
        raise UnacceptableToken(f"token does not begin with {PREFIX} or is longer than {LONGEST} characters")
    text = token.removeprefix(PREFIX)
    try:
        return urlsplit(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode())
    except ValueError:
        raise UnacceptableToken("token is not the address of a presigned request") from None


def _query(url: SplitResult) -> dict[str, str]:
    try:
        given = parse_qs(url.query, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise UnacceptableToken("presigned request has malformed parameters") from None
    if len({name.lower() for name in given}) < len(given) or any(len(values) > 1 for values in given.values()):
        raise UnacceptableToken("presigned request has a parameter twice")
    foreign = sorted(name for name in given if name.lower() not in _PARAMETERS)
    if foreign:
        raise UnacceptableToken(f"presigned request has a parameter that is not allowed: {foreign[0]}")
    return {name: values[0] for name, values in given.items()}


def _check_host(url: SplitResult, query: dict[str, str], hosts: frozenset[str]) -> None:
    scope = _SCOPE.fullmatch(query.get("X-Amz-Credential", ""))
    if scope is None:
        raise UnacceptableToken("presigned request is not signed for STS")
    allowed = hosts | {"sts.amazonaws.com", f"sts.{scope[1]}.amazonaws.com"}
    if url.scheme != "https" or url.netloc not in allowed or url.path not in {"", "/"}:
        raise UnacceptableToken(f"presigned request is not to STS: {url.netloc}{url.path}")
    if query.get("Action") != "GetCallerIdentity":
        raise UnacceptableToken("presigned request is another one than GetCallerIdentity")


def _check_time(query: dict[str, str]) -> None:
    try:
        signed = datetime.strptime(query.get("X-Amz-Date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        expires = int(query.get("X-Amz-Expires", ""))
    except ValueError:
        raise UnacceptableToken("presigned request has no date or expiry") from None
    if not 0 <= expires <= VALIDITY:
        raise UnacceptableToken(
            f"presigned request expires after {expires} seconds, at most {VALIDITY:.0f} are allowed"
        )
    if not signed - SKEW <= time.time() < signed + VALIDITY:
        raise UnacceptableToken(f"presigned request of {query['X-Amz-Date']} is expired")


def _signer(url: SplitResult, query: dict[str, str], cluster: str) -> Identity:
    sigv4, evaluator = emulator.core("sigv4"), emulator.core("iam_evaluator")
    listed = {name: [value] for name, value in query.items()}
    signature: Any = sigv4.parse_query_signature(listed)
    if isinstance(signature, tuple):
        raise UnacceptableToken(str(cast("tuple[str, str]", signature)[1]))
    if not {"host", CLUSTER} <= set(signature.signed_headers.lower().split(";")):
        raise UnacceptableToken(f"presigned request does not sign host and {CLUSTER}")
    token = query.get("X-Amz-Security-Token", "")
    known: Any = evaluator.resolve_credential(signature.access_key_id, emulator.account(), token)
    if isinstance(known, evaluator.CredentialResolutionError):
        raise UnacceptableToken(f"STS refuses the credentials: {known.message}")
    headers = {"host": url.netloc, CLUSTER: cluster}
    if sigv4.header_signature_failure(
        signature, known.secret_access_key, "GET", url.path or "/", listed, headers, b"", presigned=True
    ):
        raise UnacceptableToken(f"STS refuses the signature: the token is not for cluster {cluster}, or was changed")
    principal = str(known.principal_id).partition(":")[0]
    return Identity(str(known.principal_arn), str(known.account_id), principal, signature.access_key_id)
