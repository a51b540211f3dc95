"""A plan is the same with and without what makes the SDK start faster."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLAN = """
from pathlib import Path
from seatrial import plan
from seatrial.config import load_platform
from seatrial.plan.render import document
platform = load_platform(Path("Pulumi.{stack}.yaml"))
print(document.render(plan.of_platform(platform, project="seatrial", stack="{stack}", preview={preview})))
"""

INSTALL = """
from seatrial.plan import lazy_sdk
lazy_sdk.install()
"""


def output(script: str, *, seed: int = 0) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(("stack", "preview"), [("dev", False), ("dev", True), ("prod", False)])
def test_a_plan_is_the_same_bytes_fast_or_not_whatever_the_hash_seed(stack: str, preview: bool) -> None:
    script = PLAN.format(stack=stack, preview=preview)

    plain, fast = output(script, seed=1), output(INSTALL + script, seed=2)

    assert len(plain) > 10_000
    assert fast == plain


def test_what_is_not_used_is_not_loaded() -> None:
    names = ["dill", "opentelemetry.sdk", "pulumi.automation._stack", "pulumi_aws.ec2.instance", "pulumi_aws.sns"]
    script = f"import sys\nprint([name for name in {names} if name in sys.modules])"

    assert output(INSTALL + PLAN.format(stack="dev", preview=False) + script).splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("import pulumi_aws as aws; print(aws.ec2.Vpc.__name__ == 'Vpc')", id="a class of a package"),
        pytest.param(
            "import pulumi_aws as aws; aws.Provider;"
            "print(aws.sqs.Queue.__name__ == 'Queue' and callable(aws.ec2.get_vpc))",
            id="a class of a package once the root's own code has run",
        ),
        pytest.param("from pulumi_aws.ec2 import Vpc; print(Vpc.__name__ == 'Vpc')", id="a class from a package"),
        pytest.param("import pulumi_aws as aws; print(callable(aws.get_partition))", id="a function of the root"),
        pytest.param(
            "from pulumi_aws.ec2.get_vpc import get_vpc; import pulumi_aws; print(pulumi_aws.ec2.get_vpc is get_vpc)",
            id="a function whose module has its name",
        ),
        pytest.param(
            "from pulumi_aws import ec2; from pulumi_aws.ec2._inputs import LaunchTemplateMonitoringArgs as A;"
            "print(ec2.LaunchTemplateMonitoringArgs is A)",
            id="a nested type",
        ),
        pytest.param(
            "from pulumi_aws import ec2; print(ec2.outputs.LaunchTemplateMonitoring(enabled=True)['enabled'])",
            id="a nested output",
        ),
        pytest.param(
            "from pulumi_aws import ec2; print(ec2.InstanceType.T3_MEDIUM == 't3.medium')", id="an enumeration"
        ),
        pytest.param("import pulumi_aws; print(not hasattr(pulumi_aws, 'nothing'))", id="nothing"),
        pytest.param("import pulumi; print(not hasattr(pulumi.automation, 'nothing'))", id="nothing of automation"),
        pytest.param("import pulumi_aws.ec2; print(not hasattr(pulumi_aws.ec2, 'Nothing'))", id="nothing of a service"),
        pytest.param("import pulumi_aws.ec2; print(not hasattr(pulumi_aws.ec2._inputs, 'Nothing'))", id="no class"),
        pytest.param("import pulumi_aws; print(not hasattr(pulumi_aws, '__wrapped__'))", id="a name of Python's own"),
        pytest.param(
            "import pulumi; print(pulumi.automation.LocalWorkspace.__name__ == 'LocalWorkspace')", id="automation"
        ),
        pytest.param("import pulumi; print(issubclass(pulumi.dynamic.Resource, pulumi.Resource))", id="dynamic"),
        pytest.param("import pulumi_aws.config as c; print(c.__name__ == 'pulumi_aws.config')", id="configuration"),
        pytest.param("import importlib.util as u; print(u.find_spec('pulumi_missing') is None)", id="no module"),
        pytest.param(
            "import sys; before = len(sys.meta_path); lazy_sdk.install(); print(len(sys.meta_path) == before)",
            id="twice",
        ),
        pytest.param("import gc; print(not gc.isenabled())", id="collector"),
        pytest.param(
            "from pulumi import contains_unknowns as c; from pulumi.output import UNKNOWN as u;"
            "print([c(each) for each in (u, [1, {'a': [u]}], 'text', [1, {'a': []}])] == [True, True, False, False])",
            id="unknown values",
        ),
        pytest.param(
            "import pulumi; loop = []; loop.append(loop); print(not pulumi.contains_unknowns(loop))", id="a loop"
        ),
    ],
)
def test_the_sdk_offers_what_it_always_does(statement: str) -> None:
    assert output(INSTALL + statement) == "True\n"


def test_looking_for_unknown_values_leaves_nothing_for_the_collector() -> None:
    script = "import gc, pulumi\ngc.collect()\npulumi.contains_unknowns({'a': [1]})\nprint(gc.collect())"

    assert output(script) != "0\n"
    assert output(INSTALL + script) == "0\n"


def test_class_statements_run_as_they_were_written() -> None:
    script = """
from pulumi import _types
from pulumi_aws.eks._inputs import ClusterVpcConfigArgs
from pulumi_aws.ec2._inputs import LaunchTemplateMonitoringArgsDict
print(ClusterVpcConfigArgs.__module__, ClusterVpcConfigArgs.__qualname__, _types.is_input_type(ClusterVpcConfigArgs))
print(sorted(_types.input_type_types(ClusterVpcConfigArgs)))
print(LaunchTemplateMonitoringArgsDict.__total__, sorted(LaunchTemplateMonitoringArgsDict.__annotations__))
"""

    assert output(INSTALL + script) == output(script)
