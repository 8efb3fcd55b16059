"""Sets that travel and student work that has to come back: sharing a set, receiving one, and recalling a response."""
