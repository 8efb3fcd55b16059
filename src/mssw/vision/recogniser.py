"""Read lines of text with the models that ``rapidocr`` carries; nothing is downloaded.

A line of handwriting is turned into letters frame by frame: its crop goes in, and out comes what the recogniser
thought likely at each step along it. Names are searched in that, not in the text that it would print. Print is read as
words with their places, from a line or from a whole page.

Characters outside the Latin script are removed from the model: its last layer scores 18,710 of them at each step. The
others keep their order and their odds, and a line is read in a tenth less time. An ONNX file is a protobuf message;
only the fields that are needed here are declared, and all others stay as they are. Weights that are next to nothing
become nothing, which makes the detector three times as fast and changes no score.
Source: https://onnx.ai/onnx/repo-docs/IR.html, onnx.proto.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.errors import EngineError
from mssw.names.letters import remove_accents
from mssw.vision.ink import Grey

Frames = NDArray[np.float32]

SIGNS_KEY = "character"  # under which the model keeps its signs
_FLOAT = 1
_OPTIONAL, _REPEATED = "LABEL_OPTIONAL", "LABEL_REPEATED"
_MESSAGES: dict[str, tuple[tuple[str, int, str, str], ...]] = {  # of each: name, number, type, how often
    "Model": (("graph", 7, "Graph", _OPTIONAL), ("metadata", 14, "Entry", _REPEATED)),
    "Entry": (("key", 1, "STRING", _OPTIONAL), ("value", 2, "STRING", _OPTIONAL)),
    "Graph": (("initializer", 5, "Tensor", _REPEATED), ("output", 12, "Output", _REPEATED)),
    "Tensor": (
        ("dims", 1, "INT64", _REPEATED),
        ("data_type", 2, "INT32", _OPTIONAL),
        ("raw_data", 9, "BYTES", _OPTIONAL),
    ),
    "Output": (("name", 1, "STRING", _OPTIONAL), ("type", 2, "BYTES", _OPTIONAL)),
}

# rapidocr 3.10.0 carries them; another file would give other scores, and the thresholds would mean nothing
PINNED = {
    "PP-OCRv6_rec_small.onnx": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    "PP-OCRv6_det_small.onnx": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
}
RECOGNISER, DETECTOR = PINNED
HEIGHT = 48  # pixels of a line, as the model was trained
SMALLEST = 1.2e-38  # of the numbers of a model that a processor takes at full speed
NARROWEST = 96  # the least that the model is shown: the 320 of its training take twice the time and read no better
WIDEST = 1920
LONG_LINE = 400  # pixels, from which a line is a sentence rather than a name
HARD = 0.93  # confidence of a line to be read again; lines that are read have 0.95 and more
CROWDED = 0.55  # signs a frame, from which letters may share one: 79 of 82 other lines gained nothing
LOST = 0.8  # confidence of a line of which letters may be lost
SPREAD = 1.5  # times as wide: 130 letters on a line went from 0.57 to 0.96, and back to front lines stay under 0.90
LETTERS = "abcdefghijklmnopqrstuvwxyz"
BLANK, SIGN = 26, 27  # the columns after the letters: nothing new, and any other sign of a Latin text
MEND = "install it again with `pip install --force-reinstall rapidocr==3.10.0`."
LAST_LATIN = "\u024f"
LIKE = {"ß": "s", "ẞ": "s", "æ": "a", "Æ": "a", "œ": "o", "Œ": "o", "ı": "i"}  # one sign where a name has two letters
SIGNS = "\u2013\u2014\u2018\u2019\u201c\u201d\u20ac"


def signs_of(model: bytes) -> list[str]:
    """The signs that a model tells apart, in the order of its last layer: nothing new, those that it lists, a space.

    Raises:
        ValueError: it lists none.
    """
    listed = next((entry.value for entry in _parsed(model).metadata if entry.key == SIGNS_KEY), "")
    if not listed:
        raise ValueError("the model lists no signs")
    return ["", *listed.splitlines(), " "]


def with_signs(model: bytes, kept: Sequence[int]) -> bytes:
    """The model with those of its signs alone.

    Args:
        model: an ONNX file whose last layer has a weight for each sign, and a softmax over them.
        kept: places of signs among ``signs_of``.

    Raises:
        ValueError: it is no such model.
    """
    parsed, count = _parsed(model), len(signs_of(model))
    last = [part for part in parsed.graph.initializer if part.dims and part.dims[-1] == count]
    if not last or any(part.data_type != _FLOAT or not part.raw_data for part in last):
        raise ValueError("no layer of the model has a weight for each sign")
    for part in last:
        weights = np.frombuffer(part.raw_data, "<f4").reshape(tuple(part.dims))[..., list(kept)]
        part.raw_data = np.ascontiguousarray(weights).tobytes()
        part.dims[-1] = len(kept)
    for output in parsed.graph.output:
        output.ClearField("type")  # it holds the number of signs, and may be left out
    return bytes(parsed.SerializeToString())


def without_tiny_weights(model: bytes) -> bytes:
    """The model with 0 for each weight that is too small for a processor to be quick with.

    A tenth of the detector's weights are below 1.2e-38: training shrank them until nothing was left. They change no
    score, yet each makes a multiplication take a hundred times as long, and the detector three times.

    Args:
        model: an ONNX file.
    """
    parsed = _parsed(model)
    for part in parsed.graph.initializer:
        if part.data_type == _FLOAT and part.raw_data:
            weights = np.frombuffer(part.raw_data, "<f4")
            part.raw_data = np.where(np.abs(weights) < SMALLEST, np.float32(0), weights).astype("<f4").tobytes()
    return bytes(parsed.SerializeToString())


def _parsed(model: bytes) -> Any:
    return _model_class().FromString(model)


@lru_cache(maxsize=1)
def _model_class() -> Any:
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="latinmodel.proto", package="mssw", syntax="proto2")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for key, number, kind, often in fields:
            field = message.field.add(name=key, number=number, label=kinds.Label.Value(often))
            field.type = kinds.Type.Value("TYPE_MESSAGE" if kind in _MESSAGES else f"TYPE_{kind}")
            if kind in _MESSAGES:
                field.type_name = f".mssw.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("mssw.Model"))


@dataclass(frozen=True)
class LineReading:
    """What the recogniser thought of a line. Its repr shows nothing of it.

    Attributes:
        letters: (frames, 28) float32, each row summing to 1: 26 letters without accents and case, ``BLANK``, ``SIGN``.
        upper: (frames,) float32, how much of the letters' share is capital, 0 to 1.
        text: the likeliest text.
        at: the frame of each character of the text.
    """

    letters: Frames
    upper: Frames
    text: str
    at: tuple[int, ...]

    @property
    def confidence(self) -> float:
        """How sure the recogniser was of the text's characters, 0 to 1."""
        return float(self.letters[list(self.at)].max(axis=1).mean()) if self.at else 0.0

    def __repr__(self) -> str:
        return f"Reading of {len(self.letters)} frames"


