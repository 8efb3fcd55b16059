"""From a scan to covered responses with aliases: the main job.

``run_prepare`` runs all stages in order: inputs are checked and kept, names are found page by page, pages are grouped
into responses, aliases are drawn, responses are matched to students, names are covered, and every file is audited
before it is released. Each stage is a module; it takes the inputs and what the stages before it returned.
"""
