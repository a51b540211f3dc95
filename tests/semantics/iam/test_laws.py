"""Laws that hold for any policies: more denying never allows more, more allowing never allows less."""

from dataclasses import replace
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.semantics import iam
from seatrial.semantics.iam import Kind, Policies, Policy, Request, callers

OWN = "111122223333"
USER = callers.user(f"arn:aws:iam::{OWN}:user/ann")
SESSION = callers.role_session(f"arn:aws:iam::{OWN}:role/worker")

Statement: TypeAlias = dict[str, object]

ACTIONS = st.sampled_from(["*", "x:*", "x:A", "x:B", "y:?"])
RESOURCES = st.sampled_from(["*", f"arn:aws:x:r:{OWN}:a", "arn:aws:x:*:*:b", "arn:aws:x:r:444455556666:a"])
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "StringEquals": st.just({"x:k": ["1", "2"]}),
        "StringNotEquals": st.just({"x:k": "1"}),
        "ForAnyValue:StringLike": st.just({"x:m": "1*"}),
        "ForAllValues:StringLikeIfExists": st.just({"x:m": "1*"}),
        "Null": st.just({"x:k": "true"}),
    },
)
PRINCIPALS = st.sampled_from(["*", {"AWS": OWN}, {"AWS": USER.name}, {"AWS": [SESSION.name, SESSION.role_arn]}])


@st.composite
def _statement(draw: st.DrawFn, effects: str, *, has_principal: bool) -> Statement:
    action, resource = draw(st.sampled_from(["", "Not"])), draw(st.sampled_from(["", "Not"]))
    made: Statement = {
        "Effect": draw(st.sampled_from(effects.split())),
        f"{action}Action": draw(st.lists(ACTIONS, min_size=1, max_size=2)),
        f"{resource}Resource": draw(st.lists(RESOURCES, min_size=1, max_size=2)),
        "Condition": draw(CONDITIONS),
    }
    return {**made, "Principal": draw(PRINCIPALS)} if has_principal else made


def _policies(effects: str = "Allow Deny", kind: Kind = Kind.IDENTITY) -> st.SearchStrategy[Policy]:
    statements = st.lists(_statement(effects, has_principal=kind is Kind.RESOURCE), min_size=1, max_size=3)
    return statements.map(lambda found: iam.policy({"Statement": found}, "p", kind))


SETS = st.builds(
    Policies,
    identity=st.lists(_policies(), max_size=2).map(tuple),
    boundary=st.none() | _policies(),
    session=st.none() | st.lists(_policies(), max_size=2).map(tuple),
    resource=st.none() | _policies(kind=Kind.RESOURCE),
    endpoint=st.none() | _policies(kind=Kind.RESOURCE),
)
REQUESTS = st.builds(
    Request,
    caller=st.sampled_from([USER, SESSION, iam.ANONYMOUS, callers.service("a.amazonaws.com")]),
    action=st.sampled_from(["x:A", "x:B", "y:C", "kms:D"]),
    resource=st.sampled_from(["*", f"arn:aws:x:r:{OWN}:a", f"arn:aws:x:r:{OWN}:b", "arn:aws:x:r:444455556666:a"]),
    context=st.fixed_dictionaries(
        {}, optional={"x:k": st.sampled_from("123"), "x:m": st.lists(st.sampled_from(["1", "12", "2"])).map(tuple)}
    ),
)


@settings(max_examples=40, deadline=None)
@given(REQUESTS, SETS, _policies("Deny"))
def test_another_deny_never_allows_more(request: Request, policies: Policies, more: Policy) -> None:
    before = iam.decide(request, policies)

    after = iam.decide(request, replace(policies, identity=(*policies.identity, more)))

    assert before.is_allowed or not after.is_allowed


@settings(max_examples=40, deadline=None)
@given(REQUESTS, SETS, _policies("Allow"))
def test_another_allow_never_allows_less(request: Request, policies: Policies, more: Policy) -> None:
    before = iam.decide(request, policies)

    after = iam.decide(request, replace(policies, identity=(*policies.identity, more)))

    assert after.is_allowed or not before.is_allowed


@settings(max_examples=40, deadline=None)
@given(REQUESTS, SETS, _policies())
def test_a_boundary_a_session_policy_and_an_endpoint_never_allow_more(
    request: Request, policies: Policies, more: Policy
) -> None:
    free = replace(policies, boundary=None, session=None, endpoint=None)
    after = iam.decide(request, free)

    for limited in (policies, replace(free, boundary=more), replace(free, session=(more,))):
        assert after.is_allowed or not iam.decide(request, limited).is_allowed


@settings(max_examples=40, deadline=None)
@given(REQUESTS, SETS)
def test_the_order_of_policies_does_not_matter(request: Request, policies: Policies) -> None:
    turned = replace(
        policies, identity=policies.identity[::-1], session=(policies.session or ())[::-1] or policies.session
    )

    assert iam.decide(request, turned).outcome is iam.decide(request, policies).outcome


@settings(max_examples=40, deadline=None)
@given(REQUESTS, SETS)
def test_a_decision_has_a_reason(request: Request, policies: Policies) -> None:
    found = iam.decide(request, policies)

    assert found.is_allowed is not bool(found.lacking or found.outcome is iam.Outcome.DENIED)
    assert bool(found.deciding) or bool(found.lacking)


@settings(max_examples=40, deadline=None)
@given(REQUESTS, SETS)
def test_the_case_of_actions_and_keys_does_not_matter(request: Request, policies: Policies) -> None:
    context = {key.upper(): value for key, value in request.context.items()}
    turned = replace(request, action=request.action.upper(), context=context)

    assert iam.decide(turned, policies).outcome is iam.decide(request, policies).outcome
