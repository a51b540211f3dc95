"""Decisions, one table a rule of AWS's evaluation logic."""

from collections.abc import Mapping
from typing import TypeAlias

import pytest

from seatrial.errors import UsageError
from seatrial.semantics import iam
from seatrial.semantics.iam import Kind, Outcome, Policies, callers

Json: TypeAlias = Mapping[str, object]

OWN, OTHER = "111122223333", "444455556666"
USER = callers.user(f"arn:aws:iam::{OWN}:user/path/ann")
ROLE_ARN = f"arn:aws:iam::{OWN}:role/path/worker"
SESSION = callers.role_session(ROLE_ARN, "one")
SESSION_ARN = f"arn:aws:sts::{OWN}:assumed-role/worker/one"
QUEUE = f"arn:aws:sqs:us-east-1:{OWN}:queue"
THERE = f"arn:aws:sqs:us-east-1:{OTHER}:queue"
KEY = f"arn:aws:kms:us-east-1:{OWN}:key/1"

ALLOW: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY: Json = {**ALLOW, "Effect": "Deny"}
READ: Json = {**ALLOW, "Action": "sqs:Receive*"}


def _policy(*statements: Json, name: str = "p", kind: Kind = Kind.IDENTITY) -> iam.Policy:
    return iam.policy({"Version": "2012-10-17", "Statement": list(statements)}, name, kind)


def _to(principal: object, effect: str = "Allow", **more: object) -> iam.Policy:
    statement = {"Effect": effect, "Action": "*", "Resource": "*", "Principal": principal, **more}
    return _policy(statement, name="resource", kind=Kind.RESOURCE)


def _sparing(principal: object, effect: str = "Deny") -> iam.Policy:
    statement = {"Effect": effect, "Action": "*", "Resource": "*", "NotPrincipal": principal}
    return _policy(statement, name="resource", kind=Kind.RESOURCE)


def _decide(
    policies: Policies,
    caller: iam.Caller = USER,
    action: str = "sqs:SendMessage",
    resource: str = QUEUE,
    owner: str = "",
) -> iam.Decision:
    request = iam.Request(caller=caller, action=action, resource=resource, resource_account=owner)
    return iam.decide(request, policies)


OPEN, CLOSED, READING = _policy(ALLOW), _policy(DENY), _policy(READ)


@pytest.mark.parametrize(
    ("policies", "outcome"),
    [
        pytest.param(Policies(), Outcome.NOT_ALLOWED, id="nothing allows by itself"),
        pytest.param(Policies(identity=(OPEN,)), Outcome.ALLOWED, id="an identity policy allows"),
        pytest.param(Policies(identity=(READING,)), Outcome.NOT_ALLOWED, id="another action"),
        pytest.param(Policies(identity=(READING, OPEN)), Outcome.ALLOWED, id="one policy of several is enough"),
        pytest.param(Policies(identity=(OPEN, CLOSED)), Outcome.DENIED, id="a deny counts"),
        pytest.param(Policies(identity=(_policy(ALLOW, DENY),)), Outcome.DENIED, id="in whatever order"),
        pytest.param(Policies(boundary=OPEN), Outcome.NOT_ALLOWED, id="a boundary grants nothing"),
        pytest.param(Policies(identity=(OPEN,), boundary=OPEN), Outcome.ALLOWED, id="a boundary may let through"),
        pytest.param(Policies(identity=(OPEN,), boundary=READING), Outcome.NOT_ALLOWED, id="a boundary limits"),
        pytest.param(Policies(identity=(OPEN,), boundary=CLOSED), Outcome.DENIED, id="a boundary denies"),
        pytest.param(Policies(identity=(OPEN,), session=()), Outcome.NOT_ALLOWED, id="session policies limit"),
        pytest.param(Policies(identity=(OPEN,), session=(READING, OPEN)), Outcome.ALLOWED, id="together"),
        pytest.param(Policies(identity=(OPEN,), session=(CLOSED,)), Outcome.DENIED, id="and deny"),
        pytest.param(Policies(session=(OPEN,)), Outcome.NOT_ALLOWED, id="and grant nothing"),
        pytest.param(Policies(identity=(OPEN,), organization=((OPEN,), (READING,))), Outcome.NOT_ALLOWED, id="levels"),
        pytest.param(Policies(identity=(OPEN,), organization=((OPEN,), (READING, OPEN))), Outcome.ALLOWED, id="all"),
        pytest.param(
            Policies(identity=(OPEN,), organization=((OPEN, CLOSED),)), Outcome.DENIED, id="organization denies"
        ),
        pytest.param(Policies(identity=(OPEN,), endpoint=_to("*")), Outcome.ALLOWED, id="through an open endpoint"),
        pytest.param(
            Policies(identity=(OPEN,), endpoint=_to({"AWS": OTHER})), Outcome.NOT_ALLOWED, id="closed endpoint"
        ),
        pytest.param(Policies(identity=(OPEN,), endpoint=_to("*", "Deny")), Outcome.DENIED, id="denying endpoint"),
    ],
)
def test_every_kind_of_policy_has_its_say(policies: Policies, outcome: Outcome) -> None:
    assert _decide(policies).outcome is outcome


