#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""What the window does where no computing is needed: refusals, progress, joined and hidden numbers, names for
everything that can be pressed. The participant is a stand-in that speaks the local protocol."""
import os
import pathlib
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tree'))

import desk
import participant
import sample
from tap import Tap

PRESSABLE = {'push button', 'toggle button', 'page tab', 'combo box', 'entry', 'menu button'}


class Claims:
    def __init__(self, tap, screen):
        self.tap, self.screen = tap, screen
        self.runtime = tempfile.mkdtemp(prefix='kohorte-run-')
        self.federation = sample.make(pathlib.Path(tempfile.mkdtemp(prefix='kohorte-sample-')) / 'demo')

    def at(self, name, look, arguments=None, script=(), runs=(), language='en', size=(1024, 700)):
        """One claim on a fresh window; @look gets the window and the stand-in, and gives problems or nothing."""
        stand_in = participant.Participant(self.federation / 'asker', self.runtime, script, runs)
        window = None
        try:
            window = desk.Window(os.environ['KOH_TEST_BUILD'], self.screen,
                                 [self.federation] if arguments is None else arguments, language, size=size,
                                 environment={'XDG_RUNTIME_DIR': self.runtime, 'KOHORTE_PEER': '/bin/false'})
            problems = look(window, stand_in) or []
        except AssertionError as error:
            problems = [str(error)]
        finally:
            ended = window.close() if window else []
            stand_in.close()
        self.tap.claim(name, list(problems) + ended)


def ask(window):
    window.press('Question', 'page tab')
    window.find('Ask', 'push button', window.is_sensitive)
    window.press('Ask', 'push button')


def everything_has_a_name(window, _):
    window.press('Answer', 'page tab')
    window.reads('2,945 persons')
    return [f'{node.getRoleName()} is called “{node.name}”' for node in window.every()
            if node.getRoleName() in PRESSABLE and (not node.name.strip() or node.name.startswith(('Gtk', 'Adw', 'Koh')))]


def variables_and_codes(window, _):
    entry = window.find('Search data and codes', 'entry')
    window.type_into(entry, 'income')
    window.find('Income quintile', 'label')
    window.reads('1 dataset · 1 variable')
    window.type_into(entry, 'no such thing anywhere')
    window.reads('Nothing Found')
    window.type_into(entry, 'C10AA')
    window.find('ATC:C10AA', 'label')
    window.reads('Dispensings')


def keyboard(window, stand_in):
    window.find('Search data and codes', 'entry')
    for key, page in (('2', 'Question'), ('3', 'Progress'), ('4', 'Answer'), ('1', 'Data')):
        window.key(key, 'Alt')
        window.page(page)
    window.key('2', 'Alt')
    window.page('Question')
    window.key('F', 'Control')
    window.page('Data')
    focused = lambda node: node.getState().contains(window.atspi.STATE_FOCUSED)
    window.find('Search data and codes', 'entry', focused)
    window.key('Down')
    window.find(None, 'list item', focused)
    window.key('2', 'Alt')
    window.page('Question')
    window.find('Ask', 'push button', window.is_sensitive)
    window.key('Return', 'Control')
    window.page('Progress')
    window.reads('Computing on secret shares')
    return [] if any(said['do'] == 'ask' for said in stand_in.heard) else ['nothing was asked']


def mistakes(window, _):
    window.reads('2 errors stand in the way; see Check.')
    window.reads('No peer has an attribute “shoe_size”')
    return ['Ask can be pressed'] if window.is_sensitive(window.find('Ask', 'push button')) else []


def unreadable(window, _):
    window.reads('1 error stands in the way; see Check.')
    window.reads('line 1')
    return ['Ask can be pressed'] if window.is_sensitive(window.find('Ask', 'push button')) else []


def under_way(window, stand_in):
    ask(window)
    window.page('Progress')
    for text in ('Computing on secret shares', 'Making secret shares', 'about 12 seconds left', '412 rounds', '6.2 MB sent'):
        window.reads(text)
    window.press('Question', 'page tab')
    window.reads('A question is under way.')
    problems = ['Ask can be pressed twice'] if window.is_sensitive(window.find('Ask', 'push button')) else []
    window.press('Cancel the Question', 'push button')
    window.reads('Cancelled')
    window.reads('The question was cancelled.')
    return problems + ([] if {'do': 'cancel', 'run': 'r1'} in stand_in.heard else ['no cancel was sent'])


def declined(window, _):
    ask(window)
    window.reads('Stopped')
    window.reads('Aarhus declined: the project needs an approval')
    window.reads('Declined')


def answered(window, _):
    ask(window)
    window.page('Answer')
    window.reads('2,945 persons')


def went_on(window, _):
    window.reads('“Earlier question” went on while the window was closed')
    window.press('Progress', 'page tab')
    window.reads('Computing on secret shares')


def closing_leaves_it(window, stand_in):
    ask(window)
    window.reads('Computing on secret shares')
    ended = window.close()
    return ended + ['closing the window cancelled the question'] if any(s['do'] == 'cancel' for s in stand_in.heard) else []


def joined_and_hidden(window, _):
    for text in ('2 + 3', 'Levels with + between them are shown together', 'hidden',
                 'A hidden step is not shown because', 'Semi-honest'):
        window.reads(text)


def danish_numbers(window, _):
    for text in ('2.945 personer', 'Kvinder + uoplyst', 'skjult', '23. november 2026 kl. 21.15', '12,3 MB', 'Krydstabel'):
        window.reads(text)
    return [f'English in the Danish window: {text}' for text in window.texts()
            if text in ('Persons', 'Attrition', 'Answer', 'Peers', 'Copy the Table')]


def too_small(window, _):
    window.reads('Fewer than 5 persons')
    window.reads('<5')


def not_an_answer(window, _):
    window.reads('This answer cannot be read')


def narrow(window, _):
    problems = []
    for tab in [node for node in window.every() if node.getRoleName() == 'page tab'][-4:]:
        tab.queryAction().doAction(0)
        desk.wait(lambda: tab.getState().contains(window.atspi.STATE_SELECTED), 60, tab.name)
        if window.width() > 360:
            problems.append(f'{tab.name} makes the window {window.width()} pixels wide')
    return problems


def welcome(window, _):
    window.reads('Welcome to Kohorte')
    window.find('Open a Federation…', 'push button', window.is_sensitive)


def no_federation(window, _):
    window.reads('is not a federation folder')
    window.reads('Welcome to Kohorte')


def main():
    desk.needs('Xvfb', 'dbus-run-session')
    desk.own_bus()
    tap, screen = Tap(), desk.Screen()
    screen.give_keys()
    claims = Claims(tap, screen)
    federation = claims.federation
    answers = federation / 'asker/answers'
    broken, strange = federation / 'broken.json', federation / 'strange.json'
    broken.write_text('{"kohorte": 1,')
    strange.write_text('{"kohorte_answer": 1}')
    full = sample.full_answer()
    script = participant.computing() + [{'event': 'answered', 'answer': full}]
    try:
        claims.at('everything that can be pressed has a name', everything_has_a_name)
        claims.at('variables and codes are found as one types', variables_and_codes)
        claims.at('pages, search and asking have keys', keyboard, script=participant.computing())
        claims.at('a question with mistakes tells them and cannot be asked', mistakes,
                  [federation, '--question', federation / 'questions/with-mistakes.json'])
        claims.at('a file that is no question says so and cannot be asked', unreadable, [federation, '--question', broken])
        claims.at('a question under way is told, cannot be asked twice, and can be cancelled', under_way,
                  script=participant.computing())
        claims.at('a refusal is told with its reason', declined, script=participant.declined())
        claims.at('an answer is shown when it comes', answered, script=script)
        claims.at('a question that went on is found again', went_on, script=participant.computing(),
                  runs=[{'run': 'r1', 'title': 'Earlier question', 'phase': 'computing'}])
        claims.at('closing the window leaves the question under way', closing_leaves_it, script=participant.computing())
        claims.at('joined and hidden numbers are explained', joined_and_hidden, [federation, '--answer', answers / '1.json'])
        claims.at('numbers, dates and labels are Danish in Danish', danish_numbers,
                  [federation, '--answer', answers / '1.json'], language='da')
        claims.at('a cohort that is too small says so and no more', too_small, [federation, '--answer', answers / '2.json'])
        claims.at('a document that is no answer says so', not_an_answer, [federation, '--answer', strange])
        claims.at('an answer can be read without its federation', lambda window, _: window.reads('2,945 persons') and None,
                  ['--answer', answers / '1.json'])
        claims.at('without a federation there is a welcome', welcome, [])
        claims.at('a folder that is no federation says so', no_federation, [federation / 'questions'])
        for language in ('en', 'da'):
            claims.at(f'{language}: every page fits a window of 360 pixels', narrow,
                      [federation, '--answer', answers / '1.json'], participant.computing(), language=language, size=(360, 640))
    finally:
        screen.close()
    tap.end()


if __name__ == '__main__':
    main()
