"""E-mail addresses in a line of recognised writing, also where the @ or a dot was misread or lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 80
_SHORTEST_WORD = 3  # letters before an @ that make an address with a word that has no dot
_AT = re.compile(r" ?(?:[@©®]|[(\[{] ?(?:at?|à|ä|arroba) ?[)\]}]) ?", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.+'-]+\Z")
_DOTTED_LOCAL = re.compile(r"[\w+-]+[._-] [\w.+'-]+\Z")  # a space was put in after a dot
# endings of addresses, and what is made of them; only the long ones can be told without their dot
_LONG_ENDING = r"(?:c[o0][mn]|c[o0]rn|[o0]rg|net|edu|g[o0]v|k12)"
_ENDING = (
    rf"(?:{_LONG_ENDING}|nel|edv|inf[o0]|sch[o0]{{2}}l|academy|eu|us|uk|ca|mx|es|de|fr|it|pt|br|pl|ch|at|be|nl|se|dk|no|ie"
    r"|au|nz|in|vn|cn|jp|kr|ph|ru|ua|ar|co|cl|pe|me|io)"
)
_DOT = r" ?(?:[.,·:]|\b(?:dot|punto|punkt|point|ponto)\b)? ?"
_PROVIDER = (
    r"(?:[gq9] ?m ?a ?[il1|!j] ?[l1i|!]?|ya[hn][o0]{2}|h[o0]tma[il1|!]{1,2}|[o0]ut ?[l1i|][o0]{2}[kl]|[il1|]c[l1i|]"
    r"[o0]ud|g[o0]{2}g[l1i]ema[il1|]{1,2}|pr[o0]t[o0]nma[il1|]{1,2}|ymail|gmx|a[o0][l1i])"
)
_SURE_DOMAIN = re.compile(r"(?=[\w.,-]*[^\W\d_])[\w-]{1,40}(?:[.,·][\w-]{2,20}){1,4}")
_LOOSE_DOMAIN = re.compile(
    rf"(?=[^\W\d_])(?:[\w-]{{2,40}}[.,·] ?){{0,3}}[\w-]{{2,40}}?(?:[.,·]{_ENDING}|{_DOT}{_LONG_ENDING})(?!\w)",
    re.IGNORECASE,
)
_WORD_DOMAIN = re.compile(r"[^\W\d_][\w-]{2,40}")
_KNOWN_DOMAIN = re.compile(rf"{_PROVIDER}(?:{_DOT}{_ENDING})?(?!\w)", re.IGNORECASE)
_WITHOUT_AT = re.compile(rf"{_PROVIDER}{_DOT}{_ENDING}(?!\w)", re.IGNORECASE)
_SCHOOL = re.compile(r"[.,]k ?12[.,] ?[a-z]{2}(?:[.,] ?us)?(?!\w)", re.IGNORECASE)
_Q = re.compile(rf"(?<=[a-z\d])Q(?=[a-z\d-]{{2,40}}(?:[.,][a-z\d-]{{2,20}}){{0,3}}[.,]{_ENDING}(?!\w))")
_BEFORE = re.compile(r"([\w.+'-]+)( [aAQeGO&*0]| at| arroba)? ?\Z")
_NO_LOCAL = frozenset(
    """
    at on to from with my the a an in is of or and use used using via open visit see check our his her your it by like
    en de la el un una mi su con por a le les du sur avec mon ma auf bei mit mein von der die das em no na meu com
    """.split()  # noqa: SIM905 - a list of fifty words is read more easily this way
)
_RUN_TOGETHER = re.compile(  # the @ is gone, and a dot or a digit tells it from a page on the web
    r"(?<![\w.])(?=[\w+-]{0,60}[\d.][\w.+-]{0,60}[.,·])[\w.+-]{5,60}[.,·](?:c[o0]m|[o0]rg|net|edu)(?!\w)", re.IGNORECASE
)
_WEB = re.compile(r"(?:www|http|ww)", re.IGNORECASE)


def email_addresses(text: str) -> list[tuple[int, int]]:
    """Start and end of each address in a line, from left to right."""
    found = sorted({*_with_at(text), *_without_at(text)}, key=lambda span: (span[0], -span[1]))
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _with_at(text: str) -> Iterator[tuple[int, int]]:
    """Addresses with an @, or with what only an @ is read as."""
    for at in _AT.finditer(text):
        before = text[max(0, at.start() - _LONGEST_LOCAL) : at.start()]
        local = _DOTTED_LOCAL.search(before) or _LOCAL.search(before)
        if local:
            words = len(local.group()) >= _SHORTEST_WORD
            if end := _end_of_domain(text, at.end(), close=" " not in at.group(), words=words):
                yield at.start() - len(local.group()), end
    for at in _Q.finditer(text):
        local = _LOCAL.search(text[max(0, at.start() - _LONGEST_LOCAL) : at.start()])
        end = _end_of_domain(text, at.end(), close=True, words=False)
        if local and end:
            yield at.start() - len(local.group()), end


def _end_of_domain(text: str, start: int, *, close: bool, words: bool) -> int:
    """Where the domain ends that begins there; 0 where none does.

    Args:
        text: the line.
        start: offset after the @.
        close: whether no space stands beside the @.
        words: whether a word without a dot is enough.
    """
    end = start + _LONGEST_DOMAIN
    ways = [_LOOSE_DOMAIN, _KNOWN_DOMAIN]
    if close:
        ways += [_SURE_DOMAIN]
    if close and words:
        ways += [_WORD_DOMAIN]
    return max((match.end() for way in ways if (match := way.match(text, start, end))), default=0)


def _without_at(text: str) -> Iterator[tuple[int, int]]:
    """Addresses whose @ was lost or read as a letter: told by a provider's or a school's domain after something."""
    for whole in _RUN_TOGETHER.finditer(text):
        if not _WEB.match(whole.group()):
            yield whole.span()
    for domain in (*_WITHOUT_AT.finditer(text), *_SCHOOL.finditer(text)):
        first = max(0, domain.start() - _LONGEST_LOCAL)
        local = _BEFORE.search(text[first : domain.start()])
        if not local or _WEB.match(local[1]):
            continue
        alone = local[1].strip(".'-+").casefold() in _NO_LOCAL or len(local[1]) < 2  # noqa: PLR2004 - one is the @
        if not (alone and local.end(1) < domain.start() - first) and len(local[1]) > 1:
            yield first + local.start(), domain.end()
