"""The table of tools: what each is, which versions will do, how it is built."""

import re
from dataclasses import dataclass

Version = tuple[int, int, int]
"""Major, minor, patch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A program that a rehearsal runs as it is."""

    name: str
    """Name of the executable."""

    module: str
    """Go module that pins it: a folder of ``toolchain/``."""

    package: str
    """Go package of its ``main``."""

    required: str
    """Go module, among the requirements of ``go.mod``, whose version is the tool's."""

    stamps: tuple[str, ...]
    """Variables that its build sets to its version, without the ``v``: it doesn't know it otherwise."""

    version_arguments: tuple[str, ...]
    """Arguments that make it print its version."""

    accepted: tuple[Version, Version]
    """Versions that will do: from the first, up to but without the second."""

    install: str
    """Where a person gets it."""

    def accepts(self, version: Version) -> bool:
        """Tell whether a version will do."""
        lowest, beyond = self.accepted
        return lowest <= version < beyond


PULUMI = Tool(
    name="pulumi",
    module="pulumi",
    package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    required="github.com/pulumi/pulumi/pkg/v3",
    stamps=("github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",),
    version_arguments=("version",),
    accepted=((3, 1, 0), (4, 0, 0)),  # as the Automation API of the Python SDK checks
    install="https://www.pulumi.com/docs/install/",
)

TOOLS = (PULUMI,)
"""Every tool of a rehearsal."""


def version_in(text: str) -> Version | None:
    """Find the first version in what a tool printed."""
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def written(version: Version) -> str:
    """Write a version as people do."""
    return ".".join(map(str, version))
