"""An independent simulator of IAM decides about generated policies: each disagreement has a reason here.

It is licensed under the AGPL, and therefore neither imported nor shipped: it is installed for this test alone, and runs
in a process of its own.
"""

import json
import os
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import pytest

from seatrial.semantics import iam
from seatrial.semantics.iam import CallerKind, Kind, Outcome, Policies, callers

pytestmark = pytest.mark.rehearsal

Json = dict[str, Any]

PACKAGE: Final = "@cloud-copilot/iam-simulate"
VERSION: Final = "0.1.173"
CASES: Final = 3000
TRUSTS: Final = 1000

OWN, OTHER = "111122223333", "444455556666"
USER = callers.user(f"arn:aws:iam::{OWN}:user/ann")
SESSION = callers.role_session(f"arn:aws:iam::{OWN}:role/worker", "one")
STRANGER = callers.user(f"arn:aws:iam::{OTHER}:user/eve")
SERVICE = callers.service("pods.eks.amazonaws.com")
ROLE: Final = f"arn:aws:iam::{OWN}:role/wanted"
ISSUER: Final = "oidc.eks.us-east-2.amazonaws.com/id/ABC"
PROVIDER = iam.Provider(arn=f"arn:aws:iam::{OWN}:oidc-provider/{ISSUER}", client_ids=("sts.amazonaws.com",))

KNOWN_ISSUER: Final = "accounts.google.com"
"""It knows no keys of an issuer with a slash, as those of EKS are: in its documents they are of one that it knows."""

PROGRAM: Final = f"""
import {{ runSimulation }} from "{PACKAGE}";
import {{ readFileSync }} from "node:fs";
const results = [];
for (const simulation of JSON.parse(readFileSync(0, "utf-8"))) {{
  const found = await runSimulation(simulation, {{}});
  const ignored = found.result?.ignoredContextKeys ?? [];
  results.push({{ said: found.overallResult ?? "error", errors: found.errors ?? null, ignored }});
}}
console.log(JSON.stringify(results));
"""

OUTCOMES: Final = {
    "Allowed": Outcome.ALLOWED,
    "ExplicitlyDenied": Outcome.DENIED,
    "ImplicitlyDenied": Outcome.NOT_ALLOWED,
}


@dataclass(frozen=True)
class Case:
    """A request, and the documents that decide about it."""

    caller: iam.Caller
    action: str
    resource: str
    context: Json
    identity: list[Json]
    boundary: Json | None = None
    session: Json | None = None
    policy: Json | None = None
    """The resource's own."""

    kind: Kind = Kind.RESOURCE

    @property
    def ours(self) -> Outcome:
        request = iam.Request(
            caller=self.caller, action=self.action, resource=self.resource, context=self.context, resource_account=OWN
        )
        policies = Policies(
            identity=tuple(iam.policy(each, "identity") for each in self.identity),
            boundary=iam.policy(self.boundary, "boundary") if self.boundary else None,
            session=(iam.policy(self.session, "session"),) if self.session else None,
            resource=iam.policy(self.policy, "resource", self.kind) if self.policy else None,
        )
        return iam.decide(request, policies).outcome

    @property
    def theirs(self) -> Json:
        """The case as the simulator takes it."""
        values = {**self.caller.keys, **self.context, "aws:ResourceAccount": OWN}
        context = {key: _written(value) for key, value in values.items()}
        described: Json = {
            "request": {
                "principal": self.caller.name,
                "action": self.action,
                "resource": {"resource": self.resource, "accountId": OWN},
                "contextVariables": context,
            },
            "identityPolicies": [{"name": f"p{index}", "policy": each} for index, each in enumerate(self.identity)],
            "serviceControlPolicies": [],
            "resourceControlPolicies": [],
            **({"permissionBoundaryPolicies": [{"name": "b", "policy": self.boundary}]} if self.boundary else {}),
            **({"sessionPolicy": self.session} if self.session else {}),
            **({"resourcePolicy": self.policy} if self.policy else {}),
        }
        return json.loads(json.dumps(described).replace(ISSUER + ":", KNOWN_ISSUER + ":"))


def _written(value: object) -> str | list[str]:
    if isinstance(value, tuple):
        return [str(each) for each in cast("tuple[str, ...]", value)]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _document(statements: list[Json]) -> Json:
    return {"Version": "2012-10-17", "Statement": statements}


