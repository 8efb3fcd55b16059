"""Workbooks locked with a password as Excel does it: AES-256 with 100,000 rounds of SHA-512 (ECMA-376, agile)."""

from __future__ import annotations

import io

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from mssw.errors import EngineError, UnreadableError


def lock_workbook(workbook: bytes, password: str) -> bytes:
    """Lock a workbook, so that it opens with that password alone. Its salts are random, so no two are the same.

    Raises:
        EngineError: it does not open again.
    """
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook)).encrypt(password, out)
    data = out.getvalue()
    if unlock_workbook(data, password) != workbook:
        raise EngineError("the locked workbook did not open again with its password, so it was not written.")
    return data


def unlock_workbook(data: bytes, password: str) -> bytes:
    """Unlock a workbook.

    Raises:
        UnreadableError: the password is not the one it was locked with, or the file was changed.
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
