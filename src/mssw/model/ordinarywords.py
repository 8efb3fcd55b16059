"""First and last names that are also everyday English words.

Such a word alone says nothing on a typeset page ("Will each group mark one page in May?"), so the search for
names counts it only beside the rest of a full name. Names that are rarely read as a word (Iris, Taylor) stay
off the list: a false alarm costs a look, a missed name costs more.
"""

from __future__ import annotations

_MONTHS_AND_DAYS = "april may june july august january march friday sunday monday winter summer autumn spring"
_DOING = """
    will mark grant chase pat sue bill drew read rush cook hunt cash chance judge price trace skip pace ray
    see bring carry miss teach begin go do be an in on at by or so no me my he us can
"""
_THINGS = """
    page art rose bell wood woods hill lake river rivers stone stones field fields bank banks park parks
    street ford church bridge bridges forest cliff rock ball bird fox fish wolf lamb bear star sky rain snow
    frost day light key keys law lane house home hall room mill mills wall walls ridge gate gates glass silver
    gold diamond penny dollar root branch leaf berry cherry rice bean beans salt pepper sand bay shore sea
    ocean storm cloud sun moon earth world land lands tree trees back front side sample samples name names
    work works task tasks group groups time order level levels note notes pile piles form sheet line lines
    point points part parts record reader main medium bush brush case miles inches feet hand head foot gift
    son man
"""
_HOW = """
    young old long short small little rich poor good best strong wise sweet bright sharp early frank earnest
    black white brown green gray grey blue gold red hope faith joy grace peace true noble just north south
    east west low high major minor king student teacher love all any many much more most
"""

ORDINARY_WORDS = frozenset(f"{_MONTHS_AND_DAYS} {_DOING} {_THINGS} {_HOW}".split())

_SPEAKING = """
    asked explained helped said says showed thinks thought told wrote dice dijo explicó piensa preguntó dit explique
    pense demandé erklärte fragte meint meinte sagt sagte disse diz pensa perguntou
"""
SPEAKING = frozenset(_SPEAKING.split())
"""What only somebody does: after one of these words the first word of a sentence is a name."""
