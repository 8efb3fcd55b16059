"""Rosters: every export that we know is read by its columns, and all that is wrong is said at once."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.errors import UnusableTableError
from mssw.names.student import Roster, Student, list_name_words, list_student_spellings, split_name
from mssw.roster.table import all_spellings, find_students, roster_from_rows, roster_rows


def rows_of(text):
    return list(csv.reader(text.strip("\n").split("\n")))


def read(text):
    return roster_from_rows(rows_of(text))


def problems_of(text):
    with pytest.raises(UnusableTableError) as caught:
        read(text)
    return caught.value.problems


MARIA = Student("Maria", "Garcia Lopez", number="500123")
EXPORTS = {
    "PowerSchool": """
Student_Number,State_StudentNumber,Last_Name,First_Name,Middle_Name,LastFirst,Grade_Level,Home_Room,DOB
500123,9988776655,Garcia Lopez,Maria,Elena,"Garcia Lopez, Maria Elena",5,B12,2014-03-04
""",
    "Canvas": """
Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1
,,,,,Manual Posting
    Points Possible,,,,,10
"Garcia Lopez, Maria",881,500123,mgarcia,P3,7
"Student, Test",99,,,P3,
""",
    "Gradescope": """
First Name,Last Name,SID,Email,Role,Section
Maria,Garcia Lopez,500123,mg@school.org,Student,3
Ann,Ortiz,77,ao@school.org,Instructor,3
Tom,Aid,78,ta@school.org,TA,3
""",
    "D2L": """
OrgDefinedId,Username,Last Name,First Name,Email,Calculated Final Grade,End-of-Line Indicator
#500123,#mgarcia,Garcia Lopez,Maria,mg@school.org,88,#
""",
    "OneRoster": """
sourcedId,status,role,username,givenName,familyName,middleName,identifier,email,grades
u-1-a,active,student,mgarcia,Maria,Garcia Lopez,,500123,mg@school.org,05
u-2-b,active,teacher,aortiz,Ann,Ortiz,,77,ao@school.org,
""",
    "Clever": """
Student_id,Student_number,State_id,Last_name,Middle_name,First_name,Grade,Student_email,Race,IEP_status,Frl_status
c-77,500123,9988,Garcia Lopez,,Maria,5,mg@school.org,H,Y,Free
""",
    "Infinite Campus": """
student.stateID,student.lastName,student.firstName,student.studentNumber,student.birthdate
9988,Garcia Lopez,Maria,500123,03/04/2014
""",
    "Google Classroom": """
