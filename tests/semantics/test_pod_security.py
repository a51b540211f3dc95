"""Each check of the Pod Security Standards: what it passes, what it refuses in which words, from which version on."""

from collections.abc import Mapping
from typing import Any

import pytest

from seatrial.errors import ConfigError, UsageError
from seatrial.semantics.pod_security import violations

Fields = dict[str, Any]

EMPTY: Fields = {}
"""A field that is set, to nothing in particular."""


def container(name: str = "a", **fields: object) -> Fields:
    return {"name": name, **fields}


def secured(name: str = "a", **security: object) -> Fields:
    return container(name, securityContext=security)


def pod(*containers: Fields, annotations: Mapping[str, str] | None = None, **spec: object) -> Fields:
    metadata = {"name": "web", "annotations": dict(annotations or {})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [*containers], **spec}}


def messages(value: Fields, level: str, version: str, check: str) -> list[str]:
    return [found.message for found in violations(value, level, version) if found.check == check]


SAFE: Fields = {
    "runAsNonRoot": True,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}

REFUSED = [
    pytest.param(
        "restricted",
        "allowPrivilegeEscalation",
        pod(secured("a", allowPrivilegeEscalation=True), initContainers=[container("i")]),
        'allowPrivilegeEscalation != false (containers "i", "a" must set '
        "securityContext.allowPrivilegeEscalation=false)",
        id="privilege escalation, set or not",
    ),
    pytest.param(
        "baseline",
        "appArmorProfile",
        pod(
            secured("a", appArmorProfile={"type": "Unconfined"}),
            securityContext={"appArmorProfile": {"type": "Other"}},
            annotations={"container.apparmor.security.beta.kubernetes.io/a": "unconfined"},
        ),
        'forbidden AppArmor profiles (pod and container "a" and annotation must not set AppArmor profile type to '
        '"Other", "Unconfined", "container.apparmor.security.beta.kubernetes.io/a="unconfined"")',
        id="AppArmor everywhere",
    ),
    pytest.param(
        "baseline",
        "appArmorProfile",
        pod(container(), annotations={"container.apparmor.security.beta.kubernetes.io/a": "unconfined"}),
        'forbidden AppArmor profiles (container "a" and annotation must not set AppArmor profile type to '
        '"Unconfined", "container.apparmor.security.beta.kubernetes.io/a="unconfined"")',
        id="AppArmor by annotation alone, which the API writes into the field",
    ),
    pytest.param(
        "baseline",
        "appArmorProfile",
        pod(container(), annotations={"container.apparmor.security.beta.kubernetes.io/b": "unconfined"}),
        "forbidden AppArmor profile (annotation must not set AppArmor profile type to "
        '"container.apparmor.security.beta.kubernetes.io/b="unconfined"")',
        id="AppArmor by annotation of a container that there isn't",
    ),
    pytest.param(
        "baseline",
        "appArmorProfile",
        pod(
            container(),
            securityContext={"appArmorProfile": {"type": "Unconfined"}},
            annotations={"container.apparmor.security.beta.kubernetes.io/a": "unconfined"},
        ),
        "forbidden AppArmor profiles (pod and annotation must not set AppArmor profile type to "
        '"Unconfined", "container.apparmor.security.beta.kubernetes.io/a="unconfined"")',
        id="AppArmor by the whole pod's field and by annotation",
    ),
    pytest.param(
        "baseline",
        "appArmorProfile",
        pod(container(), securityContext={"appArmorProfile": {}}),
        'forbidden AppArmor profile (pod must not set AppArmor profile type to "")',
        id="AppArmor without a type",
    ),
    pytest.param(
        "baseline",
        "capabilities_baseline",
        pod(secured("a", capabilities={"add": ["SYS_ADMIN", "CHOWN", "NET_RAW"]}), secured("b")),
        'non-default capabilities (container "a" must not include "NET_RAW", "SYS_ADMIN" in '
        "securityContext.capabilities.add)",
        id="capabilities beyond the default",
    ),
    pytest.param(
        "restricted",
        "capabilities_restricted",
        pod(secured("a", capabilities={"add": ["CHOWN", "NET_BIND_SERVICE"]}), container("b")),
        'unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"]; '
        'container "a" must not include "CHOWN" in securityContext.capabilities.add)',
        id="capabilities kept and added",
    ),
    pytest.param(
        "baseline",
        "hostNamespaces",
        pod(container(), hostNetwork=True, hostPID=True, hostIPC=True),
        "host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)",
        id="host namespaces",
    ),
    pytest.param(
        "baseline",
        "hostPathVolumes",
        pod(
            container(),
            volumes=[{"name": "v", "hostPath": {"path": "/"}}, {"name": "w", "hostPath": EMPTY}, {"name": "x"}],
        ),
        'hostPath volumes (volumes "v", "w")',
        id="hostPath",
    ),
    pytest.param(
        "baseline",
        "hostPorts",
        pod(container("a", ports=[{"hostPort": 90}, {"hostPort": 443}]), container("b", ports=[{"containerPort": 1}])),
        'hostPort (container "a" uses hostPorts 443, 90)',
        id="host ports",
    ),
    pytest.param(
        "baseline",
        "hostPorts",
        pod(
            container("a", ports=[{"containerPort": 80}]),
            container("b", ports=[{"containerPort": 80}]),
            hostNetwork=True,
        ),
        'hostPort (containers "a", "b" use hostPort 80)',
        id="host ports by default in the host's network",
    ),
    pytest.param(
        "baseline",
        "hostProbesAndHostLifecycle",
        pod(
            container(
                "a",
                livenessProbe={"httpGet": {"host": "b.example"}},
                readinessProbe={"tcpSocket": {"host": "a.example"}},
                lifecycle={"preStop": {"httpGet": {"host": "a.example"}}, "postStart": {"exec": {}}},
            )
        ),
        'probe or lifecycle host (container "a" uses probe or lifecycle hosts "a.example", "b.example")',
        id="hosts of probes and handlers",
    ),
    pytest.param(
        "baseline",
        "privileged",
        pod(container(), ephemeralContainers=[secured("e", privileged=True)]),
        'privileged (container "e" must not set securityContext.privileged=true)',
        id="privileged",
    ),
    pytest.param(
        "baseline",
        "procMount",
        pod(secured("a", procMount="Unmasked"), secured("b", procMount="Default")),
        'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
        id="procMount",
    ),
    pytest.param(
        "restricted",
        "restrictedVolumes",
        pod(
            container(),
            volumes=[
                {"name": "n", "nfs": EMPTY},
                {"name": "x", "fresh": EMPTY},
                {"name": "c", "configMap": EMPTY},
                {"name": "e"},
            ],
        ),
        'restricted volume types (volumes "n", "x" use restricted volume types "nfs", "unknown")',
        id="volumes",
    ),
    pytest.param(
        "restricted",
        "runAsNonRoot",
        pod(secured("a", runAsNonRoot=False), container("b"), securityContext={"runAsNonRoot": False}),
        'runAsNonRoot != true (pod and container "a" must not set securityContext.runAsNonRoot=false)',
        id="root asked for",
    ),
    pytest.param(
        "restricted",
        "runAsNonRoot",
        pod(container("a"), secured("b", runAsNonRoot=True)),
        'runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)',
        id="root not excluded",
    ),
    pytest.param(
        "restricted",
        "runAsUser",
        pod(secured("a", runAsUser=0), secured("b", runAsUser=1), securityContext={"runAsUser": 0}),
        'runAsUser=0 (pod and container "a" must not set runAsUser=0)',
        id="root by number",
    ),
    pytest.param(
        "baseline",
        "seccompProfile_baseline",
        pod(
            secured("a", seccompProfile={"type": "Unconfined"}),
            container("b"),
            securityContext={"seccompProfile": {"type": "Unconfined"}},
        ),
        'seccompProfile (pod and container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
        id="seccomp off",
    ),
    pytest.param(
        "restricted",
        "seccompProfile_restricted",
        pod(secured("a", seccompProfile={"type": "Unconfined"}), container("b")),
        'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
        id="seccomp off, at restricted",
    ),
    pytest.param(
        "restricted",
        "seccompProfile_restricted",
        pod(container("a"), secured("b", seccompProfile={"type": "Localhost"})),
        'seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or '
        '"Localhost")',
        id="seccomp not asked for",
    ),
    pytest.param(
        "baseline",
        "seLinuxOptions",
        pod(
            secured("a", seLinuxOptions={"type": "spc_t", "user": "u"}),
            secured("b", seLinuxOptions={"type": "container_t"}),
            securityContext={"seLinuxOptions": {"role": "r"}},
        ),
        'seLinuxOptions (pod and container "a" set forbidden securityContext.seLinuxOptions: type "spc_t"; '
        "user may not be set; role may not be set)",
        id="SELinux",
    ),
    pytest.param(
        "baseline",
        "seLinuxOptions",
        pod(secured("a", seLinuxOptions={"type": "container_t", "user": "u"})),
        'seLinuxOptions (container "a" set forbidden securityContext.seLinuxOptions: user may not be set)',
        id="SELinux user alone",
    ),
    pytest.param(
        "baseline",
        "seLinuxOptions",
        pod(secured("a", seLinuxOptions={"type": "spc_t"}), secured("b", seLinuxOptions={"type": "other_t"})),
        'seLinuxOptions (containers "a", "b" set forbidden securityContext.seLinuxOptions: types "other_t", "spc_t")',
        id="SELinux types alone",
    ),
    pytest.param(
        "baseline",
        "sysctls",
        pod(container(), securityContext={"sysctls": [{"name": "kernel.msgmax"}, {"name": "net.ipv4.tcp_syncookies"}]}),
        "forbidden sysctls (kernel.msgmax)",
        id="sysctls",
    ),
    pytest.param(
        "baseline",
        "windowsHostProcess",
        pod(
            secured("a", windowsOptions={"hostProcess": True}),
            securityContext={"windowsOptions": {"hostProcess": True}},
        ),
        'hostProcess (pod and container "a" must not set securityContext.windowsOptions.hostProcess=true)',
        id="Windows host processes",
    ),
]


