"""Every capability dropped; only binding to low ports may be added."""

from collections.abc import Iterator

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Container, Pod
from seatrial.semantics.pod_security.wording import counted, quoted


def _decide(pod: Pod) -> Forbidden | None:
    details = [] if pod.is_windows else [*_details(pod)]
    return Forbidden("unrestricted capabilities", "; ".join(details)) if details else None


def _details(pod: Pod) -> Iterator[str]:
    keeping = [item.name for item in pod.containers if "ALL" not in item.security.capabilities_dropped]
    if keeping:
        yield f'{counted("container", keeping)} must set securityContext.capabilities.drop=["ALL"]'
    adding = [item.name for item in pod.containers if _bad(item)]
    if adding:
        values = sorted({value for item in pod.containers for value in _bad(item)})
        yield f"{counted('container', adding)} must not include {quoted(values)} in securityContext.capabilities.add"


def _bad(container: Container) -> set[str]:
    return {*container.security.capabilities_added} - {"NET_BIND_SERVICE"}


CHECK = Check(
    id="capabilities_restricted",
    level=Level.RESTRICTED,
    revisions=((22, _decide),),
    overrides="capabilities_baseline",
)
