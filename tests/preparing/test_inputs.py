"""What is given goes into the set as it is: in natural order, whole, once, and remembered for the next run."""

from __future__ import annotations

import os
import shutil

import pytest
from PIL import Image

from mssw.errors import ExitCode, MsswError, StepMissingError, UnreadableError, UsageError, WouldOverwriteError
from mssw.preparing.given_scans import check_scans, list_scans
from mssw.preparing.inputs import copy_scans, find_task, keep_task
from mssw.workset.folder import WorkSet, hash_file
from mssw.workset.stack import Stack, StackFile, pages_of, read_stack, require_stack, reversed_backs, write_stack
from support.commands import mssw
from support.prepared_class import cut

pytestmark = pytest.mark.pages

NONE_YET = Stack(())


@pytest.fixture
def photos(tmp_path):
    """A folder of photos with what else stands in such folders."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in (10, 2, 1):
        Image.new("L", (425, 550), 200 + number).save(folder / f"page{number}.png")
    (folder / "PAGE3.JPG").write_bytes((folder / "page1.png").read_bytes())
    (folder / "notes.txt").write_text("not a scan", encoding="utf-8")
    (folder / ".hidden.png").write_bytes(b"")
    (folder / "inner.pdf").mkdir()  # a folder, whatever its name
    return folder


@pytest.fixture
def workset(tmp_path):
    return WorkSet.create(tmp_path / "set")


def test_a_folder_is_its_scans_in_natural_order(photos):
    assert [path.name for path in list_scans([photos])] == ["page1.png", "page2.png", "PAGE3.JPG", "page10.png"]


@pytest.mark.parametrize("name", ["page4.dng", "more/page4.png"])
def test_a_folder_with_pages_that_cannot_be_taken_is_refused_rather_than_read_in_part(photos, name):
    (photos / name).parent.mkdir(exist_ok=True)
    (photos / name).write_bytes(b"")

    with pytest.raises(UnreadableError, match="so its pages would be missing"):
        list_scans([photos])


def test_files_and_folders_keep_the_order_in_which_they_are_given(photos, tmp_path):
    late = cut(tmp_path / "a-late-one.pdf", (1,))

    assert [path.name for path in list_scans([photos, late])][-1] == "a-late-one.pdf"
    assert next(path.name for path in list_scans([late, photos])) == "a-late-one.pdf"


def test_a_loop_of_links_and_a_missing_file_are_named(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    for name in ("loop", "none.pdf"):
        with pytest.raises(UnreadableError, match=name):
            list_scans([tmp_path / name])


def test_every_page_of_every_file_gets_its_id_in_order(photos, workset, tmp_path):
    given = [cut(tmp_path / "stack.pdf", (1, 2)), photos]
    checked = check_scans(given, NONE_YET)
    copy_scans(workset, checked)

    stack = checked.stack
    assert [(page.id, page.source.name, page.number) for page in pages_of(workset, stack)] == [
        ("s01-p0001", "stack.pdf", 1),
        ("s01-p0002", "stack.pdf", 2),
        ("s02-p0001", "page1.png", 1),
        ("s03-p0001", "page2.png", 1),
        ("s04-p0001", "PAGE3.JPG", 1),
        ("s05-p0001", "page10.png", 1),
    ]
    assert require_stack(workset) == stack
    assert all(hash_file(workset.stack / file.name) == file.sha256 for file in stack.files)
    assert {(workset.stack / file.name).stat().st_mode & 0o777 for file in stack.files} == {0o600}


def test_two_files_of_one_name_both_go_in(workset, tmp_path):
    given = []
    for folder, name in (("monday", "scan.pdf"), ("tuesday", "Scan.pdf"), ("wednesday", "01-scan.pdf")):
        (tmp_path / folder).mkdir()
        given.append(cut(tmp_path / folder / name, (len(given) + 1,)))

    checked = check_scans(given, NONE_YET)
    copy_scans(workset, checked)

    names = [file.name for file in checked.stack.files]
    assert len({name.casefold() for name in names}) == 3
    assert [hash_file(workset.stack / name) for name in names] == [hash_file(path) for path in given]


def test_one_damaged_photo_among_good_ones_does_not_stop_the_others(photos):
    (photos / "page2.png").write_bytes((photos / "page2.png").read_bytes()[:200])

    assert [file.pages for file in check_scans([photos], NONE_YET).stack.files] == [1, 1, 1, 1]


def test_photos_none_of_which_can_be_read_are_refused(photos):
    for path in list_scans([photos]):
        path.write_bytes(path.read_bytes()[:200])

    with pytest.raises(UnreadableError, match="is damaged"):
        check_scans([photos], NONE_YET)


def test_a_file_that_is_no_scan_stops_all(photos, tmp_path):
    (tmp_path / "letter.docx").write_bytes(b"PK\x03\x04")

    with pytest.raises(UnreadableError, match=r"letter\.docx is neither a PDF nor a picture"):
        check_scans([photos, tmp_path / "letter.docx"], NONE_YET)


def test_fronts_and_backs_must_be_two_files_of_equally_many_pages(tmp_path):
    fronts, backs = cut(tmp_path / "fronts.pdf", (1, 3)), cut(tmp_path / "backs.pdf", (2,))

    with pytest.raises(UsageError, match=r"fronts\.pdf has 2 pages and backs\.pdf has 1;"):
        check_scans([fronts, backs], NONE_YET, fronts_backs=True)
    with pytest.raises(UsageError, match="takes two stacks: the fronts, then the backs; give one file twice"):
        check_scans([fronts, backs, cut(tmp_path / "more.pdf", (4,))], NONE_YET, fronts_backs=True)
    with pytest.raises(UsageError, match=r"backs\.pdf has 1 pages; fronts and backs must be equally many"):
        check_scans([backs, backs], NONE_YET, fronts_backs=True)


def test_one_file_with_all_fronts_and_then_all_backs_is_given_twice(tmp_path, workset):
    both = cut(tmp_path / "both.pdf", (1, 3, 2, 4))

    stack = check_scans([both, both], NONE_YET, fronts_backs=True).stack

    assert [page.number for page in pages_of(workset, stack)] == [1, 3, 2, 4]


def test_fronts_and_backs_interleave_and_backs_can_be_turned_round(workset):
    stack = Stack((StackFile("fronts.pdf", "", 3), StackFile("backs.pdf", "", 3)), fronts_backs=True)
    pages = pages_of(workset, stack)

    assert [page.id for page in pages] == [
        "s01-p0001", "s02-p0001", "s01-p0002", "s02-p0002", "s01-p0003", "s02-p0003",
    ]  # fmt: skip
    assert [page.id for page in reversed_backs(pages)] == [
        "s01-p0001", "s02-p0003", "s01-p0002", "s02-p0002", "s01-p0003", "s02-p0001",
    ]  # fmt: skip


def test_what_a_person_said_of_the_backs_is_remembered(workset):
    write_stack(workset, Stack((), fronts_backs=True, backs_reversed=True))

    assert read_stack(workset).backs_reversed is True


def test_a_later_file_is_added_but_another_stack_is_not(workset, tmp_path):
    first, late, other = (cut(tmp_path / f"{name}.pdf", (number,)) for number, name in enumerate(("a", "b", "c"), 1))
    for given in ([first], [first, late]):
        copy_scans(workset, check_scans(given, read_stack(workset)))

    assert [file.name for file in require_stack(workset).files] == ["a.pdf", "b.pdf"]
    for given in ([other], [first], [cut(first, (9,)), late]):
        with pytest.raises(WouldOverwriteError, match="holds another stack already"):
            copy_scans(workset, check_scans(given, read_stack(workset)))


def test_a_scan_that_arrives_after_the_check_is_no_part_of_this_stack(photos, workset):
    checked = check_scans([photos], NONE_YET)
    shutil.copy(photos / "page1.png", photos / "page4.png")

    copy_scans(workset, checked)

    assert [file.name for file in require_stack(workset).files] == ["page1.png", "page2.png", "PAGE3.JPG", "page10.png"]
    assert not (workset.stack / "page4.png").exists()


def grow(path):
    with path.open("ab") as file:
        file.write(b"more of the scan")


def test_a_scan_that_changed_since_it_was_checked_is_refused_and_no_part_of_it_kept(photos, workset):
    checked = check_scans([photos], NONE_YET)
    grow(photos / "page1.png")

    with pytest.raises(
        UnreadableError, match=r"page1\.png changed while it was read.* wait until it is complete"
    ) as why:
        copy_scans(workset, checked)

    assert "wait until it is complete" in str(why.value)
    assert why.value.code == ExitCode.UNREADABLE
    assert [path.name for path in workset.stack.iterdir()] == [".order.json"]


def test_a_scan_that_grows_while_it_is_copied_is_refused_and_no_part_of_it_kept(photos, workset, monkeypatch):
    checked = check_scans([photos], NONE_YET)
    write_to_disk = os.fsync

    def grow_meanwhile(handle):
        grow(photos / "page1.png")  # all of it was read by now
        write_to_disk(handle)

    write_stack(workset, checked.stack)
    monkeypatch.setattr(os, "fsync", grow_meanwhile)
    with pytest.raises(UnreadableError, match=r"page1\.png changed while it was read"):
        copy_scans(workset, checked)

    assert [path.name for path in workset.stack.iterdir()] == [".order.json"]


def test_a_scan_that_vanishes_after_the_check_is_named(photos, workset):
    checked = check_scans([photos], NONE_YET)
    (photos / "page2.png").unlink()

    with pytest.raises(UnreadableError, match=r"page2\.png was there when it was checked and is gone now; put it back"):
        copy_scans(workset, checked)

    assert not (workset.stack / "page2.png").exists()


def test_a_new_set_whose_scan_changed_meanwhile_is_taken_away_again(photos, tmp_path, monkeypatch, capsys):
    def grow_and_list(paths):
        checked = check_scans(paths, NONE_YET)
        grow(photos / "page1.png")
        return checked

    monkeypatch.setattr("mssw.preparing.input_checks.check_scans", lambda paths, *_, **__: grow_and_list(paths))

    assert mssw("prepare", photos, "--pages-per-student", 1, "--into", tmp_path / "set") == ExitCode.UNREADABLE

    assert "changed while it was read" in capsys.readouterr().err
    assert not (tmp_path / "set").exists()


def test_a_task_that_is_written_again_while_it_is_copied_is_refused(workset, tmp_path, monkeypatch):
    task = cut(tmp_path / "task.pdf", (1,))
    write_to_disk = os.fsync

    def grow_meanwhile(handle):
        grow(task)
        write_to_disk(handle)

    monkeypatch.setattr(os, "fsync", grow_meanwhile)
    with pytest.raises(UnreadableError, match=r"task\.pdf changed while it was read"):
        keep_task(workset, task)

    assert find_task(workset) is None


def test_a_stack_of_which_a_part_went_in_is_asked_for_again(workset, tmp_path):
    given = [cut(tmp_path / "a.pdf", (1,)), cut(tmp_path / "b.pdf", (2,))]
    copy_scans(workset, check_scans(given, NONE_YET))
    (workset.stack / "b.pdf").unlink()

    with pytest.raises(StepMissingError, match=r"b\.pdf is not in .* give the scans again"):
        require_stack(workset)


def test_a_scan_that_was_changed_inside_the_set_is_not_taken_for_the_one_that_went_in(workset, tmp_path):
    given = [cut(tmp_path / "a.pdf", (1,))]
    copy_scans(workset, check_scans(given, NONE_YET))
    cut(workset.stack / "a.pdf", (2,))

    with pytest.raises(UnreadableError, match="was changed since it was taken in"):
        require_stack(workset)


def test_a_damaged_note_of_the_stack_is_said_to_be(workset):
    workset.stack.mkdir()
    (workset.stack / ".order.json").write_text('{"files": 3}', encoding="utf-8")

    with pytest.raises(MsswError, match="is damaged; put a copy of it back"):
        read_stack(workset)


def test_another_blank_task_replaces_the_first_and_what_was_made_of_it(workset, tmp_path):
    keep_task(workset, cut(tmp_path / "long.pdf", (1, 2)))
    (workset.task_given / "pages").mkdir()

    assert find_task(workset) == workset.task_given / "long.pdf"
    again = keep_task(workset, cut(tmp_path / "short.pdf", (1,)))
    assert [path.name for path in workset.task_given.iterdir()] == ["short.pdf"]
    shutil.copy(tmp_path / "short.pdf", tmp_path / "same.pdf")
    assert again == workset.task_given / "short.pdf"
