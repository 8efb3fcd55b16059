"""From a scan to covered responses with aliases: the main job.

``prepare`` is the way through: inputs are taken in, names are found page by page, pages are grouped into responses,
writers are matched, aliases drawn, names covered, and every file is audited before it is released.
"""
