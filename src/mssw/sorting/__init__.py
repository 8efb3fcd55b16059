"""Sort responses into piles and levels: by page, sheet, cards or terminal, alone or with a colleague.

``piles`` holds the values and each act of sorting, ``kept_sorts`` the file in ``private/sorts``.
"""
