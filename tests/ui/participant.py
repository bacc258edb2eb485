# SPDX-License-Identifier: EUPL-1.2
"""A stand-in for the desk's participant: it speaks the line protocol of the local socket and computes nothing. The
window's own behaviour is looked at with it; the real participant has its tests elsewhere."""
import hashlib
import json
import os
import socket
import threading

PEERS = ['aarhus', 'danmarks-statistik', 'rigshospitalet']


def socket_of(folder, runtime):
    """Where the participant of @folder listens, as src/common/place.c says."""
    part = lambda data: len(data).to_bytes(8, 'little') + data
    whole = os.path.abspath(folder).encode()
    name = hashlib.blake2b(part(b'kohorte/socket/1') + part(whole), digest_size=32).hexdigest()[:24]
    return f'{runtime}/kohorte-{name}.sock'


class Participant:
    """Answers on the socket of @folder. @script is what an asked or watched question brings: a list of events;
    without a last "answered" or "failed" among them the question stays under way."""

    def __init__(self, folder, runtime, script, runs=()):
        self.script, self.runs, self.heard = script, list(runs), []
        self.path = socket_of(str(folder), runtime)
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        self.server.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client):
        with client, client.makefile('r', encoding='utf-8') as lines:
            say = lambda **event: client.sendall((json.dumps(event, ensure_ascii=False) + '\n').encode())
            try:
                for line in lines:
                    self._answer(json.loads(line), say)
            except OSError:
                pass

    def _answer(self, said, say):
        self.heard.append(said)
        verb = said['do']
        if verb == 'ping':
            say(event='pong', version='0.1.0', name='asker')
        elif verb == 'look':
            for peer in PEERS:
                say(event='peer-seen', peer=peer, reachable=peer != 'aarhus')
        elif verb == 'runs':
            say(event='runs', runs=self.runs)
        elif verb in ('ask', 'watch'):
            say(event='run', run='r1', question_hash='0' * 64)
            for event in self.script:
                say(run='r1', **event)
        elif verb == 'cancel':
            say(event='failed', run='r1', code='cancelled', message='The question was cancelled.')

    def close(self):
        self.server.close()
        os.unlink(self.path)


def computing():
    """A question half way."""
    return [{'event': 'peer', 'peer': 'aarhus', 'state': 'computing', 'message': ''},
            {'event': 'peer', 'peer': 'danmarks-statistik', 'state': 'computing', 'message': ''},
            {'event': 'peer', 'peer': 'rigshospitalet', 'state': 'input', 'message': ''},
            {'event': 'phase', 'phase': 'computing'},
            {'event': 'progress', 'phase': 'evaluate', 'done': 40000, 'total': 100000, 'rounds': 412, 'bytes': 6200000,
             'rows_per_second': 81000, 'seconds_left': 12}]


def declined():
    """A question that one owner refuses."""
    return [{'event': 'peer', 'peer': 'danmarks-statistik', 'state': 'accepted', 'message': ''},
            {'event': 'peer', 'peer': 'rigshospitalet', 'state': 'accepted', 'message': ''},
            {'event': 'peer', 'peer': 'aarhus', 'state': 'declined',
             'message': 'The project needs an approval by the ethics committee.'},
            {'event': 'failed', 'code': 'declined', 'peer': 'aarhus',
             'message': 'Aarhus declined: the project needs an approval by the ethics committee. Add it to the '
                        'question and ask again.'}]
