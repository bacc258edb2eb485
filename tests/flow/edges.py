#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A world made by hand, with the edges of the rules in it and the right answers written down by a person: who is
counted on 29 February, on the first and last day of a window, at the turn of a year, with a value that is missing.
Both the oracle and the engine (three members, and a plain party) must find these persons.

Every kind of person stands there twenty times, so that no number is small and nothing is joined or hidden.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile

from house import MESH, differences, environment
from oracle import Evaluation
from tap import Tap
from world import World

TIMES = 20
MI, DAY = 'DI219', '2021-06-15'


def kind(birth='1960-01-01', sex='M', region='1084', income=None, a=(), b=(), rx=(), died=(), left=(), lab_a=(), lab_b=()):
    return {'lab_a': lab_a, 'lab_b': lab_b, 'birth': birth, 'sex': sex, 'region': region, 'income': income or {}, 'a': a, 'b': b, 'rx': rx, 'died': died, 'left': left}


def at(day, code=MI):
    return [(day, code)]


KINDS = {
    # Ages: born on a 29 February, the day before, the day after.
    'leap, index 28 Feb': kind('1972-02-29', a=at('2022-02-28')),
    'leap, index 1 Mar': kind('1972-02-29', a=at('2022-03-01')),
    'leap, index 29 Feb': kind('1972-02-29', a=at('2020-02-29')),
    'born 28 Feb, index 28 Feb': kind('1972-02-28', a=at('2022-02-28')),
    'born 1 Mar, index 28 Feb': kind('1972-03-01', a=at('2022-02-28')),
    'birth unknown': kind(None, a=at(DAY)),
    'born after the index': kind('2022-05-05', a=at(DAY)),
    'born on the index day': kind(DAY, a=at(DAY)),
    'ninety today': kind('1931-06-15', a=at(DAY)),
    'ninety tomorrow': kind('1931-06-16', a=at(DAY)),
    'hundred and two': kind('1919-01-01', a=at(DAY)),
    # Index dates.
    'earlier at B': kind(a=at('2021-03-01'), b=at('2020-11-11')),
    'before the period at B': kind(a=at('2021-03-01'), b=at('2017-12-31')),
    'first day of the period': kind(b=at('2018-01-01')),
    'last day of the period': kind(b=at('2022-12-31')),
    'after the period': kind(b=at('2023-01-01')),
    'twice the same': kind(a=at('2021-03-01'), b=at('2021-03-01')),
    'another code first': kind(a=at('2019-01-01', 'DI252') + at('2021-03-01')),
    'no event': kind(),
    # A prescription so many days from the index.
    **{'rx %d' % n: kind(sex='K', region='1085', a=at(DAY), rx=[(day, 'C10AA05')]) for n, day in
       [(-366, '2020-06-14'), (-365, '2020-06-15'), (-1, '2021-06-14'), (0, '2021-06-15'), (1, '2021-06-16'), (30, '2021-07-15'), (31, '2021-07-16')]},
    'rx -1 and 31': kind(sex='K', region='1085', a=at(DAY), rx=[('2021-06-14', 'C10AA05'), ('2021-07-16', 'C10AA01')]),
    'rx of another kind': kind(sex='K', region='1085', a=at(DAY), rx=[(DAY, 'C10AX09'), ('2021-06-20', 'B01AC06')]),
    # Values by year.
    'income turn, old': kind(region='1081', a=at('2019-12-31'), income={2019: 1, 2020: 5}),
    'income turn, new': kind(region='1081', a=at('2020-01-01'), income={2019: 1, 2020: 5}),
    'income gap': kind(region='1081', a=at('2020-07-01'), income={2019: 1, 2021: 5}),
    # What is missing.
    'sex unknown': kind(sex=None, a=at(DAY)),
    'sex unlisted': kind(sex='X', a=at(DAY)),
    'region unknown': kind(region=None, a=at(DAY)),
    # Values: a number, text, none; in a unit of its own or the declared one.
    'value 47.9': kind(a=at(DAY), lab_a=[(DAY, 47.9, 'mmol/mol')]),
    'value 48': kind(a=at(DAY), lab_a=[(DAY, 48, 'mmol/mol')]),
    'value 48 as text': kind(a=at(DAY), lab_a=[(DAY, '48.0', 'mmol/mol')]),
    'value 48 %': kind(a=at(DAY), lab_a=[(DAY, 48, '%')]),
    'value 48 of no unit': kind(a=at(DAY), lab_a=[(DAY, 48, None)]),
    'value 48 at B': kind(a=at(DAY), lab_b=[(DAY, 48)]),
    'value 53 at B, too late': kind(a=at(DAY), lab_b=[('2021-06-16', 53)]),
    'value <48': kind(a=at(DAY), lab_a=[(DAY, '<48', 'mmol/mol')]),
    'value missing': kind(a=at(DAY), lab_a=[(DAY, None, 'mmol/mol')]),
    'value 40 and 60': kind(a=at(DAY), lab_a=[(DAY, 40, 'mmol/mol'), (DAY, 60, 'mmol/mol')]),
    # Born or gone about DAY, without an event.
    'born on DAY, no event': kind(DAY),
    'born the day after, no event': kind('2021-06-16'),
    'died the day before': kind(died=['2021-06-14']),
    'died on DAY': kind(died=[DAY]),
    'left the day before': kind(left=['2021-06-14']),
    'left on DAY': kind(left=[DAY]),
    'left before and after': kind(left=['2015-01-01', '2022-01-01']),
    'of unknown birth, no event': kind(None),
}
PERIOD = {'from': '2018-01-01', 'to': '2022-12-31'}
NO_EVENT = {'no event', 'born on DAY, no event', 'born the day after, no event', 'died the day before', 'died on DAY', 'left the day before', 'left on DAY',
            'left before and after', 'of unknown birth, no event'}
