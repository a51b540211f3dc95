"""The EKS managed add-ons, and the roles of those that call AWS."""

from typing import Final

from seatrial.acceptance.applicability import lacks_addon
from seatrial.acceptance.expectations import equal, joined, matches
from seatrial.acceptance.model import Case, Finding
from seatrial.acceptance.outputs import Outputs
from seatrial.acceptance.shapes import ADDON_VERSION

_KNOWN: Final = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent", "coredns", "aws-ebs-csi-driver", "metrics-server")


def _version(addon: str) -> Finding:
    def check(outputs: Outputs) -> str | None:
        found = outputs.map_of("addonVersions")[addon]
        return matches(f"the version of {addon}", found, ADDON_VERSION, "v1.20.4-eksbuild.1")

    return check


def _names(outputs: Outputs) -> str | None:
    found, expected = sorted(outputs.items_of("addonNames")), sorted(outputs.map_of("addonVersions"))
    return equal("addonNames", found, expected)


def _others(outputs: Outputs) -> dict[str, str]:
    return {name: version for name, version in outputs.map_of("addonVersions").items() if name not in _KNOWN}


def _no_others(outputs: Outputs) -> str | None:
    return None if _others(outputs) else f"the platform has no add-on besides {', '.join(_KNOWN)}"


def _other_versions(outputs: Outputs) -> str | None:
    form = "v8.3.0-eksbuild.1"
    return joined(
        matches(f"the version of {name}", version, ADDON_VERSION, form) for name, version in _others(outputs).items()
    )


def _kube_proxy_follows(outputs: Outputs) -> str | None:
    found, cluster = outputs.map_of("addonVersions")["kube-proxy"], outputs["clusterVersion"]
    if _minor(found) <= _minor(cluster):
        return None
    return f"kube-proxy is {found}; expected no newer minor than the cluster's {cluster}"


def _minor(version: str) -> int:
    digits = version.split(".")[1:2]
    return int(digits[0]) if digits and digits[0].isdigit() else 0


CASES: Final = (
    Case(row=4, name="every add-on has a version", check=_names),
    *(
        Case(row=4, name=f"{addon} runs in a version of EKS", check=_version(addon), not_applicable=lacks_addon(addon))
        for addon in _KNOWN
    ),
    Case(row=4, name="every other add-on runs in a version of EKS", check=_other_versions, not_applicable=_no_others),
    Case(
        row=4,
        name="kube-proxy is not newer than the control plane",
        check=_kube_proxy_follows,
        not_applicable=lacks_addon("kube-proxy"),
    ),
)
