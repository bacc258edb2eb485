#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Three real peers on loopback, asked through the command line: the demo question and random ones get the answer
that the oracle computes over the pooled databases, and the answer tells where it comes from.

    daemons.py [--number N] [--persons P]
"""
import argparse
import csv
import io
import json
import os
import re
import signal
import subprocess

from house import CLI, House, differences, environment, run
from oracle import Evaluation
from questions import Maker
from tap import Tap
from world import World

HEX = re.compile(r'[0-9a-f]{64}$')


def about(answer, question, peers):
    """What an answer must say of itself."""
    problems = []
    for member, wanted in (('kohorte_answer', 1), ('mode', 'approved'), ('link', 'person'), ('title', question['title']), ('peers', peers), ('security', 'semi-honest')):
        if answer.get(member) != wanted:
            problems.append('%s is %r instead of %r' % (member, answer.get(member), wanted))
    problems += ['%s is no hash: %r' % (m, answer.get(m)) for m in ('question_hash', 'plan', 'session', 'transcript') if not HEX.match(str(answer.get(m)))]
    problems += ['the sentence in %s is missing' % language for language in ('da', 'en') if not answer.get('sentence', {}).get(language)]
    problems += ['%s has no %s' % (peer, what) for what in ('snapshots', 'receipts') for peer in peers if peer not in answer.get(what, {})]
    problems += ['%s is not a positive number' % m for m in ('seconds', 'rounds', 'bytes') if not answer.get(m, 0) > 0]
    if answer.get('question', {}).get('index') != question['index']:
        problems.append('the question is not in the answer')
    return problems


def at_once(house, world, questions):
    processes, problems = [], []
    for number, question in enumerate(questions):
        path = os.path.join(house.top, 'at-once-%d.json' % number)
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(question, file, ensure_ascii=False)
        processes.append(subprocess.Popen(house.asking(path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(house.env)))
    for question, process in zip(questions, processes):
        out, err = process.communicate(timeout=300)
        problems += differences(json.loads(out)['results'], Evaluation(world, question).answer()['results']) if process.returncode == 0 else [err]
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--number', type=int, default=10)
    parser.add_argument('--persons', type=int, default=5000)
    options, tap = parser.parse_args(), Tap()
    with House(persons=options.persons) as house:
        peers = ['aarhus', 'danmarks-statistik', 'rigshospitalet']
        before = run(CLI, 'ask', house.path('questions', 'statin-after-infarction.json'), '--federation', house.folder, env=house.env)
        tap.claim('a question to peers that are not there ends with 5 and names one', [] if before.status == 5 and any(p in before.message for p in peers) else [before.status, before.err])
        ready = house.up()
        tap.claim('three peers start, enrol and say READY', [] if ready else house.said)
        if not ready:
            tap.end()
        tap.claim('each peer tells how its enrolment goes', [p for p in peers if not any(line.startswith(p + ': ') for line in house.said)])
        world = World(house.folder)
        maker = Maker(world, 77)
        questions = [house.demo_question()] + [maker.question(number) for number in range(options.number)]
        for number, question in enumerate(questions):
            done = house.ask(question)
            problems = []
            if done.status != 0:
                problems = ['exit status %d: %s' % (done.status, done.err)]
            else:
                answer, wanted = json.loads(done.out), Evaluation(world, question).answer()
                problems = differences(answer['results'], wanted['results']) + about(answer, question, peers)
                tap.note('%.2f s, of which the session %.2f; %d rounds, %.1f MB' % (done.seconds, answer['seconds'], answer['rounds'], answer['bytes'] / 1e6))
            if problems:
                problems.append(json.dumps(question, ensure_ascii=False))
            tap.claim('%s gets the pooled answer from three daemons' % ('the demo question' if number == 0 else 'random question %d' % number), problems)

        together = [maker.question(100 + i) for i in range(3)]
        tap.claim('three questions at once each get their own answer', at_once(house, world, together))

        demo = house.path('questions', 'statin-after-infarction.json')
        wanted = [row['n'] for result in Evaluation(world, questions[0]).answer()['results'] for row in result['rows'] if 'n' in row]
        table = house.ask(demo, '--format', 'csv', '--language', 'en')
        numbers = [int(cell) for line in csv.reader(io.StringIO(table.out)) for cell in line if cell.isdigit()]
        tap.claim('the same as a table of comma separated values', [n for n in wanted if n not in numbers] if table.status == 0 else [table.err])
        danish = house.ask(demo, '--format', 'text', '--language', 'da')
        tap.claim('and as text in Danish', [] if danish.status == 0 and re.search('[æøåÆØÅ]', danish.out) else [danish.status, danish.err, danish.out])
        saved = house.path('..', 'answer.json')
        quiet = house.ask(demo, '--format', 'json', '--output', saved)
        with open(saved, encoding='utf-8') as file:
            kept = json.load(file)
        tap.claim('--output holds the answer and stdout nothing', [] if quiet.status == 0 and quiet.out == '' and kept['kohorte_answer'] == 1 else [quiet.status, quiet.out])
        again = json.loads(house.ask(demo).out)
        tap.claim('the same question gets the same numbers and another session', [] if again['results'] == kept['results'] and again['session'] != kept['session'] else [again['session']])
        asker = house.pid_of('asker')
        tap.claim('the desk’s participant goes on between questions', [] if asker else ['no process'])
        pids = [house.pid_of(peer) for peer in peers]
        status = house.down(signal.SIGINT)
        left = [pid for pid in pids if pid in [house.pid_of(peer) for peer in peers]]
        tap.claim('Ctrl-C stops all of them and ends with 0', [] if status == 0 and not left and None not in pids else [status, left, pids])
        ready = house.up()
        tap.claim('they start again from what is in their folders', [] if ready else house.said)
        once_more = house.ask(demo)
        tap.claim('and answer as before', [] if once_more.status == 0 and json.loads(once_more.out)['results'] == kept['results'] else [once_more.err])
        house.down()
        house.stop_asker()
        tap.claim('no program has complained of itself', house.complaints())
    tap.end()


main()
