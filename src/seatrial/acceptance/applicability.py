"""Why a case may say nothing about a platform: each gives None when the case applies, else the reason in a sentence."""

from seatrial import versions
from seatrial.acceptance.model import Finding
from seatrial.acceptance.outputs import Outputs


def unknown_version(outputs: Outputs) -> str | None:
    """Leave out a case about a Kubernetes version that is newer than what this suite knows."""
    known = outputs["clusterVersion"] in versions.LIFECYCLES
    return None if known else f"{outputs['clusterVersion']} is not in the support table of {versions.AS_OF}"


def nothing_in_cluster(outputs: Outputs) -> str | None:
    """Leave out what lives inside the cluster when the stack puts nothing there."""
    enabled = outputs["kubernetesEnabled"] != "false"
    return None if enabled else "the stack puts nothing into the cluster (kubernetesEnabled is 'false')"


def lacks_addon(addon: str) -> Finding:
    """Leave out a case about an add-on that is off."""

    def reason(outputs: Outputs) -> str | None:
        there = addon in outputs.map_of("addonVersions")
        return None if there else f"the add-on is off (addonVersions does not name {addon})"

    return reason


def lacks_chart(chart: str) -> Finding:
    """Leave out a case about a chart that is off."""

    def reason(outputs: Outputs) -> str | None:
        if nothing := nothing_in_cluster(outputs):
            return nothing
        there = chart in outputs.items_of("chartNames")
        return None if there else f"the chart is off (chartNames does not name {chart})"

    return reason


def lacks_tenants(outputs: Outputs) -> str | None:
    """Leave out a case about tenants when there is none."""
    if nothing := nothing_in_cluster(outputs):
        return nothing
    return None if outputs.items_of("namespaces") else "the platform has no tenant (namespaces is empty)"
