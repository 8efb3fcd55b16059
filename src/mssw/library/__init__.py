"""mssw from a script: what the commands do, as functions with typed results.

Each function does what the command of its name does, and the command calls it. Paths may be text. What is expected to
go wrong is an ``MsswError``: its text is the sentence that a person reads, its ``code`` the command's exit code.

>>> from mssw import MsswError, audit, key, packet, prepare, status
>>> done = prepare("stack.pdf", task="task.pdf", roster="class.csv", into="set", seed=7)
>>> done.counts
{'scanned': 7, 'kept': 4, 'blank': 1, 'set aside': 0, 'held': 2}
>>> len(done.released), len(done.held)
(2, 1)

A page that is held waits for a person. No function approves one: that is done in ``mssw review``.

>>> printed = packet("set", copies=8, without_held=True, unreviewed=True)
>>> printed.copies, printed.held, printed.samples == done.released
(8, 1, True)
>>> audit("set").passed
True
>>> status("set").steps[0]
Step(step='prepare', state='2 works released, 1 held')
>>> sorted(row.pages for row in key("set"))
['1-2', '3-4', '5-6']
>>> try:
...     packet("set")
... except MsswError as error:
...     print(error.code.name)
STEP_MISSING
"""

from mssw.library.bound import choose, packet
from mssw.library.prepared import audit, key, prepare, roster_check, status

__all__ = ["audit", "choose", "key", "packet", "prepare", "roster_check", "status"]
