"""Values that every package shares: pages, responses, decisions, sheets of paper. Pure: no file, clock or image."""
