"""CP-05: keys rotate, have a policy that admits nobody unconditionally, and aren't deleted in haste."""

from collections.abc import Iterator

from seatrial.plan import Resource, Value
from seatrial.rules.facts.policies import Policy
from seatrial.rules.facts.statements import Statement, is_bound
from seatrial.rules.facts.types import KEY
from seatrial.rules.facts.values import at, number
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, judged, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_LEAST_DAYS = 7


def _examine(view: View) -> Iterator[Observation]:
    for key in view.of_type(KEY):
        if _can_rotate(key):
            yield judged(key, "enableKeyRotation", lambda value: value is True, "true")
        yield judged(key, "deletionWindowInDays", _is_patient, "7 days or more, or AWS's default of 30")
        policies = view.guards.get(key.urn, ())
        if not policies:
            yield broken(key, "policy", "nothing", allowed=_POLICY)
        yield from map(_policy, policies)


def _can_rotate(key: Resource) -> bool:
    """Tell whether AWS rotates keys of its kind: those for signing it doesn't, nor those of a store of one's own."""
    kind = at(key, "customerMasterKeySpec")
    return kind in (None, "SYMMETRIC_DEFAULT") and at(key, "customKeyStoreId") is None


def _is_patient(value: Value) -> bool:
    days = number(value)
    return value is None or (days is not None and days >= _LEAST_DAYS)


def _policy(policy: Policy) -> Observation:
    if policy.is_unknown:
        return unknown(policy.resource, policy.path)
    if policy.fault:
        return broken(policy.resource, policy.path, policy.fault, allowed=_POLICY)
    open_ = [index for index, statement in enumerate(policy.statements) if _is_open(statement)]
    found = f"statement {open_[0]} admits everyone" if open_ else "no statement admits everyone unconditionally"
    return weighed(policy.resource, policy.path, is_met=not open_, found=found, allowed=_POLICY)


def _is_open(statement: Statement) -> bool:
    return statement.is_allow and statement.is_for_anyone and not is_bound(statement)


_POLICY = "a policy in which a principal * is bound to an account, an organisation or a principal"

RULE = Rule(
    id="CP-05",
    severity=Severity.HIGH,
    title="Customer-managed keys rotate, name who may use them and are deleted slowly",
    needs="a customer-managed key",
    why="A key that anybody may use encrypts for nobody; one that is deleted by mistake takes the cluster with it.",
    allowed="rotation on, a deletion window of 7 days or more, a policy that admits nobody unconditionally",
    remedy="set `encryption.rotationDays` and `encryption.deletionWindowDays`; the policies are the platform's own",
    sources=(
        *cited(Framework.FSBP, "KMS.5"),
        *cited(Framework.CHECKOV, "CKV_AWS_7", "CKV_AWS_33", "CKV_AWS_227", "CKV2_AWS_64"),
        *cited(Framework.TRIVY, "AWS-0065"),
        *cited(Framework.PRACTICES, "Data encryption and secrets management"),
    ),
    examine=_examine,
)
