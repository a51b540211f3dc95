"""The platform, and a workload of one's own in the namespace of the tenant ``web``.

Its manifests stand in ``web.yaml``. They are planned, checked, rehearsed and deployed with the platform, come after the
namespace and its network policies, and go before them.
"""

from pathlib import Path

import pulumi
import yaml

from seatrial.components.kubernetes_object import KubernetesObject, logical_name
from seatrial.program import run

platform = run()
if platform.in_cluster:
    opts = platform.in_cluster.options("web")
    for manifest in yaml.safe_load_all(Path("web.yaml").read_text(encoding="utf-8")):
        if manifest["kind"] == "Deployment":
            manifest["spec"]["replicas"] = pulumi.Config().require_int("replicas")
        KubernetesObject(logical_name(manifest, platform.environment.suffix), manifest, opts)