OUTSIDE = {'before the period at B', 'after the period'} | NO_EVENT
THERE = set(KINDS) - {'birth unknown', 'born after the index', 'born the day after, no event', 'died the day before', 'left the day before',
                      'left before and after', 'of unknown birth, no event'}
ALL = set(KINDS) - OUTSIDE
RX = {name for name in KINDS if name.startswith('rx ')}


def rx(within, *codes, **more):
    return {'event': dict({'dataset': 'dispensings', 'codes': list(codes) or ['ATC:C10AA']}, **more), 'within': within}


def lab(op, value, within=(0, 0), **unit):
    return {'event': {'dataset': 'laboratory', 'value': dict({'op': op, 'value': value}, **unit)}, 'within': list(within)}


MOL = {'unit': 'mmol/mol'}
FORTY_EIGHT = {'value 48', 'value 48 as text', 'value 48 %', 'value 48 of no unit', 'value 48 at B'}


def age(low, high, **more):
    return dict({'attribute': 'age', 'between': [low, high]}, **more)


# Name, the criterion, and whom it leaves of those with a first infarct in 2018–2022.
CLAIMS = [
    ('50 and over', age(50, None), ALL - {'leap, index 28 Feb', 'leap, index 29 Feb', 'born 1 Mar, index 28 Feb', 'birth unknown', 'born after the index', 'born on the index day'}),
    ('exactly 49', age(49, 49), {'leap, index 28 Feb', 'born 1 Mar, index 28 Feb'}),
    ('exactly 48', age(48, 48), {'leap, index 29 Feb'}),
    ('a known age', age(None, None), ALL - {'birth unknown', 'born after the index'}),
    ('not a known age', {'not': age(0, 200)}, {'birth unknown', 'born after the index'}),
    ('nought', age(0, 0), {'born on the index day'}),
    ('ninety and over by band', {'attribute': 'age_band', 'in': ['90+']}, {'ninety today', 'hundred and two'}),
    ('eighty-five to eighty-nine by band', {'attribute': 'age_band', 'in': ['85–89']}, {'ninety tomorrow'}),
    ('fifty on a fixed 28 February', age(50, None, at='2022-02-28'),
     ALL - {'leap, index 28 Feb', 'leap, index 1 Mar', 'leap, index 29 Feb', 'born 1 Mar, index 28 Feb', 'birth unknown', 'born after the index', 'born on the index day'}),
    ('women', {'attribute': 'sex', 'in': ['K']}, RX),
    ('not women', {'not': {'attribute': 'sex', 'in': ['K']}}, ALL - RX),
    ('men', {'attribute': 'sex', 'in': ['M']}, ALL - RX - {'sex unknown', 'sex unlisted'}),
    ('statin within 0…30', rx([0, 30]), {'rx 0', 'rx 1', 'rx 30'}),
    ('statin within −365…−1', rx([-365, -1]), {'rx -365', 'rx -1', 'rx -1 and 31'}),
    ('statin on the day', rx([0, 0]), {'rx 0'}),
    ('statin on day 31', rx([31, 31]), {'rx 31', 'rx -1 and 31'}),
    ('statin 366 days before', rx([-366, -366]), {'rx -366'}),
    ('statin from day 1 on', rx([1, None]), {'rx 1', 'rx 30', 'rx 31', 'rx -1 and 31'}),
    ('statin before the day', rx([None, -1]), {'rx -366', 'rx -365', 'rx -1', 'rx -1 and 31'}),
    ('statin ever', rx([None, None]), RX - {'rx of another kind'}),
    ('statin within −20000…20000', rx([-20000, 20000]), RX - {'rx of another kind'}),
    ('no statin within −1…31', {'not': rx([-1, 31])}, ALL - {'rx -1', 'rx 0', 'rx 1', 'rx 30', 'rx 31', 'rx -1 and 31'}),
    ('either end', {'any': [rx([-366, -366]), rx([31, 31])]}, {'rx -366', 'rx 31', 'rx -1 and 31'}),
    ('both ends', {'all': [rx([-1, -1]), rx([31, 31])]}, {'rx -1 and 31'}),
    ('a value of 48 or more', lab('ge', 48), FORTY_EIGHT | {'value 40 and 60'}),
    ('a value of 48 or more mmol/mol', lab('ge', 48, **MOL), FORTY_EIGHT - {'value 48 %', 'value 48 of no unit'} | {'value 40 and 60'}),
    ('a value above 48', lab('gt', 48), {'value 40 and 60'}),
    ('a value of 48', lab('eq', 48), FORTY_EIGHT),
    ('a value of 48 %', lab('eq', 48, unit='%'), {'value 48 %'}),
    ('a value other than 48', lab('ne', 48), {'value 47.9', 'value 40 and 60'}),
    ('no value of 48', {'not': lab('eq', 48)}, ALL - FORTY_EIGHT),
    ('a value below 48', lab('lt', 48), {'value 47.9', 'value 40 and 60'}),
    ('a value of 48 or less', lab('le', 48), FORTY_EIGHT | {'value 47.9', 'value 40 and 60'}),
    ('a value from 47.9 to 48', lab('between', [47.9, 48]), FORTY_EIGHT | {'value 47.9'}),
    ('a value from 48 to 53 the day after', lab('between', [48, 53], (1, 1), **MOL), {'value 53 at B, too late'}),
    ('any laboratory test', {'event': {'dataset': 'laboratory'}, 'within': [0, 0]},
     FORTY_EIGHT | {'value 47.9', 'value <48', 'value missing', 'value 40 and 60'}),
    ('two of three', {'at_least': 2, 'of': [rx([-1, -1]), rx([31, 31]), {'attribute': 'sex', 'in': ['K']}]}, {'rx -1', 'rx 31', 'rx -1 and 31'}),
    ('three of three', {'at_least': 3, 'of': [rx([-1, -1]), rx([31, 31]), {'attribute': 'sex', 'in': ['K']}]}, {'rx -1 and 31'}),
    ('fewer than two of three', {'not': {'at_least': 2, 'of': [rx([-1, -1]), age(50, None), {'attribute': 'sex', 'in': ['M']}]}},
     {'leap, index 28 Feb', 'leap, index 29 Feb', 'born 1 Mar, index 28 Feb', 'birth unknown', 'born after the index', 'born on the index day',
      'sex unknown', 'sex unlisted'} | (RX - {'rx -1', 'rx -1 and 31'})),
    ('two of the same', {'at_least': 2, 'of': [rx([0, 0]), rx([0, 0]), {'attribute': 'sex', 'in': ['K'], 'enabled': False}]}, {'rx 0'}),
    ('any lipid drug on the day', rx([0, 0], 'ATC:C10'), {'rx 0', 'rx of another kind'}),
    ('exactly C10AA01', rx([None, None], 'ATC:C10AA01', exact=True), {'rx -1 and 31'}),
    ('exactly C10AA', rx([None, None], 'ATC:C10AA', exact=True), set()),
    ('statin from 15 July 2021 on', dict(rx([0, 365]), event={'dataset': 'dispensings', 'codes': ['ATC:C10AA'], 'from': '2021-07-15'}), {'rx 30', 'rx 31', 'rx -1 and 31'}),
    ('another diagnosis before', {'event': {'dataset': 'diagnoses', 'codes': ['SKS:DI25']}, 'within': [None, -1]}, {'another code first'}),
    ('an infarct after the first', {'event': {'dataset': 'diagnoses', 'codes': ['SKS:DI21']}, 'within': [1, None]}, {'earlier at B'}),
    ('lowest income at the index', {'attribute': 'income_quintile', 'in': ['1']}, {'income turn, old'}),
    ('highest income at the index', {'attribute': 'income_quintile', 'in': ['5']}, {'income turn, new'}),
    ('lowest income in 2019', {'attribute': 'income_quintile', 'in': ['1'], 'at': '2019-12-31'}, {'income turn, old', 'income turn, new', 'income gap'}),
    ('no income known in 2018', {'not': {'attribute': 'income_quintile', 'in': ['1', '2', '3', '4', '5'], 'at': '2018-12-31'}}, ALL),
    ('a criterion that is switched off', dict(rx([0, 0]), enabled=False), ALL),
]
INDICES = [
    ('first, in the period', {'occurrence': 'first'}, PERIOD, ALL),
    ('first in the period', {'occurrence': 'first_in_period'}, PERIOD, ALL | {'before the period at B'}),
    ('first, at any time', {'occurrence': 'first'}, {}, ALL | {'before the period at B', 'after the period'}),
    ('first, until one day', {'occurrence': 'first'}, {'to': '2018-01-01'}, {'before the period at B', 'first day of the period'}),
    ('first, from one day on', {'occurrence': 'first'}, {'from': '2022-12-31'}, {'last day of the period', 'after the period'}),
]
# Born on 1 January 1960, with a latest infarct in 2021.
SIXTY_ONE = {'earlier at B', 'before the period at B', 'twice the same', 'another code first', 'sex unknown', 'sex unlisted', 'region unknown'} | RX | {
    name for name in KINDS if name.startswith('value ')}
