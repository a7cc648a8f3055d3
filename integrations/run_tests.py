"""Runs the unittest files of a folder, or lists them; one JSON line a test, for the project's own test runner."""

import io
import json
import sys
import unittest


class Lines(unittest.TextTestResult):
    def say(self, test, outcome, detail=""):
        print(json.dumps({"name": test.id(), "outcome": outcome, "detail": detail}), file=sys.__stdout__, flush=True)

    def addSuccess(self, test):
        self.say(test, "passed")

    def addFailure(self, test, err):
        self.say(test, "failed", self._exc_info_to_string(err, test))

    def addError(self, test, err):
        self.say(test, "failed", self._exc_info_to_string(err, test))

    def addSkip(self, test, reason):
        self.say(test, "skipped", reason)


def all_tests(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from all_tests(test)
        else:
            yield test


suite = unittest.defaultTestLoader.discover(sys.argv[1])
if "--list" in sys.argv:
    print(json.dumps([test.id() for test in all_tests(suite)]))
else:
    unittest.TextTestRunner(stream=io.StringIO(), resultclass=Lines).run(suite)
