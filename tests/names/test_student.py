"""What reading looks for: the words of a class, folded to letters, and what else people call each other."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.errors import UnreadableError
from mssw.names.student import LONGEST_SPELLING, Roster, Spelling, SpellingKind, Student, keep_letters, list_spellings
from mssw.names.word_lists import EVERYDAY_WORDS, ORDINARY_WORDS, find_other_forms
from mssw.roster.words_file import LARGEST, read_words


def read(*students: Student, teachers: tuple[str, ...] = (), also: tuple[str, ...] = ()) -> dict[str, Spelling]:
    found = list_spellings(Roster(students), teachers, also)
    assert len({spelling.letters for spelling in found}) == len(found)
    return {spelling.letters: spelling for spelling in found}


def of_kind(found: dict[str, Spelling], kind: SpellingKind) -> set[str]:
    return {letters for letters, spelling in found.items() if spelling.kind is kind}


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Zoë", "zoe"),
        ("O'Neil", "oneil"),
        ("Søren", "soren"),
        ("Łukasz", "lukasz"),
        ("Đặng", "dang"),
        ("Weiß", "weiss"),
        ("Æsa", "aesa"),
        ("Þór", "thor"),
        ("İpek Işık", "ipekisik"),
        ("Ｌｉｎ", "lin"),
        ("王小明", ""),
        ("x" * 100, "x" * LONGEST_SPELLING),
    ],
)
def test_a_name_is_folded_to_letters_from_a_to_z(name, letters):
    assert keep_letters(name) == letters


def test_a_sharp_s_is_looked_for_as_it_is_read():
    assert set(read(Student("Ines", "Weiß"))) == {"ines", "weiss", "weis", "weib"}


def test_umlauts_are_looked_for_with_and_without_their_e():
    assert set(read(Student("Jörg", "Möser"))) == {"jorg", "joerg", "moser", "moeser"}


def test_a_decomposed_umlaut_is_an_umlaut():
    assert "mueller" in read(Student("A.", "Mu\u0308ller"))


def test_every_part_of_a_hyphenated_name_and_the_whole_are_looked_for():
    assert of_kind(read(Student("Ines", "García-López")), SpellingKind.LAST) == {"garcia", "lopez", "garcialopez"}


def test_particles_are_left_out_but_names_grown_together_with_them_are_not():
    assert of_kind(read(Student("Ines", "de la Cruz")), SpellingKind.LAST) == {"cruz", "delacruz"}
    assert of_kind(read(Student("Ines", "Van Dyke")), SpellingKind.LAST) == {"dyke", "vandyke"}
    assert of_kind(read(Student("María del Carmen", "Ruiz")), SpellingKind.FIRST) == {
        "maria",
        "carmen",
        "mariadelcarmen",
    }


def test_two_last_names_are_not_written_in_one_word():
    assert of_kind(read(Student("Ines", "García López")), SpellingKind.LAST) == {"garcia", "lopez"}


def test_initials_and_suffixes_name_nobody():
    assert set(read(Student("Ines", "Ortiz Jr.", "M."))) == {"ines", "ortiz"}


def test_two_letters_are_enough_for_a_whole_name_but_not_for_a_middle_name():
    found = read(Student("Bo", "Li", "Xu", "AJ"), Student("Li-Wen", "Vu"))
    assert {letters for letters in found if len(letters) == 2} == {"bo", "aj", "li", "vu"}
    assert found["bo"].is_word


def test_students_of_one_name_share_one_spelling_and_the_most_telling_kind():
    found = read(Student("Ana", "Torres"), Student("Luis", "Ana"), Student("Bill", "Orr"), Student("William", "Orr"))
    assert (found["ana"].students, found["ana"].kind) == ((0, 1), SpellingKind.FIRST)
    assert (found["bill"].students, found["bill"].kind) == ((2, 3), SpellingKind.FIRST)


def test_short_forms_of_a_long_name_are_looked_for():
    forms = of_kind(read(Student("William", "Ek")), SpellingKind.SHORT)
    assert {"will", "bill", "billy", "liam"} <= forms


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("Katherine", "katie"),
        ("Catherine", "cathy"),
        ("José", "pepe"),
        ("Francisco", "paco"),
        ("Guadalupe", "lupe"),
        ("Ignacio", "nacho"),
        ("Jesús", "chuy"),
        ("Mohammed", "mo"),
        ("Aleksandra", "ola"),
        ("Dmitri", "dima"),
        ("Giuseppe", "beppe"),
        ("Franziska", "franzi"),
        ("José María", "chema"),
        ("Alexander", "alex"),
    ],
)
def test_common_short_forms_of_many_languages_are_known(long, short):
    assert short in read(Student(long, "Ek"))


def test_a_compound_name_may_stand_in_two_columns():
    assert "mafer" in read(Student("María", "Ek", "Fernanda"))


def test_from_a_short_form_only_its_long_names_are_looked_for_and_not_their_other_short_forms():
    assert set(read(Student("Tim", "Ortiz"))) == {"tim", "timothy", "ortiz"}


def test_a_last_name_has_no_short_form():
    assert set(read(Student("Ines", "Timothy"))) == {"ines", "timothy"}


def test_a_doubled_letter_may_be_read_as_one_and_then_counts_only_with_a_capital():
    found = read(Student("Ines", "Garrison"))
    assert {letters: spelling.is_word for letters, spelling in found.items() if spelling.kind is SpellingKind.LAST} == {
        "garrison": False,
        "garison": True,
    }


def test_no_name_is_its_own_other_form_and_every_form_leads_back():
    for name in ("william", "bill", "sara", "jose", "mo", "mohammed", "kate"):
        assert name not in find_other_forms(name)
        assert all(name in find_other_forms(form) for form in find_other_forms(name))


def test_a_name_that_nobody_shortens_has_no_other_form():
    assert find_other_forms("xochitl") == ()


WORDS = """
    will may grace mark rose stone art bill bob chase dawn dean drew earl eve faith gene grant guy hope hunter
    ivy jack jade jay jean joy june lily lance major miles norm olive pat pearl penny ray reed rich rob robin
    ruby sandy skip summer violet wade young long brown green white black king bush air bar mass luz sol rosa
    mar paz rio cruz flor pierre marine
