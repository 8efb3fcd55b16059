"""The sheet in a real spreadsheet program: opened, filled in, saved and read back by LibreOffice Calc."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from xml.sax.saxutils import escape

import openpyxl
import pytest

from mssw.auditing.run_audit import audit_path
from mssw.sorting.kept_sorts import read_sorting
from mssw.sorting.piles import Level, Placing
from mssw.sorting.sheet_exchange import SheetProblemsError, exchange_sheet
from support.released_set import released_set

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
%s</script:module>
"""
MACRO = """
Sub Fill(given As String, kept As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(ConvertToURL(given), "_blank", 0, hidden())
  sheet = book.Sheets.getByName("Sort")
%s
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  how(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(ConvertToURL(kept), how())
  book.close(True)
End Sub
"""


@pytest.fixture
def workset(tmp_path):
    workset = released_set(tmp_path / "air")
    exchange_sheet(workset, objective="that air takes up space")
    return workset


def typed(cell, text):
    kind = "Formula" if text.startswith("=") else "String"
    return f'  sheet.getCellRangeByName("{cell}").{kind} = "{text}"'


def in_calc(workset, tmp_path, lines):
    """Open the sheet in Calc, do those lines of Basic, and save it where it was."""
    profile, kept = tmp_path / "profile", tmp_path / "saved by Calc.xlsx"

    def office(*words):
        words = [SOFFICE, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}", *words]
        subprocess.run(words, check=True, capture_output=True, timeout=300)

    office("--terminate_after_init")  # a first start fills the profile, and would replace our macro
    (profile / "user" / "basic" / "Standard" / "Module1.xba").write_text(
        MODULE % escape(MACRO % "\n".join(lines)), encoding="utf-8"
    )
    office(f'macro:///Standard.Module1.Fill("{workset.sort_sheet}","{kept}")')
    assert kept.is_file(), "Calc saved nothing"
    kept.replace(workset.sort_sheet)


def test_what_was_filled_in_with_calc_is_taken_and_lists_and_pictures_are_still_there(workset, tmp_path):
    sheet = openpyxl.load_workbook(workset.sort_sheet)["Sort"]
    one, two, three = (sheet.cell(line, 1).value for line in (3, 4, 5))
    lines = [typed("C3", "air is nothing"), typed("D3", "high"), typed("F3", "see the drawing")]
    lines += [typed("C4", "not sure"), typed("D4", "low"), typed("E5", "illegible")]

    in_calc(workset, tmp_path, lines)

    saved = openpyxl.load_workbook(workset.sort_sheet)["Sort"]
    lists = {str(rule.sqref): rule.formula1 for rule in saved.data_validations.dataValidation}
    assert "high,medium,low" in lists["D3:D14"]
    assert "illegible" in lists["E3:E14"]
    assert "Piles" in lists["C3:C14"]
    assert len(saved._images) == 12
    with zipfile.ZipFile(workset.sort_sheet) as parts:
        assert b"LibreOffice" in parts.read("docProps/app.xml")
    exchange_sheet(workset)
    sorting = read_sorting(workset)
    assert sorting.of(one) == Placing("air is nothing", Level.HIGH, note="see the drawing")
    assert sorting.of(two) == Placing(level=Level.LOW, unsure=True)
    assert sorting.of(three) == Placing(aside="illegible")
    assert sorting.objective == "that air takes up space"
    assert [finding for finding in audit_path(workset.root).findings if finding.file == "sort.xlsx"] == []


def test_every_mistake_made_in_calc_is_told_at_once_and_nothing_is_changed(workset, tmp_path):
    lines = [typed("D2", "Niveau"), typed("A4", "Zola"), typed("D5", "hoch"), typed("C6", "=A6"), typed("D7", "low")]
    lines += ['  sheet.getCellRangeByName("C8:C9").merge(True)']
    in_calc(workset, tmp_path, lines)
    before, saved = read_sorting(workset), workset.sort_sheet.read_bytes()

    with pytest.raises(SheetProblemsError) as error:
        exchange_sheet(workset)

    told = error.value.problems
    for begins in ("D2: the header must be", "A4:", "C6:", "C8:C9: these cells are merged"):
        assert any(one.startswith(begins) for one in told), (begins, told)
    assert read_sorting(workset) == before
    assert workset.sort_sheet.read_bytes() == saved


def test_a_level_in_another_language_typed_in_calc_is_told_by_its_cell(workset, tmp_path):
    in_calc(workset, tmp_path, [typed("D5", "hoch"), typed("D7", "low")])

    with pytest.raises(SheetProblemsError, match="D5: level must be high, medium, low or empty"):
        exchange_sheet(workset)

    assert read_sorting(workset).works == {}