@pytest.mark.parametrize(("level", "check", "value", "expected"), REFUSED)
def test_a_check_says_what_is_wrong_in_the_words_of_the_plugin(
    level: str, check: str, value: Fields, expected: str
) -> None:
    assert messages(value, level, "1.34", check) == [expected]


@pytest.mark.parametrize("version", ["1.28", "v1.31", "1.35", "1.37", "latest"])
def test_a_careful_pod_passes_every_level_of_every_version(version: str) -> None:
    value = pod(secured("a", **SAFE), volumes=[{"name": "e", "emptyDir": EMPTY}])

    assert [violations(value, level, version) for level in ("privileged", "baseline", "restricted")] == [(), (), ()]


def test_what_the_pod_sets_holds_for_containers_that_say_nothing() -> None:
    value = pod(
        secured("a", allowPrivilegeEscalation=False, capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}),
        securityContext={"runAsNonRoot": True, "seccompProfile": {"type": "Localhost"}},
    )

    assert violations(value, "restricted", "1.36") == ()


def test_nobody_refuses_anything_in_a_privileged_namespace() -> None:
    assert violations(pod(secured(privileged=True), hostNetwork=True), "privileged", "latest") == ()


def test_a_windows_pod_need_not_set_what_only_linux_has() -> None:
    value = pod(secured(runAsNonRoot=True), os={"name": "windows"})

    assert violations(value, "restricted", "1.30") == ()


