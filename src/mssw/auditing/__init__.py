"""Check a file, a folder or a work set before anyone else gets it. Reads only, and shares no code with what writes.

A file comes in as bytes with the roster's spellings; findings come out. To change what a shared PDF may hold, open
``pdf_words``; what counts as a name in it, ``byte_search``; what is checked across a whole set, ``run_audit``.
"""
