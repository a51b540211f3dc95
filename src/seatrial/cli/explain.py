"""``seatrial explain``: one question about who may do what, answered with what decides it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatrial.cli import explain_access, explain_connection
from seatrial.cli.options import Project, Stack, Verbose
from seatrial.errors import UsageError

if TYPE_CHECKING:
    from seatrial.cli.planned_access import Access, Principal, Target
    from seatrial.plan import Resource
    from seatrial.semantics.iam import Decision, Request, Values

app = typer.Typer(
    name="explain",
    help="Answer one question about a stack's plan, with what decides it.",
    epilog="Example: seatrial explain assume kube-system:aws-node eks-vpc-cni-role-dev",
    no_args_is_help=True,
)

app.command(epilog=explain_access.EXAMPLE)(explain_access.access)
app.command(epilog=explain_connection.EXAMPLE)(explain_connection.connection)

_DENIED = 1
"""Exit code of an answer that is no, or that a plan can't give."""

_MOST = 5
"""Resources of a statement that are shown: some have dozens."""


@app.command(epilog="Example: seatrial explain assume kube-system:aws-node eks-vpc-cni-role-dev")
def assume(
    service_account: Annotated[str, typer.Argument(metavar="SERVICE_ACCOUNT", help="namespace:name.")],
    role: Annotated[str, typer.Argument(metavar="ROLE", help="Name or ARN of a role of the plan.")],
    *,
    stack: Stack = "dev",
    project: Project = Path(),
    verbose: Verbose = False,  # noqa: ARG001 (acts while it is parsed)
) -> None:
    """Tell whether pods of a service account can assume a role; exit 1 when they can't, or nobody can tell."""
    namespace, _, name = service_account.partition(":")
    if not (namespace and name):
        raise UsageError(f"no service account {service_account!r}", tip="write namespace:name")
    access = _access(project, stack)
    wanted = access.role(role)
    ways = [*_ways(access, wanted, namespace, name)]
    typer.echo(f"{service_account} as {access.name(wanted)}: {_best(decision for _, decision in ways)}")
    for way, decision in ways:
        _show(f"{way}: {_verdict(decision)}", decision)
    if not ways:
        typer.echo("  the plan has neither an identity provider nor an association for it")
    _end(is_allowed=any(decision.is_allowed for _, decision in ways))


@app.command(
    epilog="Example: seatrial explain allowed deployer ec2:CreateVpc eks-vpc-dev"
    " --context aws:RequestTag/EnvironmentSuffix=dev"
)
def allowed(  # noqa: PLR0913 (an argument for each option)
    principal: Annotated[
        str, typer.Argument(metavar="PRINCIPAL", help="Name or ARN of a role of the plan; or deployer.")
    ],
    action: Annotated[str, typer.Argument(metavar="ACTION", help="service:Operation.")],
    resource: Annotated[
        str, typer.Argument(metavar="RESOURCE", help="An ARN, the name of something in the plan, or *.")
    ],
    *,
    context: Annotated[
        list[str] | None,
        typer.Option(
            "--context", "-c", metavar="KEY=VALUE", help="A context key; again for more keys, or more values."
        ),
    ] = None,
    stack: Stack = "dev",
    project: Project = Path(),
    verbose: Verbose = False,  # noqa: ARG001 (acts while it is parsed)
) -> None:
    """Tell whether a role of the plan, or the deployer, may call AWS; exit 1 when it may not, or nobody can tell.

    Region, tags of roles and of what the plan has, and who calls are in the context by themselves.
    """
    from seatrial.semantics import iam  # noqa: PLC0415 (lazy: see app)

    given = _given(context or [])
    service, _, operation = action.partition(":")
    if not (service and operation):
        raise UsageError(f"no action {action!r}", tip="write service:Operation, such as ec2:DescribeInstances")
    access = _access(project, stack)
    who, what = access.principal(principal), access.target(resource, action)
    request = iam.Request(
        caller=who.caller,
        action=action,
        resource=what.arn,
        context={**_known(who, what, service, access.region), **given},
        unknown=tuple(_unknown(who, what, service)),
    )
    decision = _decision(request, who, what)
    _show(f"{who.title} {action} on {what.title}: {_verdict(decision)}", decision, indent="")
    _end(is_allowed=decision.is_allowed)


