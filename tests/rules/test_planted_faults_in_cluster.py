"""For every rule about what is in the cluster, faults planted into the plan of all that a description can turn on."""

from collections.abc import Callable
from typing import Any

import pytest

from seatrial import rules
from seatrial.rules import Status

NAMESPACE = "kubernetes:core/v1:Namespace"
SERVICE = "kubernetes:core/v1:Service"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
POD = "kubernetes:core/v1:Pod"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role"
CLUSTER_ROLE = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
CLUSTER_BINDING = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"
DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
POOL = "kubernetes:karpenter.sh/v1:NodePool"
RELEASE = "kubernetes:helm.sh/v3:Release"
STORAGE = "kubernetes:storage.k8s.io/v1:StorageClass"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
FARGATE = "aws:eks/fargateProfile:FargateProfile"
REPOSITORY = "aws:ecr/repository:Repository"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"

WEB = "dev-spot-demo-deployment"
BUDGET_OF_WEB = "dev-spot-demo-poddisruptionbudget"
BUCKET = "dev-irsa-demo-deployment"
CACHE = "kube-system-node-local-dns-daemonset"
CONTAINER = "spec.template.spec.containers.0"
FOUND = "spec.template.spec.containers[0]"
TEAM = "dev-team-role"
BOUND = "dev-team-rolebinding"
BALANCERS = "aws-load-balancer-controller-release"
AUTOSCALER = "cluster-autoscaler-release"
HANDLER = "aws-node-termination-handler-release"
CLASS = "ebs-sc-encrypted-storageclass"
BALANCERS_POLICY = "eks-load-balancer-controller-load-balancers"
NLB = "service.beta.kubernetes.io/aws-load-balancer-"
ALB = "alb.ingress.kubernetes.io"
TLS = {
    f"{NLB}ssl-cert": "arn:aws:acm:us-east-2:1:certificate/a",
    f"{NLB}ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
}
OLD_TLS = ("FS-2018-06", "FS-1-1-2019-08", "TLS13-1-0-2021-06", "TLS13-1-1-2021-06", "2015-05", "TLS-1-1-2017-01")
AUTOMOUNT = "automountServiceAccountToken"
PSS = "pod-security.kubernetes.io"

Step = tuple[Any, ...]


def meta(name: str, namespace: str = "dev", **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, **({"namespace": namespace} if namespace else {}), **more}}


def may(verbs: list[str], resources: list[str], group: str = "") -> Step:
    """Let the team of dev do something more."""
    return ("put", TEAM, "rules.0", {"apiGroups": [group], "resources": resources, "verbs": verbs})


def bind(role: str, *subjects: Any, namespace: str = "dev") -> Step:
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    content = {**meta("added", namespace), "roleRef": reference, "subjects": list(subjects)}
    return ("add", BINDING if namespace else CLUSTER_BINDING, "added", content)


def group(name: str) -> dict[str, str]:
    return {"kind": "Group", "name": name}


def account(name: str, namespace: str = "dev") -> dict[str, str]:
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


def everywhere(verbs: list[str], resources: list[str], api: str = "", **more: Any) -> tuple[Step, ...]:
    """Let somebody do something in the whole cluster."""
    rules_ = [{"apiGroups": [api], "resources": resources, "verbs": verbs, **more}]
    return (
        ("add", CLUSTER_ROLE, "role", {**meta("wide", ""), "rules": rules_}),
        bind("wide", group("operators"), namespace=""),
    )


def policy(namespace: str = "dev", **spec: Any) -> Step:
    return ("add", POLICY, "added", {**meta("added", namespace), "spec": spec})


def service(annotations: dict[str, Any] | None = None, **spec: Any) -> Step:
    content = {"selector": {"app.kubernetes.io/name": "spot-demo"}, "type": "LoadBalancer", **spec}
    return ("add", SERVICE, "added", {**meta("added", annotations=annotations or {}), "spec": content})


def ingress(**annotations: str) -> Step:
    named = {f"alb.ingress.kubernetes.io/{key.replace('_', '-')}": value for key, value in annotations.items()}
    return ("add", INGRESS, "added", {**meta("added", annotations=named), "spec": {}})


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


def may_in_aws(*actions: str, resource: str = "*") -> Step:
    actions_ = ", ".join(f'"{action}"' for action in actions)
    statement = f'{{"Effect": "Allow", "Action": [{actions_}], "Resource": "{resource}"}}'
    document = f'{{"Version": "2012-10-17", "Statement": [{statement}]}}'
    return ("add", ROLE_POLICY, "added", {"policy": document, "role": "@eks-irsa-demo-role:id"})


def sets(**spec: Any) -> Step:
    template: dict[str, Any] = {"metadata": {"labels": {"app": "db"}}, "spec": {"containers": []}}
    return ("add", STATEFUL_SET, "added", {**meta("added"), "spec": {"template": template, **spec}})


CLAIMS = [{"spec": {"storageClassName": "ebs-sc-encrypted"}}]
SETTLED = {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}, "volumeClaimTemplates": CLAIMS}
SOUND_INGRESS = {
    "certificate_arn": "arn:aws:acm:us-east-2:1:certificate/a",
    "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
}
PROVIDER = (
    "urn:pulumi:prod::seatrial::seatrial:index:Platform$seatrial:index:InCluster$pulumi:providers:kubernetes"
    "::kubernetes-prod::id"
)
KARPENTER: Step = (
    "add",
    RELEASE,
    "karpenter",
    {"chart": "oci://x/karpenter", "namespace": "kube-system", "values": {}},
)

MONITORING: Step = (
    "add",
    RELEASE,
    "added",
    {"chart": "prometheus", "namespace": "monitoring", "createNamespace": True, "values": {}},
)
RUNS = '{"Statement": {"Effect": "Allow", "Action": "ec2:Run*", "Resource": "*"}}'

