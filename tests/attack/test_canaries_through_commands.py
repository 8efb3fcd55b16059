"""Threat: something that a scan, task or class list hides travels on with the pixels, through one of the commands.

Tried: 46 places in PDFs at once, seven in a JPEG, five in a PNG, eight in a TIFF, four in a workbook, on responses that
are really released; then each command that writes to `shared/`, to a file that is passed on, or to the screen, and each
local page with its data and pictures. Every byte is searched, unpacked, by code that shares nothing with the audit, and
by pdfium; by poppler, qpdf and exiftool too where they are installed. Result: the canary is in none of them.
"""

from __future__ import annotations

import json
from functools import partial

import pytest
from starlette.testclient import TestClient

from mssw.errors import ExitCode
from mssw.packets.packet_options import PacketOptions
from mssw.presenting.shown_samples import read_shown_samples
from mssw.record.kept_record import RecordKeeper
from mssw.web.door import Door
from mssw.web.present_page import present_site
from mssw.web.record_page import record_site
from mssw.web.review_page import review_site
from mssw.web.site import make_app
from mssw.web.sort_page import sort_site
from mssw.workset.folder import WorkSet
from support.canary_stack import canary_files, holds_canary
from support.commands import mssw
from support.prepared_class import manifest, state

pytestmark = pytest.mark.pages

DOOR = Door(4000, "token", "session")
KINDS = ("thumb", "page", "full", "small", "large")  # sizes of pictures on the local pages
ANSWERS = """# Introduction
## What is the task?
Explain what air is.
"""


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """The folder with everything in it, and what the commands printed."""
    return tmp_path_factory.mktemp("canaries")


@pytest.fixture(scope="module")
def run(given):
    """Run a command, with what it prints and logs kept in a file."""
    said = given / "said"
    said.mkdir()

    def run(capture, *words):
        name = "-".join(str(word) for word in words if "/" not in str(word) and not str(word).startswith("-"))
        code = mssw(*words, "--log", said / f"{name}.log")
        out, err = capture.readouterr()
        (said / f"{name}-{len(list(said.iterdir()))}.txt").write_text(out + err, encoding="utf-8")
        return code

    return run


def test_only_pixels_leave(given, run, capsys, warm_crew):  # noqa: ARG001 - workers are shared
    stack, task, roster, places = canary_files(given / "in")
    assert places >= 40
    assert all(holds_canary(path.read_bytes()) for path in [*stack, task, roster])

    folder, out = given / "set", given / "out"
    out.mkdir()
    how = ("--task", task, "--roster", roster, "--seed", 7)
    assert run(capsys, "prepare", *stack, *how, "--into", folder, "--json") == ExitCode.FINDINGS
    assert len(manifest(folder)["works"]) == 2  # really released; the third has no name on it
    aliases = sorted(one["alias"] for one in state(folder)["works"])
    (out / "intro.md").write_text(ANSWERS, encoding="utf-8")

    assert run(capsys, "review", folder, "--list") == ExitCode.DONE
    assert run(capsys, "review", folder, *(f"--approve={alias}" for alias in aliases)) == ExitCode.DONE
    assert run(capsys, "review", folder, "--paper") == ExitCode.DONE
    for way in ("--sheet", "--cards"):
        assert run(capsys, "sort", folder, way) == ExitCode.DONE
    rows = [f"{alias},,air pushes,{level},," for alias, level in zip(aliases, ("High", "Medium", "Low"), strict=True)]
    (out / "sort.csv").write_text("\n".join(["Alias,Work,Pile,Level,Set aside,Note", *rows]), encoding="utf-8")
    assert run(capsys, "sort", folder, "--read", out / "sort.csv", "--objective", "Air has mass") == ExitCode.DONE
    assert run(capsys, "choose", folder, "--json") == ExitCode.DONE
    assert run(capsys, "intro", folder, "--from", out / "intro.md", "--no-input") == ExitCode.DONE
    for layout in ((), ("--booklet",), ("--two-up",), ("--per-teacher", "M. Rivera, J. Okafor")):
        assert run(capsys, "packet", folder, *layout) == ExitCode.DONE
    assert run(capsys, "status", folder, "--pages", "--json") == ExitCode.DONE
    run(capsys, "status", folder, "--checklist")
    assert run(capsys, "roster", "check", roster) == ExitCode.DONE
    assert run(capsys, "key", folder) == ExitCode.DONE
    assert run(capsys, "sheets", task, "--roster", roster, "--into", out / "coded") == ExitCode.DONE
    assert run(capsys, "audit", folder) == ExitCode.DONE
    use_after_the_session(partial(run, capsys), folder, out, aliases)
    open_each_page(folder, out / "pages")

    passed_on = (folder / "shared", out, given / "said")
    files = [path for place in passed_on for path in place.rglob("*") if path.is_file() and "private" not in path.parts]
    assert len(files) > 90
    assert [path.relative_to(given).as_posix() for path in files if holds_canary(path.read_bytes())] == []


