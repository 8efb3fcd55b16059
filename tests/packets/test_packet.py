import hashlib
import json
import os
import stat

import pikepdf
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from mssw.auditing.one_file import Finding, audit_file
from mssw.auditing.run_audit import audit_path
from mssw.cli.command import command
from mssw.cli.packet import packet
from mssw.core.paper import (
    OWN_TO_KEEP,
    Layout,
    Part,
    arrange_sections,
    find_kept,
    first_pages,
    plan_packet,
    sections_of,
    sheets,
)
from mssw.errors import FindingsError, StepMissingError, UnreadableError, UsageError
from mssw.intro.questions import Introduction
from mssw.packets.bind_packet import bind_packet
from mssw.packets.checklist import SetState, checklist
from mssw.packets.packet_options import PacketOptions
from mssw.printing.print_words import read_words
from mssw.printing.template_files import print_templates
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Placing, Sorting
from mssw.workset.folder import WorkSet, read_json, write_json
from mssw.workset.settings import Settings
from support.made_up_set import ALIASES, give_roster, make_set

NO_LIST = (
    "there is no class list in private/, so mssw did not search for names. Check your own words in the packet again."
)
pages = st.integers(1, 5)
samples = st.lists(pages, min_size=1, max_size=30).map(lambda counts: [(f"A{i}", n) for i, n in enumerate(counts)])
lengths = st.fixed_dictionaries(
    {Part.COVER: st.just(1), Part.INTRODUCTION: pages, Part.TASK: st.integers(0, 4), Part.NOTES: pages},
    optional={Part.AGENDA: pages, Part.NORMS: st.integers(0, 1)},
)
plans = st.builds(sections_of, samples, lengths)
shapes = st.sampled_from([(Layout.SINGLE, True), (Layout.SINGLE, False), (Layout.TWO_UP, True), (Layout.TWO_UP, False)])


# The plan ---------------------------------------------------------------------------------------------


@given(plans, st.one_of(shapes, st.just((Layout.BOOKLET, True))))
def test_every_page_is_planned_once_and_in_order(sections, shape):
    plan = plan_packet(sections, layout=shape[0], two_sided=shape[1])
    printed = [(side.section, side.page) for side in plan if side.section]
    assert printed == [(section, page) for section in sections for page in range(1, section.pages + 1)]
    assert [side.number for side in plan] == list(range(1, len(plan) + 1))