def check_models() -> None:
    """Check that the models are there and are those that mssw was measured with.

    Raises:
        EngineError: one is missing or is another.
    """
    for name in PINNED:
        model_path(name)


@lru_cache(maxsize=4)
def model_path(name: str) -> Path:
    """Where a bundled model is.

    Raises:
        EngineError: it is missing or is another.
    """
    found = find_spec("rapidocr")
    if found is None or found.origin is None:
        raise EngineError(f"the package rapidocr, which carries the reading model, is missing: {MEND}")
    path = Path(found.origin).parent / "models" / name
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise EngineError(
            f"the reading model {name} is missing from rapidocr, so names could not be read: {MEND}"
        ) from None
    if digest != PINNED[name]:
        raise EngineError(f"the reading model {name} is not the one that mssw was measured with: {MEND}")
    return path


@lru_cache(maxsize=len(PINNED))
def session(name: str) -> Any:
    """A bundled model, loaded once a worker.

    Raises:
        EngineError: it cannot be loaded.
    """
    return loaded(name, model_path(name).read_bytes())


def loaded(name: str, model: bytes) -> Any:
    """A model, ready to run on one thread: pages run side by side, by process.

    Args:
        name: of the bundled model.
        model: its bytes, as they are bundled or with fewer signs.

    Raises:
        EngineError: it cannot be loaded.
    """
    import onnxruntime  # noqa: PLC0415 - a sixth of a second, and only reading needs it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # or each width of line would leave its own memory behind
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(without_tiny_weights(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - its own errors have no common parent
        raise EngineError(f"the reading model {name} could not be loaded ({type(error).__name__}): {MEND}") from None


class Recogniser:
    """The model, and what its many signs mean for a name."""

    def __init__(self) -> None:
        model = model_path(RECOGNISER).read_bytes()
        signs = signs_of(model)
        latin = [i for i, sign in enumerate(signs) if _is_latin(sign)]
        self._session = loaded(RECOGNISER, with_signs(model, latin))
        self._input = self._session.get_inputs()[0].name
        self._signs = [signs[i] for i in latin]
        self._to_letters = np.zeros((len(latin), 28), np.float32)
        for row, sign in enumerate(self._signs):
            self._to_letters[row, _column(sign)] = 1
        self._is_upper = np.array([sign != sign.lower() for sign in self._signs])
        self._is_letter = self._to_letters[:, :BLANK].any(axis=1)

    def read(self, line: Grey) -> LineReading:
        """Read one line.

        Args:
            line: its crop, (height, width) uint8, dark on light.
        """
        return self._read(line, _shown_width(line))

    def read_closely(self, line: Grey) -> LineReading:
        """Read one line, and spread out again if it is long and its letters may share frames; the surer reading counts.

        Args:
            line: its crop, (height, width) uint8, dark on light.
        """
        width = _shown_width(line)
        reading = self._read(line, width)
        if width < LONG_LINE or reading.confidence > HARD or not _is_crowded(reading):
            return reading
        return max(reading, self._read(line, min(WIDEST, round(SPREAD * width))), key=lambda one: one.confidence)

    def _read(self, line: Grey, width: int) -> LineReading:
        """Read one line at that width in pixels."""
        how = cv2.INTER_AREA if line.shape[0] > HEIGHT else cv2.INTER_CUBIC
        small = cv2.resize(line, (width, HEIGHT), interpolation=how).astype(np.float32) / 127.5 - 1
        padded = np.zeros((1, 3, HEIGHT, max(NARROWEST, -(-width // 32) * 32)), np.float32)
        padded[0, :, :, :width] = small
        frames = self._session.run(None, {self._input: padded})[0][0]
        frames = frames[: max(1, int(np.ceil(len(frames) * width / padded.shape[3])))]
        return self._folded(np.asarray(frames, np.float32))

    def _folded(self, latin: Frames) -> LineReading:
        letters = latin @ self._to_letters
        letters /= np.maximum(letters.sum(axis=1, keepdims=True), 1e-9)
        inked = latin[:, self._is_letter].sum(axis=1)
        upper = latin[:, self._is_upper].sum(axis=1) / np.maximum(inked, 1e-9)
        best = latin.argmax(axis=1)
        text, at = [], []
        for frame, sign in enumerate(best):
            if self._signs[sign] and (frame == 0 or sign != best[frame - 1]):
                text.append(self._signs[sign])
                at.append(frame)
        return LineReading(letters, upper.astype(np.float32), "".join(text), tuple(at))


def _shown_width(line: Grey) -> int:
    """The width in pixels at which a line is shown to the model, in its own proportions."""
    return int(np.clip(np.ceil(HEIGHT * line.shape[1] / line.shape[0]), 16, WIDEST))


def _is_crowded(reading: LineReading) -> bool:
    """Whether letters may share frames: many were read in few frames, or so little that some must be lost."""
    return len(reading.text) > CROWDED * len(reading.letters) or reading.confidence < LOST


@lru_cache(maxsize=1)
def recogniser() -> Recogniser:
    """The recogniser, loaded once a worker."""
    return Recogniser()


def _is_latin(sign: str) -> bool:
    return sign == "" or (len(sign) == 1 and (sign <= LAST_LATIN or "\u1e00" <= sign <= "\u1eff" or sign in SIGNS))


def _column(sign: str) -> int:
    """The column of ``LineReading.letters`` that a sign counts in."""
    if not sign:
        return BLANK
    plain = LIKE.get(sign, remove_accents(sign).lower())
    return LETTERS.index(plain) if len(plain) == 1 and plain in LETTERS else SIGN


# Printed words

CHUNK = 22.0  # heights of a line that are read at a time; a longer one is read in parts
LEAST_TALL = 3  # letters: a single digit is tall too
TALL = 1.5  # times its width: a line so tall runs up or down the page
SURE_WORD = 0.5  # confidence of a word that counts, where rapidocr itself reads the page


@dataclass(frozen=True)
class ReadWord:
    """A word as it was read. Its repr shows nothing of it.

    Attributes:
        text: its letters.
        box: its place in pixels: left, top, right, bottom.
    """

    text: str
    box: tuple[int, int, int, int]

    def __repr__(self) -> str:
        return f"Word at {self.box}"


def read_words(grey: Grey, place: tuple[int, int, int, int]) -> list[ReadWord]:
    """The words of one line of an upright page, cut at spaces and at wide gaps.

    Args:
        grey: the page.
        place: of the line, in pixels: left, top, right, bottom; what lies outside the page is left out.
    """
    left, top = max(0, place[0]), max(0, place[1])
    right, bottom = min(grey.shape[1], place[2]), min(grey.shape[0], place[3])
    longest = max(1, round(CHUNK * (bottom - top)))
    words: list[ReadWord] = []
    while left < right:
        end = right if right - left <= longest else _gap_before(grey, (left, top, left + longest, bottom))
        words += _read(grey, (left, top, end, bottom))
        left = end
    return words


def _gap_before(grey: Grey, place: tuple[int, int, int, int]) -> int:
    """Where to cut a line that is too long to be read at once: in the lightest columns of its last third."""
    left, top, right, bottom = place
    first = left + 2 * (right - left) // 3
    columns = cv2.blur(grey[top:bottom, first:right].mean(axis=0, dtype=np.float32)[None], (9, 1))[0]
    return first + int(np.argmax(columns))


def _read(grey: Grey, place: tuple[int, int, int, int]) -> list[ReadWord]:
    left, top, right, bottom = place
    if right - left < 4 or bottom - top < 4:
        return []
    line = grey[top:bottom, left:right]
    reading = recogniser().read_closely(line)
    step = (right - left) / max(1, len(reading.letters))  # of a line that was spread out, a frame sees less
    places = [left + (frame + 0.5) * step for frame in reading.at]
    words: list[ReadWord] = []
    text, begins = "", float(left)
    for number, sign in enumerate(reading.text):
        last = number + 1 == len(places)
        if not sign.isspace():
            text += sign
        parts = last or reading.text[number + 1].isspace() or (sign == ":" and text != ":")
        if text and not sign.isspace() and parts:
            until = number + 1
            while until < len(places) and reading.text[until].isspace():
                until += 1
            ends = float(right) if until >= len(places) else _between(line, places[number] - left, places[until] - left)
            ends = ends if until >= len(places) else min(float(right), left + ends)
            words.append(ReadWord(text, _tight(grey, (round(begins), top, round(ends), bottom))))
            text, begins = "", ends
    return words


def _between(line: Grey, one: float, other: float) -> float:
    """The middle of the widest gap in the ink between two letters' places."""
    first, last = max(0, round(one)), min(line.shape[1], round(other) + 1)
    if last - first < 3:
        return (one + other) / 2
    inked = line[:, first:last].min(axis=0) < _threshold(line)
    best, start = (0, (last - first) // 2), None
    for x, dark in enumerate([*inked, True]):
        if not dark and start is None:
            start = x
        if dark and start is not None:
            best, start = max(best, (x - start, (x + start) // 2)), None
    return float(first + best[1])


def _threshold(line: Grey) -> float:
    paper, dark = float(np.percentile(line, 90)), float(line.min())
    return paper - 0.35 * (paper - dark)


def _tight(grey: Grey, place: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """A word's place without the paper at its sides."""
    left, top, right, bottom = place
    if right - left < 3:
        return place
    crop = grey[top:bottom, left:right]
    inked = np.flatnonzero(crop.min(axis=0) < _threshold(crop))
    return (left + int(inked[0]), top, left + int(inked[-1]) + 1, bottom) if len(inked) else place


def place_words(words: list[ReadWord], shape: tuple[int, ...]) -> list[tuple[str, Box]]:
    """Words with their places in fractions of a page of that (height, width)."""
    return [(word.text, Box.from_pixels(*word.box, shape[1], shape[0])) for word in words]


def read_page_words(grey: Grey) -> list[tuple[str, Box]]:
    """The printed words of a page with their places, in reading order.

    Args:
        grey: the page, (height, width) uint8; 150 dpi or more.
    """
    result = _page_reader()(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), return_word_box=True)
    height, width = grey.shape[:2]
    # on a page without text the engine gives a line that is no line: empty words, or words that are nowhere
    lines = [[word for word in line if isinstance(word, tuple | list)] for line in result.word_results or ()]
    found: list[tuple[str, Box]] = []
    for line in filter(None, lines):
        whole = _box([point for _, _, corners in line for point in np.reshape(corners, (-1, 2))], width, height)
        tall = _read_tall(grey, whole) if sum(len(str(text)) for text, _, _ in line) >= LEAST_TALL else None
        read = [tall] if tall else [(str(text), _box(corners, width, height), score) for text, score, corners in line]
        found += [(text, box) for text, box, score in read if score > SURE_WORD]
    return found


@lru_cache(maxsize=1)
def _page_reader() -> Any:
    """The engine that finds and reads the lines of a page, loaded once a worker: that takes half as long as a page.

    It has one thread: where others work too, two take half as much of the processor again and are no quicker.
    """
    from rapidocr import RapidOCR  # noqa: PLC0415 - a second to load, and only tasks without text need it

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    threads = {f"EngineConfig.onnxruntime.{pool}_op_num_threads": 1 for pool in ("intra", "inter")}
    reader = RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False, **threads})
    reader.cfg.Det._set_flag("allow_objects", True)  # noqa: FBT003, SLF001 - it loads its models when it reads first
    reader.cfg.Det.session = session(DETECTOR)  # the same model, three times as fast
    return reader


def _read_tall(grey: Grey, box: Box) -> tuple[str, Box, float] | None:
    """Read a line that runs up or down the page both ways: the engine turns it one way only. None for a level line."""
    left, top, right, bottom = box.to_pixels(grey.shape[1], grey.shape[0])
    if bottom - top < TALL * (right - left):
        return None
    pad = (right - left) // 6
    word = grey[max(0, top - pad) : bottom + pad, max(0, left - pad) : right + pad]
    both = (recogniser().read(np.ascontiguousarray(np.rot90(word, turn))) for turn in (1, 3))
    best = max(both, key=lambda reading: reading.confidence)
    return best.text.strip(), box, best.confidence


def _box(corners: Any, width: int, height: int) -> Box:
    points = np.asarray(corners, float).reshape(-1, 2)
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return Box.from_pixels(left, top, right, bottom, width, height)
