#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Random questions within what this version computes, from a seed: every kind of index, nested criteria of
attributes and events, windows of all kinds, groups, and analyses whose tables form a join tree.

    questions.py --federation DIR --number N [--seed S] --output FOLDER      writes 000.json, 001.json, …
"""
import argparse
import datetime
import json
import os
import random
import sys

from disclosure import forms_join_tree
from oracle import Evaluation, in_effect
from world import World

WINDOWS = [[0, 30], [-365, -1], [0, 0], [-30, 30], [1, 7], [-1, -1], [365, 365], [-3650, 3650], [-90, 0], [30, 90], [0, 1825],
           [None, -1], [None, 0], [0, None], [1, None], [None, -365], [100, None], [None, None], [-20000, -400], [5, 3000]]
GROUPS = ['sex', 'region', 'income_quintile', 'education', 'age_band']


class Maker:
    def __init__(self, world, seed):
        self.world, self.rng = world, random.Random(seed)
        self.codes, self.first, self.last, self.values = {}, {}, {}, {}
        self.events = sorted(d.name for d in world.datasets.values() if d.kind == 'event')
        for name in self.events:
            table = world.table(world.datasets[name])
            # Frequent codes more often than rare ones, but rare ones too.
            self.codes[name] = [(code, n ** .5) for code, n in world.db.execute('SELECT code, count(*) FROM %s GROUP BY code ORDER BY code' % table) if code]
            self.values[name] = list(world.db.execute('SELECT DISTINCT value, unit FROM %s WHERE value IS NOT NULL ORDER BY value, unit' % table))
            self.first[name], self.last[name] = world.db.execute('SELECT min(day), max(day) FROM %s' % table).fetchone()
        self.events = [name for name in self.events if self.first[name] is not None]
        # Events with values are asked for more often than their datasets are many.
        self.valued = 2 * [name for name in self.events if self.values[name]]
        self.often = [n for n in self.events if world.db.execute('SELECT count(DISTINCT person) FROM %s' % world.table(world.datasets[n])).fetchone()[0] > len(world.persons) / 40]
        self.dates, self.by_date = {'deaths', 'emigrations'} <= set(self.events), False
        self.groups = [name for name in GROUPS if self.has(name)]

    def has(self, name):
        try:
            return bool(self.world.levels(name))
        except Exception:      # an attribute that this federation lacks is not asked for
            return False

    def chance(self, p):
        return self.rng.random() < p

    def date(self, first='2012-01-01', last='2024-12-31'):
        low, high = (datetime.date.fromisoformat(d).toordinal() for d in (first, last))
        return datetime.date.fromordinal(self.rng.randint(low, max(low, high))).isoformat()

    def event(self, names=None):
        name = self.rng.choice(names or self.events + self.valued)
        event = {'dataset': name}
        if self.codes[name] and self.world.datasets[name].code_system and self.chance(.8):
            picked = []
            for _ in range(self.rng.choice([1, 1, 1, 2, 3])):
                codes, weights = zip(*self.codes[name])
                picked.append(self.rng.choices(codes, weights)[0])
            if self.chance(.1):
                event['exact'] = True
            else:
                # The levels of ATC have 1, 3, 4, 5 and 7 characters, and NPU has none; other codes may be cut anywhere.
                lengths = {'ATC': [1, 3, 4, 5, 7], 'NPU': [8]}.get(self.world.datasets[name].code_system, [2, 3, 4, 9])
                picked = [code[:self.rng.choice(lengths)] for code in picked]
            event['codes'] = sorted({'%s:%s' % (self.world.datasets[name].code_system, code) for code in picked})
        if self.values.get(name) and self.chance(.7):
            event['value'] = self.value_of(name)
        return event

    def value_of(self, name):
        """A number that stands in the data, so that equality matters, or one beside it."""
        (value, unit), other = self.rng.choice(self.values[name]), self.rng.choice(self.values[name])[0]
        op = self.rng.choice(['lt', 'le', 'eq', 'ne', 'ge', 'gt', 'between'])
        if self.chance(.2):
            value = round(value + self.rng.choice([-.1, .05, .000001]), 6)
        condition = {'op': op, 'value': sorted([value, other]) if op == 'between' else value}
        if unit and self.chance(.6):
            condition['unit'] = unit if self.chance(.9) else 'mg/dL'
        return condition

    def period(self, name):
        first, last = self.first[name], self.last[name]
        kind = self.rng.random()
        if kind < .1:
            day = self.date(first, last)
            return {'from': day, 'to': day}
        a, b = sorted([self.date(first, last), self.date(first, last)])
        return {'from': a, 'to': b} if kind < .8 else {'from': a} if kind < .9 else {'to': b}

    def index(self):
        if self.dates and self.chance(.2):
            return {'date': self.date()}
        event = self.event(self.often)
        occurrence = self.rng.choice(['first', 'first', 'first_in_period', 'last_in_period'])
        if occurrence != 'first' or self.chance(.7):
            event.update(self.period(event['dataset']))
        return {'event': event, 'occurrence': occurrence}

    def dated(self, whole):
        """`at` of an attribute that changes with time: by calendar year it can be found for an index date of
        another owner only where the years are known."""
        if not whole or self.chance(.2):
            return {'at': self.date()}
        return {'at': 'index'} if self.chance(.3) else {}

    def attribute(self, whole):
        # What changes on any day can be known at a date that everybody knows.
        changing = ['stage'] if self.by_date and self.has('stage') else []
        name = self.rng.choice(['age', 'age', 'age_band'] + changing + [g for g in self.groups if g != 'age_band'])
        if name == 'age':
            low = self.rng.choice([None, 0, 18, 40, 50, 60, 65, 75])
            high = self.rng.choice([None, 17, 49, 64, 70, 79, 90, 110])
            if low is not None and high is not None and low > high:
                low, high = high, low
            return dict({'attribute': 'age', 'between': [low, high]}, **(self.dated(True) if self.chance(.3) else {}))
        levels = self.world.levels(name)
        if name == 'income_quintile' and self.chance(.3):
            criterion = {'attribute': name, 'between': self.rng.choice([[2, 4], [None, 3], [3, None], [1, 1]])}
        else:
            criterion = {'attribute': name, 'in': sorted(self.rng.sample(levels, self.rng.randint(1, max(1, len(levels) - 1))))}
        if name in ('income_quintile', 'education'):
            criterion.update(self.dated(whole))
        if name == 'age_band' and self.chance(.3):
            criterion.update(self.dated(True))
        return criterion

    def criterion(self, whole, depth=0):
        kind = self.rng.random()
        if depth < 3 and kind < .3:
            word = self.rng.choice(['any', 'all', 'not', 'of'])
            if word == 'of':
                several = [self.criterion(whole, depth + 1) for _ in range(self.rng.randint(1, 5))]
                switched_on = sum(in_effect(c) for c in several)
                return {'at_least': self.rng.randint(1, max(1, switched_on)), 'of': several}
            if word == 'not':
                return {'not': self.criterion(whole, depth + 1)}
            return {word: [self.criterion(whole, depth + 1) for _ in range(self.rng.randint(1, 3))]}
        if kind < .55:
            return self.attribute(whole)
        event = self.event()
        if self.chance(.15):
            event.update(self.period(event['dataset']))
        criterion = {'event': event}
        if self.chance(.9):
            criterion['within'] = self.rng.choice(WINDOWS) if self.chance(.7) else sorted(self.rng.randint(-800, 800) for _ in range(2))
        if self.chance(.2):
            criterion['at_least'] = 1
        return criterion

    def by(self, whole, most=2):
        out = []
        for name in self.rng.sample(self.groups, min(self.rng.choice([0, 1, 1, 2, 2]), most, len(self.groups))):
            if name in ('income_quintile', 'education'):
                out.append(dict({'attribute': name}, **self.dated(whole)))
            elif name == 'age_band' and self.chance(.2):
                out.append({'attribute': name, 'at': self.date()})
            else:
                out.append(name if self.chance(.7) else {'attribute': name})
        return out

    @staticmethod
    def identity(by):
        return frozenset((b, None) if isinstance(b, str) else (b['attribute'], b.get('at') if b.get('at') != 'index' else None) for b in by)

    def analyses(self, whole, top):
        out = []
        for _ in range(self.rng.choice([1, 2, 2, 3])):
            kind = self.rng.choice(['count', 'attrition', 'crosstab'])
            analysis = {'type': kind}
            if kind == 'crosstab':
                analysis['by'] = self.by(whole) or ['sex']
            elif self.chance(.5):
                analysis['by'] = self.by(whole, most=1 if kind == 'attrition' and self.chance(.7) else 2)
            out.append(analysis)
        sets = [self.identity(a.get('by', top)) for a in out]
        return out if forms_join_tree(sets) and not self.clash(sets) else None

    @staticmethod
    def clash(sets):
        """The same attribute on two days would be two variables of one name; this version's rows could not show that."""
        names = [(name, at) for s in sets for name, at in s]
        return any(a[0] == b[0] and a[1] != b[1] for a in names for b in names)

    def question(self, number):
        """Mostly one with somebody in the cohort: an empty answer proves little."""
        for _ in range(10):
            question = self.draw(number)
            passed, _ = Evaluation(self.world, question).counts([])
            if passed[-1] or self.chance(.1):
                break
        return question

    def draw(self, number):
        index = self.index()
        self.by_date = 'date' in index
        whole = self.by_date or ('from' in index['event'] and 'to' in index['event'])
        criteria = [self.criterion(whole) for _ in range(self.rng.choice([0, 1, 2, 2, 3, 4]))]
        for criterion in criteria:
            if self.chance(.15):
                criterion['name'] = 'Step %d' % self.rng.randint(1, 99)
            if self.chance(.07):
                criterion['enabled'] = False
        while True:
            top = self.by(whole)
            analyses = self.analyses(whole, top)
            if analyses is not None:
                break
        question = {'kohorte': 1, 'title': 'Random question %d' % number,
                    'project': {'id': 'P-TEST-%d' % number, 'problem': 'Does the answer equal the pooled one?', 'decision': 'Whether the program may be used.',
                                'purpose': 'research', 'legal_basis': 'EHDS-53-1-e', 'approvals': []},
                    'mode': 'approved', 'link': 'person', 'index': index, 'criteria': {'all': criteria}, 'analyses': analyses}
        if top:
            question['by'] = top
        return question


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--federation', required=True)
    parser.add_argument('--number', type=int, default=100)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--output', required=True)
    options = parser.parse_args()
    maker = Maker(World(options.federation), options.seed)
    os.makedirs(options.output, exist_ok=True)
    for number in range(options.number):
        with open(os.path.join(options.output, '%03d.json' % number), 'w', encoding='utf-8') as file:
            json.dump(maker.question(number), file, ensure_ascii=False, indent=1)
            file.write('\n')
    sys.exit(0)


if __name__ == '__main__':
    main()
