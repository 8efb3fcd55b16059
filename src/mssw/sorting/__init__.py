"""Sort responses into piles and levels: by page, sheet, cards or terminal, alone or with a colleague.

``sort_values`` holds the values, ``piles`` each act of sorting, ``kept_sorts`` the file in ``private/sorts``.
"""