@given(plans)
def test_two_sided_task_samples_and_what_is_kept_start_on_the_right_and_no_side_is_wasted(sections):
    plan = plan_packet(sections, two_sided=True)
    kept = next((section for section in sections if section.part in OWN_TO_KEEP), None)
    on_the_right = [
        side
        for side in plan
        if side.page == 1 and (side.section.part in {Part.TASK, Part.SAMPLE} or side.section is kept)
    ]
    assert all(side.number % 2 == 1 for side in on_the_right)
    assert len(plan) % 2 == 0  # so the next copy starts on a sheet of its own
    blanks = [place for place, side in enumerate(plan) if side.section is None]
    assert all(place + 1 == len(plan) or plan[place + 1] in on_the_right for place in blanks)
    assert sheets(len(plan), two_sided=True) <= sum(-(-section.pages // 2) for section in sections)


@given(plans)
def test_one_sided_nothing_is_left_blank(sections):
    assert all(side.section for side in plan_packet(sections, two_sided=False))


@given(plans)
def test_in_an_open_booklet_and_two_up_the_pages_of_a_work_lie_side_by_side(sections):
    for layout, left in ((Layout.BOOKLET, 0), (Layout.TWO_UP, 1)):
        plan = plan_packet(sections, two_sided=True, layout=layout)
        starts = [side for side in plan if side.page == 1 and side.section.pages > 1]
        assert all(side.number % 2 == left for side in starts)
        assert len(plan) % 4 == 0
        assert (
            sum(side.section is None for side in plan) <= len(sections) + 6
        )  # before each, before what is kept, and at the end


@given(plans, st.one_of(shapes, st.just((Layout.BOOKLET, True))))
def test_no_other_order_of_norms_and_own_pages_would_save_paper(sections, shape):
    best = arrange_sections(sections, layout=shape[0], two_sided=shape[1])
    assert sorted(best, key=sections.index) == sections  # every section once
    fixed = [section for section in best if section.part not in OWN_TO_KEEP]
    assert fixed == [section for section in sections if section.part not in OWN_TO_KEEP]
    usual, arranged = (plan_packet(one, layout=shape[0], two_sided=shape[1]) for one in (sections, best))
    assert len(arranged) <= len(usual)
    first = find_kept(arranged)
    assert all(side.section is None or side.section.part in OWN_TO_KEEP for side in arranged[first - 1 :] if first)


@pytest.mark.parametrize(
    ("layout", "agenda", "paper"), [(Layout.BOOKLET, 0, 8), (Layout.TWO_UP, 2, 9), (Layout.TWO_UP, 4, 9)]
)
def test_a_page_of_norms_takes_the_place_of_a_blank_one(layout, agenda, paper):
    lengths = {Part.COVER: 1, Part.INTRODUCTION: 1, Part.TASK: 2, Part.NOTES: 2, Part.CHART: 1, Part.NORMS: 1}
    sections = sections_of([(f"A{number}", 2) for number in range(12)], lengths | {Part.AGENDA: agenda})
    plan = plan_packet(arrange_sections(sections, two_sided=True, layout=layout), two_sided=True, layout=layout)
    last = max(side.number for side in plan if side.section)
    assert all(side.section for side in plan[:last])
    assert len(plan) == 4 * paper


def test_the_parts_come_in_the_order_in_which_a_colleague_meets_them():
    every = dict.fromkeys(Part, 1) | {Part.TASK: 2}
    sections = sections_of([("Bo", 2)], every)
    assert [section.part for section in sections] == list(Part)
    assert first_pages(plan_packet(sections, two_sided=True))[Part.SAMPLE, "Bo"] == 5


def test_a_packet_without_a_blank_task_has_no_section_for_it():
    assert Part.TASK not in [section.part for section in sections_of([("Bo", 2)], {Part.COVER: 1, Part.TASK: 0})]


def test_the_checklist_ticks_only_what_is_true(snapshot):
    state = SetState(
        samples=10,
        chosen=False,
        unseen=("Andrea", "Bo"),
        held=1,
        task_pages=2,
        unanswered=("The aim",),
        copies=8,
        sheets=14,
        paper="Letter",
        two_sided=True,
        blanks_on_cover=("date",),
        printing=True,
    )
    lines = [
        f"[{'x' if item.done else ' '}] {item.what} {item.remark}".rstrip()
        for _, items in checklist(state, read_words("en-US"))
        for item in items
    ]
    assert "\n".join(lines) == snapshot


# A made-up work set -----------------------------------------------------------------------------------


@pytest.fixture
def workset(tmp_path):
    return make_set(tmp_path / "air")


def texts(workset: WorkSet) -> list[str]:
    return [page.get_text() for page in pymupdf.open(workset.packet)]


def choose(workset: WorkSet, *aliases: str) -> None:
    rows = [{"alias": alias, "pile": "volcano", "level": "zenith", "reason": "first"} for alias in aliases]
    write_json(workset.samples, {"samples": rows}, private=False)


# What is bound ----------------------------------------------------------------------------------------


def test_the_packet_holds_cover_introduction_task_samples_and_notes_in_that_order(workset):
    report = bind_packet(workset, PacketOptions())
    pages = texts(workset)
    assert report.pages == len(pages) == 1 + 1 + 2 + 10 * 2 + 2 + 1 + 1
    assert "Massive air" in pages[0]
    assert pages[1].startswith("Introduction")
    assert pages[2].split("\n")[0] == "The blank task page 1 of 2 · Massive air"
    assert pages[4].split("\n")[:2] == ["Andrea page 1 of 2 · Massive air", "Page 5"]
    assert pages[23].split("\n")[:2] == ["Jun page 2 of 2 · Massive air", "Page 24"]
    assert pages[24].startswith("Notes")
    assert pages[26].startswith("Learning gaps")
    assert pages[27].startswith("Norms")
    assert report.remarks == ("no samples are chosen yet, so all 10 responses are printed.", NO_LIST)


def test_the_cover_tells_where_each_sample_starts(workset):
    bind_packet(workset, PacketOptions())
    cover = texts(workset)[0].split()
    assert cover[cover.index("Andrea") + 1] == "5"
    assert cover[cover.index("Jun") + 1] == "23"


def test_every_image_of_every_sample_is_bound_once(workset):
    bind_packet(workset, PacketOptions())
    with pikepdf.open(workset.packet) as packet:
        bound = [
            page.obj.Resources.XObject.Im0.read_raw_bytes() for page in packet.pages if "/XObject" in page.obj.Resources
        ]
    given = []
    for path in [workset.task, *sorted(workset.work.iterdir())]:
        with pikepdf.open(path) as pdf:
            given += [page.obj.Resources.XObject.Im0.read_raw_bytes() for page in pdf.pages]
    assert bound == given


def test_long_answers_take_the_pages_they_need_and_the_page_numbers_follow(tmp_path):
    answer = "The class had worked with air and a simple balance for two weeks. " * 32  # some 400 words
    workset = make_set(tmp_path / "air", intro=Introduction((answer,) * 4, ("before", "alone", "", "books")))
    bind_packet(workset, PacketOptions())
    pages = texts(workset)
    cover = pages[0].split()
    first, notes = int(cover[cover.index("Andrea") + 1]), int(cover[cover.index("write") + 2])
    assert sum(page.count("simple balance") for page in pages) == 4 * 32
    assert first > 5
    assert pages[first - 1].startswith("Andrea page 1 of 2")
    assert pages[notes - 1].startswith("Notes")
    assert f"Page {notes}" in pages[notes - 1]


def test_chosen_samples_alone_are_printed_and_their_pile_and_level_never(workset):
    choose(workset, "Gali", "Bo", "Andrea")
    report = bind_packet(workset, PacketOptions())
    assert report.samples == ("Andrea", "Bo", "Gali")  # the order of aliases says nothing about them
    assert report.remarks == (NO_LIST,)
    everything = " ".join(texts(workset))
    assert "volcano" not in everything
    assert "zenith" not in everything
    assert "Camille" not in everything


def test_all_prints_every_work_although_some_are_chosen(workset):
    choose(workset, "Bo")
    assert len(bind_packet(workset, PacketOptions(all_works=True)).samples) == 10


def test_unseen_works_are_told_on_the_cover(tmp_path):
    workset = make_set(tmp_path / "air", unseen=("Andrea", "Bo", "Dani"))
    assert bind_packet(workset, PacketOptions(unreviewed=True)).unseen == ("Andrea", "Bo", "Dani")
    assert "Nobody has checked 3 of these 10 samples page by page yet" in " ".join(texts(workset)[0].split())


def test_a_cover_with_nothing_unseen_says_nothing_of_it(workset):
    bind_packet(workset, PacketOptions())
    cover = " ".join(texts(workset)[0].split())
    assert "Nobody has checked" not in cover
    assert "page by page" not in cover
    assert "Handwriting can still show who a student is" in cover


def test_session_and_date_come_from_the_options_before_the_settings(tmp_path):
    workset = make_set(tmp_path / "air", settings=Settings(title="Air", session="C", date="1 May"))
    bind_packet(workset, PacketOptions(session="b"))
    cover = texts(workset)[0]
    assert "B · learning gaps" in cover
    assert "1 May" in cover


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
@pytest.mark.parametrize("two_sided", [True, False])
def test_every_page_has_the_papers_size(workset, paper, size, two_sided):
    report = bind_packet(workset, PacketOptions(paper=paper, two_sided=two_sided))
    with pymupdf.open(workset.packet) as pdf:
        assert {(round(page.rect.width), round(page.rect.height)) for page in pdf} == {size}
    assert report.sheets == (14 if two_sided else 28)


def test_titles_of_any_length_and_script_are_set(tmp_path):
    title = "Không khí có khối lượng không? " * 8
    workset = make_set(tmp_path / "air", settings=Settings(title=title, grade="Lớp 5, देवनागरी, 汉字, عربى"))
    report = bind_packet(workset, PacketOptions())
    assert "عربى" in texts(workset)[0] or "عربى"[::-1] in texts(workset)[0]
    assert "khối lượng" in texts(workset)[0]
    assert report.pages == 28


def test_one_work_on_one_page_makes_a_packet(tmp_path):
    workset = make_set(tmp_path / "air", ["Bo"], pages=1, task=False)
    report = bind_packet(workset, PacketOptions(two_sided=False))
    assert (report.pages, report.task_pages) == (6, 0)
    assert report.remarks == ("no samples are chosen yet, so the only response is printed.", NO_LIST)


def test_eight_copies_weigh_hardly_more_than_one_and_repeat_it(tmp_path):
    workset = make_set(tmp_path / "air", noise=60)  # images of 50 kB: small for a scan
    bind_packet(workset, PacketOptions())
    one, once = workset.packet.stat().st_size, texts(workset)
    bind_packet(workset, PacketOptions(copies=8))
    assert workset.packet.stat().st_size < 1.1 * one
    assert texts(workset) == once * 8


@pytest.mark.usefixtures("drawn_anew")
def test_the_same_set_gives_the_same_bytes(workset):
    bind_packet(workset, PacketOptions(copies=2))
    before = {path: path.read_bytes() for path in (workset.packet, workset.checklist, workset.manifest)}
    bind_packet(workset, PacketOptions(copies=2))
    assert before == {path: path.read_bytes() for path in before}


def test_the_manifest_lists_the_packet_once(workset):
    bind_packet(workset, PacketOptions())
    bind_packet(workset, PacketOptions(copies=3))
    (entry,) = [file for file in read_json(workset.manifest)["files"] if file["path"] == "packet.pdf"]
    assert entry["sha256"] == hashlib.sha256(workset.packet.read_bytes()).hexdigest()
    assert entry["pages"] == 3 * 28


def test_the_checklist_stands_in_private_and_tells_what_is_left(tmp_path):
    workset = make_set(tmp_path / "air", unseen=("Andrea",))
    bind_packet(workset, PacketOptions(unreviewed=True))
    text = " ".join(pymupdf.open(workset.checklist)[0].get_text().split())
    assert "Check every page of 1 response: Andrea." in text
    assert "Fill in on the cover: session, date." in text
    if os.name == "posix":
        assert stat.S_IMODE(workset.checklist.stat().st_mode) == 0o600


def test_a_set_whose_private_folder_was_deleted_still_prints(workset):
    workset.private.rmdir()
    assert bind_packet(workset, PacketOptions()).written


def test_a_dry_run_tells_the_same_and_writes_nothing(workset):
    before = sorted(path for path in workset.root.rglob("*") if path.is_file())
    report = bind_packet(workset, PacketOptions(dry_run=True))
    assert (report.pages, report.written) == (28, False)
    assert sorted(path for path in workset.root.rglob("*") if path.is_file()) == before


# What is refused --------------------------------------------------------------------------------------


def test_held_works_stop_the_packet_unless_it_goes_without_them(tmp_path):
    workset = make_set(tmp_path / "air", held=2)
    with pytest.raises(StepMissingError, match=r"2 responses are on hold .*mssw review.*--without-held"):
        bind_packet(workset, PacketOptions())
    report = bind_packet(workset, PacketOptions(without_held=True))
    assert report.held == 2
    assert "2 responses are on hold and not printed." in report.remarks


def test_works_that_nobody_looked_at_stop_the_packet_unless_it_is_to_say_so(tmp_path):
    workset = make_set(tmp_path / "air", unseen=("Andrea", "Bo"))
    with pytest.raises(StepMissingError, match=r"nobody has checked 2 of the 10 responses .*mssw review.*--unreviewed"):
        bind_packet(workset, PacketOptions())
    assert not workset.packet.exists()


def test_works_that_are_not_printed_need_not_have_been_looked_at(tmp_path):
    workset = make_set(tmp_path / "air", unseen=("Andrea", "Bo"))
    choose(workset, "Gali", "Hana")
    assert bind_packet(workset, PacketOptions()).unseen == ()


def test_a_chosen_work_that_was_set_aside_while_sorting_since_stops_the_packet(workset):
    choose(workset, "Bo", "Gali")
    with workset.locked():
        keep_sorting(workset, Sorting(works={"Bo": Placing(aside="identifies someone")}))
    with pytest.raises(StepMissingError, match=r"you chose Bo, but then set it aside while sorting.*mssw choose"):
        bind_packet(workset, PacketOptions())


def test_more_than_twelve_works_have_to_be_chosen_from(tmp_path):
    workset = make_set(tmp_path / "air", ALIASES[:13], pages=1)
    with pytest.raises(StepMissingError, match=r"has 13 responses.*mssw choose.*--all"):
        bind_packet(workset, PacketOptions())
    assert not workset.packet.exists()
    assert len(bind_packet(workset, PacketOptions(all_works=True)).samples) == 13


def test_a_set_without_work_is_told_to_prepare(tmp_path):
    workset = make_set(tmp_path / "air", [])
    with pytest.raises(StepMissingError, match="mssw prepare"):
        bind_packet(workset, PacketOptions())
    workset.manifest.unlink()
    with pytest.raises(StepMissingError, match="mssw prepare STACK"):
        bind_packet(workset, PacketOptions())


def test_a_chosen_work_that_is_gone_stops_the_packet(workset):
    choose(workset, "Bo", "Zola")
    with pytest.raises(StepMissingError, match=r"samples\.json lists Zola, which cannot be shown now.*mssw choose"):
        bind_packet(workset, PacketOptions())


def test_a_work_changed_since_its_audit_is_not_printed(workset):
    path = workset.work / "Bo.pdf"
    path.write_bytes(path.read_bytes() + b"%")
    with pytest.raises(UnreadableError, match=r"Bo\.pdf is not the file that passed the audit"):
        bind_packet(workset, PacketOptions())
    path.unlink()
    with pytest.raises(UnreadableError, match=r"Bo\.pdf cannot be read"):
        bind_packet(workset, PacketOptions())


@pytest.mark.parametrize("text", ["{", "[]", '{"works": [{}], "held_works": 0}', '{"works": 3, "held_works": 0}'])
def test_a_damaged_manifest_is_told(workset, text):
    workset.manifest.write_text(text)
    with pytest.raises(UnreadableError, match=r"manifest\.json is damaged"):
        bind_packet(workset, PacketOptions())


def test_an_introduction_that_is_no_text_is_told(workset):
    workset.intro.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableError, match=r"intro\.md is not UTF-8"):
        bind_packet(workset, PacketOptions())


def test_a_set_without_an_introduction_gets_lines_to_write_on(workset):
    workset.intro.unlink()
    assert bind_packet(workset, PacketOptions()).unanswered == (
        "The task",
        "The directions",
        "Before the task",
        "The aim",
    )


@pytest.mark.parametrize("options", [PacketOptions(copies=0), PacketOptions(copies=999), PacketOptions(paper="a5")])
def test_options_that_make_no_sense_are_refused(workset, options):
    with pytest.raises(UsageError):
        bind_packet(workset, options)


@pytest.mark.parametrize(
    ("settings", "intro", "where"),
    [
        (
            Settings(title="Air"),
            Introduction(("", "", "Oluwaseun had read it.", "")),
            "intro.md under “Before the task”",
        ),
        (Settings(title="Air"), Introduction(facts=("", "with ADEYEMI", "", "")), "intro.md under “Who”"),
        (Settings(title="The work of Oluwaseun Adeyemi"), None, "the title"),
        (  # a teacher's own name is printed on the cover, but her words still name the student
            Settings(title="Air", presenting_teachers=("Priya Okafor",)),
            Introduction(("", "", "Priya had read it.", "")),
            "intro.md under “Before the task”",
        ),
    ],
)
def test_a_students_name_in_the_teachers_words_stops_the_packet(tmp_path, settings, intro, where):
    workset = make_set(tmp_path / "air", settings=settings, intro=intro)
    give_roster(workset)
    with pytest.raises(FindingsError) as error:
        bind_packet(workset, PacketOptions())
    assert where in str(error.value)
    assert "adeyemi" not in str(error.value).casefold()
    assert not workset.packet.exists()
    assert not workset.checklist.exists()


def test_a_packet_that_fails_its_audit_is_not_written(workset, monkeypatch):
    asked = []

    def audit(name, data, spellings, **_):
        asked.append((name, data[:5], spellings))
        return [Finding("packet.pdf", 3, "it has a comment in it")]

    monkeypatch.setattr("mssw.auditing.one_file.audit_file", audit)
    before = workset.manifest.read_bytes()
    with pytest.raises(FindingsError, match=r"packet\.pdf, page 3: it has a comment in it"):
        bind_packet(workset, PacketOptions())
    assert asked == [("packet.pdf", b"%PDF-", ())]
    assert not workset.packet.exists()
    assert not workset.checklist.exists()
    assert workset.manifest.read_bytes() == before


def test_several_names_in_one_pair_of_quotes_are_told(tmp_path):
    settings = Settings(title="Air", presenting_teachers=("M. Rivera, O. Adeyemi",))
    workset = make_set(tmp_path / "air", settings=settings)
    give_roster(workset)
    with pytest.raises(UsageError, match=r"name 1 in presenting_teachers in set\.toml includes .* several names"):
        bind_packet(workset, PacketOptions())


def test_a_printing_says_which_files_of_the_last_one_it_took_away(workset):
    bind_packet(workset, PacketOptions(colleagues=("J. Okafor", "L. Tran"), separate=True))
    told = " ".join(bind_packet(workset, PacketOptions()).remarks)
    assert "packet-1-j-okafor.pdf and packet-2-l-tran.pdf from an earlier packet were deleted." in told


def test_a_teacher_may_share_a_name_with_a_student(workset):
    give_roster(workset)
    assert bind_packet(workset, PacketOptions()).written
    assert "M. Rivera" in texts(workset)[0]

    assert "a roster name" not in " ".join(found.what for found in audit_path(workset.root).findings)


@pytest.mark.parametrize("layout", list(Layout))
def test_her_own_name_on_the_cover_excuses_the_students_nowhere_else(workset, tmp_path, layout):
    give_roster(workset)
    own = tmp_path / "own"
    own.mkdir()
    packet = (print_templates() / "packet.typ.j2").read_text(encoding="utf-8")
    said = packet.replace(
        "words.packet.notes) <notes>", "words.packet.notes) <notes>\nRivera thinks that air has mass.\n", 1
    )
    assert said != packet
    (own / "packet.typ.j2").write_text(said, encoding="utf-8")

    with pytest.raises(FindingsError, match="a word of the page's text may be a student's name"):
        bind_packet(workset, PacketOptions(layout=layout, templates=own))
    assert bind_packet(workset, PacketOptions(layout=layout, colleagues=("J. Rivera", "M. Adeyemi"))).written


def test_a_name_on_the_cover_is_excused_whole_and_there_alone(workset):
    give_roster(workset)
    bind_packet(workset, PacketOptions(colleagues=("J. Rivera",)))
    data, named = workset.packet.read_bytes(), ["Rivera", "Priya Rivera"]

    assert not audit_file("packet.pdf", data, named, own=["J. Rivera", "M. Rivera"])
    assert {found.page for found in audit_file("packet.pdf", data, named, own=["J. Rivera"])} == {1}
    assert {found.page for found in audit_file("packet.pdf", data, named, own=["M. Rive", "J. Rivera"])} == {1}


# The command ------------------------------------------------------------------------------------------


@pytest.fixture
def app():
    app = Typer()
    app.command()(command(packet))
    app.callback()(lambda: None)  # so that the command keeps its name
    return app


def test_the_command_reports_in_words_on_stderr_and_as_json_on_stdout(app, workset):
    told = CliRunner().invoke(app, ["packet", str(workset.root), "--copies", "2"])
    assert (told.exit_code, told.stdout) == (0, "")
    assert "2 copies of 14 sheets, Letter, two-sided" in told.stderr
    assert "Not answered in intro.md: The task" in told.stderr
    report = json.loads(CliRunner().invoke(app, ["packet", str(workset.root), "--json"]).stdout)
    assert report["samples"] == ALIASES[:10]
    assert CliRunner().invoke(app, ["packet", str(workset.root), "-q"]).output == ""


def test_the_commands_help_teaches_with_an_example(app):
    shown = CliRunner().invoke(app, ["packet", "--help"]).stdout
    assert "mssw packet massive-air --copies 8" in " ".join(shown.split())
