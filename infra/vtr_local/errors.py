"""Errors of the local stack, each a sentence with its remedy."""


class LocalStackError(Exception):
    """The local stack cannot do what was asked; the message says why and what to do."""
