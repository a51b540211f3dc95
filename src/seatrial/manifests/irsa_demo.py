"""Roles for service accounts, shown: a service account that may use one bucket, and a pod that does."""

from seatrial import releases
from seatrial.config.demonstrations import IRSA_DEMO
from seatrial.iam import irsa_demo as role
from seatrial.manifests import containers
from seatrial.manifests.images import mirrored
from seatrial.manifests.manifest import Later, Manifest, labels, manifest
from seatrial.manifests.service_accounts import service_account

SERVICE_ACCOUNT = role.SERVICE_ACCOUNT
"""Name of the service account."""

APPLICATION = "irsa-demo"
"""Name of all that belongs to it."""

_LIST = 'while true; do aws s3 ls "s3://$BUCKET" && date > /tmp/listed; sleep 60; done'
_LISTED = 'test "$(find /tmp/listed -mmin -5)"'


def account(namespace: str, role_arn: Later) -> Manifest:
    """Make the service account. Its token for AWS is another than that for the Kubernetes API, of which it has none."""
    return service_account(namespace, SERVICE_ACCOUNT, token=False, application=APPLICATION, role_arn=role_arn)


def test_pod(namespace: str, bucket: Later, region: str, registry: str = "") -> Manifest:  # noqa: PT028 (no test, but a pod for one)
    """Make what lists the bucket once a minute.

    A Deployment of one: policies of the network don't hold for a pod that nothing owns. Of one only, for nobody relies
    on it, and Recreate, for two would prove no more than one.
    """
    variables = [{"name": "AWS_REGION", "value": region}, {"name": "BUCKET", "value": bucket}]
    listing = containers.container(
        "list",
        mirrored(releases.AWS_CLI_IMAGE, registry),
        command=["/bin/sh", "-c"],
        args=[_LIST],
        cpu=IRSA_DEMO.cpu,
        memory=IRSA_DEMO.memory,
        env=[*variables, {"name": "HOME", "value": "/tmp"}],  # noqa: S108 (the pod's own volume)
        livenessProbe={**_PROBE, "failureThreshold": 10},
        readinessProbe={**_PROBE, "failureThreshold": 1},
        volumeMounts=[{"mountPath": "/tmp", "name": "scratch"}],  # noqa: S108 (as above)
    )
    scratch = {"emptyDir": {"sizeLimit": "16Mi"}, "name": "scratch"}
    template = {
        "metadata": {"labels": labels(APPLICATION)},
        "spec": containers.pod_spec(SERVICE_ACCOUNT, [listing], volumes=[scratch]),
    }
    spec = {
        "replicas": 1,
        "selector": {"matchLabels": containers.selector(APPLICATION)},
        "strategy": {"type": "Recreate"},
        "template": template,
    }
    return manifest("apps/v1", "Deployment", APPLICATION, namespace=namespace, spec=spec)


_PROBE = {"exec": {"command": ["/bin/sh", "-c", _LISTED]}, "periodSeconds": 30, "timeoutSeconds": 5}
"""It works if it listed the bucket in the last five minutes."""
