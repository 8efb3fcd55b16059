"""Names in answers: what is surely one, what may be one, and what is a word of the task or of the whole class."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pytest

from mssw.core.page import Box, Mark, MarkKind
from mssw.names.student import Roster, Student
from mssw.preparing.class_words import drop_common_flags, find_class_words, find_words_as_names
from mssw.preparing.kept_readings import PageReading, ReadPage
from mssw.preparing.name_reading import SearchTerms, name_letters
from mssw.vision.mentions import find_mentions
from mssw.vision.text_lines import Line
from support.read_lines import reading_of
from support.read_pages import find_on_page

CLASS = Roster(
    tuple(
        Student(*names)
        for names in (
            ("Maria", "Lopez"),
            ("Grace", "Gold"),
            ("Will", "Stone"),
            ("Maya", "Okafor"),
            ("Theo", "Ines"),
            ("Gus", "Lane"),
            ("The", "Vu"),
            ("Zoe", "van der Berg"),
            ("Mark", "Petrov"),
        )
    )
)
TERMS = SearchTerms.of(CLASS, (), ())
SHAPE = (200, 1200)
LINE = Line(600.0, 100.0, 1000.0, 40.0, 0.0)
INK = np.zeros(SHAPE, bool)
INK[90:110, 100:1100] = True


def found(text, *, printed=(), goes_on=False, doubt=0.0, signs=None, upper=()):
    """The names found on a line: what each is, and whether it is sure."""
    terms = SearchTerms.of(CLASS, (), (), printed)
    reading = reading_of(text)
    for sign, share in dict(upper).items():
        reading.upper[reading.at[sign]] = share
    if doubt:
        letters = reading.letters * (1 - doubt)
        letters[:, :26] += doubt / 26
        reading = dataclasses.replace(reading, letters=letters)
    if signs is not None:  # the text has those signs of it alone
        reading = dataclasses.replace(reading, text=reading.text[:signs], at=reading.at[:signs])
    mentions = find_mentions(
        LINE, reading, name_letters(terms), terms.spellings, INK, 200, goes_on=goes_on, story=terms.story
    )
    return sorted((terms.spellings[one.name].letters, one.sure) for one in mentions)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Maria", [("maria", True)]),
        ("2. Maria", [("maria", True)]),
        ("Grace", [("grace", True)]),
        ("- Will", [("will", True)]),
        ("Grace and Will", [("grace", True), ("will", True)]),
        ("Will Stone", [("stone", True), ("will", True)]),
        ("Maria, Maya", [("maria", True), ("maya", True)]),
    ],
)
def test_a_line_that_is_only_names_is_surely_names(text, names):
    assert found(text) == names


def test_rules_of_squared_paper_that_fit_a_name_a_little_are_not_surely_one():
    assert found("Grace", doubt=0.45) == [("grace", True)]
    assert found("Grace", doubt=0.45, signs=1) == [("grace", False)]


@pytest.mark.parametrize("text", ["Gold", "Stone", "Lane"])
def test_an_answer_of_one_word_is_not_surely_a_last_name(text):
    assert (text.casefold(), True) not in found(text)


@pytest.mark.parametrize("text", ["gold", "grace", "The", "The gas", "it sank The rock", "will"])
def test_a_word_is_no_name(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["Will the ball sink", "Grace is a virtue", "Stone is hard"])
def test_a_capital_at_a_sentences_start_alone_is_never_covered(text):
    assert not any(sure for _, sure in found(text))


def test_a_name_with_a_capital_in_a_sentence_is_covered():
    assert found("I think that Grace is right") == [("grace", True)]


@pytest.mark.parametrize("text", ["I think that Maya and Grace are right", "so Maya took ten"])
def test_people_of_the_tasks_story_are_flagged_and_not_covered(text):
    story = ["Maya", "and", "Grace", "fill", "a", "bucket.", "Who", "is", "right?"]
    assert all(sure for _, sure in found(text))
    assert not any(sure for _, sure in found(text, printed=story))
    assert found(text, printed=story)


def test_a_word_that_the_task_begins_a_sentence_with_is_no_name_of_its_story():
    assert found("I think that Grace is right", printed=["Grace", "is", "a", "word.", "Will", "it", "float?"]) == [
        ("grace", True)
    ]


def test_a_full_name_is_covered_whatever_the_story_says():
    assert found("so Maya Okafor took ten", printed=("Maya",)) == [("maya", True), ("okafor", True)]


# Words of the whole class ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Mark put a mark on it",
        "Grace ate",
        "Mark and I tried",
        "Will und ich",
        "Grace' way is fast",
        "Will measured it",
        "Will knew",
        "Mark see me about it",
    ],
)
def test_a_word_that_begins_a_sentence_and_does_what_only_people_do_is_surely_a_name(text):
    assert all(sure for _, sure in found(text))
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Stone put in water sinks",
        "Grace and more",
        "Mark dotted lines",
        "'Will' is a word",
        "2) Grace is in it",
        "a: Mark goes up",
    ],
)
def test_a_word_that_things_may_do_or_that_is_quoted_is_not_surely_a_name(text):
    assert [sure for _, sure in found(text)] == [False]


@pytest.mark.parametrize(
    ("text", "sure"), [("Will it work", False), ("Mark the half", False), ("Grace you", False), ("Grace saw it", True)]
)
def test_a_line_that_seems_to_go_on_may_begin_with_a_word_all_the_same(text, sure):
    assert [one for _, one in found(text, goes_on=True)] == [sure]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I. Mark, measured", [("mark", True)]),
        ("Then I. Will. saw", [("will", True)]),
        ("I. Grace, think", [("grace", True)]),
        ("I. Mark the half", [("mark", False)]),
        ("ball A. Will it", [("will", False)]),
        ("a. Mark, then", [("mark", False)]),
    ],
)
def test_a_full_stop_behind_the_writers_i_is_a_comma_where_a_name_is_between_two(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "upper", "names"),
    [
        ("add, will said no", 0.19, [("will", True)]),
        ("and will thinks so", 0.12, [("will", True)]),
        ("add, stone said no", 0.11, [("stone", True)]),
        ("worked as will sees", 0.12, [("will", False)]),
        ("so stone said no", 0.05, [("stone", True)]),  # a word would need an article
        ("after lunch stone showed us", 0.0, [("stone", True)]),
        ("today stone knew it", 0.0, [("stone", True)]),
        ("off the lights like stone said", 0.0, [("stone", True)]),
        ("then stone and I", 0.0, [("stone", True)]),
        ("so the stone showed us", 0.0, []),
        ("so a big stone showed us", 0.0, []),
        ("so stone fell on it", 0.0, []),
        ("so stone rolled on it", 0.2, [("stone", True)]),
        ("so stone's idea is it", 0.2, [("stone", True)]),
        ("so the stone rolled on it", 0.2, [("stone", False)]),
        ("so stone is on it", 0.2, [("stone", False)]),
        ("so will said no", 0.05, [("will", False)]),  # which only a name can be
        ("so will say no", 0.05, []),
        ("so willdid not", 0.05, [("will", False)]),
        ("so willfall down", 0.05, []),
        ("so will need it", 0.05, []),
        ("so grace said no", 0.19, [("grace", False)]),  # no G is like a g, but a child may write it small
        ("so grace has it", 0.19, []),
        ("la grace dice no", 0.19, []),
    ],
)
def test_a_capital_of_the_form_of_its_small_letter_may_have_been_read_as_small(text, upper, names):
    name = next(word for word in ("will", "stone", "grace") if word in text)
    assert found(text, upper={text.index(name): upper}) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("then Rnaya said so", [("maya", True)]),
        ("then Mannia said so", []),
        ("then Mana said so", [("maria", True)]),
        ("I saw Golcl go", [("gold", False)]),
        ("then Giis said so", [("gus", False)]),
        ("skiing, radii and Hawaii", []),
        ("rn and nn", []),
        ("it will burn", []),
    ],
)
def test_two_letters_may_be_read_for_one_that_looks_like_them_and_one_for_two(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I told stone that it is", [("stone", False)]),
        ("I told mark that it is", [("mark", False)]),
        ("I told a stone that it is", []),
        ("we used vu's way", [("vu", False)]),
        ("we used grace's way", [("grace", False)]),
        ("we used will's way", [("will", False)]),
        ("it was her will's end", []),
        ("we used the stone's way", []),
        ("we used the big stone's way", []),
        ("in stone's cold", []),
        ("she asked will it float", []),
        ("stone's way", []),
        ("on the mark of it", []),
    ],
)
def test_a_small_word_that_would_need_an_article_is_a_name(text, names):
    assert found(text, upper=dict.fromkeys(range(len(text)), 0.0)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It is up. Will the gas get out", [("will", False)]),  # or the girl next to me
        ("It is up. Will they get out", []),
        ("Will I like your idea", [("will", False)]),
        ("Will it work", []),
        ("It is up. Will he see it", []),
        ("It is up. Grace is when you wait", [("grace", False)]),
        ("It is up. Grace is here", [("grace", False)]),
        ("It is up. Grace she saw it", [("grace", False)]),
        ("It is up. Will, the half is it", [("will", False)]),
        ("I was with. Will it was good", [("will", False)]),
        ("Will you are right", [("will", False)]),
        ("Will the half is it", [("will", False)]),  # the line above may have ended with "with"
        ("It is up. Will You and me", [("will", False)]),
        ("May I see it", []),
        ("It is up. Mark the half", [("mark", False)]),
        ("Is it Mr? Stone is here", [("stone", False)]),
        ("It is up. Mr. Stone is here", [("stone", True)]),
        ("It is up. Stone is here", [("stone", False)]),
        ("It is up. Maria the best", [("maria", True)]),
    ],
)
def test_a_word_that_begins_a_sentence_as_no_name_can_is_not_flagged(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I saw it with elnes and then", [("ines", True)]),
        ("elnes's idea", [("ines", True)]),
        ("I saw it with eInes and then", [("ines", True)]),
        ("I like melnes", []),
        ("the cabinets", []),
    ],
)
def test_the_loop_of_a_cursive_i_is_no_letter(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("In our group were Mria and me", [("maria", False)]),
        ("Ask Zo and me", [("zoe", False)]),
        ("Ask lns and me", [("ines", False)]),
        ("Ask mra and me", []),  # no capital
        ("Ask Mra or me", []),
        ("We saw Mra and me", []),
        ("Ask Our and me", []),
        ("Ask Thursday and me", []),
        ("I was with o'hafor all day", [("okafor", False)]),
        ("I saw o'hafor all day", []),
    ],
)
def test_between_with_and_me_there_is_a_name_however_it_was_read(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mark Petrov has it", [("mark", True), ("petrov", True)]),
        ("Will Stone has it", [("stone", True), ("will", True)]),
        ("Grace Okafor has it", [("grace", False), ("okafor", True)]),
        ("Petrov, Mark has it", [("mark", True), ("petrov", True)]),
    ],
)
def test_a_likely_name_beside_a_sure_one_of_the_same_student_is_sure(text, names):
    assert found(text) == names


@pytest.mark.parametrize("link", ["van der", "van", "de la"])
def test_what_links_two_names_of_a_student_goes_with_them(link):
    names = found(f"I asked Zoe {link} Berg")
    assert names == [("berg", True), ("zoe", True), ("zoe", True)]
    assert found("I asked Zoe about the Berg") == [("berg", True), ("zoe", True)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It was Wills turn", [("will", True)]),
        ("Ich nahm Mayas Idee", [("maya", True)]),
        ("Mayas idea is good", [("maya", True)]),
        ("Wills are read", [("will", False)]),
        ("it wills it", []),
        ("I like mayas", []),
    ],
)
def test_an_owner_without_an_apostrophe_is_a_name_where_its_capital_says_so(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ik heb metMaria gewerkt", [("maria", True)]),
        ("I like the ideaMaya had", [("maya", True)]),
        ("At first Mariadid not", [("maria", True)]),
        ("At first Markdid not", [("mark", True)]),
        ("an overGrace in it", [("grace", True)]),
        ("a disgrace in it", []),
    ],
)
def test_a_capital_behind_a_small_letter_begins_a_name(text, names):
    assert found(text) == names


def page_of(text):
    return ReadPage(PageReading("x", (LINE,), (reading_of(text),), too_many=False), SHAPE)


def flag_on(text, word):
    """A flag where a word of the line is."""
    start = text.index(word) / len(text) * 1000 + 100
    box = Box(start / 1200, 0.4, len(word) / len(text) * 1000 / 1200, 0.2)
    return Mark(box, MarkKind.TEXT, "reading", 0.4)


def kept(text, word, common, named=()):
    return drop_common_flags([flag_on(text, word)], page_of(text), TERMS, frozenset(common), frozenset(named)) != ()


def test_words_of_the_class_and_the_task_are_not_flagged():
    assert not kept("the gas goes out", "gas", {"gas"})
    assert kept("the gas goes out", "gas", {"air"})
    assert not kept("Will it float on water", "Will", {"will"})


@pytest.mark.parametrize(
    ("text", "under"), [("Will hat es", "Will h"), ("we saw with Will in it", "Will i"), ("and Mark drew", "d Mark d")]
)
def test_a_place_that_reaches_into_the_next_word_hides_no_verb(text, under):
    assert kept(text, under, {"will", "mark", "hat", "and"})


def test_a_name_stays_flagged_however_many_write_it():
    assert kept("my friend maria is nice", "maria", {"maria"})
    assert kept("Will used the blue one", "Will", {"will"})
    assert kept("we compared with Will, and our lines", "Will", {"will"})
    assert kept("pregunte con Will si flota", "Will", {"will"})
    assert not kept("we think Will it float", "Will", {"will"})
    others = Mark(Box(0.1, 0.4, 0.1, 0.2), MarkKind.PHONE, "reading", 0.5)
    assert drop_common_flags([others], page_of("call me"), TERMS, frozenset({"call", "me"})) == (others,)
    assert drop_common_flags([flag_on("gas", "gas")], None, TERMS, frozenset({"gas"})) != ()


def keep_texts(folder, texts):
    """Readings of pages with those texts; their names."""
    for number, text in enumerate(texts):
        file = io.BytesIO()
        np.savez_compressed(file, texts=np.frombuffer(text.encode(), np.uint8))
        (folder / f"{number}.npz").write_bytes(file.getvalue())
    return [str(number) for number in range(len(texts))]


@pytest.mark.parametrize("word", ["Will", "Grace", "Mark"])
def test_a_word_that_mostly_names_somebody_in_this_class_stays_flagged_but_not_as_a_word(word):
    common = {word.casefold()}
    assert kept(f"{word} in the end", word, common, common)
    assert not kept(f"{word} in the end", word, common)
    assert not kept(f"{word} it the end", word, common, common)
    assert not kept(f"it is {word.casefold()} in it", word.casefold(), common, common)


@pytest.mark.parametrize("word", ["Will", "Grace", "Mark"])
def test_a_word_that_is_told_what_it_means_is_no_name(word):
    common = {word.casefold()}
    assert not kept(f"{word} is when you wait", word, common, common)
    assert kept(f"{word} is in it", word, common)


@pytest.mark.parametrize(
    ("pages", "named"),
    [
        (["Grace is when you are late", "Grace is where it is", "Grace was here"], set()),
        (["Grace drew", "Grace saw grace", "Grace's idea"], {"grace"}),
        (["Will it sink", "Will the gas go", "it will sink and Will said so"], set()),
        (["Mark both", "MARK THIS", "Mark the line with Mark"], set()),
        (["Grace", "3.11.\n\nWill", "with Mark", "The gas"], {"grace", "will", "mark"}),
    ],
)
def test_a_class_shows_whether_a_word_is_a_name_in_it(pages, named, tmp_path):
    common = frozenset({"grace", "will", "mark", "the", "maria"})
    assert find_words_as_names(tmp_path, [*keep_texts(tmp_path, pages), "gone"], TERMS, common) == named


def test_a_word_that_the_task_prints_is_no_name_however_often_it_has_a_capital(tmp_path):
    terms = SearchTerms.of(CLASS, (), (), ["Mark", "both", "on", "the", "line."])
    assert find_words_as_names(tmp_path, keep_texts(tmp_path, ["Mark", "Mark"]), terms, frozenset({"mark"})) == set()


def test_the_words_of_a_class_are_those_of_many_pages(tmp_path):
    pages = keep_texts(tmp_path, ["the gas goes", "a gas is here", "gas and air", "nothing", *[""] * 6])
    assert find_class_words(tmp_path, [*pages, "gone"]) == {"gas"}


@pytest.mark.parametrize(("spaces", "sure"), [(1, True), (2, True), (7, False), (20, False)])
def test_a_word_with_a_capital_that_begins_a_cell_of_a_table_may_be_only_a_word(spaces, sure):
    assert found(f"it goes for{' ' * spaces}Will the half go first") == [("will", sure)]
    assert found(f"it goes up{' ' * spaces}Maria is first") == [("maria", True)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("vu is right about the lamp", [("vu", False)]),  # its capital differs in size alone
        ("the air goes up Mark both ends", [("mark", False)]),  # the full stop may be missing
        ("we asked Mark both times", [("mark", True)]),
        ("Vus hat is red", [("vu", False)]),
        ("WILL: It was the wind", [("will", True)]),
        ("Ask Ok for, and me", [("okafor", False)]),
        ("Good work, Thoe - see me", [("theo", False)]),
    ],
)
def test_what_may_be_a_name_is_flagged(text, names):
    assert found(text) == names


STORY = ("Maya and Grace share with Theo.",)


@pytest.mark.parametrize(
    ("texts", "covered"),
    [
        (("it is not fair. Love, Grace",), ["Grace"]),
        (("Ask for one more. From Maya",), ["Maya"]),
        (("My name is Theo and I ate it",), ["Theo"]),
        (("because I am Theo ha ha",), ["Theo"]),
        (("so I gave one more to her", "Love,", "Grace"), ["Grace"]),
        (("From Maya to Theo it is 3",), []),
        (("I think Maya has more",), []),
        (("Thanks, Maya, for the cake",), []),
        (("This is Maya's piece",), []),
        (("Dear Grace, you have more",), []),
    ],
)
def test_whom_the_task_tells_of_is_the_writer_where_she_signs(texts, covered):
    assert find_on_page(CLASS, *texts, printed=STORY)[0] == covered


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Mayacould add a fight", ["Maya"]),
        ("thats mayas hat", ["mayas"]),
        ("then Mariia is out", ["Mariia"]),
        ("Zoe+Theotme", ["Zoe", "+Theo"]),
        ("I told M4ya", ["M4ya"]),
        ("he marks a page", []),
        ("Grate the theory", []),
    ],
)
def test_a_name_that_is_not_read_quite_as_listed_is_covered(text, covered):
    assert find_on_page(CLASS, text)[0] == covered


WORD_NAMES = Roster(
    tuple(Student(*name.split()) for name in ("Will Banks", "May Chen", "Rose Hill", "Sky Dean", "Jack Wu", "Noor Vo"))
)


@pytest.mark.parametrize(
    ("texts", "covered"),
    [
        (("the heron. Will saw it",), ["Will"]),
        (("Will is my bus partner",), ["Will"]),
        (("he saw a map. Will may have it",), ["Will"]),
        (("then it rained. May did.",), ["May"]),
        (("it was odd. Jack screamed",), ["Jack"]),
        (("so sky, Noor and I sat",), ["sky", "Noor"]),
        (("we went on a very long way up the hill. Rose", "slept on and on"), ["Rose"]),
        (("Will it float? It will.",), []),
        (("May is the fifth month",), []),
        (("In the end. May was hot",), []),
        (("in the evening sky, Noor and I",), ["Noor"]),
        (("we saw a very tall bush by the hill. Rose", "petals are red"), []),
    ],
)
def test_a_word_at_a_sentences_start_is_a_name_where_the_word_cannot_stand(texts, covered):
    assert find_on_page(WORD_NAMES, *texts)[0] == covered


@pytest.mark.parametrize(
    ("texts", "covered"),
    [
        (("Boo", "then Boo said it"), ["Boo"]),
        (("Kiko Okafor", "so Kiko is stubborn", "Kiko says no"), ["Okafor", "Kiko", "Kiko"]),
        (("Teddie", "I think teddie"), []),
        (("Water", "then Water ran"), []),  # printed in the task
        (("Monday", "then Monday came"), []),
        (("Frog", "a frog. Frog is green"), []),  # a word of the page
    ],
)
def test_who_is_named_where_the_task_asks_for_a_name_is_covered_in_the_text_too(texts, covered):
    assert find_on_page(CLASS, *texts, printed=("Pour the water.",), fields=1)[0] == covered


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("I saw Guine then", ["Guine"]),
        ("then Valen was here", ["Valen"]),
        ("and Alej, too", ["Alej"]),
        ("Guine is a word here", []),  # begins the line
        ("so The cake", []),
        ("a guine of it", []),
        ("so Guinever", []),  # one letter less is another way to write it
    ],
)
def test_a_part_of_a_first_name_is_flagged_inside_a_sentence(text, flagged):
    some = Roster(
        (
            Student("Guinevere", "Ode"),
            Student("Valentin", "Ora"),
            Student("Alejandro", "Uhl"),
            Student("Theodora", "Yu"),
        )
    )
    assert [one for one in find_on_page(some, text)[1] if one != "Guinever"] == flagged


ABROAD = Roster(
    tuple(
        Student(*name.split())
        for name in ("Karl Berg", "Deniz Gul", "Roos Visser", "Liv Sol", "Ask Lund", "Kurt Deere")
    )
)
TURKISH = "Yazin deniz cok sicak ve bir gul gibi bu"
DUTCH = "Het is een roos en ik zie het niet"


@pytest.mark.parametrize(
    ("texts", "covered"),
    [
        (["i think karl is right"], ["karl"]),
        (["me and kurt did it"], ["kurt"]),
        (["i agree with deniz because"], ["deniz"]),
        (["ich habe mit karl gerechnet"], ["karl"]),
        (["like roos i used ten"], ["roos"]),
        (["karl berg said so"], ["karl", "berg"]),
        ([TURKISH], []),
        ([TURKISH, "sonra Deniz geldi"], ["Deniz"]),
        ([DUTCH], []),
        ([DUTCH, "ik speel met Roos"], ["Roos"]),
        (["det var sol och jag gick ut som det"], []),
    ],
)
def test_a_word_of_another_language_is_a_name_unless_the_page_is_written_in_it(texts, covered):
    assert find_on_page(ABROAD, *texts)[0] == covered
