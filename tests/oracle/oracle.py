#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The answer that a question must get, computed in SQL over the pooled databases of a demo federation, and then
put through disclosure control. It shares no code with the programs that it judges: it is its own reading of the
rules of the question document.

    oracle.py --federation DIR [--uncontrolled] QUESTION.json…

prints one line of JSON for each question: {"results": […], "disclosure": {…}}.
"""
import argparse
import json
import sys

from disclosure import boxes, fit, forms_join_tree, join_levels, number_in, open_steps, project
from world import World, Wrong

DAY = "CAST(strftime('%%s', %s) AS INTEGER) / 86400"

COMPARISONS = {'lt': '<', 'le': '<=', 'eq': '=', 'ne': '<>', 'ge': '>=', 'gt': '>'}


def in_effect(criterion):
    """Whether anything is left of a criterion when what is disabled has been removed from it."""
    children = criterion.get('all', criterion.get('any', criterion.get('of', [criterion['not']] if 'not' in criterion else None)))
    return criterion.get('enabled', True) and (children is None or any(in_effect(child) for child in children))


class Evaluation:
    """One question over one world. Criteria become SQL conditions on c, a row of the cohort (person, day, number)."""

    def __init__(self, world, question):
        self.world, self.question, self.values = world, question, []
        if question.get('link', 'person') != 'person' or question.get('mode', 'approved') != 'approved':
            raise Wrong('only linked questions in approved mode are evaluated')

    def bind(self, value):
        """A place for a value, so that no text of a question becomes SQL."""
        self.values.append(value)
        return '?%d' % len(self.values)

    def event_condition(self, event, alias):
        dataset = self.world.dataset(event['dataset'])
        parts = ['1']
        if event.get('codes'):
            codes = []
            for reference in event['codes']:
                system, code = reference.split(':', 1)
                if system != dataset.code_system:
                    raise Wrong('%s does not use %s' % (dataset.name, system))
                place = self.bind(code)
                codes.append('%s.code = %s' % (alias, place) if event.get('exact') else 'substr(%s.code, 1, length(%s)) = %s' % (alias, place, place))
            parts.append('(%s)' % ' OR '.join(codes))
        if 'value' in event:
            value = event['value']
            if value['op'] == 'between':
                low, high = value['value']
                test = '%s.value BETWEEN %s AND %s' % (alias, self.bind(low), self.bind(high))
            else:
                test = '%s.value %s %s' % (alias, COMPARISONS[value['op']], self.bind(value['value']))
            if 'unit' in value:
                test += ' AND %s.unit = %s' % (alias, self.bind(value['unit']))
            parts.append('ifnull(%s, 0)' % test)
        return ' AND '.join(parts)

    def inside(self, event, alias):
        parts = []
        if event.get('from'):
            parts.append('%s.day >= %s' % (alias, self.bind(event['from'])))
        if event.get('to'):
            parts.append('%s.day <= %s' % (alias, self.bind(event['to'])))
        return ' AND '.join(parts) or '1'

    def index_query(self):
        index = self.question['index']
        if 'date' in index:
            register, day = self.world.datasets[self.world.population], self.bind(index['date'])
            gone = ''.join(' AND NOT EXISTS (SELECT 1 FROM %s e WHERE e.person = p.person AND e.day < %s)' % (self.world.table(self.world.dataset(name)), day)
                           for name in ('deaths', 'emigrations'))
            return 'SELECT person, %s AS day FROM %s p WHERE p.birth_date <= %s%s' % (day, self.world.table(register), day, gone)
        event = index['event']
        table = self.world.table(self.world.dataset(event['dataset']))
        matching = self.event_condition(event, 'e')
        inside = self.inside(event, 'e')
        if index.get('occurrence', 'first') == 'first':
            earliest = 'SELECT person, min(day) AS day FROM %s e WHERE %s GROUP BY person' % (table, matching)
            return 'SELECT * FROM (%s) e WHERE %s' % (earliest, inside)
        if index['occurrence'] in ('first_in_period', 'last_in_period'):
            end = 'min' if index['occurrence'] == 'first_in_period' else 'max'
            return 'SELECT person, %s(day) AS day FROM %s e WHERE %s AND %s GROUP BY person' % (end, table, matching, inside)
        raise Wrong('the occurrence %s is not evaluated' % index['occurrence'])

    def value(self, name, at):
        """The value of an attribute on a day, as an SQL expression; NULL where it is missing."""
        dataset, column = self.world.attribute(name)
        table = self.world.table(dataset)
        day = 'c.day' if at in (None, 'index') else self.bind(at)
        plain = '''(SELECT v."%s" FROM %s v WHERE v.person = c.person AND (v.valid_from IS NULL OR v.valid_from <= %s)
                    AND (v.valid_to IS NULL OR v.valid_to >= %s) ORDER BY v.valid_from DESC LIMIT 1)''' % (column, table, day, day)
        if name not in ('age', 'age_band'):
            return plain
        # Completed years. A 29 February sorts after 28 February and before 1 March, which is the rule.
        age = '''(SELECT CASE WHEN b <= d THEN CAST(substr(d, 1, 4) AS INTEGER) - CAST(substr(b, 1, 4) AS INTEGER)
                  - (substr(d, 6) < substr(b, 6)) END FROM (SELECT %s AS b, %s AS d))''' % (plain, day)
        if name == 'age':
            return age
        return "(SELECT CASE WHEN a >= 90 THEN '90+' ELSE (a / 5 * 5) || '–' || (a / 5 * 5 + 4) END FROM (SELECT %s AS a))" % age

    def condition(self, criterion):
        """Always 0 or 1, never NULL."""
        if 'all' in criterion or 'any' in criterion:
            word = 'all' if 'all' in criterion else 'any'
            parts = [self.condition(c) for c in criterion[word] if in_effect(c)]
            return '(%s)' % (' AND ' if word == 'all' else ' OR ').join(parts)
        if 'not' in criterion:
            return '(NOT %s)' % self.condition(criterion['not'])
        if 'of' in criterion:
            return '((%s) >= %s)' % (' + '.join(self.condition(c) for c in criterion['of'] if in_effect(c)), self.bind(criterion['at_least']))
        if 'attribute' in criterion:
            value = self.value(criterion['attribute'], criterion.get('at'))
            if 'in' in criterion:
                return 'ifnull(CAST(%s AS TEXT) IN (%s), 0)' % (value, ', '.join(self.bind(str(v)) for v in criterion['in']))
            low, high = criterion['between']
            number = 'CAST(x AS REAL)'
            tests = ['x IS NOT NULL'] + (['%s >= %s' % (number, self.bind(low))] if low is not None else [])
            tests += ['%s <= %s' % (number, self.bind(high))] if high is not None else []
            return '(SELECT %s FROM (SELECT %s AS x))' % (' AND '.join(tests), value)
        if 'event' in criterion:
            event = criterion['event']
            table = self.world.table(self.world.dataset(event['dataset']))
            low, high = criterion.get('within', [None, None])
            tests = ['e.person = c.person', self.event_condition(event, 'e'), self.inside(event, 'e')]
            tests += ['e.number - c.number >= %s' % self.bind(low)] if low is not None else []
            tests += ['e.number - c.number <= %s' % self.bind(high)] if high is not None else []
            return '((SELECT count(DISTINCT e.day) FROM %s e WHERE %s) >= %s)' % (table, ' AND '.join(tests), self.bind(criterion.get('at_least', 1)))
        raise Wrong('a criterion is not evaluated: %s' % json.dumps(criterion))

    def counts(self, variables):
        """For each number of criteria passed in a row: a dict from levels (indices, missing last) to persons."""
        criteria = [c for c in self.question.get('criteria', {}).get('all', []) if in_effect(c)]
        db, levels = self.world.db, [self.world.levels(name) for name, _ in variables]
        db.execute('DROP TABLE IF EXISTS cohort')
        query = self.index_query()
        db.execute('CREATE TABLE cohort AS SELECT person, day, %s AS number FROM (%s)' % (DAY % 'day', query), self.values)
        self.values = []
        passed = 'CASE %s ELSE %d END' % (' '.join('WHEN NOT %s THEN %d' % (self.condition(c), i) for i, c in enumerate(criteria)), len(criteria)) \
            if criteria else '0'
        columns = ', '.join(self.value(name, at) for name, at in variables)
        out = [{} for _ in range(len(criteria) + 1)]
        for row in db.execute('SELECT %s%s FROM cohort c' % (passed, ', ' + columns if columns else ''), self.values):
            cell = tuple(known.index(value) if value in known else len(known) for value, known in zip(row[1:], levels))
            out[row[0]][cell] = out[row[0]].get(cell, 0) + 1
        return out, [known + ['missing'] for known in levels]

    def variable(self, name, at):
        """What makes two groupings the same: the column, and the day where it matters."""
        dataset, column = self.world.attribute(name)
        dated = column == 'birth_date' or 'valid_from' in self.world.columns_of(dataset)
        return (name if column == 'birth_date' else column, dataset.name, at if dated and at != 'index' else None)

    def answer(self, controlled=True):
        analyses, variables, asked = [], [], []
        for analysis in self.question['analyses']:
            by = analysis.get('by', self.question.get('by', []))
            by = [(b, None) if isinstance(b, str) else (b['attribute'], b.get('at')) for b in by]
            analyses.append((analysis['type'], by))
            for name, at in by:
                if self.variable(name, at) not in variables:
                    variables.append(self.variable(name, at))
                    asked.append((name, at))
        places = [[variables.index(self.variable(name, at)) for name, at in by] for _, by in analyses]
        if not forms_join_tree(places):
            raise Wrong('the tables form no join tree')
        passed, labels = self.counts(asked)
        cohort, k = passed[-1], self.world.k if controlled else 1
        total = sum(cohort.values())
        if fit(total, k):
            runs = join_levels(cohort, [name for name, _, _ in variables], [len(l) for l in labels], [set(p) for p in places], k)
        else:
            runs = None
        opened = self.open_attrition(passed, [p for p, (kind, _) in zip(places, analyses) if kind == 'attrition'], runs, k)
        results, hidden = [], []
        for (kind, by), where in zip(analyses, places):
            names = [name for name, _ in by]

            def group(box):
                written = [[labels[p][level] for level in run] for p, run in zip(where, box)]
                return {name: run[0] if len(run) == 1 else run for name, run in zip(names, written)}

            if kind == 'attrition':
                rows = self.attrition(passed, where, runs, opened, group)
                hidden.append([step for step, is_open in enumerate(opened) if not is_open])
            elif runs is None:
                rows = [{'by': {}, 'suppressed': True}]
            else:
                rows = [{'by': group(box), 'n': number_in(cohort, where, box)} for box in boxes(runs, where)]
            results.append({'type': kind, 'rows': rows})
        joined = [{'attribute': variables[p][0], 'levels': [[labels[p][level] for level in run] for run in runs[p]]} for p in runs] if runs else []
        return {'results': results, 'disclosure': {'k': k, 'cohort': 'suppressed' if runs is None else 'open', 'joined': joined, 'suppressed_steps': hidden}}

    @staticmethod
    def left(passed, where, runs):
        """For each step the number left in every group: those who passed at least so many criteria. In a small
        cohort everybody is one group."""
        together, out = list(boxes(runs, where)) if runs is not None else [None], []
        for step in range(len(passed)):
            cells = {}
            for later in passed[step:]:
                for cell, n in project(later, where).items():
                    cells[cell] = cells.get(cell, 0) + n
            out.append([number_in(cells, range(len(where)), box) if box is not None else sum(cells.values()) for box in together])
        return together, out

    def open_attrition(self, passed, tables, runs, k):
        """Where a question has several attritions a step opens in all of them or in none: if each had its own
        pattern, a step of one less the next of another would show a number that neither may show."""
        steps = [[] for _ in passed]
        for where in tables:
            for step, numbers in enumerate(self.left(passed, where, runs)[1]):
                steps[step] += numbers
        return open_steps(steps, len(steps[0]), k)

    def attrition(self, passed, where, runs, opened, group):
        together, left = self.left(passed, where, runs)
        rows = []
        for step, numbers in enumerate(left):
            for box, n in zip(together, numbers):
                row = {'step': step, 'by': group(box) if box is not None else {}}
                row.update({'n': n} if opened[step] else {'suppressed': True})
                rows.append(row)
        return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--federation', required=True, help='the folder of a demo federation')
    parser.add_argument('--uncontrolled', action='store_true', help='the numbers as they are, nothing joined or hidden')
    parser.add_argument('questions', nargs='+')
    options = parser.parse_args()
    try:
        world = World(options.federation)
        for path in options.questions:
            with open(path, encoding='utf-8') as file:
                print(json.dumps(Evaluation(world, json.load(file)).answer(not options.uncontrolled), ensure_ascii=False))
    except (Wrong, OSError, ValueError) as error:
        print('oracle: %s' % error, file=sys.stderr)
        sys.exit(1)


if __name__ == '__main__':
    main()
