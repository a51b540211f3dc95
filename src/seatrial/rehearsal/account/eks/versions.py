"""Kubernetes versions, as EKS offers them today."""

import datetime as dt

from seatrial import versions
from seatrial.rehearsal.account.eks import refusal
from seatrial.rehearsal.account.emulator import Record
from seatrial.versions import Lifecycle, Support

_STATUS = {Support.STANDARD: "STANDARD_SUPPORT", Support.EXTENDED: "EXTENDED_SUPPORT", Support.ENDED: "UNSUPPORTED"}


def offered() -> tuple[str, ...]:
    """Versions that a cluster may have, oldest first."""
    return versions.supported(_today(), extended=True)


def check(version: str) -> None:
    """Refuse a version that EKS doesn't offer."""
    if version not in offered():
        refusal.invalid(f"unsupported Kubernetes version: {version}")


def minor(version: str) -> int:
    """Give the number that upgrades count by."""
    return int(version.partition(".")[2])


def release(version: str) -> str:
    """Give the AMI release of nodes of a version."""
    return f"{version}.1-20261105"


def describe(parameters: Record) -> Record:
    """DescribeClusterVersions."""
    wanted, status = parameters.get("clusterVersions"), parameters.get("versionStatus")
    listed = [_entry(version, versions.LIFECYCLES[version]) for version in versions.LIFECYCLES]
    shown = [entry for entry in listed if parameters.get("includeAll") or entry["versionStatus"] != "UNSUPPORTED"]
    if parameters.get("defaultOnly"):
        shown = [entry for entry in shown if entry["defaultVersion"]]
    return {
        "clusterVersions": [
            entry
            for entry in reversed(shown)
            if (not wanted or entry["clusterVersion"] in wanted) and status in {None, entry["versionStatus"]}
        ]
    }


def _entry(version: str, lifecycle: Lifecycle) -> Record:
    status = _STATUS.get(lifecycle.on(_today()), "UNSUPPORTED")
    return {
        "clusterVersion": version,
        "clusterType": "eks",
        "defaultPlatformVersion": "eks.1",
        "defaultVersion": version == versions.DEFAULT,
        "releaseDate": _midnight(lifecycle.released),
        "endOfStandardSupportDate": _midnight(lifecycle.standard_ends),
        "endOfExtendedSupportDate": _midnight(lifecycle.extended_ends),
        "status": status.lower().replace("_", "-"),
        "versionStatus": status,
        "kubernetesPatchVersion": f"{version}.1",
    }


def _midnight(day: dt.date) -> float:
    return dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
