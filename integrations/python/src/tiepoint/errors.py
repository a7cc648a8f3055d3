"""What goes wrong, with a code for programs and a hint for people."""

from __future__ import annotations


class TiepointError(Exception):
    """An input, an option or an output that cannot be used.

    :ivar code: what it is, for programs: ``file-not-found``, ``no-overlap``, … (docs/formats.md and the site list them)
    :ivar hint: what to do; None where nothing is known
    :ivar exit_code: of the command line: 2 usage, 3 input, 6 model missing, 1 anything else
    """

    def __init__(self, message: str, code: str, hint: str | None = None, exit_code: int = 1) -> None:
        super().__init__(f"{message} [{code}]" + (f"\n{hint}" if hint else ""))
        self.message = message
        self.code = code
        self.hint = hint
        self.exit_code = exit_code


class CommandNotFound(TiepointError):
    """Neither Node nor the command line could be found."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            "command-not-found",
            "Install Node 20.19 or newer (https://nodejs.org) and run: npm install --global tiepoint. "
            "The variable TIEPOINT_COMMAND may name the command, or the path of its script.",
        )


class Cancelled(TiepointError):
    """The caller's ``cancelled`` said so, or the time was up; nothing half-written is left."""

    def __init__(self, why: str) -> None:
        super().__init__(why, "cancelled")
