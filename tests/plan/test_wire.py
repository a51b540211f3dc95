"""Values survive the way to Pulumi's SDK and back."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from seatrial.plan import Secret, Unknown, Value, wire
from seatrial.plan.secrecy import kept

_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text().filter(lambda text: text != wire.UNKNOWN)
    | st.just(Unknown())
)
_KEYS = st.text().filter(lambda text: text != wire.SIGNATURE)


def _deeper(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.lists(inner).map(tuple) | st.dictionaries(_KEYS, inner) | inner.map(Secret)


_VALUES = st.recursive(_LEAVES, _deeper, max_leaves=12)


@given(st.dictionaries(_KEYS, _VALUES))
def test_what_is_encoded_is_decoded_to_the_same(properties: Mapping[str, Value]) -> None:
    assert wire.decode(wire.encode(properties)) == properties


@given(st.dictionaries(_KEYS, _VALUES))
def test_keys_come_out_sorted(properties: Mapping[str, Value]) -> None:
    assert list(wire.decode(wire.encode(properties))) == sorted(properties)


def test_whole_numbers_stay_whole() -> None:
    assert repr(wire.decode(wire.encode({"whole": 3, "fraction": 2.5}))["whole"]) == "3"


def test_an_unset_value_is_none() -> None:
    struct = wire.encode({})
    struct.fields["unset"].Clear()

    assert wire.decode(struct) == {"unset": None}


def test_secrecy_is_kept() -> None:
    inputs = {"a": Secret("x"), "deep": {"b": Secret("y"), "c": "z"}, "list": (Secret("x"),), "gone": Secret("x")}
    outputs: Mapping[str, Value] = {
        "a": "x",
        "deep": {"b": "y", "c": "z", "d": "w"},
        "list": ("x",),
        "more": Secret("m"),
        "told": "t",
    }

    assert kept(outputs, inputs, ["told"]) == {
        "a": Secret("x"),
        "deep": {"b": Secret("y"), "c": "z", "d": "w"},
        "list": ("x",),
        "more": Secret("m"),
        "told": Secret("t"),
    }
