"""Workbooks locked with a password, as Excel locks them: AES-256 with 100,000 rounds of SHA-512 (ECMA-376, agile)."""

from __future__ import annotations

import io

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from mssw.errors import EngineError, UnreadableError


def locked(workbook: bytes, password: str) -> bytes:
    """A workbook that opens with that password alone. Its salts are drawn anew, so no two are the same.

    Raises:
        EngineError: what was locked does not open again; nothing may rely on it.
    """
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook)).encrypt(password, out)
    data = out.getvalue()
    if unlocked(data, password) != workbook:
        raise EngineError("the locked workbook did not open again with its password, so it was not written.")
    return data


def unlocked(data: bytes, password: str) -> bytes:
    """The workbook inside.

    Raises:
        UnreadableError: the password is another one, or the file was changed.
    """
    out = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        file.load_key(password=password, verify_password=True)
        file.decrypt(out, verify_integrity=True)
    except InvalidKeyError:
        raise UnreadableError("the password is not the one that the workbook was locked with.") from None
    except DecryptionError:
        raise UnreadableError("the locked workbook is damaged; export it again.") from None
    return out.getvalue()