@pytest.mark.parametrize(
    ("statement", "action", "resource", "allowed"),
    [
        ({"Action": "SQS:sendmessage", "Resource": "*"}, "sqs:SendMessage", QUEUE, True),
        ({"Action": "sqs:Send?essage", "Resource": "*"}, "sqs:SendMessage", QUEUE, True),
        ({"Action": ["s3:*", "sqs:*"], "Resource": "*"}, "sqs:SendMessage", QUEUE, True),
        ({"Action": "sqs:*", "Resource": QUEUE.upper()}, "sqs:SendMessage", QUEUE, False),
        ({"Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:q*"}, "sqs:SendMessage", QUEUE, True),
        ({"Action": "sqs:*", "Resource": "arn:aws:sqs:*"}, "sqs:SendMessage", QUEUE, True),
        ({"Action": "sqs:*", "Resource": [THERE, QUEUE]}, "sqs:SendMessage", QUEUE, True),
        ({"Action": "sqs:*", "Resource": QUEUE}, "sqs:ListQueues", "*", False),
        ({"NotAction": "sqs:*", "Resource": "*"}, "sqs:SendMessage", QUEUE, False),
        ({"NotAction": ["iam:*", "s3:*"], "Resource": "*"}, "sqs:SendMessage", QUEUE, True),
        ({"Action": "*", "NotResource": THERE}, "sqs:SendMessage", QUEUE, True),
        ({"Action": "*", "NotResource": [THERE, QUEUE]}, "sqs:SendMessage", QUEUE, False),
        ({"Action": "*", "Resource": "arn:aws:sqs:*:*:${aws:username}"}, "sqs:SendMessage", f"{QUEUE[:-5]}ann", True),
        ({"Action": "*", "Resource": "arn:aws:sqs:*:*:${x:no}"}, "sqs:SendMessage", QUEUE, False),
        ({"Action": "*", "NotResource": "arn:aws:sqs:*:*:${x:no}"}, "sqs:SendMessage", QUEUE, True),
    ],
)
def test_actions_and_resources_are_matched(statement: Json, action: str, resource: str, allowed: bool) -> None:
    policies = Policies(identity=(_policy({"Effect": "Allow", **statement}),))

    assert _decide(policies, action=action, resource=resource).is_allowed is allowed


def test_all_conditions_have_to_hold() -> None:
    condition = {"StringEquals": {"x:A": "1", "x:B": "2"}, "Bool": {"x:C": "true"}}
    policies = Policies(identity=(_policy({**ALLOW, "Condition": condition}),))
    values = {"x:A": "1", "x:B": "2", "x:C": True}

    for missing in ({}, *({name: "9"} for name in values)):
        request = iam.Request(caller=USER, action="x:Do", context={**values, **missing})
        assert iam.decide(request, policies).is_allowed is not bool(missing)


ACCOUNT_FORMS = (OWN, f"arn:aws:iam::{OWN}:root")


