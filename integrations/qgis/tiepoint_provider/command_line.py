"""Finds the tiepoint command line and runs it under a Processing feedback."""

import json
import os
import re
import shutil
import subprocess
import threading
import time

from qgis.core import QgsProcessingException, QgsSettings

SETTING = "tiepoint/command"
HOW_TO_GET_IT = (
    "The tiepoint command line was not found. Install Node 20.19 or newer (https://nodejs.org) and run "
    "“npm install --global tiepoint” in a terminal, then start QGIS again. Where it lies elsewhere, name it in the "
    "environment variable TIEPOINT_COMMAND or in the advanced setting " + SETTING + "."
)
# Refused and warned are answers, not errors.
ANSWERS = (0, 4, 5)


def find_command():
    """The words that start the command line; None where it is not there."""
    named = os.environ.get("TIEPOINT_COMMAND") or QgsSettings().value(SETTING, "")
    if named and named.endswith((".js", ".mjs")):
        node = shutil.which("node")
        return [node, named] if node and os.path.isfile(named) else None
    # QGIS started from a desktop does not see the path of a shell.
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/bin", "/opt/homebrew/bin"])
    found = shutil.which(named or "tiepoint", path=places)
    return [found] if found else None


def run(words, feedback, answers=True, allowed=None):
    """Runs a command and returns its JSON document, or None with ``answers=False``; ``allowed`` are exit statuses of no error.

    Progress goes to the feedback; where that is cancelled the command is ended, which removes what it has half written.

    :raises QgsProcessingException: with the command's message and hint
    """
    command = find_command()
    if command is None:
        raise QgsProcessingException(HOW_TO_GET_IT)
    argv = command + words + (["--json"] if answers else [])
    feedback.pushCommandInfo(" ".join(argv))
    process = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "TIEPOINT_PROGRESS": "lines"},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    notes, output = [], []
    with process:
        readers = [
            threading.Thread(target=_pass_on, args=(process.stderr, notes, feedback), daemon=True),
            threading.Thread(target=lambda: output.append(process.stdout.read()), daemon=True),
        ]
        for reader in readers:
            reader.start()
        while process.poll() is None:
            if feedback.isCanceled():
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                raise QgsProcessingException("Cancelled.")
            time.sleep(0.05)
        for reader in readers:
            reader.join(10)
    allowed = allowed or (ANSWERS if answers else (0,))
    return _answer("".join(output), process.returncode, notes, allowed)


def _pass_on(stream, notes, feedback):
    for line in stream:
        text = line.rstrip("\n")
        if not text.startswith("progress: "):
            notes.append(text)
            continue
        text = text[len("progress: ") :]
        percent, count = re.search(r"(\d+(?:\.\d+)?) %", text), re.search(r"(\d+) of (\d+) done", text)
        if percent:
            feedback.setProgress(float(percent[1]))
        elif count:
            feedback.setProgress(100 * int(count[1]) / max(1, int(count[2])))
        feedback.setProgressText(text)


def _answer(output, status, notes, allowed):
    try:
        document = json.loads(output) if output.strip() else None
    except ValueError:
        document = None
    error = document.get("error") if isinstance(document, dict) else None
    if error:
        hint = error.get("hint")
        raise QgsProcessingException(error["message"] + f" [{error['code']}]" + (f"\n{hint}" if hint else ""))
    if status not in allowed:
        raise QgsProcessingException("\n".join(notes[-10:]) or f"tiepoint ended with status {status}")
    return document
