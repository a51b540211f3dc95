"""What checkov, an independent scanner, says of the exported files: each disagreement has a reason here."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

import pytest

VERSION: Final = "3.3.30"
ROOT: Final = Path(__file__).parents[2]

DEMONSTRATION: Final = "a bucket of a demonstration: empty, and gone with the stack"
CONTROLLER: Final = "as the controller's own documentation has it: these actions take no resource, or one yet to come"

DISAGREEMENTS: Final[Mapping[tuple[str, str], str]] = {
    ("CKV2_AWS_61", "aws_s3_bucket.eks-irsa-demo"): f"no lifecycle: {DEMONSTRATION}",
    ("CKV2_AWS_62", "aws_s3_bucket.eks-irsa-demo"): f"no notifications: {DEMONSTRATION}",
    ("CKV_AWS_144", "aws_s3_bucket.eks-irsa-demo"): f"no replication: {DEMONSTRATION}",
    ("CKV_AWS_145", "aws_s3_bucket.eks-irsa-demo"): f"encrypted with the key of S3: {DEMONSTRATION}",
    ("CKV_AWS_18", "aws_s3_bucket.eks-irsa-demo"): f"no access log: {DEMONSTRATION}",
    ("CKV_AWS_21", "aws_s3_bucket.eks-irsa-demo"): f"no versions, which would outlive it: {DEMONSTRATION}",
    ("CKV_AWS_355", "aws_iam_role_policy.eks-load-balancer-controller-load-balancers"): CONTROLLER,
    ("CKV_AWS_338", "aws_cloudwatch_log_group.eks-cluster-logs"): "outside production a month is kept, not a year",
    ("CKV_AWS_338", "aws_cloudwatch_log_group.eks-flow-logs"): "outside production a month is kept, not a year",
    ("CKV_AWS_339", "aws_eks_cluster.eks-cluster"): "its list of versions ends before the one that is deployed",
}
"""Check and resource, the stack's suffix left out, to why the plan is as it is."""


@pytest.fixture(name="checkov", scope="module")
def _checkov() -> Path:
    """Give the scanner, from an environment of its own that is made once."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "seatrial" / f"checkov-{VERSION}"
    scanner = folder / "bin" / "checkov"
    if not scanner.exists():
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(folder / "bin" / "pip"), "install", "--quiet", f"checkov=={VERSION}"],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                reason = (done.stderr or done.stdout).strip().splitlines()[-1:]
                pytest.skip(f"checkov {VERSION} can't be installed: {' '.join(reason)}")
    return scanner


def failures(scanner: Path, file: Path) -> set[tuple[str, str]]:
    command = [str(scanner), "--file", str(file), "--compact", "--quiet", "--skip-download", "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    written = cast("dict[str, Any]", json.loads(done.stdout))
    assert written["summary"]["parsing_errors"] == 0
    assert written["summary"]["passed"] > 0
    return {(each["check_id"], each["resource"]) for each in written["results"]["failed_checks"]}


@pytest.mark.rehearsal
@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize(
    ("export", "name"), [(("tfplan", "--resolved"), "tfplan.json"), (("manifests",), "manifests.yaml")]
)
def test_checkov_disagrees_only_where_there_is_a_reason(
    checkov: Path, tmp_path: Path, stack: str, export: tuple[str, ...], name: str
) -> None:
    file = tmp_path / name
    command = [sys.executable, "-m", "seatrial.cli", "export", *export, "-C", str(ROOT), "-s", stack, "-o", str(file)]
    subprocess.run(command, check=True)

    found = {(check, resource.removesuffix(f"-{stack}")) for check, resource in failures(checkov, file)}

    assert found <= DISAGREEMENTS.keys()
    if name == "tfplan.json":
        assert {check for check, _ in DISAGREEMENTS} - {check for check, _ in found} <= {"CKV_AWS_338"}
