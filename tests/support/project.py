"""Where things of this project are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "massive-air"
BENCH = ROOT / "tests" / "bench"
SHARED_DATA = ROOT.parent / "shared" / "data"  # real scans and ink, which are not part of the project
