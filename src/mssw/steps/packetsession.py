"""What a session adds to a packet: its agenda, the chart that the group fills in, and norms to start from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from mssw.files.kitwords import FIVE, read_session, read_shared_words
from mssw.model.session import agenda

if TYPE_CHECKING:
    from pathlib import Path

_CHARTS = {"A": "mental models", "B": "learning gap", "C": "next steps", "D": "task", "E": "task changes"}
_USUAL = "B"


@dataclass(frozen=True, slots=True)
class SessionParts:
    """What the templates print for a session.

    Attributes:
        chart: which chart.
        title: of the agenda; empty without one.
        purpose: of the session.
        steps: the agenda with the time since the beginning; none for a session that is not one of the five.
        norms: to start from.
        evidence: questions that lead back to the page.
        marks: of a good task, each with what to look for, for a session that looks at the task.
    """

    chart: str = _CHARTS[_USUAL]
    title: str = ""
    purpose: str = ""
    steps: tuple[dict[str, Any], ...] = ()
    norms: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


def session_parts(session: str, folder: Path | None) -> SessionParts:
    """The parts for a session.

    Args:
        session: ``A`` to ``E``; anything else has no agenda, and the chart of learning gaps.
        folder: the school's own templates, whose words go before ours.

    Raises:
        UnreadableError: a file of words has problems.
    """
    shared = read_shared_words(folder)
    if session not in FIVE:
        return SessionParts(norms=shared.norms, evidence=shared.evidence)
    known = read_session(session, folder)
    return SessionParts(
        chart=_CHARTS[session],
        title=f"Session {session}: {known.title}",
        purpose=known.purpose,
        steps=tuple(asdict(step) for step in agenda(known)),
        norms=shared.norms,
        evidence=shared.evidence,
        marks=shared.marks,
    )
