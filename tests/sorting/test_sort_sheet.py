"""Sorting on a sheet: what is typed is taken whole or not at all, told by cell, and never lost."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.auditing.run_audit import audit_path
from mssw.errors import FindingsError, UnreadableError, WouldOverwriteError
from mssw.names.student import Student
from mssw.names.typed_names import TypedNames
from mssw.printing.print_words import list_languages, read_words
from mssw.printing.template_files import export_templates
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.sorting.kept_sorts import change_sorting, keep_sorting, read_order, read_sorting
from mssw.sorting.piles import REASONS, Level, Pile, Placing, Sorting
from mssw.sorting.sheet_exchange import (
    SheetProblemsError,
    Thumbnail,
    exchange_sheet,
    find_named_cells,
    list_sheet_words,
    make_sort_book,
    read_grid,
)
from mssw.sorting.sheet_rows import Grid, read_sheet
from mssw.sorting.sheet_words import ENGLISH, find_sheet_words, shorten_levels
from mssw.workset.folder import read_json, write_bytes
from mssw.workset.manifest import remove_outdated_files
from mssw.workset.settings import Settings, settings_text
from support.commands import mssw
from support.released_set import ALIASES, STUDENT, release, released_set

pytestmark = pytest.mark.pages

PILE, LEVEL, ASIDE, NOTE = "CDEF"
SPANISH = find_sheet_words(read_words("es"))
LANGUAGES = [find_sheet_words(read_words(language)) for language in list_languages()]


@pytest.fixture
def workset(tmp_path):
    return released_set(tmp_path / "air")


def speak(workset, language, **more):
    """Change the language of the set's prints."""
    write_bytes(workset.settings, settings_text(Settings(language=language, seed=7, **more)).encode(), private=False)


@pytest.fixture
def spanish(workset):
    speak(workset, "es")
    return workset


def fill(workset, said=(), *, path=None, change=None):
    """Type into the sheet as a spreadsheet program would save it."""
    path = path or workset.sort_sheet
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for cell, text in dict(said).items():
        sheet[cell] = text
    if change:
        change(book)
    book.properties.creator = "A. Teacher"
    book.save(path)


def rows(workset):
    """The row of each work in the sheet."""
    sheet = openpyxl.load_workbook(workset.sort_sheet).worksheets[0]
    return {sheet.cell(line, 1).value: line for line in range(3, sheet.max_row + 1)}


def problems(workset, said=(), **how):
    """What is told of a sheet filled in like that; nothing may have been taken or written."""
    exchange_sheet(workset)
    fill(workset, said, **how)
    before, typed = read_sorting(workset), workset.sort_sheet.read_bytes()
    with pytest.raises(SheetProblemsError) as error:
        exchange_sheet(workset)
    assert read_sorting(workset) == before
    assert workset.sort_sheet.read_bytes() == typed
    return error.value.problems


# What is written ----------------------------------------------------------------------------------------------


def test_the_sheet_has_a_row_a_work_with_its_pages_in_an_order_that_stays(workset):
    exchange_sheet(workset, objective="that air takes up space")
    book = openpyxl.load_workbook(workset.sort_sheet)
    sheet = book["Sort"]
    assert tuple(cell.value for cell in sheet[2][: len(ENGLISH.head)]) == ENGLISH.head
    aliases = [sheet.cell(line, 1).value for line in range(3, 15)]
    assert aliases == list(read_order(workset))
    assert aliases != sorted(aliases) == list(ALIASES)
    assert sheet["C1"].value == "that air takes up space"
    assert [(image.anchor._from.col, image.anchor._from.row) for image in sheet._images] == [
        (1, line) for line in range(2, 14)
    ]
    assert sheet.freeze_panes == "B3"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$2"
    lists = {
        str(rule.sqref): (rule.formula1, bool(rule.showErrorMessage)) for rule in sheet.data_validations.dataValidation
    }
    assert lists["D3:D14"] == ('"high,medium,low"', False)  # H, M or L will do too; what is wrong is listed on reading
    assert lists["E3:E14"] == (f'"{",".join(REASONS)}"', True)
    assert lists["C3:C14"] == ("Piles!$A$2:$A$41", False)  # takes free words


