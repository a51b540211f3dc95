"""What the stack puts into the cluster: told or not told as a whole, and told once."""

import re
from typing import Final

from seatrial.acceptance.applicability import nothing_in_cluster
from seatrial.acceptance.expectations import distinct, equal, joined, matches
from seatrial.acceptance.model import Case
from seatrial.acceptance.outputs import Outputs
from seatrial.acceptance.shapes import CHART_VERSION

_IN_CLUSTER: Final = (
    "storageClassName",
    "chartNames",
    "chartVersions",
    "namespaces",
    "serviceAccounts",
    "loadBalancerControllerRoleArn",
    "clusterAutoscalerRoleArn",
    "irsaDemoBucketName",
    "irsaDemoRoleArn",
    "irsaDemoServiceAccount",
    "tenantGroups",
    "tenantPrincipals",
    "podSecurityLevels",
    "networkPolicyNames",
    "dnsServiceIp",
    "nodeLocalDnsEnabled",
)
"""Outputs that tell of objects in the cluster, and of what they have in AWS."""

_LABEL: Final = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
_SERVICE_ACCOUNT: Final = re.compile(rf"{_LABEL}/{_LABEL}(?:\.{_LABEL})*")
_SYSTEM: Final = frozenset({"kube-system"})
"""Namespaces that are there before the platform, and hold its controllers."""


def _told(outputs: Outputs) -> str | None:
    found = outputs["kubernetesEnabled"]
    return None if found in {"true", "false"} else f"kubernetesEnabled is {found!r}; expected 'true' or 'false'"


def _told_as_a_whole(outputs: Outputs) -> str | None:
    told, nothing = [key for key in _IN_CLUSTER if key in outputs], nothing_in_cluster(outputs)
    if bool(told) is not bool(nothing):
        return None
    found = f"{', '.join(told) or 'no output about its inside'} is there"
    return f"{found}, but kubernetesEnabled is {outputs['kubernetesEnabled']!r}"


def _chart_names(outputs: Outputs) -> str | None:
    return equal("chartNames", sorted(outputs.items_of("chartNames")), sorted(outputs.map_of("chartVersions")))


def _no_charts(outputs: Outputs) -> str | None:
    if nothing := nothing_in_cluster(outputs):
        return nothing
    return None if outputs.map_of("chartVersions") else "no chart is on (chartVersions is empty)"


def _chart_versions(outputs: Outputs) -> str | None:
    versions = outputs.map_of("chartVersions")
    return joined(
        matches(f"the version of chart {chart}", version, CHART_VERSION, "3.5.0") for chart, version in versions.items()
    )


def _account_names(outputs: Outputs) -> str | None:
    return joined(
        matches("a service account", account, _SERVICE_ACCOUNT, "dev/irsa-demo-sa")
        for account in outputs.items_of("serviceAccounts")
    )


def _accounts_once(outputs: Outputs) -> str | None:
    return distinct("serviceAccounts", outputs.items_of("serviceAccounts"))


def _accounts_at_home(outputs: Outputs) -> str | None:
    homes = {*_SYSTEM, *outputs.items_of("namespaces")}
    strangers = [name for name in outputs.items_of("serviceAccounts") if name.partition("/")[0] not in homes]
    if not strangers:
        return None
    return f"serviceAccounts names {', '.join(strangers)}; expected namespaces of {', '.join(sorted(homes))}"


CASES: Final = (
    Case(row=23, name="the stack says whether it fills the cluster", check=_told),
    Case(row=23, name="the stack tells of the cluster's inside just when it fills it", check=_told_as_a_whole),
    Case(row=23, name="every chart has a version", check=_chart_names, not_applicable=nothing_in_cluster),
    Case(row=23, name="every chart is pinned to one version", check=_chart_versions, not_applicable=_no_charts),
    Case(
        row=23,
        name="service accounts are named namespace/name",
        check=_account_names,
        not_applicable=nothing_in_cluster,
    ),
    Case(row=23, name="no service account is made twice", check=_accounts_once, not_applicable=nothing_in_cluster),
    Case(
        row=23,
        name="service accounts live in kube-system or in a tenant's namespace",
        check=_accounts_at_home,
        not_applicable=nothing_in_cluster,
    ),
)
