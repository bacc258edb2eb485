#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The programs do not contain the hook that switches security checks off, unless the build was made for testing
the tests, where they must.

    hook.py WITH|WITHOUT PROGRAM…
"""
import os
import sys

from tap import Tap

MARKS = (b'koh_check_is_off', b'KOH_MUTANT')


def main():
    wanted, tap = sys.argv[1] == 'WITH', Tap()
    for path in sys.argv[2:]:
        with open(path, 'rb') as file:
            content = file.read()
        found = [mark.decode() for mark in MARKS if mark in content]
        if wanted:
            tap.claim('%s has the hook (-Dmutants=true)' % os.path.basename(path), [] if found else ['neither mark was found'])
        else:
            tap.claim('%s lacks the hook' % os.path.basename(path), ['it contains %s' % mark for mark in found])
    tap.end()


main()