def _decision(request: "Request", who: "Principal", what: "Target") -> "Decision":
    from seatrial.semantics import iam  # noqa: PLC0415 (lazy: see app)

    if who.unknown:
        return iam.Decision(outcome=iam.Outcome.UNTOLD, unknown=who.unknown)
    return iam.decide(request, who.with_resource(what))


def _access(folder: Path, stack: str) -> "Access":
    from seatrial.cli import planned  # noqa: PLC0415 (lazy: see app)

    plan, platform = planned.load(folder, stack)
    from seatrial.cli.planned_access import Access  # noqa: PLC0415 (as above)

    return Access(plan, platform)


def _ways(access: "Access", role: "Resource", namespace: str, name: str) -> "Iterator[tuple[str, Decision]]":
    from seatrial.semantics import iam  # noqa: PLC0415 (lazy: see app)

    trusting = access.trusting(role)
    for vouching in access.providers():
        decision = iam.assume_by_service_account(trusting, vouching.provider, namespace, name)
        yield "with its token", decision.unless(*vouching.unknown)
    for given in access.given(role, namespace, name):
        yield "by EKS Pod Identity", iam.assume_by_pod_identity(trusting, given.association).unless(*given.unknown)


def _best(decisions: "Iterable[Decision]") -> str:
    from seatrial.semantics.iam import Outcome  # noqa: PLC0415 (lazy: see app)

    found = {decision.outcome for decision in decisions}
    return next((each.value for each in (Outcome.ALLOWED, Outcome.UNTOLD) if each in found), "not allowed")


def _given(context: Iterable[str]) -> "Values":
    found: dict[str, tuple[str, ...]] = {}
    for each in context:
        key, separator, value = each.partition("=")
        if not (key and separator):
            raise UsageError(f"no context key {each!r}", tip="write KEY=VALUE")
        found[key] = (*found.get(key, ()), value)
    return found


def _known(who: "Principal", what: "Target", service: str, region: str) -> "Values":
    """Give the context keys that follow from the plan; a service spells the tags of resources its own way too."""
    return {
        "aws:RequestedRegion": region,
        "kms:CallerAccount": who.caller.account,
        **{f"aws:PrincipalTag/{key}": value for key, value in who.tags.known.items()},
        **{
            f"{prefix}:ResourceTag/{key}": value
            for prefix in ("aws", service.lower())
            for key, value in what.tags.known.items()
        },
    }


def _unknown(who: "Principal", what: "Target", service: str) -> Iterator[str]:
    """Give the context keys whose value only a deployment can tell."""
    for key in who.tags.unknown:
        yield f"aws:PrincipalTag/{key}"
    for key in what.tags.unknown:
        yield f"aws:ResourceTag/{key}"
        yield f"{service.lower()}:ResourceTag/{key}"


def _verdict(decision: "Decision") -> str:
    return decision.outcome.value


def _show(line: str, decision: "Decision", indent: str = "  ") -> None:
    typer.echo(f"{indent}{line}")
    for statement in decision.deciding:
        typer.echo(f"{indent}  by {statement.title}")
    for unknown in decision.unknown:
        typer.echo(f"{indent}  unknown: {unknown}")
    if decision.lacking:
        typer.echo(f"{indent}  lacking: {', '.join(decision.lacking)}")
    for miss in decision.misses:
        typer.echo(f"{indent}  near: {miss.statement.title}")
        for unmet in miss.unmet:
            typer.echo(f"{indent}    {unmet}")
        if miss.elsewhere:
            more = ", …" if len(miss.elsewhere) > _MOST else ""
            typer.echo(f"{indent}    its resources: {', '.join(miss.elsewhere[:_MOST])}{more}")


def _end(*, is_allowed: bool) -> None:
    if not is_allowed:
        raise typer.Exit(_DENIED)