def test_the_same_sort_gives_the_same_bytes_and_nothing_tells_who_or_when(workset):
    exchange_sheet(workset)
    first = workset.sort_sheet.read_bytes()
    exchange_sheet(workset)
    assert workset.sort_sheet.read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"openpyxl" not in parts.read("docProps/core.xml")


def test_the_sheet_is_listed_and_the_audit_of_the_set_finds_nothing_in_it(workset):
    exchange_sheet(workset)
    (entry,) = [file for file in read_json(workset.manifest)["files"] if file["path"] == "sort.xlsx"]
    assert entry["sha256"] == hashlib.sha256(workset.sort_sheet.read_bytes()).hexdigest()
    assert [finding for finding in audit_path(workset.root).findings if finding.file == "sort.xlsx"] == []


def test_a_dry_run_writes_nothing(workset):
    before = sorted(workset.root.rglob("*"))
    assert not exchange_sheet(workset, dry_run=True).written
    assert sorted(workset.root.rglob("*")) == before


# What is read -------------------------------------------------------------------------------------------------


def test_what_was_typed_is_taken_and_stands_in_the_sheet_again(workset):
    exchange_sheet(workset)
    at = rows(workset)
    one, two, three, four = list(at)[:4]
    said = {f"{PILE}{at[one]}": "counts particles", f"{LEVEL}{at[one]}": "High ", f"{NOTE}{at[one]}": "=1+1? no"}
    said |= {f"{PILE}{at[two]}": "counts  particles", f"{PILE}{at[three]}": "Not sure", f"{LEVEL}{at[three]}": "low"}
    said |= {f"{ASIDE}{at[four]}": "Illegible", "C1": "that air takes up space"}
    fill(workset, said, change=lambda book: setattr(book["Sort"][f"{NOTE}{at[one]}"], "data_type", "s"))
    report = exchange_sheet(workset)
    sorting = read_sorting(workset)
    assert sorting.of(one) == Placing("counts particles", Level.HIGH, note="=1+1? no")
    assert sorting.of(two) == Placing("counts particles")
    assert sorting.of(three) == Placing(level=Level.LOW, unsure=True)
    assert sorting.of(four) == Placing(aside="illegible")
    assert sorting.objective == "that air takes up space"
    assert set(report.taken) == {one, two, three, four}
    sheet = openpyxl.load_workbook(workset.sort_sheet)["Sort"]
    assert [sheet.cell(at[one], column).value for column in (3, 4, 6)] == ["counts particles", "high", "=1+1? no"]
    assert openpyxl.load_workbook(workset.sort_sheet)["Piles"]["A3"].value == "counts particles"


def test_the_sheet_as_typed_is_kept_and_the_shared_one_is_clean_again(workset):
    exchange_sheet(workset)
    fill(workset, {"C3": "air"}, change=lambda book: book.create_sheet("My own").append(["thoughts"]))
    typed = workset.sort_sheet.read_bytes()
    assert [f for f in audit_path(workset.root).findings if f.file == "sort.xlsx"]
    report = exchange_sheet(workset)
    assert [f for f in audit_path(workset.root).findings if f.file == "sort.xlsx"] == []
    with open(report.kept, "rb") as kept:  # noqa: PTH123 - a string of the report
        assert kept.read() == typed


def test_rows_may_be_sorted_and_a_csv_is_read_too(workset, tmp_path):
    exchange_sheet(workset)
    order = list(ALIASES)
    order = order[5:] + order[:5]
    lines = [";".join(ENGLISH.head), *(f"{alias};;{'air' if alias == 'Bo' else ''};low;;" for alias in order)]
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    exchange_sheet(workset, read=path)
    assert read_sorting(workset).of("Bo") == Placing("air", Level.LOW)
    assert len(read_sorting(workset).works) == len(ALIASES)


def test_an_emptied_cell_takes_back_what_stood_there(workset):
    exchange_sheet(workset)
    fill(workset, {"C3": "air", "D3": "low"})
    exchange_sheet(workset)
    fill(workset, {"D3": None})
    exchange_sheet(workset)
    assert read_sorting(workset).of(next(iter(rows(workset)))) == Placing("air")


