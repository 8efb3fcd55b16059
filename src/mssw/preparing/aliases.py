"""Aliases for responses: a reviewed list of names, none of which looks or sounds like a student's.

In: the responses, and the names that no alias may be like. Out: the responses with their aliases. The key is written
first: it alone says which response has which alias, and later who wrote it. Wraps jellyfish and Faker.

The same student can keep one alias in two sets, for work from before and after teaching, or over several tasks: another
set's key goes in, with what the pages of this one say of their writers. The link between the sets is made here, in
memory, from two private keys; ``shared/`` of either set has only the aliases. A student without a response in the other
set gets a new alias.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files

import jellyfish
from anyascii import anyascii
from faker.generator import Generator
from faker.providers import BaseProvider

from mssw.core.response import Response
from mssw.core.wording import count_noun
from mssw.errors import MsswError, UsageError
from mssw.names.student import Roster, fold
from mssw.names.word_lists import find_other_forms
from mssw.preparing.alias_rules import SHORT, OutOfAliasesError, begins_alike, draw, name_parts, plain_letters
from mssw.preparing.inputs import Inputs, read_other_key
from mssw.preparing.match_responses import find_teacher_entries, match_by_pages, read_matching
from mssw.preparing.matches import MatchedPerson, find_place
from mssw.preparing.prepare_options import OtherAliases
from mssw.roster.key_table import KeyEntry
from mssw.sorting.kept_sorts import list_sorts
from mssw.workset.class_list import announce_key, check_key, key_bytes, read_sealed_key
from mssw.workset.entries import entry_aliases
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.seal import read_seal
from mssw.workset.sightings import Sighting

#: Names from all over the world, then those that are easy to say in English and in Spanish.
ALIAS_FILES = ("aliases.txt", "aliases_easy.txt", "aliases_easy_es.txt")
EASY, WORLD, NUMBERS = "easy", "world", "numbers"
NO_OTHERS = OtherAliases()
_JARO_WINKLER = 0.90
_SHORTEST_LATIN = 3  # letters: shorter ones begin half of all names
_LETTER_A = ord("a")


class Likeness:
    """Tells whether a name in the letters A to Z may be mistaken for one of many, which are prepared once.

    Names of other scripts are compared in our letters, and first names with their short and other forms.
    """

    def __init__(self, spellings: Sequence[str]) -> None:
        words = name_parts(spellings)
        words = tuple(dict.fromkeys((*words, *_in_our_letters(spellings))))
        self._forms = frozenset(form for word in words for form in find_other_forms(word))
        self._words = frozenset(words)
        self._sounds = frozenset(sound for word in words if (sound := _sound(word)))
        self._letters = [(word, _letter_set(word)) for word in words]

    def has_one_like(self, name: str) -> bool:
        """Whether any of them begins, sounds or is written like the name."""
        letters = plain_letters(name)
        if _sound(letters) in self._sounds or letters in self._forms:
            return True
        if any(letters[:end] in self._words for end in range(2, len(letters) + 1)):
            return True
        # Of two names written alike, each lacks few letters of the other: two where two changes part them,
        # half where Jaro-Winkler makes up for it by a common beginning. So only few words need measuring.
        mine, lacks = _letter_set(letters), max(2, len(letters) // 2)
        near = (word for word, theirs in self._letters if (mine & ~theirs).bit_count() <= lacks)
        return any(_written_alike(letters, word) for word in near)


def _in_our_letters(spellings: Sequence[str]) -> Iterator[str]:
    """Words of other scripts in the letters a to z: an alias may be the same name, read aloud."""
    for word in dict.fromkeys(word for one in spellings for word in one.replace(",", " ").split()):
        if not plain_letters(word).isascii():
            letters = plain_letters(anyascii(word))
            if len(letters) >= _SHORTEST_LATIN:
                yield letters


def alike(one: str, other: str) -> bool:
    """Whether two names begin, sound or are written so alike that one may be mistaken for the other."""
    a, b = plain_letters(one), plain_letters(other)
    return (bool(_sound(a)) and _sound(a) == _sound(b)) or _written_alike(a, b)


def _written_alike(a: str, b: str) -> bool:
    """Whether one begins the other, or few changes part them, or Jaro-Winkler finds them alike (from 0.90).

    Few are one Damerau-Levenshtein change for names of up to 5 letters, else two.
    """
    if begins_alike(a, b) or jellyfish.jaro_winkler_similarity(a, b) >= _JARO_WINKLER:
        return True
    changes = 1 if max(len(a), len(b)) <= SHORT else 2
    return abs(len(a) - len(b)) <= changes and jellyfish.damerau_levenshtein_distance(a, b) <= changes


def _letter_set(letters: str) -> int:
    """One bit for each of the letters a to z that occur."""
    return sum(1 << (ord(c) - _LETTER_A) for c in set(letters) if "a" <= c <= "z")


@lru_cache(maxsize=4096)
def _sound(letters: str) -> str:
    """The Metaphone code; empty for a script that it does not know."""
    return jellyfish.metaphone(letters) if letters.isascii() else ""


@cache
def alias_names(file: str = "aliases.txt") -> tuple[str, ...]:
    """A reviewed list, sorted. Its first lines say what it was reviewed for."""
    lines = files("mssw.preparing").joinpath(file).read_text(encoding="ascii").splitlines()
    return tuple(name for line in lines if line and not line.startswith("#") for name in line[2:].split())


def names_to_draw(kind: str | Sequence[str], language: str = "") -> tuple[str, ...]:
    """The names that a set draws its aliases from; none where aliases are numbers.

    Args:
        kind: ``easy``, ``world``, ``numbers``, or a teacher's own names.
        language: of the set; Spanish has easy names of its own.
    """
    if not isinstance(kind, str):
        return tuple(kind)
    if kind == NUMBERS:
        return ()
    spanish = language.casefold().partition("-")[0] == "es"
    easy = "aliases_easy_es.txt" if spanish else "aliases_easy.txt"
    return alias_names(easy) if kind == EASY else alias_names()


class AliasProvider(BaseProvider):
    """Aliases for Faker: ``fake.add_provider(AliasProvider); fake.aliases(24, spellings)``."""

    def alias_name(self) -> str:
        """Any one name of the reviewed list."""
        name: str = self.random_element(alias_names())
        return name

    def aliases(
        self,
        count: int,
        spellings: Sequence[str] = (),
        taken: Sequence[str] = (),
        refused: frozenset[str] = frozenset(),
        names: Sequence[str] = (),
    ) -> list[str]:
        """So many aliases in the order A, B, C, unlike each other and unlike every spelling.

        Args:
            count: how many.
            spellings: names of students and teachers, of every class that may see the student work.
            taken: aliases in use already.
            refused: aliases that may not be given for another reason.
            names: drawn from first; when they run out, the reviewed list of the world goes on.

        Raises:
            UsageError: the list does not hold so many that are unlike all the spellings.
        """
        like = Likeness(spellings)
        drawn: list[str] = []
        try:
            for some in (names, alias_names()) if names else (alias_names(),):
                try:
                    drawn += draw(
                        count - len(drawn),
                        some,
                        taken=[*taken, *drawn],
                        refused=lambda name: name in refused or like.has_one_like(name),
                        alike=alike,
                        shuffle=self.generator.random.shuffle,
                    )
                except OutOfAliasesError as error:
                    if some is not names:
                        raise
                    drawn += error.drawn
        except OutOfAliasesError as error:
            raise UsageError(
                f"only {error.found} of {count} aliases are unlike every name in the rosters given; "
                "prepare fewer responses at a time, or give only the rosters of the classes that meet."
            ) from None
        return drawn


def draw_aliases(
    count: int,
    spellings: Sequence[str],
    taken: Sequence[str] = (),
    seed: int | None = None,
    refused: frozenset[str] = frozenset(),
    names: Sequence[str] = (),
) -> list[str]:
    """Draw aliases for responses; see ``AliasProvider.aliases``.

    Args:
        count: how many.
        spellings: names of students and teachers, of every class that may see the student work.
        taken: aliases in use already, which the new ones follow on.
        seed: the same seed gives the same aliases; None draws them from the system's secure source.
        refused: aliases that may not be given for another reason.
        names: drawn from first; none for the reviewed list of the world.

    Raises:
        UsageError: the list does not hold so many that are unlike all the spellings.
    """
    generator = Generator()
    generator.random = random_source(seed)
    return AliasProvider(generator).aliases(count, spellings, taken, refused, names)


def number_aliases(count: int, taken: Sequence[str], word: str) -> list[str]:
    """Aliases that are numbers, going on after those in use: ``Sample 1``, ``Sample 2``."""
    used = [int(one.rpartition(" ")[2]) for one in taken if one.rpartition(" ")[2].isdecimal()]
    start = max(used, default=0) + 1
    return [f"{word} {number}" for number in range(start, start + count)]


@dataclass(frozen=True, slots=True)
class AliasRules:
    """How the aliases of a set are drawn.

    Attributes:
        spellings: names that no alias may be like.
        kind: ``easy``, ``world``, ``numbers``, a teacher's own names; empty takes ``easy`` for a new set, and goes on
            as before in one that has aliases.
        language: of the set.
        seed: None draws from the system's secure source.
        refused: aliases that are like a student of another class, or belong to another set of the same session.
        others: aliases of other sets that colleagues may see too; see ``OtherAliases``.
    """

    spellings: Sequence[str]
    kind: str | Sequence[str] = ""
    language: str = ""
    seed: int | None = None
    refused: frozenset[str] = frozenset()
    others: OtherAliases = NO_OTHERS

    def draw(self, count: int, taken: Sequence[str], *, is_new: bool) -> list[str]:
        """So many new aliases.

        Raises:
            UsageError: there are not so many.
        """
        kind = self.kind or (EASY if is_new else WORLD)
        session, elsewhere = self.others.session, self.others.elsewhere
        if kind == NUMBERS:
            word = "Muestra" if self.language.casefold().partition("-")[0] == "es" else "Sample"
            return number_aliases(count, [*taken, *self.refused, *session, *elsewhere], word)
        names = () if kind == WORLD else names_to_draw(kind, self.language)
        for also_refused in (session | elsewhere, session):
            with suppress(UsageError):
                return draw_aliases(count, self.spellings, taken, self.seed, self.refused | also_refused, names)
        return draw_aliases(count, self.spellings, taken, self.seed, self.refused, names)


@dataclass(frozen=True, slots=True)
class SameAliases:
    """Aliases that students have in another set, and keep in this one.

    Attributes:
        by_response: the alias of its student there, by response of this set.
        taken: all aliases there: nobody else may have one of them here.
        in_use: aliases of this set under which responses were sorted or handed out: they stay.
    """

    by_response: Mapping[str, str] = field(default_factory=dict, repr=False)
    taken: frozenset[str] = frozenset()
    in_use: frozenset[str] = frozenset()


NO_SAME_ALIASES = SameAliases()


def aliases_like(spellings: Sequence[str]) -> frozenset[str]:
    """The aliases of all lists that are like one of those names."""
    like = Likeness(spellings)
    every = {name for file in ALIAS_FILES for name in alias_names(file)}
    return frozenset(name for name in every if like.has_one_like(name))


def random_source(seed: int | None) -> random.Random:
    """A source of chance: the system's secure one, or a repeatable one where a seed is asked for."""
    return random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - asked for by name


