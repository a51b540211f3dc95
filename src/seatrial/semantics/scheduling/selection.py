"""Whether labels meet a selector."""

from collections.abc import Mapping

from seatrial.semantics.network_policy.labels import Expression, Operator, Selector


def selects(selector: Selector | None, labels: Mapping[str, str]) -> bool:
    """Tell whether a selector selects something with these labels; where there is no selector it selects nothing."""
    return selector is not None and all(_holds(each, labels) for each in selector.expressions)


def with_labels(selector: Selector | None, operator: Operator, labels: Mapping[str, str]) -> Selector | None:
    """Return a selector that compares these labels as well."""
    if selector is None:
        return None
    more = {Expression(key, operator, frozenset({value})) for key, value in labels.items()}
    return Selector(selector.expressions | more)


def _holds(expression: Expression, labels: Mapping[str, str]) -> bool:
    value = labels.get(expression.key)
    match expression.operator:
        case Operator.IN:
            return value in expression.values
        case Operator.NOT_IN:
            return value not in expression.values
        case Operator.EXISTS:
            return value is not None
        case _:
            return value is None
