"""Which printed digits agree with which computed value."""

from decimal import Decimal

import pytest
from coursebook.claims import agrees, objection, read_number
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "text, value",
    [
        ("0.98", "0.98019802"),
        ("0.9802", "0.98019802"),
        ("0.980198020", "0.98019802"),
        ("1", "0.98019802"),
        ("1.0", "1"),
        ("6908", "6907.755"),
        ("6,908", "6908.0"),
        ("1,234,567", "1234567"),
        ("6\N{THIN SPACE}908", "6908"),
        ("6\N{NARROW NO-BREAK SPACE}908", "6908"),
        ("-0.6", "-0.6"),
        ("\N{MINUS SIGN}0.60", "-0.5999999"),
        ("51.7%", "51.74"),
        ("51.7 %", "51.74"),
        ("4.6e8", "459123456.0"),
        ("4.6 \N{MULTIPLICATION SIGN} 10^8", "459123456.0"),
        ("4.6 \N{MULTIPLICATION SIGN} 10⁸", "459123456.0"),
        ("4.6\N{MULTIPLICATION SIGN}10⁸", "459123456.0"),
        ("7.9e-31", "7.888609e-31"),
        ("7.9 \N{MULTIPLICATION SIGN} 10⁻³¹", "7.888609e-31"),
        ("7.9 \N{MULTIPLICATION SIGN} 10^-31", "7.888609e-31"),
        ("0", "0.0"),
        ("0.12", "0.125"),  # a tie goes either way
        ("0.13", "0.125"),
    ],
)
def test_agrees(text, value):
    assert agrees(read_number(text), Decimal(value))


@pytest.mark.parametrize(
    "text, value",
    [
        ("0.9803", "0.98019802"),
        ("0.981", "0.98019802"),
        ("0.98", "0.985001"),
        ("0.98", "-0.98"),
        ("6,900", "6908"),
        ("6,908.0", "6907.8"),
        ("1.00", "1.01"),
        ("0.6", "-0.6"),
        ("4.6e8", "4.7e8"),
        ("4.6e7", "4.6e8"),
        ("4.60e8", "459123456.0"),
        ("0", "inf"),
        ("0", "nan"),
    ],
)
def test_disagrees(text, value):
    assert not agrees(read_number(text), Decimal(value))


@pytest.mark.parametrize(
    "text", ["", "about 3", "3 steps", "6,90", "6 908", ".5", "1e", "10^8", "--1", "1.2.3", "NaN"]
)
def test_is_no_number(text):
    assert read_number(text) is None


@given(st.floats(-1e12, 1e12), st.integers(0, 3))
def test_what_python_prints_agrees(value, decimals):
    assert agrees(read_number(f"{value:,.{decimals}f}"), Decimal(repr(value)))


@given(st.floats(-1e300, 1e300), st.integers(0, 14), st.sampled_from([-2, 2]))
def test_two_units_off_disagrees(value, digits, units):
    printed = Decimal(f"{value:.{digits}e}")
    off = printed + Decimal(units).scaleb(printed.as_tuple().exponent)
    assert not agrees(off, Decimal(repr(value)))


@pytest.mark.parametrize(
    "name, text, message",
    [
        ("rate-100", "0.9802", None),
        (
            "rate-100",
            "0.9812",
            "claim 'rate-100': the text says 0.9812, the page computes 0.98019802",
        ),
        (
            "rate-10",
            "0.82",
            "claim 'rate-10': the text says 0.82, nothing on the page computes it;"
            " did you mean 'rate-100'?",
        ),
        ("x", "1", "claim 'x': the text says 1, nothing on the page computes it"),
        ("rate-100", "most", "claim 'rate-100': the text says 'most', which is not a number"),
    ],
)
def test_says_what_is_wrong(name, text, message):
    assert objection(name, text, {"rate-100": "0.98019802"}) == message
