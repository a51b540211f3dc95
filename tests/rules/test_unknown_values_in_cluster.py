"""What only a deployment can tell of the cluster never passes, and what doesn't matter to a rule never fails."""

from collections.abc import Callable
from typing import Any

import pytest

from seatrial import rules
from seatrial.rules import Status

WEB = "dev-spot-demo-deployment"
BUDGET = "dev-spot-demo-poddisruptionbudget"
CACHE = "kube-system-node-local-dns-daemonset"
CONTAINER = "spec.template.spec.containers.0"
FOUND = "spec.template.spec.containers[0]"
BOUND = "dev-team-rolebinding"
AUTOSCALER = "cluster-autoscaler-release"
GRANTS = ("RBAC-01", "RBAC-02", "RBAC-04", "RBAC-05", "RBAC-06", "RBAC-07", "RBAC-08", "RBAC-09", "RBAC-11")
"""Rules that judge what bindings give."""
POLICY = "eks-tenant-dev-access"
LABEL = "pod-security.kubernetes.io/enforce"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
REPOSITORY = "aws:ecr/repository:Repository"
LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
SERVICE = "kubernetes:core/v1:Service"
POD = "kubernetes:core/v1:Pod"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ALB = "alb.ingress.kubernetes.io"

Step = tuple[Any, ...]


def meta(name: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "dev", **more}}


def ingress(**annotations: str) -> Step:
    named = {f"{ALB}/{key.replace('_', '-')}": value for key, value in annotations.items()}
    return ("add", INGRESS, "added", {**meta("added", annotations=named), "spec": {}})


PUBLIC = {"ingressClassName": "public"}


def class_of(scheme: str) -> tuple[Step, ...]:
    """A class of Ingress of the load balancer controller, with parameters."""
    reference = {"apiGroup": "elbv2.k8s.aws", "kind": "IngressClassParams", "name": "public"}
    spec = {"controller": "ingress.k8s.aws/alb", "parameters": reference}
    said = {"scheme": scheme, "certificateArn": ["arn:aws:acm:us-east-2:1:certificate/a"]}
    return (
        (
            "add",
            "kubernetes:networking.k8s.io/v1:IngressClass",
            "class",
            {"metadata": {"name": "public"}, "spec": spec},
        ),
        (
            "add",
            "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams",
            "params",
            {"metadata": {"name": "public"}, "spec": {**said, "sslPolicy": "ELBSecurityPolicy-TLS13-1-3-2021-06"}},
        ),
    )


