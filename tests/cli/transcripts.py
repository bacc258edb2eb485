#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What the command line says, word for word. A transcript is a text file: after "$ " a command, "! N " before it
where the exit status is not 0, and then what it prints: stdout, and after a line "(stderr)" what goes there. "[…]"
in a line stands for any text.

    transcripts.py PROGRAM FOLDER
"""
import glob
import os
import re
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tree'))
from tap import Tap


def commands(path):
    """(line number, command, status, stdout, stderr) of each command."""
    out = []
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file.read().splitlines(), 1):
            start = re.match(r'(?:! (\d+) )?\$ (.*)$', line)
            if start:
                out.append((number, start.group(2), int(start.group(1) or 0), [], []))
                into = out[-1][3]
            elif line == '(stderr)':
                into = out[-1][4]
            elif out:
                into.append(line)
    return out


def fits(wanted, got):
    got = got.splitlines()
    while wanted and not wanted[-1]:
        wanted = wanted[:-1]
    patterns = [re.escape(line).replace(re.escape('[…]'), '.*') for line in wanted]
    return len(got) == len(patterns) and all(re.fullmatch(p, g) for p, g in zip(patterns, got))


def main():
    program, folder, tap = os.path.abspath(sys.argv[1]), sys.argv[2], Tap()
    env = dict(os.environ, LC_ALL='C.UTF-8', LANGUAGE='en')
    for path in sorted(glob.glob(os.path.join(folder, '*.txt'))):
        for number, command, status, out, err in commands(path):
            words = shlex.split(command)
            words = [program if word == 'kohorte-cli' else word for word in words]
            done = subprocess.run(words, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
            problems = [] if done.returncode == status else ['exit status %d instead of %d' % (done.returncode, status)]
            problems += [] if fits(out, done.stdout) else ['stdout:', done.stdout]
            problems += [] if fits(err, done.stderr) else ['stderr:', done.stderr]
            tap.claim('%s:%d: %s' % (os.path.basename(path), number, command), problems)
    tap.end()


main()
