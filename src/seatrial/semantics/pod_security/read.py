"""Reading a pod from the fields of an object."""

from collections.abc import Iterator

from seatrial.semantics.fields import Fields
from seatrial.semantics.pod_security.pod import Container, Pod, SecurityContext, SELinuxOptions, Volume
from seatrial.semantics.workloads import PodFields

_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HANDLERS = ("postStart", "preStop")


def pod(source: PodFields) -> Pod:
    """Read what Pod Security looks at, with the defaults that the API fills in before admission."""
    spec = source.spec
    host_network = spec.flag("hostNetwork") or False
    security = _fields(spec, "securityContext")
    # A pod (since 1.28 no template) in the node's network gets the ports of its containers as host ports.
    port = "containerPort" if host_network and source.is_pod else "hostPort"
    return Pod(
        annotations=source.metadata.labels("annotations"),
        containers=tuple(_container(item, port) for key in _CONTAINERS for item in spec.items(key)),
        host_ipc=spec.flag("hostIPC") or False,
        host_network=host_network,
        host_pid=spec.flag("hostPID") or False,
        host_users=spec.flag("hostUsers"),
        os=_fields(spec, "os").text("name") or "",
        security=_security(security),
        sysctls=tuple(item.text("name") or "" for item in security.items("sysctls")),
        volumes=tuple(_volume(item) for item in spec.items("volumes")),
    )


def _fields(parent: Fields, key: str) -> Fields:
    return parent.fields(key) or Fields({}, f"{parent.at(key)}.", parent.faults)


def _security(fields: Fields) -> SecurityContext:
    capabilities = _fields(fields, "capabilities")
    return SecurityContext(
        allow_privilege_escalation=fields.flag("allowPrivilegeEscalation"),
        app_armor=_type(fields, "appArmorProfile"),
        capabilities_added=capabilities.texts("add"),
        capabilities_dropped=capabilities.texts("drop"),
        host_process=_fields(fields, "windowsOptions").flag("hostProcess"),
        privileged=fields.flag("privileged"),
        proc_mount=fields.text("procMount"),
        run_as_non_root=fields.flag("runAsNonRoot"),
        run_as_user=fields.number("runAsUser"),
        seccomp=_type(fields, "seccompProfile"),
        se_linux=_se_linux(fields.fields("seLinuxOptions")),
    )


def _type(fields: Fields, key: str) -> str | None:
    profile = fields.fields(key)
    return None if profile is None else profile.text("type") or ""


def _se_linux(fields: Fields | None) -> SELinuxOptions | None:
    if fields is None:
        return None
    return SELinuxOptions(
        type=fields.text("type") or "", user=fields.text("user") or "", role=fields.text("role") or ""
    )


def _container(fields: Fields, port: str) -> Container:
    return Container(
        name=fields.text("name") or "",
        security=_security(_fields(fields, "securityContext")),
        host_ports=tuple(item.number("hostPort") or item.number(port) or 0 for item in fields.items("ports")),
        handler_hosts=tuple(_handler_hosts(fields)),
    )


def _handler_hosts(container: Fields) -> Iterator[str]:
    lifecycle = _fields(container, "lifecycle")
    handlers = [_fields(container, key) for key in _PROBES] + [_fields(lifecycle, key) for key in _HANDLERS]
    for handler in handlers:
        for key in ("httpGet", "tcpSocket"):
            yield _fields(handler, key).text("host") or ""


def _volume(fields: Fields) -> Volume:
    sources = {key for key, value in fields.value.items() if value is not None} - {"name"}
    # A volume without a source becomes an emptyDir.
    return Volume(name=fields.text("name") or "", sources=frozenset(sources or {"emptyDir"}))
