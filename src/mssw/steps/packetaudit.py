"""The audit of a packet's files before they are written: of names, only the teachers' own may stand on its covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mssw.audit.one_file import audit_file
from mssw.errors import FindingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mssw.steps.packetfiles import PacketFile
    from mssw.steps.printing import Printed


def audited(
    made: Printed, spellings: Sequence[str], own: Sequence[str], clean: set[bytes]
) -> tuple[PacketFile | None, str]:
    """Hold every file of a packet against the audit; what they share is searched once.

    Args:
        made: the packet.
        spellings: what must not stand in it.
        own: the names of teachers that its covers bear.
        clean: hashes of streams in which none of the spellings stands.

    Returns:
        The reading file; or None, and a sentence that says why there is none.

    Raises:
        FindingsError: the audit found something.
    """
    _audit(made.files, spellings, own, clean)
    reading, remark = made.reading()
    _audit([reading] if reading else [], spellings, own, clean)
    return reading, remark


def _audit(files: Sequence[PacketFile], spellings: Sequence[str], own: Sequence[str], clean: set[bytes]) -> None:
    """Hold the files against the audit.

    Raises:
        FindingsError: it found something.
    """
    for file in files:
        findings = audit_file(file.name, file.data, spellings, own=own, clean=clean)
        if findings:
            raise FindingsError(
                f"the packet did not pass the audit and was not written: {'; '.join(map(str, findings[:3]))}. "
                "Take it out of set.toml, intro.md or your own templates, where pictures are to be .svg and links are "
                "not printed; or run `mssw prepare` again."
            )