SYSCTLS = {
    "net.ipv4.ip_local_reserved_ports": 28,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_notsent_lowat": 37,
}


@pytest.mark.parametrize(("name", "since"), SYSCTLS.items())
@pytest.mark.parametrize("minor", range(28, 38))
def test_a_sysctl_is_safe_from_its_version_on(name: str, since: int, minor: int) -> None:
    value = pod(container(), securityContext={"sysctls": [{"name": name}]})

    assert bool(violations(value, "baseline", f"1.{minor}")) == (minor < since)


@pytest.mark.parametrize(
    ("check", "value", "refusing"),
    [
        pytest.param(
            "seLinuxOptions",
            pod(secured(seLinuxOptions={"type": "container_engine_t"})),
            range(28, 31),
            id="a container engine's SELinux type is allowed from 1.31 on",
        ),
        pytest.param(
            "hostProbesAndHostLifecycle",
            pod(container(livenessProbe={"tcpSocket": {"host": "x"}})),
            range(34, 38),
            id="hosts of probes are refused from 1.34 on",
        ),
        pytest.param(
            "procMount",
            pod(secured(procMount="Unmasked"), hostUsers=False),
            range(28, 35),
            id="procMount is free in a user namespace from 1.35 on",
        ),
    ],
)
def test_the_baseline_changes_with_the_version(check: str, value: Fields, refusing: range) -> None:
    refused = [minor for minor in range(28, 38) if messages(value, "baseline", f"1.{minor}", check)]

    assert refused == [*refusing]


