"""Printed words that ask for a name, in several languages, and sentences that only hold such a word."""

from __future__ import annotations

import pytest

from mssw.core.page import Box
from mssw.names.label_words import (
    Asks,
    Phrase,
    asks_for_a_name,
    asks_for_a_number,
    classify_label,
    is_number_label,
    is_same_line,
    join_phrases,
)

LETTER = 612 / 792

LABELS = {
    "en": [
        "Name", "NAME:", "Name(s)", "Your name", "Student's name:", "Student’s Name", "First name",
        "Last Name, First Name", "Print your full name here", "Partner", "Group members", "Signature", "Student",
        "Student ID", "ID number",
        "Parent signature", "Name (first and last)", "Lab partners", "Scholar name", "Email",
    ],
    "es": [
        "Nombre", "Nombre:", "Nombre y apellidos", "Nombre completo", "Apellidos", "Mi nombre", "Estudiante",
        "Nombre del alumno", "Alumno(a)", "Nombre de la estudiante",
    ],
    "fr": [
        "Nom", "Prénom", "Nom et prénom", "Nom de famille", "Nom de l’élève", "Nom de l'élève :", "Élève", "Étudiante",
    ],
    "de": ["Name", "Vorname", "Nachname", "Vor- und Nachname", "Name der Schülerin", "Name des Schülers", "Mein Name"],
    "pt": ["Nome", "Nome do aluno", "Nome completo", "Nome e sobrenome", "Aluna", "Meu nome", "Nome do estudante"],
    "vi": ["Tên", "Tên:", "Họ và tên", "Họ tên học sinh", "Ho va ten", "HỌ VÀ TÊN", "Tên của em"],
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(tongue, text) for tongue, some in LABELS.items() for text in some])
def test_a_label_for_a_name_is_known(language, text):
    assert asks_for_a_name(text), f"{text} ({language})"


ASKED = {
    Asks.NAME: [
        "Naam:", "Imię i nazwisko", "Jméno a příjmení", "Név:", "Nume și prenume", "Ime i prezime", "Ad Soyad:",
        "Adı Soyadı", "Namn", "Navn", "Nimi", "नाम", "छात्र का नाम", "الاسم:", "اسم الطالب", "שם התלמיד", "ФИО",
        "Ім'я та прізвище", "姓名：", "名前", "이름:", "Voor- en achternaam", "Name of Candidate (BLOCK CAPITALS)",
        "Written by", "Completed by", "This booklet belongs to", "Este cuaderno pertenece a", "Dieses Heft gehört",
         "Öğrencinin adı",
        "Name and group", "االسم:", "مسالا", "االسم الكامل", "ﺍﻻﺳﻢ",  # as PDFs give their letters
    ],
    Asks.NUMBER: [
        "Roll No.", "Enrolment No.", "Matrikel-Nr.", "Candidate number", "Index No", "N° étudiant", "No. de lista",
        "Mã số sinh viên", "MSSV", "Adm. No.", "Date of birth", "Nr indeksu", "Öğrenci No", "学号", "Exam number",
    ],
    Asks.SIGNATURE: ["Signature", "Firma", "Unterschrift", "Podpis", "İmza", "Handtekening", "Signature of student"],
    Asks.PERSON: [
        "Group members", "Lab partners", "Miembros del grupo", "Membres du groupe", "Gruppenmitglieder", "Groepsleden",
        "Parent's or carer's signature", "Mother's name", "Feedback for", "Peer feedback for:", "Peer reviewer",
        "Peer's name:",
        "Peer signature", "Feedback from",
        "Completed by parent", "Completed by your partner", "Signature (parent/guardian)", "Name (teacher)",
        "Reviewed by", "Interviewee", "Timekeeper", "Illustrated by",
        "Thành viên nhóm", "Parent signature", "Parent/Guardian Signature", "Teacher's name", "Group name",
        "Partner 1",
    ],
    Asks.TEACHER: ["Teacher:", "Class teacher", "Lehrerin", "Profesor"],
    Asks.OTHER: ["Date", "Class", "Klasse", "Grade", "Tarih", "Klasa"],
}  # fmt: skip