# Everything that is wrong is told at once, by cell --------------------------------------------------------------


def test_every_problem_is_told_at_once_by_its_cell(workset):
    exchange_sheet(workset)
    first, second = list(rows(workset))[:2]
    said = {
        "A4": first, "D5": "hoch", "E6": "because", "C7": "Air is nothing", "C8": "air is Nothing",
        "C9": "=A1", "A10": "Zola", "E11": "other", "E12": "illegible", "D12": "low", "G3": "mine",
    }  # fmt: skip
    told = problems(workset, said)
    cells = [problem.split(":")[0] for problem in told]
    for cell in ("A4", "D5", "E6", "C8", "C9", "A10", "F11", "D12", "G3"):
        assert cells.count(cell) == 1, (cell, told)
    assert any(f"the row of {second} is missing" in problem for problem in told)
    assert "“hoch”" not in " ".join(told)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"C2": "Group"}, "C2: the header must be “Pile”"),
        ({"F2": None}, "F2: the header is empty and must be “Note”"),
        ({"A5": None, "C5": "air"}, "A5: the alias of this row is missing"),
        ({"D4": "medio"}, "D4: level must be high, medium, low or empty"),
        ({"C4": "x" * 81}, "C4: the name of a pile can have at most 80 letters"),
    ],
)
def test_a_problem_says_what_to_do(workset, said, told):
    assert told in problems(workset, said)


def test_joined_cells_and_a_lost_head_are_told(workset):
    assert "C4:C6: these cells are merged; split them, so that each response has its own" in problems(
        workset, change=lambda book: book["Sort"].merge_cells("C4:C6")
    )
    workset.sort_sheet.unlink()
    assert any(
        "the header row is missing" in one for one in problems(workset, change=lambda b: b["Sort"].delete_rows(1, 2))
    )


@pytest.mark.parametrize("cell", ["C4", "F4", "C1", "A4", "D4", "C2"])
def test_a_students_name_is_refused_by_cell_and_never_repeated(workset, cell):
    told = " ".join(problems(workset, {cell: f"like {STUDENT.upper()}"}))
    assert f"{cell}: this includes a name from the class list" in told
    assert STUDENT.casefold() not in told.casefold()


def test_a_name_in_the_sort_itself_keeps_it_out_of_shared(workset):
    keep_sorting(workset, Sorting(works={"Bo": Placing(note=f"{STUDENT} helped")}))
    with pytest.raises(FindingsError, match="the note on Bo") as error:
        exchange_sheet(workset)
    assert STUDENT not in str(error.value)
    assert not workset.sort_sheet.exists()


@pytest.mark.parametrize("way", [("--list",), ("--cards",), ("--sheet",)])
@pytest.mark.parametrize("words", [("--as", STUDENT), ("--objective", f"that {STUDENT} learns")])
def test_neither_a_sort_nor_its_objective_is_called_as_a_student_is(workset, capsys, words, way):
    assert mssw("sort", workset.root, *words, *way) == 1
    assert STUDENT not in capsys.readouterr().err
    assert not workset.sorts.is_dir()


def test_a_presenting_teacher_may_sort_under_a_name_that_a_student_has_too(workset, capsys):
    write_bytes(workset.settings, settings_text(Settings(presenting_teachers=(STUDENT,))).encode(), private=False)
    assert mssw("sort", workset.root, "--as", STUDENT, "--list") == 0
    assert "not in a pile yet" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no workbook", b"%PDF-1.7"])
def test_what_is_no_table_is_told_and_left_alone(workset, data):
    exchange_sheet(workset)
    write_bytes(workset.sort_sheet, data, private=False)
    with pytest.raises(UnreadableError):
        exchange_sheet(workset)
    assert workset.sort_sheet.read_bytes() == data


# Nothing is lost -----------------------------------------------------------------------------------------------


