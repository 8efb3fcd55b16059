"""The aliases that works go by: a reviewed list, as a provider for Faker."""

import random
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from faker.generator import Generator
from faker.providers import BaseProvider

from mssw.errors import UsageError
from mssw.files.likeness import Likeness, alike
from mssw.model.alias import OutOfAliasesError, draw


@cache
def alias_names() -> tuple[str, ...]:
    """The reviewed list, sorted. What it was reviewed for stands at its head."""
    lines = files("mssw.files").joinpath("aliases.txt").read_text(encoding="ascii").splitlines()
    return tuple(name for line in lines if line and not line.startswith("#") for name in line[2:].split())


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
    ) -> list[str]:
        """So many aliases in the order A, B, C, unlike each other and unlike every spelling.

        Args:
            count: how many.
            spellings: names of students and teachers, of every class that may see the work.
            taken: aliases in use already.
            refused: aliases that may not be given for another reason.

        Raises:
            UsageError: the list does not hold so many that are unlike all the spellings.
        """
        like = Likeness(spellings)
        try:
            return draw(
                count,
                alias_names(),
                taken=taken,
                refused=lambda name: name in refused or like.has_one_like(name),
                alike=alike,
                shuffle=self.generator.random.shuffle,
            )
        except OutOfAliasesError as error:
            raise UsageError(
                f"only {error.found} of {count} aliases are unlike every name in the rosters given; "
                "prepare fewer works at a time, or give only the rosters of the classes at the table."
            ) from None


def draw_aliases(
    count: int,
    spellings: Sequence[str],
    taken: Sequence[str] = (),
    seed: int | None = None,
    refused: frozenset[str] = frozenset(),
) -> list[str]:
    """Draw aliases for works; see ``AliasProvider.aliases``.

    Args:
        count: how many.
        spellings: names of students and teachers, of every class that may see the work.
        taken: aliases in use already, which the new ones follow on.
        seed: the same seed gives the same aliases; None draws them from the system's secure source.
        refused: aliases that may not be given for another reason.

    Raises:
        UsageError: the list does not hold so many that are unlike all the spellings.
    """
    generator = Generator()
    generator.random = chance(seed)
    return AliasProvider(generator).aliases(count, spellings, taken, refused)


def aliases_like(spellings: Sequence[str]) -> frozenset[str]:
    """The aliases of the list that are like one of those names."""
    like = Likeness(spellings)
    return frozenset(name for name in alias_names() if like.has_one_like(name))


def chance(seed: int | None) -> random.Random:
    """A source of chance: the system's secure one, or a repeatable one where a seed is asked for."""
    return random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - asked for by name