UNKNOWN: list[tuple[str, tuple[Step, ...], list[str]]] = [
    *((rule, (("put", BOUND, "subjects", "?"),), [f"{BOUND} roleRef"]) for rule in GRANTS),
    *((rule, (("put", "dev-team-role", "rules", "?"),), [f"{BOUND} roleRef"]) for rule in GRANTS),
    *((rule, (("put", BOUND, "roleRef.kind", "Thing"),), [f"{BOUND} roleRef"]) for rule in GRANTS),
    (
        "RBAC-02",
        (("add", ASSOCIATION, "added", {"policyArn": "?", "principalArn": "a", "accessScope": {"type": "cluster"}}),),
        ["added policyArn"],
    ),
    (
        "RBAC-02",
        (
            (
                "add",
                ASSOCIATION,
                "added",
                {"policyArn": "arn:x/AmazonNewPolicy", "principalArn": "a", "accessScope": {"type": "cluster"}},
            ),
        ),
        ["added policyArn"],
    ),
    ("RBAC-03", (("put", "dev-team-role", "rules", "?"),), ["dev-team-role rules"]),
    ("RBAC-11", (("put", POLICY, "kubernetesGroups", "?"),), [f"{POLICY} kubernetesGroups"]),
    (
        "RBAC-10",
        (("put", "dev-spot-demo-serviceaccount", "automountServiceAccountToken", "?"),),
        ["dev-spot-demo-serviceaccount automountServiceAccountToken"],
    ),
    (
        "RBAC-10",
        (("put", WEB, "spec.template.spec.serviceAccountName", "?"),),
        [f"{WEB} spec.template.spec.serviceAccountName"],
    ),
    ("POD-01", (("put", WEB, "spec.template.spec.securityContext", "?"),), [f"{WEB} spec.template.spec"]),
    (
        "POD-01",
        (
            ("put", WEB, f"{CONTAINER}.env", [{"name": "A", "value": "?"}]),
            ("put", WEB, "spec.template.spec.hostPID", True),
        ),
        [f"{WEB} spec.template.spec"],
    ),
    (
        "POD-02",
        (("put", "dev-namespace", ("metadata", "labels", LABEL), "?"),),
        [f"dev-namespace metadata.labels.{LABEL}"],
    ),
    (
        "POD-03",
        (("put", WEB, f"{CONTAINER}.securityContext.readOnlyRootFilesystem", "?"),),
        [f"{WEB} {FOUND}.securityContext.readOnlyRootFilesystem"],
    ),
    *(
        (rule, (("put", WEB, "spec.template.spec.containers", "?"),), [f"{WEB} spec.template.spec.containers"])
        for rule in ("POD-03", "POD-04", "POD-05", "POD-06", "POD-07")
    ),
    (
        "POD-04",
        (("put", WEB, f"{CONTAINER}.resources.limits.memory", "?"),),
        [f"{WEB} {FOUND}.resources.limits.memory"],
    ),
    ("POD-06", (("put", WEB, f"{CONTAINER}.image", "?"),), [f"{WEB} {FOUND}.image"]),
    ("POD-08", (("put", WEB, "metadata.namespace", "?"),), [f"{WEB} metadata.namespace"]),
    (
        "POD-10",
        (("add", SERVICE, "added", {**meta("added"), "spec": {"selector": {"app": "?"}}}),),
        ["added spec.selector"],
    ),
    (
        "POD-11",
        (
            ("put", "eks-cluster", "version", "?"),
            ("add", "kubernetes:policy/v1beta1:PodDisruptionBudget", "old", meta("old")),
        ),
        ["old apiVersion"],
    ),
    (
        "POD-12",
        (
            (
                "add",
                REPOSITORY,
                "added",
                {
                    "name": "web",
                    "imageTagMutability": "?",
                    "imageScanningConfiguration": {"scanOnPush": True},
                    "encryptionConfigurations": [{"encryptionType": "KMS"}],
                },
            ),
            ("add", LIFECYCLE, "policy", {"repository": "?"}),
        ),
        ["added imageTagMutability", "added lifecycle"],
    ),
    ("NP-01", (("put", "dev-default-deny-networkpolicy", "spec", "?"),), ["dev-namespace NetworkPolicy"]),
    ("NP-02", (("put", "dev-allow-dns-networkpolicy", "spec.egress", "?"),), ["dev-namespace from"]),
    (
        "NP-03",
        (("add", SERVICE, "added", {**meta("added"), "spec": {"selector": {"a": "b"}, "ports": [{"port": "?"}]}}),),
        [f"{name} to.dns" for name in ("dev-irsa-demo-deployment", "dev-namespace", WEB, "prod-namespace")],
    ),
    (
        "NP-06",
        (("add", SERVICE, "added", {**meta("added"), "spec": {"selector": {"a": "b"}, "ports": [{"port": "?"}]}}),),
        [
            f"{namespace}-{name}-networkpolicy"
            for namespace in ("dev", "prod")
            for name in (
                *("allow-api-server", "allow-dns", "allow-https", "allow-load-balancers", "allow-own-namespace"),
                *("allow-pod-identity", "default-deny"),
            )
        ],
    ),
    (
        "NP-05",
        (("put", "eks-vpc-cni-addon", "configurationValues", "?"),),
        ["eks-vpc-cni-addon configurationValues"],
    ),
    (
        "NP-07",
        (ingress(certificate_arn="?", ssl_policy="?", scheme="?"),),
        [f"added metadata.annotations.{ALB}/scheme", f"added metadata.annotations.{ALB}/ssl-policy"],
    ),
    ("HA-01", (("put", WEB, "spec.replicas", "?"),), [f"{WEB} spec.replicas"]),
    (
        "HA-02",
        (("put", WEB, "spec.template.spec.topologySpreadConstraints", "?"),),
        [f"{WEB} spec.template.spec.topologySpreadConstraints"],
    ),
    ("HA-03", (("put", BUDGET, "spec.maxUnavailable", "?"),), [f"{BUDGET} spec.maxUnavailable"]),
    (
        "HA-03",
        (("put", BUDGET, "spec.selector", "?"),),
        [f"{WEB} PodDisruptionBudget", f"{BUDGET} spec.selector"],
    ),
    ("HA-03", (("put", AUTOSCALER, "values.podDisruptionBudget", "?"),), [f"{AUTOSCALER} values.podDisruptionBudget"]),
    ("HA-04", (("put", "eks-ondemand-ng", "scalingConfig", "?"),), ["eks-cluster zones"]),
    ("HA-05", (("put", "eks-spot-ng", "instanceTypes", ["x9.huge"]),), ["eks-cluster nodes"]),
    ("HA-05", (("put", WEB, "spec.replicas", "?"),), ["eks-cluster nodes"]),
    ("HA-07", (("put", "eks-ondemand-ng", "scalingConfig", "?"),), ["eks-cluster nodeGroups"]),
    (
        "HA-08",
        (
            (
                "add",
                SERVICE,
                "added",
                {
                    **meta("added"),
                    "spec": {"type": "LoadBalancer", "selector": {"app.kubernetes.io/name": "spot-demo"}},
                },
            ),
            ("put", "dev-namespace", "metadata.labels", "?"),
            ("put", WEB, "spec.template.spec.terminationGracePeriodSeconds", "?"),
            ("put", WEB, f"{CONTAINER}.lifecycle", {"preStop": {"sleep": {"seconds": 15}}}),
        ),
        [
            "dev-namespace metadata.labels.elbv2.k8s.aws/pod-readiness-gate-inject",
            f"{WEB} spec.template.spec.terminationGracePeriodSeconds",
        ],
    ),
    ("HA-09", (("put", AUTOSCALER, "values.priorityClassName", "?"),), [f"{AUTOSCALER} values.priorityClassName"]),
    (
        "HA-09",
        (("put", CACHE, "spec.template.spec.priorityClassName", "?"),),
        [f"{CACHE} spec.template.spec.priorityClassName"],
    ),
    (
        "DST-06",
        (
            (
                "add",
                STATEFUL_SET,
                "added",
                {
                    **meta("added"),
                    "spec": {
                        "volumeClaimTemplates": [{"spec": {}}],
                        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "?"},
                    },
                },
                "eks-aws-ebs-csi-driver-addon",
            ),
        ),
        ["added spec.persistentVolumeClaimRetentionPolicy.whenDeleted"],
    ),
    ("IAM-06", (("put", "eks-irsa-demo-bucket", "policy", "?"),), ["eks-irsa-demo-bucket policy"]),
    ("IAM-07", (("put", "eks-irsa-demo-bucket", "policy", "?"),), ["eks-irsa-demo-bucket policy"]),
    (
        "IAM-12",
        (("put", "eks-cluster-autoscaler-node-groups", "policy", "?"),),
        ["eks-cluster-autoscaler-role policies"],
    ),
    (
        "NP-07",
        (
            (
                "add",
                "kubernetes:core/v1:Service",
                "added",
                {**meta("s", annotations="?"), "spec": {"type": "LoadBalancer"}},
            ),
        ),
        [
            f"added metadata.annotations.service.beta.kubernetes.io/aws-load-balancer-{name}"
            for name in ("internal", "ssl-negotiation-policy")
        ],
    ),
    (
        "NP-07",
        (
            ("add", "kubernetes:networking.k8s.io/v1:Ingress", "added", {**meta("i", annotations="?"), "spec": PUBLIC}),
            *class_of("internal"),
        ),
        [
            f"added metadata.annotations.{ALB}/scheme",
            f"added metadata.annotations.{ALB}/ssl-policy",
        ],
    ),
]

