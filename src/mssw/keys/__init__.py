"""Who wrote which response: look it up, correct it, export the key with a password, destroy it."""
