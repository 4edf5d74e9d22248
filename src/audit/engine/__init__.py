"""Turns rules into SQL text and runs it: facts once, all rules of a subject in one pass, exact to the decimal."""
