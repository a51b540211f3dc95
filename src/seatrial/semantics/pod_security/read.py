"""Reading a pod from the fields of an object."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from seatrial.semantics.fields import Fields
from seatrial.semantics.pod_security.pod import APP_ARMOR, Container, Pod, SecurityContext, SELinuxOptions, Volume
from seatrial.semantics.workloads import PodFields

_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HANDLERS = ("postStart", "preStop")


def pod(source: PodFields) -> Pod:
    """Read what Pod Security looks at, with the defaults that the API fills in before admission."""
    spec = source.spec
    host_network = spec.flag("hostNetwork") or False
    security = _fields(spec, "securityContext")
    found = Pod(
        annotations=source.metadata.labels("annotations"),
        containers=tuple(
            _container(item, on_host=host_network and source.is_pod) for key in _CONTAINERS for item in spec.items(key)
        ),
        host_ipc=spec.flag("hostIPC") or False,
        host_network=host_network,
        host_pid=spec.flag("hostPID") or False,
        host_users=spec.flag("hostUsers"),
        os=_fields(spec, "os").text("name") or "",
        security=_security(security),
        sysctls=tuple(item.text("name") or "" for item in security.items("sysctls")),
        volumes=tuple(_volume(item) for item in spec.items("volumes")),
    )
    return _with_profiles(found) if source.is_pod and found.annotations else found


def _with_profiles(pod: Pod) -> Pod:
    """Set the profiles that annotations ask for, as the API does for a pod (no template) since 1.30."""
    # What is already the whole pod's isn't copied to its containers.
    if pod.is_windows or pod.security.app_armor == "Unconfined":
        return pod
    return replace(pod, containers=tuple(_with_profile(each, pod.annotations) for each in pod.containers))


def _with_profile(container: Container, annotations: Mapping[str, str]) -> Container:
    annotation = annotations.get(f"{APP_ARMOR}{container.name}")
    if annotation != "unconfined" or container.security.app_armor is not None:
        return container
    return replace(container, security=replace(container.security, app_armor="Unconfined"))


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


def _container(fields: Fields, *, on_host: bool) -> Container:
    return Container(
        name=fields.text("name") or "",
        security=_security(_fields(fields, "securityContext")),
        host_ports=tuple(_host_port(port, on_host=on_host) for port in fields.items("ports")),
        handler_hosts=tuple(_handler_hosts(fields)),
    )


def _host_port(fields: Fields, *, on_host: bool) -> int:
    # A pod (since 1.28 no template) in the node's network gets the ports of its containers as host ports.
    return fields.number("hostPort") or (on_host and fields.number("containerPort")) or 0


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
