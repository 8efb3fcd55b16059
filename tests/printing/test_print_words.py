"""The words of prints: complete in every language, a school's own in place of ours, and the reader's English."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from mssw.auditing.run_audit import audit_path
from mssw.core import essay_rules, response
from mssw.errors import UnreadableError, UsageError
from mssw.kit.kit_words import KITS, read_session, read_shared_words
from mssw.kit.print_kit import KitOptions, make_kit
from mssw.packets.bind_packet import bind_packet
from mssw.packets.packet_options import PacketOptions
from mssw.preparing import class_places, coded_pages, coded_rules, decided_pages, essays, grouping
from mssw.printing.print_words import choose_language, list_languages, read_words
from mssw.printing.template_files import export_templates, print_templates
from mssw.vision import name_place
from mssw.workset.settings import Settings
from support.made_up_set import make_set

LANGUAGES = list_languages()
# Words that are the same in English and Spanish.
SAME = {"atlas", "no", "agenda", "alias", "en", "us", "{n} min", "{grade}", "min", "24", "12", "copia {n}", "idea"}


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def words_of(pdf: Path) -> str:
    with pymupdf.open(pdf) as pages:
        return " ".join(" ".join(page.get_text().split()) for page in pages)


def test_english_follows_the_paper_unless_a_teacher_says_otherwise():
    assert [choose_language("", "", paper) for paper in ("letter", "a4")] == ["en-US", "en-GB"]
    assert choose_language("", "uk", "letter") == "en-GB"
    assert choose_language("us", "", "a4") == "en-US"
    assert choose_language("es", "uk", "a4") == "es"


def test_a_bare_grade_is_a_year_on_a_british_cover():
    assert [read_words(one).labeled_grade("5") for one in ("en-US", "en-GB", "es")] == ["5", "Year 5", "5"]
    assert read_words("en-GB").labeled_grade("Oak class") == "Oak class"


def test_dates_and_hours_are_those_of_the_reader():
    day = dt.date(2027, 3, 12)
    assert read_words("en-US").day(day) == "Friday, March 12, 2027"
    assert read_words("en-GB").day(day) == "Friday 12 March 2027"
    assert read_words("es").day(day) == "viernes, 12 de marzo de 2027"
    assert [read_words(one).clock(15 * 60 + 30) for one in LANGUAGES] == ["15:30", "3:30 pm", "3:30 p. m."]


@pytest.mark.parametrize(
    ("names", "joined"),
    [
        (["Ana", "Inés"], "Ana e Inés"),
        (["Ana", "«Hilda»"], "Ana e «Hilda»"),
        (["nieve", "hielo"], "nieve y hielo"),
        (["Inés", "Yolanda"], "Inés y Yolanda"),
        (["A", "B", "Ítaca"], "A, B e Ítaca"),
        (["Ian"], "Ian"),
    ],
)
def test_in_spanish_and_changes_before_the_same_sound(names, joined):
    assert read_words("es").join(names) == joined


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (
            "pages 2 and 3 of the task missing (it holds s, page 1, to s, page 4): perhaps it is s, page 9",
            "faltan las páginas 2 y 3 de la tarea (tiene s, página 1, hasta s, página 4): quizá es s, página 9",
        ),
        (
            "s, page 3 may belong to it: no name was read at its head; look for the sheet in the stack",
            "s, página 3 puede ser suya: no se leyó ningún nombre arriba; busque la hoja en la pila",
        ),
        ("a new reason and its pages came out of order", "a new reason and its pages came out of order"),
    ],
)
def test_reasons_are_printed_in_the_readers_language(english, spanish):
    assert read_words("es").reason(english) == spanish
    assert read_words("en-GB").reason(english) == english


def test_spanish_has_every_reason_that_puts_something_on_hold():
    modules = (
        response,
        essay_rules,
        class_places,
        coded_pages,
        coded_rules,
        decided_pages,
        essays,
        grouping,
        name_place,
    )
    reasons = {
        text
        for module in modules
        for name, text in vars(module).items()
        if name.isupper() and not name.endswith("_NOTE") and isinstance(text, str) and " " in text
    }
    words = read_words("es")
    assert len(reasons) > 40
    assert [text for text in reasons if words.reason(text) == text] == []


def test_in_spanish_and_changes_inside_sentences_too():
    assert read_words("es").text("leaders.and", one="grado 5", other="Inicial") == "grado 5 e Inicial"
    assert read_words("es").text("leaders.and", one="grado 5", other="grado 6") == "grado 5 y grado 6"


@pytest.mark.parametrize("kit", KITS)
def test_a_kit_has_the_same_steps_minutes_and_sheets_in_every_language(kit):
    def shape(language: str) -> Any:
        one = read_session(kit, None, read_words(language))
        steps = [[(part.setting, part.minutes, len(part.does)) for part in step.parts] for step in one.steps]
        sheets = [
            (sheet.kind, sheet.each, sheet.times, len(sheet.questions), len(sheet.columns)) for sheet in one.sheets
        ]
        return one.total, len(one.aims), len(one.bring), steps, sheets

    assert len({str(shape(language)) for language in LANGUAGES}) == 1


def test_nothing_english_is_left_in_spanish():
    english, spanish = read_words("en-US").table, read_words("es").table
    same = {text.casefold() for text in texts(dict(english))} & {text.casefold() for text in texts(dict(spanish))}
    assert {text for text in same if len(text) > 2} - SAME == set()
    ours = print_templates() / "kits"
    for path in sorted(ours.glob("*.toml")):
        pair = [tomllib.loads(one.read_text(encoding="utf-8")) for one in (path, ours / "es" / path.name)]
        left = set(texts(pair[0])) & set(texts(pair[1]))
        assert left - {"", "whole group", "small groups", "alone", "each", "table"} - kinds(pair[0]) == set(), path.name


def kinds(table: dict[str, Any]) -> set[str]:
    return {sheet["kind"] for sheet in table.get("sheet", ())}


def test_british_english_is_spelled_so_in_words_and_kits():
    words = read_words("en-GB")
    assert "recognise" in " ".join(words.texts("checklist.in_session"))
    assert read_session("D", None, words).title == "Analysing tasks"
    assert "Tick the box, then" in str(read_session("E", None, words).sheets)
    assert "Analyze" not in str([read_session(kit, None, words) for kit in KITS])


def test_a_schools_own_words_are_printed(tmp_path):
    export_templates(tmp_path / "own", ["words/en-US.toml"])
    file = tmp_path / "own" / "words" / "en-US.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"Role cards"', '"Our three roles"'), encoding="utf-8")
    done = make_kit(KitOptions("B", templates=tmp_path / "own", out=tmp_path / "kit.pdf"))
    assert "Our three roles" in words_of(done.file)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('cards = "Role cards"\n', "", "has no “kit.cards”; please add it"),
        ('cards = "Role cards"', "cards = 3", "“kit.cards” must be text in quotes"),
        ('"Copy {n}"', '"Copy {number}"', r"“common.copy” asks for {number}, which has no value there"),
    ],
)
def test_a_fault_in_a_schools_words_is_one_sentence_with_the_key(tmp_path, old, new, said):
    export_templates(tmp_path / "own", ["words/en-US.toml"])
    file = tmp_path / "own" / "words" / "en-US.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UnreadableError) as error:
        read_words("en-US", tmp_path / "own")
    assert said in str(error.value)
    assert str(file) in str(error.value)


@pytest.mark.parametrize(("language", "title"), [("es", "Tiras"), ("en-GB", "Slips")])
def test_a_whole_table_that_a_schools_older_file_lacks_is_ours(tmp_path, language, title):
    own = tmp_path / "own"
    export_templates(own, ["words/en-US.toml", "words/es.toml", "words/en-GB.toml"])
    for name in ("en-US", "es"):
        file = own / "words" / f"{name}.toml"
        before, _, rest = file.read_text(encoding="utf-8").partition("[slips]")
        file.write_text(before + rest[rest.index("\n[trends]") :], encoding="utf-8")
    assert read_words(language, own).text("slips.title") == title


def test_a_school_may_add_a_language(tmp_path):
    with pytest.raises(UsageError, match="no words for the language fr; choose one of en-GB, en-US, es, or add"):
        read_words("fr", tmp_path)
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "fr.toml").write_text('based_on = "en-US"\nlang = "fr"\n[kit]\ncards = "Cartes des rôles"\n')
    words = read_words("fr", tmp_path)
    assert (words.text("kit.cards"), words.text("kit.end")) == ("Cartes des rôles", "End")
    assert read_shared_words(tmp_path, words).norms


def test_a_packet_in_spanish_is_printed_and_passes_the_audit(tmp_path):
    workset = make_set(tmp_path / "air", settings=Settings(title="Aire", language="es", session="B", date="2027-03-12"))
    report = bind_packet(workset, PacketOptions(unreviewed=True))
    text = words_of(workset.packet)
    assert "CONTENIDO" in text.upper()
    assert "viernes, 12 de marzo de 2027" in text
    for english in ("Introduction", "Presenting teacher", "Handwriting", "Page ", "whole group", "Timekeeper"):
        assert english not in text
    assert report.reading
    assert audit_path(workset.root).findings == ()


def test_a_schools_reason_with_a_value_twice_is_one_sentence(tmp_path):
    export_templates(tmp_path / "own", ["words/es.toml"])
    file = tmp_path / "own" / "words" / "es.toml"
    twice = '[reasons]\n"page {n} and page {n}" = "página {n}"\n'
    file.write_text(file.read_text(encoding="utf-8").replace("[reasons]\n", twice, 1), encoding="utf-8")
    with pytest.raises(UnreadableError, match="has a value twice"):
        read_words("es", tmp_path / "own")