@pytest.mark.parametrize(
    "limit", [{}, {"boundary": READING}, {"session": (READING,)}], ids=["free", "boundary", "session"]
)
@pytest.mark.parametrize(
    ("principal", "caller", "free", "limited"),
    [
        pytest.param({"AWS": USER.name}, USER, True, True, id="the user itself"),
        pytest.param({"AWS": SESSION_ARN}, SESSION, True, True, id="the session itself"),
        pytest.param({"AWS": ROLE_ARN}, SESSION, True, False, id="the role"),
        pytest.param({"AWS": [OTHER, ROLE_ARN]}, SESSION, True, False, id="the role among others"),
        pytest.param("*", USER, True, True, id="everybody"),
        pytest.param({"AWS": "*"}, SESSION, True, True, id="everybody of AWS"),
        pytest.param({"AWS": ACCOUNT_FORMS[0]}, USER, False, False, id="the account by number"),
        pytest.param({"AWS": ACCOUNT_FORMS[1]}, USER, False, False, id="the account by ARN"),
        pytest.param({"AWS": OTHER}, USER, False, False, id="another account"),
        pytest.param({"AWS": USER.name}, SESSION, False, False, id="another principal"),
        pytest.param({"Service": "ec2.amazonaws.com"}, USER, False, False, id="a service"),
        pytest.param({"Federated": USER.name}, USER, False, False, id="a provider"),
        pytest.param({"CanonicalUser": "79a5"}, USER, False, False, id="a canonical user"),
    ],
)
def test_a_resources_policy_grants_within_its_account_by_how_it_names_the_caller(
    principal: object, caller: iam.Caller, free: bool, limited: bool, limit: dict[str, object]
) -> None:
    policies = Policies(resource=_to(principal), **limit)  # pyright: ignore[reportArgumentType] (either one)

    assert _decide(policies, caller).is_allowed is (limited if limit else free)


@pytest.mark.parametrize("account", ACCOUNT_FORMS)
def test_naming_the_account_leaves_it_to_the_callers_own_policies(account: str) -> None:
    assert _decide(Policies(identity=(OPEN,), resource=_to({"AWS": account}))).is_allowed


@pytest.mark.parametrize(
    ("identity", "resource", "allowed"),
    [
        ((OPEN,), _to({"AWS": OWN}), True),
        ((OPEN,), _to({"AWS": USER.name}), True),
        ((OPEN,), _to("*"), True),
        ((), _to({"AWS": USER.name}), False),
        ((OPEN,), None, False),
        ((OPEN,), _to({"AWS": OTHER}), False),
        ((OPEN, CLOSED), _to("*"), False),
    ],
)
@pytest.mark.parametrize(
    ("arn", "owner"), [(THERE, ""), ("arn:aws:s3:::bucket", OTHER)], ids=["by its ARN", "as the request says"]
)
def test_across_accounts_both_sides_have_to_allow(
    identity: tuple[iam.Policy, ...], resource: iam.Policy | None, allowed: bool, arn: str, owner: str
) -> None:
    found = _decide(Policies(identity=identity, resource=resource), resource=arn, owner=owner)

    assert found.is_allowed is allowed


def test_across_accounts_limits_count_even_for_a_named_session() -> None:
    policies = Policies(identity=(OPEN,), boundary=READING, resource=_to({"AWS": SESSION_ARN}))

    assert _decide(policies, SESSION, resource=THERE).lacking == ("the permissions boundary",)


@pytest.mark.parametrize(
    ("identity", "resource", "allowed"),
    [
        ((OPEN,), _to({"AWS": OWN}), True),
        ((OPEN,), _to({"AWS": OTHER}), False),
        ((), _to({"AWS": OWN}), False),
        ((), _to({"AWS": USER.name}), True),
        ((OPEN,), None, True),
    ],
    ids=["account decides", "no word of the account", "no own policy", "by name", "key policy unknown"],
)
def test_a_keys_policy_has_to_allow_even_in_its_account(
    identity: tuple[iam.Policy, ...], resource: iam.Policy | None, allowed: bool
) -> None:
    found = _decide(Policies(identity=identity, resource=resource), action="kms:Decrypt", resource=KEY)

    assert found.is_allowed is allowed