def give_aliases(
    workset: WorkSet,
    responses: Sequence[Response],
    pages: Mapping[str, Sighting],
    rules: AliasRules,
    same: SameAliases = NO_SAME_ALIASES,
) -> list[Response]:
    """Give each response its alias: the one that the key has for its pages, or a new one. The key is written first.

    Args:
        workset: holds the key.
        responses: all of them, also those that are on hold.
        pages: by id.
        rules: how new aliases are drawn.
        same: aliases that students have in another set already.
    """
    entries = read_sealed_key(workset)
    before = kept_aliases(responses, pages, entries)
    given = _settle_aliases(before, rules, same)
    # shuffled before they get A, B, C, so that the order of aliases tells nothing of the order of the stack
    order = sorted((one for one in responses if one.id not in given), key=lambda one: one.id)
    random_source(rules.seed).shuffle(order)
    taken = sorted({*given.values(), *(entry.alias for entry in entries), *entry_aliases(workset)})
    rules = replace(rules, refused=rules.refused | same.taken)
    for one, alias in zip(order, rules.draw(len(order), taken, is_new=not entries), strict=True):
        given[one.id] = alias
    aliased = [replace(one, alias=given[one.id]) for one in responses]
    rows = _key_entries(aliased, pages, entries, before)
    data = key_bytes(rows)
    if not workset.key.is_file() or workset.key.read_bytes() != data:
        _announce(workset, entries, rows)
        write_bytes(workset.key, data, private=True)
    return aliased