def test_a_changed_sheet_is_not_overwritten_by_reading_another(workset, tmp_path):
    exchange_sheet(workset)
    other = tmp_path / "other.xlsx"
    other.write_bytes(workset.sort_sheet.read_bytes())
    fill(workset, {"C3": "air"})
    typed = workset.sort_sheet.read_bytes()
    with pytest.raises(WouldOverwriteError, match=r"has entries that were not read yet"):
        exchange_sheet(workset, read=other)
    assert workset.sort_sheet.read_bytes() == typed


def test_what_was_done_on_the_page_meanwhile_stays_and_a_clash_is_told(workset):
    exchange_sheet(workset)
    at = rows(workset)
    one, two = list(at)[:2]
    change_sorting(workset, "", lambda s: s.placed(one, Placing(level=Level.LOW)).placed(two, Placing(level=Level.LOW)))
    fill(workset, {f"D{at[two]}": "high", "D9": "medium"})
    with pytest.raises(SheetProblemsError, match=rf"D{at[two]}: this was changed both here and"):
        exchange_sheet(workset)
    fill(workset, {f"D{at[two]}": "low"})
    exchange_sheet(workset)
    sorting = read_sorting(workset)
    assert (sorting.of(one).level, sorting.of(two).level) == (Level.LOW, Level.LOW)
    assert sorting.of(list(at)[6]).level is Level.MEDIUM


def test_a_work_released_later_may_be_missing_and_one_held_again_is_passed_over(workset):
    exchange_sheet(workset)
    fill(workset, {"D3": "high"})
    typed = workset.sort_sheet.read_bytes()
    release(workset, [*ALIASES[1:], "Zola"])
    write_bytes(workset.sort_sheet, typed, private=False)
    exchange_sheet(workset)
    assert set(rows(workset)) == {*ALIASES[1:], "Zola"}


def test_a_sheet_of_works_that_changed_is_not_shared_any_more_but_kept(workset):
    exchange_sheet(workset)
    files = {row["path"]: row["sha256"] for row in read_json(workset.manifest)["files"]}
    prepared = {path: sha for path, sha in files.items() if path.startswith("work/")}
    assert remove_outdated_files(workset, prepared) == []
    assert workset.sort_sheet.exists()
    fill(workset, {"D3": "high"})
    first = next(iter(rows(workset)))
    (note,) = remove_outdated_files(workset, prepared | {"work/Bo.pdf": "another"})
    assert not workset.sort_sheet.exists()
    (kept,) = (workset.private / "sort-sheets").iterdir()
    assert str(kept) in note
    exchange_sheet(workset, read=kept)
    assert read_sorting(workset).of(first).level is Level.HIGH


# The pure rules ---------------------------------------------------------------------------------------------------

words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=2, max_size=12)
aliases = st.lists(st.sampled_from(ALIASES), min_size=1, unique=True)


piles_of_words = st.lists(words, min_size=1, max_size=4, unique_by=str.casefold)


@given(aliases, piles_of_words, st.permutations(LANGUAGES), st.data())
def test_whatever_is_sorted_is_read_back_equal_in_any_language(works, piles, languages, data):
    known = {}
    for name in piles:
        known.setdefault("".join(name.casefold().split()), name)
    names = [name for name in known.values() if "".join(name.casefold().split()) not in {"notsure", "enduda"}]
    placings = st.one_of(
        st.builds(Placing, st.sampled_from(["", *names]), st.sampled_from([None, *Level]), note=words),
        st.builds(Placing, unsure=st.sampled_from([True]), level=st.sampled_from([None, *Level])),
        st.builds(Placing, aside=st.sampled_from(REASONS), note=words),
    )
    sorting = Sorting(piles=tuple(map(Pile, names)), works={alias: data.draw(placings) for alias in works})
    ours = data.draw(st.sampled_from(LANGUAGES))
    cells = [
        [a, "", ours.unsure if p.unsure else p.pile, ours.level(p.level), ours.reason(p.aside), p.note]
        for a, p in sorting.works.items()
    ]
    said, _, told = read_sheet(Grid([list(ours.head), *cells], piles=tuple(names)), works, works, languages)
    assert told == []
    assert said == sorting


