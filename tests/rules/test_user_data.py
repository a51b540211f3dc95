"""What user data says, however it is packed, spelled or encoded."""

import base64
import gzip
from collections.abc import Callable
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from seatrial import rules

Judged = Callable[..., rules.Result]


def plain(text: str) -> bytes:
    return text.encode()


def packed(text: str) -> bytes:
    return gzip.compress(text.encode())


def multipart(text: str) -> bytes:
    message = MIMEMultipart()
    message.attach(MIMEText("apiVersion: node.eks.aws/v1alpha1", "plain", "us-ascii"))
    message.attach(MIMEText(text, "plain", "utf-8"))
    return message.as_bytes()


def found(judged: Judged, rule: str, content: bytes) -> list[str]:
    data = base64.b64encode(content).decode()
    return [finding.found for finding in judged(rule, ("put", "eks-spot-lt", "userData", data)).findings]


@pytest.mark.parametrize("form", [plain, packed, multipart])
def test_weak_settings_are_found_however_they_are_packed(form: Callable[[str], bytes], judged: Judged) -> None:
    assert found(judged, "NODE-05", form("readOnlyPort: 10255\n")) == ["kubelet with the read-only port"]


@pytest.mark.parametrize("form", [plain, packed, multipart])
def test_secrets_are_found_however_they_are_packed(form: Callable[[str], bytes], judged: Judged) -> None:
    assert found(judged, "NODE-06", form("-----BEGIN RSA PRIVATE KEY-----\n")) == ["a private key"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--anonymous-auth=true", "anonymous requests"),
        ("authentication:\n  anonymous:\n    enabled: true\n", "anonymous requests"),
        ('{"authentication": {"anonymous": {"enabled": true}}}', "anonymous requests"),
        ("anonymous-auth = true", "anonymous requests"),
        ("authorization:\n  mode: AlwaysAllow\n", "authorization AlwaysAllow"),
        ("--authorization-mode=AlwaysAllow", "authorization AlwaysAllow"),
        ("--read-only-port=10255", "the read-only port"),
        ('"readOnlyPort": 10255', "the read-only port"),
        ("streamingConnectionIdleTimeout: 0s", "connections that never time out"),
        ("--streaming-connection-idle-timeout=0", "connections that never time out"),
        ("rotateCertificates: false", "certificates that aren't rotated"),
        ("server-tls-bootstrap = false", "certificates that aren't rotated"),
        ("serverTLSBootstrap: false", "certificates that aren't rotated"),
        ("--feature-gates=RotateKubeletServerCertificate=false", "certificates that aren't rotated"),
        ("kubelet --read-only-port 10255", "the read-only port"),
        ("--authorization-mode AlwaysAllow", "authorization AlwaysAllow"),
        ("makeIPTablesUtilChains: false", "iptables that aren't kept"),
    ],
)
def test_weak_settings_are_found_however_they_are_spelled(text: str, expected: str, judged: Judged) -> None:
    assert found(judged, "NODE-05", plain(text)) == [f"kubelet with {expected}"]


@pytest.mark.parametrize(
    "text",
    [
        "readOnlyPort: 0",
        "anonymous-auth=false",
        "authentication:\n  anonymous:\n    enabled: false\n  webhook:\n    enabled: true\n",
        "mode: Webhook",
        "streamingConnectionIdleTimeout: 4h0m0s",
        "streamingConnectionIdleTimeout: 05m",
        "rotateCertificates: true",
        "#!/bin/sh\n# never: --read-only-port=10255\n",
    ],
)
def test_sound_settings_are_not(text: str, judged: Judged) -> None:
    assert found(judged, "NODE-05", plain(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", "a token of a code forge"),
        ("xoxb-1234567890-abcdef", "a token of Slack"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVPmB92", "a signed token"),
        ("DATABASE=postgres://app:Xk9-vQ2m@db.internal/app", "a password in an address"),
        ("github_pat_11ABCDEFG0123456789abcdef", "a token of a code forge"),
        ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzKEY", "a value of secret"),
    ],
)
def test_secrets_are_named_and_not_shown(text: str, expected: str, judged: Judged) -> None:
    assert found(judged, "NODE-06", plain(text)) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "password: ${PASSWORD_FROM_ELSEWHERE}",
        "secret=arn:aws:secretsmanager:us-east-2:1:secret:x",
        "SECRET_NAME=prod/platform/db-credentials",
        "PASSWORD_FILE=/run/secrets/db_password",
        "token_endpoint: https://login.example.com/oauth2/token",
        "TOKEN=/var/run/tokens/api-3f9a",
        "postgres://app:${PASSWORD}@db.internal/app",
    ],
)
def test_what_only_refers_to_a_secret_is_none(text: str, judged: Judged) -> None:
    assert found(judged, "NODE-06", plain(text)) == []
