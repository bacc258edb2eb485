#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The translation is whole: it is well formed, every message of the sources stands in it, translated and not
fuzzy, and POTFILES.in names, sorted, exactly the files that have messages."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

KEYWORDS = ['_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'ngettext:1,2', 'g_dngettext:2,3', 'g_dpgettext2:2c,3']


def messages(path):
    """(context, id) → whether it is translated, of a .po or .pot file."""
    text = subprocess.run(['msgcat', '--no-wrap', '--no-location', str(path)], check=True,
                          capture_output=True, text=True).stdout
    found = {}
    for entry in text.split('\n\n'):
        lines = [line for line in entry.split('\n') if not line.startswith('#~')]
        fuzzy = any(line.startswith('#,') and 'fuzzy' in line for line in lines)
        body = '\n'.join(line for line in lines if not line.startswith('#'))
        body = re.sub(r'"\n"', '', body)
        context = re.search(r'^msgctxt (".*")$', body, re.M)
        ident = re.search(r'^msgid (".*")$', body, re.M)
        if ident is None or ident.group(1) == '""':
            continue
        strings = re.findall(r'^msgstr(?:\[\d\])? (".*")$', body, re.M)
        done = bool(strings) and all(string != '""' for string in strings) and not fuzzy
        found[(context.group(1) if context else None, ident.group(1))] = done
    return found


def has_messages(path):
    text = path.read_text(encoding='utf-8')
    if path.suffix == '.ui':
        return 'translatable="yes"' in text
    return re.search(r'\b(_|N_|C_|ngettext) ?\("', text) is not None


def main():
    msgfmt, po, root = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    problems = []
    listed = (root / 'po/POTFILES.in').read_text(encoding='utf-8').split()
    if listed != sorted(listed):
        problems.append('po/POTFILES.in is not sorted')
    sources = [path for pattern in ('src/*/*.c', 'ui/*.ui', 'ui/gtk/*.ui') for path in root.glob(pattern)]
    for path in sources:
        name = str(path.relative_to(root))
        if has_messages(path) != (name in listed):
            problems.append(f'{name} and po/POTFILES.in do not agree on whether it has messages')
    problems += [f'{name} is in po/POTFILES.in and does not exist' for name in listed if not (root / name).exists()]

    check = subprocess.run([msgfmt, '--check', '--statistics', '-o', '/dev/null', str(po)], capture_output=True, text=True)
    if check.returncode != 0:
        problems.append(check.stderr.strip())
    if shutil.which('xgettext') and not problems:
        with tempfile.TemporaryDirectory() as folder:
            pot = pathlib.Path(folder) / 'kohorte.pot'
            subprocess.run(['xgettext', '--from-code=UTF-8', '--add-comments', '-o', str(pot), '-D', str(root),
                            '-f', str(root / 'po/POTFILES.in')] + ['--keyword=' + word for word in KEYWORDS],
                           check=True, capture_output=True)
            wanted, have = messages(pot), messages(po)
            problems += [f'not translated: {ident}' for (context, ident) in wanted if not have.get((context, ident))]
            problems += [f'no longer used: {ident}' for (context, ident) in have if (context, ident) not in wanted]
    for problem in problems:
        print(problem)
    print(check.stderr.strip())
    return 1 if problems else 0


sys.exit(main())
