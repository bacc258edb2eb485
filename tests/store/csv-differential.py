#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The reader of comma-separated text against Python's csv module, on generated files: whole ones, and ones with a few
bytes changed. Which files must be refused is said by a grammar, as one regular expression; what the others hold, by
the module. Both sides must agree on every file.

    csv-differential.py CSV-ROWS [FILES [SEED]]
"""
import csv
import io
import os
import random
import re
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tree'))
from tap import Tap  # noqa: E402

PIECES = ['a', 'b', 'person', 'Ærø', '2020-01-01', 'æøå', '"', '""', ',', ';', '\t', '\n', '\r\n', ' ', '', '\U0001f600', '1.5', '\ufeff', 'x' * 300]
BYTES = [b'"', b'""', b',', b';', b'\n', b'\r', b'\r\n', b'\0', b'\xe6', b'\xc3', b'\xa6', b'\xed\xa0\x80', b'\xef\xbb\xbf', b'a', b' ', b'\t', b'']


def grammar(separator):
    field = '(?:"(?:[^"\0]|"")*"|[^"\r\n\0%s]*)' % separator
    row = '%s(?:%s%s)*' % (field, separator, field)
    return re.compile('%s(?:\r?\n%s)*(?:\r?\n)?' % (row, row))


GRAMMARS = {separator: grammar(separator) for separator in ',;\t'}


def expected(data, separator):
    """The rows, or None where the file must be refused."""
    try:
        text = data.decode('utf-8')
    except UnicodeDecodeError:
        return None
    if text.startswith('\ufeff'):
        text = text[1:]
    if not text:
        return None
    if not separator:
        header = re.match(r'(?:"[^"]*"?|[^"\n])*', text).group()
        outside = re.sub(r'"[^"]*("|$)', '', header)
        if ',' in outside and ';' in outside:
            return None
        separator = ';' if ';' in outside else ','
    if not GRAMMARS[separator].fullmatch(text):
        return None
    # The module takes an empty line for no field; here it is a row with one, which is empty.
    rows = [row or [''] for row in csv.reader(io.StringIO(text, newline=''), delimiter=separator, strict=True)]
    return rows if all(len(row) == len(rows[0]) for row in rows) and len(rows[0]) <= 1000 else None


def whole(random):
    separator, end = random.choice(',;\t'), random.choice(['\n', '\r\n'])
    width = random.randint(1, 6)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=random.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    for _ in range(random.randint(1, 12)):
        writer.writerow([''.join(random.choices(PIECES, k=random.randint(0, 3))) for _ in range(width)])
    text = out.getvalue()
    if random.random() < 0.3:
        text = text[:-len(end)]
    if random.random() < 0.2:
        text = '\ufeff' + text
    return text.encode('utf-8'), random.choice(['', separator])


def changed(random):
    data, separator = whole(random)
    for _ in range(random.randint(1, 3)):
        at = random.randint(0, len(data))
        data = data[:at] + random.choice(BYTES) + data[at + random.randint(0, 2):]
    return data, separator


def soup(random):
    return b''.join(random.choices(BYTES, k=random.randint(0, 12))), random.choice(['', ',', ';', '\t'])


class Answers:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self):
        self.at += 4
        return struct.unpack_from('<I', self.data, self.at - 4)[0]

    def text(self):
        size = self.number()
        self.at += size
        return self.data[self.at - size:self.at].decode('utf-8')

    def next(self):
        rows = []
        while True:
            width = self.number()
            if width == 0:
                return rows, None
            if width == 0xffffffff:
                return None, self.text()
            rows.append([self.text() for _ in range(width)])


def main():
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 6000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    dice, tap = random.Random(seed), Tap()
    cases = [dice.choice([whole, changed, changed, soup])(dice) for _ in range(files)]
    sent = b''.join((separator or '\0').encode() + struct.pack('<I', len(data)) + data for data, separator in cases)
    answers = Answers(subprocess.run([sys.argv[1]], input=sent, stdout=subprocess.PIPE, check=True).stdout)
    differ, nameless, taken = [], [], 0
    for data, separator in cases:
        rows, message = answers.next()
        want = expected(data, separator)
        taken += want is not None
        if rows != want:
            differ.append('%r with %r: %r, not %r' % (data, separator, message or rows, want))
        if message is not None and not re.match(r'file, line [1-9][0-9]*, column [1-9][0-9]*( \([A-Za-z_]+\))?: [^\n]+$', message):
            nameless.append(message)
    tap.claim('%d generated files are read as Python reads them, or refused' % files, differ[:5])
    tap.claim('every refusal is one line that names file, line and column', nameless[:5])
    tap.claim('files of both kinds were among them', [] if files / 10 < taken < files * 9 / 10 else [taken])
    tap.end()


if __name__ == '__main__':
    main()
