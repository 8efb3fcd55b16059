"""A work set on disk: its folder, settings, state, manifest, stack and ledger. Read and written here."""
