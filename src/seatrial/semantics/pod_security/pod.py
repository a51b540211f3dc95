"""The part of a pod that Pod Security looks at, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

APP_ARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
"""Prefix, before a container's name, of the annotations that preceded the field ``appArmorProfile``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SELinuxOptions:
    """SELinux context; "" where a part isn't set."""

    type: str
    user: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityContext:
    """The security context of a pod or a container; None where a field isn't set."""

    allow_privilege_escalation: bool | None
    app_armor: str | None
    """Type of the profile; "" when the profile has none."""
    capabilities_added: tuple[str, ...]
    capabilities_dropped: tuple[str, ...]
    host_process: bool | None
    """Of ``windowsOptions``."""
    privileged: bool | None
    proc_mount: str | None
    run_as_non_root: bool | None
    run_as_user: int | None
    seccomp: str | None
    """Type of the profile; "" when the profile has none."""
    se_linux: SELinuxOptions | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container of any sort: regular, init or ephemeral."""

    name: str
    security: SecurityContext
    host_ports: tuple[int, ...]
    handler_hosts: tuple[str, ...]
    """Hosts that probes and lifecycle handlers name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A volume of the pod."""

    name: str
    sources: frozenset[str]
    """Its fields that are set, but for the name: ``hostPath``, ``configMap``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """A pod, or what a controller makes pods from."""

    annotations: Mapping[str, str]
    containers: tuple[Container, ...]
    """Init containers, then regular ones, then ephemeral ones: the order in which messages name them."""
    host_ipc: bool
    host_network: bool
    host_pid: bool
    host_users: bool | None
    """False when the pod has a user namespace of its own."""
    os: str
    """``linux`` or ``windows``; "" when the pod doesn't say."""
    security: SecurityContext
    sysctls: tuple[str, ...]
    volumes: tuple[Volume, ...]

    @property
    def is_windows(self) -> bool:
        """Whether the API refuses the Linux fields, so that nobody may ask for them."""
        return self.os == "windows"

    @property
    def has_user_namespace(self) -> bool:
        """Whether root within the pod is nobody on the node."""
        return self.host_users is False
