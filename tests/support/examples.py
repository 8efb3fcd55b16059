"""How many examples hypothesis tries: a few that never change by default, many new ones every night."""

from __future__ import annotations

from hypothesis import settings

NIGHTLY = "nightly"
NIGHTLY_DEFAULT = 2000  # examples of a test that does not say how many
NIGHTLY_TIMES = 20


def examples(number):
    """So many examples of a test, and twenty times as many in the nightly run."""
    nightly = settings.get_current_profile_name() == NIGHTLY
    return settings(max_examples=number * (NIGHTLY_TIMES if nightly else 1))
