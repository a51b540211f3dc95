"""The table of tools: what each is, which versions will do, how it is built."""

import re
from dataclasses import dataclass, replace

Version = tuple[int, int, int]
"""Major, minor, patch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoModule:
    """A tool that Go compiles from a pinned module."""

    folder: str
    """Folder of ``toolchain/`` with the module; tools of one folder share a cache."""

    package: str
    """Go package of its ``main``."""

    required: str
    """Go module, among the requirements of ``go.mod``, whose version is the tool's."""

    stamps: tuple[tuple[str, str], ...] = ()
    """Variables that its build sets, because it doesn't know its version otherwise.

    Their values may name ``{version}`` (without the ``v``), ``{major}`` and ``{minor}``.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonPackage:
    """A tool that pip installs, with the packages that it needs, into an environment of its own."""

    folder: str
    """Folder of ``toolchain/`` with ``requirements.txt``: every package with its version and hashes."""

    required: str
    """The package whose version is the tool's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A program that a rehearsal runs as it is."""

    name: str
    """Name of the executable."""

    source: GoModule | PythonPackage
    """What it is built from where there is none."""

    version_arguments: tuple[str, ...]
    """Arguments that make it print its version."""

    accepted: tuple[Version, Version]
    """Versions that will do: from the first, up to but without the second."""

    install: str
    """Where a person gets it."""

    build_seconds: int
    """About how long its first build takes on two cores, alone."""

    because: str = ""
    """Why not every version will do, where that isn't obvious."""

    def accepts(self, version: Version) -> bool:
        """Tell whether a version will do."""
        lowest, beyond = self.accepted
        return lowest <= version < beyond


PULUMI = Tool(
    name="pulumi",
    source=GoModule(
        folder="pulumi",
        package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        required="github.com/pulumi/pulumi/pkg/v3",
        stamps=(("github.com/pulumi/pulumi/sdk/v3/go/common/version.Version", "{version}"),),
    ),
    version_arguments=("version",),
    accepted=((3, 1, 0), (4, 0, 0)),  # as the Automation API of the Python SDK checks
    install="https://www.pulumi.com/docs/install/",
    build_seconds=240,
)

ETCD = Tool(
    name="etcd",
    source=GoModule(
        folder="etcd",
        package="go.etcd.io/etcd/server/v3",
        required="go.etcd.io/etcd/server/v3",
    ),
    version_arguments=("--version",),
    accepted=((3, 5, 13), (4, 0, 0)),  # the first that answers progress requests as kube-apiserver's watch cache needs
    install="https://etcd.io/docs/latest/install/",
    build_seconds=30,
)

_KUBERNETES = "https://kubernetes.io/releases/download/"

_ONE_MINOR = "a control plane is of one minor version"

_STAMPS = (
    ("k8s.io/component-base/version.gitVersion", "v{version}"),
    ("k8s.io/component-base/version.gitMajor", "{major}"),
    ("k8s.io/component-base/version.gitMinor", "{minor}"),
)


def _of_kubernetes(name: str, build_seconds: int, *version_arguments: str) -> Tool:
    return Tool(
        name=name,
        source=GoModule(
            folder="kubernetes",
            package=f"k8s.io/kubernetes/cmd/{name}",
            required="k8s.io/kubernetes",
            stamps=_STAMPS,
        ),
        version_arguments=version_arguments,
        accepted=((1, 36, 0), (1, 37, 0)),
        install=_KUBERNETES,
        build_seconds=build_seconds,
        because=_ONE_MINOR,
    )


KUBE_APISERVER = _of_kubernetes("kube-apiserver", 160, "--version")
KUBE_CONTROLLER_MANAGER = _of_kubernetes("kube-controller-manager", 40, "--version")
KUBE_SCHEDULER = _of_kubernetes("kube-scheduler", 20, "--version")
KUBECTL = replace(
    _of_kubernetes("kubectl", 20, "version", "--client"),
    accepted=((1, 35, 0), (1, 38, 0)),
    because="it may be one minor version away from the control plane",
)

KWOK = Tool(
    name="kwok",
    source=GoModule(folder="kwok", package="sigs.k8s.io/kwok/cmd/kwok", required="sigs.k8s.io/kwok"),
    version_arguments=("--version",),
    accepted=((0, 8, 0), (1, 0, 0)),  # the first that our stages were tried with
    install="https://kwok.sigs.k8s.io/docs/user/installation/",
    build_seconds=60,
)

HELM = Tool(
    name="helm",
    source=GoModule(
        folder="helm",
        package="helm.sh/helm/v4/cmd/helm",
        required="helm.sh/helm/v4",
        stamps=(("helm.sh/helm/v4/internal/version.version", "v{version}"),),
    ),
    version_arguments=("version", "--short"),
    accepted=((4, 0, 0), (5, 0, 0)),  # 3 has other options
    install="https://helm.sh/docs/intro/install/",
    build_seconds=90,
)

AWS = Tool(
    name="aws",
    source=PythonPackage(folder="awscli", required="awscli"),
    version_arguments=("--version",),
    accepted=((1, 18, 0), (3, 0, 0)),  # gives tokens for EKS
    install="https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    build_seconds=15,
)

TOOLS = (PULUMI, ETCD, KUBE_APISERVER, KUBE_CONTROLLER_MANAGER, KUBE_SCHEDULER, KWOK, AWS, HELM, KUBECTL)
"""Every tool of a rehearsal, those first without which there is none."""


def version_in(text: str) -> Version | None:
    """Find the first version in what a tool printed; one without a patch number where there is no other."""
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text) or re.search(r"(\d+)\.(\d+)()", text)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def written(version: Version) -> str:
    """Write a version as people do."""
    return ".".join(map(str, version))
