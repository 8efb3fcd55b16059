"""The scripts of the local pages, read without a browser."""

from __future__ import annotations

import re

import pytest

from support.project import ROOT

SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "templates/web/static").glob("*.js")}
EXPORTED = re.compile(r"export (?:async )?(?:function\*?|const|let|class) (\w+)")
EXPORTED_TOGETHER = re.compile(r"export \{([^}]*)\}")
IMPORTED = re.compile(r"import \{([^}]*)\} from \"[./\w]*?(\w+\.js)\"")


def exports_of(text):
    """The names that a script gives to others."""
    together = (name for group in EXPORTED_TOGETHER.findall(text) for name in group.split(","))
    return {*EXPORTED.findall(text), *(name.split(" as ")[-1].strip() for name in together)}


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_name_that_a_script_imports_is_there(name):
    asked = [
        (one.split(" as ")[0].strip(), source)
        for names, source in IMPORTED.findall(SCRIPTS[name])
        for one in names.split(",")
    ]

    assert [pair for pair in asked if pair[0] and pair[0] not in exports_of(SCRIPTS[pair[1]])] == []


def test_the_scripts_are_found():
    assert {"sort.js", "review.js", "present.js", "record.js"} <= set(SCRIPTS)
    assert any(IMPORTED.findall(text) for text in SCRIPTS.values())
