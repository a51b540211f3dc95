"""EKS Auth: the service from which the Pod Identity agent of a node fetches the credentials of pods.

A token says which pod of which service account asks; an association says which role that gets (EKS user guide, "Learn
how EKS Pod Identity grants Pods access to AWS services"; the tags of sessions are described there as well).
"""

import json
import re
import secrets
import time
from typing import Any

from seatrial.rehearsal.account import emulator, web_identity
from seatrial.rehearsal.account.calls import Call, document_of
from seatrial.rehearsal.account.eks import roles
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import key, within
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.refusal import RefusedError
from seatrial.rehearsal.account.web_identity import Claims

AUDIENCE = "pods.eks.amazonaws.com"
"""Whom the tokens are for."""

LIFETIME = 6 * 3600
"""Seconds that the credentials last."""

_PATH = re.compile(r"/clusters/([^/]+)/assume-role-for-pod-identity")

_CODES = {"ExpiredTokenException": "ExpiredTokenException", "InvalidIdentityToken": "InvalidTokenException"}
"""Code of STS for a token that it refuses, to that of this service."""


def cluster_of(call: Call) -> str:
    """Say which cluster a call is about; empty when none."""
    found = _PATH.fullmatch(call.request.path)
    return found[1] if found else ""


def answer(call: Call, eks: Service) -> Reply:
    """Give a pod its credentials, or refuse."""
    cluster = eks.state.clusters.get(key(cluster_of(call)))
    if cluster is None:
        raise RefusedError("ResourceNotFoundException", f"No cluster found for name: {cluster_of(call)}.", 404)
    claims = _claims(str(document_of(call.request.body).get("token", "")), cluster, eks)
    pod = claims["kubernetes.io"]
    namespace, account = pod["namespace"], pod["serviceaccount"]["name"]
    association = _association(eks, cluster["name"], namespace, account)
    given = _credentials(association, _tags(cluster, pod), _session_name(cluster, pod))
    return _reply(given, association, {"namespace": namespace, "serviceAccount": account})


def _claims(text: str, cluster: Record, eks: Service) -> Claims:
    try:
        token = web_identity.read(text)
        web_identity.check_signature(token, eks)
        web_identity.check_times(token.claims)
    except RefusedError as refused:
        raise RefusedError(_CODES[refused.code], str(refused)) from None
    own = token.claims["iss"] == cluster["identity"]["oidc"]["issuer"]
    if not own or AUDIENCE not in token.audiences or "pod" not in token.claims.get("kubernetes.io", {}):
        raise RefusedError("InvalidTokenException", f"The token is not of a pod of this cluster for {AUDIENCE}")
    return token.claims


def _association(eks: Service, cluster: str, namespace: str, account: str) -> Record:
    wanted = {"namespace": namespace, "serviceAccount": account}
    found = next((it for it in within(eks.state.associations, cluster) if wanted.items() <= it.items()), None)
    if found is None:
        raise RefusedError("ResourceNotFoundException", f"No association found for {namespace}/{account}", 404)
    role = roles.find(found["roleArn"])
    if role is None or not roles.admits(role, AUDIENCE):
        raise RefusedError("AccessDeniedException", f"{found['roleArn']} does not exist or does not trust {AUDIENCE}")
    return found


def _tags(cluster: Record, pod: Record) -> list[dict[str, str]]:
    tags = {
        "eks-cluster-arn": cluster["arn"],
        "eks-cluster-name": cluster["name"],
        "kubernetes-namespace": pod["namespace"],
        "kubernetes-service-account": pod["serviceaccount"]["name"],
        "kubernetes-pod-name": pod["pod"]["name"],
        "kubernetes-pod-uid": pod["pod"]["uid"],
    }
    return [{"Key": name, "Value": value} for name, value in tags.items()]


def _session_name(cluster: Record, pod: Record) -> str:
    return f"eks-{cluster['name']}-{pod['pod']['name']}-{secrets.token_hex(8)}"[-64:]


def _credentials(association: Record, tags: list[dict[str, str]], session: str) -> Record:
    """Open a session of the role, or of the one that it assumes in turn."""
    role = roles.find(association.get("targetRoleArn", association["roleArn"])) or {}
    if not role:
        raise RefusedError("AccessDeniedException", f"{association['targetRoleArn']} does not exist")
    iam, sts = emulator.service("iam"), emulator.service("sts")
    given = {
        "accessKeyId": emulator.member(iam, "_gen_session_access_key")(),
        "secretAccessKey": emulator.member(iam, "_gen_secret")(),
        "sessionToken": emulator.member(iam, "_gen_session_token")(),
        "expiration": int(time.time()) + LIFETIME,
    }
    arn = f"arn:aws:sts::{emulator.account()}:assumed-role/{role['RoleName']}/{session}"
    number = f"{role['RoleId']}:{session}"
    opened: dict[str, Any] = {
        "Arn": arn,
        "UserId": number,
        "SecretAccessKey": given["secretAccessKey"],
        "SessionToken": given["sessionToken"],
        "Expiration": given["expiration"],
        "AccountId": emulator.account(),
        "PrincipalType": "AssumedRole",
        "SessionTags": [] if association["disableSessionTags"] else tags,
        "SessionPolicies": {"Policy": association["policy"], "PolicyArns": []} if "policy" in association else None,
    }
    emulator.member(sts, "register_session")(given["accessKeyId"], opened)
    return {"credentials": given, "assumedRoleUser": {"arn": arn, "assumeRoleId": number}}


def _reply(given: Record, association: Record, subject: dict[str, str]) -> Reply:
    named = {name: association[name] for name in ("associationArn", "associationId")}
    document = {**given, "subject": subject, "audience": AUDIENCE, "podIdentityAssociation": named}
    return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()
