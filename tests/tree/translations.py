#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Every message is translated: each language of po/LINGUAS has every message of the sources, none of them fuzzy,
and every file with messages is in po/POTFILES.in.

    translations.py SOURCE
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import Tap

MESSAGE = re.compile(r'\b(_|N_|C_|NC_|ngettext|g_dngettext)\s?\("')


def run(*words, **more):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ, LC_ALL='C.UTF-8', LANGUAGE='C'), **more)


def listed(path):
    with open(path, encoding='utf-8') as file:
        return [line.strip() for line in file if line.strip() and not line.startswith('#')]


def with_messages(source):
    for top in ('src', 'ui'):
        for at, _, names in os.walk(os.path.join(source, top)):
            for name in names:
                path = os.path.join(at, name)
                with open(path, encoding='utf-8', errors='replace') as file:
                    text = file.read()
                if (name.endswith('.c') and MESSAGE.search(text)) or (name.endswith('.ui') and 'translatable="yes"' in text):
                    yield os.path.relpath(path, source)


def main():
    source, tap = sys.argv[1], Tap()
    po = os.path.join(source, 'po')
    if not shutil.which('xgettext'):
        tap.skip('translations', 'gettext is not installed')
        tap.end()
    potfiles = listed(os.path.join(po, 'POTFILES.in')) if os.path.exists(os.path.join(po, 'POTFILES.in')) else []
    tap.claim('every file with messages is in po/POTFILES.in', sorted(set(with_messages(source)) - set(potfiles)))
    tap.claim('po/POTFILES.in names files that stand, in order',
              [path for path in potfiles if not os.path.exists(os.path.join(source, path))] + ([] if potfiles == sorted(potfiles) else ['not sorted']))
    with tempfile.TemporaryDirectory() as folder:
        template = os.path.join(folder, 'kohorte.pot')
        made = run('xgettext', '--from-code=UTF-8', '--add-comments=Translators', '--keyword=_', '--keyword=N_', '--keyword=C_:1c,2',
                   '--keyword=NC_:1c,2', '--keyword=g_dngettext:2,3', '--output', template, *[p for p in potfiles if os.path.exists(os.path.join(source, p))], cwd=source)
        tap.claim('the messages can be extracted', [] if made.returncode == 0 and os.path.exists(template) else [made.stdout])
        linguas = listed(os.path.join(po, 'LINGUAS')) if os.path.exists(os.path.join(po, 'LINGUAS')) else []
        tap.claim('there is a Danish translation', [] if 'da' in linguas else ['po/LINGUAS lacks da'])
        for language in linguas:
            path = os.path.join(po, language + '.po')
            check = run('msgfmt', '--check', '--statistics', '--output-file=/dev/null', path)
            bad = check.returncode != 0 or 'untranslated' in check.stdout or 'fuzzy' in check.stdout
            tap.claim('%s: formats fit, nothing is fuzzy or untranslated' % language, [check.stdout] if bad else [])
            if os.path.exists(template):
                compared = run('msgcmp', path, template)
                tap.claim('%s: every message of the sources is there' % language, compared.stdout.splitlines() if compared.returncode != 0 else [])
    tap.end()


main()
