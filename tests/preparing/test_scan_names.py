"""Scans in a folder come in the order in which they were taken, whatever system named them.

Which files of a download are one student's, and what their names say of the writer.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.names.student import Roster, Student
from mssw.preparing.scan_names import find_writer, order_paths, order_scans, read_download


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


CLASS = Roster(
    (
        Student("Anna", "Smith", number="204417", email="asmith@school.test"),
        Student("Benjamin", "O'Neil", preferred="Benji"),
        Student("Zoë", "García López"),
        Student("Maria", "Lee"),
        Student("Joanna", "Lee"),
        Student("Mark", "Hope"),
    )
)
ANNA, BEN, ZOE, MARIA, JOANNA, MARK = range(6)


def handed_in(paths, roster=CLASS):
    """Of each submission, the writer's place and the files."""
    found = read_download(paths, roster)
    assert found is not None
    return [(find_writer(one.student, CLASS), one.files) for one in found.submissions]


@pytest.mark.parametrize(
    ("text", "student"),
    [
        ("smithanna", ANNA),
        ("Smith, Anna", ANNA),
        ("Smith, Anna - 204417", ANNA),
        ("204417", ANNA),
        ("asmith", ANNA),
        ("ANNA SMITH Hausaufgabe", ANNA),
        ("oneilbenjamin", BEN),
        ("Benji O'Neil", BEN),
        ("Ben_ONeil_homework", BEN),
        ("garcía lópez, zoë", ZOE),
        ("garcialopezzoe", ZOE),
        ("Zoe Garcia Lopez", ZOE),
        ("leejoanna", JOANNA),
        ("joannalee", JOANNA),
        ("Joanna", JOANNA),
        ("mlee", MARIA),
        ("Lee", None),
        ("Mark - my hope for air", MARK),
        ("my hope", None),
        ("IMG_2044", None),
        ("", None),
    ],
)
def test_a_name_tells_one_student_or_nobody(text, student):
    assert find_writer(text, CLASS) == student


def test_canvas_names_its_files_by_student_also_where_they_were_late():
    paths = [
        "smithanna_101_9001_page 1.jpg",
        "smithanna_101_9002_page 2.jpg",
        "oneilbenjamin_LATE_102_9003_homework_1_final.pdf",
        "garcíalópezzoë_103_9004_scan.pdf",
    ]

    assert handed_in(paths) == [
        (ZOE, ("garcíalópezzoë_103_9004_scan.pdf",)),
        (BEN, ("oneilbenjamin_LATE_102_9003_homework_1_final.pdf",)),
        (ANNA, ("smithanna_101_9001_page 1.jpg", "smithanna_101_9002_page 2.jpg")),
    ]


@pytest.mark.parametrize("roster", [CLASS, None])
def test_moodle_keeps_a_folder_or_a_prefix_for_each_student(roster):
    folders = ["Anna Smith_77_assignsubmission_file_/a.pdf", "Maria Lee_78_assignsubmission_file_/IMG_2.jpg"]
    flat = ["Anna Smith_77_assignsubmission_file_a.pdf", "Maria Lee_78_assignsubmission_file_IMG_2.jpg"]

    assert handed_in(folders, roster) == [(ANNA, (folders[0],)), (MARIA, (folders[1],))]
    assert handed_in(flat, roster) == [(ANNA, (flat[0],)), (MARIA, (flat[1],))]


def test_two_students_of_one_name_are_two_submissions_where_the_system_numbers_them():
    paths = ["Anna Smith_77_assignsubmission_file_/a.pdf", "Anna Smith_92_assignsubmission_file_/a.pdf"]

    assert [files for _, files in handed_in(paths)] == [(paths[0],), (paths[1],)]