def test_a_workbook_is_read_back_as_it_was_written(tmp_path):
    sorting = Sorting(
        objective="air = matter",
        piles=(Pile("=SUM(1)"), Pile("0123")),
        works={"Bo": Placing("0123", Level.LOW, note="5-6"), "Jun": Placing("=SUM(1)")},
    )
    pixel = io.BytesIO()
    from PIL import Image  # noqa: PLC0415

    Image.new("L", (8, 8)).save(pixel, "JPEG")
    picture = Thumbnail(pixel.getvalue(), (8, 8))
    path = tmp_path / "sort.xlsx"
    path.write_bytes(make_sort_book(sorting, ["Jun", "Bo"], {"Bo": picture, "Jun": picture}, read_words("en-US")))
    said, lines, told = read_sheet(read_grid(path), ["Bo", "Jun"], ["Bo", "Jun"])
    assert told == []
    assert (said, lines) == (sorting, {"Jun": 3, "Bo": 4})


# In another language -----------------------------------------------------------------------------------------------


def read_texts(workset):
    """All that stands in the sheet, and in what it says of its lists."""
    book = openpyxl.load_workbook(workset.sort_sheet)
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation]
    told = [text for rule in rules for text in (rule.formula1, rule.error, rule.errorTitle) if text]
    return " / ".join([*(sheet.title for sheet in book), *cells, *told])


def test_the_words_of_english_prints_are_those_that_every_sheet_may_have():
    assert [find_sheet_words(read_words(one)) for one in ("en-US", "en-GB")] == [ENGLISH, ENGLISH]
    assert shorten_levels(SPANISH) == {"high": "A", "medium": "M", "low": "B"}


def test_in_a_spanish_set_the_whole_sheet_is_spanish(spanish):
    change_sorting(spanish, "", lambda s: s.placed("Bo", Placing(level=Level.LOW, unsure=True)))
    change_sorting(spanish, "", lambda s: s.placed("Jun", Placing(aside="other", note="falta una hoja")))
    exchange_sheet(spanish)
    said = read_texts(spanish)
    for words in ("Ordenar", "Montones", "Objetivo de aprendizaje:", *SPANISH.head, '"alto,medio,bajo"', "En duda"):
        assert words.casefold() in said.casefold()
    assert "Basta con A, M o B." in said
    assert "identifica a alguien u otro motivo." in said
    for english in (*ENGLISH.head[1:], *ENGLISH.levels, ENGLISH.unsure, *REASONS[:3], "Not on", "Choose", "the "):
        assert english not in said, english
    assert "'Montones'!$A$2:$A$41" in said
    assert [finding for finding in audit_path(spanish.root).findings if finding.file == "sort.xlsx"] == []


def fill_in_spanish(workset):
    """Fill in a Spanish sheet, as a person would, and say what was meant."""
    one, two, three, four, five = list(rows(workset))[:5]
    said = {"C3": "cuenta partículas", "D3": "Alto", "C4": "En  duda", "D4": "b.", "E5": "Ilegible"}
    fill(workset, said | {"D6": "m", "E7": "otro motivo", "F7": "falta una hoja", "C1": "que el aire pesa"})
    return {
        one: Placing("cuenta partículas", Level.HIGH),
        two: Placing(level=Level.LOW, unsure=True),
        three: Placing(aside="illegible"),
        four: Placing(level=Level.MEDIUM),
        five: Placing(aside="other", note="falta una hoja"),
    }


@pytest.mark.parametrize("then", ["es", "", "en-GB"])
def test_a_spanish_sheet_is_read_also_after_the_language_changed_and_kept_in_english(spanish, then):
    exchange_sheet(spanish)
    meant = fill_in_spanish(spanish)
    speak(spanish, then)
    report = exchange_sheet(spanish)
    sorting = read_sorting(spanish)
    assert {alias: sorting.of(alias) for alias in meant} == meant
    assert sorting.objective == "que el aire pesa"
    assert set(report.taken) == set(meant)
    title = "Ordenar" if then == "es" else "Sort"
    assert openpyxl.load_workbook(spanish.sort_sheet)[title]["D3"].value == ("alto" if then == "es" else "high")
    assert exchange_sheet(spanish).read == ""


