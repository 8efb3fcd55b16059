"""Words of headings that name nobody: those that students write beside a name at the head of an essay.

The words of printed labels count too (Name, Date, Class, Teacher), in every language that is known for them.
"""

from __future__ import annotations

from mssw.names.spelling import keep_letters
from mssw.names.word_lists import TITLES, read_label_words

_LABELS = ("labels_name", "labels_student", "labels_else", "labels_teacher", "labels_together")
_HEADING_WORDS = frozenset(
    letters
    for name in ("heading_words", *_LABELS)
    for word in read_label_words(name)
    if (letters := keep_letters(word))
)


def is_heading_word(letters: str) -> bool:
    """Whether a word may stand beside a name in a heading and names nobody.

    Args:
        letters: from a to z.

    >>> is_heading_word("period"), is_heading_word("october"), is_heading_word("maya")
    (True, True, False)
    """
    return letters in _HEADING_WORDS or letters in TITLES
