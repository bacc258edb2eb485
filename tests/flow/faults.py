#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What goes wrong in the life of a federation: each time the right exit status and one sentence that names the peer
and the remedy; and once it is repaired, the next question is answered."""
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

from house import CLI, PEER, House, environment, run, wait_until
from tap import Tap

VICTIM = 'aarhus'


def heavy(question):
    """The same question with many more criteria, so that there is time to break something while it runs."""
    criteria = [{'not': {'event': {'dataset': 'dispensings', 'codes': ['ATC:C10AA']}, 'within': [day, day]}} for day in range(-1040, -1000)]
    return dict(question, title='A long question', criteria={'all': criteria})


def sentence(done, status, *names):
    """Problems of an ending: its status, and one message, on one line, with these names in it."""
    problems = [] if done.status == status else ['exit status %d instead of %d' % (done.status, status)]
    said = [line for line in done.lines if not line.startswith('kohorte-cli: warning')]
    if len(said) != 1:
        problems.append('%d messages instead of one' % len(said))
    problems += ['“%s” is not named' % name for name in names if not any(name in line for line in said)]
    if done.out:
        problems.append('stdout is not empty')
    return problems + [done.err] if problems else []


class Faults:
    def __init__(self, house, tap):
        self.house, self.tap, self.peers = house, tap, []
        self.question = house.demo_question()

    def works(self, after):
        done = self.house.ask(self.question)
        self.tap.claim('%s, the next question is answered' % after, [] if done.status == 0 else [done.status, done.err])

    def serve(self, name=VICTIM):
        """One peer by itself, as its own system would start it; waits for READY."""
        process = subprocess.Popen([PEER, 'serve', self.house.path(name)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment(self.house.env))
        self.peers.append(process)
        return process.stdout.readline().startswith('READY')

    def end_served(self):
        for process in self.peers:
            process.terminate()
            process.wait(timeout=30)
            process.stdout.close()
        self.peers = []

    def kill(self, name=VICTIM):
        pid = self.house.pid_of(name)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: self.house.pid_of(name) is None)

    def begin(self, question):
        """Asks, and waits until the session computes."""
        process = subprocess.Popen(self.house.asking(question), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(self.house.env))
        said = ''
        while 'Computing' not in said:
            line = process.stderr.readline()
            said += line
            if not line:
                break
        return process, said

    def finish(self, begun):
        process, said = begun
        out, err = process.communicate(timeout=120)

        class Ended:
            status = process.returncode
        Ended.out, Ended.err = out, said + err
        Ended.lines = [line for line in Ended.err.splitlines() if line.startswith('kohorte-cli: ')]
        return Ended

    def killed_before(self):
        self.kill()
        self.tap.claim('a peer that is gone: 5, and its name', sentence(self.house.ask(self.question), 5, VICTIM))
        self.tap.claim('the peer starts again by itself', [] if self.serve() else ['no READY'])
        self.works('After a peer has come back')
        self.end_served()
        self.serve()

    def killed_during(self):
        begun = self.begin(heavy(self.question))
        self.kill()
        self.tap.claim('a peer that dies during the session: 4, and its name', sentence(self.finish(begun), 4, VICTIM))
        self.end_served()
        self.serve()
        self.works('After a session has stopped')

    def silent(self):
        """A peer that hangs: its connections stand, but nothing comes."""
        pid = self.house.pid_of(VICTIM)
        os.kill(pid, signal.SIGSTOP)
        self.tap.claim('a peer that does not say a word: 5, and its name', sentence(self.house.ask(self.question), 5, VICTIM))
        os.kill(pid, signal.SIGCONT)
        self.works('When it has come to itself')
        begun = self.begin(heavy(self.question))
        os.kill(pid, signal.SIGSTOP)
        self.tap.claim('a peer that falls silent during the session: 4, and its name', sentence(self.finish(begun), 4, VICTIM))
        os.kill(pid, signal.SIGCONT)
        self.works('When it has come to itself again')

    def interrupted(self):
        begun = self.begin(heavy(self.question))
        begun[0].send_signal(signal.SIGINT)
        done = self.finish(begun)
        self.tap.claim('Ctrl-C: 130', [] if done.status == 130 and not done.out else [done.status, done.err])
        self.works('After Ctrl-C')

    def snapshot_changed(self):
        path = self.house.path(VICTIM, 'data.sqlite')
        shutil.copy(path, path + '.kept')
        with sqlite3.connect(path) as db:
            db.execute('INSERT INTO kontakt SELECT %s FROM kontakt LIMIT 1' % ', '.join(
                'max(kontakt_id) + 1' if row[1] == 'kontakt_id' else row[1] for row in db.execute('PRAGMA table_info(kontakt)')))
        db.close()
        self.tap.claim('a row added after enrolment: 4, and whose', sentence(self.house.ask(self.question), 4, VICTIM))
        os.replace(path + '.kept', path)
        self.works('With the old data back')

    def database_broken(self):
        path = self.house.path(VICTIM, 'data.sqlite')
        os.rename(path, path + '.kept')
        with open(path, 'wb') as file:
            file.write(b'this is no database' * 1000)
        self.tap.claim('a database that cannot be read: 4, and whose', sentence(self.house.ask(self.question), 4, VICTIM))
        os.replace(path + '.kept', path)
        self.works('With the database back')

    def codes_unknown(self):
        question = json.loads(json.dumps(self.question))
        question['index']['event']['codes'] = ['SKS:DX99']
        done = self.house.ask(question)
        warned = any('warning /index/event/codes/0' in line for line in done.lines)
        self.tap.claim('a code that nobody lists is warned of and asked', [] if done.status == 0 and warned else [done.status, done.err])
        question['index']['event']['codes'] = ['NOSUCH:DI21']
        done = self.house.ask(question)
        self.tap.claim('a code system that nobody uses is an error with its place', [] if done.status == 1 and '/index/event/codes/0' in done.err else [done.status, done.err])
        question['index']['event'] = {'dataset': 'diagnosis'}
        done = self.house.ask(question)
        self.tap.claim('so is a dataset that nobody has', [] if done.status == 1 and '/index/event/dataset' in done.err else [done.status, done.err])

    def declined(self):
        path = self.house.path(VICTIM, 'policy.json')
        with open(path, encoding='utf-8') as file:
            text = file.read()
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(dict(json.loads(text), accept='refuse', reason='The board meets on Thursday'), file)
        self.end_served()
        self.serve()
        self.tap.claim('a policy that refuses: 3, whose, and why', sentence(self.house.ask(self.question), 3, VICTIM, 'The board meets on Thursday'))
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        self.end_served()
        self.serve()
        self.works('With the old policy back')

    def refused_to_start(self, name, change, *named):
        """The peer's own folder is wrong: `federation up` ends with 4 and says whose, the peer says why."""
        undo = change()
        ready = self.house.up(timeout=60)
        problems = ['it started'] if ready else []
        status = self.house.down()
        problems += [] if status == 4 else ['exit status %s instead of 4' % status]
        said = [line for line in self.house.said if line.startswith(VICTIM + ': ')]
        problems += ['%s did not say “%s”' % (VICTIM, word) for word in named if not any(word in line for line in said)]
        problems += [] if any(line.startswith('kohorte-cli: ' + VICTIM) for line in self.house.said) else ['the command line does not name it']
        self.tap.claim(name, problems + self.house.said if problems else [])
        undo()

    def swap(self, *parts, content=None, source=None):
        path = self.house.path(*parts)

        def change():
            os.rename(path, path + '.kept')
            if source:
                shutil.copy(source, path)
            else:
                with open(path + '.kept', 'rb') as file, open(path, 'wb') as out:
                    out.write(content(file.read()))
            os.chmod(path, os.stat(path + '.kept').st_mode & 0o777)
            return lambda: os.replace(path + '.kept', path)
        return change


