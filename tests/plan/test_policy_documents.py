"""Programs that compose policy documents with the provider's function."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi_aws.iam.get_policy_document import get_policy_document, get_policy_document_output
from pulumi_aws.iam.policy import Policy
from pulumi_aws.sqs.queue import Queue

from seatrial.plan import Plan, PlanError, Secret, Unknown, Value

Planned = Callable[[Callable[[pulumi.ResourceOptions], object]], Plan]


def policy_of(planned: Planned, resource: Callable[[pulumi.ResourceOptions], pulumi.Input[str]]) -> Value:
    """Return the document of a policy about a resource."""

    def program(options: pulumi.ResourceOptions) -> None:
        statement: Any = {"actions": ["sqs:SendMessage"], "resources": [resource(options)]}
        document = get_policy_document_output(
            statements=[statement],
            opts=pulumi.InvokeOutputOptions(provider=options.provider),
        )
        Policy("policy", policy=document.json, opts=options)

    return next(each.inputs["policy"] for each in planned(program) if each.name == "policy")


def test_a_document_names_what_the_program_makes(planned: Planned) -> None:
    text = policy_of(planned, lambda options: Queue("orders", name="orders", opts=options).arn)

    assert isinstance(text, str)
    assert json.loads(text)["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": "arn:aws:sqs:us-east-2:123456789012:orders",
        }
    ]


def test_of_something_unknown_the_document_is_unknown(planned: Planned) -> None:
    assert isinstance(policy_of(planned, lambda options: Queue("orders", opts=options).url), Unknown)


def test_of_a_secret_the_document_is_secret(planned: Planned) -> None:
    assert isinstance(policy_of(planned, lambda _: pulumi.Output.secret("arn:aws:sqs:::x")), Secret)


def test_the_result_has_the_arguments_and_the_defaults(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        found = get_policy_document(policy_id="x", opts=pulumi.InvokeOptions(provider=options.provider))
        assert (found.policy_id, found.version) == ("x", "2012-10-17")
        assert found.minified_json == '{"Version":"2012-10-17","Id":"x"}'

    planned(program)


def test_what_the_provider_refuses_a_plan_refuses(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        get_policy_document(statements=[{"sid": "not allowed"}], opts=pulumi.InvokeOptions(provider=options.provider))

    with pytest.raises(PlanError, match=r'statements\[0\]\.sid: found "not allowed"; allowed: letters and digits'):
        planned(program)
