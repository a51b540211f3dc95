"""Every rule there is: what the folder of controls holds."""

import importlib
import pkgutil
from collections.abc import Sequence
from difflib import get_close_matches

from seatrial.errors import UsageError
from seatrial.rules import controls
from seatrial.rules.model import Rule


def every() -> tuple[Rule, ...]:
    """Load every rule, by id."""
    return tuple(map(_loaded, sorted(_modules())))


def chosen(ids: Sequence[str]) -> tuple[Rule, ...]:
    """Load the rules of some ids, or every rule when there are none.

    Raises:
        UsageError: There is no rule of that id.

    """
    if not ids:
        return every()
    by_id = {_id(name): name for name in _modules()}
    wanted = {id_.upper() for id_ in ids}
    for unknown in sorted(wanted - by_id.keys()):
        raise UsageError(f"no rule {unknown}{near(unknown)}", tip="seatrial rules lists them")
    return tuple(_loaded(by_id[id_]) for id_ in sorted(wanted))


def ids() -> tuple[str, ...]:
    """Give the id of every rule, without loading one."""
    return tuple(sorted(map(_id, _modules())))


def near(id_: str) -> str:
    """Ask whether the nearest rule was meant; empty when none is near."""
    area, _, number = id_.rpartition("-")
    # CP-3 is CP-03, not CP-13.
    matches = get_close_matches(f"{area}-{number:0>2}" if area else id_, ids(), n=1, cutoff=0.75)
    return f"; did you mean {matches[0]}?" if matches else ""


def _modules() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(controls.__path__)]


def _id(module: str) -> str:
    """``cp_03_audit_log_group`` is CP-03."""
    area, number, _ = module.split("_", 2)
    return f"{area.upper()}-{number}"


def _loaded(module: str) -> Rule:
    return importlib.import_module(f"{controls.__name__}.{module}").RULE
