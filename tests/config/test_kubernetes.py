"""What goes into the cluster, and for whom: values, defaults, what must hold between them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.config import Access, Platform, PodSecurity, load_platform, quantities
from seatrial.errors import Fault

Accept = Callable[[str], Platform]
Refuse = Callable[[str], tuple[Fault, ...]]

_ROOT = Path(__file__).parents[2]
_ROLE, _OTHER = (f"arn:aws:iam::123456789012:role/{name}" for name in ("admin", "other"))
_ON = f"cluster: {{admins: {{ops: '{_ROLE}'}}}}, kubernetes: {{enabled: true"
_TWO = f"cluster: {{admins: {{ops: '{_ROLE}', delivery: '{_OTHER}'}}}}, kubernetes: {{enabled: true"
_A = "tenants: {a: {}}"
_TINY = (
    "tenants: {a: {quota: {pods: 1, cpu: 10m, memory: 128Mi, memoryLimit: 128Mi}, "
    "limits: {cpuRequest: 1m, memoryMost: 128Mi, memoryLimit: 1Mi, memoryRequest: 1Mi}}}"
)
_LESS = (
    "tenants: {a: {quota: {pods: 3, cpu: 39m, memory: 223Mi, memoryLimit: 223Mi}, "
    "limits: {cpuRequest: 1m, memoryMost: 127Mi, memoryLimit: 1Mi, memoryRequest: 1Mi}}}"
)
_PREFIXES = "addons: {vpcCni: {prefixDelegation: true}}"
_MANY_NAMES = "addons: {coredns: {replicas: 9}, snapshotController: {enabled: true}}"
_GROUPS = "nodeGroups: {a: {}, b: {taints: [{key: k, value: v, effect: NO_SCHEDULE}]}}"
_DEMOS = "kubernetes.irsaDemo and kubernetes.spotDemo"
_REGISTRY = "123456789012.dkr.ecr.us-east-2.amazonaws.com"
_CHINA = "arn:aws-cn:iam::123456789012:role/ops"
_COPIES = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"
_NAMESPACE = "the name of a namespace: 1 to 63 lower-case letters, digits and hyphens between them"
_GROUP = "a group's name of 1 to 63 letters, digits and _ . : @ / -, a letter or digit first, not of the system's"
_KEYS = (
    "keys enabled, deployAs, imageRegistry, storage, loadBalancerController, clusterAutoscaler, "
    "nodeTerminationHandler, nodeLocalDns, irsaDemo, spotDemo"
)
_CPU = 'cores in quotes, "2", or thousandths of one, 500m'
_BYTES = "bytes in Mi, Gi or Ti, such as 512Mi"

_ACCEPTED = [
    f"{{{_ON}}}}}",
    f"{{{_ON}, deployAs: ops}}}}",
    f"{{{_TWO}, deployAs: delivery}}}}",
    f"{{{_ON}}}, tenants: {{dev: {{}}}}}}",
    f"{{{_ON}, irsaDemo: {{enabled: false}}}}, tenants: {{}}}}",
    f"{{{_ON}, irsaDemo: {{namespace: a, testPod: true}}, spotDemo: {{enabled: true, namespace: a}}}}, {_A}}}",
    f"{{{_ON}, irsaDemo: {{enabled: false}}}}, tenants: {{}}, addons: {{vpcCni: {{networkPolicy: false}}}}}}",
    f"{{{_ON}, nodeLocalDns: {{enabled: true}}, loadBalancerController: {{replicas: 10}}}}}}",
    f"{{{_ON}, irsaDemo: {{namespace: a, testPod: true}}}}, {_TINY}}}",
    f"{{{_ON}, irsaDemo: {{namespace: a}}}}, {_TINY.replace('128Mi', '1Mi')}}}",
    "nodeGroups: {a: {instanceTypes: [t3.small], desiredSize: 1}}",
    f"{{{_ON}}}, nodeGroups: {{a: {{instanceTypes: [t3.small], desiredSize: 1}}}}, {_PREFIXES}}}",
    f"{{{_TWO}, enabled: false}}}}".replace("enabled: true, ", ""),
    "addons: {vpcCni: {networkPolicy: false}}",
    "network: {nat: none}",
    f"{{{_ON}, imageRegistry: {_REGISTRY}}}, network: {{nat: none}}}}",
    "kubernetes: {enabled: false, imageRegistry: 123456789012.dkr.ecr-fips.cn-north-1.amazonaws.com.cn}",
    f"{{{_ON}, imageRegistry: {_REGISTRY}}}, region: eu-central-1}}",
    f"{{region: cn-north-1, cluster: {{admins: {{ops: '{_CHINA}'}}}}, kubernetes: {{imageRegistry: {_COPIES}}}}}",
    "{region: us-gov-east-1, tenants: {a: {principal: 'arn:aws-us-gov:iam::123456789012:user/a'}, b: {}}}",
    "kubernetes: {enabled: false, irsaDemo: {namespace: nowhere}}",
    f"tenants: {{a: {{principal: '{_ROLE}'}}, b: {{principal: '{_OTHER}', group: 'shop:devs@team/b_1.x'}}}}",
    "tenants: {a: {group: g}, b: {group: g}}",
    f"tenants: {{{'a' * 63}: {{}}, 1: {{}}, a-1: {{}}, kubernetes: {{}}, defaults: {{}}}}",
    "tenants: {a: {quota: {cpu: 500m, memory: 256Mi, memoryLimit: 2Gi, storage: 10Ti, loadBalancers: 0}}}",
    "tenants: {a: {limits: {memoryRequest: 2Gi, memoryLimit: 2048Mi, memoryMost: 2Gi}}}",
    "tenants: {a: {limits: {cpuRequest: '4'}}}",
]

_REFUSED = [
    (
        "kubernetes: {enabled: true}",
        [("cluster.admins", "(missing)", "at least one administrator when kubernetes.enabled is true")],
    ),
    (
        f"{{{_TWO}}}}}",
        [("kubernetes.deployAs", "(missing)", "a name of cluster.admins when there are several: ops, delivery")],
    ),
    (
        f"{{{_TWO}, deployAs: deliver}}}}",
        [("kubernetes.deployAs", "deliver", "a name of cluster.admins: ops, delivery")],
    ),
    (
        "kubernetes: {enabled: false, deployAs: ops}",
        [("kubernetes.deployAs", "ops", "a name of cluster.admins: none there")],
    ),
    (
        f"{{{_ON}}}, network: {{nat: none}}}}",
        [("kubernetes.imageRegistry", "(missing)", "a registry of ECR when network.nat is none")],
    ),
    (
        f"{{{_ON}, imageRegistry: {_REGISTRY}}}, network: {{nat: none}}, region: eu-central-1}}",
        [
            (
                "kubernetes.imageRegistry",
                _REGISTRY,
                "a registry in the platform's own region, eu-central-1, when network.nat is none",
            )
        ],
    ),
    (
        f"{{{_ON}, imageRegistry: {_COPIES}}}}}",
        [
            (
                "kubernetes.imageRegistry",
                _COPIES,
                "a registry of us-east-2's partition, ….amazonaws.com",
            )
        ],
    ),
    (
        f"{{region: us-gov-west-1, {_ON.partition(', ')[0]}, tenants: {{a: {{principal: '{_OTHER}'}}}}}}",
        [
            (
                place,
                principal,
                "a principal of aws-us-gov, the partition of us-gov-west-1: arn:aws-us-gov:iam::…",
            )
            for place, principal in (("cluster.admins.ops", _ROLE), ("tenants.a.principal", _OTHER))
        ],
    ),
    (
        f"{{{_ON}}}, addons: {{vpcCni: {{networkPolicy: false}}}}}}",
        [("addons.vpcCni.networkPolicy", "false", "true when kubernetes.enabled is true and there are tenants")],
    ),
    (
        f"{{{_ON}}}, tenants: {{prod: {{}}}}}}",
        [("kubernetes.irsaDemo.namespace", "dev", "the name of a tenant: prod")],
    ),
    (f"{{{_ON}}}, tenants: {{}}}}", [("kubernetes.irsaDemo.namespace", "dev", "the name of a tenant: none there")]),
    (
        f"{{{_ON}, spotDemo: {{enabled: true, namespace: pro}}}}}}",
        [("kubernetes.spotDemo.namespace", "pro", "the name of a tenant: dev, prod")],
    ),
    (
        f"{{{_ON}}}, tenants: {{{', '.join(f't{number}: {{}}' for number in range(12))}}}}}",
        [
            (
                "kubernetes.irsaDemo.namespace",
                "dev",
                "the name of a tenant: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9 and 2 more",
            )
        ],
    ),
    (
        f"{{{_ON}, irsaDemo: {{namespace: a, testPod: true}}, spotDemo: {{enabled: true, namespace: a}}}}, {_LESS}}}",
        [
            (f"tenants.a.{place}", found, f"at least {least}, which the pods of {_DEMOS} take")
            for place, found, least in (
                ("quota.pods", "3", "4"),
                ("quota.cpu", "39m", "40m"),
                ("quota.memory", "223Mi", "224Mi"),
                ("quota.memoryLimit", "223Mi", "224Mi"),
                ("limits.memoryMost", "127Mi", "128Mi"),
            )
        ],
    ),
    (
        f"{{{_ON}}}, nodeGroups: {{a: {{instanceTypes: [t3.small], desiredSize: 1}}}}}}",
        [("nodeGroups", "room for 11 pods at desiredSize", "groups without taints that hold 15")],
    ),
    (
        f"{{{_ON}, nodeLocalDns: {{enabled: true}}, clusterAutoscaler: {{replicas: 9}}}}, {_GROUPS}, {_MANY_NAMES}}}",
        [("nodeGroups", "room for 34 pods at desiredSize", "groups without taints that hold 38")],
    ),
    (
        f"{{{_ON}, spotDemo: {{enabled: true}}}}, nodeGroups: {{a: {{}}}}}}",
        [("kubernetes.spotDemo.enabled", "true", "false when no group has the capacityType SPOT")],
    ),
    (
        f"{{{_ON}}}, cluster: {{admins: {{ops: '{_ROLE}'}}, version: '1.31', supportType: EXTENDED}}}}",
        [("kubernetes.clusterAutoscaler.enabled", "true", "false when cluster.version is 1.31")],
    ),
    (
        f"{{cluster: {{admins: {{ops: '{_ROLE}'}}}}, tenants: {{a: {{principal: '{_ROLE}'}}}}}}",
        [("tenants.a.principal", _ROLE, "a principal that isn't an administrator")],
    ),
    (
        f"tenants: {{a: {{principal: '{_ROLE}'}}, b: {{principal: '{_ROLE}'}}, c: {{principal: '{_ROLE}'}}}}",
        [("tenants.b.principal", _ROLE, "each principal once"), ("tenants.c.principal", _ROLE, "each principal once")],
    ),
    (
        "tenants: {a: {limits: {cpuRequest: '5', memoryRequest: 1Gi}}}",
        [
            ("tenants.a.limits.cpuRequest", "'5'", "at most quota.cpu, 4"),
            ("tenants.a.limits.memoryRequest", "1Gi", "at most limits.memoryLimit, 256Mi"),
        ],
    ),
    (
        "tenants: {a: {limits: {memoryLimit: 3Gi}}, b: {limits: {memoryMost: 1Ti}}, c: {quota: {memory: 17Gi}}}",
        [
            ("tenants.a.limits.memoryLimit", "3Gi", "at most limits.memoryMost, 2Gi"),
            ("tenants.b.limits.memoryMost", "1Ti", "at most quota.memoryLimit, 16Gi"),
            ("tenants.c.quota.memory", "17Gi", "at most quota.memoryLimit, 16Gi"),
        ],
    ),
]

_VALUES = [
    ("tenants: {kube-system: {}}", "tenants.kube-system", "kube-system", _NAMESPACE, "kube-… belongs to the system"),
    (
        "tenants: {default: {}}",
        "tenants.default",
        "default",
        _NAMESPACE,
        "what stands in default stands there by mistake: name a namespace of its own",
    ),
    ("tenants: {Dev: {}}", "tenants.Dev", "Dev", _NAMESPACE, ""),
    ("tenants: {a-: {}}", "tenants.a-", "a-", _NAMESPACE, ""),
    (f"tenants: {{{'a' * 64}: {{}}}}", f"tenants.{'a' * 64}", "a" * 64, _NAMESPACE, ""),
    ("tenants: []", "tenants", "[]", "a mapping of at most 10000 entries", ""),
    (
        "tenants: {a: {podSecurity: privileged}}",
        "tenants.a.podSecurity",
        "privileged",
        "one of baseline, restricted",
        "",
    ),
    (
        "tenants: {a: {access: readonly}}",
        "tenants.a.access",
        "readonly",
        "one of read-write, read-only",
        "did you mean read-only?",
    ),
    (
        "tenants: {a: {principal: 'arn:aws:sts::123456789012:assumed-role/a/b'}}",
        "tenants.a.principal",
        "arn:aws:sts::123456789012:assumed-role/a/b",
        "the ARN of an IAM role or user",
        "that is a session, which ends: give the role, arn:aws:iam::<account>:role/<name>",
    ),
    (
        "tenants: {a: {group: 'System:masters'}}",
        "tenants.a.group",
        "System:masters",
        _GROUP,
        "System:… belongs to the system, and EKS refuses it",
    ),
    ("tenants: {a: {group: -x}}", "tenants.a.group", "-x", _GROUP, ""),
    (
        "tenants: {a: {quota: {cpu: 2}}}",
        "tenants.a.quota.cpu",
        "2",
        _CPU,
        'YAML reads it as a number: write it in quotes, "2"',
    ),
    ("tenants: {a: {quota: {cpu: 0.5x}}}", "tenants.a.quota.cpu", "0.5x", _CPU, ""),
    ("tenants: {a: {quota: {memory: 8G}}}", "tenants.a.quota.memory", "8G", _BYTES, "did you mean 8Gi?"),
    ("tenants: {a: {quota: {memory: 8GB}}}", "tenants.a.quota.memory", "8GB", _BYTES, "did you mean 8Gi?"),
    ("tenants: {a: {quota: {memory: 0Gi}}}", "tenants.a.quota.memory", "0Gi", _BYTES, ""),
    ("tenants: {a: {quota: {pods: 0}}}", "tenants.a.quota.pods", "0", "a whole number from 1 to 10000", ""),
    (
        "kubernetes: {enabled: false, loadBalancerController: {replicas: 1}}",
        "kubernetes.loadBalancerController.replicas",
        "1",
        "a whole number from 2 to 10",
        "",
    ),
    (
        "kubernetes: {enabled: false, imageRegistry: docker.io}",
        "kubernetes.imageRegistry",
        "docker.io",
        "the host of a registry of ECR, such as 123456789012.dkr.ecr.us-east-2.amazonaws.com",
        "",
    ),
    (
        "kubernetes: {enabled: false, nodeLocalDNS: {}}",
        "kubernetes.nodeLocalDNS",
        "{}",
        _KEYS,
        "did you mean nodeLocalDns?",
    ),
    (
        "kubernetes: {enabled: false, irsaDemo: {namespace: default}}",
        "kubernetes.irsaDemo.namespace",
        "default",
        _NAMESPACE,
        "what stands in default stands there by mistake: name a namespace of its own",
    ),
]

# A wrong value, and parts that would only be judged by the default in its place.
_DEPENDENT = [
    ("{kubernetes: {enabled: maybe}}", ["kubernetes.enabled"]),
    (f"{{kubernetes: {{enabled: true}}, cluster: {{admins: {{A: '{_ROLE}'}}}}}}", ["cluster.admins.A"]),
    (f"{{{_ON}, irsaDemo: {{namespace: Dev}}}}}}", ["kubernetes.irsaDemo.namespace"]),
    (f"{{{_ON}}}, tenants: {{Dev: {{}}}}}}", ["tenants.Dev"]),
    ("tenants: {a: {limits: {memoryMost: x, memoryLimit: 3Gi}}}", ["tenants.a.limits.memoryMost"]),
]


@pytest.mark.parametrize("text", _ACCEPTED)
def test_what_fits_is_accepted(accept: Accept, text: str) -> None:
    assert isinstance(accept(text), Platform)


@pytest.mark.parametrize(("text", "expected"), _REFUSED, ids=[text for text, _ in _REFUSED])
def test_what_does_not_fit_is_a_fault(refuse: Refuse, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(fault.path, fault.found, fault.allowed) for fault in refuse(text)] == expected


@pytest.mark.parametrize(("text", "fault"), [pytest.param(text, Fault(*rest), id=text) for text, *rest in _VALUES])
def test_a_value_that_kubernetes_or_aws_refuses_is_a_fault(refuse: Refuse, text: str, fault: Fault) -> None:
    assert refuse(text) == (fault,)


@pytest.mark.parametrize(("text", "paths"), _DEPENDENT)
def test_what_depends_on_a_wrong_value_is_not_judged(refuse: Refuse, text: str, paths: list[str]) -> None:
    assert [fault.path for fault in refuse(text)] == paths


def test_a_near_miss_is_guessed(refuse: Refuse) -> None:
    (deployer,) = refuse(f"{{{_TWO}, deployAs: deliver}}}}")
    (home,) = refuse(f"{{{_ON}, irsaDemo: {{namespace: deev}}}}}}")
    (far,) = refuse(f"{{{_ON}, irsaDemo: {{namespace: elsewhere}}}}}}")

    assert deployer.hint == "did you mean delivery?"
    assert home.hint == "did you mean dev?"
    assert far.hint == "or set kubernetes.irsaDemo.enabled to false"


def test_by_default_everything_goes_in_but_what_only_shows_something(accept: Accept) -> None:
    chosen = accept(f"{{{_ON}}}}}").kubernetes

    assert chosen.storage.default_class
    assert chosen.load_balancer_controller.enabled
    assert chosen.load_balancer_controller.replicas == chosen.cluster_autoscaler.replicas == 2
    assert chosen.cluster_autoscaler.enabled
    assert chosen.node_termination_handler.enabled
    assert not chosen.node_local_dns.enabled
    assert (chosen.irsa_demo.enabled, chosen.irsa_demo.namespace, chosen.irsa_demo.test_pod) == (True, "dev", False)
    assert not chosen.spot_demo.enabled


def test_the_default_tenants_are_dev_and_prod(accept: Accept) -> None:
    tenants = accept("").tenants

    assert {name: (each.pod_security, each.access) for name, each in tenants.items()} == {
        "dev": (PodSecurity.BASELINE, Access.READ_WRITE),
        "prod": (PodSecurity.RESTRICTED, Access.READ_ONLY),
    }
    assert all(tenant.principal is None for tenant in tenants.values())


def test_a_tenant_of_which_nothing_is_said_may_little(accept: Accept) -> None:
    tenant = accept("tenants: {shop: {}}").tenants["shop"]

    assert (tenant.pod_security, tenant.access) == (PodSecurity.RESTRICTED, Access.READ_ONLY)
    assert tenant.group_of("shop") == "team-shop"
    assert accept("tenants: {shop: {group: shoppers}}").tenants["shop"].group_of("shop") == "shoppers"


def test_somebody_deploys_as_who_is_named_or_the_only_one(accept: Accept) -> None:
    only, named = accept(f"{{{_ON}}}}}"), accept(f"{{{_TWO}, deployAs: delivery}}}}")
    nobody = accept(f"{{{_TWO}, enabled: false}}}}".replace("enabled: true, ", ""))

    assert (only.deploys_as, only.enters_as) == ("ops", _ROLE)
    assert (named.deploys_as, named.enters_as) == ("delivery", _OTHER)
    assert (nobody.deploys_as, nobody.enters_as) == ("", "")


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_shipped_stacks_have_somebody_who_deploys_and_teams(stack: str) -> None:
    platform = load_platform(_ROOT / f"Pulumi.{stack}.yaml")

    assert platform.deploys_as == {"dev": "platform-team", "prod": "delivery"}[stack]
    assert [bool(tenant.principal) for tenant in platform.tenants.values()] == [True, True]


@given(cores=st.integers(1, 999_999))
def test_a_core_is_a_thousand_millicores(cores: int) -> None:
    assert quantities.millicores(str(cores)) == 1000 * cores
    assert quantities.millicores(f"{cores}m") == cores


@given(amount=st.integers(1, 999_999), units=st.sampled_from(["Mi", "Gi", "Ti"]))
def test_each_unit_of_bytes_is_1024_of_the_one_before(amount: int, units: str) -> None:
    smaller: dict[str, Any] = {"Gi": "Mi", "Ti": "Gi"}

    assert quantities.size(f"{amount}{units}") is None
    if units in smaller:
        assert quantities.mebibytes(f"{amount}{units}") == 1024 * quantities.mebibytes(f"{amount}{smaller[units]}")
    else:
        assert quantities.mebibytes(f"{amount}{units}") == amount