LATEST = [
    ('last in the period', PERIOD, ALL | {'before the period at B'}),
    ('last, until the first day', {'from': '2018-01-01', 'to': '2018-01-01'}, {'first day of the period'}),
    ('last, at any time', {}, ALL | {'before the period at B', 'after the period'}),
]
# On DAY, which everybody knows.
DATED = [
    ('an infarct before', {'event': {'dataset': 'diagnoses', 'codes': ['SKS:DI21']}, 'within': [None, -1]},
     {'leap, index 29 Feb', 'earlier at B', 'before the period at B', 'first day of the period', 'twice the same', 'another code first', 'income turn, old',
      'income turn, new', 'income gap'}),
    ('fifty and over', age(50, None),
     THERE - {'leap, index 28 Feb', 'leap, index 1 Mar', 'leap, index 29 Feb', 'born 28 Feb, index 28 Feb', 'born 1 Mar, index 28 Feb', 'born on the index day',
              'born on DAY, no event'}),
    ('a statin within 0…30', rx([0, 30]), {'rx 0', 'rx 1', 'rx 30'}),
    ('income at the index', {'attribute': 'income_quintile', 'in': ['5']}, {'income gap'}),
]
MISSING = {
    'sex': {'M': ALL - RX - {'sex unknown', 'sex unlisted'}, 'K': RX, 'missing': {'sex unknown', 'sex unlisted'}},
    'income_quintile': {'1': {'income turn, old'}, '2': set(), '3': set(), '4': set(), '5': {'income turn, new'},
                        'missing': ALL - {'income turn, old', 'income turn, new'}},
}

