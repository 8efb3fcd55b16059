"""From a copier's scan of a class's worksheets to a printable packet with every name taken off.

From a script: ``from mssw import prepare, packet, audit``; see ``mssw.api``. Nothing is loaded before it is used.
"""

from __future__ import annotations

TYPE_CHECKING = (
    False  # type checkers take it for true by its name; importing typing would take longer than all else here
)
if TYPE_CHECKING:
    from mssw.api import (
        audit,
        choose,
        find_trends,
        key,
        merge_record,
        packet,
        prepare,
        print_record,
        read_record,
        recall,
        receive,
        roster_check,
        share,
        slips,
        status,
        transcripts,
        trends_for_leaders,
    )
    from mssw.auditing.run_audit import AuditReport
    from mssw.choosing.choose_samples import ChoiceReport
    from mssw.errors import (
        EngineError,
        ExitCode,
        FindingsError,
        MsswError,
        StepMissingError,
        UnreadableError,
        UsageError,
        WouldOverwriteError,
    )
    from mssw.exchange.recall_responses import RecallReport
    from mssw.exchange.receive_set import ReceiveReport
    from mssw.exchange.share_set import ShareReport
    from mssw.packets.packet_options import PacketReport
    from mssw.preparing.prepare_options import PrepareReport
    from mssw.preparing.transcribe import TranscriptsReport
    from mssw.record.kept_record import MergeReport
    from mssw.record.record_print import PrintedRecord
    from mssw.record.record_rows import RecordRows
    from mssw.record.student_slips import SlipsReport
    from mssw.roster.key_table import KeyRow
    from mssw.roster.roster_file import RosterCheck
    from mssw.set_status import Status
    from mssw.trends.trend_files import LeadersPage
    from mssw.trends.trend_tables import Trends

__version__ = "0.2.0"

__all__ = [
    "AuditReport",
    "ChoiceReport",
    "EngineError",
    "ExitCode",
    "FindingsError",
    "KeyRow",
    "LeadersPage",
    "MergeReport",
    "MsswError",
    "PacketReport",
    "PrepareReport",
    "PrintedRecord",
    "RecallReport",
    "ReceiveReport",
    "RecordRows",
    "RosterCheck",
    "ShareReport",
    "SlipsReport",
    "Status",
    "StepMissingError",
    "TranscriptsReport",
    "Trends",
    "UnreadableError",
    "UsageError",
    "WouldOverwriteError",
    "__version__",
    "audit",
    "choose",
    "find_trends",
    "key",
    "merge_record",
    "packet",
    "prepare",
    "print_record",
    "read_record",
    "recall",
    "receive",
    "roster_check",
    "share",
    "slips",
    "status",
    "transcripts",
    "trends_for_leaders",
]


_RESULTS = {
    "AuditReport": "auditing.run_audit",
    "ChoiceReport": "choosing.choose_samples",
    "KeyRow": "roster.key_table",
    "LeadersPage": "trends.trend_files",
    "MergeReport": "record.kept_record",
    "PacketReport": "packets.packet_options",
    "PrepareReport": "preparing.prepare_options",
    "PrintedRecord": "record.record_print",
    "RecallReport": "exchange.recall_responses",
    "ReceiveReport": "exchange.receive_set",
    "RecordRows": "record.record_rows",
    "RosterCheck": "roster.roster_file",
    "ShareReport": "exchange.share_set",
    "SlipsReport": "record.student_slips",
    "Status": "set_status",
    "TranscriptsReport": "preparing.transcribe",
    "Trends": "trends.trend_tables",
}


def __getattr__(name: str) -> object:
    """Load what is asked for, when it is asked for; a function loads what it needs when it is called."""
    from importlib import import_module  # noqa: PLC0415

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _RESULTS.get(name, "errors" if name.endswith(("Error", "Code")) else "api")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
