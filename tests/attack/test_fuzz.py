"""Threat: an input that nobody thought of ends mssw with a fault of its own, or takes it along.

Tried: honest files of each kind with bytes changed, cut out, doubled and put in, and JSON with a value of every type in
each place. `tests/bench/fuzz.py` goes on as long as you let it, led by what code it reaches. Result: each is read or
refused.
"""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.examples import examples
from support.fuzz_targets import TARGETS, nested_json, odd_json

IN_THIS_PROCESS = sorted(set(TARGETS) - {"page"})  # pages are decoded in a process of their own: test_broken_pages


SLOW = {"packet options": 3, "zip": 3}  # each takes half a second
JSON_FILES = [name for name in IN_THIS_PROCESS if TARGETS[name].is_json]


@functools.cache
def seeds_of(name):
    return tuple(TARGETS[name].seeds())


@st.composite
def changed(draw, seeds):
    """One of the files with some of its bytes changed."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        end = at + draw(st.integers(0, 12))
        how = draw(st.sampled_from(("set", "cut", "double", "put")))
        if how == "set":
            data[at:end] = draw(st.binary(min_size=end - at, max_size=end - at))
        elif how == "cut":
            del data[at:end]
        elif how == "double":
            data[at:at] = data[at:end]
        else:
            data[at:at] = draw(
                st.sampled_from((b"\x00", b"\xff\xfe", b'"', b"[", b"}", b"\n", b"-1", b"9" * 40, b"\\u0000"))
            )
    return bytes(data)


@pytest.mark.parametrize("name", IN_THIS_PROCESS)
def test_a_broken_file_is_read_or_refused(name):
    @examples(SLOW.get(name, 25))
    @given(changed(seeds_of(name)))
    def attack(data):
        TARGETS[name].run(data)

    attack()


@pytest.mark.parametrize("name", JSON_FILES)
def test_json_of_another_shape_is_refused(name):
    for data in [*odd_json(), nested_json(50), nested_json(100_000)]:
        TARGETS[name].run(data)


TOML_FILES = ["settings", "plan", "times", "pile map"]


@pytest.mark.parametrize("name", TOML_FILES)
def test_toml_with_a_number_that_is_longer_than_anybody_writes_is_refused(name):
    TARGETS[name].run(b"title = " + b"7" * 5000)


@pytest.mark.parametrize("name", TOML_FILES)
@pytest.mark.parametrize(
    "nested", [b"a = " + b"[" * 3000, b"a = " + b"{a=" * 3000, b"a = " + b"[" * 3000 + b"]" * 3000]
)
def test_toml_that_nests_deeper_than_anybody_writes_is_refused(name, nested):
    TARGETS[name].run(nested)


def test_an_introduction_in_json_that_nests_so_deep_is_refused():
    TARGETS["introduction"].run(nested_json(100_000))
