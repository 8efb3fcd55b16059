"""Threat: a name is hidden in a file where a person can find it and the audit does not look.

Tried: letters that look like ours, marks between letters, parts of a workbook in UTF-16, words in its header and
footer, hidden sheets, names of folders, attributes of the file system. Result: each is found and none is repeated.
"""

from __future__ import annotations

import io
import os
import zipfile

import openpyxl
import pytest

from mssw.auditing.one_file import audit_file
from mssw.auditing.run_audit import audit_path
from mssw.names.name_search import NameSearch
from support.sealed_set import sealed_set

NAMES = ("Maria", "Lopez", "Maria Lopez", "Oluwaseun")
TEXTS = {
    "Cyrillic look-alikes": "Мaria was here".replace("a", "а"),
    "Greek look-alikes": "Lοpez",
    "left-to-right marks": "\u200e".join("Lopez"),
    "right-to-left overrides": "\u202e".join("Maria"),
    "isolates": "\u2066".join("Oluwaseun"),
    "zero width": "\u200b".join("Lopez"),
    "wide letters": "Ｌｏｐｅｚ",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_name_in_disguise_is_found(text):
    assert NameSearch(NAMES).hits(text)
    assert audit_file("samples.json", f'{{"note": "{text}"}}'.encode(), NAMES)


@pytest.mark.parametrize("text", ["Массовый воздух", "αέρας", "Der Aufsatz über Luft", "空气"])
def test_honest_words_of_other_scripts_pass(text):
    assert not NameSearch(NAMES).hits(text)


def workbook(change):
    book = openpyxl.Workbook()
    book.active["A1"] = "Andrea"
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def foot(book, text):
    book.active.oddFooter.center.text = text


BOOKS = {
    "a name in the footer": workbook(lambda book: foot(book, "Maria Lopez")),
    "a name cut by codes": workbook(lambda book: foot(book, "Ma&Bria&B Lo&Ipez")),
    "a hidden sheet": workbook(lambda book: setattr(book.create_sheet("x"), "sheet_state", "hidden")),
    "a very hidden sheet": workbook(lambda book: setattr(book.create_sheet("x"), "sheet_state", "veryHidden")),
}


def told(data):
    return " ".join(map(str, audit_file("sort.xlsx", data, NAMES)))


@pytest.mark.parametrize("name", BOOKS)
def test_what_a_workbook_hides_is_found(name):
    said = told(BOOKS[name])

    assert ("footer" in said) if "name" in name else ("hidden sheet" in said)
    assert "Lopez" not in said


def test_a_part_in_utf_16_is_refused_and_searched():
    source, file = io.BytesIO(workbook(lambda _: None)), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.startswith("xl/worksheets/sheet"):
                data = data.decode().replace("</worksheet>", "<!--Oluwaseun--></worksheet>").encode("utf-16")
            new.writestr(part.filename, data)

    said = told(file.getvalue())
    assert "not UTF-8" in said
    assert "roster name" in said


def test_a_folder_named_after_a_student_is_found_and_not_repeated(tmp_path):
    workset = sealed_set(tmp_path / "set")
    (workset.shared / "Oluwaseun").mkdir()
    (workset.shared / "Oluwaseun" / "Andrea.pdf").write_bytes((workset.work / "Andrea.pdf").read_bytes())

    said = " ".join(map(str, audit_path(workset.root).findings))
    assert "folder's name" in said
    assert "Oluwaseun" not in said


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="this system has no attributes of that kind")
def test_attributes_of_the_file_system_are_found(tmp_path):
    workset = sealed_set(tmp_path / "set")
    try:
        os.setxattr(workset.work / "Andrea.pdf", "user.comment", b"Oluwaseun")
    except OSError:
        pytest.skip("this disk keeps no attributes")

    assert "attributes" in " ".join(map(str, audit_path(workset.root).findings))
