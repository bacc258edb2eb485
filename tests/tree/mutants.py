#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Every security check has a test that notices when the check is off.

    mutants.py table SOURCE          every koh_check ("id", …) of src/ stands in tests/mutants.tsv, and the other way round
    mutants.py run SOURCE BUILD      with a build made with -Dmutants=true: each id's named test passes as it stands
                                     and fails with KOH_MUTANT=id
"""
import json
import os
import re
import subprocess
import sys

from tap import Tap

CHECK = re.compile(r'\bkoh_check\s*\(\s*"([^"]*)"')
ANY_CHECK = re.compile(r'\bkoh_check\s*\(')


def table_of(source):
    """Pairs (id, ROOM/test), in file order."""
    rows = []
    with open(os.path.join(source, 'tests', 'mutants.tsv'), encoding='utf-8') as file:
        for line in file:
            if line.strip() and not line.startswith('#'):
                rows.append(tuple(line.rstrip('\n').split('\t')))
    return rows


def checks_of(source):
    """id → places; the checks without a literal id come under None."""
    found = {}
    for at, _, names in os.walk(os.path.join(source, 'src')):
        for name in sorted(names):
            path = os.path.join(at, name)
            if not name.endswith(('.c', '.h')) or path.endswith('common/check.h'):
                continue
            with open(path, encoding='utf-8') as file:
                text = re.sub(r'/\*.*?\*/', lambda m: '\n' * m.group().count('\n'), file.read(), flags=re.S)
            for match in ANY_CHECK.finditer(text):
                literal = CHECK.match(text, match.start())
                place = '%s:%d' % (os.path.relpath(path, source), text.count('\n', 0, match.start()) + 1)
                found.setdefault(literal.group(1) if literal else None, []).append(place)
    return found


def table(source):
    tap, rows, checks = Tap(), table_of(source), checks_of(source)
    ids = [row[0] for row in rows]
    tap.claim('every line of tests/mutants.tsv is id<TAB>ROOM/test',
              ['\t'.join(row) for row in rows if len(row) != 2 or not re.fullmatch(r'[a-z0-9]+(-[a-z0-9]+)*', row[0]) or row[1].count('/') != 1])
    tap.claim('every check has its name written out', checks.get(None, []))
    tap.claim('every check of src/ stands in tests/mutants.tsv',
              ['%s (%s)' % (name, places[0]) for name, places in sorted((n, p) for n, p in checks.items() if n) if name not in ids])
    tap.claim('every line of tests/mutants.tsv has its check', sorted(set(ids) - set(checks)))
    tap.end()


def run(source, build):
    tap = Tap()
    listed = json.loads(subprocess.run(['meson', 'introspect', '--tests', build], check=True, stdout=subprocess.PIPE).stdout)
    tests = {(suite.split(':')[-1], test['name']): test for test in listed for suite in test['suite']}
    passed = {}

    def passes(test, mutant):
        env = dict(os.environ, **test['env'])
        env.pop('KOH_MUTANT', None)
        if mutant:
            env['KOH_MUTANT'] = mutant
        try:
            done = subprocess.run(test['cmd'], env=env, cwd=test.get('workdir') or build, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0 and b'\nnot ok' not in b'\n' + done.stdout

    for name, where in table_of(source):
        test = tests.get(tuple(where.split('/')))
        if test is None:
            tap.claim('%s: %s' % (name, where), ['the build has no such test'])
            continue
        if where not in passed:
            passed[where] = passes(test, None)
        problems = [] if passed[where] else ['%s fails even with every check on' % where]
        if passed[where] and passes(test, name):
            problems.append('%s still passes with the check off' % where)
        tap.claim('%s notices when %s is off' % (where, name), problems)
    tap.end()


if sys.argv[1] == 'table':
    table(sys.argv[2])
else:
    run(sys.argv[2], sys.argv[3])
