"""The decisions are those of MiniStack's evaluator, but where AWS's documentation says otherwise."""

from typing import Any, TypeAlias, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ministack.core import iam_evaluator

from seatrial.semantics import iam
from seatrial.semantics.iam import Kind, Outcome, Policies, callers

OWN, OTHER = "111122223333", "444455556666"
USER = callers.user(f"arn:aws:iam::{OWN}:user/ann")
SESSION = callers.role_session(f"arn:aws:iam::{OWN}:role/worker", "one")
QUEUE = f"arn:aws:sqs:us-east-1:{OWN}:queue"
ISSUER = "oidc.eks.us-east-2.amazonaws.com/id/ABC"
PROVIDER = iam.Provider(arn=f"arn:aws:iam::{OWN}:oidc-provider/{ISSUER}", client_ids=("sts.amazonaws.com",))

Json: TypeAlias = dict[str, Any]

theirs: Any = iam_evaluator
"""Untyped, as it is."""

OUTCOMES = {"Allow": Outcome.ALLOWED, "Deny": Outcome.DENIED, "ImplicitDeny": Outcome.NOT_ALLOWED}


def _document(statements: list[Json]) -> Json:
    return {"Version": "2012-10-17", "Statement": statements}


def _context(request: iam.Request) -> Any:
    kind = "User" if request.caller is USER else "AssumedRole"
    values = {key.lower(): list(value) if isinstance(value, tuple) else value for key, value in request.context.items()}
    return theirs.EvalContext(
        request.caller.name, kind, OWN, request.action, request.resource, "us-east-1", service_context=values
    )


def _their_outcome(request: iam.Request, documents: dict[str, list[Json]], owner: str = "") -> Outcome:
    context = _context(request)
    parsed = {name: [theirs.parse_policy_document(each) for each in found] for name, found in documents.items()}
    limits = [parsed[name] for name in ("boundary", "session") if name in parsed]
    result = theirs.evaluate(context, parsed.get("identity", []), *limits)
    if documents.get("resource"):
        required = request.action.startswith("kms:")
        account = owner or request.resource.split(":")[4]
        result = theirs.combine_resource_policy(
            result, context, documents["resource"][0], account, required, tuple(limits)
        )
    return OUTCOMES[result.decision]


def _our_outcome(request: iam.Request, documents: dict[str, list[Json]]) -> Outcome:
    def read(name: str, kind: Kind = Kind.IDENTITY) -> tuple[iam.Policy, ...]:
        return tuple(iam.policy(each, name, kind) for each in documents.get(name, []))

    policies = Policies(
        identity=read("identity"),
        boundary=next(iter(read("boundary")), None),
        session=read("session") if "session" in documents else None,
        resource=next(iter(read("resource", Kind.RESOURCE)), None),
    )
    return iam.decide(request, policies).outcome


