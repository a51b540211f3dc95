"""Policy documents as AWS's provider composes them: the text that it writes, and what the text means."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.errors import ConfigError
from seatrial.iam.composition import compose
from seatrial.semantics.iam import Policies, Request, callers, decide, policy

Content = Mapping[str, Any]

EMPTY = '{"Version":"2012-10-17"}'


def composed(arguments: Content) -> str:
    return compose(arguments)["minifiedJson"]


def statement(**arguments: Any) -> str:
    """Return what becomes of one statement, as text."""
    text = composed({"statements": [arguments]})
    return text.removeprefix('{"Version":"2012-10-17","Statement":[{"Effect":"Allow",').removesuffix("}]}")


def principal(kind: str, *identifiers: str) -> Content:
    return {"type": kind, "identifiers": identifiers}


def test_a_document_is_written_in_the_providers_order_and_indented() -> None:
    result = compose(
        {
            "policyId": "shop",
            "statements": (
                {
                    "sid": "Orders",
                    "effect": "Deny",
                    "actions": ("s3:GetObject", "s3:PutObject"),
                    "resources": ("arn:aws:s3:::orders/*",),
                    "notPrincipals": [principal("AWS", "arn:aws:iam::123456789012:role/shop")],
                    "conditions": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}],
                },
            ),
        }
    )

    assert result["json"] == (
        """{
  "Version": "2012-10-17",
  "Id": "shop",
  "Statement": [
    {
      "Sid": "Orders",
      "Effect": "Deny",
      "Action": [
        "s3:PutObject",
        "s3:GetObject"
      ],
      "Resource": "arn:aws:s3:::orders/*",
      "NotPrincipal": {
        "AWS": "arn:aws:iam::123456789012:role/shop"
      },
      "Condition": {
        "Bool": {
          "aws:SecureTransport": "false"
        }
      }
    }
  ]
}"""
    )
    assert json.loads(result["minifiedJson"]) == json.loads(result["json"])
    assert result["version"] == "2012-10-17"
    assert result["id"] == str(zlib.crc32(result["json"].encode()))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        pytest.param({"actions": ["s3:GetObject"]}, '"Action":"s3:GetObject"', id="one"),
        pytest.param({"actions": ["a:A", "c:C", "b:B", "a:A"]}, '"Action":["c:C","b:B","a:A"]', id="backwards, once"),
        pytest.param({"notActions": ["b:B", "a:A"]}, '"NotAction":["b:B","a:A"]', id="not actions"),
        pytest.param({"notResources": ["*"]}, '"NotResource":"*"', id="not resources"),
        pytest.param({"resources": ["x/&{aws:username}"]}, '"Resource":"x/${aws:username}"', id="variable"),
        pytest.param({"resources": ["<&>\u2028é"]}, r'"Resource":"\u003c\u0026\u003e\u2028é"', id="escapes of Go"),
        pytest.param({"sid": "", "actions": None, "resources": ["*"]}, '"Resource":"*"', id="empty is absent"),
        pytest.param({"principals": [principal("*", "*")]}, '"Principal":"*"', id="anybody"),
        pytest.param({"principals": [principal("AWS", "*")]}, '"Principal":{"AWS":"*"}', id="any account"),
        pytest.param(
            {"principals": [principal("Service", "b", "c"), principal("AWS", "1")]},
            '"Principal":{"AWS":"1","Service":["c","b"]}',
            id="kinds in order",
        ),
        pytest.param(
            {"principals": [principal("AWS", "1"), principal("AWS", "2"), principal("AWS", "1")]},
            '"Principal":{"AWS":["1","2"]}',
            id="a kind again",
        ),
        pytest.param(
            {"principals": [principal("*", "*"), principal("AWS", "1")]},
            '"Principal":{"*":"*","AWS":"1"}',
            id="anybody, and more",
        ),
        pytest.param({"principals": [principal("AWS")]}, '"Principal":{"AWS":[]}', id="nobody"),
        pytest.param(
            {"conditions": [{"test": "T", "variable": "v", "values": ["b", "a", "b"]}]},
            '"Condition":{"T":{"v":["b","a","b"]}}',
            id="values in their order",
        ),
        pytest.param(
            {
                "conditions": [
                    {"test": "T", "variable": "w", "values": ["&{x}"]},
                    {"test": "T", "variable": "v", "values": ["1"]},
                    {"test": "S", "variable": "v", "values": ["1"]},
                    {"test": "T", "variable": "v", "values": ["2"]},
                    {"test": "T", "variable": "v", "values": ["2"]},
                ]
            },
            '"Condition":{"S":{"v":"1"},"T":{"v":["1","2"],"w":"${x}"}}',
            id="conditions are joined",
        ),
    ],
)
def test_elements_are_written_as_the_provider_does(arguments: Content, text: str) -> None:
    assert statement(**arguments) == text


def document(*statements: Content, **content: Any) -> str:
    return json.dumps({**content, "Statement": statements})


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        pytest.param({}, EMPTY, id="nothing"),
        pytest.param({"version": "2008-10-17"}, '{"Version":"2008-10-17"}', id="version"),
        pytest.param({"sourceJson": "", "overrideJson": None}, EMPTY, id="no longer taken, and empty"),
        pytest.param({"sourcePolicyDocuments": ['{"Version":"2012-10-17","Statement":null}', "{}"]}, EMPTY, id="empty"),
        pytest.param(
            {"version": "2008-10-17", "sourcePolicyDocuments": ['{"Version":"2012-10-17","Id":"a"}']},
            '{"Version":"2012-10-17","Id":"a"}',
            id="the later version, the last name",
        ),
        pytest.param(
            {
                "sourcePolicyDocuments": [document({"Sid": "A", "Effect": "Allow"}), document({"Effect": "Deny"})],
                "statements": [{"sid": "B"}],
                "overridePolicyDocuments": [document({"Sid": "A", "Effect": "Deny"}, {"Sid": "C"})],
            },
            '{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny"},{"Effect":"Deny"},'
            '{"Sid":"B","Effect":"Allow"},{"Sid":"C"}]}',
            id="statements of the same Sid in their place",
        ),
        pytest.param(
            {"sourcePolicyDocuments": ['{"Statement":{"Resource":"*","Sid":"A","Action":["a:A","b:B"],"Other":1}}']},
            '{"Version":"2012-10-17","Statement":[{"Sid":"A","Action":["a:A","b:B"],"Resource":"*"}]}',
            id="one statement without a list; lists as they are",
        ),
        pytest.param(
            {"sourcePolicyDocuments": [document({"Principal": "*"}, {"Principal": {"*": ["*"]}})]},
            '{"Version":"2012-10-17","Statement":[{"Principal":"*"},{"Principal":"*"}]}',
            id="anybody",
        ),
        pytest.param(
            {"sourcePolicyDocuments": [document({"Principal": {"B": ["1"], "A": ["2", "3"]}, "NotPrincipal": {}})]},
            '{"Version":"2012-10-17","Statement":[{"Principal":{"A":["3","2"],"B":["1"]}}]}',
            id="principals",
        ),
        pytest.param(
            {"sourcePolicyDocuments": [document({"Condition": {"Bool": {"a": True, "b": ["x"], "c": "y"}}})]},
            '{"Version":"2012-10-17","Statement":[{"Condition":{"Bool":{"a":"true","b":"x","c":"y"}}}]}',
            id="conditions",
        ),
    ],
)
def test_documents_are_merged_as_the_provider_does(arguments: Content, text: str) -> None:
    assert composed(arguments) == text


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        pytest.param({"version": "2020"}, 'version: found "2020"; allowed: 2008-10-17 or 2012-10-17', id="version"),
        pytest.param({"policyId": 1}, "policyId: found 1; allowed: a text", id="text"),
        pytest.param({"sourceJson": "{}"}, "say sourcePolicyDocuments, a list", id="source"),
        pytest.param({"overrideJson": "{}"}, "say overridePolicyDocuments, a list", id="override"),
        pytest.param({"statements": "x"}, 'statements: found "x"; allowed: a list', id="list"),
        pytest.param({"statements": ["x"]}, 'statements[0]: found "x"; allowed: an object', id="object"),
        pytest.param(
            {"statements": [{"action": "x"}]}, 'statements[0].action: found "x"; allowed: only sid, ', id="name"
        ),
        pytest.param({"statements": [{"actions": [{"a": 1}]}]}, 'statements[0].actions: found {"a": 1}', id="texts"),
        pytest.param({"statements": [{"effect": "allow"}]}, "allowed: Allow or Deny", id="effect"),
        pytest.param({"statements": [{"sid": "a b"}]}, "allowed: letters and digits", id="sid"),
        pytest.param(
            {"statements": [{"sid": "A"}, {}, {"sid": "A"}]},
            'statements[2].sid: found "A"; allowed: one that no other statement has',
            id="sid again",
        ),
        pytest.param(
            {"statements": [{"principals": [{"type": "AWS"}]}]},
            "statements[0].principals[0].identifiers: found (missing); allowed: a value",
            id="needed",
        ),
        pytest.param(
            {"version": "2008-10-17", "statements": [{"resources": ["&{a}"]}]},
            "allowed: no &{ in version 2008-10-17 (version 2012-10-17 has variables)",
            id="variable",
        ),
        pytest.param(
            {"overridePolicyDocuments": ["x"]},
            'overridePolicyDocuments[0]: found "x"; allowed: a policy document in JSON (',
            id="no JSON",
        ),
        pytest.param({"sourcePolicyDocuments": ["[]"]}, "sourcePolicyDocuments[0]: found []", id="no object"),
        pytest.param(
            {"sourcePolicyDocuments": [document({"Sid": "A"}), document({"Sid": "A"})]},
            'sourcePolicyDocuments[1].Statement[0].Sid: found "A"; allowed: one that no other source statement has',
            id="source's sid again",
        ),
        pytest.param(
            {"sourcePolicyDocuments": [document({"Condition": {"Bool": {"a": 1}}})]},
            "sourcePolicyDocuments[0].Statement[0].Condition.Bool.a: found 1; allowed: a list",
            id="source's values",
        ),
    ],
)
def test_what_the_provider_refuses_is_refused(arguments: Content, fault: str) -> None:
    with pytest.raises(ConfigError) as refused:
        compose(arguments)

    assert fault in str(refused.value)


ACTIONS = ("s3:GetObject", "s3:Get*", "s3:PutObject", "*")
RESOURCES = ("arn:aws:s3:::a/x", "arn:aws:s3:::a/*", "arn:aws:s3:::b/x", "*")


def condition(test: str, values: list[str]) -> Content:
    return {"test": test, "variable": "aws:PrincipalTag/t", "values": values}


def condition_of(content: Content) -> str:
    return content["test"]


def some(texts: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(texts), min_size=1, max_size=3)


TESTS = st.sampled_from(("StringEquals", "StringNotEquals", "StringLike"))
STATEMENTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "effect": st.sampled_from(("Allow", "Deny")),
        "actions": some(ACTIONS),
        "resources": some(RESOURCES),
        "conditions": st.lists(st.builds(condition, TESTS, some(("a", "b", "*"))), max_size=2, unique_by=condition_of),
    }
)


def transcribed(each: Content) -> Content:
    """Write a statement in IAM's spelling, without any of the provider's order."""
    conditions = {it["test"]: {it["variable"]: it["values"]} for it in each["conditions"]}
    return {
        "Effect": each["effect"],
        "Action": each["actions"],
        "Resource": each["resources"],
        **({"Condition": conditions} if conditions else {}),
    }


@given(st.lists(STATEMENTS, min_size=1, max_size=3), st.sampled_from("abc"))
def test_the_text_means_what_the_arguments_say(statements: list[Content], tag: str) -> None:
    texts = compose({"statements": statements})["json"], document(*map(transcribed, statements), Version="2012-10-17")
    policies = [Policies(identity=(policy(text, "p"),)) for text in texts]
    caller = callers.user("arn:aws:iam::123456789012:user/u")

    for action in ("s3:GetObject", "s3:PutObject"):
        for resource in RESOURCES[:3]:
            request = Request(caller=caller, action=action, resource=resource, context={"aws:PrincipalTag/t": tag})
            assert len({decide(request, each).outcome for each in policies}) == 1