@pytest.mark.parametrize(
    ("check", "security", "refusing"),
    [
        ("runAsNonRoot", {"runAsNonRoot": False}, range(28, 35)),
        ("runAsUser", {"runAsUser": 0}, range(28, 35)),
        ("procMount", {"procMount": "Unmasked"}, range(28, 35)),
        ("procMount_restricted", {"procMount": "Unmasked"}, range(35, 38)),
    ],
)
def test_a_user_namespace_loosens_the_restricted_level_from_1_35_on(
    check: str, security: Fields, refusing: range
) -> None:
    value = pod(secured(**security), hostUsers=False)

    refused = [minor for minor in range(28, 38) if messages(value, "restricted", f"1.{minor}", check)]

    assert refused == [*refusing]


@pytest.mark.parametrize("check", ["runAsNonRoot", "runAsUser", "procMount_restricted"])
def test_without_a_user_namespace_nothing_is_loosened(check: str) -> None:
    value = pod(secured(runAsNonRoot=False, runAsUser=0, procMount="Unmasked"))

    assert messages(value, "restricted", "1.36", check)


def test_a_restricted_check_stands_for_the_baseline_one_that_it_overrides() -> None:
    value = pod(
        secured(capabilities={"add": ["SYS_ADMIN"]}, seccompProfile={"type": "Unconfined"}, procMount="Unmasked"),
        volumes=[{"name": "v", "hostPath": EMPTY}],
    )

    found = [item.check for item in violations(value, "restricted", "latest")]

    # The baseline's by id, then the restricted level's: the order of the API server's messages.
    assert found == [
        "allowPrivilegeEscalation",
        "capabilities_restricted",
        "procMount_restricted",
        "restrictedVolumes",
        "runAsNonRoot",
        "seccompProfile_restricted",
    ]


def test_baseline_checks_come_before_restricted_ones() -> None:
    value = pod(container(securityContext=SAFE | {"allowPrivilegeEscalation": True}), hostPID=True)

    assert [item.check for item in violations(value, "restricted", "1.33")] == [
        "hostNamespaces",
        "allowPrivilegeEscalation",
    ]


TEMPLATE = {"spec": {"containers": [secured("a", privileged=True)]}}

WORKLOADS = [
    ("v1", "PodTemplate", {"template": TEMPLATE}),
    ("v1", "ReplicationController", {"spec": {"template": TEMPLATE}}),
    ("apps/v1", "DaemonSet", {"spec": {"template": TEMPLATE}}),
    ("apps/v1", "Deployment", {"spec": {"template": TEMPLATE}}),
    ("apps/v1", "ReplicaSet", {"spec": {"template": TEMPLATE}}),
    ("apps/v1", "StatefulSet", {"spec": {"template": TEMPLATE}}),
    ("batch/v1", "Job", {"spec": {"template": TEMPLATE}}),
    ("batch/v1", "CronJob", {"spec": {"jobTemplate": {"spec": {"template": TEMPLATE}}}}),
]


