"""Numbers are written for readers: commas, no exponents, no more digits than help."""

import pytest

from pipelines.releases.claim import brief, plain, spoken


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "no figure"),
        (0.0, "0"),
        (12.0, "12"),
        (8123000.0, "8,123,000"),
        (286.432109, "286.432"),
        (0.0255102, "0.0255102"),
        (27571739.13, "27,571,739"),
        (-3.5, "-3.5"),
        (1e-15, "0.000000000000001"),
        (123456.7, "123,457"),
    ],
)
def test_a_number_is_plain(value: float | None, words: str) -> None:
    assert plain(value) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (286.4, "£ a tonne", "£286.4 a tonne"),
        (-5000.0, "gbp", "−£5,000"),
        (34.25, "% of waste collected", "34.25% of waste collected"),
        (41000.0, "tonnes", "41,000 tonnes"),
        (12.5, "percent", "12.5%"),
        (None, "gbp", "no figure"),
    ],
)
def test_a_number_is_spoken_with_its_unit(value: float | None, unit: str, words: str) -> None:
    assert spoken(value, unit) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (286.432, "£286"),
        (0.0, "£0"),
        (27571739.1, "£27,600,000"),
        (1234.0, "£1,234"),
        (0.01234, "£0.0123"),
        (13048.1, "£13,048"),
    ],
)
def test_a_sentence_carries_three_significant_digits_or_whole_units(value: float, words: str) -> None:
    assert brief(value, "gbp") == words
