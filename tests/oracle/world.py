# SPDX-License-Identifier: EUPL-1.2
"""The peers' own databases, pooled into one in memory: what no real federation could do, and what a demo
federation is for. Each dataset is read through the query of its owner's peer.ini, and only when it is needed."""
import configparser
import json
import os
import re
import sqlite3

DATE = re.compile(r'\d{4}-\d{2}-\d{2}$')


class Wrong(Exception):
    """The question or the data cannot be evaluated; the message says why."""


class Dataset:
    def __init__(self, name):
        self.name, self.kind, self.code_system, self.sources, self.levels = name, None, None, [], {}


def read_ini(path):
    parser = configparser.ConfigParser(interpolation=None, delimiters=('=',), comment_prefixes=('#',), strict=True)
    parser.optionxform = str
    with open(path, encoding='utf-8') as file:
        parser.read_file(file)
    return parser


class World:
    def __init__(self, federation):
        ini = read_ini(os.path.join(federation, 'federation.ini'))
        self.peers = sorted(name for name in ini['federation']['peers'].split(';') if name)
        self.datasets, self.population, self.columns, smallest = {}, None, {}, []
        self.loaded, self.persons = set(), {}
        self.db = sqlite3.connect(':memory:')
        for peer in self.peers:
            folder = os.path.join(federation, peer)
            with open(os.path.join(folder, 'policy.json'), encoding='utf-8') as file:
                smallest.append(json.load(file).get('k', 5))
            self.read_peer(folder, read_ini(os.path.join(folder, 'peer.ini')))
        self.k = max(smallest)
        self.read_register()

    def read_peer(self, folder, ini):
        for section in ini.sections():
            if not section.startswith('dataset '):
                continue
            name, of = section.split(' ', 1)[1], ini[section]
            dataset = self.datasets.setdefault(name, Dataset(name))
            dataset.kind, dataset.code_system = of['kind'], of.get('code_system')
            if not of['source'].startswith('sqlite:'):
                raise Wrong('the source of %s is not SQLite' % name)
            query = of.get('query')
            if query is None:
                with open(os.path.join(folder, of['query_file']), encoding='utf-8') as file:
                    query = file.read()
            dataset.sources.append((os.path.join(folder, of['source'][7:]), query))
            # The owner's unit of values goes with its rows.
            dataset.sources[-1] += (of.get('unit.value'),)
            for key in of:
                if key.startswith('levels.'):
                    dataset.levels[key[7:]] = [level for level in of[key].split(';') if level]
            if of.get('kind') == 'person' and ini['peer'].getboolean('population', False) and 'birth_date' in self.columns_of(dataset):
                self.population = name

    def rows(self, source):
        path, query = source[:2]
        db = sqlite3.connect('file:%s?mode=ro' % path, uri=True)
        try:
            cursor = db.execute(query)
            names = [column[0] for column in cursor.description]
            for row in cursor:
                yield dict(zip(names, row))
        finally:
            db.close()

    def columns_of(self, dataset):
        if dataset.name not in self.columns:
            path, query = dataset.sources[0][:2]
            db = sqlite3.connect('file:%s?mode=ro' % path, uri=True)
            self.columns[dataset.name] = [column[0] for column in db.execute('SELECT * FROM (%s) LIMIT 0' % query.rstrip('; \n')).description]
            db.close()
        return self.columns[dataset.name]

    @staticmethod
    def key(text):
        return re.sub(r'[\s-]', '', str(text)).upper()

    def read_register(self):
        if self.population is None:
            raise Wrong('no peer holds a population register')
        for row in self.rows(self.datasets[self.population].sources[0]):
            self.persons.setdefault(self.key(row['person']), len(self.persons) + 1)

    def dataset(self, name):
        if name not in self.datasets:
            raise Wrong('there is no dataset %s' % name)
        return self.datasets[name]

    def attribute(self, name):
        """The dataset and the column that an attribute's name means."""
        if name in ('age', 'age_band'):
            return self.datasets[self.population], 'birth_date'
        if '.' in name:
            dataset, column = name.split('.', 1)
            return self.dataset(dataset), column
        found = [d for d in self.datasets.values() if d.kind == 'person' and name in self.columns_of(d)]
        if len(found) != 1:
            raise Wrong('%d datasets have the attribute %s' % (len(found), name))
        return found[0], name

    def levels(self, name):
        if name == 'age_band':
            return ['%d–%d' % (low, low + 4) for low in range(0, 90, 5)] + ['90+']
        dataset, column = self.attribute(name)
        return dataset.levels[column]

    def day(self, text, where):
        if text is None or text == '':
            return None
        if not DATE.match(str(text)):
            raise Wrong('%s: %r is not a date' % (where, text))
        return str(text)

    @staticmethod
    def number(value):
        return float(value) if value is not None and re.fullmatch(r'[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?', str(value)) else None

    def table(self, dataset):
        """The name of the dataset's table in the pooled database, filled at first use."""
        table = 'pool_' + re.sub(r'\W', '_', dataset.name)
        if table in self.loaded:
            return table
        if dataset.kind == 'event':
            # The union of the owners' events: equal person, date, code and value are one. A value that is text is NULL.
            self.db.execute('CREATE TABLE %s (person INTEGER, day TEXT, number INTEGER, code TEXT, value REAL, unit TEXT)' % table)
            seen = set()
            for source in dataset.sources:
                for row in self.rows(source):
                    person, day = self.persons.get(self.key(row['person'])), self.day(row['date'], dataset.name)
                    if person is not None and day is not None:
                        seen.add((person, day, str(row.get('code') or '').strip(), self.number(row.get('value')), row.get('unit') or source[2]))
            self.db.executemany("INSERT INTO %s SELECT ?1, ?2, CAST(strftime('%%s', ?2) AS INTEGER) / 86400, ?3, ?4, ?5" % table, seen)
            self.db.execute('CREATE INDEX by_%s ON %s (person, number)' % (table, table))
        else:
            columns = [c for c in self.columns_of(dataset) if c not in ('person', 'valid_from', 'valid_to')]
            self.db.execute('CREATE TABLE %s (person INTEGER, valid_from TEXT, valid_to TEXT, %s)' % (table, ', '.join('"%s" TEXT' % c for c in columns)))
            insert = 'INSERT INTO %s VALUES (?, ?, ?%s)' % (table, ', ?' * len(columns))
            for source in dataset.sources:
                for row in self.rows(source):
                    person = self.persons.get(self.key(row['person']))
                    if person is not None:
                        values = [None if row[c] is None or str(row[c]).strip() == '' else str(row[c]).strip() for c in columns]
                        self.db.execute(insert, [person, self.day(row.get('valid_from'), dataset.name), self.day(row.get('valid_to'), dataset.name)] + values)
            self.db.execute('CREATE INDEX by_%s ON %s (person)' % (table, table))
        self.loaded.add(table)
        return table
