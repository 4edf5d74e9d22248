"""Says how good the audit is from what inspectors found: precision, misses, recall, each with honest limits.

``survey`` expands what was seen to the population, ``limits`` and ``share`` put limits on it, ``agreement`` compares
inspectors, ``measures`` puts the estimates of a sample together, ``record`` and ``page`` write them down.
"""