def test_an_english_sheet_is_read_in_a_spanish_set_with_words_of_both(workset):
    exchange_sheet(workset)
    speak(workset, "es")
    fill(workset, {"C3": "not sure", "D3": "low", "C4": "en duda", "D4": "h", "E5": "identifica a alguien", "D6": "a"})
    exchange_sheet(workset)
    sorting = read_sorting(workset)
    assert [sorting.of(alias) for alias in list(rows(workset))[:4]] == [
        Placing(level=Level.LOW, unsure=True),
        Placing(level=Level.HIGH, unsure=True),
        Placing(aside="identifies someone"),
        Placing(level=Level.HIGH),
    ]
    assert openpyxl.load_workbook(workset.sort_sheet).sheetnames == ["Ordenar", "Montones"]


def test_a_change_of_language_alone_is_no_change_of_the_sort(workset):
    keep_sorting(workset, Sorting(piles=(Pile("aire"),), works={"Bo": Placing("aire", Level.LOW, note="a")}))
    before = read_sorting(workset)
    for language in ("es", "", "es"):
        exchange_sheet(workset)
        fill(workset)
        speak(workset, language)
        assert exchange_sheet(workset).taken == ()
    assert read_sorting(workset) == before


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_spanish_table_with_separators_is_read_in_an_english_set(workset, tmp_path, separator):
    exchange_sheet(workset)
    head = ["ALIAS", "trabajo", "Monton", "Nivel", "Aparte", "Nota"]  # typed, without the accent
    lines = [separator.join(head), *(f"{alias},,en duda,B,,".replace(",", separator) for alias in ALIASES)]
    path = tmp_path / "mia.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    exchange_sheet(workset, read=path)
    assert read_sorting(workset).of("Bo") == Placing(level=Level.LOW, unsure=True)


def test_wrong_words_in_a_spanish_sheet_are_told_by_its_own_headers_and_words(spanish):
    said = {"B2": "Hoja", "D3": "hoch", "E4": "porque sí", "D5": "h", "E6": "otro motivo"}
    told = problems(spanish, said, change=lambda book: book["Montones"].__setitem__("A4", "x" * 81))
    assert list(told) == [
        "B2: the header must be “Trabajo”",
        "the sheet “Montones”: the name of a pile can have at most 80 letters",
        "D3: nivel must be alto, medio, bajo or empty",
        "E4: aparte must be ilegible, promueve un estereotipo, identifica a alguien, otro motivo or empty",
        "F6: add a note that says why the response is set aside",
    ]
    assert read_sorting(spanish).works == {}


def test_a_lost_head_is_told_in_the_language_of_the_set(spanish):
    told = problems(spanish, change=lambda book: book["Ordenar"].delete_rows(1, 2))
    assert "A2: the header row is missing; it should have Alias, Trabajo, Montón, Nivel, Aparte, Nota" in told


def test_a_students_name_in_a_spanish_list_of_piles_is_told_by_its_title(spanish):
    told = problems(spanish, change=lambda book: book["Montones"].__setitem__("A3", f"como {STUDENT}"))
    assert "the sheet “Montones”, name 2: this includes a name from the class list; please take it out" in told


@pytest.mark.parametrize("save", ["xlsx", "csv"])
def test_a_pile_that_is_called_as_the_language_calls_not_sure_stays_a_pile(spanish, tmp_path, save):
    meant = {"Bo": Placing("En duda", Level.LOW), "Jun": Placing(level=Level.HIGH, unsure=True)}
    keep_sorting(spanish, Sorting(piles=(Pile("En duda"),), works=meant))
    exchange_sheet(spanish)
    at = rows(spanish)
    sheet = openpyxl.load_workbook(spanish.sort_sheet)["Ordenar"]
    assert [sheet[f"{PILE}{at[alias]}"].value for alias in ("Bo", "Jun")] == ["En duda", "not sure"]
    assert "escriba «not sure»" in read_texts(spanish)
    if save == "csv":
        lines = [";".join(str(cell or "") for cell in row) for row in sheet.iter_rows(2, values_only=True)]
        (tmp_path / "sort.csv").write_text("\n".join(lines), encoding="utf-8")
    else:
        fill(spanish)
    exchange_sheet(spanish, read=tmp_path / "sort.csv" if save == "csv" else None)
    assert {alias: read_sorting(spanish).of(alias) for alias in meant} == meant