def _settle_aliases(before: Mapping[str, str], rules: AliasRules, same: SameAliases) -> dict[str, str]:
    """The aliases that need not be drawn, by response: of the student in the other set, or as they were before.

    A roster that came later may hold a name like an alias that was given before: then it is drawn anew. An alias that
    is in use stays, and so does one that nobody has in the other set.
    """
    clash = Likeness(rules.spellings)

    def fits(alias: str) -> bool:
        return alias not in rules.refused and (_is_number(alias) or not clash.has_one_like(alias))

    stays = {one for one, alias in before.items() if alias in same.in_use and fits(alias)}
    given = {one: before[one] for one in sorted(stays)}
    for one, alias in sorted(same.by_response.items()):
        if one not in stays and fits(alias) and alias not in given.values():
            given[one] = alias
    for one, alias in before.items():
        if one not in given and fits(alias) and alias not in {*same.taken, *given.values()}:
            given[one] = alias
    return given


def _is_number(alias: str) -> bool:
    return alias.rpartition(" ")[2].isdecimal()


def _announce(workset: WorkSet, before: Sequence[KeyEntry], rows: Sequence[KeyEntry]) -> None:
    """Seal the key that is about to be written. One that went missing is drawn again only if it comes out the same."""
    seal = read_seal(workset)
    if seal is not None and not workset.key.is_file():
        check_key(workset, seal, rows, "is missing")
    announce_key(workset, before, rows)


