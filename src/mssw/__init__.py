"""From a copier's scan of a class's worksheets to a printable packet with every name taken off.

From a script: ``from mssw import prepare, packet, audit``; see ``mssw.library``. Nothing is loaded before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from mssw.library import (
        AuditReport,
        ChoiceReport,
        KeyRow,
        PacketReport,
        PrepareReport,
        RosterCheck,
        Status,
        audit,
        choose,
        key,
        packet,
        prepare,
        roster_check,
        status,
    )

__version__ = "0.1.0"

__all__ = [
    "AuditReport",
    "ChoiceReport",
    "EngineError",
    "ExitCode",
    "FindingsError",
    "KeyRow",
    "MsswError",
    "PacketReport",
    "PrepareReport",
    "RosterCheck",
    "Status",
    "StepMissingError",
    "UnreadableError",
    "UsageError",
    "WouldOverwriteError",
    "__version__",
    "audit",
    "choose",
    "key",
    "packet",
    "prepare",
    "roster_check",
    "status",
]


def __getattr__(name: str) -> Any:
    """Load what is asked for: errors at once, and the libraries that see and write only with a function's first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "mssw.errors" if name.endswith(("Error", "Code")) else "mssw.library"
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
