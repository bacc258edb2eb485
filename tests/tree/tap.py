# SPDX-License-Identifier: EUPL-1.2
"""The Test Anything Protocol, for the tests that are written in Python: every claim is one line."""
import sys


class Tap:
    def __init__(self):
        self.number = 0
        self.failures = 0

    def claim(self, name, problems):
        """The claim holds where the list of problems is empty; otherwise they are told."""
        self.number += 1
        if problems:
            self.failures += 1
        print('%s %d - %s' % ('not ok' if problems else 'ok', self.number, name))
        for problem in list(problems)[:40]:
            for line in str(problem).splitlines():
                print('#   ' + line)
        if len(problems) > 40:
            print('#   … and %d more' % (len(problems) - 40))
        sys.stdout.flush()

    def skip(self, name, reason):
        self.number += 1
        print('ok %d - %s # SKIP %s' % (self.number, name, reason))
        sys.stdout.flush()

    def note(self, text):
        for line in str(text).splitlines():
            print('# ' + line)
        sys.stdout.flush()

    def end(self):
        print('1..%d' % self.number)
        sys.exit(1 if self.failures else 0)
