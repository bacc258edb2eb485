#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What goes over the wire. An observer of the network, and a member that reads its own messages before any
encryption, find no person number in any form, no code and no date of the question; and what they can measure, the
lengths, is the same for two worlds of the same size with other persons in them.

    wire.py [--persons P]
"""
import argparse
import json
import os
import sqlite3
import subprocess
import time

from house import MESH, House, environment
from relay import put_before, unframe
from tap import Tap

PEERS = ['aarhus', 'danmarks-statistik', 'rigshospitalet']
WORDS = [b'SKS:DI21', b'ATC:C10AA', b'C10AA', b'2014-01-01', b'2021-12-31', b'diagnoses', b'dispensings', b'income_quintile', b'heart attack']


def person_numbers(house, most=1000):
    db = sqlite3.connect(house.path('danmarks-statistik', 'data.sqlite'))
    numbers = [row[0] for row in db.execute('SELECT cpr FROM bef ORDER BY cpr LIMIT %d' % most)]
    db.close()
    return numbers


def forms(number):
    """A person number as it could be written: characters, with a hyphen, packed decimals, an integer of 64 bits."""
    yield 'characters', number.encode()
    yield 'characters with a hyphen', ('%s-%s' % (number[:6], number[6:])).encode()
    yield 'UTF-16', number.encode('utf-16-le')
    if number.isdigit():
        yield 'packed decimals', bytes.fromhex(number)
        yield 'an integer', int(number).to_bytes(8, 'little')
        yield 'an integer, big end first', int(number).to_bytes(8, 'big')


def found(numbers, text):
    """Person numbers in a text, by form. Five bytes of packed decimals turn up by chance in a few per cent of such
    transcripts, once; a leak would show many persons."""
    hits = {}
    for number in numbers:
        for form, pattern in forms(number):
            if pattern in text:
                hits.setdefault(form, []).append(number)
    return ['%s: %s' % (form, ', '.join(who[:5])) for form, who in hits.items() if form != 'packed decimals' or len(who) > 1]


def observe(persons, seed):
    """Everything that passed between the participants of a federation: while it enrolled, and while it answered."""
    with House(persons=persons, seed=seed) as house:
        numbers = person_numbers(house)
        relays = put_before(house)
        ready = house.up()
        enrolled = [len(relay.connections) for relay in relays]
        done = house.ask(house.demo_question())
        time.sleep(0.5)
        said = house.said
        house.down()
        for relay in relays:
            relay.close()
        early = [c for relay, n in zip(relays, enrolled) for c in relay.connections[:n]]
        late = [c for relay, n in zip(relays, enrolled) for c in relay.connections[n:]]
        return ready, done, said, numbers, early, late


def lengths(connections):
    """Who spoke to whom, and the length of every message: of the peers among themselves. The desk's links carry
    catalogues, which tell the owner's rounded numbers and are public."""
    out = []
    for c in connections:
        if c.caller in PEERS and c.called in PEERS:
            out.append((c.caller, c.called, [len(p) for p in unframe(c.there)], [len(p) for p in unframe(c.back)]))
    return sorted(out)


def compare(a, b):
    """Every message of every connection, in order, in both directions. Only who says first that the session is over is
    a race, so that the last message of either end may be missing."""
    def alike(x, y):
        return x == y or x[:-1] == y or x == y[:-1]

    problems = []
    if [x[:2] for x in a] != [x[:2] for x in b]:
        return ['other connections: %s and %s' % ([x[:2] for x in a], [x[:2] for x in b])]
    for x, y in zip(a, b):
        if not alike(x[2], y[2]) or not alike(x[3], y[3]):
            problems.append('%s and %s: %s and %s bytes; the last messages %s and %s' % (
                x[0], x[1], [sum(s) for s in x[2:]], [sum(s) for s in y[2:]], [s[-3:] for s in x[2:]], [s[-3:] for s in y[2:]]))
    return problems


def enrolments(connections):
    """Each owner's one conversation with the population holder in which it enrols. How often it asks before that
    whether the holder is ready is a matter of time."""
    out = {}
    for x in connections:
        if x[1] == 'danmarks-statistik' and sum(map(sum, x[2:])) > sum(map(sum, out.get(x[:2], ('', '', [], []))[2:])):
            out[x[:2]] = x
    return sorted(out.values())


