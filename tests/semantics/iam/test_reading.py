"""What is refused about a document, and how it is said."""

import json
from collections.abc import Mapping

import pytest

from seatrial.errors import ConfigError
from seatrial.semantics import iam
from seatrial.semantics.iam import Kind

GOOD = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}


def _faults(document: object, kind: Kind = Kind.IDENTITY) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        iam.policy(document, "p", kind)  # pyright: ignore[reportArgumentType] (wrong on purpose)
    assert caught.value.source == "the policy p"
    return [f"{each.path} ({each.hint})" if each.hint else each.path for each in caught.value.faults]


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        ("{", ["document"]),
        ([], ["document", "Statement"]),
        ({"Statement": []}, ["Statement"]),
        ({}, ["Statement"]),
        ({"Version": "2020", "Statement": GOOD}, ["Version"]),
        ({"Statments": 1, "Statement": GOOD}, ["Statments (did you mean Statement?)"]),
        ({"Statement": ["x"]}, ["Statement[0]", "Statement[0].Action", "Statement[0].Resource", "Statement[0].Effect"]),
        ({"Statement": {**GOOD, "Effect": "allow"}}, ["Statement[0].Effect"]),
        ({"Statement": {**GOOD, "Sid": []}}, ["Statement[0].Sid"]),
        ({"Statement": {**GOOD, "NotAction": "s3:*"}}, ["Statement[0]"]),
        ({"Statement": {**GOOD, "Principal": "*"}}, ["Statement[0].Principal"]),
        ({"Statement": {**GOOD, "Action": "s3"}}, ["Statement[0].Action"]),
        ({"Statement": {**GOOD, "Action": []}}, ["Statement[0].Action"]),
        ({"Statement": {**GOOD, "Action": [["s3:x"]]}}, ["Statement[0].Action", "Statement[0].Action"]),
        ({"Statement": {**GOOD, "Zyx": 1}}, ["Statement[0].Zyx"]),
        ({"Statement": {**GOOD, "Condition": "x"}}, ["Statement[0].Condition"]),
        ({"Statement": {**GOOD, "Condition": {"Bool": "x"}}}, ["Statement[0].Condition.Bool"]),
        ({"Statement": {**GOOD, "Condition": {"Bool": {"k": None}}}}, ["Statement[0].Condition.Bool.k"]),
        (
            {"Statement": {**GOOD, "Condition": {"StringEqual": {"k": "v"}}}},
            ["Statement[0].Condition.StringEqual (did you mean StringEquals?)"],
        ),
        ({"Statement": {**GOOD, "Condition": {"Qqq": {"k": "v"}}}}, ["Statement[0].Condition.Qqq"]),
        (
            {"Statement": {**GOOD, "Condition": {"NullIfExists": {"k": "v"}}}},
            ["Statement[0].Condition.NullIfExists"],
        ),
        ({"Statement": {**GOOD, "Condition": {"ForAll:Bool": {"k": "v"}}}}, ["Statement[0].Condition.ForAll:Bool"]),
    ],
)
def test_a_wrong_document_is_refused_with_every_fault(document: object, faults: list[str]) -> None:
    assert _faults(document) == faults


@pytest.mark.parametrize(
    ("kind", "more", "faults"),
    [
        (Kind.TRUST, {"Resource": "*"}, ["Statement[0].Resource"]),
        (Kind.TRUST, {"Principal": {"Services": "x"}}, ["Statement[0].Principal.Services (did you mean Service?)"]),
        (Kind.TRUST, {"Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}}, ["Statement[0].Principal.AWS"]),
        (Kind.TRUST, {"Principal": {"AWS": "arn:aws:iam::111122223333:role/?"}}, ["Statement[0].Principal.AWS"]),
        (Kind.TRUST, {"Principal": "arn:aws:iam::111122223333:root"}, ["Statement[0].Principal"]),
        (Kind.RESOURCE, {"NotPrincipal": "*"}, ["Statement[0]"]),
    ],
)
def test_each_kind_has_its_own_elements(kind: Kind, more: Mapping[str, object], faults: list[str]) -> None:
    assert _faults({"Statement": {**TRUST, **more}}, kind) == faults


@pytest.mark.parametrize("kind", [Kind.TRUST, Kind.RESOURCE])
def test_a_resources_policy_needs_a_principal(kind: Kind) -> None:
    assert _faults({"Statement": {"Effect": "Allow", "Action": "*"}}, kind) == ["Statement[0].Principal"]


def test_text_reads_as_what_it_parses_to() -> None:
    document = {"Version": "2012-10-17", "Id": "x", "Statement": [GOOD]}

    assert iam.policy(json.dumps(document), "p") == iam.policy(document, "p")


def test_a_wrong_document_in_words() -> None:
    with pytest.raises(ConfigError, match=r'^Version: found "2013-01-01"; allowed: 2008-10-17 or 2012-10-17$'):
        iam.policy({"Version": "2013-01-01", "Statement": GOOD}, "p")
