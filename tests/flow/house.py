# SPDX-License-Identifier: EUPL-1.2
"""A demo federation for a test: made in a folder of its own, its peers started and stopped, questions asked of it
through the command line as a person would."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'tree'), os.path.join(HERE, '..', 'oracle')]

BUILD = os.environ.get('KOH_TEST_BUILD', os.path.join(HERE, '..', '..', 'build'))
CLI = os.path.join(BUILD, 'src', 'cli', 'kohorte-cli')
PEER = os.path.join(BUILD, 'src', 'peer', 'kohorte-peer')
MESH = os.path.join(BUILD, 'tests', 'flow', 'flow-mesh')


class Done:
    def __init__(self, process, seconds):
        self.status, self.out, self.err, self.seconds = process.returncode, process.stdout, process.stderr, seconds
        self.lines = [line for line in self.err.splitlines() if line.startswith('kohorte-cli: ')]

    @property
    def message(self):
        """The last thing said to the person, without the program's name."""
        return self.lines[-1].split(': ', 1)[1] if self.lines else ''


def run(*words, timeout=300, env=None):
    begun = time.monotonic()
    process = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout, env=environment(env))
    return Done(process, time.monotonic() - begun)


def environment(more=None):
    # Warnings of the programs under test must not be taken for failures of a network that is cut on purpose.
    env = dict(os.environ, LC_ALL='C.UTF-8', LANGUAGE='en', **(more or {}))
    env.pop('G_DEBUG', None)
    return env


class House:
    """A federation in a temporary folder. Use with `with`: the peers and the desk's participant are stopped and
    the folder goes away, whatever happens."""

    def __init__(self, persons=3000, seed=7, enrich=20, port=0):
        self.top = tempfile.mkdtemp(prefix='kohorte-')
        self.folder = os.path.join(self.top, 'federation')
        self.env = {'XDG_RUNTIME_DIR': self.top}
        self.process, self.said, self.all_said = None, [], []
        made = run(CLI, 'demo', 'create', self.folder, '--persons', str(persons), '--seed', str(seed), '--enrich', str(enrich), '--port', str(port))
        if made.status != 0:
            shutil.rmtree(self.top)
            raise SystemExit('demo create: %s' % made.err)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.down()
        self.stop_asker()
        shutil.rmtree(self.top, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def up(self, *options, timeout=240):
        """Starts the peers and waits for READY. False where they ended instead; what they said is in self.said."""
        self.said = []
        self.process = subprocess.Popen([CLI, 'federation', 'up', self.folder, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(self.env))
        threading.Thread(target=self.listen, args=(self.process,), daemon=True).start()
        timer = threading.Timer(timeout, self.process.kill)
        timer.start()
        line = self.process.stdout.readline()
        timer.cancel()
        if line != 'READY\n':
            self.process.wait(timeout=30)
            time.sleep(0.1)
        return line == 'READY\n'

    def listen(self, process):
        for line in process.stderr:
            self.said.append(line.rstrip('\n'))
            self.all_said.append(line.rstrip('\n'))

    def complaints(self):
        """What no program should have said in its whole life: its own warnings, and those of sanitizers."""
        lines = list(self.all_said)
        log = self.path('asker', 'state', 'participant.log')
        if os.path.exists(log):
            with open(log, encoding='utf-8', errors='replace') as file:
                lines += file.read().splitlines()
        return [line for line in lines if re.search(r'CRITICAL|WARNING|Sanitizer|runtime error|Assertion', line)]

    def down(self, number=signal.SIGTERM):
        """Stops the peers; the exit status of `federation up`."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.process = None
        return status

    def pid_of(self, name):
        """The process that serves FEDERATION/NAME."""
        wanted = self.path(name)
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open('/proc/%s/cmdline' % pid, 'rb') as file:
                    words = file.read().decode().split('\0')
            except (OSError, UnicodeDecodeError):
                continue
            if 'kohorte-peer' in words[0] and 'serve' in words and wanted in words:
                return int(pid)
        return None

    def stop_asker(self):
        pid = self.pid_of('asker')
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        for _ in range(100):
            if not os.path.exists('/proc/%d' % pid) or open('/proc/%d/stat' % pid).read().split()[2] == 'Z':
                return
            time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)

    def ask(self, question, *options, timeout=300):
        """question: a path, or a document."""
        return run(*self.asking(question, *options), timeout=timeout, env=self.env)

    def asking(self, question, *options):
        if not isinstance(question, str):
            path = os.path.join(self.top, 'question.json')
            with open(path, 'w', encoding='utf-8') as file:
                json.dump(question, file, ensure_ascii=False)
            question = path
        return [CLI, 'ask', question, '--federation', self.folder, *(options or ('--format', 'json'))]

    def demo_question(self):
        with open(self.path('questions', 'statin-after-infarction.json'), encoding='utf-8') as file:
            return json.load(file)


def without_names(results):
    """Attrition steps are named by a sentence, which no oracle writes."""
    return [{'type': r['type'], 'rows': [{k: v for k, v in row.items() if k != 'name'} for row in r['rows']]} for r in results]


def with_by(results):
    """A row without groups may leave `by` out."""
    return [{'type': r['type'], 'rows': [dict({'by': {}}, **row) for row in r['rows']]} for r in results]


def differences(got, wanted):
    """What differs between two lists of results, row by row, in words."""
    got, wanted, out = with_by(without_names(got)), with_by(without_names(wanted)), []
    if [r['type'] for r in got] != [r['type'] for r in wanted]:
        return ['analyses: %s instead of %s' % ([r['type'] for r in got], [r['type'] for r in wanted])]
    for i, (a, b) in enumerate(zip(got, wanted)):
        if len(a['rows']) != len(b['rows']):
            out.append('/results/%d: %d rows instead of %d' % (i, len(a['rows']), len(b['rows'])))
        for j, (x, y) in enumerate(zip(a['rows'], b['rows'])):
            if x != y:
                out.append('/results/%d/rows/%d: %s instead of %s' % (i, j, json.dumps(x, ensure_ascii=False), json.dumps(y, ensure_ascii=False)))
    return out


def wait_until(what, timeout=30):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.02)
    return False


def names_once(text, name):
    return re.search(r'\b%s\b' % re.escape(name), text) is not None
