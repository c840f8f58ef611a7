"""Errors of the command line: what stands in the message is all that its user sees."""


class CommandError(Exception):
    """The command could not do what was asked: the stack or the API did not let it."""

    exit_code = 1


class InputError(CommandError):
    """What the user gave cannot be used: an option, a file, a line of a file."""

    exit_code = 2
