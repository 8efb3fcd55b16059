"""Scans in a folder come in the order in which they were taken, whatever system named them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.preparing.scan_order import order_scans


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["Scan.jpeg", "Scan 1.jpeg", "Scan 2.jpeg", "Scan 10.jpeg"], id="the first has no number"),
        pytest.param(["Image.jpg", "Image (2).jpg", "Image (3).jpg", "Image (10).jpg"], id="numbers in brackets"),
        pytest.param(["photo.jpg", "photo copy.jpg", "photo copy 2.jpg"], id="copies"),
        pytest.param(["scan.png", "scan-2.png", "scan-10.png"], id="a dash before the number"),
        pytest.param(["Scan.PNG", "scan_1.jpeg", "Scan 2.JPG"], id="other endings and capitals"),
        pytest.param(["IMG_9998.HEIC", "IMG_9999.HEIC", "IMG_0001.HEIC", "IMG_0002.HEIC"], id="the counter wraps"),
        pytest.param(["DSC_9999.JPG", "DSC_0000.JPG", "DSC_0001.JPG"], id="a counter that starts at 0000"),
        pytest.param(["IMG_0001.jpg", "IMG_0250.jpg", "IMG_5300.jpg"], id="a gap without a wrap"),
        pytest.param(["page1.tif", "page2.tif", "page10.tif"], id="no leading zeros"),
        pytest.param(["20261128_115959.jpg", "20261128_120000.jpg"], id="dates and times"),
        pytest.param(["Scan_20261128.jpg", "Scan_20261128 (2).jpg", "Scan_20261128 (3).jpg"], id="a date and brackets"),
        pytest.param(["Page 1.jpg", "Page 1 (1).jpg", "Page 2.jpg", "Page 10.jpg"], id="a number and brackets"),
    ],
)
def test_names_come_in_the_order_in_which_they_were_taken(names):
    shuffled = list(names)
    random.Random(7).shuffle(shuffled)  # noqa: S311 - any order will do

    assert order_scans(shuffled) == names


def test_a_counter_of_two_cameras_is_not_turned():
    names = ["DSC_0001.JPG", "DSC_0002.JPG", "IMG_9999.JPG"]

    assert order_scans(reversed(names)) == names


@given(st.lists(st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1), unique=True))
def test_no_name_is_lost_and_the_order_does_not_depend_on_how_they_are_listed(names):
    ordered = order_scans(names)

    assert sorted(ordered) == sorted(names)
    assert order_scans(reversed(names)) == ordered
