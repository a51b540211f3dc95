"""Groups that stand for access policies: one for each policy and where it counts.

Their names begin with ``eks:``, which neither an access entry nor anybody else may give a group.
"""

from collections.abc import Iterator

from seatrial.rehearsal.account.emulator import Record

PREFIX = "eks:access-policy:"

Grant = tuple[str, str]
"""Name of a policy, and the namespace, or pattern of namespaces, where it counts; empty for the whole cluster."""


def grants(entry: Record) -> Iterator[Grant]:
    """Give what the access policies of an entry grant."""
    for policy, association in entry["_policies"].items():
        scope = association["accessScope"]
        for namespace in scope["namespaces"] if scope["type"] == "namespace" else [""]:
            yield policy.rpartition("/")[2], namespace


def group(grant: Grant) -> str:
    """Name the group of those who hold a grant."""
    policy, namespace = grant
    return f"{PREFIX}{policy}:{namespace}" if namespace else f"{PREFIX}{policy}"


def of_entry(entry: Record) -> list[str]:
    """Name the groups that the access policies of an entry make its principal a member of."""
    return [group(grant) for grant in grants(entry)]