def test_blackboards_last_attempt_counts_and_its_receipts_are_passed_over():
    first = "Massive Air_asmith_attempt_2026-03-02-09-15-00"
    second = "Massive Air_asmith_attempt_2026-03-04-08-00-00"
    paths = [f"{first}.txt", f"{first}_work.pdf", f"{second}.txt", f"{second}_work.pdf", f"{second}_back.pdf"]

    found = read_download(paths, None)

    assert found is not None
    (one,) = found.submissions
    assert one.files == (f"{second}_back.pdf", f"{second}_work.pdf")
    assert one.earlier == (f"{first}_work.pdf",)
    assert found.passed_over == (f"{first}.txt", f"{second}.txt")


def test_schoology_and_teams_keep_versions_in_folders():
    schoology = ["Smith, Anna - 204417/Revision 1/a.pdf", "Smith, Anna - 204417/Revision 10/a.pdf"]
    teams = [
        "Submitted files/Anna Smith/Air/Version 2/a.pdf",
        "Submitted files/Anna Smith/Air/Version 1/a.pdf",
        "Submitted files/Maria Lee/Air/Version 1/a.pdf",
        "Working files/Maria Lee/Air/a.pdf",
    ]

    found = read_download(schoology, None)
    assert found is not None
    assert [(one.files, one.earlier) for one in found.submissions] == [((schoology[1],), (schoology[0],))]
    found = read_download(teams, CLASS)
    assert found is not None
    assert [(one.files, one.earlier) for one in found.submissions] == [
        ((teams[0],), (teams[1],)),
        ((teams[2],), ()),
    ]
    assert found.passed_over == (teams[3],)


def test_brightspace_says_when_each_was_handed_in():
    paths = [
        "1-2 - Anna Smith - Dec 5, 2025 1149 AM - a.pdf",
        "1-2 - Anna Smith - Dec 5, 2025 109 PM - a.pdf",
        "1-3 - Maria Lee - Dec 4, 2025 800 AM - b - c.pdf",
    ]

    found = read_download(paths, None)

    assert found is not None
    assert [(one.files, one.earlier) for one in found.submissions] == [((paths[1],), (paths[0],)), ((paths[2],), ())]


def test_a_folder_or_a_file_for_each_student_of_the_class_is_understood():
    by_folder = ["Massive Air/Anna Smith/1.jpg", "Massive Air/Anna Smith/2.jpg", "Massive Air/Zoë García López/x.pdf"]
    by_file = ["Anna Smith - Massive Air.pdf", "Joanna Lee - Massive Air.pdf", "IMG_7.jpg", "Mark Hope - Air (1).pdf"]

    assert [student for student, _ in handed_in(by_folder)] == [ANNA, ZOE]
    assert [student for student, _ in handed_in(by_file)] == [ANNA, None, JOANNA, MARK]


def test_several_photos_of_one_student_are_one_submission():
    paths = ["Anna Smith 1.jpg", "Anna Smith 2.jpg", "Anna Smith 10.jpg", "Maria Lee.jpg"]

    assert handed_in(paths) == [(ANNA, tuple(paths[:3])), (MARIA, ("Maria Lee.jpg",))]


@pytest.mark.parametrize(
    "paths",
    [
        ["Scan.pdf", "Scan 1.pdf", "Scan 2.pdf"],
        ["IMG_0001.JPG", "IMG_0002.JPG"],
        ["page1.png", "more/page4.png"],
        ["morning/1.jpg", "afternoon/1.jpg"],
        ["Anna Smith.pdf", "Scan 1.pdf", "Scan 2.pdf"],
    ],
)
def test_a_folder_of_scans_is_no_download(paths):
    assert read_download(paths, CLASS) is None


def test_several_assignments_in_one_download_are_noticed():
    paths = [f"Submitted files/{name}/{task}/Version 1/a.pdf" for name in ("Anna Smith", "Mark Hope") for task in "AB"]

    found = read_download(paths, CLASS)

    assert found is not None
    assert found.several_tasks


def test_paths_are_ordered_folder_by_folder_as_people_count():
    assert order_paths(["b/10.jpg", "a/2.jpg", "b/9.jpg", "a/1.jpg"]) == ["a/1.jpg", "a/2.jpg", "b/9.jpg", "b/10.jpg"]
