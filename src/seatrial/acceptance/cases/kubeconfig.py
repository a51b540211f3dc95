"""The kubeconfig: it leads to this cluster, with credentials made on the spot."""

import base64
import binascii
from typing import Final

from seatrial.acceptance.expectations import equal
from seatrial.acceptance.kubeconfig import Exec, Kubeconfig, parse_kubeconfig
from seatrial.acceptance.model import Case
from seatrial.acceptance.outputs import MalformedOutputError, Outputs

_STATIC: Final = frozenset({"token", "tokenFile", "password", "client-key", "client-key-data"})
"""Credentials that would live on in the hands of whoever has the file."""

_PROTOCOL: Final = "client.authentication.k8s.io/v1beta1"
"""The version that ``aws eks get-token`` answers in."""


def _kubeconfig(outputs: Outputs) -> Kubeconfig:
    return parse_kubeconfig(outputs["kubeconfig"])


def _exec(outputs: Outputs) -> Exec:
    command = _kubeconfig(outputs).user().exec
    if command is None:
        raise MalformedOutputError("kubeconfig's user has no exec command; expected aws eks get-token")
    return command


def _readable(outputs: Outputs) -> str | None:
    return equal("kubeconfig's kind", _kubeconfig(outputs).kind, "Config")


def _connected(outputs: Outputs) -> str | None:
    kubeconfig = _kubeconfig(outputs)
    kubeconfig.server()
    kubeconfig.user()
    return None


def _server(outputs: Outputs) -> str | None:
    return equal("kubeconfig's server", _kubeconfig(outputs).server().server, outputs["clusterEndpoint"])


def _authority(outputs: Outputs) -> str | None:
    try:
        certificate = base64.b64decode(_kubeconfig(outputs).server().authority, validate=True)
    except binascii.Error:
        return "kubeconfig's certificate-authority-data is not base64"
    if certificate.startswith(b"-----BEGIN CERTIFICATE-----"):
        return None
    return "kubeconfig's certificate-authority-data is no PEM certificate"


def _get_token(outputs: Outputs) -> str | None:
    command = _exec(outputs)
    if command.command == "aws" and " eks get-token " in f" {' '.join(command.args)} ":
        return None
    return f"kubeconfig's user runs {' '.join((command.command, *command.args))!r}; expected aws eks get-token"


def _protocol(outputs: Outputs) -> str | None:
    return equal("kubeconfig's exec apiVersion", _exec(outputs).version, _PROTOCOL)


def _names_cluster(outputs: Outputs) -> str | None:
    return equal("kubeconfig's --cluster-name", _exec(outputs).option("--cluster-name"), outputs["clusterName"])


def _names_region(outputs: Outputs) -> str | None:
    return equal("kubeconfig's --region", _exec(outputs).option("--region"), outputs["region"])


def _own_identity(outputs: Outputs) -> str | None:
    role = _exec(outputs).option("--role-arn")
    return f"kubeconfig's user takes on {role}; expected whoever uses it to enter as themselves" if role else None


def _no_static(outputs: Outputs) -> str | None:
    held = sorted(_STATIC & {*(_kubeconfig(outputs).user().model_extra or {})})
    return f"kubeconfig's user holds {', '.join(held)}; expected no lasting credential" if held else None


CASES: Final = (
    Case(row=2, name="the kubeconfig is one that kubectl reads", check=_readable),
    Case(row=2, name="the kubeconfig's current context leads to a cluster and a user", check=_connected),
    Case(row=2, name="the kubeconfig's server is the cluster's endpoint", check=_server),
    Case(row=2, name="the kubeconfig trusts a certificate authority of its own", check=_authority),
    Case(row=2, name="the kubeconfig gets its tokens by aws eks get-token", check=_get_token),
    Case(row=2, name="the kubeconfig speaks the protocol of aws eks get-token", check=_protocol),
    Case(row=2, name="the kubeconfig asks for a token of this cluster", check=_names_cluster),
    Case(row=2, name="the kubeconfig asks in the cluster's region", check=_names_region),
    Case(row=2, name="the kubeconfig lets everybody enter as themselves", check=_own_identity),
    Case(row=2, name="the kubeconfig holds no lasting credential", check=_no_static),
)
