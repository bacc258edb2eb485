#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The whole way at a desk, in Danish and in English: open a federation of three real peers, find a code in its
data, read the question's sentence, ask, and read the answer. All by name, as a screen reader does it."""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'tree'), os.path.join(HERE, '..', 'flow')]

import desk
from tap import Tap

WORDS = {
    'en': {'search': 'Search data and codes', 'found': 'Acute myocardial infarction', 'ask': 'Ask',
           'question': 'Question', 'progress': 'Progress', 'answer': 'Answer', 'data': 'Data', 'codes': 'With codes',
           'persons': r'^([\d,]+) persons$', 'begins': 'Among everyone in the population register',
           'attrition': 'Attrition', 'thousand': ','},
    'da': {'search': 'Søg i data og koder', 'found': 'Akut myokardieinfarkt', 'ask': 'Spørg',
           'question': 'Spørgsmål', 'progress': 'Forløb', 'answer': 'Svar', 'data': 'Data', 'codes': 'Med koder',
           'persons': r'^([\d.]+) personer$', 'begins': 'Blandt alle i befolkningsregisteret',
           'attrition': 'Frafald', 'thousand': '.'},
}


def claim(tap, name, look):
    """The claim holds where @look gives no problem and raises nothing."""
    try:
        tap.claim(name, [problem for problem in [look()] if problem])
    except AssertionError as error:
        tap.claim(name, [str(error)])


def at_the_desk(tap, house, screen, language, question, known):
    words = WORDS[language]
    window = desk.Window(os.environ['KOH_TEST_BUILD'], screen, [house.folder, '--question', question], language,
                         environment=house.env)
    try:
        claim(tap, f'{language}: a code is found by its words', lambda: (
            window.press(words['data'], 'page tab'),
            window.type_into(window.find(words['search'], 'entry'), 'akut myokardieinfarkt'),
            window.find('SKS:DI21', 'label'), window.find(words['found'], 'label')) and None)
        claim(tap, f'{language}: the question is read as a sentence', lambda: (
            window.press(words['question'], 'page tab'), window.reads(words['begins'])) and None)
        claim(tap, f'{language}: the sentence tells its codes when asked to', lambda: (
            window.press(words['codes'], 'push button'), window.reads('SKS:DI21 ')) and None)

        def ask():
            window.find(words['ask'], 'push button', window.is_sensitive)
            window.press(words['ask'], 'push button')
            window.page(words['answer'], 60)
        claim(tap, f'{language}: asking leads to the answer', ask)

        def headline():
            shown = desk.wait(lambda: next((m.group(1) for text in window.texts()
                                            for m in [re.match(words['persons'], text)] if m), None), 60, 'the headline')
            number = int(shown.replace(words['thousand'], ''))
            return None if number == known else f'the window says {number}, the command line {known}'
        claim(tap, f'{language}: the window and the command line have the same number', headline)
        claim(tap, f'{language}: the attrition is there', lambda: window.reads(words['attrition']) and None)
        claim(tap, f'{language}: the answer says where it comes from', lambda: window.reads(
            known_hash(house, question)) and None)
    finally:
        tap.claim(f'{language}: the program says nothing on its standard error and ends well', window.close())


def known_hash(house, question):
    """Of the newest stored answer: the window must show the question's hash."""
    folder = house.path('asker', 'answers')
    newest = max((os.path.join(folder, name) for name in os.listdir(folder) if name.endswith('.json')), key=os.path.getmtime)
    with open(newest, encoding='utf-8') as file:
        return json.load(file)['question_hash']


def main():
    desk.needs('Xvfb', 'dbus-run-session')
    desk.own_bus()
    from house import CLI, House, run
    tap = Tap()
    screen = desk.Screen()
    try:
        with House(persons=2000) as house:
            if not house.up():
                tap.claim('the federation starts', house.said)
                tap.end()
            question = house.path('questions', 'statin-after-infarction.json')
            asked = run(CLI, 'ask', question, '--federation', house.folder, '--format', 'json', env=house.env)
            tap.claim('the command line is answered', [] if asked.status == 0 else [asked.err])
            rows = json.loads(asked.out)['results'][0]['rows'] if asked.status == 0 else []
            known = sum(row.get('n', 0) for row in rows)
            for language in WORDS:
                at_the_desk(tap, house, screen, language, question, known)
    finally:
        screen.close()
    tap.end()


if __name__ == '__main__':
    main()
