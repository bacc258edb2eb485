#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""An owner's data change: they move from a database to CSV files and answer the same, a new snapshot is taken, bad data
are told of before anything is lost, and a person who opts out is gone."""
import csv
import json
import os
import re
import sqlite3

from house import PEER, House, run
from tap import Tap

OWNER = 'aarhus'


def to_csv(house):
    """All tables of the owner's database as CSV files, and peer.ini on them."""
    folder = house.path(OWNER, 'csv')
    os.mkdir(folder)
    with sqlite3.connect(house.path(OWNER, 'data.sqlite')) as db:
        for table, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall():
            rows = db.execute('SELECT * FROM "%s"' % table)
            with open(os.path.join(folder, table + '.csv'), 'w', encoding='utf-8', newline='') as file:
                writer = csv.writer(file, delimiter=';')
                writer.writerow(column[0] for column in rows.description)
                writer.writerows(rows)
    db.close()
    edit(house, lambda text: text.replace('source=sqlite:data.sqlite', 'source=csv:csv'))


def edit(house, change):
    path = house.path(OWNER, 'peer.ini')
    with open(path, encoding='utf-8') as file:
        text = file.read()
    with open(path, 'w', encoding='utf-8') as file:
        file.write(change(text))


def snapshot(house):
    return run(PEER, 'snapshot', house.path(OWNER), env=house.env)


def asked(house, question):
    done = house.ask(question)
    return json.loads(done.out)['results'] if done.status == 0 else [done.status, done.err]


def frozen(done):
    return [] if done.status == 0 and re.fullmatch('[0-9a-f]{64}\n', done.out) else [done.status, done.out, done.err]


def main():
    tap = Tap()
    with House(persons=3000) as house:
        question = house.demo_question()
        up = house.up()
        tap.claim('the federation is up', [] if up else house.said)
        before = asked(house, question)
        busy = snapshot(house)
        tap.claim('while the peer serves, no snapshot is taken', [] if busy.status == 1 and 'end it first' in busy.err else [busy.status, busy.err])
        house.down()

        to_csv(house)
        tap.claim('a snapshot of CSV files', frozen(snapshot(house)))
        up = house.up()
        tap.claim('the peer enrols with it', [] if up else house.said)
        after = asked(house, question)
        tap.claim('CSV files answer as the database did', [] if after == before and isinstance(before[0], dict) else [before, after])
        house.down()

        with open(house.path(OWNER, 'csv', 'kontakt.csv'), encoding='utf-8', newline='') as file:
            kept = file.read()
        header = kept.splitlines()[0].split(';')
        with open(house.path(OWNER, 'csv', 'kontakt.csv'), 'a', encoding='utf-8', newline='') as file:
            file.write('x\n')
        bad = snapshot(house)
        place = 'kontakt.csv, line %d, column 1 (%s): the row ends after 1 of %d fields' % (len(kept.splitlines()) + 1, header[0], len(header))
        tap.claim('a bad line refuses the snapshot by file, line and column', [] if bad.status != 0 and place in bad.err else [place, bad.status, bad.err])
        told = run(PEER, 'quality', house.path(OWNER), env=house.env)
        tap.claim('and is told to the owner', [] if told.status == 0 and 'refused' in told.out and place in told.out else [told.status, told.out, told.err])
        with open(house.path(OWNER, 'csv', 'kontakt.csv'), 'w', encoding='utf-8', newline='') as file:
            file.write(kept)
        up = house.up()
        again = asked(house, question)
        tap.claim('the enrolment stands, for the files as they were', [] if up and again == before else [again])
        house.down()

        path = house.path(OWNER, 'state', 'epoch.json')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('{')
        tap.claim('a snapshot also clears an enrolment that is damaged', frozen(snapshot(house)))

        with sqlite3.connect(house.path(OWNER, 'data.sqlite')) as db:
            persons = [row[0] for row in db.execute('SELECT DISTINCT cpr FROM kontakt ORDER BY cpr LIMIT 3')]
        db.close()
        with open(house.path(OWNER, 'out.txt'), 'w', encoding='utf-8') as file:
            file.write('\n'.join(persons + ['0000000000']) + '\n')
        edit(house, lambda text: text.replace('[peer]\n', '[peer]\nopt_out=out.txt\n', 1))
        tap.claim('a snapshot with persons who have opted out', frozen(snapshot(house)))
        told = run(PEER, 'quality', house.path(OWNER), env=house.env)
        tap.claim('their number is told to the owner', [] if 'opt_out: 3 of the 4 persons in the list' in told.out else [told.out, told.err])
        up = house.up()
        tap.claim('the peer enrols without them', [] if up else house.said)
        last = asked(house, question)
        tap.claim('the question is answered', [] if isinstance(last[0], dict) else last)
        house.down()
    tap.end()


if __name__ == '__main__':
    main()
