"""What holds for every test: the same outcome each time, and no trace in the project's folder."""

from __future__ import annotations

import os

from hypothesis import settings

# Set before any test imports numpy or onnxruntime: many threads a process are slower on few cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

settings.register_profile("same-each-time", derandomize=True, database=None, deadline=None)
settings.load_profile("same-each-time")