Last Name,First Name,Email Address
Garcia Lopez,Maria,mg@school.org
""",
}


@pytest.mark.parametrize("export", EXPORTS)
def test_each_known_export_gives_its_one_student(export):
    (student,) = read(EXPORTS[export]).students
    assert (student.first, student.last) == (MARIA.first, MARIA.last)
    assert student.number == ("" if export == "Google Classroom" else MARIA.number)


@pytest.mark.parametrize("export", EXPORTS)
def test_columns_beyond_names_and_numbers_are_dropped_and_named(export):
    roster = read(EXPORTS[export])
    kept = str(roster_rows(roster))
    assert not any(secret in kept for secret in ("2014", "Free", "B12", "P3"))
    assert not {"DOB", "Race", "IEP_status", "Frl_status", "student.birthdate", "Home_Room"} & set(roster.read)
    header = next(row for row in rows_of(EXPORTS[export]))
    assert set(roster.read) | set(roster.unread) <= set(header)


def test_the_numbers_beside_the_student_number_are_kept_as_identifiers():
    (student,) = read(EXPORTS["Canvas"]).students
    assert student.others == ("881", "mgarcia")
    (student,) = read(EXPORTS["D2L"]).students
    assert (student.number, student.others, student.email) == ("500123", ("mgarcia",), "mg@school.org")


def test_what_each_column_was_taken_for_is_said():
    assert read(EXPORTS["Google Classroom"]).mapping == {
        "Last Name": "Last name",
        "First Name": "First name",
        "Email Address": "E-mail",
    }


def test_rows_that_are_no_students_are_counted_as_skipped():
    assert read(EXPORTS["Canvas"]).skipped == (2, 3, 5)
    assert read(EXPORTS["Gradescope"]).skipped == (3, 4)


BARE = {
    "one column, last first": '"Garcia, Maria"\n"Lee, Ann Marie"\n',
    "one column, first last": "Maria Garcia\nAnn Marie Lee\n",
    "with a header": 'Name\n"Garcia, Maria"\n"Lee, Ann Marie"\n',
    "unquoted commas": "Garcia, Maria\nLee, Ann Marie\n",
    "unquoted commas below a header": "Student name\nGarcia, Maria\nLee, Ann Marie\n",
    "a title above": 'Period 3 Science\n\nStudents\n"Garcia, Maria"\n"Lee, Ann Marie"\n',
    "counted rows": "1,Maria Garcia\n2,Ann Marie Lee\n",
    "a total below": "Names\nMaria Garcia\nAnn Marie Lee\nTotal students: 2\nPrinted 3/4/2026\n",
    "blank rows between": "Name\n\nMaria Garcia\n\n\nAnn Marie Lee\n\n",
    "a note column": "Maria Garcia,F\nAnn Marie Lee,F\n",
    "a merged header": "Student,\nGarcia,Maria\nLee,Ann Marie\n",
    "a header in two rows": "Student,,Room\nLast,First,\nGarcia,Maria,4\nLee,Ann Marie,4\n",
}


@pytest.mark.parametrize("kind", BARE)
def test_a_bare_list_gives_its_students(kind):
    students = read(BARE[kind]).students
    assert [student.name for student in students] == ["Maria Garcia", "Ann Marie Lee"]
    assert [student.last for student in students] == ["Garcia", "Lee"]


def test_a_line_apart_above_a_list_without_header_is_its_title():
    roster = read("Our science group\n\nMaria Garcia\nAnn Marie Lee\nZoe Cole\n")
    assert [student.name for student in roster.students] == ["Maria Garcia", "Ann Marie Lee", "Zoe Cole"]


def test_numbers_beside_a_bare_list_are_student_numbers():
    assert [s.number for s in read("Maria Garcia,50012\nAnn Lee,50013\n").students] == ["50012", "50013"]
    assert [s.number for s in read("Name,ID\nGarcia, Maria,50012\nLee, Ann,50013\n").students] == [
        "50012",
        "50013",
    ]


def test_of_two_bare_columns_only_a_sorted_right_one_holds_the_last_names():
    firsts = ["Zoe", "Ann", "Max", "Bea", "Tim", "Lea"]
    lasts = ["Abel", "Cole", "Ford", "Moss", "Pike", "Wood"]
    told = roster_from_rows(list(zip(firsts, lasts, strict=True)))
    assert [s.last for s in told.students] == lasts
    told = roster_from_rows(list(zip(lasts, firsts, strict=True)))
    assert [s.last for s in told.students] == lasts


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("Nom,Prénom", "Maria", "Garcia"),
        ("Apellidos,Nombre", "Maria", "Garcia"),
        ("Nachname,Vorname", "Maria", "Garcia"),
        ("Name,Vorname", "Maria", "Garcia"),
        ("Surname,Given name(s)", "Maria", "Garcia"),
    ],
)
def test_headers_in_other_languages_are_known(header, first, last):
    (student,) = read(f"{header}\nGarcia,Maria\n").students
    assert (student.first, student.last) == (first, last)


def test_the_name_in_use_comes_before_the_legal_one_and_both_are_spellings():
    (student,) = read("Legal First Name,First Name,Last Name\nRobert,Bo,Li\n").students
    assert (student.first, student.preferred) == ("Bo", "Robert")
    assert {"Robert Li", "Bo Li", "Robert", "Bo", "Li"} <= set(list_student_spellings(student))


def test_guardians_and_teachers_are_not_read():
    roster = read("Guardian Last Name,Teacher First Name,Last Name,First Name\nOno,Ann,Garcia,Maria\n")
    assert [student.name for student in roster.students] == ["Maria Garcia"]
    assert roster.unread == ("Guardian Last Name", "Teacher First Name")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Maria Garcia", ("Maria", "", "Garcia", "")),
        ("Garcia Lopez, Maria Elena", ("Maria", "Elena", "Garcia Lopez", "")),
        ("Maria Elena de la Cruz Jr.", ("Maria", "Elena", "de la Cruz Jr.", "")),
        ("Smith, Jr., John", ("John", "", "Smith Jr.", "")),
        ("Smith, John, Jr.", ("John", "", "Smith Jr.", "")),
        ("John Smith, Jr.", ("John", "", "Smith Jr.", "")),
        ('Robert "Bo" Li', ("Robert", "", "Li", "Bo")),
        ("Li, Robert (Bo)", ("Robert", "", "Li", "Bo")),
        ("van der Berg, Jan", ("Jan", "", "van der Berg", "")),
        ("Cher", ("Cher", "", "", "")),
    ],
)
def test_a_whole_name_is_taken_to_its_parts(text, parts):
    student = split_name(text)
    assert (student.first, student.middle, student.last, student.preferred) == parts


def test_spellings_hold_every_way_to_write_the_student_down():
    student = Student("José", "García-O\u2019Neil", "M.", "Pepe", "500123", "jgarcia@x.org", ("7", "state-9"))
    found = list_student_spellings(student)
    assert {
        "José García-O\u2019Neil",
        "García-O\u2019Neil, José",
        "José",
        "Jose",
        "García",
        "Garcia",
        "ONeil",
    } <= set(found)
    assert {"Pepe", "Pepe García-O\u2019Neil", "500123", "jgarcia@x.org", "jgarcia", "state-9"} <= set(found)
    assert "M." not in found
    assert "7" not in found
    assert list(found) == sorted(found, key=lambda spelling: (-len(spelling), spelling))


def test_particles_and_initials_name_nobody_but_short_names_do():
    assert list_name_words(Student("Ana M", "de la Cruz")) == ("Ana", "Cruz")
    assert list_name_words(Student("Ben", "Do")) == ("Ben", "Do")
    assert list_name_words(Student("Bo", "Ng")) == ("Bo", "Ng")
    assert list_name_words(Student("明", "王")) == ("明", "王")


def test_all_spellings_of_a_roster_stand_once_and_longest_first():
    roster = Roster((Student("Ann", "Lee"), Student("Bo", "Lee")))
    found = all_spellings(roster)
    assert found.count("Lee") == 1
    assert {"Ann Lee", "Bo Lee", "Lee, Bo"} <= set(found)
    assert [len(one) for one in found] == sorted(map(len, found), reverse=True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("jose", ["José García"]),
        ("GARCIA", ["José García", "Mia Garcia"]),
        ("garc, jo", ["José García"]),
        ("pepe", ["José García"]),
        ("500123", ["José García"]),
        ("50012", []),
        ("", []),
        ("m g", ["Mia Garcia"]),
    ],
)
def test_a_student_is_found_by_what_a_person_types(text, names):
    roster = Roster((Student("José", "García", preferred="Pepe", number="500123"), Student("Mia", "Garcia")))
    assert [student.name for student in find_students(roster, text)] == names


def test_all_problems_come_at_once_with_their_rows_and_without_names():
    rows = ["Garcia,Maria,", ",,55", "Ad4ms,Zoe,3", "Garcia,Maria,", "Lee,Ann,9", "Cho,Mia,9", "-,-,4"]
    text = "\n".join(["Last name,First name,ID", *rows])
    assert problems_of(text) == (
        "row 3 has a number or an address but no name",
        "row 4 has a digit or a sign where a name should stand",
        "row 8 has no letter where a name should stand",
        "rows 2 and 5 hold the same name, and no number tells them apart",
        "rows 6 and 7 hold one student number for two names",
    )


def test_two_students_of_one_name_are_two_where_their_numbers_differ():
    assert len(read("Name,ID\nMaria Garcia,50012\nMaria Garcia,50013\n").students) == 2
    assert problems_of("Name,ID\nMaria Garcia,50012\nMARIA GARCIA,50012\n") == (
        "rows 2 and 3 hold the same name, and no number tells them apart",
    )


@pytest.mark.parametrize("text", ["", "IEP,Race\nY,H\n", "1\n2\n3\n"])
def test_a_table_without_names_is_refused(text):
    assert problems_of(text)[0].startswith("it has no column of names")


def test_a_header_without_students_is_refused():
    assert problems_of("Last name,First name\n") == ("it has a header but no students below it",)


def test_reprs_show_no_name():
    roster = read(EXPORTS["Clever"])
    shown = repr(roster) + repr(roster.students)
    assert not any(secret in shown for secret in ("Maria", "Garcia", "500123", "mg@", "9988"))


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["Maria", "Garcia, Ana", "José (Pepe)", 'Bo "B" Li', "#12345", "a; b;", "O'Neil-Lee", "Jr.", ""]),
)


@given(st.lists(st.lists(CELL, max_size=7), max_size=12), st.booleans())
def test_any_roster_that_is_read_is_read_back_the_same(rows, has_header):
    header = [["Last name", "First name", "Name", "Goes by", "ID", "E-mail", "Login"]] if has_header else []
    try:
        roster = roster_from_rows(header + rows)
    except UnusableTableError:
        return  # refused: the problems have their own tests
    assert roster_from_rows(roster_rows(roster)) == roster
