"""NP-07: load balancers are internal unless listed, and speak TLS."""

import json
import re
from collections.abc import Iterator
from typing import cast

from seatrial.plan import Properties, Unknown
from seatrial.rules.facts.kinds import CLASS_PARAMETERS, INGRESS, INGRESS_CLASS, SERVICE
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.owners import is_balancer
from seatrial.rules.facts.values import at, is_unknown, items, properties, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import UNTOLD, broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_ALB = "alb.ingress.kubernetes.io/"
_NLB = "service.beta.kubernetes.io/aws-load-balancer-"
_CONTROLLER = "aws-load-balancer-controller"
_ITS_CLASS = "service.k8s.aws/nlb"
_ITS_TYPES = ("external", "nlb-ip")
"""Values of the annotation ``type`` that give a Service to the controller."""

_PUBLIC = "internet-facing"
_NEW_TLS = re.compile(r"ELBSecurityPolicy-(TLS13-1-[23]|FS-1-2|TLS-1-2)-.+|ELBSecurityPolicy-TLS13-1-3")
"""Policies that begin at TLS 1.2 (user guide of Elastic Load Balancing, "Security policies")."""

_PARAMETERS = {
    "certificateArn": "certificate-arn",
    "scheme": "scheme",
    "sslPolicy": "ssl-policy",
    "wafv2AclArn": "wafv2-acl-arn",
}
"""What an IngressClassParams says for all of its class, to the annotation that it takes the place of."""

Fault = tuple[str, str, str]
"""Property path, what was found, what is allowed."""


def _examine(view: View) -> Iterator[Observation]:
    for ingress in view.objects.of_kind(INGRESS):
        yield from _judged(ingress, _ingress(view, ingress))
    for service in view.objects.of_kind(SERVICE):
        if is_balancer(service):
            yield from _judged(service, _service(view, service))


def _judged(found: Object, faults: Iterator[Fault]) -> Iterator[Observation]:
    wrong = list(faults)
    for path, said, allowed in wrong:
        if said == UNTOLD:
            yield unknown(found.resource, path, allowed=allowed)
        else:
            yield broken(found.resource, path, said, allowed=allowed)
    if not wrong:
        yield met(found.resource, "metadata.annotations", f"{found.title} speaks TLS")


def _ingress(view: View, found: Object) -> Iterator[Fault]:
    annotations = properties(at(found.resource, "metadata.annotations"))
    name = text(at(found.resource, "spec.ingressClassName")) or text(annotations.get("kubernetes.io/ingress.class"))
    has_hosts = bool(items(at(found.resource, "spec.tls")))
    kind = view.objects.find(INGRESS_CLASS, name)
    if name not in {"", "alb"} and not (kind and at(kind.resource, "spec.controller") == "ingress.k8s.aws/alb"):
        # Another controller's: what it serves by TLS stands in the Ingress, all the rest with the controller.
        yield from [] if has_hosts else [("spec.tls", "nothing", "the hosts and the Secret of their certificate")]
        return
    annotations = annotations if _is_untold(found) else _settled(view, kind, annotations)
    yield from _private(annotations, f"{_ALB}scheme", f"{_ALB}wafv2-acl-arn")
    if not has_hosts:
        # The controller finds the certificate of a host by itself.
        yield from _needed(annotations, f"{_ALB}certificate-arn", "the ARN of a certificate")
    yield from _policy(view, annotations, f"{_ALB}ssl-policy")
    redirect = f"{_ALB}ssl-redirect"
    if _listens_plainly(text(annotations.get(f"{_ALB}listen-ports"))) and not annotations.get(redirect):
        yield _at(redirect), "HTTP without a redirect to HTTPS", "443"


def _is_untold(found: Object) -> bool:
    return isinstance(at(found.resource, "metadata.annotations"), Unknown)


def _settled(view: View, kind: Object | None, annotations: Properties) -> Properties:
    """Return annotations with what the parameters of an Ingress' class put in their place."""
    name = text(at(kind.resource, "spec.parameters.name")) if kind else ""
    parameters = view.objects.find(CLASS_PARAMETERS, name)
    if parameters is None:
        return annotations
    spec = properties(at(parameters.resource, "spec"))
    said = {f"{_ALB}{_PARAMETERS[key]}": value for key, value in spec.items() if key in _PARAMETERS}
    return {**annotations, **said}


