"""Class lists as schools have them, one for each kind: exports of systems, and oddities of lists that people keep.

Run ``python tests/support/roster_kinds.py`` to print the table that ``docs/guides/rosters.md`` shows.
"""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

from mssw.roster.roster_file import RosterCheck, check_roster


@dataclass(frozen=True)
class Kind:
    """A class list and how it should be read.

    Attributes:
        name: what it is.
        content: a table as CSV text, the bytes of a file, or a workbook as its sheets.
        students: how many students are in it.
        skipped: rows with data that are no student's.
        names: some of what must be looked for.
        system: the system that it is recognised as.
        stops: words of the sentence that stops ``prepare``; empty where it is read.
    """

    name: str
    content: str | bytes | dict[str, list[list[object]]]
    students: int
    skipped: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    system: str = ""
    stops: str = ""

    def write(self, folder: Path) -> Path:
        """Write the file."""
        if isinstance(self.content, dict):
            book = openpyxl.Workbook()
            book.remove(book.active)
            for title, rows in self.content.items():
                sheet = book.create_sheet(title)
                for row in rows:
                    sheet.append(row)
            path = folder / "class.xlsx"
            book.save(path)
            return path
        path = folder / "class.csv"
        path.write_bytes(self.content.encode() if isinstance(self.content, str) else self.content)
        return path