PEER = '''[peer]
name=%s
title.da=%s
title.en=%s
organisation=%s
%s
'''
SET = '''[dataset %s]
kind=%s
source=sqlite:data.sqlite
query=%s
title.da=%s
title.en=%s
%s
'''


def write_world(folder):
    def peer(name, extra, sets):
        os.mkdir(os.path.join(folder, name))
        with open(os.path.join(folder, name, 'peer.ini'), 'w', encoding='utf-8') as file:
            file.write(PEER % (name, name, name, 'The house of ' + name, extra) + ''.join(SET % (s[0], s[1], s[2], s[0], s[0], s[3]) for s in sets))
        with open(os.path.join(folder, name, 'policy.json'), 'w', encoding='utf-8') as file:
            json.dump({'kohorte_policy': 1, 'demo': True, 'accept': 'automatic', 'k': 5, 'modes': ['approved'], 'analyses': ['*'], 'purposes': ['*'], 'datasets': ['*']}, file)
        return sqlite3.connect(os.path.join(folder, name, 'data.sqlite'))

    diagnoses = [('diagnoses', 'event', 'SELECT cpr AS person, date, code FROM d', 'code_system=SKS')]
    tests = [[('laboratory', 'event', 'SELECT cpr AS person, date, value, unit FROM l', '')],
             [('laboratory', 'event', 'SELECT cpr AS person, date, value FROM l', 'unit.value=mmol/mol')]]
    hospitals = [peer(name, '', diagnoses + own) for name, own in zip('ab', tests)]
    register = peer('c', 'population=true', [
        ('population', 'person', 'SELECT cpr AS person, born AS birth_date, sex, region FROM p', 'levels.sex=M;K;\nlevels.region=1081;1084;1085;'),
        ('income', 'person', "SELECT cpr AS person, year || '-01-01' AS valid_from, year || '-12-31' AS valid_to, q AS income_quintile FROM i",
         'validity=year\nlevels.income_quintile=1;2;3;4;5;'),
        ('dispensings', 'event', 'SELECT cpr AS person, date, code FROM r', 'code_system=ATC'),
        ('deaths', 'event', 'SELECT cpr AS person, date FROM x', ''), ('emigrations', 'event', 'SELECT cpr AS person, date FROM y', '')])
    for db in hospitals:
        db.executescript('CREATE TABLE d (cpr TEXT, date TEXT, code TEXT); CREATE TABLE l (cpr TEXT, date TEXT, value, unit TEXT)')
    register.executescript('CREATE TABLE p (cpr TEXT, born TEXT, sex TEXT, region TEXT); CREATE TABLE i (cpr TEXT, year INTEGER, q INTEGER);'
                           'CREATE TABLE r (cpr TEXT, date TEXT, code TEXT); CREATE TABLE x (cpr TEXT, date TEXT); CREATE TABLE y (cpr TEXT, date TEXT)')
    for number, of in enumerate(KINDS.values()):
        for i in range(TIMES):
            cpr = '%06d%04d' % (10100 + number, 1000 + 7 * i)
            register.execute('INSERT INTO p VALUES (?, ?, ?, ?)', (cpr, of['birth'], of['sex'], of['region']))
            register.executemany('INSERT INTO i VALUES (?, ?, ?)', [(cpr, year, q) for year, q in of['income'].items()])
            register.executemany('INSERT INTO r VALUES (?, ?, ?)', [(cpr, day, code) for day, code in of['rx']])
            register.executemany('INSERT INTO x VALUES (?, ?)', [(cpr, day) for day in of['died']])
            register.executemany('INSERT INTO y VALUES (?, ?)', [(cpr, day) for day in of['left']])
            for db, lab_of in zip(hospitals, ('lab_a', 'lab_b')):
                db.executemany('INSERT INTO l VALUES (?, ?, ?, ?)', [(cpr, *result, None)[:4] for result in of[lab_of]])
            for db, hospital in zip(hospitals, 'ab'):
                db.executemany('INSERT INTO d VALUES (?, ?, ?)', [(cpr, day, code) for day, code in of[hospital]])
    # Somebody whom the register does not know is not counted.
    hospitals[0].executemany('INSERT INTO d VALUES (?, ?, ?)', [('9902%06d' % i, DAY, MI) for i in range(TIMES)])
    for db in hospitals + [register]:
        db.commit()
        db.close()
    with open(os.path.join(folder, 'federation.ini'), 'w', encoding='utf-8') as file:
        file.write('[federation]\nname=Edges\npeers=a;b;c\nasker=asker\n')