@pytest.mark.parametrize(
    ("caller", "principal", "allowed"),
    [
        (callers.service("sqs.amazonaws.com"), {"Service": "SQS.amazonaws.com"}, True),
        (callers.service("sqs.amazonaws.com"), {"Service": "sns.amazonaws.com"}, False),
        (callers.service("sqs.amazonaws.com"), {"AWS": OWN}, False),
        (callers.service("sqs.amazonaws.com"), "*", True),
        (callers.federated("arn:provider"), {"Federated": "arn:provider"}, True),
        (callers.federated("arn:provider"), {"Federated": "arn:another"}, False),
        (iam.ANONYMOUS, "*", True),
        (iam.ANONYMOUS, {"AWS": OWN}, False),
        (callers.root(OWN), {"AWS": OTHER}, True),
        (callers.root(OWN), "*", True),
    ],
)
def test_callers_without_policies_of_their_own(caller: iam.Caller, principal: object, allowed: bool) -> None:
    assert _decide(Policies(resource=_to(principal)), caller).is_allowed is allowed


def test_the_root_user_needs_no_policy_but_is_denied_as_anybody() -> None:
    root = callers.root(OWN)

    assert _decide(Policies(), root).is_allowed
    assert not _decide(Policies(), root, resource=THERE).is_allowed
    assert _decide(Policies(resource=_to({"AWS": OWN})), root, resource=THERE).is_allowed
    assert not _decide(Policies(resource=_to({"AWS": OWN}, "Deny")), root).is_allowed
    assert not _decide(Policies(resource=_to({"AWS": OTHER})), root, action="kms:Decrypt", resource=KEY).is_allowed


@pytest.mark.parametrize(
    ("principal", "caller", "boundary", "denied"),
    [
        pytest.param({"AWS": [USER.name, OWN]}, USER, None, False, id="the user and its account"),
        pytest.param({"AWS": USER.name}, USER, None, True, id="its account left out"),
        pytest.param({"AWS": OWN}, USER, None, True, id="the account alone"),
        pytest.param({"AWS": [SESSION_ARN, ROLE_ARN, OWN]}, SESSION, None, False, id="session, role and account"),
        pytest.param({"AWS": [ROLE_ARN, OWN]}, SESSION, None, True, id="the session left out"),
        pytest.param({"AWS": [USER.name, OWN]}, USER, OPEN, True, id="whoever has a boundary"),
        pytest.param({"AWS": "*"}, USER, None, False, id="everybody"),
        pytest.param({"AWS": OWN}, callers.root(OWN), None, False, id="the root user by its account"),
        pytest.param({"Service": "a.amazonaws.com"}, callers.service("a.amazonaws.com"), None, False, id="the service"),
        pytest.param({"AWS": OWN}, callers.service("a.amazonaws.com"), None, True, id="another than the service"),
    ],
)
def test_a_deny_with_not_principal_spares_only_who_is_listed_in_full(
    principal: object, caller: iam.Caller, boundary: iam.Policy | None, denied: bool
) -> None:
    policies = Policies(identity=(OPEN,), boundary=boundary, resource=_sparing(principal))

    assert (_decide(policies, caller).outcome is Outcome.DENIED) is denied


@pytest.mark.parametrize(("principal", "allowed"), [({"AWS": OTHER}, True), ({"AWS": OWN}, False), ("*", False)])
def test_an_allow_with_not_principal_means_everybody_else(principal: object, allowed: bool) -> None:
    assert _decide(Policies(resource=_sparing(principal, "Allow"))).is_allowed is allowed


@pytest.mark.parametrize(
    ("caller", "key", "value"),
    [
        (USER, "aws:PrincipalArn", USER.name),
        (SESSION, "aws:PrincipalArn", ROLE_ARN),
        (USER, "aws:PrincipalAccount", OWN),
        (USER, "aws:username", "ann"),
        (USER, "aws:PrincipalType", "User"),
        (SESSION, "aws:PrincipalType", "AssumedRole"),
        (USER, "aws:PrincipalIsAWSService", "false"),
        (USER, "aws:ResourceAccount", OWN),
        (callers.service("a.amazonaws.com"), "aws:PrincipalIsAWSService", "true"),
        (callers.service("a.amazonaws.com"), "aws:PrincipalServiceName", "a.amazonaws.com"),
    ],
)
def test_who_calls_is_in_the_context(caller: iam.Caller, key: str, value: str) -> None:
    condition = {"StringEquals": {key: value}}
    resource = _to("*", Condition=condition)

    assert _decide(Policies(resource=resource), caller).is_allowed


