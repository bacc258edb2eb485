# SPDX-License-Identifier: EUPL-1.2
"""Bedside tests beside a demo federation's own datasets: two hospitals with values in several units, more of them text,
missing, or equal than a laboratory's. One hospital writes a unit in each row; the other declares one for all."""
import datetime
import os
import random
import sqlite3

HOSPITALS = [('aarhus', True), ('rigshospitalet', False)]
CODES = ['NPU27300', 'NPU02319', 'NPU01994']
UNITS = ['mmol/mol', 'mmol/mol', 'mmol/mol', '%', '', None]
SECTION = '''
[dataset bedside]
kind=event
source=sqlite:bedside.sqlite
query=%s
code_system=NPU
title.da=Svar på stuen
title.en=Bedside tests
%s
'''


def value(rng):
    kind = rng.random()
    if kind < .06:
        return None
    if kind < .14:
        return rng.choice(['<5', '4,5', 'positive', '', 'inf', '48 ', '1_0'])
    if kind < .5:
        return rng.choice([42, 48, 48.0, 53, '48', '48.0', '4.8e1', '53.50'])
    return round(rng.gauss(48, 9), rng.choice([0, 1, 2]))


def add_bedside(folder, seed=1):
    rng = random.Random(seed)
    register = sqlite3.connect('file:%s?mode=ro' % os.path.join(folder, 'danmarks-statistik', 'data.sqlite'), uri=True)
    persons = [row[0] for row in register.execute('SELECT cpr FROM bef ORDER BY cpr')]
    register.close()
    for peer, with_units in HOSPITALS:
        ini = os.path.join(folder, peer, 'peer.ini')
        with open(ini, 'a', encoding='utf-8') as file:
            file.write(SECTION % ('SELECT cpr AS person, taken AS date, npu AS code, result AS value%s FROM lab' % (', unit' if with_units else ''),
                                  'unit.value=mmol/mol' if not with_units else ''))
        db = sqlite3.connect(os.path.join(folder, peer, 'bedside.sqlite'))
        db.execute('CREATE TABLE lab (cpr TEXT, taken TEXT, npu TEXT, result, unit TEXT)')
        for cpr in rng.sample(persons, len(persons) // 3):
            for _ in range(rng.randint(1, 6)):
                day = datetime.date(2014, 1, 1) + datetime.timedelta(days=rng.randrange(365 * 10))
                db.execute('INSERT INTO lab VALUES (?, ?, ?, ?, ?)', (cpr, day.isoformat(), rng.choice(CODES), value(rng), rng.choice(UNITS)))
        db.commit()
        db.close()