VALUES = st.sampled_from(["a", "b", "ab", "a*", "?b", "5", "10", "-1.5", "true", "false", "10.0.0.0/8", "10.1.2.3"])
DATES = st.sampled_from(["2026-01-01", "2026-01-01T00:00:00Z", "2026-06-01T12:00:00+02:00", "1767225600"])
ARNS = st.sampled_from(
    ["arn:aws:sqs:r:1:a", "arn:aws:sqs:r:1:a*", "arn:aws:sqs:?:1:b", "arn:aws:s3:::b", "arn:aws:s3:::?"]
)
NUMBERS = st.sampled_from(["5", "5.0", "10", "-1.5"])
ADDRESSES = st.sampled_from(["10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "192.0.2.0/24"])
FOUND_ADDRESSES = st.sampled_from(["10.1.2.3", "2001:db8::9", "192.0.2.7"])
BOOLS = st.sampled_from(["true", "false", "True"])
BINARIES = st.sampled_from(["QUI=", "QUJD"])

FAMILIES = {
    "String": (["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"], VALUES, VALUES),
    "Numeric": (
        ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"],
        NUMBERS,
        NUMBERS,
    ),
    "Date": (["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"], DATES, DATES),
    "Arn": (["Equals", "Like", "NotEquals", "NotLike"], ARNS, ARNS),
    "IpAddress": ([""], ADDRESSES, FOUND_ADDRESSES),
    "NotIpAddress": ([""], ADDRESSES, FOUND_ADDRESSES),
    "Bool": ([""], BOOLS, BOOLS),
    "Binary": (["Equals"], BINARIES, BINARIES),
}


@st.composite
def _condition(draw: st.DrawFn) -> Json:
    if draw(st.integers(0, 5)) == 0:
        return {"Null": {f"x:{draw(st.sampled_from([*FAMILIES]))}": draw(st.sampled_from(["true", "false"]))}}
    family = draw(st.sampled_from([*FAMILIES]))
    names, expected, _ = FAMILIES[family]
    many = draw(st.booleans())
    quantifier = draw(st.sampled_from(["ForAllValues:", "ForAnyValue:"])) if many else ""
    operator = f"{quantifier}{family}{draw(st.sampled_from(names))}{draw(st.sampled_from(['', 'IfExists']))}"
    return {operator: {f"{'m' if many else 'x'}:{family}": draw(st.lists(expected, min_size=1, max_size=3))}}


def _values() -> st.SearchStrategy[Json]:
    singles = {f"x:{family}": found for family, (_, _, found) in FAMILIES.items()}
    several = {
        f"M:{family}": st.lists(found, min_size=1, max_size=3).map(tuple) for family, (_, _, found) in FAMILIES.items()
    }
    return cast("st.SearchStrategy[Json]", st.fixed_dictionaries({}, optional={**singles, **several}))


ACTIONS = st.sampled_from(["*", "sqs:*", "sqs:Send*", "SQS:receivemessage", "kms:*", "kms:D?crypt", "s3:*"])
RESOURCES = st.sampled_from(
    ["*", QUEUE, f"arn:aws:*:*:{OWN}:*", f"arn:aws:sqs:us-east-1:{OTHER}:queue", "arn:aws:s3:::b/?"]
)
PRINCIPALS = st.sampled_from(
    [
        "*",
        {"AWS": "*"},
        {"AWS": OWN},
        {"AWS": f"arn:aws:iam::{OWN}:root"},
        {"AWS": [OTHER, USER.name]},
        {"AWS": SESSION.name},
        {"AWS": SESSION.role_arn},
        {"Service": "ec2.amazonaws.com"},
    ]
)


@st.composite
def _documents(draw: st.DrawFn, *, has_principal: bool = False) -> Json:
    statements: list[Json] = []
    for _ in range(draw(st.integers(1, 3))):
        action, resource = draw(st.sampled_from(["", "", "Not"])), draw(st.sampled_from(["", "", "Not"]))
        statement: Json = {
            "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
            f"{action}Action": draw(st.lists(ACTIONS, min_size=1, max_size=2)),
            f"{resource}Resource": draw(st.lists(RESOURCES, min_size=1, max_size=2)),
        }
        if draw(st.booleans()):
            statement["Condition"] = draw(_condition())
        if has_principal:
            statement["Principal"] = draw(PRINCIPALS)
        statements.append(statement)
    return _document(statements)


SETS = st.fixed_dictionaries(
    {"identity": st.lists(_documents(), max_size=2)},
    optional={
        "boundary": st.lists(_documents(), min_size=1, max_size=1),
        "session": st.lists(_documents(), min_size=1, max_size=2),
        "resource": st.lists(_documents(has_principal=True), min_size=1, max_size=1),
    },
)
REQUESTS = st.builds(
    iam.Request,
    caller=st.sampled_from([USER, SESSION]),
    action=st.sampled_from(["sqs:SendMessage", "sqs:ReceiveMessage", "kms:Decrypt"]),
    resource=st.sampled_from([QUEUE, f"arn:aws:sqs:us-east-1:{OTHER}:queue", f"arn:aws:kms:us-east-1:{OWN}:key/1"]),
    context=_values(),
)


@settings(max_examples=60, deadline=None)
@given(REQUESTS, SETS)
def test_both_decide_the_same(request: iam.Request, documents: dict[str, list[Json]]) -> None:
    # Without the other account's word there is nothing to ask of MiniStack.
    own = request.resource.split(":")[4] == OWN or "resource" in documents

    if own and not _is_everybody_limited(documents):
        assert _our_outcome(request, documents) is _their_outcome(request, documents)


def _is_everybody_limited(documents: dict[str, list[Json]]) -> bool:
    """Tell whether the known disagreement about everybody may show."""
    named = [each["Principal"] for policy in documents.get("resource", []) for each in policy["Statement"]]
    return ("*" in named or {"AWS": "*"} in named) and not documents.keys().isdisjoint({"boundary", "session"})


@pytest.mark.parametrize("limit", ["boundary", "session"])
@pytest.mark.parametrize("caller", [USER, SESSION], ids=["user", "session"])
def test_known_disagreement_about_everybody(limit: str, caller: iam.Caller) -> None:
    """AWS doesn't let boundaries and session policies limit what is granted to everybody; MiniStack does.

    Its guide says so of a grant to everybody with a condition on ``aws:PrincipalArn``; without one it grants more.
    """
    request = iam.Request(caller=caller, action="sqs:SendMessage", resource=QUEUE)
    documents = {
        limit: [_document([{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}])],
        "resource": [_document([{"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}])],
    }

    assert _our_outcome(request, documents) is Outcome.ALLOWED
    assert _their_outcome(request, documents) is Outcome.NOT_ALLOWED


@settings(max_examples=60, deadline=None)
@given(_values(), st.lists(_condition(), min_size=1, max_size=3))
def test_both_read_conditions_the_same(values: Json, conditions: list[Json]) -> None:
    statements = [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": each} for each in conditions]
    request = iam.Request(caller=USER, action="sqs:SendMessage", resource=QUEUE, context=values)

    for statement in statements:
        documents = {"identity": [_document([statement])]}
        assert _our_outcome(request, documents) is _their_outcome(request, documents)


SUBJECTS = st.sampled_from(
    [f"system:serviceaccount:{namespace}:{name}" for namespace in ("a", "ab") for name in ("x", "xy")]
)
PATTERNS = st.sampled_from(
    ["system:serviceaccount:a:x", "system:serviceaccount:a:*", "system:serviceaccount:?b:x", "*"]
)


@settings(max_examples=60, deadline=None)
@given(
    SUBJECTS,
    st.lists(
        st.tuples(
            st.sampled_from(["Allow", "Deny"]),
            st.sampled_from(
                ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "ForAnyValue:StringLike"]
            ),
            st.lists(PATTERNS, min_size=1, max_size=2),
            st.sampled_from(["sub", "aud", "nonce"]),
            st.sampled_from([PROVIDER.arn, f"{PROVIDER.arn}2"]),
            st.sampled_from(["sts:AssumeRoleWithWebIdentity", "sts:*", "sts:AssumeRole"]),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_both_let_the_same_tokens_assume_a_role(
    subject: str, drawn: list[tuple[str, str, list[str], str, str, str]]
) -> None:
    statements: list[Json] = [
        {
            "Effect": effect,
            "Principal": {"Federated": provider},
            "Action": action,
            "Condition": {operator: {f"{ISSUER}:{claim}": values}},
        }
        for effect, operator, values, claim, provider, action in drawn
    ]
    document = _document(statements)
    claims = {"sub": subject, "aud": "sts.amazonaws.com"}
    context = theirs.EvalContext(
        PROVIDER.arn,
        "FederatedUser",
        OWN,
        "sts:AssumeRoleWithWebIdentity",
        "*",
        "us-east-1",
        service_context={f"{ISSUER}:{name}".lower(): value for name, value in claims.items()},
    )

    role = iam.Role(arn=f"arn:aws:iam::{OWN}:role/worker", trust=iam.policy(document, "trust", Kind.TRUST))
    ours = iam.assume_by_token(role, PROVIDER, claims).is_allowed

    assert ours is theirs.evaluate_trust_policy(document, PROVIDER.arn, context)


def test_known_disagreement_about_not_principal() -> None:
    """AWS denies everybody who is not listed; MiniStack leaves such statements out."""
    request = iam.Request(caller=USER, action="sqs:SendMessage", resource=QUEUE)
    everything: Json = {"Action": "*", "Resource": "*"}
    documents = {
        "identity": [_document([{"Effect": "Allow", **everything}])],
        "resource": [_document([{"Effect": "Deny", "NotPrincipal": {"AWS": OTHER}, **everything}])],
    }

    assert _our_outcome(request, documents) is Outcome.DENIED
    assert _their_outcome(request, documents) is Outcome.ALLOWED


@pytest.mark.parametrize(
    ("condition", "context", "caller", "reason"),
    [
        pytest.param(
            {"ArnEquals": {"aws:PrincipalArn": SESSION.role_arn}},
            {},
            SESSION,
            "the key holds a session's role",
            id="role",
        ),
        pytest.param({"StringEquals": {"x:A": "${x:B}"}}, {"x:A": "1", "x:B": "1"}, USER, "variables", id="variables"),
        pytest.param(
            {"ArnNotLike": {"x:A": "arn:aws:sqs:*:queue"}},
            {"x:A": "arn:aws:sqs:r:1:queue"},
            USER,
            "each of the six parts of an ARN is compared by itself",
            id="parts of ARNs",
        ),
        pytest.param({"NumericNotEquals": {"x:A": "5"}}, {"x:A": "five"}, USER, "negated matching", id="no number"),
        pytest.param({"DateNotEquals": {"x:A": "2026-01-01"}}, {"x:A": "no"}, USER, "negated matching", id="no date"),
        pytest.param({"DateEquals": {"x:A": "2026"}}, {"x:A": "2026-01-01"}, USER, "a year is a date (W3C)", id="year"),
        pytest.param({"StringEquals": {"x:A": "1"}}, {"x:A": ("1",)}, USER, "one value is one value", id="one value"),
        pytest.param({"Null": {"x:A": "true"}}, {"x:A": ()}, USER, "a key without value is absent", id="no values"),
        pytest.param(
            {"ForAllValues:StringEquals": {"x:A": "1"}},
            {"x:A": ("",)},
            USER,
            "an empty text is no value to ForAllValues",
            id="empty",
        ),
        pytest.param({"BinaryEquals": {"x:A": "QUI="}}, {"x:A": "QUJ="}, USER, "bytes are compared", id="bytes"),
    ],
)
def test_known_disagreements_about_conditions(condition: Json, context: Json, caller: iam.Caller, reason: str) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    request = iam.Request(caller=caller, action="sqs:SendMessage", resource=QUEUE, context=context)
    documents = {"identity": [_document([statement])]}

    assert _our_outcome(request, documents) is Outcome.ALLOWED, reason
    assert _their_outcome(request, documents) is Outcome.NOT_ALLOWED, "mended there: no disagreement any more"
