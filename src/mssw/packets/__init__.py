"""Print a packet for colleagues: contents, text pages, binding, checklist and print slip.

``bind_packet`` is the way from a work set to the printed files; each other module is one stop on it.
"""
