"""Reminds a teacher to destroy a set's key once its day has come. Only this module looks at the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from mssw.cli import report
from mssw.core.shell_words import quote_word
from mssw.errors import MsswError


def remind(directory: Path) -> None:
    """Print a reminder to destroy a set's key, if its day has come and the key is still there."""
    from mssw.workset.folder import WorkSet  # noqa: PLC0415
    from mssw.workset.settings import read_settings  # noqa: PLC0415 - heavy libraries load only when they are used

    workset = WorkSet(directory)
    try:
        day = read_settings(workset.settings).destroy_key_after
    except MsswError:  # another command says what is wrong with it
        return
    today = date.today()  # noqa: DTZ011 - the day where the teacher is
    if day is not None and day <= today and workset.private.is_dir():
        report.print_line()
        here = quote_word(directory)
        report.print_line(f"You planned to destroy the key of this set on {day}:  mssw key destroy {here}")
        report.print_line(f"To be reminded later:  mssw key remind {here} {today + timedelta(days=365)}")