def transcript(persons, seed, folder):
    """The members' own messages, as they are before any encryption."""
    with House(persons=persons, seed=seed) as house:
        numbers, path = person_numbers(house), os.path.join(folder, 'tap')
        done = subprocess.run([MESH, '--federation', house.folder, '--tap', path, house.path('questions', 'statin-after-infarction.json')],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        with open(path, 'rb') as file:
            raw = file.read()
        os.unlink(path)
    at, messages = 0, []
    while at < len(raw):
        length = int.from_bytes(raw[at + 2:at + 6], 'little')
        messages.append((raw[at], raw[at + 1], raw[at + 6:at + 6 + length]))
        at += 6 + length
    return done, numbers, messages


def of_pairs(messages):
    out = {}
    for sender, receiver, message in messages:
        out.setdefault((sender, receiver), []).append(len(message))
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--persons', type=int, default=2500)
    options, tap = parser.parse_args(), Tap()
    first, second = (observe(options.persons, seed) for seed in (11, 12))
    for ready, done, said, *_ in (first, second):
        tap.claim('a federation behind relays answers', [] if ready and done.status == 0 else [done.err] + said)
    _, done, _, numbers, early, late = first
    everything = b''.join(bytes(s) for c in early + late for s in (c.there, c.back))
    payload = b''.join(p for c in early + late for s in (c.there, c.back) for p in unframe(s))
    tap.note('%d connections, %.1f MB; %.1f MB of messages' % (len(early + late), len(everything) / 1e6, len(payload) / 1e6))
    kinds = {(c.caller, c.called) for c in late}
    tap.claim('every pair of peers, and the desk with each peer, has been seen', [] if all(('asker', p) in kinds for p in PEERS)
              and all((a, b) in kinds or (b, a) in kinds for a in PEERS for b in PEERS if a < b) else [sorted(kinds)])
    answered = json.loads(done.out)['bytes'] if done.status == 0 else 0
    seen = sum(len(p) for c in late if 'asker' not in (c.caller, c.called) for s in (c.there, c.back) for p in unframe(s))
    tap.claim('what the members say that they sent has been seen', [] if seen >= answered > 0 else ['%d bytes seen, %d sent' % (seen, answered)])
    tap.claim('of %d person numbers none is on the wire' % len(numbers), found(numbers, everything) + found(numbers, payload))
    tap.claim('no word of the question is on the wire', [word for word in WORDS if word in everything or word in payload])
    tap.claim('the search itself finds what is there', [] if found(numbers, payload + numbers[3].encode()) and found(numbers, payload + b''.join(bytes.fromhex(n) for n in numbers if n.isdigit())) else ['nothing found'])
    tap.claim('lengths between peers are those of another world: the question', compare(lengths(late), lengths(second[5])))
    tap.claim('lengths between peers are those of another world: the enrolment', compare(enrolments(lengths(early)), enrolments(lengths(second[4]))))

    with House(persons=10, enrich=1) as scratch:
        done, numbers, messages = transcript(options.persons, 11, scratch.top)
        other = transcript(options.persons, 12, scratch.top)
    tap.claim('three members answer over the memory mesh', [] if done.returncode == 0 and '"results"' in done.stdout else [done.stdout, done.stderr])
    plain = b''.join(m for _, _, m in messages)
    tap.note('%d messages, %.1f MB before encryption' % (len(messages), len(plain) / 1e6))
    tap.claim('of %d person numbers none is in a message before encryption' % len(numbers), found(numbers, plain) if plain else ['no messages'])
    tap.claim('no word of the question is in a message before encryption', [word for word in WORDS if word in plain])
    tap.claim('each member’s messages have the lengths of another world’s', [] if of_pairs(messages) == of_pairs(other[2]) else ['%s and %s' % (
        {p: (len(l), sum(l)) for p, l in of_pairs(messages).items()}, {p: (len(l), sum(l)) for p, l in of_pairs(other[2]).items()})])
    tap.end()


main()