def test_a_session_has_no_user_name_and_nobody_no_account() -> None:
    for caller, key in ((SESSION, "aws:username"), (iam.ANONYMOUS, "aws:PrincipalAccount")):
        assert _decide(Policies(resource=_to("*", Condition={"Null": {key: "true"}})), caller).is_allowed


def test_the_request_may_say_otherwise() -> None:
    request = iam.Request(caller=USER, action="x:Do", context={"AWS:username": "bob"})
    policy = _policy({**ALLOW, "Condition": {"StringEquals": {"aws:username": "bob"}}})

    assert iam.decide(request, Policies(identity=(policy,))).is_allowed


def test_a_decision_names_the_statements_that_made_it() -> None:
    named = _policy(READ, {**ALLOW, "Sid": "All"}, name="worker")

    allowed = _decide(Policies(identity=(named,), resource=_to({"AWS": OWN})))
    denied = _decide(Policies(identity=(OPEN, _policy(DENY, name="no")), boundary=_policy(DENY, name="limit")))

    assert [each.title for each in allowed.deciding] == ["worker, statement 2 (All)", "resource, statement 1"]
    assert [each.title for each in denied.deciding] == ["no, statement 1", "limit, statement 1"]


def test_a_decision_names_what_is_lacking_and_what_came_near() -> None:
    wanted = {**ALLOW, "Condition": {"StringEquals": {"x:A": "1", "aws:username": "bob"}}}
    away = {**ALLOW, "Action": "s3:*", "Condition": {"Bool": {"x:B": "true"}}}
    policies = Policies(
        identity=(_policy(away, wanted),),
        boundary=READING,
        session=(),
        endpoint=_to({"AWS": OTHER}),
        organization=((READING,),),
    )

    found = _decide(policies)

    assert found.lacking == (
        "the organization's policies",
        "the endpoint's policy",
        "the caller's own policies",
        "the permissions boundary",
        "the session policies",
    )
    assert [(miss.statement.number, *map(str, miss.unmet)) for miss in found.misses] == [
        (2, "StringEquals x:A '1'; found nothing", "StringEquals aws:username 'bob'; found 'ann'")
    ]


@pytest.mark.parametrize(
    ("statement", "elsewhere"),
    [
        pytest.param({**ALLOW, "Resource": [f"{QUEUE}-a", f"{QUEUE}-b"]}, (f"{QUEUE}-a", f"{QUEUE}-b"), id="others"),
        pytest.param({**READ, "Resource": f"{QUEUE}-a"}, None, id="another call"),
        pytest.param({"Effect": "Allow", "Action": "*", "NotResource": QUEUE}, None, id="all but this"),
        pytest.param({**DENY, "Resource": f"{QUEUE}-a"}, None, id="a deny"),
    ],
)
def test_a_statement_about_other_resources_comes_near(statement: Json, elsewhere: tuple[str, ...] | None) -> None:
    found = _decide(Policies(identity=(_policy(statement),)))

    assert [miss.elsewhere for miss in found.misses] == ([elsewhere] if elsewhere else [])


@pytest.mark.parametrize("arn", ["ann", "arn:aws:iam::111122223333:role/x", "arn:aws:iam:::user/x"])
def test_a_caller_is_named_by_its_arn(arn: str) -> None:
    with pytest.raises(UsageError, match="no ARN of a user"):
        callers.user(arn)


def test_a_session_has_the_roles_name_without_its_path() -> None:
    assert SESSION.name == SESSION_ARN
    assert callers.role_session("arn:aws-cn:iam::111122223333:role/x").name.startswith("arn:aws-cn:sts::")
