"""Essays without a task: split at the pages that carry a name, and what a person decides about a boundary."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from mssw.core.decision import Decisions, PageDecision
from mssw.core.essay_rules import PageHead
from mssw.core.page import MarkKind
from mssw.names.student import Roster, Student
from mssw.preparing.essays import MAYBE_NAME, TWO_WRITERS, UNSIGNED, cover_head, settle_addressees
from mssw.preparing.kept_readings import PageReading
from mssw.review import acts
from mssw.review.reviewed_set import ReviewedSet, describe_page
from mssw.vision.assignment import find_clear_student
from mssw.vision.text_lines import Line
from mssw.workset.decisions import changed_responses
from mssw.workset.prepared_state import NamedBy, prepared_state
from mssw.workset.sightings import Sighting, write_state
from support.handwritten import blank_page, draw
from support.read_lines import WANTED, reading_of
from support.sightings import fates, group, sighting, workset

assert workset  # a fixture
CLASS = Roster((Student("Maya", "Tran"), Student("Zoe", "Diaz"), Student("Will", "Okafor")), ())
HEAD = PageHead(named=False, number=None, is_headed=False, is_unread=False, goes_on=False, is_full=True)


def page(at, writer=None, **more):
    costs = tuple(0.1 if place == writer else 2.5 for place in range(3)) if writer is not None else ()
    head = replace(HEAD, named=writer is not None, **more)
    return sighting(at, None, name_costs=costs, head=head)


STACK = [page(1, 0), page(2, 0, number=2), page(3, is_headed=True), page(4), page(5, 1)]


def grouped(workset, decisions=None, stack=STACK):
    return group(workset, stack, None, None, decisions or Decisions(), roster=CLASS)


def pages_of(done):
    return [one.pages for one in done.responses]


def test_a_stack_is_split_where_a_page_carries_a_name(workset):
    done = grouped(workset)
    assert pages_of(done) == [("s01-p0001", "s01-p0002"), ("s01-p0003", "s01-p0004"), ("s01-p0005",)]
    assert fates(done) == ["held", "held", "held", "held", "kept"]
    assert [page.boundary for page in done.pages] == ["sure", "sure", "unsure", "sure", "sure"]
    assert "3 responses; 1 place is not sure" in done.notes[0]


def test_a_page_that_could_not_be_read_holds_its_response(workset):
    lost = Sighting(replace(sighting(2, None).page, sha256=""), "", fault="it could not be read")
    done = grouped(workset, stack=[STACK[0], lost, STACK[4]])
    assert fates(done) == ["held", "held", "kept"]


@pytest.mark.parametrize(("cut", "pages"), [("join", 4), ("split", 2)])
def test_what_a_person_decided_is_applied_and_survives(workset, cut, pages):
    decisions = Decisions({"hash 3": PageDecision(cut=cut)})
    done = grouped(workset, Decisions.from_json(decisions.to_json()))
    assert len(done.responses[0].pages) == pages
    assert fates(done)[:2] == ["kept", "kept"]
    assert done.pages[2].boundary == "sure"


def test_a_decision_is_kept_only_where_it_says_something():
    assert "cut" not in PageDecision().to_json()
    with pytest.raises(ValueError, match="joined with the one before"):
        PageDecision.from_json(PageDecision().to_json() | {"cut": "tear"})


def reviewed_set(workset):
    done = grouped(workset)
    works = [replace(one, alias=alias) for one, alias in zip(done.responses, ("Ada", "Bo", "Cy"), strict=True)]
    workset.private.mkdir(exist_ok=True)
    write_state(workset, done.pages, works, ())
    (workset.root / "set.toml").write_text('version = 1\ntitle = "Essays"\n')
    state = prepared_state(workset)
    return ReviewedSet(state, Decisions(), state.page_by_id, {one: work for work in state.works for one in work.pages})


def test_review_shows_both_pages_and_one_act_joins_splits_and_leaves_open(workset):
    reviewed = reviewed_set(workset)
    shown = describe_page(reviewed, "s01-p0003")["boundary"]
    assert shown == {"before": "s01-p0002", "starts": True, "sure": False, "cut": ""}
    assert describe_page(reviewed, "s01-p0001")["boundary"] is None
    joined = acts.cut_before(reviewed, "s01-p0003", "join")
    assert describe_page(joined, "s01-p0003")["boundary"]["cut"] == "join"
    assert changed_responses(joined.state, joined.decisions) == {"Ada", "Bo"}
    again = acts.cut_before(joined, "s01-p0003", "")
    assert changed_responses(again.state, again.decisions) == set()


# What a page's head and a letter's signature say

TEXT = [(f"we would like to have more trees in our park {n}", 150, 420 + 60 * n) for n in range(5)]
CLOSING, SIGNED = (150, 800), (170, 866)


def seen(*written):
    """What was seen on a page of a stack of essays on which these texts are written, each at its place."""
    flat, lines = blank_page(), []
    for text, x, y in written:
        left, top, right, bottom = draw(flat, text, x, y, size=38)
        lines.append(Line((left + right) / 2, (top + bottom) / 2, right - left + 14, bottom - top + 10, 0.0))
    reading = PageReading("", tuple(lines), tuple(reading_of(text) for text, *_ in written), too_many=False)
    return cover_head(sighting(1, None), reading, WANTED, flat, flat < 128)


def clear_student(one):
    return find_clear_student(np.array(one.name_costs, np.float64))


@pytest.mark.parametrize("date", ["May 4", "4 May", "October 3rd", "May4", "5/4/26", "4th of May"])
@pytest.mark.parametrize("greeting", ["Dear Mayor Ellison,", "To the Mayor,", "Dear Aisha,"])
def test_a_letter_under_a_date_is_its_signers_and_nothing_at_its_head_is_covered(date, greeting):
    page = seen((date, 150, 120), (greeting, 150, 330), *TEXT, ("Sincerely,", *CLOSING), ("Maria Lopez", *SIGNED))

    assert page.doubts == ()
    assert (page.head.named, page.head.greets, page.head.signed) == (False, True, True)
    assert clear_student(page) == 0
    [cover] = page.covers
    assert cover.kind is MarkKind.FIELD
    assert cover.box.y > 0.5


@pytest.mark.parametrize(
    "end",
    [
        [("Sincerely,", *CLOSING), ("Maria", *SIGNED), ("P.S. William says hi", 150, 960)],
        [("Love, Maria Lopez", *CLOSING)],
        [("Yourstruly", *CLOSING), ("Maria L", *SIGNED)],
    ],
    ids=["above a postscript", "beside its closing", "under a closing read as one word"],
)
def test_a_signature_is_read_in_all_its_forms(end):
    page = seen(("Dear Mayor,", 150, 330), *TEXT, *end)

    assert page.head.signed
    assert clear_student(page) == 0


@pytest.mark.parametrize(
    "end",
    [
        [("Sincerely,", *CLOSING), ("Maria and Aisha", *SIGNED)],
        [("Thanks,", *CLOSING), ("Maria", *SIGNED), ("helped us to plant all of the trees", 150, 940)],
        [("Sincerely,", *CLOSING), ("Abraham Lincoln", *SIGNED)],
        [("Maria", *SIGNED)],
    ],
    ids=["of two", "text goes on", "of nobody in the class", "without a closing"],
)
def test_a_signature_that_is_not_clearly_one_students_says_nothing(end):
    page = seen(("Dear Mayor,", 150, 330), *TEXT, *end)

    assert not page.head.signed
    assert clear_student(page) is None


def test_a_head_and_a_signature_of_two_students_wait():
    end = [("Sincerely,", *CLOSING), ("Maria Lopez", *SIGNED)]

    assert seen(("Aisha Okafor", 150, 120), *TEXT, *end).doubts == (TWO_WRITERS,)
    assert seen(("Maria Lopez", 150, 120), *TEXT, *end).doubts == ()


@pytest.mark.parametrize("title", ["The secret door", "Pollution", "April"])
def test_a_title_is_in_doubt_only_where_nobody_is_named(title):
    named = seen(("Maria Lopez", 800, 60), (title, 400, 200), *TEXT)
    bare = seen((title, 400, 200), *TEXT)

    assert named.doubts == ()
    assert len(named.covers) == 1
    assert bare.doubts == (MAYBE_NAME,)
    assert len(bare.covers) == 1


WIDE_TITLE = "The long way over my side of the mountain"


@pytest.mark.parametrize("byline", ["by Maria", "By: Maria Lopez", "Written by Maria Lopez", "Maria Lopez"])
def test_a_name_below_a_wide_title_is_the_writers(byline):
    page = seen(
        (WIDE_TITLE, 150, 120),
        (byline, 400, 200),
        *TEXT,
        ("and all of it would cost us quite a lot of money in the end", 150, 800),
    )

    assert page.head.named
    assert clear_student(page) == 0
    assert page.doubts == ()


@pytest.mark.parametrize(
    "title", ["Who is William?", "My brother William", "The day William left", "William the Brave", "Okafor's garden"]
)
@pytest.mark.parametrize("byline", ["by Maria Lopez", "written by Maria", "Maria Lopez"])
def test_of_two_names_at_a_head_the_one_among_other_words_is_a_title(title, byline):
    page = seen((title, 400, 120), (byline, 400, 200), *TEXT)

    assert page.head.named
    assert clear_student(page) == 0


@pytest.mark.parametrize("title", ["Who is William?", "My brother William", "The day William left"])
def test_a_title_with_a_name_alone_names_no_writer(title):
    assert clear_student(seen((title, 400, 120), *TEXT)) is None


@pytest.mark.parametrize("title", ["William", "Stone", "William Stone", "My brother William"])
def test_a_title_is_not_the_writer_where_another_student_signs_below_the_text(title):
    page = seen((title, 400, 120), *TEXT, ("Maria Lopez", 700, 800))
    assert clear_student(page) in {None, 0}
    assert clear_student(page) == 0 or page.doubts


@pytest.mark.parametrize(
    "above",
    [
        [TEXT[0][0]],  # a full line of text goes on with the name
        [WIDE_TITLE, WIDE_TITLE, WIDE_TITLE],
    ],
)
def test_a_full_name_in_the_text_is_no_byline(above):
    lines = [(text, 150, 120 + 60 * row) for row, text in enumerate(above)]
    page = seen(*lines, ("Maria Lopez", 150, 120 + 60 * len(above)), *TEXT)

    assert not page.head.named


def test_what_stands_far_below_the_text_is_not_its_end():
    foot = ("we gave the whole of it four of the five stars", 150, 1300)
    assert seen(*TEXT, foot).head.is_full is False
    assert seen(*((text, x, y + 60 * 5 * n) for n in range(3) for text, x, y in TEXT), foot).head.is_full is True


def test_a_date_alone_does_not_join_a_page_to_the_one_before():
    page = seen(("May 4", 150, 120), *TEXT)

    assert page.doubts == ()
    assert page.head.is_headed


# Whom a card is for

CARD = [(f"for helping me with my math and with the trees {n}", 150, 420 + 60 * n) for n in range(3)]
ADDRESSEE = (400, 200)


def card(*head, end):
    return seen(*head, *CARD, *end)


@pytest.mark.parametrize(
    "head",
    [
        [("Thank you", 300, 100), ("Aisha!", *ADDRESSEE)],
        [("Thank you Aisha", 300, 100)],
        [("Aisha,", *ADDRESSEE)],
        [("Happy Birthday to my friend", 300, 100), ("Aisha Okafor", *ADDRESSEE)],
        [("To Aisha", 300, 100)],
        [("Feliz cumpleaños", 300, 100), ("Aisha", *ADDRESSEE)],
        [("DEARAISHA,", 300, 100)],
        [("Gute Besserung", 300, 100), ("Aisha", *ADDRESSEE)],
    ],
    ids=["thanks", "thanks on one line", "called", "birthday", "to", "Spanish", "glued", "German"],
)
@pytest.mark.parametrize("closing", ["Your friend", "Love,", "from"])
def test_a_card_is_its_signers_and_never_of_whom_it_is_for(head, closing):
    page = card(*head, end=[(closing, *CLOSING), ("Maria Lopez", *SIGNED)])

    assert page.doubts == ()
    assert (page.head.named, page.head.greets, page.head.signed) == (False, True, True)
    assert clear_student(page) == 0


@pytest.mark.parametrize(
    "end",
    [
        [],
        [("Maria", *SIGNED)],
        [("Love,", *CLOSING), ("Mxqz", *SIGNED)],
        [("Love,", *CLOSING), ("Aisha and Maria", *SIGNED)],
    ],
    ids=["nothing", "without a closing", "that nobody can read", "by two"],
)
def test_a_card_without_a_clear_signature_is_nobodys(end):
    page = card(("Thank you", 300, 100), ("Aisha!", *ADDRESSEE), end=end)

    assert clear_student(page) is None
    assert not page.head.signed
    assert page.name_costs == (math.inf,) * WANTED.students  # and the text of a typed page says no more


@pytest.mark.parametrize(
    "end",
    [
        [("Love,", *CLOSING), ("Maria Lopez", *SIGNED)],
        [("Love,", *CLOSING), ("Mxqz", *SIGNED)],
        [("Maria Lopez", *SIGNED)],
    ],
    ids=["another", "that nobody can read", "another without a closing"],
)
def test_a_head_whose_student_does_not_sign_names_nobody(end):
    page = card(("Aisha Okafor", 150, 100), end=end)

    assert page.doubts == (TWO_WRITERS,)
    assert page.name_costs == (math.inf,) * WANTED.students


@pytest.mark.parametrize("end", [[("Love,", *CLOSING), ("Aisha", *SIGNED)], [("Aisha Okafor", *SIGNED)]])
def test_a_head_whose_student_signs_is_hers(end):
    page = card(("Aisha Okafor", 150, 100), end=end)

    assert page.doubts == ()
    assert clear_student(page) == 2


def signed_by_another(place):
    """A page of a class on which the head and the signature name two."""
    one = card(("Aisha Okafor", 150, 100), end=[("Love,", *CLOSING), ("Maria Lopez", *SIGNED)])
    return replace(one, page=replace(one.page, id=f"p{place}"))


def test_where_most_are_signed_by_others_no_head_names_the_writer():
    bare = card(("William Stone", 150, 100), end=[])
    own = card(("William Stone", 150, 100), end=[("Love,", *CLOSING), ("William", *SIGNED)])

    settled = settle_addressees([*map(signed_by_another, range(3)), own, bare])

    assert [clear_student(page) for page in settled] == [0, 0, 0, 1, None]
    assert [page.doubts for page in settled] == [(), (), (), (), (UNSIGNED,)]
    assert all(page.head.greets and not page.head.named for page in settled)
    assert [page.named_by for page in settled] == [NamedBy.SIGNATURE] * 4 + [NamedBy.NOTHING]


def test_where_few_are_the_heads_count_and_those_wait():
    own = card(("William Stone", 150, 100), end=[("Love,", *CLOSING), ("William", *SIGNED)])

    pages = [*map(signed_by_another, range(3)), own, own, own]
    assert settle_addressees(pages) == pages
    assert settle_addressees(pages[:2]) == pages[:2]


def test_a_chapter_called_after_a_classmate_is_known_by_where_its_title_stands():
    chapters = [
        seen(("Aisha", 600, 200), *TEXT).head,
        seen(("Chapter 2", 580, 100), ("Aisha", 600, 200), *TEXT).head,
        seen(("Aisha", 150, 200), *TEXT).head,
    ]
    heading = seen(("Maria Lopez", 150, 60), ("The Big Storm", 500, 200), *TEXT).head
    by_itself = seen(("Maria Lopez", 150, 60), *TEXT).head

    assert all(chapter.is_like_title for chapter in chapters)
    assert not heading.is_like_title
    assert not by_itself.is_like_title
