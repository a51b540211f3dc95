"""Only SELinux types that are made for containers; neither user nor role."""

from collections.abc import Iterator, Sequence
from functools import partial

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import Pod, SELinuxOptions
from seatrial.semantics.pod_security.wording import counted, setters

_TYPES = frozenset({"", "container_t", "container_init_t", "container_kvm_t"})
_TYPES_31 = _TYPES | {"container_engine_t"}


def _decide(types: frozenset[str], pod: Pod) -> Forbidden | None:
    on_pod = _bad(pod.security.se_linux, types)
    on_containers = [(item.name, bad) for item in pod.containers if (bad := _bad(item.security.se_linux, types))]
    who = setters([name for name, _ in on_containers], pod=on_pod is not None)
    if not who:
        return None
    bad = [*([on_pod] if on_pod else []), *(options for _, options in on_containers)]
    return Forbidden(
        "seLinuxOptions", f"{who} set forbidden securityContext.seLinuxOptions: {'; '.join(_data(bad, types))}"
    )


def _bad(options: SELinuxOptions | None, types: frozenset[str]) -> SELinuxOptions | None:
    if options is None or (options.type in types and not options.user and not options.role):
        return None
    return options


def _data(bad: Sequence[SELinuxOptions], types: frozenset[str]) -> Iterator[str]:
    named = sorted({options.type for options in bad} - types)
    if named:
        yield counted("type", named)
    if any(options.user for options in bad):
        yield "user may not be set"
    if any(options.role for options in bad):
        yield "role may not be set"


CHECK = Check(
    id="seLinuxOptions",
    level=Level.BASELINE,
    revisions=((0, partial(_decide, _TYPES)), (31, partial(_decide, _TYPES_31))),
)