FAULTS: list[tuple[str, tuple[Step, ...], list[str]]] = [
    ("RBAC-01", (bind("cluster-admin", group("team-dev")),), ["added roleRef"]),
    ("RBAC-01", (bind("cluster-admin", account("spot-demo"), namespace=""),), ["added roleRef"]),
    ("RBAC-01", (may(["*"], ["*"], "*"),), [f"{BOUND} roleRef"]),
    ("RBAC-01", (("put", BOUND, "subjects.0.name", "system:masters"),), [f"{BOUND} subjects"]),
    ("RBAC-02", (may(["list"], ["secrets"]),), [f"{BOUND} roleRef"]),
    ("RBAC-02", (may(["*"], ["*"]),), [f"{BOUND} roleRef"]),
    ("RBAC-02", (bind("edit", group("team-dev")),), ["added roleRef"]),
    (
        "RBAC-02",
        (
            (
                "add",
                ASSOCIATION,
                "added",
                {
                    "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy",
                    "principalArn": "arn:aws:iam::1:role/auditor",
                    "accessScope": {"type": "cluster"},
                },
            ),
        ),
        ["added policyArn"],
    ),
    ("RBAC-03", (may(["get"], ["*/status"], "apps"),), [f"{TEAM} rules[0].resources"]),
    (
        "RBAC-03",
        (may(["*"], ["*"], "*"),),
        [f"{TEAM} rules[0].{part}" for part in ("apiGroups", "resources", "verbs")],
    ),
    (
        "RBAC-03",
        (("add", CLUSTER_ROLE, "added", {**meta("a", ""), "rules": [{"nonResourceURLs": ["*"], "verbs": ["get"]}]}),),
        ["added rules[0].nonResourceURLs"],
    ),
    ("RBAC-04", (("put", BOUND, "subjects", [account("workload")]),), [f"{BOUND} roleRef"]),
    ("RBAC-04", (bind("edit", group("team-dev"), namespace=""),), ["added roleRef"]),
    ("RBAC-04", (bind("edit", group("team-dev"), namespace="kube-system"),), ["added roleRef"]),
    ("RBAC-05", everywhere(["impersonate"], ["users"]), ["added roleRef"]),
    ("RBAC-05", (bind("admin", group("team-dev")),), ["added roleRef"]),
    ("RBAC-05", (may(["bind"], ["clusterroles"], "rbac.authorization.k8s.io"),), [f"{BOUND} roleRef"]),
    ("RBAC-06", (may(["create"], ["pods/exec"]),), [f"{BOUND} roleRef"]),
    ("RBAC-06", (may(["patch"], ["pods/ephemeralcontainers"]),), [f"{BOUND} roleRef"]),
    ("RBAC-07", (may(["create"], ["serviceaccounts/token"]),), [f"{BOUND} roleRef"]),
    (
        "RBAC-07",
        everywhere(["patch"], ["mutatingwebhookconfigurations"], "admissionregistration.k8s.io"),
        ["added roleRef"],
    ),
    ("RBAC-08", (bind("view", group("system:authenticated")),), ["added subjects"]),
    ("RBAC-08", (bind("view", {"kind": "User", "name": "system:anonymous"}),), ["added subjects"]),
    ("RBAC-09", (may(["patch"], ["services/status"]),), [f"{BOUND} roleRef"]),
    (
        "RBAC-10",
        (("put", "dev-spot-demo-serviceaccount", "automountServiceAccountToken", True),),
        ["dev-spot-demo-serviceaccount automountServiceAccountToken"],
    ),
    (
        "RBAC-10",
        (("put", WEB, "spec.template.spec.serviceAccountName", None),),
        [f"{WEB} spec.template.spec.serviceAccountName"],
    ),
    (
        "RBAC-10",
        (("put", WEB, "spec.template.spec.automountServiceAccountToken", True),),
        [f"{WEB} spec.template.spec.automountServiceAccountToken"],
    ),
    ("RBAC-10", (bind("view", account("default")),), ["added subjects"]),
    (
        "RBAC-11",
        (bind("view", group("team-dev"), namespace="prod"),),
        ["added subjects", f"{BOUND} subjects", "eks-tenant-dev-access kubernetesGroups"],
    ),
    (
        "RBAC-11",
        (bind("view", group("team-dev"), namespace=""),),
        ["added subjects", "eks-tenant-dev-access kubernetesGroups"],
    ),
    ("RBAC-11", (bind("view", account("workload"), namespace="prod"),), ["added subjects"]),
    (
        "RBAC-11",
        (("put", "eks-tenant-dev-access", "kubernetesGroups", ["team-dev", "team-prod"]),),
        ["eks-tenant-dev-access kubernetesGroups"],
    ),
    (
        "POD-01",
        (("put", WEB, "spec.template.spec.hostNetwork", True),),
        [f"{WEB} spec.template.spec"],
    ),
    (
        "POD-01",
        (("put", WEB, "metadata.namespace", "prod"), ("put", WEB, "spec.template.spec.securityContext", {})),
        [f"{WEB} spec.template.spec"],
    ),
    (
        "POD-01",
        (("add", POD, "added", {**meta("added", "kube-system"), "spec": {"hostPID": True, "containers": []}}),),
        ["added spec"],
    ),
    (
        "POD-01",
        (("put", "dev-namespace", ("metadata", "labels", f"{PSS}/enforce"), "loose"),),
        [f"{BUCKET} spec.template.spec", f"{WEB} spec.template.spec"],
    ),
    (
        "POD-02",
        (
            ("put", "dev-namespace", ("metadata", "labels", f"{PSS}/enforce"), "privileged"),
            ("put", "dev-namespace", ("metadata", "labels", f"{PSS}/warn-version"), "latest"),
            ("put", "dev-namespace", ("metadata", "labels", f"{PSS}/audit"), None),
        ),
        [f"dev-namespace metadata.labels.{PSS}/{label}" for label in ("audit", "enforce", "warn-version")],
    ),
    (
        "POD-02",
        (("put", "prod-namespace", "metadata.labels", {}),),
        [
            f"prod-namespace metadata.labels.{PSS}/{mode}{suffix}"
            for mode in ("audit", "enforce", "warn")
            for suffix in ("", "-version")
        ],
    ),
    (
        "POD-03",
        (("put", WEB, f"{CONTAINER}.securityContext", {}),),
        [
            f"{WEB} {FOUND}.securityContext.{field}"
            for field in ("allowPrivilegeEscalation", "capabilities.drop", "readOnlyRootFilesystem")
        ],
    ),
    (
        "POD-03",
        (
            ("put", WEB, "spec.template.spec.initContainers", [{"name": "first"}]),
            ("put", WEB, "spec.template.spec.securityContext", {"seccompProfile": {"type": "Unconfined"}}),
        ),
        [
            *(f"{WEB} {FOUND}.securityContext.{field}" for field in ("runAsNonRoot", "seccompProfile.type")),
            *(
                f"{WEB} spec.template.spec.initContainers[0].securityContext.{field}"
                for field in (
                    *("allowPrivilegeEscalation", "capabilities.drop", "readOnlyRootFilesystem"),
                    *("runAsNonRoot", "seccompProfile.type"),
                )
            ),
        ],
    ),
    (
        "POD-04",
        (("put", WEB, f"{CONTAINER}.resources", {"requests": {"cpu": "1"}}),),
        [f"{WEB} {FOUND}.resources.{each}" for each in ("limits.memory", "requests.memory")],
    ),
    ("POD-05", (("put", WEB, f"{CONTAINER}.readinessProbe", None),), [f"{WEB} {FOUND}.readinessProbe"]),
    (
        "POD-05",
        (("put", WEB, f"{CONTAINER}.livenessProbe.httpGet.port", "metrics"),),
        [f"{WEB} {FOUND}.livenessProbe.httpGet.port"],
    ),
    ("POD-06", (("put", WEB, f"{CONTAINER}.image", "docker.io/library/nginx:1.27"),), [f"{WEB} {FOUND}.image"]),
    ("POD-06", (("put", WEB, f"{CONTAINER}.image", "nginx"),), [f"{WEB} {FOUND}.image"]),
    ("POD-06", (("put", WEB, f"{CONTAINER}.image", "public.ecr.aws/nginx/nginx:latest"),), [f"{WEB} {FOUND}.image"]),
    ("POD-06", (("put", WEB, f"{CONTAINER}.image", "public.ecr.aws/nginx/nginx"),), [f"{WEB} {FOUND}.image"]),
    (
        "POD-07",
        (
            (
                "put",
                BUCKET,
                f"{CONTAINER}.env",
                [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s"}}}, {"name": "B", "value": "secret:x"}],
            ),
            ("put", WEB, f"{CONTAINER}.envFrom", [{"configMapRef": {"name": "c"}}, {"secretRef": {"name": "s"}}]),
        ),
        [
            f"{BUCKET} {FOUND}.env[0].valueFrom.secretKeyRef",
            f"{BUCKET} {FOUND}.env[1].value",
            f"{WEB} {FOUND}.envFrom[1].secretRef",
        ],
    ),
    ("POD-08", (("put", WEB, "metadata.namespace", None),), [f"{WEB} metadata.namespace"]),
    ("POD-08", (("put", HANDLER, "namespace", "default"),), [f"{HANDLER} namespace"]),
    ("POD-09", (("drop", "dev-tenant-resourcequota"),), ["dev-namespace ResourceQuota"]),
    ("POD-09", (("drop", "prod-tenant-limitrange"),), ["prod-namespace LimitRange"]),
    (
        "POD-10",
        (("put", WEB, "spec.template.spec.serviceAccountName", "nobody"),),
        [f"{WEB} spec.template.spec.serviceAccountName"],
    ),
    (
        "POD-10",
        (("put", WEB, "metadata.namespace", "nowhere"),),
        [f"{WEB} metadata.namespace", f"{WEB} spec.template.spec.serviceAccountName"],
    ),
    (
        "POD-10",
        (("put", CACHE, "spec.template.spec.priorityClassName", "high"),),
        [f"{CACHE} spec.template.spec.priorityClassName"],
    ),
    (
        "POD-10",
        (
            ("put", BOUND, "roleRef.name", "nothing"),
            ("put", BOUND, "subjects", [account("nobody"), {"kind": "ServiceAccount", "name": "default"}]),
        ),
        [f"{BOUND} roleRef.name", f"{BOUND} subjects[0].name"],
    ),
    ("POD-10", (bind("nothing", group("team-dev"), namespace=""),), ["added roleRef.name"]),
    ("POD-10", (service(selector={"app": "none"}),), ["added spec.selector"]),
    (
        "POD-10",
        (
            (
                "add",
                SCALER,
                "added",
                {
                    **meta("added"),
                    "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}},
                },
            ),
        ),
        ["added spec.scaleTargetRef.name"],
    ),
    (
        "POD-10",
        (
            (
                "add",
                INGRESS,
                "added",
                {
                    **meta("added"),
                    "spec": {
                        "defaultBackend": {"service": {"name": "none"}},
                        "rules": [
                            {
                                "http": {
                                    "paths": [
                                        {"backend": {"service": {"name": "act", "port": {"name": "use-annotation"}}}},
                                        {"backend": {"service": {"name": "gone"}}},
                                    ]
                                }
                            }
                        ],
                    },
                },
            ),
        ),
        ["added spec.defaultBackend.service.name", "added spec.rules[0].http.paths[1].backend.service.name"],
    ),
    (
        "POD-10",
        (
            sets(serviceName="none", volumeClaimTemplates=[{"spec": {"storageClassName": "none"}}]),
            ("add", CLAIM, "claim", {**meta("claim"), "spec": {"storageClassName": "other"}}),
            (
                "put",
                WEB,
                "spec.template.spec.volumes",
                [
                    {"name": "a", "configMap": {"name": "none"}},
                    {"name": "b", "configMap": {"name": "may-be", "optional": True}},
                    {"name": "c", "persistentVolumeClaim": {"claimName": "none"}},
                    {"name": "d", "configMap": {"name": "kube-root-ca.crt"}},
                ],
            ),
        ),
        [
            "added spec.serviceName",
            "added spec.volumeClaimTemplates[0].spec.storageClassName",
            "claim spec.storageClassName",
            f"{WEB} spec.template.spec.volumes[0].configMap.name",
            f"{WEB} spec.template.spec.volumes[2].persistentVolumeClaim.claimName",
        ],
    ),
    (
        "POD-11",
        (
            ("add", "kubernetes:policy/v1beta1:PodDisruptionBudget", "old", meta("old")),
            ("add", "kubernetes:flowcontrol.apiserver.k8s.io/v1beta3:FlowSchema", "flow", meta("flow")),
        ),
        ["flow apiVersion", "old apiVersion"],
    ),
    (
        "POD-12",
        (("add", REPOSITORY, "added", {"name": "web"}),),
        [
            f"added {path}"
            for path in (
                *("encryptionConfigurations[0].encryptionType", "imageScanningConfiguration.scanOnPush"),
                *("imageTagMutability", "lifecycle"),
            )
        ],
    ),
    ("NP-01", (("drop", "dev-default-deny-networkpolicy"),), ["dev-namespace NetworkPolicy"]),
    (
        "NP-01",
        (("put", "dev-default-deny-networkpolicy", "spec.policyTypes", ["Ingress"]),),
        ["dev-namespace NetworkPolicy"],
    ),
    (
        "NP-01",
        (("put", "dev-default-deny-networkpolicy", "spec.podSelector", {"matchLabels": {"a": "b"}}),),
        ["dev-namespace NetworkPolicy"],
    ),
    ("NP-01", (policy(policyTypes=["Sideways"]),), ["added spec"]),
    ("NP-01", (("add", NAMESPACE, "added", meta("added", "")),), ["added NetworkPolicy"]),
    (
        "NP-02",
        (
            policy(
                "prod",
                policyTypes=["Ingress"],
                ingress=[{"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "dev"}}}]}],
            ),
            ("put", "dev-default-deny-networkpolicy", "spec.egress", [{}]),
        ),
        ["prod-namespace from.dev"],
    ),
    (
        "NP-02",
        (("put", "dev-*-networkpolicy", "spec.policyTypes", ["Egress"]),),
        ["dev-namespace from"],
    ),
    (
        "NP-02",
        (policy(policyTypes=["Ingress"], ingress=[{"from": [{"ipBlock": {"cidr": "10.64.0.0/16"}}]}]),),
        ["added spec.ingress[0].from[0].ipBlock.cidr"],
    ),
    (
        "NP-03",
        (("put", "dev-allow-api-server-networkpolicy", "spec.podSelector", {}),),
        ["dev-namespace to.api"],
    ),
    (
        "NP-03",
        (("put", "eks-cluster", "kubernetesNetworkConfig", {"serviceIpv4Cidr": "10.96.0.0/16"}),),
        ["dev-namespace to.api", "prod-namespace to.api"],
    ),
    (
        "NP-03",
        (("put", "eks-cluster", "kubernetesNetworkConfig", None),),
        ["dev-namespace to.api", "prod-namespace to.api"],
    ),
    (
        "NP-03",
        (
            (
                "put",
                "dev-allow-https-networkpolicy",
                "spec.egress.0.to.0.ipBlock.except",
                ["10.100.0.0/16", "172.20.0.0/16"],
            ),
        ),
        [f"dev-allow-https-networkpolicy to.metadata.{pod}" for pod in ("any pod", "irsa-demo", "spot-demo")],
    ),
    (
        "NP-03",
        (("drop", "dev-allow-dns-networkpolicy"),),
        [f"{BUCKET} to.dns", "dev-namespace to.dns", f"{WEB} to.dns"],
    ),
    (
        "NP-03",
        (("put", "dev-*-networkpolicy", "spec.policyTypes", ["Ingress"]),),
        [f"{BUCKET} to.metadata", "dev-namespace to.metadata", f"{WEB} to.metadata"],
    ),
    (
        "NP-03",
        (
            *(
                ("drop", f"prod-{name}-networkpolicy")
                for name in ("allow-dns", "allow-https", "allow-own-namespace", "allow-pod-identity")
            ),
        ),
        ["prod-namespace to.dns"],
    ),
    ("NP-05", (("put", "eks-spot-ng", "tags.Stage", "x"),), ["eks-vpc-cni-addon configurationValues"]),
    (
        "NP-06",
        (("add", POD, "bare", {**meta("bare"), "spec": {"containers": []}}),),
        ["bare enforcement.bare-pod"],
    ),
    (
        "NP-06",
        (("put", WEB, "spec.template.spec.hostNetwork", True),),
        [
            f"dev-{name}-networkpolicy enforcement.host-network"
            for name in ("allow-dns", "allow-https", "allow-own-namespace", "allow-pod-identity", "default-deny")
        ],
    ),
    ("NP-06", (("add", FARGATE, "added", {"clusterName": "@eks-cluster:id"}),), ["added selectors"]),
    (
        "NP-07",
        (ingress(),),
        [f"added metadata.annotations.alb.ingress.kubernetes.io/{name}" for name in ("certificate-arn", "ssl-policy")],
    ),
    (
        "NP-07",
        (ingress(**SOUND_INGRESS, scheme="internet-facing", listen_ports='[{"HTTP": 80}, {"HTTPS": 443}]'),),
        [f"added metadata.annotations.alb.ingress.kubernetes.io/{name}" for name in ("scheme", "ssl-redirect")],
    ),
    (
        "NP-07",
        (ingress(**{**SOUND_INGRESS, "ssl_policy": "ELBSecurityPolicy-2016-08"}, listen_ports="no JSON"),),
        [f"added metadata.annotations.alb.ingress.kubernetes.io/{name}" for name in ("ssl-policy", "ssl-redirect")],
    ),
    (
        "NP-07",
        (service({f"{NLB}scheme": "internet-facing"}, loadBalancerClass="service.k8s.aws/nlb"),),
        [
            f"added metadata.annotations.service.beta.kubernetes.io/aws-load-balancer-{name}"
            for name in ("scheme", "ssl-cert", "ssl-negotiation-policy")
        ],
    ),
    ("HA-01", (("put", WEB, "spec.replicas", 1),), [f"{WEB} spec.replicas"]),
    ("HA-01", (("put", AUTOSCALER, "values.replicaCount", None),), [f"{AUTOSCALER} values.replicaCount"]),
    (
        "HA-01",
        (("put", "eks-coredns-addon", "configurationValues", '{"replicaCount": 1}'),),
        ["eks-coredns-addon configurationValues.replicaCount"],
    ),
    (
        "HA-01",
        (
            (
                "add",
                SCALER,
                "added",
                {
                    **meta("added"),
                    "spec": {"minReplicas": 1, "scaleTargetRef": {"kind": "Deployment", "name": "spot-demo"}},
                },
            ),
        ),
        ["added spec.minReplicas"],
    ),
    (
        "HA-02",
        (("put", WEB, "spec.template.spec.topologySpreadConstraints.0.maxSkew", 3),),
        [f"{WEB} spec.template.spec.topologySpreadConstraints"],
    ),
    (
        "HA-02",
        (("put", BALANCERS, "values.topologySpreadConstraints", []),),
        [f"{BALANCERS} values.topologySpreadConstraints"],
    ),
    (
        "HA-02",
        (("put", "eks-coredns-addon", "configurationValues", '{"topologySpreadConstraints": []}'),),
        ["eks-coredns-addon configurationValues.topologySpreadConstraints"],
    ),
    ("HA-03", (("drop", BUDGET_OF_WEB),), [f"{WEB} PodDisruptionBudget"]),
    (
        "HA-03",
        (("put", BUDGET_OF_WEB, "spec.selector.matchLabels", {"app": "none"}),),
        [f"{WEB} PodDisruptionBudget", f"{BUDGET_OF_WEB} spec.selector"],
    ),
    ("HA-03", (("put", BUDGET_OF_WEB, "spec.maxUnavailable", 0),), [f"{BUDGET_OF_WEB} spec.maxUnavailable"]),
    ("HA-03", (("put", BUDGET_OF_WEB, "spec.maxUnavailable", "100%"),), [f"{BUDGET_OF_WEB} spec.maxUnavailable"]),
    ("HA-03", (("put", BUDGET_OF_WEB, "spec.maxUnavailable", 2),), [f"{BUDGET_OF_WEB} spec.maxUnavailable"]),
    ("HA-03", (("put", BUDGET_OF_WEB, "spec.maxUnavailable", None),), [f"{BUDGET_OF_WEB} spec.maxUnavailable"]),
    ("HA-03", (("put", BUDGET_OF_WEB, "spec.minAvailable", 2),), [f"{BUDGET_OF_WEB} spec.minAvailable"]),
    (
        "HA-03",
        (("put", BUDGET_OF_WEB, "spec.minAvailable", 1), ("put", WEB, "spec.replicas", 1)),
        [f"{BUDGET_OF_WEB} spec.minAvailable"],
    ),
    ("HA-03", (("put", BUDGET_OF_WEB, "spec.minAvailable", "0%"),), [f"{BUDGET_OF_WEB} spec.minAvailable"]),
    (
        "HA-03",
        (("put", BUDGET_OF_WEB, "spec.unhealthyPodEvictionPolicy", None),),
        [f"{BUDGET_OF_WEB} spec.unhealthyPodEvictionPolicy"],
    ),
    (
        "HA-03",
        (
            (
                "add",
                BUDGET,
                "second",
                {
                    **meta("second"),
                    "spec": {
                        "maxUnavailable": 1,
                        "unhealthyPodEvictionPolicy": "AlwaysAllow",
                        "selector": {"matchLabels": {"app.kubernetes.io/name": "spot-demo"}},
                    },
                },
            ),
        ),
        [f"{WEB} PodDisruptionBudget"],
    ),
    ("HA-03", (("put", AUTOSCALER, "values.podDisruptionBudget", {}),), [f"{AUTOSCALER} values.podDisruptionBudget"]),
    (
        "HA-04",
        (("put", WEB, f"{CONTAINER}.resources.requests.cpu", "1500m"), ("put", WEB, "spec.replicas", 40)),
        [f"eks-cluster zones.us-east-2{zone}" for zone in "abc"],
    ),
    (
        "HA-04",
        (
            ("put", WEB, "spec.template.spec.nodeSelector", {"topology.kubernetes.io/zone": "us-east-2a"}),
            ("put", WEB, "spec.template.spec.topologySpreadConstraints", []),
        ),
        ["eks-cluster zones.us-east-2a"],
    ),
    (
        "HA-05",
        (("put", BUDGET_OF_WEB, "spec.maxUnavailable", 0),),
        [f"eks-cluster nodes.eks-spot-ng-prod-us-east-2{node}" for node in ("a-0", "b-1")],
    ),
    ("HA-07", (("put", "eks-ondemand-ng", "scalingConfig.minSize", 0),), ["eks-cluster nodeGroups"]),
    ("HA-07", (("put", "eks-ondemand-ng", "capacityType", "SPOT"),), ["eks-cluster nodeGroups"]),
    (
        "HA-07",
        (("put", "eks-ondemand-ng", "taints", [{"key": "team", "value": "a", "effect": "NO_SCHEDULE"}]),),
        ["eks-cluster nodeGroups"],
    ),
    (
        "HA-07",
        (KARPENTER, ("put", "karpenter", "values.affinity", {"nodeAffinity": None})),
        ["karpenter values.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"],
    ),
    (
        "HA-08",
        (service(), ("put", WEB, "spec.template.spec.terminationGracePeriodSeconds", 5)),
        [
            "dev-namespace metadata.labels.elbv2.k8s.aws/pod-readiness-gate-inject",
            f"{WEB} spec.template.spec.containers",
            f"{WEB} spec.template.spec.terminationGracePeriodSeconds",
        ],
    ),
    ("HA-09", (("put", AUTOSCALER, "values.priorityClassName", ""),), [f"{AUTOSCALER} values.priorityClassName"]),
    (
        "HA-09",
        (("add", RELEASE, "added", {"chart": "other", "namespace": "kube-system", "values": {}}),),
        ["added values.priorityClassName"],
    ),
    (
        "HA-09",
        (("put", CACHE, "spec.template.spec.priorityClassName", None),),
        [f"{CACHE} spec.template.spec.priorityClassName"],
    ),
    ("DST-05", (service(),), [f"added dependsOn.{BALANCERS}-prod"]),
    ("DST-05", (ingress(), ("drop", BALANCERS)), ["added"]),
    (
        "DST-05",
        (("cut", BALANCERS, "*"), ("cut", "*", "eks-*-ng")),
        [
            f"{BALANCERS} dependsOn.{name}-prod"
            for name in (
                "eks-load-balancer-controller-load-balancers",
                "eks-load-balancer-controller-role",
                "eks-ondemand-ng",
                "eks-spot-ng",
                "kube-system-aws-load-balancer-controller-serviceaccount",
            )
        ],
    ),
    ("DST-06", (("put", CLASS, "reclaimPolicy", "Retain"),), [f"{CLASS} reclaimPolicy"]),
    (
        "DST-06",
        (("cut", "*", "eks-aws-ebs-csi-driver-addon"),),
        [f"{CLASS} dependsOn.eks-aws-ebs-csi-driver-addon-prod"],
    ),
    (
        "DST-06",
        (sets(volumeClaimTemplates=CLAIMS),),
        [
            "added dependsOn.ebs-sc-encrypted-storageclass-prod",
            "added dependsOn.eks-aws-ebs-csi-driver-addon-prod",
            "added spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
        ],
    ),
    (
        "DST-06",
        (("add", CLAIM, "claim", {**meta("claim"), "spec": {}}), ("drop", "eks-aws-ebs-csi-driver-addon")),
        ["claim"],
    ),
    ("DST-08", (("add", POOL, "pool", meta("pool", "")),), ["pool"]),
    (
        "DST-08",
        (KARPENTER, ("add", POOL, "pool", meta("pool", ""))),
        [
            "karpenter dependsOn.eks-ondemand-ng-prod",
            "karpenter dependsOn.eks-spot-ng-prod",
            "pool dependsOn.karpenter",
        ],
    ),
    ("DST-09", (("set", WEB, "provider", ""),), [f"{WEB} provider"]),
    (
        "DST-09",
        (("set", AUTOSCALER, "deleted_with", "urn::eks-cluster-prod"),),
        [f"{AUTOSCALER} deletedWith"],
    ),
    (
        "DST-09",
        (
            sets(**SETTLED),
            ("set", "added", "provider", PROVIDER),
            ("set", "added", "deleted_with", "urn::eks-cluster-prod"),
            ("put", "kube-system-node-local-dns-service", "spec.type", "LoadBalancer"),
        ),
        ["added deletedWith", "kube-system-node-local-dns-service deletedWith"],
    ),
    (
        "DST-09",
        (("cut", "*", "eks-delivery-access-policy"),),
        ["kubernetes dependsOn.eks-delivery-access-policy-prod", "kubernetes dependsOn.eks-delivery-access-prod"],
    ),
    (
        "DST-10",
        (("cut", "*", "prod-namespace"),),
        [
            f"prod-{name} dependsOn.prod-namespace-prod"
            for name in (
                *("allow-api-server-networkpolicy", "allow-dns-networkpolicy", "allow-https-networkpolicy"),
                *("allow-load-balancers-networkpolicy", "allow-own-namespace-networkpolicy"),
                *("allow-pod-identity-networkpolicy", "default-deny-networkpolicy", "default-serviceaccount"),
                *("team-role", "team-rolebinding", "tenant-limitrange", "tenant-resourcequota"),
                "workload-serviceaccount",
            )
        ],
    ),
    (
        "DST-10",
        (
            ("add", DEFINITION, "definition", {**meta("d", ""), "spec": {"group": "example.com"}}),
            ("add", "kubernetes:example.com/v1:Thing", "thing", meta("thing", "kube-system")),
        ),
        ["thing dependsOn.definition"],
    ),
    (
        "DST-10",
        (("add", "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "targets", meta("t", "kube-system")),),
        [f"targets dependsOn.{BALANCERS}-prod"],
    ),
    ("DST-10", (("put", HANDLER, "namespace", "prod"),), [f"{HANDLER} dependsOn.prod-namespace-prod"]),
    ("DST-11", (("put", BALANCERS, "skipAwait", True),), [f"{BALANCERS} skipAwait"]),
    ("DST-11", (ingress(),), [f"added dependsOn.{BALANCERS}-prod"]),
    (
        "DST-11",
        (("put", BALANCERS, "values.enableServiceMutatorWebhook", None), ("cut", "*", BALANCERS)),
        [
            f"{name} dependsOn.{BALANCERS}-prod"
            for name in (
                *(HANDLER, AUTOSCALER),
                *("kube-system-kube-dns-upstream-service", "kube-system-node-local-dns-service"),
            )
        ],
    ),
    ("IAM-06", (may_in_aws("s3:PutObject", "s3:GetObject"),), ["added policy.Statement[0].Resource[s3:PutObject]"]),
    (
        "IAM-06",
        (may_in_aws("autoscaling:SetDesired*", "ec2:DescribeInstances"),),
        ["added policy.Statement[0].Resource[autoscaling:SetDesiredCapacity]"],
    ),
    ("IAM-07", (may_in_aws("iam:PutRolePolicy"),), ["added policy.Statement[0].Action[iam:PutRolePolicy]"]),
    (
        "IAM-07",
        (may_in_aws("iam:PassRole", "ec2:Run*"),),
        ["added policy.Statement[0].Action[ec2:RunInstances+iam:PassRole]"],
    ),
    (
        "IAM-07",
        (may_in_aws("s3:GetObject", "secretsmanager:GetSecretValue"),),
        [
            "added policy.Statement[0].Resource[s3:GetObject]",
            "added policy.Statement[0].Resource[secretsmanager:GetSecretValue]",
        ],
    ),
    (
        "IAM-07",
        (
            (
                "add",
                "aws:iam/policy:Policy",
                "added",
                {"policy": '{"Statement": {"Effect": "Allow", "Action": "ssm:SendCommand", "Resource": "*"}}'},
            ),
        ),
        ["added policy.Statement[0].Action[ssm:SendCommand]"],
    ),
    (
        "IAM-12",
        (("replace", BALANCERS_POLICY, "policy", "elasticloadbalancing:SetRulePriorities", "s3:GetObject"),),
        [f"eks-load-balancer-controller-role policies.{what}" for what in ("missing", "surplus")],
    ),
    (
        "IAM-12",
        (
            (
                "add",
                "aws:eks/podIdentityAssociation:PodIdentityAssociation",
                "added",
                {
                    "namespace": "kube-system",
                    "serviceAccount": "cluster-autoscaler",
                    "roleArn": "@eks-irsa-demo-role:arn",
                },
            ),
        ),
        [f"eks-irsa-demo-role policies.{what}" for what in ("missing", "surplus")],
    ),
    (
        "IAM-12",
        (("drop", BALANCERS_POLICY),),
        ["eks-load-balancer-controller-role policies.missing"],
    ),
    (
        "IAM-06",
        (may_in_aws("dynamodb:DeleteTable", resource="arn:aws:dynamodb:*:*:*"),),
        ["added policy.Statement[0].Resource[dynamodb:DeleteTable]"],
    ),
    (
        "IAM-06",
        (may_in_aws("s3:DeleteBucket", resource="arn:aws:s3:::*"),),
        ["added policy.Statement[0].Resource[s3:DeleteBucket]"],
    ),
    (
        "IAM-06",
        (
            may_in_aws("s3:DeleteBucket"),
            ("replace", "added", "policy", '"Resource": "*"', '"NotResource": "arn:aws:s3:::mine"'),
        ),
        ["added policy.Statement[0].Resource[s3:DeleteBucket]"],
    ),
    (
        "IAM-07",
        (may_in_aws("secretsmanager:GetSecretValue", resource="arn:aws:secretsmanager:*:123456789012:secret:*"),),
        ["added policy.Statement[0].Resource[secretsmanager:GetSecretValue]"],
    ),
    (
        "IAM-07",
        (
            may_in_aws("iam:PassRole"),
            ("add", "aws:iam/policy:Policy", "own", {"policy": RUNS}),
            (
                "add",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "attachment",
                {"role": "@eks-irsa-demo-role:id", "policyArn": "@own:id"},
            ),
        ),
        ["added policy.Statement[0].Action[ec2:RunInstances+iam:PassRole]"],
    ),
    (
        "IAM-12",
        (
            (
                "add",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "added",
                {
                    "role": "@eks-load-balancer-controller-role:id",
                    "policyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
                },
            ),
        ),
        ["eks-load-balancer-controller-role policies.surplus"],
    ),
    (
        "IAM-12",
        (
            (
                "add",
                ROLE_POLICY,
                "added",
                {
                    "role": "@eks-load-balancer-controller-role:id",
                    "policy": '{"Statement": {"Effect": "Deny", "Action": "ec2:Describe*", "Resource": "*"}}',
                },
            ),
        ),
        ["eks-load-balancer-controller-role policies.missing"],
    ),
    ("RBAC-04", (bind("edit", group("system:serviceaccounts:dev")),), ["added roleRef"]),
    ("RBAC-05", (may(["impersonate"], ["serviceaccounts"]),), [f"{BOUND} roleRef"]),
    (
        "RBAC-05",
        (
            (
                "put",
                TEAM,
                "rules.0",
                {
                    "apiGroups": ["rbac.authorization.k8s.io"],
                    "resources": ["clusterroles"],
                    "verbs": ["bind"],
                    "resourceNames": ["cluster-admin"],
                },
            ),
        ),
        [f"{BOUND} roleRef"],
    ),
    ("RBAC-05", everywhere(["impersonate"], ["users"], resourceNames=["admin"]), ["added roleRef"]),
    ("RBAC-05", everywhere(["update"], ["clusterroles"], "rbac.authorization.k8s.io"), ["added roleRef"]),
    ("RBAC-06", everywhere(["get"], ["nodes/proxy"]), ["added roleRef"]),
    ("RBAC-07", everywhere(["*"], ["mutatingadmissionpolicies"], "admissionregistration.k8s.io"), ["added roleRef"]),
    ("RBAC-07", everywhere(["create"], ["persistentvolumes"]), ["added roleRef"]),
    ("RBAC-09", everywhere(["patch"], ["nodes/status"]), ["added roleRef"]),
    ("RBAC-10", (("drop", "prod-default-serviceaccount"),), [f"prod-namespace default.{AUTOMOUNT}"]),
    (
        "RBAC-10",
        (("add", "kubernetes:core/v1:Secret", "added", {**meta("t"), "type": "kubernetes.io/service-account-token"}),),
        ["added type"],
    ),
    (
        "RBAC-10",
        (("put", WEB, "spec.template.spec.volumes", [{"projected": {"sources": [{"serviceAccountToken": {}}]}}]),),
        [f"{WEB} spec.template.spec.volumes[0].projected.sources[0].serviceAccountToken"],
    ),
    (
        "RBAC-11",
        (
            (
                "add",
                ASSOCIATION,
                "added",
                {
                    "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
                    "principalArn": "@eks-tenant-dev-access:principalArn",
                    "accessScope": {"type": "namespace", "namespaces": ["prod"]},
                },
            ),
        ),
        ["eks-tenant-dev-access kubernetesGroups"],
    ),
    ("NP-07", (service(TLS),), ["added spec.loadBalancerClass"]),
    ("NP-07", (service({**TLS, f"{NLB}internal": "false"}),), ["added spec.loadBalancerClass"]),
    *(
        (
            "NP-07",
            (ingress(**{**SOUND_INGRESS, "ssl_policy": f"ELBSecurityPolicy-{name}"}),),
            [f"added metadata.annotations.{ALB}/ssl-policy"],
        )
        for name in OLD_TLS
    ),
    (
        "NP-07",
        (ingress(**SOUND_INGRESS), ("put", "added", "spec.ingressClassName", "public"), *class_of("internet-facing")),
        [f"added metadata.annotations.{ALB}/scheme"],
    ),
    ("NP-07", (ingress(), ("put", "added", "spec.ingressClassName", "nginx")), ["added spec.tls"]),
    (
        "POD-05",
        (("put", WEB, f"{CONTAINER}.ports", None),),
        [f"{WEB} {FOUND}.{probe}.httpGet.port" for probe in ("livenessProbe", "readinessProbe")],
    ),
    (
        "POD-02",
        (("put", "dev-namespace", ("metadata", "labels", f"{PSS}/enforce-version"), "baseline"),),
        [f"dev-namespace metadata.labels.{PSS}/enforce-version"],
    ),
    ("POD-02", (MONITORING,), ["added createNamespace"]),
    ("POD-09", (MONITORING,), ["added LimitRange", "added ResourceQuota"]),
    ("NP-01", (MONITORING,), ["added NetworkPolicy"]),
    ("POD-09", (("put", "dev-tenant-resourcequota", "spec.hard", {}),), ["dev-namespace ResourceQuota"]),
    *(
        ("POD-06", (("put", WEB, f"{CONTAINER}.image", f"public.ecr.aws/nginx/nginx:{tag}"),), [f"{WEB} {FOUND}.image"])
        for tag in ("mainline", "dev", "1-latest", "latest-arm64")
    ),
    (
        "POD-07",
        (
            ("put", WEB, f"{CONTAINER}.env", [{"name": "DB_PASSWORD", "value": "Xk9#vQ2m-Lp4s"}]),
            ("put", BUCKET, f"{CONTAINER}.env", "secret:x"),
        ),
        [f"{BUCKET} {FOUND}.env", f"{WEB} {FOUND}.env[0].value"],
    ),
    (
        "POD-08",
        (
            (
                "add",
                DEFINITION,
                "definition",
                {**meta("d", ""), "spec": {"group": "example.com", "scope": "Namespaced", "names": {"kind": "Thing"}}},
            ),
            ("add", "kubernetes:example.com/v1:Thing", "thing", meta("thing", "")),
        ),
        ["thing metadata.namespace"],
    ),
    (
        "POD-10",
        (
            (
                "put",
                WEB,
                f"{CONTAINER}.env",
                [
                    {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "none", "key": "a"}}},
                    {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "none", "key": "b", "optional": True}}},
                ],
            ),
            ("put", WEB, f"{CONTAINER}.envFrom", [{"configMapRef": {"name": "gone"}}]),
            ("put", WEB, "spec.template.spec.volumes", [{"projected": {"sources": [{"configMap": {"name": "no"}}]}}]),
        ),
        [
            f"{WEB} {FOUND}.envFrom[0].configMapRef.name",
            f"{WEB} {FOUND}.env[0].valueFrom.configMapKeyRef.name",
            f"{WEB} spec.template.spec.volumes[0].projected.sources[0].configMap.name",
        ],
    ),
    (
        "POD-11",
        (
            (
                "add",
                "kubernetes:admissionregistration.k8s.io/v1alpha1:MutatingAdmissionPolicy",
                "early",
                {"metadata": {"name": "early"}},
            ),
        ),
        ["early apiVersion"],
    ),
    (
        "IAM-07",
        (
            (
                "add",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "added",
                {"role": "@eks-irsa-demo-role:id", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
            ),
            ("put", "eks-ebs-csi-role", "managedPolicyArns", ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]),
        ),
        ["added policyArn", "eks-ebs-csi-role managedPolicyArns[0]"],
    ),
    (
        "HA-02",
        (("put", WEB, "spec.template.spec.topologySpreadConstraints.0.labelSelector", {"matchLabels": {"app": "x"}}),),
        [f"{WEB} spec.template.spec.topologySpreadConstraints"],
    ),
    (
        "HA-02",
        (("put", WEB, "spec.template.spec.topologySpreadConstraints.0.labelSelector", None),),
        [f"{WEB} spec.template.spec.topologySpreadConstraints"],
    ),
    ("HA-03", (("put", BUDGET_OF_WEB, "spec.minAvailable", "75%"),), [f"{BUDGET_OF_WEB} spec.minAvailable"]),
    ("HA-03", (("put", BUDGET_OF_WEB, "spec.maxUnavailable", "75%"),), [f"{BUDGET_OF_WEB} spec.maxUnavailable"]),
    (
        "DST-06",
        (
            sets(**{**SETTLED, "volumeClaimTemplates": [*CLAIMS, {"spec": {"storageClassName": "slow"}}]}),
            ("tie", "added", "ebs-sc-encrypted-storageclass"),
            ("add", STORAGE, "slow", {**meta("slow", ""), "provisioner": "ebs.csi.aws.com"}, "eks-aws-ebs-csi-*"),
        ),
        ["added dependsOn.slow"],
    ),
    (
        "NP-02",
        (
            (
                "add",
                "kubernetes:networking.k8s.aws/v1alpha1:ClusterNetworkPolicy",
                "added",
                {**meta("added", ""), "spec": {"tier": "Admin", "ingress": [{"action": "Accept", "from": []}]}},
            ),
        ),
        ["added spec.ingress"],
    ),
    (
        "NP-03",
        (
            ("put", "eks-cluster", "kubernetesNetworkConfig.ipFamily", "ipv6"),
            policy(policyTypes=["Egress"], egress=[{"to": [{"ipBlock": {"cidr": "::/0"}}]}]),
        ),
        [f"added to.metadata.{pod}" for pod in ("any pod", "irsa-demo", "spot-demo")],
    ),
]


@pytest.mark.parametrize(
    ("rule", "steps", "expected"), FAULTS, ids=[f"{row[0]}-{index}" for index, row in enumerate(FAULTS)]
)
def test_a_planted_fault_is_found(
    rule: str, steps: tuple[Step, ...], expected: list[str], judged: Callable[..., rules.Result], places: Any
) -> None:
    result = judged(rule, *steps, stack="full")
    backwards = judged(rule, *steps, stack="full", is_backwards=True)

    assert places(result.findings) == expected
    assert result.status is Status.FAILED
    assert all(finding.found and finding.allowed and finding.remedy for finding in result.findings)
    assert len({finding.identity for finding in result.findings}) == len(expected)
    assert {each.identity for each in backwards.findings} == {each.identity for each in result.findings}


def test_no_rule_lacks_a_planted_fault(in_cluster: frozenset[str]) -> None:
    assert {row[0] for row in FAULTS} == in_cluster
