"""One tab decides while another reads: what is read is what was decided last, or a moment before, never an error."""

from __future__ import annotations

import threading

import pytest

from mssw.core.decision import Decisions, PageDecision
from mssw.core.page import Box
from mssw.workset.decisions import keep_decisions, read_decisions
from mssw.workset.seal import SealBrokenError
from support.sealed_set import sealed_set

TIMES = 60


@pytest.fixture
def workset(tmp_path):
    return sealed_set(tmp_path / "set")


def decisions_of(number):
    return Decisions(pages={"id-1": PageDecision(covers=(Box(0.1, 0.1, 0.001 * (number + 1), 0.1),))})


def test_decisions_are_read_while_others_are_made(workset):
    ended, faults = threading.Event(), []

    def read_on():
        while not ended.is_set():
            try:
                read_decisions(workset)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                faults.append(repr(error))

    readers = [threading.Thread(target=read_on) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for number in range(TIMES):
            keep_decisions(workset, decisions_of(number))
    finally:
        ended.set()
        for reader in readers:
            reader.join()
    assert faults == []
    assert read_decisions(workset) == decisions_of(TIMES - 1)


def test_an_older_copy_is_still_refused(workset):
    keep_decisions(workset, decisions_of(0))
    older = workset.decisions.read_bytes()
    for number in range(1, 4):
        keep_decisions(workset, decisions_of(number))
    workset.decisions.write_bytes(older)
    with pytest.raises(SealBrokenError, match="older copy"):
        read_decisions(workset)
