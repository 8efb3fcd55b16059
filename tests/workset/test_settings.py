import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from mssw.errors import UnreadableError
from mssw.workset.settings import (
    Settings,
    change_settings_text,
    find_misspelled_keys,
    parse_settings,
    read_settings,
    settings_text,
)

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30).map(
    lambda text: " ".join(text.split())
)
some_settings = st.builds(
    Settings,
    title=words,
    grade=words,
    task=words,
    presenting_teachers=st.lists(words.filter(bool), max_size=3).map(tuple),
    session=words,
    date=words,
    pages_per_student=st.none() | st.integers(1, 99),
    paper=st.sampled_from(["letter", "a4"]),
    fields=st.just(()) | st.just(("1:0.6,0.05,0.3,0.04",)),
    seed=st.none() | st.integers(-(2**40), 2**40),
)


@given(some_settings)
def test_settings_are_read_as_they_were_written(settings):
    assert parse_settings(settings_text(settings)) == settings


@given(some_settings, some_settings)
def test_an_update_changes_every_key_and_keeps_a_teachers_own_lines(before, after):
    text = settings_text(before) + '\n# my own remark\nmine = "x" # dear to me\n\n[more]\na = 1\n'
    changed = change_settings_text(text, **{key: getattr(after, key) for key in Settings.__dataclass_fields__})
    assert parse_settings(changed) == after
    assert "# my own remark" in changed
    assert 'mine = "x" # dear to me' in changed
    assert tomlkit.parse(changed)["more"]["a"] == 1


def test_an_update_of_nothing_changes_no_byte():
    text = "# mine\ntitle='x'   # so\n\n\nodd   = [1,\n 2]\n"
    assert change_settings_text(text) == text


def test_a_new_key_takes_the_place_of_its_commented_line():
    changed = change_settings_text(settings_text(Settings()), seed=7)
    assert "\nseed = 7\n" in changed
    assert "# seed" not in changed


def test_an_unknown_key_cannot_be_written():
    with pytest.raises(TypeError, match="colour"):
        change_settings_text("", colour="red")


def test_every_key_is_explained(snapshot):
    assert settings_text(Settings(title="Massive air", fields=("1:0.6,0.05,0.3,0.04",))) == snapshot


def test_what_a_teacher_leaves_out_takes_the_usual_value():
    assert parse_settings("") == Settings()
    assert parse_settings("mine = 3\n[other]\ntitle = 4\n") == Settings()


def test_bare_numbers_and_dates_are_taken_as_text():
    read = parse_settings('grade = 5\ndate = 2025-03-12\npresenting_teachers = "A. B"\npaper = "A4"')
    assert (read.grade, read.date, read.presenting_teachers, read.paper) == (
        "5",
        "2025-03-12",
        ("A. B",),
        "a4",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('title = "a', "line 1: "),
        ('\n\ntitle = ["x"]', r"line 3: title must be text in quotes"),
        ("title = true", "line 1: title must be text"),
        ("a = 1\na = 2", 'Key "a" already exists'),
        ('# x\npaper = "A5"', 'line 2: paper must be "letter" or "a4"'),
        ('pages_per_student = "2"', "line 1: pages_per_student must be a whole number from 1"),
        ("pages_per_student = 0", "line 1: pages_per_student must be a whole number from 1"),
        ("seed = 1.5", "line 1: seed must be a whole number"),
        ('fields = ["1:0.2"]', r"line 1: fields must be a list like"),
        ("presenting_teachers = [1]", "line 1: presenting_teachers must be a list of texts"),
        ("title = " + "7" * 5000, "set.toml, line 1: "),
    ],
)
def test_a_wrong_value_is_told_with_its_line_and_key(text, says):
    with pytest.raises(UnreadableError, match=says):
        parse_settings(text)


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path):
    with pytest.raises(UnreadableError, match=r"set\.toml cannot be read"):
        read_settings(tmp_path / "set.toml")
    (tmp_path / "set.toml").write_bytes(b"title = '\xff\xfe'")
    with pytest.raises(UnreadableError, match=r"set\.toml is not UTF-8"):
        read_settings(tmp_path / "set.toml")


def test_a_byte_order_mark_is_read_over(tmp_path):
    (tmp_path / "set.toml").write_bytes(b'\xef\xbb\xbftitle = "x"')
    assert read_settings(tmp_path / "set.toml").title == "x"


def test_a_misspelt_key_is_told_and_a_strange_one_left_in_peace(tmp_path):
    path = tmp_path / "set.toml"
    path.write_text('titel = "Air"\npresenting_teacher = ["X"]\nour_own_note = 7\ngrade = "5"\n', encoding="utf-8")

    assert find_misspelled_keys(path) == (
        "set.toml has titel, which mssw does not know; perhaps title is meant",
        "set.toml has presenting_teacher, which mssw does not know; perhaps presenting_teachers is meant",
    )