def kept_aliases(
    responses: Sequence[Response], pages: Mapping[str, Sighting], entries: Sequence[KeyEntry]
) -> dict[str, str]:
    """The aliases that responses have already, by response: that of the first of their pages that the key has.

    A page that a person brought from another response comes last: the response that it came from keeps the alias.
    """
    in_key = {(entry.source, number): entry.alias for entry in entries for number in entry.pages}
    kept: dict[str, str] = {}
    for brought in (False, True):
        for response in responses:
            for page_id in response.pages if response.id not in kept else ():
                page = pages[page_id].page
                alias = in_key.get((page.source, page.label))
                if (page_id in response.brought) is brought and alias is not None and alias not in kept.values():
                    kept[response.id] = alias
                    break
    return kept


def _key_entries(
    responses: Sequence[Response],
    pages: Mapping[str, Sighting],
    before: Sequence[KeyEntry],
    aliases_before: Mapping[str, str],
) -> list[KeyEntry]:
    """The key's rows: one for each response and file that its pages came from, in the order of aliases.

    What the key says of a response stays with it, also if it had to be given another alias.
    """
    matched = [entry for entry in before if entry.student or entry.matched_by]
    by_alias = {entry.alias: entry for entry in reversed(matched)}  # the first row of a response
    by_row = {(entry.alias, entry.source): entry for entry in matched}
    rows = []
    for response in sorted(responses, key=lambda one: one.alias):
        old = aliases_before.get(response.id, response.alias)
        sources = list(dict.fromkeys(pages[page_id].page.source for page_id in response.pages))
        for source in sources:
            numbers = [pages[p].page.label for p in response.pages if pages[p].page.source == source]
            entry = by_row.get((old, source)) or by_alias.get(old) or KeyEntry(old)
            rows.append(replace(entry, alias=response.alias, source=source, pages=tuple(numbers)))
    return rows


# The same student keeps one alias in two sets


