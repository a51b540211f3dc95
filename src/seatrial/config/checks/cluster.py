"""The control plane: version, ways in, administrators."""

from collections.abc import Iterator
from datetime import date

from seatrial import versions
from seatrial.config.checks.check import Check, Context
from seatrial.config.cluster import SupportType
from seatrial.config.location import found, path
from seatrial.errors import Fault
from seatrial.versions import Support

_VERSION = ("cluster", "version")
_SUPPORT_TYPE = ("cluster", "supportType")
_PUBLIC = ("cluster", "endpoint", "public")
_CLIENTS = ("cluster", "endpoint", "publicAccessCidrs")
_ADMINS = ("cluster", "admins")


def _version_supported(context: Context) -> Iterator[Fault]:
    cluster, today = context.platform.cluster, context.today
    paid = cluster.support_type is SupportType.EXTENDED
    level = versions.support(cluster.version, today)
    if level is Support.STANDARD or (level is Support.EXTENDED and paid):
        return
    known = ", ".join(f'"{version}"' for version in versions.supported(today, extended=paid))
    allowed = f"a version that EKS supports on {today}: {known or 'none that this release knows'}"
    yield Fault(path(_VERSION), found(cluster.version), allowed, _reason(cluster.version, level, today))


def _reason(version: str, level: Support, today: date) -> str:
    dates = versions.LIFECYCLES.get(version)
    match level, dates:
        case Support.EXTENDED, versions.Lifecycle():
            return (
                f"standard support of {version} ended on {dates.standard_ends}; extended support lasts until "
                f"{dates.extended_ends} and costs {versions.EXTENDED_USD_PER_HOUR:.2f} instead of "
                f"{versions.STANDARD_USD_PER_HOUR:.2f} USD an hour: set supportType to EXTENDED to pay it"
            )
        case Support.ENDED, versions.Lifecycle():
            return f"support of {version} ended on {dates.extended_ends}"
        case Support.UNKNOWN, versions.Lifecycle():
            return f"EKS offers {version} from {dates.released}; today is taken to be {today}"
        case Support.ENDED, _:
            return "its support ended long ago"
        case _:
            return f"the table of versions is of {versions.AS_OF}: a newer release of seatrial may know it"


def _public_restricted(context: Context) -> Iterator[Fault]:
    endpoint = context.platform.cluster.endpoint
    if endpoint.public and not endpoint.public_access_cidrs:
        yield Fault(
            path(_CLIENTS),
            "(missing)",
            "at least one range when the endpoint is public",
            "EKS takes an empty list for 0.0.0.0/0, everybody",
        )
    if endpoint.public_access_cidrs and not endpoint.public:
        yield Fault(
            path(_CLIENTS),
            found(list(endpoint.public_access_cidrs)),
            "none when the endpoint isn't public",
            "set public to true, or leave the ranges out",
        )


def _admins_distinct(context: Context) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for name, principal in context.platform.cluster.admins.items():
        if principal in first:
            yield Fault(
                path((*_ADMINS, name)),
                found(principal),
                "each principal once",
                f"{first[principal]} is the same; EKS allows one access entry for each",
            )
        first.setdefault(principal, name)


CHECKS = (
    Check(reads=(_VERSION, _SUPPORT_TYPE), run=_version_supported),
    Check(reads=(_PUBLIC, _CLIENTS), run=_public_restricted),
    Check(reads=(_ADMINS,), run=_admins_distinct),
)
