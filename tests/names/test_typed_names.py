"""What a teacher types: names are found that are also words, short, shortened or inflected, and plain prose passes."""

from __future__ import annotations

import tomllib

import pytest

from mssw.names.student import Student
from mssw.names.typed_names import TypedNames, count_short_names
from support.project import ROOT

CLASS = [
    Student(*names)
    for names in (
        ("Rose", "Miller"),
        ("Hope", "Baker"),
        ("Mark", "Lee"),
        ("Will", "Stone"),
        ("Bo", "Chen"),
        ("Li", "Xu"),
        ("Alexander", "Petrov"),
        ("Maria", "Lopez"),
        ("May", "Page"),
        ("Marta", "Kowalska"),
        ("Marek", "Zielinski"),
        ("Jonas", "Long"),
        ("Иван", "Петров"),
        ("משה", "כהן"),
        ("Grace", "Field"),
        ("The", "Vu"),
        ("Дмитрий", "Кузнецов"),
        ("Ayşe", "Yılmaz"),
    )
]
NAMES = TypedNames(CLASS)
FIRST = """
Will Mark Rose Hope Grace May June April Art Pat Bill Jack Rob Joy Faith Drew Chase Hunter Grant Frank Dean Sue Ray Bo
Li An Alex Ivy Max Sam Jo Al Ed Guy Gene Penny Dawn Summer Star Miles Harmony Rich Victor
"""
LAST = """
Page Price Stone Long Short Young Field Wells Cross Cook Baker Hill Woods Rivers Day Lane Rice Bell Banks Case Little
Small Strong White Black Best Good Early Love Bush Power Winters Walker Singer Ford Do Vu Le Ho The
"""


@pytest.mark.parametrize(
    "text",
    [
        "We saw that Rose used a table.",
        "Notice how Hope explains.",
        "Compare with Mark and the others.",
        "Ask why Will drew that.",
        "The page by Bo is interesting.",
        "Bo drew a line.",
        "I like what Li did.",
        "Alex counted twice.",
        "Marias Idee ist gut.",
        "Marias work",
        "We read the Lopezes as one.",
        "Look at Rose's table.",
        "mlopez wrote this",
        "see lopezm",
        "m.lopez is new",
        "M. Lopez tried",
        "M. Page tried",
        "Will S. was first",
        "Will said it floats.",
        "Hope and Grace worked together",
        "This is for May.",
        "Rozwiązanie Marty jest ciekawe",
        "Zapytaj Marka",
        "Работа Ивана хорошая",
        "Спроси у Дмитрия",
        "Ayşe'nin fikri",
        "הרעיון של משה",
        "Jonas' idea",
        "the idea of ROSE is new",
        "R\u043ese Miller",
        "Anna-Rose",
        "Q1: the answer of\nHope, again",
    ],
)
def test_a_name_in_a_sentence_is_found(text):
    found = NAMES.find(text)
    assert found
    names = {word.casefold() for student in CLASS for word in (student.first, student.last)}
    shown = " ".join(one.around for one in found).casefold().replace(",", " ").split()
    assert not names & set(shown) - {"the", "long", "field", "page"}
    assert repr(found).count("word") == 0


@pytest.mark.parametrize(
    "text",
    [
        "Will the balloon sink?",
        "Rose petals were used.",
        "Mark your answers. Hope this helps.",
        "We will mark the work and hope for the best.",
        "They did it in May. 12 May 2026. In May and June.",
        "Students may use notes.",
        "Chapter 3. Long division is hard.",
        "Page 4 has a stone on it.",
        "Mark each answer:\n- Will it float?\n- May I?",
        "The Great Wall",
        "“Will it float?” he asked",
        "(Mark all that apply)",
        "The task\nWill it sink in water?",
        "MARK YOUR ANSWER",
        "The baker sold 12 rolls of bread",
        "Li-ion",
        "Roses are red, stones are grey.",
        "1. Long\n2. Field",
    ],
)
def test_prose_passes(text):
    assert NAMES.find(text) == ()


def test_a_word_that_is_meant_as_a_word_passes_and_a_full_name_does_not():
    names = TypedNames(CLASS, ("rose", "Hope"))
    assert not names.hits("A song about a Rose and about Hope")
    assert names.hits("Rose Miller drew it")
    assert names.hits("It was Rose's idea")


def test_a_name_that_is_no_word_is_sure_and_one_that_is_a_word_is_asked_about():
    assert [one.sure for one in NAMES.find("Maria saw Rose")] == [True, False]
    assert [one.number for one in NAMES.find("Maria saw Rose")] == [1, 3]
    assert [one.students for one in NAMES.find("Maria saw Rose")] == [(7,), (0,)]


def test_the_words_of_the_prints_name_nobody_in_a_class_of_words():
    """Students who are all called like words; only what the house's own words say of people may be asked about."""
    names = TypedNames([Student(*pair) for pair in zip(FIRST.split(), LAST.split(), strict=False)])
    texts = [text for path in english_words() for text in texts_of(read(path))]
    assert len(texts) > 300
    assert [one.around for text in texts for one in names.find(text)] == []


def english_words():
    """The students are called like English words, so Spanish ones say nothing here."""
    return sorted(path for path in (ROOT / "templates").glob("**/*.toml") if "es" not in {path.stem, path.parent.name})


def read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def texts_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_of(one)


def test_what_bytes_are_not_searched_for_is_counted():
    found = count_short_names(CLASS)
    assert found["short"] == 3  # Bo, Li Xu and Vu
    assert found["word"] == 8  # Rose, Hope, Mark, Will, May, Jonas Long, Grace and The


ODD = TypedNames(
    [
        Student("Jürgen", "Müller", number="4711003"),
        Student("Rose", "Schroeder"),
        Student("María José", "García López"),
        Student("Thị Hương", "Nguyễn"),
        Student("Søren", "Ågård", number="1250"),
    ]
)


@pytest.mark.parametrize(
    ("text", "student"),
    [
        ("MUELLER weighs a balloon", 0),
        ("Juergen weighs a balloon", 0),
        ("We think that Muellers work is clear.", 0),
        ("We think that Müllers work is clear.", 0),
        ("Mu\u0308ller talks", 0),
        ("We read what Mu\u0308llers say.", 0),
        ("Mü\u00adller talks", 0),
        ("Mü\u200bller talks", 0),
        ("We ask what Mül-\nler drew", 0),
        ("M U L L E R weighs a balloon", 0),
        ("M.ü.l.l.e.r weighs a balloon", 0),
        ("student 4711-003 talks", 0),
        ("student 4711 003 talks", 0),
        ("Schröder talks", 1),
        ("We saw that R-o-s-e used a table.", 1),
        ("G-a-r-c-i-a weighs", 2),
        ("NguyễnHương", 3),
        ("HươngNguyễn", 3),
        ("Soeren drew it", 4),
        ("Aagaard drew it", 4),
    ],
)
def test_a_name_is_found_however_its_letters_are_written_or_kept_apart(text, student):
    assert [one.students for one in ODD.find(text)] == [(student,)]


@pytest.mark.parametrize(
    "text",
    ["Steps 1.2.3 and 4", "U.S.A. and e.g. this", "A-b-c", "4711 papers on 12-03-2026", "12.50 g, 12 50, 12-50, 12/50"],
)
def test_signs_between_letters_and_digits_name_nobody_by_themselves(text):
    assert ODD.find(text) == ()
