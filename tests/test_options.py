"""An option means the same for the command, the library and a plan, and a word that it does not take is refused."""

from __future__ import annotations

import inspect
from dataclasses import MISSING, fields

import pytest

import mssw
from mssw import UsageError
from mssw.cli.packet import packet as packet_command
from mssw.cli.prepare import prepare as prepare_command
from mssw.core.option import options_of
from mssw.packets.packet_options import PacketOptions
from mssw.preparing.prepare_options import PrepareOptions

OPTIONS = [
    pytest.param(PrepareOptions, prepare_command, mssw.prepare, {"backs": "backs_reversed"}, id="prepare"),
    pytest.param(PacketOptions, packet_command, mssw.packet, {}, id="packet"),
]
OF_A_PLAN = {"section"}  # a plan's alone: its roster may list several classes


@pytest.mark.parametrize(("kind", "command", "function", "renamed"), OPTIONS)
def test_command_and_library_have_every_option_with_its_default(kind, command, function, renamed):
    default = {one.name: one.default for one in fields(kind) if one.default is not MISSING}
    typed = {name: one.default for name, one in inspect.signature(command).parameters.items()}
    called = {name: one.default for name, one in inspect.signature(function).parameters.items()}
    for name in options_of(kind).keys() - OF_A_PLAN:
        flag = "field" if name == "fields" else name
        assert typed[flag] == (None if default[name] == () else default[name]), name
        if name in renamed:
            assert called[renamed[name]] is None
        else:
            assert called[name] == default[name], name


@pytest.mark.parametrize(("kind", "command", "function", "renamed"), OPTIONS)
def test_every_keyword_is_an_option_or_where_to_work(kind, command, function, renamed):
    called, typed = (set(inspect.signature(one).parameters) for one in (function, command))
    options = {one.name for one in fields(kind)} | set(renamed.values()) | {"field"}

    assert called - options == ({"stack", "into", "progress"} if kind is PrepareOptions else {"folder", "words"})
    assert typed - options == (
        {"stack", "into", "dry_run", "no_input", "as_json"}
        if kind is PrepareOptions
        else {"directories", "per_teacher", "two_up", "booklet", "words", "as_json"}
    )


@pytest.mark.parametrize("wrong", ["Likely", "all", ""])
def test_a_cover_that_is_not_known_is_refused_and_nothing_is_written(wrong, tmp_path):
    with pytest.raises(UsageError, match=f'^cover must be "sure" or "likely", not {wrong!r}.$'):
        mssw.prepare("stack.pdf", into=tmp_path / "set", cover=wrong)

    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("option", "wrong", "said"),
    [
        ("layout", "three-up", 'layout must be "single", "two-up" or "booklet", not \'three-up\'.'),
        ("flip", "left", 'flip must be "long" or "short", not \'left\'.'),
        ("paper", "A5", 'paper must be "letter" or "a4", not \'A5\'.'),
    ],
)
def test_a_word_that_an_option_of_the_packet_does_not_take_is_refused(option, wrong, said, small_class):
    with pytest.raises(UsageError) as error:
        mssw.packet(small_class, **{option: wrong}, dry_run=True)

    assert str(error.value) == said


def test_stack_task_and_roster_are_given_by_their_order():
    from mssw.preparing.prepare_options import PrepareOptions  # noqa: PLC0415 - loads heavy libraries

    options = PrepareOptions(["stack.pdf"], "task.pdf", "roster.csv")

    assert (options.stacks, options.task, options.roster) == (["stack.pdf"], "task.pdf", "roster.csv")
    assert options.task_is_blank is False
