"""Session kits: agendas, role cards, charts and groups, with or without a work set."""
