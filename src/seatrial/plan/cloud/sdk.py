"""The classes of the installed ``pulumi_aws``, by the token of a type: the provider's own schema."""

import importlib
import keyword
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import Final

PREFIX: Final = "aws:"
"""What the type of everything that the provider makes begins with."""

_TOKEN: Final = re.compile(r"aws:(\w+)/\w+:(\w+)")
_WORD_ENDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where a class's name has an underscore as a module's: ``LogGroup`` is in ``log_group``, ``IPSet`` in ``ip_set``."""

_names: Final[Callable[[type], Mapping[str, str]]] = importlib.import_module(
    "pulumi._types"
).resource_pulumi_to_py_names


def words(name: str, separator: str) -> str:
    """Write the words of a class's name in lower case, with something between them."""
    return _WORD_ENDS.sub(separator, name).lower()


@cache
def outputs(token: str) -> frozenset[str]:
    """Return every output of a type, its inputs among them, spelled as the provider does; none without the type."""
    class_ = _class(token, "{}")
    return frozenset(_names(class_)) if class_ else frozenset()


@cache
def args_class(token: str) -> type | None:
    """Return the class of a type's inputs: ``aws:ec2/vpc:Vpc`` has ``pulumi_aws.ec2.vpc.VpcArgs``; None without it.

    Where a property of another type has that name, the class is called ``…InitArgs``.
    """
    return _class(token, "{}InitArgs") or _class(token, "{}Args")


def _class(token: str, called: str) -> type | None:
    match = _TOKEN.fullmatch(token)
    module = _module(*match.groups()) if match else None
    return getattr(module, called.format(match[2]), None) if match else None


def _module(service: str, class_: str) -> ModuleType | None:
    package = f"{service}_" if keyword.iskeyword(service) else service
    name = f"pulumi_aws.{package}.{words(class_, '_')}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None
