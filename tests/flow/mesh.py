#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Random questions over a small world: the answer computed on shares by three members equals, row by row, the one
that the oracle computes in SQL over the pooled databases; so does a plain party's.

    mesh.py [--number N] [--seed S] [--persons P]
"""
import argparse
import json
import os
import subprocess

from bedside import add_bedside
from house import MESH, House, differences, environment
from oracle import Evaluation
from questions import Maker
from tap import Tap
from world import World


def answers(house, paths, *options):
    done = subprocess.run([MESH, '--federation', house.folder, *options, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines + [{'error': 'flow-mesh ended with %d: %s' % (done.returncode, done.stderr)}] * (len(paths) - len(lines))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--number', type=int, default=100)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--persons', type=int, default=3000)
    options, tap = parser.parse_args(), Tap()
    with House(persons=options.persons, seed=options.seed + 40) as house:
        add_bedside(house.folder, options.seed)
        world = World(house.folder)
        maker, documents, paths = Maker(world, options.seed), [], []
        for number in range(options.number):
            documents.append(maker.question(number) if number else house.demo_question())
            paths.append(os.path.join(house.top, 'q%03d.json' % number))
            with open(paths[-1], 'w', encoding='utf-8') as file:
                json.dump(documents[-1], file, ensure_ascii=False)
        shared, plain = answers(house, paths), answers(house, paths, '--plain')
        empty = 0
        for number, (document, on_shares, in_clear) in enumerate(zip(documents, shared, plain)):
            wanted = Evaluation(world, document).answer()
            problems = []
            for who, got in (('three members', on_shares), ('a plain party', in_clear)):
                if 'error' in got:
                    problems.append('%s: %s' % (who, got['error']))
                else:
                    problems += ['%s: %s' % (who, d) for d in differences(got['results'], wanted['results'])]
                    if got['disclosure'].get('cohort') != wanted['disclosure']['cohort']:
                        problems.append('%s: the cohort is %s instead of %s' % (who, got['disclosure'].get('cohort'), wanted['disclosure']['cohort']))
            if problems:
                problems.append(json.dumps(document, ensure_ascii=False))
            empty += all(row.get('n', 0) == 0 for result in wanted['results'] for row in result['rows'])
            tap.claim('question %d: the answer on shares and in clear equals the pooled one' % number, problems)
        tap.claim('most of the questions have persons in their answers', ['%d of %d are empty' % (empty, options.number)] if empty > options.number / 3 else [])
    tap.end()


main()
