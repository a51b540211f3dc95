"""What is decided in spite of a document that isn't known stays decided, whatever the document turns out to say."""

from dataclasses import replace
from itertools import product

import pytest

from seatrial.semantics import iam
from seatrial.semantics.iam import Kind, Outcome, Policies, Policy, Request, callers

ROLE = "arn:aws:iam::111122223333:role/worker"
SESSION = "arn:aws:sts::111122223333:assumed-role/worker/session"
NAMED = ("*", "111122223333", ROLE, SESSION, "arn:aws:iam::111122223333:role/other")


def _identity(effect: str, action: str = "*") -> Policy:
    return iam.policy({"Statement": {"Effect": effect, "Action": action, "Resource": "*"}}, f"{effect} {action}")


def _resource(element: str, who: str, effect: str) -> Policy:
    statement = {"Effect": effect, "Action": "*", element: {"AWS": who}}
    return iam.policy({"Statement": statement}, f"{effect} {element} {who}", Kind.RESOURCE)


OWN = (_identity("Allow"), _identity("Allow", "sqs:Other"), _identity("Deny"))
RESOURCES = tuple(
    _resource(element, who, effect)
    for element, who, effect in product(("Principal", "NotPrincipal"), NAMED, ("Allow", "Deny"))
)
IDENTITIES = tuple((each,) for each in OWN)
UNREAD = iam.unread("late")


@pytest.mark.parametrize("action", ["sqs:SendMessage", "kms:Decrypt"])
@pytest.mark.parametrize("place", ["identity", "boundary", "resource"])
def test_no_document_turns_what_is_decided_without_it(place: str, action: str) -> None:
    request = Request(caller=callers.role_session(ROLE), action=action, resource="*")
    settled = 0
    for identity, boundary, resource in product(((), *IDENTITIES), (None, *OWN), (None, *RESOURCES)):
        known = Policies(identity=identity, boundary=boundary, resource=resource)
        match place:
            case "identity":
                late = replace(known, identity=(*identity, UNREAD))
                cases = [replace(known, identity=(*identity, each)) for each in OWN]
            case "boundary":
                late, cases = replace(known, boundary=UNREAD), [replace(known, boundary=each) for each in (None, *OWN)]
            case _:
                late = replace(known, resource=replace(UNREAD, kind=Kind.RESOURCE))
                cases = [replace(known, resource=each) for each in RESOURCES]
        decision = iam.decide(request, late)
        answers = {iam.decide(request, each).is_allowed for each in cases}
        if decision.outcome is not Outcome.UNTOLD:
            settled += 1
            assert answers == {decision.is_allowed}, late

    assert settled
