"""What --json gives: each report says its schema, and is of the shape that was published for it."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from unittest.mock import patch

import pytest
from jsonschema import Draft202012Validator, ValidationError

from mssw.cli.schema import VERSIONS, schema_of
from mssw.demo.run_demo import Demo
from mssw.demo.task import task_pdf
from mssw.preparing.prepare_options import PrepareReport
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Placing, Sorting
from mssw.workset.folder import WorkSet
from support.command_table import COMMANDS
from support.commands import copied, mssw
from support.department import make_department, plan_of
from support.published import held_to
from support.sorted_class import a_class

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

# Scripts rely on these files, so they never change. Another shape is another version: add its file beside the old one,
# raise the number in VERSIONS, and write its hash here.
PUBLISHED = {
    "audit-1": "f1b91452343f1d2e",
    "batch-1": "c8fc169a2573b8de",
    "batch-plan-1": "2a06cba29de742a7",
    "choose-1": "67ceef377cdc3aac",
    "demo-1": "c3253cb74fa3b380",
    "demo-set-1": "93c9c6001395fad9",
    "entry-1": "ff4bca62a1e21bf7",
    "intro-1": "ba86ea266d908fd5",
    "key-1": "aac3e4652e4f6575",
    "key-destroy-1": "8be2edfe05fd0213",
    "key-export-1": "8e02cca1ef1c2fcc",
    "key-remind-1": "711ee2c94ddb8372",
    "key-rows-1": "d1cd3b8566771ffe",
    "kit-1": "b089dfeb9036ad18",
    "kit-2": "bea34d4ca1fc70b5",
    "kit-fill-in-1": "08febca1c813f9ca",
    "kit-list-1": "54e9cdd84f027657",
    "kit-purpose-1": "1f74e119a057bb45",
    "kit-times-1": "8dafce38ebd9ab24",
    "packet-1": "5c9078a252debd02",
    "prepare-1": "046e5d87c3a67944",
    "prepare-2": "6cd6428cbad9baf0",
    "prepare-plan-1": "eaaaf6dc792f37c4",
    "present-1": "0e674939f4541b3f",
    "recall-1": "a943baa0e2a676b0",
    "receive-1": "1dedd0c099e55711",
    "record-1": "c6815539386fcfa3",
    "record-history-1": "6ff7453188dea97d",
    "record-merge-1": "98b7631defb5166f",
    "record-print-1": "3d696672d6975a16",
    "record-problems-1": "15f6bcbd2612ab35",
    "record-sheet-1": "1affccaaae14fb3b",
    "review-list-1": "fdccf0b8db1640a3",
    "roster-check-1": "ee05cf58329f5edb",
    "roster-check-2": "97c5e2bcff1218f6",
    "schedule-1": "82a04d435e42bb92",
    "schedule-2": "7b2e61c6f07634bd",
    "schedule-ics-1": "d80fb779eb83a1a1",
    "schedule-ics-2": "0d1b7f6286fd337f",
    "schedule-print-1": "c392f6437a13bbbe",
    "schedule-problems-1": "94ea64f27ed7f8b4",
    "share-1": "8fce965213bedc88",
    "sheets-1": "5dd1d99aca6d9836",
    "slips-1": "9261879531e91aaf",
    "sort-1": "84f48987841c3f87",
    "sort-cards-1": "c2cf829927151eb2",
    "sort-compare-1": "20268bea52b7911e",
    "sort-list-1": "2236085857ce26d5",
    "sort-problems-1": "35909124b0f66595",
    "sort-sheet-1": "61a90f9b43a19c8c",
    "standards-1": "69a614c36a9f3425",
    "start-1": "2d9e4d501c2322c4",
    "status-1": "0ca7f9280e2bb8a0",
    "status-2": "0363c29a79426447",
    "templates-export-1": "f069e5952670ccd5",
    "transcripts-1": "7f5a61da9049aa12",
    "trends-1": "3db09c8a20e94786",
    "trends-leaders-1": "ea7dfe0c02edb12a",
    "trends-proposals-1": "f273680d73a618d5",
}
PASSWORD = "correct horse battery staple"  # noqa: S105 - of no file that is kept


@pytest.fixture(scope="module")
def places(small_class, tmp_path_factory):
    """A prepared set and a sorted one, of their own for these tests."""
    root = tmp_path_factory.mktemp("schemas")
    copied(small_class, root / "set")
    a_class(root / "sorted")
    (root / "class.csv").write_text("Last Name,First Name,Race\nLee,Ann,H\n,,\nNg,Bo?,H\n", encoding="utf-8")
    plan_of(make_department(root / "dep", {"5a": (5, 6)}))
    # With something of all: an answer that is looked at again, a standard that is found, and what is wrong in a table.
    (root / "told.md").write_text("## The task\nThe weak ones guessed.\n\n## Focus questions\nWhy?\n", encoding="utf-8")
    (root / "standards.csv").write_text("Code,Text\nPS1-1,A gas is made of particles.\n", encoding="utf-8")
    (root / "wrong.csv").write_text("Session,Date\nQ,soon\n", encoding="utf-8")
    claim = {"text": "Air is nothing", "cites": [{"alias": "Andrea", "page": 1, "box": [0.1, 0.1, 0.5, 0.5]}]}
    (root / "record.json").write_text(json.dumps({"claims": [claim]}), encoding="utf-8")
    (root / "task.pdf").write_bytes(task_pdf("letter"))
    (root / "sheet.csv").write_text("Alias,Pile,Level\nBo,air,hoch\n", encoding="utf-8")
    return root


# What is run, in this order, and the report that it gives; {0} is the folder of all.
RUNS = [
    ("prepare --into {0}/set --dry-run", "prepare-plan"),
    ("prepare --into {0}/set", "prepare"),
    ("review {0}/set --list", "review-list"),
    ("review {0}/set --set-aside ALIAS", "prepare"),
    ("status {0}/set", "status"),
    ("start {0}", "start"),
    ("audit {0}/set", "audit"),
    ("key {0}/set", "key"),
    ("key {0}/set ALIAS", "key-rows"),
    ("intro {0}/set --from {0}/told.md", "intro"),
    ("intro {0}/set --standards {0}/standards.csv --find gas", "standards"),
    ("packet {0}/set --without-held --unreviewed", "packet"),
    ("transcripts {0}/set --blank", "transcripts"),
    ("present {0}/set --without-held --unreviewed --to {0}/samples.pdf", "present"),
    ("share {0}/set --to {0}/air.zip --unreviewed", "share"),
    ("receive {0}/air.zip --into {0}/got", "receive"),
    ("recall {0}/set ALIAS --dry-run", "recall"),
    ("entry {0}/got", "entry"),
    ("sort {0}/sorted --list", "sort-list"),
    ("sort {0}/sorted --sheet --dry-run", "sort-sheet"),
    ("sort {0}/sorted --cards", "sort-cards"),
    ("sort {0}/sorted --no-browser", "sort"),
    ("sort {0}/sorted --compare sort MR", "sort-compare"),
    ("sort {0}/sorted --read {0}/sheet.csv --sheet", "sort-problems"),
    ("choose {0}/sorted", "choose"),
    ("record {0}/sorted --merge {0}/record.json", "record-merge"),
    ("record {0}/sorted", "record"),
    ("record {0}/sorted --sheet", "record-sheet"),
    ("record {0}/sorted --print", "record-print"),
    ("record {0}/sorted --history", "record-history"),
    ("slips {0}/sorted --everyone", "slips"),
    ("trends {0}/sorted", "trends"),
    ("trends {0}/sorted --propose {0}/piles.toml", "trends-proposals"),
    ("batch {0}/dep --dry-run", "batch-plan"),
    ("roster check {0}/class.csv", "roster-check"),
    ("key export {0}/set {0}/key.xlsx --encrypt --password-stdin", "key-export"),
    ("key remind {0}/set 2030-06-30", "key-remind"),
    ("key destroy {0}/set --yes", "key-destroy"),
    ("sheets {0}/task.pdf --anonymous 3 --into {0}/coded", "sheets"),
    ("kit --list", "kit-list"),
    ("kit B --start 15:30 --into {0}", "kit"),
    ("kit tuning --dry-run", "kit"),
    ("kit cer --support some --into {0}", "kit-fill-in"),
    ("kit --purpose task", "kit-purpose"),
    ("kit B --write-times {0}/times.toml", "kit-times"),
    ("schedule new {0}/s.xlsx --start 15:30", "schedule"),
    ("schedule add {0}/s.xlsx --session B --date 2027-03-12 --teacher Rivera --task Air", "schedule"),
    ("schedule show {0}/s.xlsx", "schedule"),
    ("schedule print {0}/s.xlsx", "schedule-print"),
    ("schedule ics {0}/s.xlsx", "schedule-ics"),
    ("schedule show {0}/wrong.csv", "schedule-problems"),
    ("schedule print {0}/wrong.csv", "schedule-problems"),
    ("templates export {0}/own packet", "templates-export"),
    ("demo {0}/trial", "demo"),
]


@pytest.mark.parametrize(("words", "name"), RUNS, ids=[words for words, _ in RUNS])
def test_each_report_is_of_its_published_shape(words, name, places, capsys):
    released = sorted(path.stem for path in (places / "set" / "shared" / "work").glob("*.pdf"))
    line = [word.format(places).replace("ALIAS", released[0]) for word in words.split()]
    if name == "sort-compare":
        a_second_sort(places / "sorted")
    with (
        patch("sys.stdin.readline", return_value=f"{PASSWORD}\n"),
        patch("mssw.web.site.serve"),
        patch("mssw.demo.run_demo.run_demo", side_effect=lambda root, **_: demo_of(root)),
    ):
        assert mssw(*line, "--json") in ({3} if name.endswith("-problems") else {0, 1})

    held_to(capsys.readouterr().out, name)


def demo_of(root):
    """What the demo gives; all of it is run in its own test."""
    done = PrepareReport({"scanned": 0}, ("Andrea",), (("Bo", ("its name field is empty",)),), (), (), (), 0)
    return Demo(root / "set", root / "set" / "shared" / "packet.pdf", done, 12, ())


def a_second_sort(root):
    keep_sorting(WorkSet(root), Sorting("MR", works={"Bo": Placing("air"), "Jun": Placing(unsure=True)}))


def test_every_command_with_json_and_every_schema_is_held_to_it():
    with_json = {
        name
        for name, command in COMMANDS.items()
        if any("--json" in param.opts for param in getattr(command, "params", ()))
    }
    run = {" ".join(word for word in words.split() if word.isalpha()) for words, _ in RUNS}
    run_for = {name for name in with_json if any(f"{one} ".startswith(f"{name.removesuffix(' show')} ") for one in run)}

    assert with_json - run_for == set()
    own = {"batch", "demo-set", "record-problems", "trends-leaders"}  # in the tests of these commands
    assert {name for _, name in RUNS} | own == set(VERSIONS)


def test_published_schemas_never_change():
    found = {
        one.name.removesuffix(".json"): hashlib.sha256(
            json.dumps(shape_of(json.loads(one.read_bytes())), sort_keys=True).encode()
        ).hexdigest()[:16]
        for one in files("mssw.cli").joinpath("schemas").iterdir()
        if one.name.endswith(".json")
    }

    assert found == PUBLISHED


def shape_of(part):
    """A schema without its descriptions, which may be put better at any time."""
    if isinstance(part, dict):
        return {
            key: shape_of(value) for key, value in part.items() if not (key == "description" and isinstance(value, str))
        }
    return [shape_of(one) for one in part] if isinstance(part, list) else part


@pytest.mark.parametrize("name", VERSIONS)
def test_each_schema_is_valid_and_strict(name):
    schema = schema_of(name)

    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema"] == {"const": f"mssw.{name}/{VERSIONS[name]}"}
    for part in objects_in(schema):
        assert "additionalProperties" in part, part


def objects_in(part):
    """Every part of a schema that is of an object."""
    if isinstance(part, dict):
        if part.get("type") == "object":
            yield part
        for one in part.values():
            yield from objects_in(one)
    elif isinstance(part, list):
        for one in part:
            yield from objects_in(one)


@pytest.mark.parametrize("change", [{"more": 1}, {"students": "3"}, {"clean": None}])
def test_a_report_of_another_shape_is_found(change, places, capsys):
    assert mssw("roster", "check", places / "class.csv", "--json") == 1
    report = json.loads(capsys.readouterr().out)

    with pytest.raises(ValidationError):
        held_to(json.dumps(report | change), "roster-check")


def test_the_schema_command_lists_and_prints(capsys):
    assert mssw("schema") == 0
    assert "mssw.prepare/2" in capsys.readouterr().out.splitlines()

    assert mssw("schema", "mssw.prepare/2") == 0
    assert json.loads(capsys.readouterr().out) == schema_of("prepare")

    assert mssw("schema", "songs") == 2
    assert "lists them all" in capsys.readouterr().err
