"""One module an arrow of the design: each plans, then applies, and may be run again."""
