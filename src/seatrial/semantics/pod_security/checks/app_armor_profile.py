"""The runtime's AppArmor profile may not be disabled, neither by field nor by the annotation that preceded it."""

import json
from collections.abc import Sequence

from seatrial.semantics.pod_security.check import Check, Forbidden, Level
from seatrial.semantics.pod_security.pod import APP_ARMOR, Pod, SecurityContext
from seatrial.semantics.pod_security.wording import plural, quoted, setters

_TYPES = frozenset({"RuntimeDefault", "Localhost"})


def _decide(pod: Pod) -> Forbidden | None:
    containers = [item for item in pod.containers if _is_bad(item.security)]
    holders = [*([pod.security] if _is_bad(pod.security) else []), *(item.security for item in containers)]
    annotations = sorted(_bad_annotations(pod))
    values = [*sorted({holder.app_armor or "" for holder in holders}), *annotations]
    if not values:
        return None
    who = _who(pod, [item.name for item in containers], annotations)
    reason = plural("forbidden AppArmor profile", values)
    return Forbidden(reason, f"{who} must not set AppArmor profile type to {quoted(values)}")


def _is_bad(security: SecurityContext) -> bool:
    return security.app_armor is not None and security.app_armor not in _TYPES


def _bad_annotations(pod: Pod) -> list[str]:
    return [
        f"{name}={json.dumps(value, ensure_ascii=False)}"
        for name, value in pod.annotations.items()
        if name.startswith(APP_ARMOR) and value not in ("", "runtime/default") and not value.startswith("localhost/")
    ]


def _who(pod: Pod, names: Sequence[str], annotations: Sequence[str]) -> str:
    fields = setters(names, pod=_is_bad(pod.security))
    return " and ".join(part for part in (fields, plural("annotation", annotations) if annotations else "") if part)


CHECK = Check(id="appArmorProfile", level=Level.BASELINE, revisions=((0, _decide),))