class Dice:
    """Makes cases by chance, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (no secret)

    def case(self) -> Case:
        one = self._random
        caller = one.choice([USER, SESSION, SESSION, STRANGER])
        action, resource = one.choice(
            [
                ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{OWN}:queue"),
                ("s3:GetObject", "arn:aws:s3:::bucket/key"),
                ("kms:Decrypt", f"arn:aws:kms:us-east-1:{OWN}:key/1"),
                ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{OWN}:secret:a-123456"),
            ]
        )
        # A key always has a policy; and without the other account's word there is nothing to ask.
        has_policy = action.startswith("kms:") or caller is STRANGER or one.random() < 0.5
        return Case(
            caller=caller,
            action=action,
            resource=resource,
            context=self._context(),
            identity=[self._policy() for _ in range(one.randint(0, 2))],
            boundary=self._policy() if one.random() < 0.2 else None,
            session=self._policy() if caller is SESSION and one.random() < 0.2 else None,
            policy=self._policy(has_principal=True) if has_policy else None,
        )

    def trust(self) -> Case:
        one = self._random
        caller, action = one.choice(
            [
                (USER, "sts:AssumeRole"),
                (STRANGER, "sts:AssumeRole"),
                (SERVICE, "sts:AssumeRole"),
                (SERVICE, "sts:TagSession"),
                (callers.federated(PROVIDER.arn), "sts:AssumeRoleWithWebIdentity"),
            ]
        )
        federated = {f"{ISSUER}:sub": one.choice(SUBJECTS), f"{ISSUER}:aud": "sts.amazonaws.com"}
        return Case(
            caller=caller,
            action=action,
            resource=ROLE,
            context=federated if action.endswith("WebIdentity") else self._context(),
            identity=[self._policy(of_roles=True)] if caller in (USER, STRANGER) and one.random() < 0.6 else [],
            policy=_document([self._trusting(action) for _ in range(one.randint(1, 3))]),
            kind=Kind.TRUST,
        )

    def _trusting(self, action: str) -> Json:
        one = self._random
        principals = [
            "*",
            {"AWS": USER.name},
            {"AWS": f"arn:aws:iam::{OWN}:root"},
            {"AWS": [OTHER, STRANGER.name]},
            {"Service": ["pods.eks.amazonaws.com", "ec2.amazonaws.com"]},
            {"Service": "ec2.amazonaws.com"},
            {"Federated": PROVIDER.arn},
            {"Federated": f"{PROVIDER.arn}2"},
        ]
        of_token = {"Federated": PROVIDER.arn} if action.endswith("WebIdentity") and one.random() < 0.7 else None
        condition = self._of_token() if of_token else self._condition()
        return {
            "Effect": one.choice(["Allow", "Allow", "Deny"]),
            "Principal": of_token or one.choice(principals),
            "Action": one.choice([action, action, "sts:*", ["sts:AssumeRole", "sts:TagSession"]]),
            **({"Condition": condition} if one.random() < 0.7 else {}),
        }

    def _of_token(self) -> Json:
        one = self._random
        operator = one.choice(
            ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "StringEqualsIgnoreCase"]
        )
        patterns = ["system:serviceaccount:a:x", "system:serviceaccount:a:*", "system:serviceaccount:?b:x", "*"]
        return {operator: {f"{ISSUER}:sub": one.sample(patterns, 2), f"{ISSUER}:aud": "sts.amazonaws.com"}}

    def _policy(self, *, has_principal: bool = False, of_roles: bool = False) -> Json:
        one = self._random
        count = one.randint(1, 3)
        return _document([self._statement(has_principal=has_principal, of_roles=of_roles) for _ in range(count)])

    def _statement(self, *, has_principal: bool, of_roles: bool) -> Json:
        one = self._random
        services = ["*", "sqs:Send*", "sqs:*", "s3:Get*", "S3:getobject", "kms:D?crypt", "secretsmanager:*"]
        actions = ["sts:*", "sts:AssumeRole", "*"] if of_roles else services
        resources = [
            "*",
            f"arn:aws:sqs:us-east-1:{OWN}:queue",
            "arn:aws:s3:::bucket/*",
            "arn:aws:s3:::bucke?/${aws:username}",
            f"arn:aws:*:*:{OWN}:*",
        ]
        places = ["*", ROLE, f"arn:aws:iam::{OWN}:role/*"] if of_roles else resources
        negated = [one.random() < 0.12 for _ in range(2)]
        statement: Json = {
            "Effect": one.choice(["Allow", "Allow", "Allow", "Deny"]),
            "NotAction" if negated[0] else "Action": one.sample(actions, one.randint(1, 3)),
            "NotResource" if negated[1] else "Resource": one.sample(places, one.randint(1, 2)),
        }
        if one.random() < 0.45:
            statement["Condition"] = self._condition()
        if has_principal:
            statement["Principal"] = one.choice(PRINCIPALS)
        return statement

    def _condition(self) -> Json:
        one = self._random
        key, operators, values = one.choice(FAMILIES)
        if one.random() < 0.1:
            return {"Null": {key: one.choice(["true", "false"])}}
        quantifier = one.choice(["ForAllValues:", "ForAnyValue:"]) if key in SEVERAL else ""
        operator = f"{quantifier}{one.choice(operators)}{one.choice(['', '', 'IfExists'])}"
        return {operator: {key: one.sample(values, one.randint(1, 2))}}

    def _context(self) -> Json:
        one = self._random
        found: Json = {}
        for key, values in FOUND.items():
            if one.random() < 0.6:
                found[key] = tuple(one.sample(values, one.randint(1, 2))) if key in SEVERAL else one.choice(values)
        return found


SUBJECTS: Final = [
    f"system:serviceaccount:{namespace}:{name}" for namespace in ("a", "ab", "A") for name in ("x", "xy")
]
PRINCIPALS: Final[list[Any]] = [
    "*",
    {"AWS": "*"},
    {"AWS": OWN},
    {"AWS": [OTHER, USER.name]},
    {"AWS": f"arn:aws:iam::{OTHER}:root"},
    {"AWS": STRANGER.name},
    {"AWS": SESSION.name},
    {"AWS": SESSION.role_arn},
    {"Service": "ec2.amazonaws.com"},
]
STRINGS: Final = ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotLike"]
NUMBERS: Final = ["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"]
DATES: Final = ["DateEquals", "DateLessThan", "DateGreaterThanEquals", "DateNotEquals"]
ARNS: Final = ["ArnEquals", "ArnLike", "ArnNotLike", "ArnNotEquals"]
SEVERAL: Final = ("aws:TagKeys",)
FAMILIES: Final[list[tuple[str, list[str], list[str]]]] = [
    ("aws:PrincipalOrgID", STRINGS, ["o-abcd123456", "O-ABCD123456", "o-*", "o-ef?h123456"]),
    ("aws:SourceVpc", STRINGS, ["vpc-1", "vpc-?", "vpc-2"]),
    ("aws:TagKeys", ["StringEquals", "StringLike", "StringNotEquals"], ["team", "te*", "cost"]),
    ("aws:MultiFactorAuthAge", NUMBERS, ["300", "300.0", "3600"]),
    ("aws:CurrentTime", DATES, ["2026-01-01T00:00:00Z", "2026-06-01T12:00:00Z"]),
    ("aws:SourceArn", ARNS, [f"arn:aws:eks:us-east-2:{OWN}:cluster/a", "arn:aws:eks:*:*:cluster/*", "arn:aws:s3:::?"]),
    ("aws:SourceIp", ["IpAddress", "NotIpAddress"], ["10.0.0.0/8", "192.0.2.7", "192.0.2.0/24", "2001:db8::/32"]),
    ("aws:SecureTransport", ["Bool"], ["true", "false"]),
    ("aws:PrincipalAccount", STRINGS, [OWN, OTHER]),
    ("aws:PrincipalArn", [*ARNS, "StringLike"], [USER.name, SESSION.role_arn, f"arn:aws:iam::{OWN}:role/*"]),
]
"""Key, its operators, and the values of policies."""

FOUND: Final = {
    "aws:PrincipalOrgID": ["o-abcd123456", "o-efgh123456"],
    "aws:SourceVpc": ["vpc-1", "vpc-2"],
    "aws:TagKeys": ["team", "tent", "cost"],
    "aws:MultiFactorAuthAge": ["300", "4000"],
    "aws:CurrentTime": ["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"],
    "aws:SourceArn": [f"arn:aws:eks:us-east-2:{OWN}:cluster/a", f"arn:aws:eks:us-east-2:{OTHER}:cluster/b"],
    "aws:SourceIp": ["10.1.2.3", "192.0.2.7", "2001:db8::9"],
    "aws:SecureTransport": ["true", "false"],
}
"""Key to the values of requests."""


@pytest.fixture(name="simulator", scope="module")
def _simulator() -> Path:
    """Give the folder of the simulator, installed once."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        pytest.skip(f"{PACKAGE} needs node and npm, which aren't here")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "seatrial" / f"iam-simulate-{VERSION}"
    if not (folder / "node_modules" / PACKAGE / "package.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        # No script of a package is run.
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder)]
        done = subprocess.run(
            [npm, "install", *options, f"{PACKAGE}@{VERSION}"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            reason = (done.stderr or done.stdout).strip().splitlines()[-1:]
            pytest.skip(f"{PACKAGE} {VERSION} can't be installed: {' '.join(reason)}")
    return folder


def decided(simulator: Path, cases: list[Case]) -> list[Json]:
    command = ["node", "--input-type=module", "--eval", PROGRAM]
    asked = json.dumps([case.theirs for case in cases])
    done = subprocess.run(command, cwd=simulator, input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# What a disagreement may be about.


def statements(case: Case) -> Iterator[Json]:
    for document in (*case.identity, case.boundary, case.session, case.policy):
        yield from document["Statement"] if document else ()


def is_about_sessions(case: Case) -> bool:
    return case.session is not None and case.ours is Outcome.ALLOWED


def is_about_missing_keys(case: Case) -> bool:
    written = json.dumps([*statements(case)])
    return "aws:TagKeys" not in case.context and re.search(r"ForAnyValue:\w+IfExists", written) is not None


def is_about_addresses(case: Case) -> bool:
    return ":" in case.context.get("aws:SourceIp", "") and "NotIpAddress" in json.dumps([*statements(case)])


def is_about_providers(case: Case) -> bool:
    return case.caller.kind is CallerKind.FEDERATED and any("AWS" in each["Principal"] for each in statements(case))


def is_about_variables(case: Case) -> bool:
    excepted = json.dumps([each.get("NotResource") for each in statements(case)])
    return case.caller.kind is not CallerKind.USER and "${aws:username}" in excepted


DISAGREEMENTS: Final[Mapping[str, Callable[[Case], bool]]] = {
    "session policies don't limit what a resource's policy grants to the session itself, or to everybody": (
        is_about_sessions
    ),
    "a condition IfExists holds where its key is missing, with ForAnyValue too": is_about_missing_keys,
    "an IPv6 address is in no range of IPv4, so NotIpAddress holds": is_about_addresses,
    "who comes with a provider's token is of no account yet": is_about_providers,
    "not documented: a pattern whose variable is missing matches nothing, and NotResource means all the rest": (
        is_about_variables
    ),
}
"""Why the evaluator is right, by AWS's guide where that is documented, to which cases may be about it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""


def test_every_disagreement_is_explained(simulator: Path) -> None:
    cases = [Dice(seed).case() for seed in range(CASES)] + [Dice(seed).trust() for seed in range(TRUSTS)]
    agreed: Counter[Outcome] = Counter()
    explained: Counter[str] = Counter()

    for case, answer in zip(cases, decided(simulator, cases), strict=True):
        assert not answer["errors"], f"{answer['errors']}: {case}"
        assert not answer["ignored"], f"left out of the request: {answer['ignored']}"
        if OUTCOMES[answer["said"]] is case.ours:
            agreed[case.ours] += 1
            continue
        reasons = [reason for reason, may_be in DISAGREEMENTS.items() if may_be(case)]
        assert reasons, f"{answer['said']} says the simulator, {case.ours} the evaluator: {json.dumps(case.theirs)}"
        explained.update(reasons)

    print(f"agreed: {dict(agreed)}; not: {dict(explained)}")  # noqa: T201 (what was compared)
    assert explained.keys() == DISAGREEMENTS.keys(), "nothing disagrees for these reasons any more"
    assert min(agreed[outcome] for outcome in Outcome if outcome is not Outcome.UNTOLD) > (CASES + TRUSTS) / 10
    assert explained.total() < (CASES + TRUSTS) / 50
