"""Finds the command line and runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Callable, Sequence

from .errors import Cancelled, CommandNotFound, TiepointError

Progress = Callable[[str], None]

# Refused and warned are answers, not errors.
_ANSWERS = {0, 4, 5}


def find_command() -> list[str]:
    """The words that start the command line.

    Looked for are, in this order: ``TIEPOINT_COMMAND`` (a command, or the path of a script for Node), ``tiepoint`` on the path,
    and ``node_modules/.bin/tiepoint`` in the working directory and those above.

    :raises CommandNotFound: where there is none, or a script but no Node
    """
    named = os.environ.get("TIEPOINT_COMMAND")
    if named:
        if named.endswith((".js", ".mjs")):
            node = shutil.which("node")
            if node is None:
                raise CommandNotFound("Node was not found")
            if not Path(named).is_file():
                raise CommandNotFound(f"TIEPOINT_COMMAND names {named}, which does not exist")
            return [node, named]
        found = shutil.which(named)
        if found is None:
            raise CommandNotFound(f"TIEPOINT_COMMAND names {named}, which was not found")
        return [found]
    on_path = shutil.which("tiepoint")
    if on_path is not None:
        return [on_path]
    for folder in [Path.cwd(), *Path.cwd().parents]:
        local = shutil.which("tiepoint", path=str(folder / "node_modules" / ".bin"))
        if local is not None:
            return [local]
    raise CommandNotFound("the tiepoint command was not found")


def run(
    words: Sequence[str],
    *,
    answers: bool = True,
    stdin: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    timeout: float | None = None,
) -> dict[str, Any]:
    """Runs a command with ``--json`` and returns its document; without ``answers`` it has none, and an empty one is returned.

    :raises TiepointError: with the command's own code and hint
    :raises Cancelled: where ``cancelled`` returned True, or ``timeout`` seconds were over
    """
    env = {**os.environ, "TIEPOINT_PROGRESS": "lines"}
    process = subprocess.Popen(
        [*find_command(), *words, *(["--json"] if answers else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=env,
    )
    # Closes the pipes whatever happens.
    with process:
        output, status, notes = _follow(process, stdin, progress, cancelled, timeout)
    stopped = next((note for note in notes if note.startswith("\0")), None)
    if stopped is not None:
        raise Cancelled(stopped[1:])
    if not answers:
        if status != 0:
            raise _error_in(notes, status)
        return {}
    return _document(output, status, notes)


def _follow(
    process: subprocess.Popen[str],
    stdin: str | None,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
    timeout: float | None,
) -> tuple[str, int, list[str]]:
    notes: list[str] = []
    reader = threading.Thread(target=_read_notes, args=(process.stderr, notes, progress), daemon=True)
    reader.start()
    watcher = threading.Thread(target=_watch, args=(process, cancelled, timeout, notes), daemon=True)
    watcher.start()
    try:
        if stdin is not None:
            process.stdin.write(stdin)
        process.stdin.close()
        output = process.stdout.read()
        status = process.wait()
    except BaseException:
        process.kill()
        raise
    reader.join(5)
    return output, status, notes


def _read_notes(stream: Any, notes: list[str], progress: Progress | None) -> None:
    for line in stream:
        text = line.rstrip("\n")
        if text.startswith("progress: "):
            if progress is not None:
                progress(text[len("progress: ") :])
        else:
            notes.append(text)


def _watch(
    process: subprocess.Popen[str], cancelled: Callable[[], bool] | None, timeout: float | None, notes: list[str]
) -> None:
    if cancelled is None and timeout is None:
        return
    end = None if timeout is None else time.monotonic() + timeout
    while process.poll() is None:
        why = None
        if cancelled is not None and cancelled():
            why = "cancelled by the caller"
        elif end is not None and time.monotonic() > end:
            why = f"not done after {timeout:g} s"
        if why is not None:
            notes.append("\0" + why)
            # The command removes what it has half written before it ends.
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
            return
        time.sleep(0.05)


def _document(output: str, status: int, notes: Sequence[str]) -> dict[str, Any]:
    try:
        document = json.loads(output)
    except ValueError:
        document = None
    error = document.get("error") if isinstance(document, dict) else None
    if error is not None:
        raise TiepointError(error["message"], error["code"], error.get("hint"), error.get("exitCode", status))
    if status not in _ANSWERS or document is None:
        raise _error_in(notes, status)
    return document


def _error_in(notes: Sequence[str], status: int) -> TiepointError:
    """The error that a command without a document says in words: ``tiepoint: message [code]``, and its hint in the next line."""
    for i, note in enumerate(notes):
        said = re.fullmatch(r"tiepoint: (.*) \[([a-z0-9-]+)\]", note)
        if said is not None:
            hint = notes[i + 1].strip() if i + 1 < len(notes) and notes[i + 1].startswith("  ") else None
            return TiepointError(said[1], said[2], hint, status)
    return TiepointError("\n".join(notes[-10:]) or f"the command ended with status {status}", "unexpected", None, status)