def use_after_the_session(run, folder, out, aliases):
    """What is shown, recorded, counted, printed, sent and received."""
    one, two = aliases[:2]
    claims = [{"text": "Most see that air takes up space", "cites": [{"alias": one, "page": 1, "note": "the arrow"}]}]
    step = {"step": "Weigh a ball", "chosen": "yes", "words": "Weigh a ball.", "cites": [{"alias": one}]}
    record = {"claims": claims, "steps": [step], "gaps": [{"gap": "Air has mass", "cites": [{"alias": two}]}]}
    (out / "record.json").write_text(json.dumps(record), encoding="utf-8")
    plan = out.parent / "plan.toml"
    given = {"task": out.parent / "in" / "task.pdf", "roster": out.parent / "in" / "class.xlsx"}
    stacks = ", ".join(f'"in/{name}"' for name in ("a.pdf", "b.jpg", "c.png", "d.tif"))
    plan.write_text(
        f'[class.5a]\nstack = [{stacks}]\ntask = "{given["task"]}"\nroster = "{given["roster"]}"\ninto = "set"\n'
        "seed = 7\npacket = { copies = 2 }\n",
        encoding="utf-8",
    )
    settings = folder / "set.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('grade = ""', 'grade = "5"'), encoding="utf-8")
    for words in (
        ("present", folder, "--to", out / "slides.pdf", "--pair", f"{one},{two}"),
        ("present", folder, "--to", out / "slides.pptx", "--json"),
        ("record", folder, "--merge", out / "record.json"),
        ("record", folder, "--sheet"),
        ("record", folder, "--print"),
        ("record", folder, "--json"),
        ("record", folder, "--history"),
        ("slips", folder),
        ("kit", "B", "--set", folder, "--into", out),
        ("schedule", "new", out / "schedule.xlsx"),
        ("entry", folder, "Two students weigh a balloon", "--kept", "school drive"),
        ("entry", folder),
        ("trends", folder, "--into", out / "trends"),
        ("trends", folder, "--propose", out / "piles.toml"),
        ("share", folder, "--to", out / "set.zip", "--with-packet"),
        ("receive", out / "set.zip", "--into", out / "received"),
        ("packet", out / "received"),
        ("recall", folder),
        ("start", folder, "--json"),
        ("intro", folder, "--no-input", "--json"),
        ("batch", plan, "--json"),
        ("recall", folder, one, "--dry-run"),
        ("audit", folder),
    ):
        assert run(*words) == ExitCode.DONE, words
    run("trends", folder, "--for", "leaders", "--min-cell", 1, "--into", out / "leaders")


def open_each_page(folder, place):
    """Keep what a browser gets from each local page: the page, its data, and every picture."""
    workset = WorkSet(folder)
    shown = read_shown_samples(workset, PacketOptions())
    sites = [
        review_site(workset)[0],
        sort_site(workset),
        record_site(RecordKeeper(workset)),
        present_site(workset, shown),
    ]
    of = [page["id"] for page in state(folder)["pages"]] + [one["alias"] for one in state(folder)["works"]]
    ids = [*of, *(f"{one}-{number}" for one in [*of, "0", "1", "2", "task"] for number in range(3))]
    place.mkdir()
    pictures = 0
    for site in sites:
        client = TestClient(make_app(site, DOOR), base_url="http://127.0.0.1:4000", cookies={DOOR.cookie: DOOR.session})
        kept = [client.get(path) for path in ("/", *(one.path for one in site.routes if "{" not in one.path))]
        for route in (one.path for one in site.routes if "{id}" in one.path):
            kept += [client.get(route.replace("{id}", name).replace("{kind}", kind)) for name in ids for kind in KINDS]
        for number, answer in enumerate(kept):
            if answer.status_code == 200:
                (place / f"{site.template}-{number}").write_bytes(answer.content)
            pictures += answer.headers.get("content-type", "").startswith("image/")
    assert pictures > 20


def test_the_search_finds_what_it_should(given):
    """A search that finds nothing in the files that it was made for proves nothing."""
    stack, task, roster, _ = canary_files(given / "again")
    assert [path.name for path in [*stack, task, roster] if not holds_canary(path.read_bytes())] == []
