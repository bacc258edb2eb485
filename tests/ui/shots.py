#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Pictures of every page: Danish and English, light and dark, on a small, an ordinary and a wide screen.

    shots.py BUILD FOLDER [part of a name …]
"""
import os
import pathlib
import sys
import tempfile

import desk
import participant
import sample

SIZES = [(1024, 700), (1440, 900), (360, 720)]
PAGES = {'en': {'question': 'Question', 'run': 'Progress', 'answer': 'Answer'},
         'da': {'question': 'Spørgsmål', 'run': 'Forløb', 'answer': 'Svar'}}
WORDS = {'en': {'ask': 'Ask', 'search': 'Search data and codes', 'all': 'Data and codes'},
         'da': {'ask': 'Spørg', 'search': 'Søg i data og koder', 'all': 'Data og koder'}}


class Album:
    def __init__(self, build, folder, wanted):
        self.build, self.folder, self.wanted = build, pathlib.Path(folder), wanted
        self.folder.mkdir(parents=True, exist_ok=True)
        self.runtime = tempfile.mkdtemp(prefix='kohorte-run-')
        self.screen = desk.Screen(1440, 2900)
        self.screen.give_keys()

    def take(self, name, language, dark, size, federation, arguments=(), script=(), act=lambda window: None):
        full = f'{name}-{language}-{"dark" if dark else "light"}-{size[0]}'
        if self.wanted and not any(part in full for part in self.wanted):
            return
        stand_in = participant.Participant(federation / 'asker', self.runtime, script) if federation else None
        window = desk.Window(self.build, self.screen, ([federation] if federation else []) + list(arguments), language, dark,
                             size, {'XDG_RUNTIME_DIR': self.runtime, 'KOHORTE_PEER': '/bin/false'})
        try:
            act(window)
            self.settle(self.screen)
            self.screen.picture(self.folder / (full + '.png'), size)
            print(full, flush=True)
        finally:
            problems = window.close()
            if stand_in:
                stand_in.close()
            for problem in problems:
                print('  ' + problem)

    @staticmethod
    def settle(screen):
        """Until the screen has stood still for a while."""
        import time
        last, since = None, time.monotonic()
        end = since + 10
        while time.monotonic() < end:
            now = (pathlib.Path(screen.folder) / 'Xvfb_screen0').read_bytes()
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > 0.6:
                return
            time.sleep(0.05)


def main():
    desk.needs('Xvfb', 'dbus-run-session')
    desk.own_bus()
    album = Album(sys.argv[1], sys.argv[2], sys.argv[3:])
    federation = sample.make(pathlib.Path(tempfile.mkdtemp(prefix='kohorte-sample-')) / 'demo')
    for size in SIZES:
        for language in ('en', 'da'):
            words, pages = WORDS[language], PAGES[language]
            tab = lambda window, page: window.press(pages[page], 'page tab')

            def search(window, text='akut myokardieinfarkt'):
                window.type_into(window.find(words['search'], 'entry'), text)

            def details(window):
                search(window, 'indkomst')
                window.key('F', 'Control')
                window.key('Down')
                window.key('Return')

            def question(window):
                tab(window, 'question')
                window.find(words['ask'], 'push button')

            def asked(window):
                question(window)
                window.press(words['ask'], 'push button')

            def to_answer(window):
                tab(window, 'answer')

            for dark in (False, True):
                take = lambda name, act=lambda window: None, script=(), arguments=(), where=federation: album.take(
                    name, language, dark, size, where, arguments, script, act)
                take('welcome', where=None)
                take('data')
                take('data-search', search)
                take('data-details', details)
                take('question', question)
                take('question-mistakes', arguments=['--question', federation / 'questions/with-mistakes.json'])
                take('progress-empty', lambda window: tab(window, 'run'))
                take('progress', asked, participant.computing())
                take('progress-declined', asked, participant.declined())
                take('answer', to_answer)
                take('answer-small', arguments=['--answer', federation / 'asker/answers/2.json'])
                # Whole pages, as if the screen had no lower end.
                for name, act, height in (('question-whole', question, 1900), ('answer-whole', to_answer, 2900)):
                    album.take(name, language, dark, (size[0], height), federation, act=act)
    album.screen.close()


if __name__ == '__main__':
    main()
