"""Make a fictional class: its scanned stack, the blank task, the roster, an introduction, and the truth.

Nobody in it exists. Use it to try mssw, to show it to colleagues, or to test a change.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mssw.core.page import Tone
from mssw.demo.classroom import make_class
from mssw.errors import MsswError


def main() -> int:
    """Read the options, make the class, and say what was made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("fictional-class"), help="folder that it goes to")
    parser.add_argument("--seed", type=int, default=7, help="another seed is another class (default 7)")
    parser.add_argument("--students", type=int, default=26, help="6 to 60 (default 26)")
    parser.add_argument("--tone", type=Tone, choices=list(Tone), default=Tone.GREY, help="how the copier scans")
    parser.add_argument("--paper", choices=("letter", "a4"), default="letter")
    parser.add_argument("--dpi", type=int, default=200, help="pixels an inch (default 200)")
    parser.add_argument("--quality", type=int, default=75, help="of the copier's JPEG files (default 75)")
    options = parser.parse_args()
    try:
        made = make_class(
            options.out,
            seed=options.seed,
            students=options.students,
            paper=options.paper,
            tone=options.tone,
            dpi=options.dpi,
            quality=options.quality,
            progress=lambda done, total: print(f"\rscanning page {done} of {total}", end="", file=sys.stderr),
        )
    except MsswError as error:
        print(error, file=sys.stderr)
        return error.code
    print(file=sys.stderr)
    for file in (made.stack, made.task, made.roster, made.intro, made.truth):
        print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
