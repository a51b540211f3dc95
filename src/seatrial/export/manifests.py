"""The in-cluster objects of a plan as YAML, one document each, for scanners and evaluators of manifests."""

from collections.abc import Iterable, Mapping
from typing import Final, cast

import yaml

from seatrial.plan import Plan, Resource
from seatrial.plan.render.shown import Json, shown
from seatrial.rules.facts.kinds import DEFINITION, NAMESPACE
from seatrial.rules.facts.objects import RELEASE, Object, Objects

_FIRST: Final = (NAMESPACE, DEFINITION)
"""What others need to be there, in this order; then what is in no namespace, then the rest."""

_HEAD: Final = ("apiVersion", "kind", "metadata")
"""The keys that a manifest begins with."""

_NOTE: Final = """\
# What {stack} puts into its cluster. Ids and ARNs are the plan's stand-ins; [secret] stands for what isn't shown.
"""

_CHARTS: Final = """\
# Charts, whose objects only a deployment renders:
"""


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)  # pyright: ignore[reportUnknownMemberType] (untyped)


_Dumper.add_representer(str, _text)  # pyright: ignore[reportUnknownMemberType, reportArgumentType] (untyped)


def render(plan: Plan) -> str:
    """Write every object of the plan, sorted; charts are listed in comments at the end."""
    objects = sorted(Objects(plan).every, key=_order)
    documents = "".join(f"---\n{_document(each)}" for each in objects)
    return f"{_NOTE.format(stack=plan.stack)}{documents}{_charts(plan.of_type(RELEASE))}"


def _order(found: Object) -> tuple[int, bool, str, str, str]:
    rank = _FIRST.index(found.full_kind) if found.full_kind in _FIRST else len(_FIRST)
    return rank, bool(found.namespace), found.namespace, found.full_kind, found.name


def _document(found: Object) -> str:
    inputs = cast("dict[str, Json]", shown(found.resource.inputs))
    manifest = {**inputs, "apiVersion": found.api_version, "kind": found.kind}
    ordered = {key: manifest[key] for key in (*_HEAD, *sorted(manifest)) if key in manifest}
    return yaml.dump(ordered, Dumper=_Dumper, sort_keys=False, width=10_000, allow_unicode=True)


def _charts(releases: Iterable[Resource]) -> str:
    lines = sorted(_chart(cast("Mapping[str, object]", shown(each.inputs))) for each in releases)
    return "".join([f"---\n{_CHARTS}", *lines]) if lines else ""


def _chart(inputs: Mapping[str, object]) -> str:
    options = cast("Mapping[str, str]", inputs.get("repositoryOpts") or {})
    source = f" of {options['repo']}" if options else ""
    return f"#   {inputs['namespace']}/{inputs['name']}: {inputs['chart']} {inputs['version']}{source}\n"
