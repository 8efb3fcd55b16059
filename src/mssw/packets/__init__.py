"""Print a packet for colleagues: contents, text pages, binding, checklist and print slip.

``bind_packet`` runs all stages in order, from a work set to the printed files.
"""