def _service(view: View, found: Object) -> Iterator[Fault]:
    annotations = properties(at(found.resource, "metadata.annotations"))
    kind = at(found.resource, "spec.loadBalancerClass")
    if kind is None and annotations.get(f"{_NLB}type") not in _ITS_TYPES and not _takes_all(view):
        yield from _classic(annotations)
    elif kind in (None, _ITS_CLASS):
        yield from _private(annotations, f"{_NLB}scheme", "")
    else:
        return
    yield from _needed(annotations, f"{_NLB}ssl-cert", "the ARN of a certificate")
    yield from _policy(view, annotations, f"{_NLB}ssl-negotiation-policy")


def _classic(annotations: Properties) -> Iterator[Fault]:
    """Judge what the control plane itself makes of a Service that is nobody's: a balancer on the internet."""
    value = annotations.get(f"{_NLB}internal")
    if is_unknown(value):
        yield _at(f"{_NLB}internal"), UNTOLD, "true"
    elif value != "true":
        yield "spec.loadBalancerClass", "nothing, so a balancer of the control plane, on the internet", _ITS_CLASS


def _takes_all(view: View) -> bool:
    """Tell whether the controller takes Services that name no class."""
    charts = [chart for chart in view.charts if chart.name == _CONTROLLER]
    return any(chart.value("enableServiceMutatorWebhook") is not False for chart in charts)


def _at(annotation: str) -> str:
    return f"metadata.annotations.{annotation}"


def _private(annotations: Properties, scheme: str, firewall: str) -> Iterator[Fault]:
    value = annotations.get(scheme)
    if is_unknown(value):
        yield _at(scheme), UNTOLD, "internal"
    elif value == _PUBLIC and not (firewall and annotations.get(firewall)):
        allowed = f"internal, or {firewall} with the ARN of a web ACL" if firewall else "internal"
        yield _at(scheme), _PUBLIC, allowed


def _needed(annotations: Properties, annotation: str, allowed: str) -> Iterator[Fault]:
    # The ARN of a certificate that is yet to be made is as good as one that is known.
    if annotations.get(annotation) is None:
        yield _at(annotation), "no certificate", allowed


def _policy(view: View, annotations: Properties, annotation: str) -> Iterator[Fault]:
    value = annotations.get(annotation)
    defaults = [text(chart.value("defaultSSLPolicy")) for chart in view.charts if chart.name == _CONTROLLER]
    said = text(value) or "".join(defaults[:1])
    allowed = "a policy of TLS 1.2 and later, such as ELBSecurityPolicy-TLS13-1-2-2021-06"
    if is_unknown(value):
        yield _at(annotation), UNTOLD, allowed
    elif not _NEW_TLS.fullmatch(said):
        yield _at(annotation), said or "nothing, so TLS 1.0 too", allowed


def _listens_plainly(listeners: str) -> bool:
    """Tell whether a list of listeners has one of HTTP; without a list there is one beside a certificate's HTTPS."""
    try:
        listed = cast("object", json.loads(listeners or "[]"))
    except json.JSONDecodeError:
        return True
    each_of = cast("list[object]", listed) if isinstance(listed, list) else []
    return any("HTTP" in cast("dict[str, object]", each) for each in each_of if isinstance(each, dict))


RULE = Rule(
    id="NP-07",
    severity=Severity.HIGH,
    title="Load balancers are internal, or have a firewall, and speak TLS 1.2 or later",
    needs="an Ingress, or a Service of type LoadBalancer",
    why="What a load balancer takes in plain text anybody on the way reads; what is public, anybody tries.",
    allowed="a certificate, a policy of TLS 1.2 and later, HTTP only to redirect; public with a web ACL only",
    remedy="set the annotations of the load balancer controller in the manifest that the program adds",
    sources=(
        *cited(Framework.CIS_EKS, "5.4.5"),
        *cited(Framework.CHECKOV, "CKV_AWS_2", "CKV_AWS_103", "CKV_AWS_378", "CKV2_AWS_20", "CKV2_AWS_28"),
        *cited(Framework.TRIVY, "AWS-0047", "AWS-0054"),
    ),
    examine=_examine,
)