@pytest.mark.parametrize(("api", "kind", "fields"), WORKLOADS, ids=[kind for _, kind, _ in WORKLOADS])
def test_what_makes_pods_is_judged_by_its_template(api: str, kind: str, fields: Fields) -> None:
    value = {"apiVersion": api, "kind": kind, "metadata": {"name": "x"}, **fields}

    assert [item.check for item in violations(value, "baseline", "latest")] == ["privileged"]


def test_a_template_in_the_hosts_network_gets_no_host_ports() -> None:
    spec = {"hostNetwork": True, "containers": [container(ports=[{"containerPort": 80}])]}
    value = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": spec}}}

    assert [item.check for item in violations(value, "baseline", "latest")] == ["hostNamespaces"]


@pytest.mark.parametrize(("api", "kind"), [("v1", "Service"), ("example.com/v1", "Pod"), ("apps/v1", "Pod")])
def test_an_object_without_pods_has_no_violations(api: str, kind: str) -> None:
    value = {"apiVersion": api, "kind": kind, "spec": {"hostNetwork": True}}

    assert violations(value, "restricted", "latest") == ()


def test_every_field_of_the_wrong_form_is_named_at_once() -> None:
    value = pod(
        container("a", ports=[{"hostPort": "80"}, 3], securityContext={"capabilities": {"add": "ALL", "drop": [1]}}),
        annotations={"a": 1},  # type: ignore[dict-item] (what the test is about)
        hostNetwork="yes",
        hostUsers=0,
        volumes={"name": "v"},
        os="linux",
        securityContext={"runAsUser": True, "sysctls": [{"name": 1}]},
    )

    with pytest.raises(ConfigError) as caught:
        violations(value, "restricted", "latest")

    assert [(fault.path, fault.found, fault.allowed) for fault in caught.value.faults] == [
        ("Pod/web: spec.hostNetwork", '"yes"', "true or false"),
        ("Pod/web: metadata.annotations.a", "1", "a string"),
        ("Pod/web: spec.containers[0].securityContext.capabilities.add", '"ALL"', "a list"),
        ("Pod/web: spec.containers[0].securityContext.capabilities.drop", "[1]", "a list of strings"),
        ("Pod/web: spec.containers[0].ports[0].hostPort", '"80"', "an integer"),
        ("Pod/web: spec.containers[0].ports[1]", "3", "a mapping"),
        ("Pod/web: spec.hostUsers", "0", "true or false"),
        ("Pod/web: spec.os", '"linux"', "a mapping"),
        ("Pod/web: spec.securityContext.runAsUser", "true", "an integer"),
        ("Pod/web: spec.securityContext.sysctls[0].name", "1", "a string"),
        ("Pod/web: spec.volumes", "a mapping of name", "a list"),
    ]


@pytest.mark.parametrize(
    ("fields", "path"),
    [({}, "spec"), ({"spec": {}}, "spec.template"), ({"spec": {"template": {}}}, "spec.template.spec")],
)
def test_a_workload_without_a_pod_is_a_fault(fields: Fields, path: str) -> None:
    value = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x", "namespace": "n"}, **fields}

    with pytest.raises(ConfigError) as caught:
        violations(value, "baseline", "latest")

    assert [(fault.path, fault.found) for fault in caught.value.faults] == [(f"Deployment/n/x: {path}", "(missing)")]


@pytest.mark.parametrize("version", ["1.27", "1.38", "2.30", "1.030", "", "newest"])
def test_a_version_that_no_check_knows_is_refused(version: str) -> None:
    with pytest.raises(UsageError, match=r"known are 1\.28 to 1\.37 and latest"):
        violations(pod(), "baseline", version)


def test_a_level_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="the levels are: privileged, baseline, restricted"):
        violations(pod(), "strict", "latest")
