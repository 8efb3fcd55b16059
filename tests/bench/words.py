"""What is done with words and numbers alone, in CPU seconds, on far more of them than a school has.

    python tests/bench/words.py

Goals: the spellings of 2,000 students in 0.5 s; 10,000 signs of any kind looked through for identifiers in 0.5 s (a
pattern that goes back and forth takes a thousand times as long); 2,000 works matched to 2,000 students in 10 s. One
that is missed exits 1.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from mssw.names.identifiers import find_identifiers
from mssw.names.student import Roster, Student, list_spellings
from mssw.vision.assignment import match_names

REPEATED = ("a", "1", "@", ".", "1 ", "1-", "a@", "a.", "a@a.", "(1)", "+1", "l ", "gmail.", "gmail a ", "12 34 ")
FIRSTS, LASTS = ("William", "María José", "Jo-Ann", "Søren"), ("de la Cruz", "O'Neil", "García-López", "Weiß")
SIGNS, MANY = 10_000, 2000


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def roster() -> Roster:
    """Two thousand students, most with a name of their own."""
    lasts = [f"{LASTS[at // 4 % 4]}{chr(97 + at % 26) * (at % 9)}" for at in range(MANY)]
    return Roster(tuple(Student(FIRSTS[at % 4], last) for at, last in enumerate(lasts)))


def costs() -> np.ndarray:
    """What each of 2,000 works costs for each of 2,000 students; its own is cheap."""
    rng = np.random.default_rng(5)
    values = rng.gamma(8, 0.4, (MANY, MANY)) + 0.3
    values[np.arange(MANY), np.arange(MANY)] = rng.gamma(1.5, 0.2, MANY)
    return values


def main() -> int:
    """Measure and tell."""
    students, numbers, table = roster(), tuple(str(310_000 + 37 * at) for at in range(MANY)), costs()
    rows = [("spellings of 2,000 students", 0.5, seconds(lambda: list_spellings(students, (), ())))]
    worst = max(
        (seconds(lambda text=text: find_identifiers((text * SIGNS)[:SIGNS], numbers[:9])), text) for text in REPEATED
    )
    rows.append((f"10,000 signs, the slowest ({worst[1]!r})", 0.5, worst[0]))
    line = "the student 317 946 and 25 x 40 = 1000 of 1234567"
    rows.append(
        ("50 lines against 2,000 numbers", 0.5, seconds(lambda: [find_identifiers(line, numbers) for _ in range(50)]))
    )
    rows.append(("2,000 works to 2,000 students", 10, seconds(lambda: match_names(table))))
    for name, goal, took in rows:
        print(f"{name:<44}{took:>8.2f} s   goal {goal} s")
    return int(any(took > goal for _, goal, took in rows))


if __name__ == "__main__":
    sys.exit(main())
