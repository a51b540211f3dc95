"""The OIDC issuer of a cluster: its discovery document and the key that its tokens are signed with.

One key serves every cluster of the account. It is kept with the state, so that the documents stay
the same when the account is restarted.
"""

import base64
import hashlib
import re
from typing import cast

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from seatrial.rehearsal.account.eks.state import State
from seatrial.rehearsal.account.emulator import Record

_PATH = re.compile(r"/oidc/id/([A-Z0-9]+)/(\.well-known/openid-configuration|keys)")


def document(state: State, issuer: str, path: str) -> Record | None:
    """Answer a request for one of an issuer's documents; nothing for any other path or cluster."""
    found = _PATH.fullmatch(path)
    own = f"{issuer}/oidc/id/{found[1]}" if found else ""
    if found is None or own not in {cluster["identity"]["oidc"]["issuer"] for cluster in state.clusters.values()}:
        return None
    return {"keys": [_public(state)]} if found[2] == "keys" else _discovery(own)


def _discovery(issuer: str) -> Record:
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/keys",
        "authorization_endpoint": "urn:kubernetes:programmatic_authorization",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "claims_supported": ["sub", "iss"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


def signing_key(state: State) -> str:
    """Give the private key, PEM; it is made with the first cluster."""
    if not state.signing_key:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        state.signing_key = pem.decode()
    return state.signing_key


def _public(state: State) -> Record:
    public = public_key(state)
    numbers = public.public_numbers()
    return {
        "kty": "RSA",
        "alg": "RS256",
        "use": "sig",
        "kid": _identifier(public),
        "n": _number(numbers.n),
        "e": _number(numbers.e),
    }


def public_key(state: State) -> rsa.RSAPublicKey:
    """Give the key that the clusters' tokens are verified with."""
    private = serialization.load_pem_private_key(signing_key(state).encode(), None)
    return cast(rsa.RSAPrivateKey, private).public_key()


def _identifier(key: rsa.RSAPublicKey) -> str:
    """Name a key as kube-apiserver does in its tokens: by the digest of its DER encoding."""
    content = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return _text(hashlib.sha256(content).digest())


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
