"""``seatrial explain access``: whether somebody may do something in a plan's cluster, and which binding says so."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from seatrial.cli import verdicts
from seatrial.cli.options import Project, Stack, Verbose
from seatrial.errors import UsageError

if TYPE_CHECKING:
    from seatrial.cli.planned_cluster import PlannedCluster, Who
    from seatrial.semantics.rbac import Answer, Request
    from seatrial.semantics.rbac.authorization import Held

EXAMPLE: Final = "Example: seatrial explain access --as team-dev get pods/log -n dev"

_DENIED: Final = 1
_DEFAULT: Final = "default"

_EVERYBODYS: Final = "ClusterRoleBinding/system:"
"""What the bindings begin with that every API server makes for everybody."""

_VERBS: Final = (
    "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection",
    "approve", "attest", "bind", "escalate", "impersonate", "sign", "use", "*",
)  # fmt: skip
"""Verbs of resources that the API server's authorizers are asked about."""

_METHODS: Final = ("get", "head", "post", "put", "patch", "delete", "options", "*")
"""Verbs of paths that are no resources."""


def access(  # noqa: PLR0913 (an argument for each option)
    verb: Annotated[str, typer.Argument(metavar="VERB", help="get, list, watch, create, update, patch, delete …")],
    resource: Annotated[
        str,
        typer.Argument(
            metavar="RESOURCE[/SUBRESOURCE]", help="pods, deployments.apps, pods/log; or a path such as /healthz."
        ),
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="One object; all of them when absent.")] = "",
    *,
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="WHO",
            help="ARN of a role or user, name of an administrator or of a role of the plan, a group, or"
            " system:serviceaccount:namespace:name.",
        ),
    ],
    namespace: Annotated[
        str, typer.Option("--namespace", "-n", metavar="NAMESPACE", help="The namespace that is asked about.")
    ] = _DEFAULT,
    everywhere: Annotated[bool, typer.Option("--all-namespaces", "-A", help="In all namespaces at once.")] = False,
    stack: Stack = "dev",
    project: Project = Path(),
    verbose: Verbose = False,  # noqa: ARG001 (acts while it is parsed)
) -> None:
    """Tell whether somebody may do something in the cluster, and by what; exit 1 if not, or nobody can tell."""
    request = _request(verb, resource, name, "" if everywhere else namespace)
    from seatrial.cli import planned  # noqa: PLC0415 (lazy: see app)

    plan, platform = planned.load(project, stack)
    from seatrial.cli.planned_cluster import PlannedCluster  # noqa: PLC0415 (as above)

    cluster = PlannedCluster(plan, platform)
    who = cluster.who(as_)
    answer = cluster.answer(who, request)
    unknown = cluster.unknown(who, request)
    typer.echo(f"{who.title}: {_shown(request)}: {_verdict(answer, unknown)}")
    for grant in answer.grants:
        typer.echo(f"  by {grant}")
    if note := "" if request.resource == "namespaces" or not request.namespace else cluster.lacks(request.namespace):
        typer.echo(f"  {note}")
    if not answer.is_allowed:
        for each in unknown:
            typer.echo(f"  unknown: {each}")
        _show_lack(cluster, who)
        raise typer.Exit(_DENIED)


def _verdict(answer: "Answer", unknown: Sequence[str]) -> str:
    if answer.is_allowed:
        return "allowed"
    return verdicts.UNTOLD if unknown else "denied"


def _show_lack(cluster: "PlannedCluster", who: "Who") -> None:
    if who.unknown:
        return
    if not who.is_known:
        typer.echo("  the cluster has no access entry for it")
        return
    held = [each for each in cluster.held(who) if not each.binding.startswith(_EVERYBODYS)]
    for each in held:
        typer.echo(f"  has {each.role} by {each.binding}{_where(each)}")
    if not held:
        typer.echo("  no binding of the plan, and no access policy, gives it anything")
    if cluster.charts and who.subject.name.startswith("system:serviceaccount:"):
        typer.echo(f"  roles that charts bring are not in a plan: {', '.join(cluster.charts)}")


def _where(held: "Held") -> str:
    return "" if held.namespaces is None else f", in {', '.join(held.namespaces)}"


def _request(verb: str, resource: str, name: str, namespace: str) -> "Request":
    from seatrial.semantics.rbac import Request, api_resources  # noqa: PLC0415 (lazy: see app)

    if resource.startswith("/"):
        return Request(verb=_verb(verb, _METHODS), path=resource)
    text, _, subresource = resource.partition("/")
    found = api_resources.find(text)
    # The API server takes the name of a namespace for the namespace of the request.
    own = name if found.name == "namespaces" and not found.group else ""
    return Request(
        verb=_verb(verb, _VERBS),
        resource=found.name,
        subresource=subresource,
        group=found.group,
        namespace=namespace if found.is_namespaced else own,
        name=name,
    )


def _verb(verb: str, known: tuple[str, ...]) -> str:
    if verb in known:
        return verb
    near = difflib.get_close_matches(verb, known)
    raise UsageError(f"no verb {verb!r}", tip=f"near it: {', '.join(near)}" if near else f"known: {', '.join(known)}")


def _shown(request: "Request") -> str:
    if request.path:
        return f"{request.verb} {request.path}"
    full = f"{request.full_resource}.{request.group}" if request.group else request.full_resource
    place = f" in {request.namespace}" if request.namespace and request.resource != "namespaces" else ""
    return f"{request.verb} {full}{f' {request.name}' if request.name else ''}{place}"
