"""Columns and cells as a spreadsheet names them, such as ``AB`` and ``C7``."""

from __future__ import annotations


def column_letters(column: int) -> str:
    """The letters of a column; columns count from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    before, last = divmod(column, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)


def cell_name(line: int, column: int) -> str:
    """The name of a cell; lines count from 1, columns from 0.

    >>> cell_name(7, 2)
    'C7'
    """
    return f"{column_letters(column)}{line}"
