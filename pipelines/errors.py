"""The faults a user can mend. Each message is one line: what is wrong, where, and the way out."""


class EvenhandError(Exception):
    """A fault with an exit code; `str(error)` is the one line shown to the user."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class BadInput(EvenhandError):
    """A file, argument or pack that cannot be used as it is. Nothing was changed."""

    exit_code = 2


class Blocked(EvenhandError):
    """A check forbids going on. Nothing was published."""

    exit_code = 3
