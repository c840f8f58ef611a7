"""Errors of the build, each a sentence with its remedy."""


class BuildError(Exception):
    """The artifact cannot be built; the message says why and what to do."""