@dataclass(frozen=True, slots=True)
class AliasesKept:
    """What is known of the aliases of this set, before new ones are drawn.

    Attributes:
        same: the aliases that come from the other set.
        before: the alias that each response had until now, by response.
        folder: of the other set, as the settings name it; empty without one.
        lost: why the other set could not be read this time; empty if it could.
    """

    same: SameAliases = NO_SAME_ALIASES
    before: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    lost: str = ""

    def find_changed(self, responses: Iterable[Response]) -> dict[str, str]:
        """The alias before, by the alias now, of the responses that changed theirs."""
        pairs = ((one.alias, self.before.get(one.id, one.alias)) for one in responses)
        return {now: before for now, before in pairs if now != before}

    def describe(self, responses: Sequence[Response]) -> tuple[str, ...]:
        """What a teacher should know about it, in sentences that name nobody."""
        if self.lost:
            return (f"the aliases could not be compared with those of {self.folder} this time: {self.lost}",)
        if not self.folder:
            return ()
        taking_part = [one for one in responses if not one.aside]
        kept = sum(self.same.by_response.get(one.id) == one.alias for one in taking_part)
        found = sum(one.id in self.same.by_response for one in taking_part)
        all_of_them = count_noun(len(taking_part), "response")
        note = f"{kept} of {all_of_them} have the alias that their student has in {self.folder}"
        if found > kept:
            note += (
                f"; {found - kept} could not take it, because the response was sorted or handed out under another "
                "alias, or because the alias is too like a name of this class"
            )
        return (note,)


def find_same_aliases(inputs: Inputs, responses: Sequence[Response], pages: Mapping[str, Sighting]) -> AliasesKept:
    """Find which responses take over an alias from the other set that the settings name.

    Args:
        inputs: settings, class list, codes.
        responses: all of them.
        pages: by id.
    """
    folder, roster = inputs.settings.same_aliases_as, inputs.roster
    if not folder:
        return AliasesKept()
    entries = read_sealed_key(inputs.workset)
    before = kept_aliases(responses, pages, entries)
    if roster is None:
        return AliasesKept(before=before, folder=folder, lost="this set has no class list")
    try:
        theirs = read_other_key(inputs.workset.root / folder)
    except MsswError as error:  # the set was moved, or its key was destroyed: what was given stays
        return AliasesKept(before=before, folder=folder, lost=str(error).rstrip("."))
    known = match_by_pages(
        inputs,
        roster,
        {before.get(one.id, one.id): one for one in responses},
        pages,
        find_teacher_entries(entries, read_matching(inputs.workset), roster),
    )
    there = find_aliases_of_students(theirs, roster)
    found: dict[str, str] = {}
    for one in responses:
        match = known.of(before.get(one.id, one.id))
        place = find_place(roster, match.student) if match and match.student else None
        alias = there.get(place) if place is not None else None
        if alias is not None and alias not in found.values():
            found[one.id] = alias
    taken = frozenset(entry.alias for entry in theirs)
    in_use = frozenset(before.values()) if _are_aliases_in_use(inputs.workset) else frozenset()
    return AliasesKept(SameAliases(found, taken, in_use), before, folder)


def _are_aliases_in_use(workset: WorkSet) -> bool:
    """Whether responses of a set have been sorted, chosen, printed or written about under their aliases."""
    files = (workset.handed_out, workset.samples, workset.choice, workset.record, workset.packet)
    return bool(list_sorts(workset)) or any(path.is_file() for path in files)


def find_aliases_of_students(entries: Iterable[KeyEntry], roster: Roster) -> dict[int, str]:
    """The alias that students of a class list have in another set's key, by their place on the list.

    A student is found by number and name. Where the two lists share no number at all, as when they come from two
    systems, the name alone counts; otherwise two students with one name and two numbers are two students.
    """
    rows = [entry for entry in entries if entry.student]
    numbers = {fold(student.number) for student in roster.students if student.number}
    is_same_system = any(fold(entry.number) in numbers for entry in rows if entry.number)
    found: dict[int, str] = {}
    for entry in sorted(rows, key=lambda one: one.alias):
        place = find_place(roster, MatchedPerson(entry.student, entry.number))
        if place is None:
            continue
        number = roster.students[place].number
        if is_same_system and entry.number and number and fold(entry.number) != fold(number):
            continue
        found.setdefault(place, entry.alias)
    return found
