"""What EKS's webhook adds to pods whose service account has an IAM role, so that AWS's SDKs find their credentials.

Facts: aws/amazon-eks-pod-identity-webhook (README), and the EKS user guide on IAM roles for service accounts and on
Pod Identity.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from seatrial.rehearsal.account.eks.content.installation import ROLE
from seatrial.rehearsal.account.emulator import Record

AUDIENCE = "eks.amazonaws.com/audience"
"""Annotation of a service account: whom its tokens are for, where that isn't STS."""

EXPIRATION = "eks.amazonaws.com/token-expiration"
"""Annotation of a service account: seconds that its tokens last."""

SKIPPED = "eks.amazonaws.com/skip-containers"
"""Annotation of a pod: containers that get nothing, separated by commas."""

_DAY = 86_400
"""Seconds that tokens last unless an annotation says otherwise."""

_LEAST = 600
"""Seconds that they last at least: less is not issued."""


@dataclass(frozen=True, slots=True)
class Identity:
    """How the containers of a pod come to credentials."""

    volume: str
    folder: str
    """Where the token is mounted."""
    file: str
    audience: str
    seconds: int
    variables: Mapping[str, str]


def of_role(role: str, annotations: Mapping[str, str], region: str) -> Identity:
    """Give what the role on a service account brings."""
    folder, seconds = "/var/run/secrets/eks.amazonaws.com/serviceaccount", annotations.get(EXPIRATION, "")
    return Identity(
        volume="aws-iam-token",
        folder=folder,
        file="token",
        audience=annotations.get(AUDIENCE, "sts.amazonaws.com"),
        seconds=max(int(seconds), _LEAST) if seconds.isdigit() else _DAY,
        variables={
            "AWS_ROLE_ARN": role,
            "AWS_WEB_IDENTITY_TOKEN_FILE": f"{folder}/token",
            **_regional(region),
        },
    )


def of_association(region: str) -> Identity:
    """Give what a Pod Identity association brings."""
    folder, file = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount", "eks-pod-identity-token"
    return Identity(
        volume=file,
        folder=folder,
        file=file,
        audience="pods.eks.amazonaws.com",
        seconds=_DAY,
        variables={
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": f"{folder}/{file}",
            **_regional(region),
        },
    )


def _regional(region: str) -> dict[str, str]:
    return {"AWS_STS_REGIONAL_ENDPOINTS": "regional", "AWS_DEFAULT_REGION": region, "AWS_REGION": region}


def role_of(account: Record | None) -> tuple[str, dict[str, str]]:
    """Read the role of a service account, and its annotations."""
    annotations: dict[str, str] = ((account or {}).get("metadata", {})).get("annotations") or {}
    return annotations.get(ROLE, ""), annotations


def patches(pod: Record, identity: Identity) -> Iterator[Record]:
    """Give the JSON patch that lets a pod come to credentials; what it says itself stays."""
    spec = pod["spec"]
    if identity.volume in _names(spec.get("volumes")):
        return
    annotations: dict[str, str] = pod["metadata"].get("annotations") or {}
    skipped = {name.strip() for name in annotations.get(SKIPPED, "").split(",")}
    for member in ("initContainers", "containers"):
        for index, container in enumerate(cast("list[Record]", spec.get(member) or [])):
            if container["name"] not in skipped:
                yield from _of_container(f"/spec/{member}/{index}", container, identity)
    token = {"audience": identity.audience, "expirationSeconds": identity.seconds, "path": identity.file}
    volume = {
        "name": identity.volume,
        "projected": {"defaultMode": 0o644, "sources": [{"serviceAccountToken": token}]},
    }
    yield _added("/spec/volumes", spec.get("volumes"), [volume])


def _of_container(path: str, container: Record, identity: Identity) -> Iterator[Record]:
    own = _names(container.get("env"))
    variables = [{"name": name, "value": value} for name, value in identity.variables.items() if name not in own]
    yield _added(f"{path}/env", container.get("env"), variables)
    mount = {"name": identity.volume, "mountPath": identity.folder, "readOnly": True}
    yield _added(f"{path}/volumeMounts", container.get("volumeMounts"), [mount])


def _names(several: Any) -> set[str]:
    return {it["name"] for it in cast("list[Record]", several or [])}


def _added(path: str, before: Any, more: list[Record]) -> Record:
    return {"op": "add", "path": path, "value": [*(before or []), *more]}


def configuration(url: str, authority: str) -> Record:
    """Give the webhook's registration; ``authority`` is who it is verified against, in base64."""
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": "pod-identity-webhook"},
        "webhooks": [
            {
                "name": "iam-for-pods.amazonaws.com",
                "admissionReviewVersions": ["v1"],
                "clientConfig": {"url": url, "caBundle": authority},
                # As on EKS: pods come without credentials rather than not at all.
                "failurePolicy": "Ignore",
                "sideEffects": "None",
                "reinvocationPolicy": "IfNeeded",
                "timeoutSeconds": 5,
                "objectSelector": {
                    "matchExpressions": [
                        {"key": "eks.amazonaws.com/skip-pod-identity-webhook", "operator": "DoesNotExist"}
                    ]
                },
                "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}],
            }
        ],
    }
