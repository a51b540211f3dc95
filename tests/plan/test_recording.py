"""A plan holds what the engine would hold in its state."""

import asyncio
import os
from collections.abc import Callable, Mapping

import pulumi
import pytest
from pulumi.runtime.settings import get_root_resource, get_stack
from pulumi_aws.ec2.subnet import Subnet
from pulumi_aws.ec2.vpc import Vpc
from pulumi_aws.eks.addon import Addon
from pulumi_aws.get_region import get_region
from pulumi_aws.iam.role import Role
from pulumi_aws.provider import Provider

from seatrial import plan
from seatrial.plan import Message, Plan, PlanError, Secret, Unknown

Planned = Callable[[Callable[[pulumi.ResourceOptions], object]], Plan]


class Net(pulumi.ComponentResource):
    """A VPC and a subnet."""

    def __init__(
        self, name: str, args: Mapping[str, pulumi.Input[object]], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("shop:index:Net", name, dict(args), opts)
        child = pulumi.ResourceOptions(parent=self)
        self.vpc = Vpc(f"{name}-vpc", cidr_block="10.0.0.0/16", opts=child)
        self.subnet = Subnet(f"{name}-subnet", vpc_id=self.vpc.id, cidr_block="10.0.0.0/24", opts=child)
        self.register_outputs({"vpcId": self.vpc.id})


def net(options: pulumi.ResourceOptions, more: pulumi.ResourceOptions | None = None) -> Net:
    own = pulumi.ResourceOptions(providers=[options.provider] if options.provider else [])
    return Net("net", {"size": 3}, pulumi.ResourceOptions.merge(own, more))


def role(name: str, options: pulumi.ResourceOptions, **inputs: pulumi.Input[str]) -> Role:
    return Role(
        name, assume_role_policy=inputs.pop("policy", "{}"), description=inputs.pop("description", None), opts=options
    )


PREFIX = "urn:pulumi:test::proj::"
STACK = f"{PREFIX}pulumi:pulumi:Stack::proj-test"
PROVIDER = f"{PREFIX}pulumi:providers:aws::aws"
NET = f"{PREFIX}shop:index:Net::net"
VPC = f"{PREFIX}shop:index:Net$aws:ec2/vpc:Vpc::net-vpc"
SUBNET = f"{PREFIX}shop:index:Net$aws:ec2/subnet:Subnet::net-subnet"
ROLE = f"{PREFIX}aws:iam/role:Role::role"


def test_every_resource_has_the_urn_that_its_parents_give_it(planned: Planned) -> None:
    made = planned(net)

    assert [resource.urn for resource in made] == [STACK, PROVIDER, NET, VPC, SUBNET]


def test_parents_and_providers_are_recorded(planned: Planned) -> None:
    made = planned(net)

    assert (made[STACK].parent, made[PROVIDER].parent, made[NET].parent, made[VPC].parent) == ("", STACK, STACK, NET)
    assert made[VPC].provider == f"{PROVIDER}::{made[PROVIDER].id}"
    assert made[VPC].provider_urn == PROVIDER
    assert made[NET].provider == ""


def test_a_component_within_a_component_has_both_types_in_its_urn(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        Net("inner", {}, pulumi.ResourceOptions(parent=net(options)))

    assert f"{PREFIX}shop:index:Net$shop:index:Net$aws:ec2/vpc:Vpc::inner-vpc" in planned(program)


def test_what_a_property_comes_from_is_a_dependency(planned: Planned) -> None:
    subnet = planned(net)[SUBNET]

    assert subnet.dependencies == (VPC,)
    assert subnet.property_dependencies == {"vpcId": (VPC,)}


def test_what_an_apply_combines_is_a_dependency(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        made = net(options)
        role("role", options, description=pulumi.Output.concat(made.vpc.id, made.subnet.id))

    assert planned(program)[ROLE].property_dependencies == {"description": (SUBNET, VPC)}


def test_depending_on_a_component_is_depending_on_everything_in_it(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        made = net(options)
        role("role", pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=[made])))

    made = planned(program)[ROLE]
    assert made.dependencies == (SUBNET, VPC)
    assert made.property_dependencies == {}


def test_options_are_recorded(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        made = net(options)
        more = pulumi.ResourceOptions(
            protect=True,
            retain_on_delete=True,
            deleted_with=made.vpc,
            ignore_changes=["description"],
            replace_on_changes=["path"],
            delete_before_replace=True,
            custom_timeouts=pulumi.CustomTimeouts(create="5m"),
            import_="role",
        )
        role("role", pulumi.ResourceOptions.merge(options, more))

    made = planned(program)[ROLE]
    assert (made.protect, made.retain_on_delete, made.deleted_with) == (True, True, VPC)
    assert (made.ignore_changes, made.replace_on_changes) == (("description",), ("path",))
    assert (made.delete_before_replace, made.timeouts, made.import_id) == (True, {"create": "5m"}, "role")


def test_children_inherit_what_the_engine_lets_them(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        anchor = role("role", options)
        net(options, pulumi.ResourceOptions(protect=True, retain_on_delete=True, deleted_with=anchor))

    made = planned(program)[SUBNET]
    assert (made.protect, made.retain_on_delete, made.deleted_with) == (True, True, ROLE)


def test_a_child_can_refuse_to_inherit(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        parent = net(options, pulumi.ResourceOptions(protect=True, retain_on_delete=True))
        Vpc(
            "own",
            cidr_block="10.9.0.0/16",
            opts=pulumi.ResourceOptions(parent=parent, protect=False, retain_on_delete=False),
        )

    made = planned(program).named("own")
    assert (made.protect, made.retain_on_delete) == (False, False)


@pytest.mark.parametrize(
    ("alias", "urn"),
    [
        pytest.param(pulumi.Alias(name="old"), f"{PREFIX}aws:iam/role:Role::old", id="name"),
        pytest.param(pulumi.Alias(type_="aws:x:Y"), f"{PREFIX}aws:x:Y::role", id="type"),
        pytest.param(pulumi.Alias(parent=NET), f"{PREFIX}shop:index:Net$aws:iam/role:Role::role", id="parent"),
        pytest.param(pulumi.Alias(parent=None), ROLE, id="no parent"),
        pytest.param(pulumi.Alias(stack="s", project="p"), "urn:pulumi:s::p::aws:iam/role:Role::role", id="project"),
        pytest.param(VPC, VPC, id="urn"),
    ],
)
def test_former_urns_are_recorded(planned: Planned, alias: pulumi.Alias | str, urn: str) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        role("role", pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(aliases=[alias])))

    assert planned(program)[ROLE].aliases == (urn,)


def test_a_component_records_inputs_and_outputs(planned: Planned) -> None:
    made = planned(net)[NET]

    assert made.is_component
    assert made.inputs == {"size": 3}
    assert made.completed
    assert made.outputs == {"vpcId": planned(net)[VPC].id}


def test_a_component_that_registers_no_outputs_is_not_completed(planned: Planned) -> None:
    def program(_: pulumi.ResourceOptions) -> None:
        pulumi.ComponentResource("shop:index:Bare", "bare")

    assert not planned(program).named("bare").completed


def test_a_provider_records_its_version_as_the_engine_does(planned: Planned) -> None:
    made = planned(net)[PROVIDER]

    assert made.is_provider
    assert made.inputs["region"] == "us-east-2"
    assert made.inputs["version"] == made.version != ""


def test_outputs_of_the_stack_are_returned_or_exported(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> Mapping[str, object]:
        pulumi.export("exported", [1, 2.5, None])
        return {"returned": net(options).vpc.id}

    made = planned(program)
    assert made.outputs == {"exported": (1, 2.5, None), "returned": made[VPC].id}


def test_secrets_stay_secret_wherever_they_go(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> Mapping[str, object]:
        more = pulumi.ResourceOptions(additional_secret_outputs=["arn"])
        made = role("role", pulumi.ResourceOptions.merge(options, more), description=pulumi.Output.secret("hush"))
        Vpc("vpc", cidr_block="10.0.0.0/16", tags={"key": pulumi.Output.secret("hush"), "plain": "x"}, opts=options)
        return {"description": made.description, "arn": made.arn, "path": made.path}

    made = planned(program)
    assert made[ROLE].inputs["description"] == Secret("hush")
    assert made.outputs["description"] == Secret("hush")
    assert isinstance(made.outputs["arn"], Secret)
    assert made.outputs["path"] == "/"
    assert made.named("vpc").outputs["tags"] == {"key": Secret("hush"), "plain": "x"}
    assert "hush" not in repr(made)


def test_a_preview_knows_neither_ids_nor_outputs(previewed: Planned) -> None:
    made = previewed(lambda options: {"id": net(options).vpc.id, "secret": pulumi.Output.secret("x")})

    assert made[VPC].id == Unknown()
    assert made[VPC].outputs["arn"] == Unknown()
    assert made[SUBNET].inputs == {"vpcId": Unknown(), "cidrBlock": "10.0.0.0/24"}
    assert made[SUBNET].dependencies == (VPC,)
    assert made.outputs == {"id": Unknown(), "secret": Secret("x")}


def test_a_preview_runs_no_apply_on_what_is_unknown(previewed: Planned) -> None:
    seen: list[str] = []

    previewed(lambda options: {"id": net(options).vpc.id.apply(seen.append)})

    assert seen == []


def test_a_preview_has_the_resources_and_edges_of_the_plan(planned: Planned, previewed: Planned) -> None:
    made, preview = previewed(net), planned(net)

    assert [(each.urn, each.dependencies) for each in preview] == [(each.urn, each.dependencies) for each in made]


def test_a_resource_can_be_an_input(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> Mapping[str, object]:
        made = net(options)
        pulumi.ComponentResource("shop:index:Holder", "holder", {"vpc": made.vpc})
        return {"vpc": made.vpc}

    made = planned(program)
    reference = made.named("holder").inputs["vpc"]
    assert isinstance(reference, Mapping)
    assert reference["urn"] == VPC
    assert made.named("holder").dependencies == (VPC,)


def test_what_the_program_logs_is_kept(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        pulumi.log.warn("dear")
        pulumi.log.info("about", resource=net(options).vpc)
        pulumi.log.debug("noise")

    assert planned(program).messages == (Message("info", "about", VPC), Message("warning", "dear"))


def test_what_the_program_raises_comes_out_as_it_is(planned: Planned, capfd: pytest.CaptureFixture[str]) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        net(options)
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        planned(program)

    assert capfd.readouterr() == ("", "")


def test_what_an_apply_raises_comes_out_as_it_is(planned: Planned, capfd: pytest.CaptureFixture[str]) -> None:
    def fail(_: str) -> str:
        raise LookupError("no such thing")

    def program(options: pulumi.ResourceOptions) -> None:
        made = role("first", options)
        role("second", options, description=made.arn.apply(fail))
        role("third", options, description=made.arn.apply(fail))

    with pytest.raises(LookupError, match="no such thing"):
        planned(program)

    assert capfd.readouterr() == ("", "")


def test_an_interrupted_program_waits_for_nothing_that_it_began(planned: Planned) -> None:
    def program(_: pulumi.ResourceOptions) -> None:
        pulumi.Output.from_input(asyncio.get_running_loop().create_future())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        planned(program)


def test_every_refusal_is_reported_at_once(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        role("role", options, description=5)  # pyright: ignore[reportArgumentType] (what is tested)
        Vpc("vpc", cidr_block="10.0.0.0/16")
        Vpc("vpc", cidr_block="10.0.0.0/16")

    with pytest.raises(PlanError) as caught:
        planned(program)

    assert [refusal.subject for refusal in caught.value.refusals] == [
        "aws:ec2/vpc:Vpc 'vpc'",
        "aws:ec2/vpc:Vpc 'vpc'",
        "aws:iam/role:Role 'role'",
    ]
    assert str(caught.value).startswith("3 refusals while planning\n  aws:ec2/vpc:Vpc 'vpc': ")


def test_a_refused_invoke_hides_what_fails_because_of_it(planned: Planned) -> None:
    with pytest.raises(PlanError, match="1 refusal while planning\n  aws:index/getRegion:getRegion: no provider"):
        planned(lambda _: {"region": get_region().region})


def test_what_is_already_deployed_cannot_be_read(planned: Planned) -> None:
    with pytest.raises(PlanError, match="aws:ec2/vpc:Vpc 'old': a plan can't read what something else deployed"):
        planned(lambda options: Vpc.get("old", "vpc-1", opts=options))


def test_outputs_can_be_registered_once(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        net(options).register_outputs({})

    with pytest.raises(PlanError, match="shop:index:Net 'net': its outputs are registered twice"):
        planned(program)


def test_an_output_in_a_text_is_an_error(planned: Planned) -> None:
    with pytest.raises(Exception, match="not supported"):
        planned(lambda options: {"text": f"{net(options).vpc.id}"})


def test_a_transform_is_refused(planned: Planned) -> None:
    def program(options: pulumi.ResourceOptions) -> None:
        transform = pulumi.ResourceOptions(transforms=[lambda _: None])
        role("role", pulumi.ResourceOptions.merge(options, transform))

    with pytest.raises(Exception, match="does not support transforms"):
        planned(program)


def test_the_environment_has_no_say_and_is_left_alone(planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("PULUMI_CONFIG", '{"shop:key": "value"}')
    before = dict(os.environ)

    def program(_: pulumi.ResourceOptions) -> Mapping[str, object]:
        return {"config": pulumi.Config("shop").get("key"), "variable": os.environ.get("AWS_REGION")}

    assert planned(program).outputs == {}
    assert dict(os.environ) == before


def test_a_region_of_the_environment_is_not_a_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")

    with pytest.raises(PlanError, match="pulumi:providers:aws 'aws': no region ''"):
        plan.run(lambda: {"arn": Provider("aws").urn}, project="proj", stack="test")


def test_nothing_is_kept_between_two_plans(planned: Planned) -> None:
    root, stack = get_root_resource(), get_stack()

    def fail(_: pulumi.ResourceOptions) -> None:
        raise LookupError

    first = planned(net)
    with pytest.raises(LookupError):
        planned(fail)
    second = planned(net)

    assert first == second
    assert (get_root_resource(), get_stack()) == (root, stack)


def test_a_program_that_exports_nothing_has_no_outputs(planned: Planned) -> None:
    assert planned(lambda _: None).outputs == {}


def test_the_same_name_in_another_stack_has_another_id() -> None:
    def program() -> Mapping[str, object]:
        provider = Provider("aws", region="us-east-2")
        return {"id": net(pulumi.ResourceOptions(provider=provider)).vpc.id}

    ids = [plan.run(program, project="proj", stack=stack).outputs["id"] for stack in ("one", "two")]
    assert ids[0] != ids[1]


def test_missing_inputs_that_the_sdk_finds_come_out_as_it_says_them(planned: Planned) -> None:
    with pytest.raises(TypeError, match="Missing required property 'addon_name'"):
        planned(lambda options: {"x": Addon("a", cluster_name="c", opts=options).id})  # pyright: ignore[reportCallIssue] (what is tested)
