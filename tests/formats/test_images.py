"""Page images come back from their encodings as they were, the same bytes each time, with nothing beside the pixels."""

from __future__ import annotations

import io

import numpy as np
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from mssw.core.page import Tone
from mssw.formats.images import encode, lettering, private_image, read_image, suffix_for
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.template_files import label_font_path
from support.examples import examples

TONES = list(Tone)


def page(tone, seed=1):
    """Smooth shades with some black strokes; two levels only where the tone is bitonal."""
    rng = np.random.default_rng(seed)
    shades = np.add.outer(np.linspace(120, 220, 120), np.linspace(0, 35, 90))
    shades[40:44, 10:80] = shades[60:90, 30:33] = 10
    pixels = np.clip(shades + rng.normal(0, 2, shades.shape), 0, 255).astype(np.uint8)
    if tone is Tone.BITONAL:
        return np.where(pixels > 127, 255, 0).astype(np.uint8)
    return pixels if tone is Tone.GREY else np.stack([pixels, pixels // 2 + 90, pixels], axis=2)


def shown(encoded):
    """What another reader sees of an encoded image, in its own pixels."""
    with pymupdf.open("pdf", image_pdf([(encoded, (encoded.width, encoded.height))])) as document:
        colour = pymupdf.csRGB if encoded.tone is Tone.COLOUR else pymupdf.csGRAY
        seen = document[0].get_pixmap(colorspace=colour)
        pixels = np.frombuffer(seen.samples, np.uint8).reshape(seen.height, seen.stride)[:, : seen.width * seen.n]
        pixels = pixels.reshape(seen.height, seen.width, seen.n)
        return pixels[..., 0] if seen.n == 1 else pixels


@examples(25)
@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 70)), elements=st.sampled_from([0, 255])))
def test_any_bitonal_page_comes_back_dot_for_dot(pixels):
    assert np.array_equal(shown(encode(pixels, Tone.BITONAL)), pixels)


@pytest.mark.parametrize("tone", [Tone.GREY, Tone.COLOUR])
def test_a_page_of_shades_comes_back_within_what_jpeg_takes(tone):
    pixels = page(tone)

    off = np.abs(shown(encode(pixels, tone, quality=90)).astype(int) - pixels)

    assert off.mean() < 3
    assert encode(pixels, tone).data.startswith(b"\xff\xd8")


def test_a_bitonal_page_is_cut_at_half_grey():
    pixels = np.array([[0, 127, 128, 255]] * 8, np.uint8)

    assert np.array_equal(shown(encode(pixels, Tone.BITONAL))[0], [0, 0, 255, 255])


def test_a_colour_page_written_as_grey_is_grey():
    encoded = encode(page(Tone.COLOUR), Tone.GREY)

    with Image.open(io.BytesIO(encoded.data)) as picture:
        assert picture.mode == "L"


@pytest.mark.parametrize("tone", TONES)
def test_the_same_pixels_give_the_same_bytes(tone):
    assert encode(page(tone), tone) == encode(page(tone), tone)
    assert private_image(page(tone), tone) == private_image(page(tone), tone)
    assert encode(page(tone), tone) != encode(page(tone, seed=2)[:, ::-1], tone)


@pytest.mark.parametrize("tone", TONES)
def test_a_kept_page_is_read_back_nearly_or_wholly_as_it_was(tone, tmp_path):
    file = tmp_path / f"s01-p0001{suffix_for(tone)}"
    file.write_bytes(private_image(page(tone), tone))

    back = read_image(file)

    assert back.shape == page(tone).shape
    assert back.dtype == np.uint8
    off = np.abs(back.astype(int) - page(tone))
    assert off.max() == 0 if tone is Tone.BITONAL else off.mean() < 3


@pytest.mark.parametrize("tone", TONES)
def test_nothing_stands_beside_the_pixels(tone):
    with Image.open(io.BytesIO(private_image(page(tone), tone))) as picture:
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not picture.getexif()


def test_a_tall_page_is_one_strip():
    pixels = np.full((9000, 700), 255, np.uint8)
    pixels[::3, ::2] = 0

    encoded = encode(pixels, Tone.BITONAL)

    assert (encoded.width, encoded.height) == (700, 9000)
    assert np.array_equal(shown(encoded)[8000:], pixels[8000:])


@pytest.mark.parametrize("height", [8, 24, 60])
def test_lettering_is_cut_close_and_about_as_tall_as_asked(height):
    set_type = lettering(label_font_path(), "Andrea", height)

    assert 0.4 * height <= set_type.shape[0] <= height + 4
    assert set_type.max() > 150
    assert set_type[1:-1].any(axis=1).all()
