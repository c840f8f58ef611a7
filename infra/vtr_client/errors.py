"""Errors of the command line. Their message is all that the user sees."""


class CommandError(Exception):
    """The command failed: the stack or the API did not allow it."""

    exit_code = 1


class InputError(CommandError):
    """The user's input cannot be used: an option, a file, a line of a file."""

    exit_code = 2