def test_such_a_pile_in_a_colleagues_sheet_stays_a_pile(spanish):
    meant = {"Bo": Placing("En duda", Level.LOW), "Jun": Placing(level=Level.HIGH, unsure=True)}
    keep_sorting(spanish, Sorting(by="MR", piles=(Pile("En duda"),), works=meant))
    exchange_sheet(spanish, "MR")
    exchange_sheet(spanish, read=spanish.shared / "sort-mr.xlsx")
    assert {alias: read_sorting(spanish).of(alias) for alias in meant} == meant


def test_such_a_pile_made_while_the_sheet_was_away_is_not_filled_from_it(spanish):
    exchange_sheet(spanish)
    first = next(iter(rows(spanish)))
    fill(spanish, {"C3": "en duda"})
    change_sorting(spanish, "", lambda s: replace(s, piles=(Pile("En duda"),)))
    exchange_sheet(spanish)
    assert read_sorting(spanish).of(first) == Placing(unsure=True)
    assert openpyxl.load_workbook(spanish.sort_sheet)["Ordenar"]["C3"].value == "not sure"


def change_words(tmp_path, language, *changes):
    """A school's own words of a language, with those changes."""
    export_templates(tmp_path / "own", [f"words/{language}.toml"], replace=True)
    file = tmp_path / "own" / "words" / f"{language}.toml"
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    return tmp_path / "own"


def test_a_schools_own_words_are_written_and_read_and_ours_still_are(workset, tmp_path):
    own = change_words(
        tmp_path, "es", ('"Montón", "Nivel"', '"Grupo", "Logro"'), ('\nmedium = "medio"', '\nmedium = "aún no"')
    )
    speak(workset, "es")
    exchange_sheet(workset)
    fill(workset, {"D3": "medio"})
    speak(workset, "es", templates=str(own))
    exchange_sheet(workset)
    sheet = openpyxl.load_workbook(workset.sort_sheet)["Ordenar"]
    assert (sheet["D2"].value, sheet["D3"].value) == ("Logro", "aún no")
    assert "Basta con alto, aún no o B." in read_texts(workset)  # both begin with an A
    assert problems(workset, {"D4": "a"}) == ("D4: logro must be alto, aún no, bajo or empty",)


def test_words_of_a_school_that_are_older_than_the_sheet_print_ours(workset, tmp_path):
    own = tmp_path / "own"
    export_templates(own, ["words/es.toml"])
    file = own / "words" / "es.toml"
    before, _, rest = file.read_text(encoding="utf-8").partition("[sort_sheet]")
    file.write_text(before + rest[rest.index("[sheets]") :], encoding="utf-8")
    speak(workset, "es", templates=str(own))
    exchange_sheet(workset)
    assert openpyxl.load_workbook(workset.sort_sheet).sheetnames == ["Ordenar", "Montones"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Montón", "Nivel"', '"Nivel", "nivel"', "head in [sort_sheet] must differ from each other"),
        ('piles = "Montones"', 'piles = "¿Montones?"', "are titles of sheets: at most 31 letters"),
        ('piles = "Montones"', 'piles = "Órdenar"', "sort and piles in [sort_sheet] must differ"),
        ('"identifica a alguien"', '"identifica a alguien, o casi"', "no comma"),
        ('not_sure = "en duda"', 'not_sure = " "', "not_sure in [sort_sheet] cannot be empty"),
        ('\nmedium = "medio"', '\nmedium = "Alto"', "high, medium and low in [choice] must differ"),
    ],
)
def test_a_schools_words_that_a_sheet_cannot_have_are_told(workset, tmp_path, old, new, said):
    speak(workset, "es", templates=str(change_words(tmp_path, "es", (old, new))))
    with pytest.raises(UnreadableError) as error:
        exchange_sheet(workset)
    assert said in str(error.value)
    assert "words/es.toml" in str(error.value)
    assert not workset.sort_sheet.exists()


