"""What can go wrong with the local stack, each as a sentence with its remedy."""


class LocalStackError(Exception):
    """The local stack cannot do what was asked; the message says why and what helps."""
