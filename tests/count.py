#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Adds up what the tests said: meson's testlog.json files and plain TAP files. Names what failed and why something
was skipped; the last line is "N passed, N failed" (and ", N skipped"). A test that speaks TAP counts by its claims.

    count.py FILE…      testlog.json files of meson, and *.tap files
"""
import json
import re
import sys

LINE = re.compile(r'^\s*(not )?ok\b(?:\s+\d+)?\s*(?:-\s*)?(.*)$')
SKIP = re.compile(r'#\s*skip\S*\s*(.*)$', re.I)


class Sum:
    def __init__(self):
        self.passed, self.failed, self.skipped, self.told = 0, 0, 0, []

    def tap(self, name, text):
        """Adds the claims of a TAP text; the number of its failures."""
        failures = 0
        for line in text.splitlines():
            match = LINE.match(line)
            if not match:
                continue
            skip = SKIP.search(match.group(2))
            if match.group(1):
                failures += 1
                self.told.append('failed: %s: %s' % (name, match.group(2)))
            elif skip:
                self.skipped += 1
                self.told.append('skipped: %s: %s (%s)' % (name, match.group(2)[:skip.start()].strip(), skip.group(1) or 'no reason given'))
            else:
                self.passed += 1
        if re.search(r'^1\.\.0\s*#\s*skip', text, re.I | re.M):
            self.skipped += 1
            self.told.append('skipped: %s (%s)' % (name, re.search(r'^1\.\.0\s*#\s*skip\S*\s*(.*)$', text, re.I | re.M).group(1)))
        self.failed += failures
        return failures

    def whole_tap(self, name, text):
        """A file of its own: one that broke off in the middle has failed, whatever it said until then."""
        claims = sum(1 for line in text.splitlines() if LINE.match(line))
        self.tap(name, text)
        plan = re.search(r'^1\.\.(\d+)', text, re.M)
        if plan is None or int(plan.group(1)) != claims:
            self.failed += 1
            self.told.append('failed: %s: it broke off' % name)

    def meson(self, path):
        with open(path, encoding='utf-8') as file:
            for line in file:
                test = json.loads(line)
                result, name = test['result'], test['name']
                before = (self.passed, self.failed, self.skipped)
                failures = self.tap(name, test.get('stdout', ''))
                silent = before == (self.passed, self.failed, self.skipped)
                if result in ('FAIL', 'TIMEOUT', 'ERROR', 'INTERRUPT', 'UNEXPECTEDPASS') and failures == 0:
                    self.failed += 1
                    self.told.append('failed: %s: %s' % (name, result.lower()))
                elif silent and result in ('OK', 'EXPECTEDFAIL'):
                    self.passed += 1
                elif silent and result == 'SKIP':
                    self.skipped += 1
                    self.told.append('skipped: %s' % name)


def main():
    total = Sum()
    for path in sys.argv[1:]:
        try:
            if path.endswith('.tap'):
                with open(path, encoding='utf-8', errors='replace') as file:
                    total.whole_tap(path.rsplit('/', 1)[-1][:-4], file.read())
            else:
                total.meson(path)
        except (OSError, ValueError) as error:
            total.failed += 1
            total.told.append('failed: %s cannot be read: %s' % (path, error))
    for line in total.told:
        print(line)
    print('%d passed, %d failed%s' % (total.passed, total.failed, ', %d skipped' % total.skipped if total.skipped else ''))
    sys.exit(1 if total.failed or not total.passed else 0)


if __name__ == '__main__':
    main()
