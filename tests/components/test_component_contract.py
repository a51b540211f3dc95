"""What every component promises to who uses it, whatever it makes."""

import ast
import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pulumi
import pytest
from pulumi.provider.experimental.analyzer import Analyzer
from pulumi_aws.provider import Provider

from seatrial import components
from seatrial.components.endpoints import Endpoints
from seatrial.components.environment import EnvironmentArgs
from seatrial.components.role import Role, RoleArgs
from seatrial.iam.document import allow, document, text
from seatrial.iam.trust import service
from seatrial.plan import Plan

Planned = Callable[..., Plan]
Registered = Callable[[Callable[[EnvironmentArgs, Provider], object]], Plan]


def component_classes() -> list[type[pulumi.ComponentResource]]:
    modules = [
        import_module(f"{components.__name__}.{each.name}") for each in pkgutil.iter_modules(components.__path__)
    ]
    return [
        member
        for module in modules
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, pulumi.ComponentResource) and member.__module__ == module.__name__
    ]


COMPONENTS = component_classes()
IDS = [each.__name__ for each in COMPONENTS]


def constructor(component: type[pulumi.ComponentResource]) -> ast.FunctionDef:
    module = ast.parse(Path(inspect.getfile(component)).read_text(encoding="utf-8"))
    (defined,) = [each for each in module.body if isinstance(each, ast.ClassDef) and each.name == component.__name__]
    (found,) = [each for each in defined.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"]
    return found


def calls(tree: ast.AST, method: str) -> list[ast.Call]:
    found = [each for each in ast.walk(tree) if isinstance(each, ast.Call)]
    return [each for each in found if isinstance(each.func, ast.Attribute) and each.func.attr == method]


def test_every_component_is_found() -> None:
    assert {
        "Addons",
        "Bucket",
        "Cluster",
        "ClusterAutoscaler",
        "Dns",
        "Encryption",
        "Endpoints",
        "FlowLogs",
        "InCluster",
        "Interruption",
        "IrsaDemo",
        "LoadBalancerController",
        "Network",
        "NetworkPolicies",
        "NodeGroups",
        "Platform",
        "Role",
        "Storage",
        "Tenancy",
    } == (set(IDS))


@pytest.mark.parametrize("component", COMPONENTS, ids=IDS)
def test_outputs_are_registered_once_and_last(component: type[pulumi.ComponentResource]) -> None:
    body = constructor(component)
    last = body.body[-1]

    assert len(calls(body, "register_outputs")) == 1
    assert isinstance(last, ast.Expr)
    assert calls(last, "register_outputs")


@pytest.mark.parametrize("component", COMPONENTS, ids=IDS)
def test_a_component_takes_its_name_then_arguments_then_options(component: type[pulumi.ComponentResource]) -> None:
    parameters = inspect.signature(component).parameters

    assert list(parameters) == ["name", "args", "opts"]
    assert parameters["opts"].default is None


@pytest.mark.parametrize("component", COMPONENTS, ids=IDS)
def test_a_component_says_what_it_is_and_what_its_arguments_mean(component: type[pulumi.ComponentResource]) -> None:
    assert component.__doc__
    assert inspect.signature(component).parameters["args"].annotation.__doc__


def test_every_component_has_the_token_of_its_class(whole: Plan) -> None:
    tokens = {resource.type for resource in whole if resource.is_component} - {"pulumi:pulumi:Stack"}

    assert tokens == {f"seatrial:index:{name}" for name in IDS}


def test_every_component_of_a_platform_is_complete(whole: Plan) -> None:
    for resource in whole:
        assert resource.completed == resource.is_component


def test_everything_belongs_to_the_platform(whole: Plan) -> None:
    below = {resource.urn for resource in whole.subtree(whole.named("platform-test").urn)}

    for resource in whole:
        if resource.type.startswith(("aws:", "kubernetes:", "seatrial:")) and resource.name != "platform-test":
            assert resource.urn in below


def test_components_register_what_they_were_given(planned: Planned) -> None:
    inputs = planned().named("network-test").inputs

    assert inputs["cidr_block"] == "10.0.0.0/16"
    assert inputs["nat"] == "per-zone"


def test_a_component_stays_together_under_a_parent_of_somebody_elses(registered: Registered) -> None:
    def register(shared: EnvironmentArgs, provider: Provider) -> None:
        parent = pulumi.ComponentResource(
            "other:index:Parent", "parent", {}, pulumi.ResourceOptions(providers=[provider])
        )
        args: RoleArgs = {
            **shared,
            "kind": "eks-own",
            "description": "own",
            "trust": text(service("ec2.amazonaws.com")),
            "inline_policies": {"one": text(document(allow("Read", ["s3:GetObject"], "*")))},
        }
        Role("own-role", args, pulumi.ResourceOptions(parent=parent))

    plan = registered(register)

    component = plan.named("own-role")
    assert plan[component.parent].name == "parent"
    assert {child.name for child in plan.children(component.urn)} == {"eks-own-role-test", "eks-own-one-test"}


def test_tags_are_optional(registered: Registered) -> None:
    def register(shared: EnvironmentArgs, provider: Provider) -> None:
        Endpoints(
            "endpoints",
            {
                "environment_suffix": "bare",
                "account": shared["account"],
                "vpc_id": "vpc-1",
                "cidr_block": "10.0.0.0/16",
                "route_table_ids": {"us-east-2a": "rtb-1"},
                "subnet_ids": {"us-east-2a": "subnet-1"},
                "interfaces": False,
            },
            pulumi.ResourceOptions(providers=[provider]),
        )

    plan = registered(register)

    assert plan.named("eks-s3-endpoint-bare").inputs["tags"] == {"Name": "eks-s3-endpoint-bare"}


# Pulumi's analyzer leaves the file open that names an SDK's version.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_arguments_can_be_described_to_other_languages() -> None:
    analyzed = Analyzer("seatrial").analyze(list(COMPONENTS))

    assert set(analyzed["component_definitions"]) == set(IDS)