"""


@pytest.mark.parametrize("word", WORDS.split())
def test_a_name_that_is_an_everyday_word_counts_only_with_a_capital(word):
    assert read(Student(word.title(), "Ortiz"))[word].is_word


@pytest.mark.parametrize("name", ["Ines", "Nguyen", "Garcia", "Smith", "Jayden", "Victor", "Nina", "Ben", "Maria"])
def test_a_name_that_is_hardly_ever_a_word_counts_small_too(name):
    assert not read(Student(name, "Ortiz"))[keep_letters(name)].is_word


def test_everyday_words_are_letters_and_hold_those_of_the_audit():
    assert all(set(word) <= set(string.ascii_lowercase) for word in EVERYDAY_WORDS)
    assert ORDINARY_WORDS <= EVERYDAY_WORDS


@pytest.mark.parametrize(
    ("teacher", "words"),
    [
        ("Ms. Garcia-Lopez", {"garcia", "lopez", "garcialopez"}),
        ("Mr. B", set()),
        ("Señora del Río", {"rio"}),
        ("Frau Dr. Weiß", {"weiss", "weis", "weib"}),
        ("Mme. Curie", {"curie"}),
        ("Maria Ortiz", {"maria", "ortiz"}),
        ("Ms. Pan", {"pan"}),
        ("Coach", {"coach"}),
    ],
)
def test_teachers_are_looked_for_without_their_titles(teacher, words):
    assert set(read(teachers=(teacher,))) == words
    assert all(spelling.kind is SpellingKind.TEACHER for spelling in read(teachers=(teacher,)).values())


def test_a_school_is_not_looked_for_by_its_everyday_words():
    assert set(read(also=("Lincoln High School",))) == {"lincoln", "lincolnhighschool"}


def test_a_further_word_counts_small_where_it_was_given_small():
    found = read(also=("River", "stone", "Bo"))
    assert {letters: spelling.is_word for letters, spelling in found.items()} == {
        "river": True,
        "stone": False,
        "bo": True,
    }
    assert {(spelling.students, spelling.kind) for spelling in found.values()} == {((), SpellingKind.ALSO)}


def test_a_student_goes_before_a_teacher_and_a_further_word():
    found = read(Student("Ines", "Stone"), teachers=("Ms. Stone",), also=("stone",))
    assert (found["stone"].kind, found["stone"].students, found["stone"].is_word) == (SpellingKind.LAST, (0,), False)


def test_without_a_roster_teachers_are_looked_for():
    assert [spelling.letters for spelling in list_spellings(None, ["Ms. Ortiz"], [])] == ["ortiz"]


def test_a_repr_shows_no_name():
    for spelling in list_spellings(Roster((Student("William", "Ortiz"),)), ["Ms. Weber"], ["Springfield"]):
        assert not any(word in repr(spelling).casefold() for word in ("will", "ortiz", "weber", "springfield"))


@given(
    st.lists(
        st.builds(Student, first=st.text(), last=st.text(), middle=st.text(), preferred=st.text()),
        max_size=4,
    ),
    st.lists(st.text(), max_size=2),
    st.lists(st.text(), max_size=2),
)
def test_whatever_a_roster_holds_spellings_are_letters_in_one_order(students, teachers, also):
    roster = Roster(tuple(students))
    found = list_spellings(roster, teachers, also)
    assert found == list_spellings(roster, teachers, also)
    assert len({spelling.letters for spelling in found}) == len(found)
    for spelling in found:
        assert 2 <= len(spelling.letters) <= LONGEST_SPELLING
        assert set(spelling.letters) <= set(string.ascii_lowercase)
        assert all(0 <= index < len(students) for index in spelling.students)
        assert bool(spelling.students) == (spelling.kind not in {SpellingKind.TEACHER, SpellingKind.ALSO})


def test_every_one_of_two_thousand_students_is_looked_for():
    firsts, lasts = ("William", "María José", "Jo-Ann", "Søren"), ("de la Cruz", "O'Neil", "García-López", "Weiß")
    roster = Roster(
        tuple(Student(firsts[i % 4], f"{lasts[i // 4 % 4]}{chr(97 + i % 26) * (i % 9)}") for i in range(2000))
    )
    found = list_spellings(roster, (), ())
    assert {index for spelling in found for index in spelling.students} == set(range(2000))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_list_of_words_is_read_in_any_usual_encoding(tmp_path, encoding):
    path = tmp_path / "words.txt"
    path.write_bytes("# our school\r\nSpringfield\r\n\r\n José  Müller # the coach\r\nSpringfield\r\n".encode(encoding))
    assert read_words(path) == ("Springfield", "José Müller")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "holds no word"),
        (b"\n# nothing\n", "holds no word"),
        (b"%PDF-1.7\n%\xe2\xe3", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x01\x02\x03", "not a text file"),
        (b"word\n" * (LARGEST // 5 + 1), "larger than 100 kB"),
        (b"Ortiz\nx\n", "line 2"),
        ("Ortiz\n\n王小明\n".encode(), "line 3"),
        (b"12345\n", "line 1"),
    ],
)
def test_what_is_no_list_of_words_is_said_in_one_sentence(tmp_path, data, says):
    path = tmp_path / "words.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableError, match=says) as told:
        read_words(path)
    assert "words.txt" in str(told.value)
    assert "Ortiz" not in str(told.value)


def test_a_missing_list_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(UnreadableError, match="is not there"):
        read_words(tmp_path / "words.txt")
    with pytest.raises(UnreadableError, match="is a folder"):
        read_words(tmp_path)