def _text(rows: list[list[str]], encoding: str, lines: str = "\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=lines).writerows(rows)
    return out.getvalue().encode(encoding)


GARCIA = [["Last Name", "First Name", "ID"], ["García", "Lucía", "500123"], ["Peña", "Toñi", "500124"]]
LEFEVRE = [["Last Name", "First Name", "ID"], ["Lefèvre", "Hélène", "500123"], ["François", "Zoë", "500124"]]
WOJCIK = [["Nazwisko", "Imię", "Nr albumu"], ["Wójcik", "Łukasz", "500123"], ["Żak", "Michał", "500124"]]

KINDS = [
    Kind(
        "Skyward, Data Mining report",
        "Stu Last Name,Stu First Name,Stu ID\nAbdirahman,Hodan,410000\nMüller,Jürgen,410037\n",
        2,
        names=("Hodan", "Müller", "410037"),
        system="Skyward",
    ),
    Kind(
        "SIMS, with preferred names",
        "Adno,Legal Surname,Legal Forename,Preferred Surname,Preferred Forename,Reg Group\n"
        "0041,Okafor,Chukwuemeka,Okafor,Emeka,7B\n0042,Llewellyn-Jones,Siân,Jones,Shan,7B\n",
        2,
        names=("Emeka", "Shan", "0041", "Llewellyn"),
        system="SIMS",
    ),
    Kind(
        "Arbor",
        "Legal First Name,Legal Last Name,Preferred First Name,UPN,Registration Form\n"
        "Amelia,Stone,Millie,A820200112345,9X\n",
        1,
        names=("Millie", "Stone", "A820200112345"),
        system="Arbor",
    ),
    Kind(
        "Bromcom",
        "Last Name,First Name,Admission Number,UPN,Gender,Year Group,Tutor Group\n"
        "Khan,Amir,001234,B820200112345,Male,9,9Y\n",
        1,
        names=("Amir", "001234", "B820200112345"),
        system="Bromcom",
    ),
    Kind(
        "Aeries, with aliases",
        "Student ID,Last Name,First Name,Last Name Alias,First Name Alias\n"
        "410037,Nguyen,Thanh Van,Nguyen,Vanessa\n410074,King,Martin,,Marty\n",
        2,
        names=("Vanessa", "Marty", "410074"),
        system="Aeries",
    ),
    Kind(
        "Veracross",
        "Person ID,Last Name,First Name,Preferred Name,Grade Level,Homeroom\n55012,Silva,Beatriz,Bia,7,7A\n",
        1,
        names=("Bia", "55012"),
        system="Veracross",
    ),
    Kind(
        "Blackboard, with its preview user",
        "Last Name,First Name,Username,Student ID,Last Access,Availability\n"
        "Roe,Mina,mroe,700123,2026-03-01,Yes\nRivera_PreviewUser,Ana,arivera_previewuser,,,Yes\n",
        1,
        (3,),
        ("mroe", "700123"),
        "Blackboard",
    ),
    Kind(
        "Schoology",
        "First Name,Last Name,Username,Email,User Unique ID,Role,Grad Year\n"
        "Jenny,Brown,jbrown28,jb@school.org,S_805860,Student,2030\n"
        "James,Smith,jsmith,js@school.org,E_156279,Teacher,\n",
        1,
        (3,),
        ("Jenny", "S_805860"),
        "Schoology",
    ),
    Kind(
        "Moodle, grades",
        "First name,Surname,ID number,Institution,Department,Email address,Quiz: Air (Real),"
        "Last downloaded from this course\n"
        "Ida,Holm,900123,,,ih@school.org,7,1767225600\n",
        1,
        names=("Holm", "900123"),
        system="Moodle",
    ),
    Kind(
        "Moodle, participants in German",
        "Vorname,Nachname,E-Mail-Adresse,Gruppen\nIda,Holm,ih@schule.de,9b\n",
        1,
        names=("Ida", "Holm"),
    ),
    Kind(
        "Microsoft Teams, grades",
        "First Name,Last Name,Email Address,Massive Air,Points,Feedback\nMei,Tan,mt@school.org,8,10,Good\n",
        1,
        names=("Mei", "mt@school.org"),
        system="Microsoft Teams",
    ),
    Kind(
        "PowerSchool",
        "Student_Number,State_StudentNumber,Last_Name,First_Name,Middle_Name,Grade_Level,DOB,Lunch_Status\n"
        "500123,99123,Lopez,Maria,Elena,5,2014-03-04,Free\n",
        1,
        names=("Elena", "500123", "99123"),
        system="PowerSchool",
    ),
    Kind(
        "Infinite Campus",
        "student.stateID,student.lastName,student.firstName,student.studentNumber\n99123,Lopez,Maria,500123\n",
        1,
        names=("Lopez", "99123"),
        system="Infinite Campus",
    ),
    Kind(
        "Canvas, with points and a test student",
        "Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1\n,,,,,Manual Posting\nPoints Possible,,,,,10\n"
        '"Lopez, Maria",881,500123,mlopez,P3,7\n"Student, Test",99,,,P3,\n',
        1,
        (2, 3, 5),
        ("Maria", "500123", "mlopez"),
        "Canvas",
    ),
    Kind(
        "Google Classroom",
        "Last Name,First Name,Email Address\nLopez,Maria,ml@school.org\n",
        1,
        names=("Maria",),
        system="Google Classroom",
    ),
    Kind(
        "Gradescope",
        "First Name,Last Name,SID,Email,Role\n"
        "Maria,Lopez,500123,ml@school.org,Student\nAnn,Ortiz,77,ao@s.org,Instructor\n",
        1,
        (3,),
        ("500123",),
        "Gradescope",
    ),
    Kind(
        "OneRoster",
        "sourcedId,status,role,username,givenName,familyName,identifier,email\n"
        "u-1,active,student,ml,Maria,Lopez,500123,m@s.org\n",
        1,
        names=("Maria", "500123"),
        system="OneRoster",
    ),
    Kind(
        "Brightspace",
        "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
        "#500123,#mlopez,Lopez,Maria,m@s.org,#\n",
        1,
        names=("500123", "mlopez"),
        system="D2L Brightspace",
    ),
    Kind(
        "Clever",
        "Student_id,Student_number,State_id,Last_name,First_name,Grade,Race,Iep_status\n"
        "c7x,500123,9988,Lopez,Maria,5,H,Y\n",
        1,
        names=("500123", "9988"),
        system="Clever",
    ),
    Kind(
        "two students side by side, in a workbook",
        {
            "Sheet": [
                ["Room 12"],
                ["No.", "Name", "Notes", "No.", "Name", "Notes"],
                [1, "Lopes, Ana", None, 4, "Pavlov, Dmitri", None],
                [2, "Ortega, Ben", None, 5, "Lindholm, Eva", None],
                [3, "Voss, Cara", None, None, None, None],
            ]
        },
        5,
        (1,),
        ("Ana", "Dmitri", "Lindholm"),
    ),
    Kind(
        "two students side by side, without a header",
        "1,Ana Lopes,,4,Dmitri Pavlov\n2,Ben Ortega,,5,Eva Lindholm\n3,Cara Voss,,6,Femi Adeyemi\n",
        6,
        names=("Lopes", "Adeyemi"),
    ),
    Kind(
        "two students side by side, each with last name, first name and number",
        "Last,First,ID,Last,First,ID\nLopes,Ana,50011,Pavlov,Dmitri,50014\nOrtega,Ben,50012,Lindholm,Eva,50015\n",
        4,
        names=("Dmitri", "50015", "Ortega"),
    ),
    Kind(
        "three students on a row, headed Name 1, Name 2, Name 3",
        "Name 1,Name 2,Name 3\nAna Lopes,Ben Ortega,Cara Voss\nDmitri Pavlov,Eva Lindholm,\n",
        5,
        names=("Voss", "Lindholm"),
    ),
    Kind(
        "HTML entities, with semicolons between the cells",
        "Last Name;First Name;ID\nPe&ntilde;a;Mar&iacute;a;41002\nO&#39;Brien;Cara;41003\n",
        2,
        names=("Peña", "María", "O'Brien"),
    ),
    Kind(
        "HTML entities that were encoded twice",
        "Last Name,First Name\nN&amp;uacute;&amp;ntilde;ez,Zo&amp;#235;\n",
        1,
        names=("Núñez", "Zoë"),
    ),
    Kind("saved as CSV (Macintosh)", _text(GARCIA, "mac_roman", "\r"), 2, names=("García", "Toñi")),
    Kind("a Mac's old encoding, lines as elsewhere", _text(LEFEVRE, "mac_roman"), 2, names=("Lefèvre", "François")),
    Kind("saved as CSV (MS-DOS)", _text(GARCIA, "cp850", "\r\n"), 2, names=("García", "Peña")),
    Kind("Windows' Western encoding", _text(LEFEVRE, "cp1252", "\r\n"), 2, names=("Hélène", "Zoë")),
    Kind("Windows' Central European encoding", _text(WOJCIK, "cp1250", "\r\n"), 2, names=("Łukasz", "Żak", "500123")),
    Kind(
        "the header comes again at each page",
        "Last Name,First Name,Perm ID\nAbdi,Hodan,410000\nLast Name,First Name,Perm ID\nYoung,Mark,410074\n",
        2,
        (3,),
        ("Mark",),
        "Aeries",
    ),
    Kind(
        "two classes one below the other, with other columns",
        "Period 1,,\nLast,First,\nLopes,Ana,\nOrtega,Ben,\n,,\nPeriod 2,,\nFirst,Last,ID\nDmitri,Pavlov,50014\n",
        3,
        (1, 6, 7),
        ("Ana", "Pavlov"),
    ),
    Kind("headers in Vietnamese", "Họ,Tên\nNguyễn Thị,Minh Châu\nĐặng,Thế Anh\n", 2, names=("Minh", "Đặng")),
    Kind(
        "headers in French, with a number",
        "N° étudiant,Nom,Prénom,Prénom d'usage\n21004567,Lefèvre,Hélène,Léa\n",
        1,
        names=("21004567", "Léa", "Hélène"),
    ),
    Kind(
        "headers in German, with a number",
        "Matrikelnummer;Nachname;Vorname;Rufname\n1234567;Müller;Jürgen Otto;Otto\n",
        1,
        names=("1234567", "Jürgen"),
    ),
    Kind(
        "headers in Polish",
        "Lp.,Nazwisko i imię,Nr albumu\n1,Wójcik Łukasz,500123\n2,Żak Anna,500124\n",
        2,
        names=("Żak",),
    ),
    Kind(
        "headers in Turkish",
        "Sıra No,Öğrenci No,Adı,Soyadı\n1,4501,Ayşe,Yılmaz\n2,4502,Can,Demir\n",
        2,
        names=("4501",),
    ),
    Kind(
        "headers that mssw does not know",
        "Abizenak X,Izena X,Zenb\nEtxeberria,Ane,50011\nAgirre,Iker,50012\nOtxoa,June,50013\n",
        3,
        stops="row 1 looks like a header with words mssw does not know",
    ),
    Kind(
        "a further column of names that mssw does not know",
        "Last,First,Qqq\nSmithers,Jonathan,Jojo\nNakagawa,Elizabeth,Bee\n",
        2,
        stops="column C (“Qqq”) may hold names and is not read; say --columns preferred=C",
    ),
    Kind(
        "preferred names, shortened", "SNUM,FIRST,LAST,PREF\n41001,Jonathan,Smithers,Jojo\n", 1, names=("Jojo", "41001")
    ),
    Kind(
        "chosen forename and known-as name",
        "Surname,Forename,Chosen Forename,Known As,Roll No\nRoe,Alexander,Sasha,Lex,1207\n",
        1,
        names=("Sasha", "Lex", "1207"),
    ),
    Kind(
        "several sheets with students",
        {"Period 1": [["Last", "First"], ["Lopes", "Ana"]], "Period 2": [["Last", "First"], ["Pavlov", "Dmitri"]]},
        1,
        stops='say which is this class\'s, as in --sheet "Period 1"',
    ),
    Kind(
        "a cover sheet before the class",
        {
            "About": [["Please read before you print."]],
            "Class": [["Last", "First"], ["Lopes", "Ana"], ["Voss", "Cara"]],
        },
        2,
        names=("Ana", "Voss"),
    ),
    Kind(
        "surnames that are also words of headers",
        "Last Name,First Name,ID\n"
        "Class,Ana,410001\nTotal,Ben,410002\nStudent,Cara,410003\nPage,Dmitri,410004\nTotal,,4\n",
        4,
        (6,),
        ("Ana", "Total", "410003"),
    ),
    Kind(
        "two students of one name, told apart by e-mail",
        "Last Name,First Name,Email\nLee,Ann,ann.lee@school.org\nLee,Ann,ann.lee2@school.org\n",
        2,
        names=("ann.lee2@school.org",),
    ),
    Kind(
        "totals, titles and dates around the list",
        "Lincoln Middle School\nClass list printed 3/4/2026\nStudent,Enrolment No\nAna Lopes,50011\nBen Ortega,50012\n"
        "Total students: 2\n",
        2,
        (1, 2, 6),
        ("50012",),
    ),
    Kind(
        "a name that slid into the next column",
        "Last Name,First Name,Notes\nLopes,Ana,\n,,Ben Ortega\n",
        1,
        (3,),
        stops="row 3 has no name in a column of names, but a text in another column that may be one",
    ),
    Kind(
        "a numbered list out of a letter",
        "1. Ana Lopes\n2. Ben Ortega\n3) Zoë Quill\n4 - Dmitri Roe\n5: Eva Holm\n",
        5,
        names=("Zoë", "Ortega", "Eva"),
    ),
    Kind(
        "a list with bare numbers, as it is copied from a page",
        "1 Ana Lopes\n2 Ortega, Ben\n 3 Zoë Quill\n",
        3,
        names=("Lopes", "Ortega", "Zoë"),
    ),
    Kind(
        "two lists with bare numbers, a count between them",
        "1 Ana Lopes\n2 Ben Ortega\n3 Zoë Quill\n3 students\n1 Dmitri Roe\n2 Eva Holm\n",
        0,
        (1, 2, 3, 4, 5, 6),
        stops="has no column of names",
    ),
    Kind(
        "a list above a line that says students",
        "Ana Lopes\nBen Ortega\nZoë Quill\nStudents\nDmitri Roe\nEva Holm\n",
        2,
        (1, 2, 3),
        stops="row 1 is above the header and looks like a student's",
    ),
    Kind(
        "days beside the names",
        "Ana Lopes,12 May\nBen Ortega,3 June\nZoë Quill,4 July\n",
        3,
        names=("Lopes", "Quill"),
    ),
    Kind(
        "student numbers that begin with digits and a space",
        "Last,First,Student ID\nLopes,Ana,123 QX\nOrtega,Ben,124 QY\n",
        2,
        names=("Lopes", "123 QX"),
    ),
    Kind(
        "names in use, in brackets or quotes",
        'Student\n"Lopes, Ana (Annie)"\n"Ortega, Benjamin ""Ben"""\n"Quill, Ding [Dean]"\n',
        3,
        names=("Annie", "Ben", "Dean"),
    ),
    Kind(
        "counts of boys and girls below the list",
        "No,Surname,Given names\n1,Lopes,Ana\n2,Ortega,Ben\n,Boys: 1,Girls: 1\n",
        2,
        (4,),
        names=("Ana", "Ben"),
    ),
    Kind(
        "e-mail addresses and no names",
        "Email Address\nana.lopes@school.org\nben_ortega@school.org\n",
        0,
        (2, 3),
        stops="has no name beside the e-mail addresses",
    ),
    Kind(
        "student numbers behind the names",
        'Student\n"Lopes, Ana (5001234)"\n"Ortega, Ben [A5001235]"\n"Quill, Zoë - 5001236"\n',
        3,
        names=("Ana", "5001234", "A5001235", "5001236"),
    ),
    Kind(
        "years of birth behind the names",
        'Student\n"Lopes, Ana (2014)"\n"Ortega, Ben (2015)"\n',
        0,
        (2, 3),
        stops="row 2 has a digit or a sign where a name should stand",
    ),
]


def read(kind: Kind) -> RosterCheck:
    """How the file of a kind is read."""
    with TemporaryDirectory() as folder:
        return check_roster(kind.write(Path(folder)))


def table() -> str:
    """The table of all kinds, as Markdown."""
    lines = ["| the list | students | rows passed over | what happens |", "|---|---|---|---|"]
    for kind in KINDS:
        found = read(kind)
        skipped = ", ".join(str(one.row) for one in found.skipped) or "–"
        what = "is read" if found.is_usable else "stops: you say which columns, sheet or row is meant"
        shown = f"is read; known as {found.system}" if found.system and found.is_usable else what
        lines.append(f"| {kind.name} | {found.students} | {skipped} | {shown} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
