"""Look across sets: which ways of thinking, levels and learning gaps are in how many classes, and a page for leaders.

``trend_sets`` reads the sets, ``pile_map`` joins the piles of different teachers as the user says,
``trend_tables`` counts, ``suppression`` keeps small numbers back, ``trend_files`` writes the workbook and the prints.
"""
