"""The control plane and its identity provider."""

from typing import Final
from urllib.parse import urlsplit

from seatrial import versions
from seatrial.acceptance.applicability import unknown_version
from seatrial.acceptance.expectations import arn, ends, equal, identifier, matches
from seatrial.acceptance.model import Case
from seatrial.acceptance.outputs import Outputs
from seatrial.acceptance.shapes import KUBERNETES_VERSION, parse_arn
from seatrial.versions import Support


def _name(outputs: Outputs) -> str | None:
    return ends("clusterName", outputs["clusterName"], outputs["environmentSuffix"])


def _arn(outputs: Outputs) -> str | None:
    return arn("clusterArn", outputs["clusterArn"], "eks", "cluster/")


def _arn_names_cluster(outputs: Outputs) -> str | None:
    return equal("the name in clusterArn", outputs["clusterArn"].rpartition("/")[2], outputs["clusterName"])


def _arn_region(outputs: Outputs) -> str | None:
    parsed = parse_arn(outputs["clusterArn"])
    return equal("the region in clusterArn", parsed and parsed.region, outputs["region"])


def _active(outputs: Outputs) -> str | None:
    return equal("clusterStatus", outputs["clusterStatus"], "ACTIVE")


def _version_form(outputs: Outputs) -> str | None:
    return matches("clusterVersion", outputs["clusterVersion"], KUBERNETES_VERSION, "1.36")


def _version_supported(outputs: Outputs) -> str | None:
    version = outputs["clusterVersion"]
    if versions.support(version, versions.AS_OF) is not Support.ENDED:
        return None
    return f"clusterVersion is {version!r}; its support ended on {versions.LIFECYCLES[version].extended_ends}"


def _endpoint(outputs: Outputs) -> str | None:
    return _bare_https("clusterEndpoint", outputs["clusterEndpoint"])


def _security_group(outputs: Outputs) -> str | None:
    return identifier("clusterSecurityGroupId", outputs["clusterSecurityGroupId"], "sg")


def _log_group(outputs: Outputs) -> str | None:
    expected = f"/aws/eks/{outputs['clusterName']}/cluster"
    return equal("clusterLogGroupName", outputs["clusterLogGroupName"], expected)


def _issuer(outputs: Outputs) -> str | None:
    parts = urlsplit(outputs["oidcProviderUrl"])
    if parts.scheme == "https" and parts.hostname and parts.path.strip("/") and not parts.query:
        return None
    return (
        f"oidcProviderUrl is {outputs['oidcProviderUrl']!r}; expected an https:// address with the cluster's id as path"
    )


def _provider_arn(outputs: Outputs) -> str | None:
    return arn("oidcProviderArn", outputs["oidcProviderArn"], "iam", "oidc-provider/")


def _provider_names_issuer(outputs: Outputs) -> str | None:
    issuer = outputs["oidcProviderUrl"].removeprefix("https://")
    found = outputs["oidcProviderArn"].partition(":oidc-provider/")[2]
    return equal("the issuer in oidcProviderArn", found, issuer)


def _bare_https(subject: str, address: str) -> str | None:
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname and not parts.path.strip("/"):
        return None
    return f"{subject} is {address!r}; expected https:// and a host, without a path"


CASES: Final = (
    Case(row=2, name="the cluster's name carries the environment's suffix", check=_name),
    Case(row=2, name="the cluster's ARN is one of EKS", check=_arn),
    Case(row=2, name="the cluster's ARN names the cluster", check=_arn_names_cluster),
    Case(row=2, name="the cluster's ARN is in the region", check=_arn_region),
    Case(row=2, name="the cluster is active", check=_active),
    Case(row=2, name="the Kubernetes version is a minor such as 1.36", check=_version_form),
    Case(
        row=2,
        name="EKS supports the Kubernetes version",
        check=_version_supported,
        not_applicable=unknown_version,
    ),
    Case(row=2, name="the endpoint is an https address", check=_endpoint),
    Case(row=2, name="the cluster security group's id has AWS's form", check=_security_group),
    Case(row=2, name="the control plane logs to /aws/eks/<cluster>/cluster", check=_log_group),
    Case(row=2, name="the OIDC issuer is an https address", check=_issuer),
    Case(row=2, name="the OIDC provider's ARN is one of IAM", check=_provider_arn),
    Case(row=2, name="the OIDC provider's ARN holds the issuer without https://", check=_provider_names_issuer),
)
