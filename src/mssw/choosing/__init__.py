"""Choose the samples for a session from a sorted class.

``selection`` holds the rules, ``pool`` gathers the responses that may be chosen, ``choose_samples`` writes the choice.
"""