def question(criteria=(), occurrence='first', period=None, by=(), kind_of='attrition'):
    event = dict({'dataset': 'diagnoses', 'codes': ['SKS:DI21']}, **(PERIOD if period is None else period))
    return {'kohorte': 1, 'title': 'An edge', 'project': {'id': 'P-TEST', 'problem': 'p', 'decision': 'd', 'purpose': 'research', 'legal_basis': 'EHDS-53-1-e'},
            'mode': 'approved', 'link': 'person', 'index': {'event': event, 'occurrence': occurrence}, 'criteria': {'all': list(criteria)},
            'analyses': [{'type': kind_of, 'by': list(by)}]}


def cases():
    """Name, question, and the right results."""
    for name, index, period, who in INDICES:
        yield name, question(period=period, **index), [{'type': 'attrition', 'rows': [{'step': 0, 'by': {}, 'n': TIMES * len(who)}]}]
    for name, period, who in LATEST:
        yield name, question(period=period, occurrence='last_in_period'), [{'type': 'attrition', 'rows': [{'step': 0, 'by': {}, 'n': TIMES * len(who)}]}]
    # Whose latest infarct in the period was that one, as the age at it tells.
    yield ('the latest of two owners', question([age(61, 61), {'not': {'event': {'dataset': 'diagnoses', 'codes': ['SKS:DI21']}, 'within': [1, None]}},
                                                 {'event': {'dataset': 'diagnoses', 'codes': ['SKS:DI21']}, 'within': [-200, -1]}], occurrence='last_in_period'),
           [{'type': 'attrition', 'rows': [{'step': step, 'by': {}, 'n': TIMES * len(who)} for step, who in enumerate(
               [ALL | {'before the period at B'}, SIXTY_ONE, SIXTY_ONE, {'earlier at B'}])]}])
    dated = dict(question(), index={'date': DAY})
    for name, criterion, who in DATED:
        yield ('on one date: ' + name, dict(dated, criteria={'all': [criterion]}),
               [{'type': 'attrition', 'rows': [{'step': i, 'by': {}, 'n': TIMES * len(left)} for i, left in enumerate([THERE, who])]}])
    for name, criterion, who in CLAIMS:
        steps = [ALL] if criterion.get('enabled') is False else [ALL, who & ALL]
        yield name, question([criterion]), [{'type': 'attrition', 'rows': [{'step': i, 'by': {}, 'n': TIMES * len(left)} for i, left in enumerate(steps)]}]
    for name, levels in MISSING.items():
        yield ('by %s, the missing last' % name, question(by=[name], kind_of='count'),
               [{'type': 'count', 'rows': [{'by': {name: level}, 'n': TIMES * len(who)} for level, who in levels.items()]}])
    rows = [{'by': {'sex': s, 'region': r}, 'n': TIMES * sum(1 for name in ALL if (KINDS[name]['sex'] if KINDS[name]['sex'] in ('M', 'K') else 'missing') == s
                                                              and (KINDS[name]['region'] or 'missing') == r)}
            for s in ('M', 'K', 'missing') for r in ('1081', '1084', '1085', 'missing')]
    yield 'two variables, the first slowest', question(by=['sex', 'region'], kind_of='crosstab'), [{'type': 'crosstab', 'rows': rows}]


def main():
    tap, folder = Tap(), tempfile.mkdtemp(prefix='kohorte-')
    try:
        write_world(folder)
        world, paths, wanted = World(folder), [], list(cases())
        for number, (_, document, _) in enumerate(wanted):
            paths.append(os.path.join(folder, '%03d.json' % number))
            with open(paths[-1], 'w', encoding='utf-8') as file:
                json.dump(document, file, ensure_ascii=False)
        for name, document, results in wanted:
            tap.claim('oracle: %s' % name, differences(Evaluation(world, document).answer()['results'], results))
        for who, options in (('three members', []), ('a plain party', ['--plain'])):
            done = subprocess.run([MESH, '--federation', folder, *options, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            lines += [{'error': done.stderr or 'no answer'}] * (len(paths) - len(lines))
            for (name, _, results), got in zip(wanted, lines):
                tap.claim('%s: %s' % (who, name), [got['error']] if 'error' in got else differences(got['results'], results))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tap.end()


main()
