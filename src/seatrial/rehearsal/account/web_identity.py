"""Tokens of a cluster's service accounts, looked at before IAM evaluates trust policies.

MiniStack reads the claims of a web identity's token and believes them. Here its signature is verified with the key
of the cluster that the issuer names, and its times and audience as AWS STS does (IAM user guide, "OIDC federation",
and the errors of AssumeRoleWithWebIdentity in the STS API reference).
"""

import base64
import datetime as dt
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from xml.sax.saxutils import escape

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Call
from seatrial.rehearsal.account.eks import oidc
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Reply
from seatrial.rehearsal.account.refusal import RefusedError

OPERATION = "AssumeRoleWithWebIdentity"

_INVALID = "InvalidIdentityToken"

_MALFORMED = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"

_UNVERIFIED = (
    "The web identity token that was passed could not be validated by AWS. Get a new identity token from the "
    "identity provider and then retry the request."
)

_NO_KEY = (
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity "
    "documentation for requirements"
)

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Token:
    """A signed token, taken apart."""

    header: Claims
    claims: Claims
    signed: bytes
    """What the signature is of."""
    signature: bytes

    @property
    def audiences(self) -> list[str]:
        """Whom it is for."""
        audience = self.claims.get("aud", [])
        return [audience] if isinstance(audience, str) else list(audience)


def install() -> None:
    """Let MiniStack's trust evaluation see a token's only audience as the text that AWS sees."""
    module = emulator.service("sts")
    principal: Any = emulator.original(module, "_web_identity_principal")

    def flattened(token: str, provider: str, role: str) -> tuple[str, dict[str, Any]]:
        named, keys = principal(token, provider, role)
        return named, {name: _only(value) for name, value in keys.items()}

    vars(module)["_web_identity_principal"] = flattened


def _only(value: Any) -> Any:
    if isinstance(value, list) and len(cast("list[Any]", value)) == 1:
        return cast("list[Any]", value)[0]
    return cast(Any, value)


def answer(call: Call, eks: Service) -> Reply | None:
    """Refuse a token that doesn't hold; MiniStack answers to the others."""
    if call.operation == OPERATION:
        verify(read(_given(call)), eks)
    return None


def completed(call: Call, reply: Reply) -> Reply:
    """Let an answer name whom the token was of, where MiniStack names nobody."""
    status, headers, content = reply
    if call.operation != OPERATION or status != _OK:
        return reply
    claims = read(_given(call)).claims
    named = {"SubjectFromWebIdentityToken": claims["sub"], "Audience": _only(claims["aud"]), "Provider": claims["iss"]}
    text = content.decode()
    for name, value in named.items():
        text = re.sub(f"<{name}>[^<]*</{name}>", f"<{name}>{escape(str(value))}</{name}>", text)
    return status, headers, text.encode()


_OK = 200


def _given(call: Call) -> str:
    return call.request.query.get("WebIdentityToken", [""])[0]


def read(token: str) -> Token:
    """Take a token apart, or refuse it."""
    signed, _, signature = token.rpartition(".")
    header, _, claims = signed.partition(".")
    try:
        return Token(_document(header), _document(claims), signed.encode("ascii"), _bytes(signature))
    except (ValueError, TypeError):
        raise RefusedError(_INVALID, _MALFORMED) from None


def _document(text: str) -> Claims:
    document = json.loads(_bytes(text))
    if not isinstance(document, dict):
        raise TypeError(text)
    return cast(Claims, document)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)


def verify(token: Token, eks: Service) -> None:
    """Refuse a token of an unknown issuer, of another signer, of another time, or for somebody else."""
    issuer = str(token.claims.get("iss", ""))
    provider = _provider(issuer)
    check_signature(token, eks)
    check_times(token.claims)
    if not set(token.audiences) & set(provider.get("ClientIDList", [])):
        raise RefusedError(_INVALID, "Incorrect token audience")


def _provider(issuer: str) -> Mapping[str, Any]:
    arn = f"arn:aws:iam::{emulator.account()}:oidc-provider/{issuer.removeprefix('https://')}"
    provider = emulator.store("iam", "_oidc_providers").get(arn)
    if provider is None:
        raise RefusedError(_INVALID, f"No OpenIDConnect provider found in your account for {issuer}")
    return provider


def check_signature(token: Token, eks: Service) -> None:
    """Refuse a token that no cluster of the account has issued."""
    issuers = {cluster["identity"]["oidc"]["issuer"] for cluster in eks.state.clusters.values()}
    if token.claims.get("iss") not in issuers:
        raise RefusedError(_INVALID, _NO_KEY)
    if token.header.get("alg") != "RS256":
        raise RefusedError(_INVALID, _UNVERIFIED)
    try:
        oidc.public_key(eks.state).verify(token.signature, token.signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise RefusedError(_INVALID, _UNVERIFIED) from None


def check_times(claims: Claims) -> None:
    """Refuse a token that has expired, or doesn't count yet."""
    now, expires = time.time(), _seconds(claims.get("exp"))
    if expires is None or any(_seconds(claims.get(name, 0)) is None for name in ("nbf", "iat")):
        raise RefusedError(_INVALID, _MALFORMED)
    if now >= expires:
        raise RefusedError(
            "ExpiredTokenException",
            f"Token expired: current date/time {_text(now)} must be before the expiration date/time {_text(expires)}",
        )
    if any(cast(float, claims.get(name, 0)) > now + LEEWAY for name in ("nbf", "iat")):
        raise RefusedError(_INVALID, _UNVERIFIED)


LEEWAY = 5.0
"""Seconds that the clocks of signer and verifier may differ."""


def _seconds(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(moment: float) -> str:
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
