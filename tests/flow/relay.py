# SPDX-License-Identifier: EUPL-1.2
"""What an observer of the network sees: a relay before each peer of a federation that writes down every byte, and
the WebSocket messages taken out of them. The peers speak without TLS here, as behind a proxy that ends it, so that
what is seen is the inner channel."""
import os
import re
import socket
import threading


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Connection:
    def __init__(self, caller, called):
        self.caller, self.called = caller, called
        self.there, self.back = bytearray(), bytearray()


def unframe(stream):
    """The payloads of a WebSocket's frames, in order; control frames (ping, pong, close) apart from the rest."""
    head = stream.find(b'\r\n\r\n')
    at, out = head + 4 if head >= 0 else len(stream), []
    while at + 2 <= len(stream):
        code, length, masked = stream[at] & 15, stream[at + 1] & 127, stream[at + 1] & 128
        at += 2
        if length == 126:
            length, at = int.from_bytes(stream[at:at + 2], 'big'), at + 2
        elif length == 127:
            length, at = int.from_bytes(stream[at:at + 8], 'big'), at + 8
        key = bytes(stream[at:at + 4]) if masked else b'\0\0\0\0'
        at += 4 if masked else 0
        payload = bytes(stream[at:at + length])
        if masked and payload:
            whole = (key * (len(payload) // 4 + 1))[:len(payload)]
            payload = (int.from_bytes(payload, 'big') ^ int.from_bytes(whole, 'big')).to_bytes(len(payload), 'big')
        at += length
        if code < 8:
            out.append(payload)
    return out


class Relay:
    """Listens where the peer's card says and passes everything on to where it really listens."""

    def __init__(self, called, port, onward, who):
        self.called, self.onward, self.who, self.connections = called, onward, who, []
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(('127.0.0.1', port))
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                caller, address = self.listener.accept()
            except OSError:
                return
            try:
                onward = socket.create_connection(('127.0.0.1', self.onward), timeout=10)
            except OSError:
                caller.close()
                continue
            onward.settimeout(None)
            for end in (caller, onward):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(self.who(address[1]), self.called)
            self.connections.append(connection)
            for source, target, kept in ((caller, onward, connection.there), (onward, caller, connection.back)):
                threading.Thread(target=self.pump, args=(source, target, kept), daemon=True).start()

    @staticmethod
    def pump(source, target, kept):
        try:
            while True:
                data = source.recv(1 << 16)
                if not data:
                    break
                kept += data
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()


def put_before(house):
    """Relays before all peers of a federation that has not started yet."""
    with open(house.path('roster'), encoding='utf-8') as file:
        cards = file.read().split('card:\n')[1:]
    ports = {re.search(r'^name: (\S+)$', card, re.M).group(1): re.search(r'^endpoint: \S+:(\d+)$', card, re.M).group(1)
             for card in cards if '\nrole: peer\n' in card}

    def who(port):
        """The participant whose process has this end of a connection."""
        inode = None
        with open('/proc/net/tcp', encoding='ascii') as file:
            for line in file.readlines()[1:]:
                words = line.split()
                if int(words[1].split(':')[1], 16) == port and words[9] != '0':
                    inode = words[9]
        for name in list(ports) + ['asker']:
            pid = house.pid_of(name)
            try:
                if pid and any(os.readlink('/proc/%d/fd/%s' % (pid, fd)) == 'socket:[%s]' % inode for fd in os.listdir('/proc/%d/fd' % pid)):
                    return name
            except OSError:
                pass
        return 'unknown'

    relays = []
    for name in list(ports) + ['asker']:
        path = house.path(name, 'peer.ini')
        with open(path, encoding='utf-8') as file:
            text = file.read()
        if name in ports:
            onward = free_port()
            relays.append(Relay(name, int(ports[name]), onward, who))
            text = re.sub(r'^listen=.*$', 'listen=127.0.0.1:%d\nplain=true\ndial_plain=true' % onward, text, count=1, flags=re.M)
        else:
            text = text.replace('[peer]\n', '[peer]\ndial_plain=true\n', 1)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
    return relays