DECIDED_WITHOUT = {"DST-05", "DST-08", "DST-09", "DST-10", "DST-11", "POD-09"}
"""Rules that look at edges, kinds and names, which a plan always knows."""


@pytest.mark.parametrize(
    ("rule", "steps", "expected"), UNKNOWN, ids=[f"{row[0]}-{index}" for index, row in enumerate(UNKNOWN)]
)
def test_an_unknown_value_is_a_finding(
    rule: str, steps: tuple[Step, ...], expected: list[str], judged: Callable[..., rules.Result], places: Any
) -> None:
    result = judged(rule, *steps, stack="full")

    assert places(result.findings) == expected
    assert result.status is Status.FAILED
    assert any(finding.unknown for finding in result.findings)


def test_every_rule_meets_an_unknown_value(in_cluster: frozenset[str]) -> None:
    assert {row[0] for row in UNKNOWN} | DECIDED_WITHOUT == in_cluster


DEV = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "dev"}}}
PROD = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "prod"}}}
SOUND_INGRESS = {
    "certificate_arn": "arn:aws:acm:us-east-2:1:certificate/a",
    "ssl_policy": "ELBSecurityPolicy-TLS13-1-3",
}
SETS: Step = (
    "add",
    STATEFUL_SET,
    "added",
    {
        **meta("added"),
        "spec": {
            "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"},
            "volumeClaimTemplates": [{"spec": {"storageClassName": "ebs-sc-encrypted"}}],
        },
    },
    "ebs-sc-encrypted-storageclass",
)
BALANCED: Step = (
    "add",
    SERVICE,
    "added",
    {**meta("added"), "spec": {"type": "LoadBalancer", "selector": {"app.kubernetes.io/name": "spot-demo"}}},
    "aws-load-balancer-controller-release",
)

