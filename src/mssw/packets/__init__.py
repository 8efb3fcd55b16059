"""Print a packet for colleagues: contents, text pages, binding, checklist and print slip.

``bind_packet`` is the story of the job, from a work set to the printed files. It calls each other module in turn.
"""
