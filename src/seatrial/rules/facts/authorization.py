"""Which actions and condition keys IAM knows, and which of the actions change something that a policy can name.

The facts lie in ``iam_actions.txt`` beside this module, one line a service, and are read when first asked for.
"""

from functools import cache
from pathlib import Path
from typing import Final

from seatrial.rules.facts.statements import covers

_MARK: Final = "!"
"""Ends the actions that change something which a policy can name."""

_TABLE: Final = Path(__file__).with_name("iam_actions.txt")

_GLOBAL: Final = frozenset(
    {
        "assumedroot", "calledvia", "calledviafirst", "calledvialast", "chatbotsourcearn", "currenttime",
        "ec2instancesourceprivateipv4", "ec2instancesourcevpc", "epochtime", "federatedprovider", "multifactorauthage",
        "multifactorauthpresent", "principalaccount", "principalarn", "principalisawsservice", "principalorgid",
        "principalorgpaths", "principalservicename", "principalservicenameslist", "principaltype", "referer",
        "requestedregion", "resourceaccount", "resourceorgid", "resourceorgpaths", "securetransport", "sourceaccount",
        "sourcearn", "sourceidentity", "sourceip", "sourceorgid", "sourceorgpaths", "sourcevpc", "sourcevpcarn",
        "sourcevpce", "tagkeys", "tokenissuetime", "useragent", "userid", "username", "viaawsservice", "vpceaccount",
        "vpceorgid", "vpceorgpaths", "vpcsourceip",
    }
)  # fmt: skip
"""Keys that begin with ``aws:``, in lower case (IAM user guide, "AWS global condition context keys")."""

_GLOBAL_TAGS: Final = ("principaltag/", "requesttag/", "resourcetag/")


def is_action(pattern: str) -> bool:
    """Tell whether a pattern of an action matches one that there is."""
    if pattern == "*":
        return True
    service, colon, name = pattern.partition(":")
    return bool(colon) and any(covers([name], action) for action in _actions(service.lower()))


def is_key(key: str) -> bool:
    """Tell whether a condition key is a global one or one of a service; IAM ignores the case."""
    prefix, _, name = key.lower().partition(":")
    if prefix == "aws":
        return name in _GLOBAL or name.startswith(_GLOBAL_TAGS)
    return covers(_keys(prefix), key)


def changing(pattern: str) -> tuple[str, ...]:
    """Return the actions that a pattern matches and that change something which a policy can name, sorted."""
    service, _, name = pattern.partition(":")
    return tuple(f"{service.lower()}:{action}" for action in _changing(service.lower()) if covers([name], action))


@cache
def _actions(service: str) -> tuple[str, ...]:
    return tuple(each.removesuffix(_MARK) for each in _line(service).partition(" | ")[0].split()[1:])


@cache
def _changing(service: str) -> tuple[str, ...]:
    marked = (each for each in _line(service).partition(" | ")[0].split()[1:] if each.endswith(_MARK))
    return tuple(sorted(each.removesuffix(_MARK) for each in marked))


@cache
def _keys(service: str) -> tuple[str, ...]:
    return tuple(_line(service).partition("|")[2].split())


def _line(service: str) -> str:
    table = _text()
    start = table.find(f"\n{service} ") + 1
    return table[start : table.index("\n", start)] if start else ""


@cache
def _text() -> str:
    return _TABLE.read_text(encoding="ascii")