def test_a_schools_words_with_a_fault_keep_no_sheet_of_another_language_from_being_read(workset, tmp_path):
    own = change_words(tmp_path, "es", ('"Montón", "Nivel"', '"Nivel", "nivel"'))
    speak(workset, "", templates=str(own))
    exchange_sheet(workset)
    fill(workset, {"D3": "low"})
    exchange_sheet(workset)
    assert read_sorting(workset).of(next(iter(rows(workset)))).level is Level.LOW


def test_students_may_be_called_as_the_levels_are(spanish):
    names = [["First name", "Last name"], ["Priya", "Bajo"], ["Inés", "Alto"], ["Ana", "Medio"]]
    write_bytes(spanish.roster, roster_bytes(roster_from_rows(names)), private=True)
    exchange_sheet(spanish)
    fill(spanish, {"D3": "bajo", "D4": "Alto", "D5": "medio"})
    exchange_sheet(spanish)
    levels = [read_sorting(spanish).of(alias).level for alias in list(rows(spanish))[:3]]
    assert levels == [Level.LOW, Level.HIGH, Level.MEDIUM]


@pytest.mark.parametrize("name", ["Nota", "Trabajo", "Duda", "Objetivo", "Montón"])
def test_a_sheets_own_words_are_read_whatever_a_student_is_called(spanish, name):
    exchange_sheet(spanish)
    fill(spanish, {"C3": "en duda"})
    words = list_sheet_words(read_words("es"), None)

    grid = read_grid(spanish.sort_sheet, words)

    assert find_named_cells(grid, TypedNames([Student("Ana", name)]), words, known=set(rows(spanish))) == ([], [])


def test_the_command_takes_the_templates_of_a_school(spanish, tmp_path):
    own = change_words(tmp_path, "es", ('"Montón", "Nivel"', '"Grupo", "Logro"'))
    assert mssw("sort", spanish.root, "--sheet", "--templates", own, "--dry-run") == 0
    assert not spanish.sort_sheet.exists()
    assert mssw("sort", spanish.root, "--sheet", "--templates", own) == 0
    assert openpyxl.load_workbook(spanish.sort_sheet)["Ordenar"]["C2"].value == "Grupo"


# The command --------------------------------------------------------------------------------------------------------


def test_the_command_writes_reads_and_reports(workset, capsys):
    assert mssw("sort", workset.root, "--sheet", "--objective", "air") == 0
    assert "is ready; what you have sorted so far is filled in" in capsys.readouterr().err
    fill(workset, {"C3": "air is nothing", "D3": "low"})
    assert mssw("sort", workset.root, "--sheet", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["tally"]["piles"] == {"air is nothing": 1}
    fill(workset, {"D4": "hoch"})
    assert mssw("sort", workset.root, "--sheet", "--json") == 3
    assert json.loads(capsys.readouterr().out)["problems"] == ["D4: level must be high, medium, low or empty"]
    assert mssw("sort", workset.root, "--sheet") == 3
    assert "D4: level must be" in capsys.readouterr().err


def test_a_colleagues_sheet_is_a_file_of_its_own(workset, capsys):
    assert mssw("sort", workset.root, "--sheet", "--as", "M. R.") == 0
    assert (workset.shared / "sort-m-r.xlsx").is_file()
    assert not workset.sort_sheet.exists()
    assert mssw("sort", workset.root, "--sheet", "--as", STUDENT) == 1
    assert STUDENT not in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "level"), [("H", Level.HIGH), ("m", Level.MEDIUM), (" l. ", Level.LOW)])
def test_the_first_letter_of_a_level_will_do(workset, typed, level):
    exchange_sheet(workset)
    fill(workset, {f"{LEVEL}3": typed})

    exchange_sheet(workset)

    alias = next(iter(rows(workset)))
    assert read_sorting(workset).of(alias).level is level


def test_the_presenting_teachers_objective_is_on_every_sorters_sheet(workset):
    change_sorting(workset, "", lambda sort: replace(sort, objective="that air takes up space"))

    exchange_sheet(workset, "MR")

    sheet = openpyxl.load_workbook(workset.shared / "sort-mr.xlsx")["Sort"]
    assert sheet["C1"].value == "that air takes up space"