@pytest.mark.parametrize(("asks", "text"), [(asks, text) for asks, some in ASKED.items() for text in some])
def test_what_a_label_asks_for_is_known_in_many_languages(asks, text):
    assert classify_label(text) is asks


@pytest.mark.parametrize(
    "text",
    [
        "Author:",
        "Parents:",
        "Initial",
        "Company",
        "Candidate",
        "Code",
        "Index",
        "Group",
        "Team",
        "Zak:",
        "Madre:",
        "Mother",
        "From",
        "To:",
        "Peer review",
        "Interview",
        "belongs to",
        "A whale belongs to",
    ],
)
def test_a_word_that_a_task_may_ask_about_is_no_label_alone(text):
    assert classify_label(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Name two gases", "Name the parts of the plant", "What is the name of this shape?",
        "Two students share a pizza",
        "A student says that air weighs nothing", "Number of students",
        "number of names in the hat that are short and long",
        "Date", "Class", "Period", "Teacher", "Grade 5", "Score", "Ten", "ten", "The first ten", "Ten:",
        "Explain your thinking", "", "1.", "Nombra dos gases", "Nomme deux gaz", "Nenne zwei Gase", "No", "First",
        "Here",
        "Fecha", "Datum", "Klasse", "The family",
    ],
)  # fmt: skip
def test_a_sentence_or_another_label_asks_for_no_name(text):
    assert not asks_for_a_name(text)


@pytest.mark.parametrize(
    ("text", "is_label"),
    [
        ("Họvà tên:", True), ("Nomet prénom :", True), ("Yourname:", True), ("Naamklas:", True),
        ("Yourname", False), ("Nameless:", False), ("Yourgame:", False), ("Namethe parts:", False),
    ],
)  # fmt: skip
def test_two_words_of_a_label_that_are_read_as_one_are_known_before_a_colon(text, is_label):
    assert asks_for_a_name(text) is is_label


def test_accents_typed_as_marks_of_their_own_are_read_the_same():
    assert asks_for_a_name("Te\u0302n")
    assert asks_for_a_name("Pre\u0301nom")


@pytest.mark.parametrize("text", ["No.", "Nr.", "ID", "Number", "ID number", "Número"])
def test_a_bare_number_is_asked_for_only_beside_a_name(text):
    assert asks_for_a_number(text)


@pytest.mark.parametrize("text", ["Name", "No gas", "Question number"])
def test_other_words_ask_for_no_number(text):
    assert not asks_for_a_number(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("Student ID", True), ("Student number", True), ("Email", True), ("Name", False), ("Name and number", False)],
)
def test_a_number_or_address_is_told_from_a_name(text, number):
    assert is_number_label(text) is number


def words(*placed):
    """Words of one line, each with its left edge and width in hundredths of the page's width."""
    return [(text, Box(left / 100, 0.05, wide / 100, 0.02)) for text, left, wide in placed]


def test_words_that_stand_together_are_one_phrase():
    found = join_phrases(words(("Student", 10, 8), ("name:", 19, 6), ("Date:", 70, 5)), LETTER)

    assert [phrase.text for phrase in found] == ["Student name:", "Date:"]
    assert found[0].box.x == pytest.approx(0.10)
    assert found[0].box.right == pytest.approx(0.25)


@pytest.mark.parametrize("leader", ["______", "........", "……", "·····"])
def test_a_leader_ends_a_phrase_and_is_no_part_of_it(leader):
    found = join_phrases(words((f"Name{leader}Date{leader}", 10, 60)), LETTER)

    assert [phrase.text for phrase in found] == ["Name", "Date"]
    assert found[0].box.right < found[1].box.x


def test_a_colon_ends_a_phrase():
    found = join_phrases(words(("Name:", 10, 6), ("Period:", 17, 7)), LETTER)

    assert [phrase.text for phrase in found] == ["Name:", "Period:"]


def test_words_on_two_lines_are_two_phrases():
    placed = [("Name", Box(0.1, 0.05, 0.06, 0.02)), ("Answer", Box(0.1, 0.08, 0.08, 0.02))]

    assert join_phrases(placed, LETTER) == [Phrase(*word) for word in placed]
    assert not is_same_line(placed[0][1], placed[1][1])
