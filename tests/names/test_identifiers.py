"""E-mail addresses, phone numbers and student numbers in what a reader of handwriting makes of a line."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mssw.core.page import MarkKind
from mssw.names.identifiers import find_identifiers
from support.examples import examples

NUMBERS = ("317946", "10045829", "4821", "A9083517", "mlopez24", "7", "stone", "jdoe")


def found(text: str, numbers: tuple[str, ...] = NUMBERS) -> list[tuple[MarkKind, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_identifiers(text, numbers)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("write to ana.lopez@school.org please", "ana.lopez@school.org"),
        ("ana_lopez24@students.lincoln.k12.ca.us", "ana_lopez24@students.lincoln.k12.ca.us"),
        ("ana.lopez @ gmail.com", "ana.lopez @ gmail.com"),
        ("ana.lopez@ gmail .com", "ana.lopez@ gmail .com"),
        ("mail: ana. lopez@gmail.com", "ana. lopez@gmail.com"),
        ("ana.lopez@gmail,com", "ana.lopez@gmail,com"),
        ("ana.lopez@gmailcom", "ana.lopez@gmailcom"),
        ("ana.lopez@gmai1.c0m", "ana.lopez@gmai1.c0m"),
        ("ana.lopez@schoolorg", "ana.lopez@schoolorg"),
        ("ana.lopez©gmail.com", "ana.lopez©gmail.com"),
        ("ana.lopez(at)web.de", "ana.lopez(at)web.de"),
        ("analopezQgmail.com", "analopezQgmail.com"),
        ("analopezagmail.com", "analopezagmail.com"),
        ("analopez a gmail.com", "analopez a gmail.com"),
        ("jdoeQschool.edu", "jdoeQschool.edu"),
        ("my mail is kim99 gmail com", "kim99 gmail com"),
        ("analopez at gmail dot com", "analopez at gmail dot com"),
        ("juan@hotmail.es", "juan@hotmail.es"),
        ("juan@hotmai1.com.", "juan@hotmai1.com"),
        ("Zoë@gmx.de", "Zoë@gmx.de"),
        ("kim@qmail.corn", "kim@qmail.corn"),
        ("an8@yahoo.co.uk or", "an8@yahoo.co.uk"),
        ("to kim9/@gmail.com please", "kim9/@gmail.com"),
        ("bookcatS|@web.org please", "bookcatS|@web.org"),
    ],
)
def test_an_address_is_found_whatever_became_of_its_signs(text, address):
    assert found(text) == [(MarkKind.EMAIL, address)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("call 213-555-0147", "213-555-0147"),
        ("(213) 555-0147", "(213) 555-0147"),
        ("(213)555-0147 ok", "(213)555-0147"),
        ("213.555.0147", "213.555.0147"),
        ("213 555 0147", "213 555 0147"),
        ("2135550147", "2135550147"),
        ("213 - 555 - 0147", "213 - 555 - 0147"),
        ("213-555-O147", "213-555-O147"),
        ("2l3-5S5-0147", "2l3-5S5-0147"),
        ("213-55 5-0147", "213-55 5-0147"),
        ("Room 12 213-555-0147", "213-555-0147"),
        ("1-800-555-0199", "1-800-555-0199"),
        ("+1 (213) 555-0147", "+1 (213) 555-0147"),
        ("+1 213 555 0147 x12", "+1 213 555 0147 x12"),
        ("555-0147", "555-0147"),
        ("555-6555 if it breaks", "555-6555"),
        ("0176 SSS 7631", "0176 SSS 7631"),
        ("0176 Sss 0326 if it breaks", "0176 Sss 0326"),
        ("call882558571 after school", "882558571"),
        ("My mom's number is 4065SSS444s if it breaks", "4065SSS444s"),
        ("call S545S53720 after", "S545S53720"),
        ("call 555-1492 after", "555-1492"),
        ("my number is 555-2368", "555-2368"),
        ("I drew itMy mom's number is 555-1562 if it breaks.", "555-1562"),
        ("phone: 555 2368", "555 2368"),
        ("+49 176 1234567", "+49 176 1234567"),
        ("+33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("06 12 34 56 78", "06 12 34 56 78"),
        ("06.12.34.56.78", "06.12.34.56.78"),
        ("0176 12345678", "0176 12345678"),
        ("089/1234567", "089/1234567"),
        ("020 7946 0958", "020 7946 0958"),
        ("07700 900123", "07700 900123"),
        ("0044 20 7946 0958", "0044 20 7946 0958"),
        ("móvil 612 345 678", "612 345 678"),
        ("llámame 612345678", "612345678"),
        ("0912 345 678", "0912 345 678"),
        ("138 1234 5678", "138 1234 5678"),
        ("(11) 91234-5678", "(11) 91234-5678"),
        ("text me 3105550123!", "3105550123"),
        ("tel 98765 43210", "98765 43210"),
    ],
)
def test_a_phone_number_is_found_however_it_is_written(text, number):
    assert found(text) == [(MarkKind.PHONE, number)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ID 317946", "317946"),
        ("ID317946", "317946"),
        ("#317946", "317946"),
        ("3l7946", "3l7946"),
        ("317 946", "317 946"),
        ("31-79-46", "31-79-46"),
        ("317940 is mine", "317940"),
        ("31794", "31794"),
        ("3179466", "3179466"),
        ("1OO45829", "1OO45829"),
        ("a student, 4821, said", "4821"),
        ("4B21", "4B21"),
        ("a9083517", "a9083517"),
        ("A 9083517", "A 9083517"),
        ("login mlopez24", "mlopez24"),
        ("MLopez24", "MLopez24"),
        ("with jdoe", "jdoe"),
    ],
)
def test_a_number_of_the_roster_is_found_with_its_misreadings(text, number):
    assert found(text) == [(MarkKind.NUMBER, number)]


@pytest.mark.parametrize(
    "text",
    [
        "4822",
        "48 21",
        "317955",
        "3.17946",
        "317946.5",
        "0.4821",
        "the stone is heavy",
        "7",
        "31 79 46 2",
        "300000",
        "A12",
    ],
)
def test_what_is_only_like_a_number_of_the_roster_is_left(text):
    assert found(text) == []


def test_several_identifiers_come_from_left_to_right_and_share_nothing():
    text = "317946 ana@gmail.com 213-555-0147"
    assert [kind for kind, _ in found(text)] == [MarkKind.NUMBER, MarkKind.EMAIL, MarkKind.PHONE]
    assert found("317946@gmail.com") == [(MarkKind.EMAIL, "317946@gmail.com")]
    assert found("2135550147", ("2135550147",)) == [(MarkKind.NUMBER, "2135550147")]


ANSWERS = """
    12.11.2026
    Date: 12/11/2026
    2026-11-12
    11-12-26 period 3
    3.14159
    3.14159265
    3.1415926535
    1000000
    1 000 000
    1.000.000
    1,000,000 people
    12 345 678
    The distance is 149 600 000 km
    149600000 km
    299792458 m/s
    299 792 458
    6.022 x 10^23
    6.02214076 × 10²³
    12+34=46
    125 + 250 = 375
    1250-375=875
    5000-1234 = 3766
    500-1250 g
    from 1939-1945
    between 1914 - 1918 and 1939 - 1945
    the years 476-1453
    384-1024
    the empire lasted 476-1453
    1492 1776 1789 1861 1914
    2019 2020 2021 2022
    3/4 + 1/8 = 7/8
    1/2 2/3 3/4 4/5
    2 1/2 cups
    0.0000001 m
    0.125
    0,333333333
    0.333 333 333
    10101010
    0101 1010 1100
    1100 1010 0011 0101
    01 02 03 04 05
    1 2 3 4 5 6 7 8 9 10
    2 4 6 8 10 12 14 16
    1 1 2 3 5 8 13 21 34
    125 250 500 1000
    256 512 1024
    250 500 1000
    100 200 300 400
    10 20 30 40 50 60
    05 10 15 20 25 30
    The median of 12 15 18 21 24 is 18
    mean = (85+90+95+100)/4 = 92.5
    x = -5, y = 12
    y = 2x + 3
    f(x) = 3x^2 - 4x + 1
    (3, 4) (5, 12) (8, 15)
    (2)(3)(4) = 24
    a² + b² = c², 5² + 12² = 13²
    25 × 40 = 1000
    1234 × 5678 = 7006652
    7006652 : 1234 = 5678
    5678)7006652
    9876543 - 1234567 = 8641976
    1234567 + 7654321
    2^32 = 4294967296
    1 km = 1000 m = 100000 cm
    101.325 kPa
    22.4 L/mol
    8.31 J/(mol K)
    mass = 250 g, volume = 125 ml
    1.5 L of water at 25 °C
    9:30 - 10:15
    8:05, 8:20, 8:35
    $19.99 + $5.01 = $25.00
    $1,250,000
    5 apples @ $3 each
    12 @ 2.50 = 30
    we meet @ noon. It was fun
    population 7 800 000 000
    331 449 281 people
    8 000 000 000
    page 12-15, 23-27
    pp. 112-118
    chapter 3.2.1
    1.2.3.4
    Q1 Q2 Q3 Q4
    Is 51 a prime? I do so
    SOS 505 is a code
    It has 206 bones and 639 muscles
    The gene has 3200000000 bases
    3 200 000 000 bases
    CO2 + H2O -> C6H12O6 + O2
    H2SO4 + 2 NaOH
    www.nasa.gov says so
    I looked at school.org for this
    see wikipedia.org and pbs.org
    50% of 1200 is 600
    1200 / 50 = 24
    45 degrees + 90 degrees + 45 degrees = 180
    1 0 0 1 1 0 1
    27 + 48 = 75 so 75 - 48 = 27
    My number is 1000000
    I call it 1234567
    the cell is 0.0000001 m wide
    Each phone costs 1200000 dollars
    the number 12345678910
    2,4,6,8,10,12,14,16,18,20
    -40 -30 -20 -10 0 10 20
    0 1 2 3 4 5 6 7 8 9
    3 - 5 - 7 - 11 - 13 - 17
    4x4 + 3x3
    a air bag mass 28.97
    """


@pytest.mark.parametrize("line", [line.strip() for line in ANSWERS.strip().splitlines()])
def test_nothing_is_found_in_an_ordinary_answer(line):
    assert found(line) == []


def test_short_numbers_of_a_roster_are_looked_for_nowhere():
    assert found("7 12 123", ("7", "12", "123", "")) == []


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=4))
@example("+", ["0000"])
@example("()", ["____"])
def test_any_text_has_identifiers_in_order_inside_it(text, numbers):
    spans = find_identifiers(text, numbers)
    assert spans == find_identifiers(text, numbers)
    ends = [0]
    for one in spans:
        assert ends[-1] <= one.start < one.end <= len(text)
        assert one.kind in {MarkKind.EMAIL, MarkKind.PHONE, MarkKind.NUMBER}
        ends.append(one.end)


SEEDS = [
    "a",
    "1",
    "@",
    ".",
    " ",
    "1 ",
    "1-",
    "a@",
    "a.",
    "a@a.",
    "a1",
    "O",
    "(1)",
    "+1",
    "l ",
    "gmail.",
    "k12.",
    "gmail a ",
    "12 34 ",
]


def in_order(spans, text):
    ends = [0, *(one.end for one in spans)]
    return all(end <= one.start < one.end <= len(text) for end, one in zip(ends, spans, strict=False))


# A pattern that goes back and forth over such texts would take minutes: tests/bench/words.py has the seconds.


@pytest.mark.parametrize("seed", SEEDS)
def test_ten_thousand_signs_of_one_kind_come_to_an_end(seed):
    text = (seed * 10_000)[:10_000]
    assert in_order(find_identifiers(text, NUMBERS), text)


@examples(25)
@given(st.text(alphabet="a1@. -O(gmail)+cok", min_size=1, max_size=30))
def test_any_repeated_text_comes_to_an_end(seed):
    text = (seed * 10_000)[:10_000]
    assert in_order(find_identifiers(text, NUMBERS), text)


def test_each_of_two_thousand_numbers_is_looked_up():
    numbers = tuple(str(310_000 + 37 * index) for index in range(2000))
    said = found("the student 317 955 and 25 x 40 = 1000 of 1234567", numbers)
    assert said == [(MarkKind.NUMBER, "317 955")]