KARPENTER: Step = (
    "add",
    "kubernetes:helm.sh/v3:Release",
    "karpenter",
    {"chart": "oci://x/karpenter", "namespace": "kube-system", "values": {}},
)
NLB = "service.beta.kubernetes.io/aws-load-balancer-"
TLS = {f"{NLB}ssl-cert": "arn:aws:acm:us-east-2:1:certificate/a", f"{NLB}ssl-negotiation-policy": ""}
NEW_TLS = ("TLS13-1-2-2021-06", "TLS13-1-2-Res-2021-06", "TLS13-1-3-2021-06", "FS-1-2-Res-2020-10", "TLS-1-2-2017-01")


def service(annotations: dict[str, Any], **spec: Any) -> Step:
    return ("add", SERVICE, "added", {**meta("s", annotations=annotations), "spec": {"type": "LoadBalancer", **spec}})


SOUND: list[tuple[str, tuple[Step, ...]]] = [
    ("RBAC-01", (("put", "dev-team-role", "rules.0.resourceNames", ["one"]),)),
    (
        "RBAC-02",
        (
            (
                "put",
                "dev-team-role",
                "rules.0",
                {"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["one"], "verbs": ["get"]},
            ),
        ),
    ),
    (
        "RBAC-02",
        (
            (
                "add",
                ASSOCIATION,
                "added",
                {
                    "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
                    "principalArn": "arn:aws:iam::1:role/viewer",
                    "accessScope": {"type": "namespace", "namespaces": ["dev"]},
                },
            ),
        ),
    ),
    (
        "RBAC-10",
        (
            ("put", BOUND, "subjects.0", {"kind": "ServiceAccount", "name": "spot-demo", "namespace": "dev"}),
            ("put", WEB, "spec.template.spec.automountServiceAccountToken", True),
        ),
    ),
    ("RBAC-10", (("put", WEB, "spec.template.spec.automountServiceAccountToken", None),)),
    (
        "RBAC-10",
        (
            ("put", BOUND, "subjects.0", {"kind": "Group", "name": "system:serviceaccounts:dev"}),
            ("put", WEB, "spec.template.spec.automountServiceAccountToken", True),
        ),
    ),
    (
        "RBAC-11",
        (
            (
                "add",
                "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
                "added",
                {
                    "metadata": {"name": "added"},
                    "roleRef": {"kind": "ClusterRole", "name": "system:discovery"},
                    "subjects": [{"kind": "Group", "name": "team-dev"}],
                },
            ),
        ),
    ),
    (
        "RBAC-11",
        (
            (
                "add",
                "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
                "added",
                {
                    "metadata": {"name": "added"},
                    "roleRef": {"kind": "ClusterRole", "name": "view"},
                    "subjects": [
                        {"kind": "ServiceAccount", "name": "watcher", "namespace": "kube-system"},
                        {"kind": "Group", "name": "auditors"},
                    ],
                },
            ),
        ),
    ),
    ("POD-01", (("put", CACHE, "spec.template.spec.hostPID", True),)),
    ("POD-01", (("put", WEB, f"{CONTAINER}.env", [{"name": "A", "value": "secret:x"}]),)),
    ("POD-03", (("put", CACHE, f"{CONTAINER}.securityContext", {}),)),
    ("POD-05", (("put", WEB, "spec.template.spec.initContainers", [{"name": "first"}]),)),
    (
        "POD-05",
        (
            ("put", WEB, f"{CONTAINER}.ports", None),
            ("put", WEB, f"{CONTAINER}.livenessProbe.httpGet.port", 8080),
            ("put", WEB, f"{CONTAINER}.readinessProbe.httpGet.port", 8080),
        ),
    ),
    ("POD-06", (("put", WEB, f"{CONTAINER}.image", f"public.ecr.aws/nginx/nginx@sha256:{'0' * 64}"),)),
    (
        "POD-10",
        (
            (
                "add",
                "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
                "added",
                {
                    "metadata": {"name": "added"},
                    "roleRef": {"kind": "ClusterRole", "name": "system:discovery"},
                    "subjects": [{"kind": "Group", "name": "team-dev"}],
                },
            ),
            ("add", SERVICE, "service", {**meta("s"), "spec": {"selector": {"app.kubernetes.io/name": "spot-demo"}}}),
        ),
    ),
    ("POD-11", (("add", "kubernetes:networking.k8s.io/v1beta1:IPAddress", "new", meta("new")),)),
    (
        "POD-12",
        (
            (
                "add",
                REPOSITORY,
                "added",
                {
                    "name": "web",
                    "imageTagMutability": "IMMUTABLE",
                    "imageScanningConfiguration": {"scanOnPush": True},
                    "encryptionConfigurations": [{"encryptionType": "KMS"}],
                },
            ),
            ("add", LIFECYCLE, "policy", {"repository": "@added:name"}),
        ),
    ),
    (
        "NP-02",
        (
            (
                "add",
                "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                "added",
                {
                    **meta("added"),
                    "spec": {
                        "policyTypes": ["Ingress"],
                        "ingress": [
                            {
                                "from": [
                                    {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.64.0.0/16", "10.1.0.0/16"]}},
                                    {"ipBlock": {"cidr": "fd00::/8"}},
                                ]
                            }
                        ],
                    },
                },
            ),
        ),
    ),
    (
        "NP-02",
        (
            (
                "add",
                "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                "added",
                {
                    **meta("added"),
                    "spec": {"policyTypes": ["Egress"], "egress": [{"to": [PROD], "ports": [{"port": 80}]}]},
                },
            ),
            (
                "add",
                "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                "other",
                {
                    "metadata": {"name": "other", "namespace": "prod"},
                    "spec": {"policyTypes": ["Ingress"], "ingress": [{"from": [DEV], "ports": [{"port": 443}]}]},
                },
            ),
        ),
    ),
    (
        "NP-05",
        (
            (
                "put",
                "eks-vpc-cni-addon",
                "configurationValues",
                '{"env": {"NETWORK_POLICY_ENFORCING_MODE": "strict"}}',
            ),
        ),
    ),
    ("NP-07", (ingress(**SOUND_INGRESS, listen_ports='[{"HTTP": 80}]', ssl_redirect="443"),)),
    ("NP-07", (ingress(**SOUND_INGRESS, listen_ports='{"HTTPS": 443}'),)),
    ("NP-07", (ingress(**SOUND_INGRESS, scheme="internet-facing", wafv2_acl_arn="arn:aws:wafv2:x"),)),
    ("HA-01", (("put", "dev-irsa-demo-deployment", "spec.replicas", None),)),
    ("HA-01", (("put", "eks-coredns-addon", "configurationValues", None),)),
    ("HA-01", (("put", "eks-coredns-addon", "configurationValues", "no JSON"),)),
    ("DST-03", (("add", "aws:eks/cluster:Cluster", "added", {"name": "other"}),)),
    (
        "HA-02",
        (
            ("put", WEB, "spec.template.spec.topologySpreadConstraints.1.maxSkew", 5),
            (
                "put",
                WEB,
                "spec.template.spec.affinity",
                {
                    "podAntiAffinity": {
                        "requiredDuringSchedulingIgnoredDuringExecution": [
                            {
                                "topologyKey": "kubernetes.io/hostname",
                                "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "spot-demo"}},
                            }
                        ]
                    }
                },
            ),
        ),
    ),
    ("HA-03", (("put", BUDGET, "spec.maxUnavailable", "50%"),)),
    (
        "HA-03",
        (
            ("put", BUDGET, "spec.selector.matchLabels", {"app.kubernetes.io/name": "irsa-demo"}),
            ("put", WEB, "spec.replicas", 1),
        ),
    ),
    (
        "HA-03",
        (
            (
                "add",
                "kubernetes:policy/v1:PodDisruptionBudget",
                "added",
                {
                    "metadata": {"name": "a", "namespace": "kube-system"},
                    "spec": {
                        "minAvailable": "50%",
                        "unhealthyPodEvictionPolicy": "AlwaysAllow",
                        "selector": {"matchLabels": {"k8s-app": "kube-dns"}},
                    },
                },
            ),
        ),
    ),
    ("HA-04", (("drop", AUTOSCALER),)),
    ("HA-05", (("put", "eks-ondemand-ng", "capacityType", None),)),
    ("HA-05", (("put", AUTOSCALER, "values.podDisruptionBudget", None),)),
    ("HA-07", (("put", "eks-ondemand-ng", "taints", [{"key": "a", "effect": "PREFER_NO_SCHEDULE"}]),)),
    (
        "HA-07",
        (
            (
                "add",
                "kubernetes:helm.sh/v3:Release",
                "karpenter",
                {"chart": "oci://x/karpenter", "namespace": "kube-system", "values": {"nodeSelector": {"a": "b"}}},
            ),
        ),
    ),
    (
        "HA-08",
        (
            BALANCED,
            ("put", "dev-namespace", ("metadata", "labels", "elbv2.k8s.aws/pod-readiness-gate-inject"), "enabled"),
            ("put", WEB, f"{CONTAINER}.lifecycle", {"preStop": {"sleep": {"seconds": 15}}}),
        ),
    ),
    ("HA-09", (("put", AUTOSCALER, "values.priorityClassName", None),)),
    ("HA-09", (("put", AUTOSCALER, "namespace", "dev"),)),
    ("DST-05", (BALANCED,)),
    ("DST-05", (("drop", "kube-system-aws-load-balancer-controller-serviceaccount"),)),
    (
        "DST-06",
        (("add", "kubernetes:storage.k8s.io/v1:StorageClass", "c", {**meta("c"), "provisioner": "efs.csi.aws.com"}),),
    ),
    ("DST-06", (SETS,)),
    ("DST-06", (("put", "ebs-sc-encrypted-storageclass", "reclaimPolicy", None),)),
    ("DST-09", (("put", "kubernetes", "kubeconfig", "?"),)),
    (
        "DST-10",
        (("add", "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass", "c", {"metadata": {"name": "c"}}),),
    ),
    (
        "IAM-07",
        (
            (
                "add",
                ROLE_POLICY,
                "added",
                {
                    "policy": '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}}',
                    "role": "?",
                },
            ),
        ),
    ),
    # In a namespace nobody has what is in none.
    *(
        (
            rule,
            (
                (
                    "put",
                    "dev-team-role",
                    "rules.0",
                    {"apiGroups": [api], "resources": [resource], "verbs": [verb]},
                ),
            ),
        )
        for rule, api, resource, verb in (
            ("RBAC-05", "", "users", "impersonate"),
            ("RBAC-06", "", "nodes/proxy", "get"),
            ("RBAC-07", "", "persistentvolumes", "create"),
            ("RBAC-07", "admissionregistration.k8s.io", "mutatingwebhookconfigurations", "patch"),
            ("RBAC-09", "", "nodes", "patch"),
        )
    ),
    (
        "RBAC-10",
        (
            (
                "put",
                WEB,
                "spec.template.spec.volumes",
                [{"projected": {"sources": [{"serviceAccountToken": {"audience": "vault"}}, {"configMap": {}}]}}],
            ),
            ("put", WEB, "spec.template.spec.serviceAccountName", None),
            ("put", WEB, "spec.template.spec.serviceAccount", "spot-demo"),
            ("add", "kubernetes:core/v1:Secret", "added", {**meta("t"), "type": "Opaque"}),
        ),
    ),
    *(("NP-07", (ingress(**{**SOUND_INGRESS, "ssl_policy": f"ELBSecurityPolicy-{name}"}),)) for name in NEW_TLS),
    ("NP-07", (ingress(), ("put", "added", "spec", {"ingressClassName": "nginx", "tls": [{"hosts": ["a"]}]}))),
    (
        "NP-07",
        (
            ingress(ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06"),
            ("put", "added", "spec", {"ingressClassName": "alb", "tls": [{"hosts": ["a.example.com"]}]}),
        ),
    ),
    (
        "NP-07",
        (ingress(scheme="internet-facing"), ("put", "added", "spec.ingressClassName", "public"), *class_of("internal")),
    ),
    (
        "NP-07",
        (
            (
                "put",
                "aws-load-balancer-controller-release",
                "values.defaultSSLPolicy",
                "ELBSecurityPolicy-FS-1-2-2019-08",
            ),
            service(TLS, loadBalancerClass="service.k8s.aws/nlb"),
        ),
    ),
    (
        "NP-07",
        (
            service(
                {**TLS, f"{NLB}internal": "true", f"{NLB}ssl-negotiation-policy": "ELBSecurityPolicy-TLS-1-2-2017-01"}
            ),
        ),
    ),
    (
        "NP-07",
        (
            ("put", "aws-load-balancer-controller-release", "values.enableServiceMutatorWebhook", None),
            service({**TLS, f"{NLB}ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}),
        ),
    ),
    ("NP-07", (service({}, loadBalancerClass="tailscale"),)),
    *((rule, (KARPENTER,)) for rule in ("HA-01", "HA-02", "HA-03", "HA-07")),
    (
        "POD-04",
        (
            ("put", WEB, f"{CONTAINER}.resources", {"limits": {"cpu": "1", "memory": "1Gi"}}),
            ("put", "dev-irsa-demo-deployment", f"{CONTAINER}.resources", None),
            (
                "put",
                "dev-irsa-demo-deployment",
                "spec.template.spec.resources",
                {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
            ),
        ),
    ),
    ("POD-06", (("put", WEB, f"{CONTAINER}.image", "123456789012.dkr-ecr.us-east-2.on.aws/web:v3"),)),
    (
        "POD-07",
        (
            (
                "put",
                WEB,
                f"{CONTAINER}.env",
                [
                    {"name": "DB_PASSWORD_FILE", "value": "/run/secrets/db-password-4f"},
                    {"name": "TOKEN", "value": "$(OTHER_TOKEN)"},
                ],
            ),
        ),
    ),
    *(
        (rule, (("add", "kubernetes:cert-manager.io/v1:ClusterIssuer", "added", {"metadata": {"name": "a"}}),))
        for rule in ("POD-08", "POD-10", "DST-10", "POD-11")
    ),
    ("POD-08", (("add", "kubernetes:example.com/v1:Thing", "added", {"metadata": {"name": "a"}}),)),
    (
        "POD-11",
        (("add", "kubernetes:gateway.networking.k8s.io/v1alpha2:TCPRoute", "added", {"metadata": {"name": "a"}}),),
    ),
    (
        "POD-10",
        (
            (
                "add",
                "kubernetes:helm.sh/v3:Release",
                "grafana",
                {"chart": "grafana", "namespace": "monitoring", "createNamespace": True, "values": {}},
            ),
            (
                "add",
                "kubernetes:networking.k8s.io/v1:Ingress",
                "added",
                {
                    "metadata": {"name": "grafana", "namespace": "monitoring"},
                    "spec": {"defaultBackend": {"service": {"name": "grafana"}}},
                },
            ),
            (
                "add",
                "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
                "binding",
                {
                    "metadata": {"name": "grafana"},
                    "roleRef": {"kind": "ClusterRole", "name": "grafana-clusterrole"},
                    "subjects": [{"kind": "ServiceAccount", "name": "grafana", "namespace": "monitoring"}],
                },
            ),
        ),
    ),
    (
        "NP-01",
        (
            (
                "add",
                "kubernetes:helm.sh/v3:Release",
                "grafana",
                {"chart": "grafana", "namespace": "monitoring", "createNamespace": True, "values": {}},
            ),
            (
                "add",
                "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                "added",
                {
                    "metadata": {"name": "deny", "namespace": "monitoring"},
                    "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
                },
            ),
        ),
    ),
    (
        "NP-02",
        (
            (
                "add",
                "kubernetes:networking.k8s.aws/v1alpha1:ClusterNetworkPolicy",
                "added",
                {"metadata": {"name": "a"}, "spec": {"ingress": [{"action": "Deny"}, {"action": "Pass"}]}},
            ),
        ),
    ),
    (
        "DST-06",
        (
            (
                "add",
                "kubernetes:storage.k8s.io/v1:StorageClass",
                "shared",
                {"metadata": {"name": "shared"}, "provisioner": "efs.csi.aws.com"},
            ),
            (
                "add",
                "kubernetes:core/v1:PersistentVolumeClaim",
                "added",
                {**meta("files"), "spec": {"storageClassName": "shared"}},
                "shared",
            ),
        ),
    ),
    ("HA-03", (("put", BUDGET, "spec.maxUnavailable", None), ("put", BUDGET, "spec.minAvailable", "50%"))),
]


@pytest.mark.parametrize(("rule", "steps"), SOUND, ids=[f"{row[0]}-{index}" for index, row in enumerate(SOUND)])
def test_a_sound_addition_has_no_finding(
    rule: str, steps: tuple[Step, ...], judged: Callable[..., rules.Result]
) -> None:
    result = judged(rule, *steps, stack="full")

    assert [(finding.name, finding.path, finding.found) for finding in result.findings] == []
    assert result.status is Status.PASSED