def main():
    tap = Tap()
    with House(persons=3000) as house, House(persons=200, seed=9) as other:
        faults = Faults(house, tap)
        ready = house.up('--keep')
        tap.claim('the federation is up', [] if ready else house.said)
        if not ready:
            tap.end()
        faults.works('To begin with')
        faults.killed_before()
        faults.killed_during()
        faults.silent()
        faults.interrupted()
        faults.snapshot_changed()
        faults.database_broken()
        faults.codes_unknown()
        faults.declined()
        faults.end_served()
        house.down()

        faults.refused_to_start('a foreign box key: the peer does not start', faults.swap(VICTIM, 'keys', 'box.key', source=other.path(VICTIM, 'keys', 'box.key')), 'box.key')
        faults.refused_to_start('a roster that was changed: the peer does not start',
                                faults.swap(VICTIM, 'roster', content=lambda text: re.sub(rb'^epoch: 1$', b'epoch: 2', text, 1, re.M)), 'roster')
        faults.refused_to_start('a roster that was cut short: the peer does not start', faults.swap(VICTIM, 'roster', content=lambda text: text[:len(text) // 2]), 'roster')

        with open(house.path('roster'), encoding='utf-8') as file:
            endpoint = re.findall(r'^endpoint: 127\.0\.0\.1:(\d+)$', file.read(), re.M)[0]
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(('127.0.0.1', int(endpoint)))
            taken.listen(1)
            faults.refused_to_start('a port that is in use: the peer says which', lambda: lambda: None, endpoint)

        ready = house.up()
        tap.claim('after all that the federation starts', [] if ready else house.said)
        faults.works('After all that')
        pids = [house.pid_of(name) for name in ('danmarks-statistik', 'rigshospitalet')]
        faults.kill()
        status = house.process.wait(timeout=60)
        named = any(line.startswith('kohorte-cli: ' + VICTIM) for line in house.said)
        alive = [pid for pid in pids if os.path.exists('/proc/%d' % pid) and pid in (house.pid_of('danmarks-statistik'), house.pid_of('rigshospitalet'))]
        tap.claim('when one dies the others are stopped: 4, and its name', [] if status == 4 and named and not alive else [status, alive] + house.said)

        house.stop_asker()
        tap.claim('no program has complained of itself', house.complaints())

        tap.claim('a folder that is no federation: 1', [] if run(CLI, 'ask', house.path('questions', 'statin-after-infarction.json'), '--federation', house.top).status == 1 else ['another status'])
        tap.claim('demo create does not write over a folder in use: 1', [] if run(CLI, 'demo', 'create', house.folder).status == 1 and os.path.exists(house.path('federation.ini')) else ['another ending'])
        begun = time.monotonic()
        process = subprocess.Popen([CLI, 'demo', 'create', house.top + '/interrupted', '--persons', '3000000'], stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        status = process.wait(timeout=60)
        left = [name for name in os.listdir(house.top) if 'interrupted' in name]
        tap.claim('demo create stops on Ctrl-C and leaves nothing behind: 130', [] if status == 130 and not left else [status, left, time.monotonic() - begun])
    tap.end()


main()
