# SPDX-License-Identifier: EUPL-1.2
"""A desk for the window: a screen of its own (Xvfb), a session bus of its own, the program, and hands and eyes
through AT-SPI. Everything is found by role and name, as a screen reader does, and waited for by looking again."""
import atexit
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

CACHE = tempfile.mkdtemp(prefix='kohorte-cache-')  # fonts are looked for once a run
atexit.register(shutil.rmtree, CACHE, True)

KEYS = {'Control': 37, 'Alt': 64, '1': 10, '2': 11, '3': 12, '4': 13, 'F': 41, 'Return': 36, 'Down': 116, 'Escape': 9}


def needs(*programs):
    """Ends the script as skipped, with the reason, where a program is missing."""
    missing = [program for program in programs if shutil.which(program) is None]
    try:
        import pyatspi  # noqa: F401
    except ImportError:
        missing.append('pyatspi')
    if missing:
        print('1..0 # SKIP not installed: ' + ', '.join(missing))
        sys.exit(0)


def own_bus():
    """Runs this script again on a session bus of its own, so that no other program's windows are seen. What the bus
    and its services print goes to standard error; standard output is for the claims."""
    if os.environ.get('KOHORTE_TEST_OUTPUT') is None:
        output = os.dup(1)
        os.set_inheritable(output, True)
        os.dup2(2, 1)
        for name in ('G_DEBUG', 'GSETTINGS_BACKEND'):  # meant for the program, not for the bus and AT-SPI
            os.environ.pop(name, None)
        os.environ.update(KOHORTE_TEST_OUTPUT=str(output), LC_ALL='C.UTF-8')
        os.execvp('dbus-run-session', ['dbus-run-session', '--', sys.executable] + sys.argv)
    sys.stdout = os.fdopen(int(os.environ['KOHORTE_TEST_OUTPUT']), 'w', encoding='utf-8')


def wait(look, seconds=60, what='it'):
    """Looks until there is something to see; the thing seen."""
    end = time.monotonic() + seconds
    while True:
        try:
            seen = look()
        except Exception:  # AT-SPI objects vanish while one looks at them
            seen = None
        if seen:
            return seen
        if time.monotonic() > end:
            raise AssertionError(f'{what} did not appear within {seconds} s')
        time.sleep(0.05)


class Screen:
    """An X server with one screen, whose pixels stand in a file."""

    def __init__(self, width=1280, height=1024):
        self.folder = tempfile.mkdtemp(prefix='kohorte-screen-')
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ['Xvfb', '-displayfd', str(write), '-screen', '0', f'{width}x{height}x24', '-fbdir', self.folder,
             '-nolisten', 'tcp', '-noreset'], pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as file:
            self.display = ':' + file.readline().strip()
        if self.display == ':':
            raise RuntimeError('Xvfb did not start')

    def give_keys(self):
        """AT-SPI types on the screen that its registry is started with: tells the bus before anything starts it."""
        from gi.repository import Gio, GLib
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                      'UpdateActivationEnvironment', GLib.Variant('(a{ss})', ({'DISPLAY': self.display},)), None, 0, -1)

    def picture(self, path, size=None):
        """The screen, or the part of @size in its upper left corner, as a PNG file. The pixels are an XWD dump: a
        header of big-endian words, then rows."""
        dump = (pathlib.Path(self.folder) / 'Xvfb_screen0').read_bytes()
        head = struct.unpack('>25I', dump[:100])
        width, height, stride, colours = head[4], head[5], head[12], head[19]
        start = head[0] + 12 * colours
        width, height = min(width, (size or (width,))[0]), min(height, size[1] if size else height)
        rows = []
        for y in range(height):
            row = dump[start + y * stride:start + y * stride + 4 * width]
            rgb = bytearray(3 * width)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            rows.append(b'\0' + bytes(rgb))
        chunk = lambda kind, data: (struct.pack('>I', len(data)) + kind + data +
                                    struct.pack('>I', zlib.crc32(kind + data)))
        pathlib.Path(path).write_bytes(
            b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)) +
            chunk(b'IDAT', zlib.compress(b''.join(rows), 6)) + chunk(b'IEND', b''))

    def close(self):
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Window:
    """The program on a screen, and its accessible tree."""

    def __init__(self, build, screen, arguments, language='en', dark=False, size=(1024, 700), environment=None):
        build = pathlib.Path(build)
        self.home = tempfile.mkdtemp(prefix='kohorte-home-')
        keyfile = pathlib.Path(self.home) / 'config/glib-2.0/settings/keyfile'
        keyfile.parent.mkdir(parents=True)
        fonts = pathlib.Path(self.home) / 'config/gtk-4.0/settings.ini'
        fonts.parent.mkdir(parents=True)
        fonts.write_text('[Settings]\ngtk-font-name=Cantarell 11\n')
        keyfile.write_text(f'[dk/kohorte/Kohorte]\nwindow-width={size[0]}\nwindow-height={size[1]}\n')
        env = dict(os.environ, DISPLAY=screen.display, GDK_BACKEND='x11', GSK_RENDERER='cairo',
                   LC_ALL='C.UTF-8', LANGUAGE=language, TZ='Europe/Copenhagen', GTK_A11Y='atspi',
                   GSETTINGS_BACKEND='keyfile', GSETTINGS_SCHEMA_DIR=str(build / 'data'),
                   KOHORTE_LOCALE_FOLDER=str(build / 'po'), XDG_CONFIG_HOME=self.home + '/config',
                   XDG_CACHE_HOME=CACHE, XDG_DATA_HOME=self.home + '/data',
                   ADW_DISABLE_PORTAL='1', ADW_DEBUG_COLOR_SCHEME='prefer-dark' if dark else 'default',
                   G_DEBUG='fatal-warnings', G_ENABLE_DIAGNOSTIC='0', GTK_ENABLE_ANIMATIONS='0')
        env.update(environment or {})
        self.errors = open(self.home + '/stderr', 'w+')
        self.program = subprocess.Popen([str(build / 'src/app/kohorte')] + [str(word) for word in arguments], env=env,
                                        stderr=self.errors)
        self.closed = False
        import pyatspi
        self.atspi = pyatspi
        self.application = wait(self._find_application, 30, 'the window')

    def _find_application(self):
        if self.program.poll() is not None:
            raise AssertionError(f'the program ended with {self.program.returncode}: {self.said()}')
        for application in self.atspi.Registry.getDesktop(0):
            if application is not None and application.get_process_id() == self.program.pid and application.childCount:
                return application
        return None

    def said(self):
        """What the program wrote on its standard error."""
        self.errors.flush()
        return pathlib.Path(self.errors.name).read_text(errors='replace')

    # ---- Eyes ----

    def every(self, root=None):
        root = root or self.application
        waiting = [root]
        while waiting:
            node = waiting.pop(0)
            if node is None:
                continue
            yield node
            try:
                waiting = [node.getChildAtIndex(i) for i in range(node.childCount)] + waiting
            except Exception:
                continue

    def visible(self, node):
        """Not hidden by the program. GTK 4.8 tells SHOWING of windows only, so that what stands on another page
        counts as well; whose page it is, page() says."""
        return node.getState().contains(self.atspi.STATE_VISIBLE)

    def is_sensitive(self, node):
        return node.getState().contains(self.atspi.STATE_SENSITIVE)

    def width(self):
        frame = next(node for node in self.every() if node.getRoleName() == 'frame')
        return frame.queryComponent().getExtents(self.atspi.WINDOW_COORDS).width

    def page(self, name, seconds=60):
        """Waits until the page of that name is the one in front."""
        return self.find(name, 'page tab', lambda node: node.getState().contains(self.atspi.STATE_SELECTED), seconds)

    def find(self, name=None, role=None, test=None, seconds=60):
        """The first visible thing with that name and one of those roles (names of AT-SPI, as 'push button')."""
        roles = {role} if isinstance(role, str) else role

        def look():
            for node in self.every():
                if ((name is None or node.name == name) and (roles is None or node.getRoleName() in roles) and
                        self.visible(node) and (test is None or test(node))):
                    return node
            return None
        if self.program.poll() is not None:
            raise AssertionError(f'the program ended with {self.program.returncode}: {self.said()}')
        return wait(look, seconds, f'“{name or role}”')

    def text(self, node):
        """What a thing says: an entry its text, everything else its name, which is a label's text."""
        if node.getRoleName() not in ('entry', 'text'):
            return node.name
        text = node.queryText()
        return text.getText(0, text.characterCount)

    def texts(self):
        """Everything that can be read on the window now."""
        return [text for text in (self.text(node) for node in self.every() if self.visible(node)) if text]

    def reads(self, part, seconds=60):
        """Waits until something on the window holds @part; the whole of it."""
        def look():
            for node in self.every():
                text = self.text(node)
                if text and part in text and self.visible(node):
                    return text
            return None
        return wait(look, seconds, f'the text “{part}”')

    # ---- Hands ----

    def press(self, name, role=('push button', 'button', 'toggle button', 'radio button'), seconds=60):
        node = self.find(name, set(role) if not isinstance(role, str) else role, seconds=seconds)
        node.queryAction().doAction(0)
        return node

    def type_into(self, node, text):
        node.queryEditableText().setTextContents(text)

    def key(self, code, *held):
        """A key of the keyboard, by its code on an ordinary one, while others are held."""
        registry = self.atspi.Registry
        for holding in held:
            registry.generateKeyboardEvent(KEYS[holding], None, self.atspi.KEY_PRESS)
        registry.generateKeyboardEvent(KEYS[code], None, self.atspi.KEY_PRESSRELEASE)
        for holding in reversed(held):
            registry.generateKeyboardEvent(KEYS[holding], None, self.atspi.KEY_RELEASE)

    def do(self, action):
        """An action of the window by its name, as 'win.ask'; False where it is not there or cannot be done now."""
        frame = next(node for node in self.every() if node.getRoleName() == 'frame')
        actions = frame.queryAction()
        for i in range(actions.nActions):
            if actions.getName(i) == action:
                return actions.doAction(i)
        return False

    def close(self):
        """Closes the window as a person does; what is wrong with how the program ended: nothing, one hopes."""
        problems = []
        if self.closed:
            return problems
        self.closed = True
        if self.program.poll() is None:
            try:
                self.do('window.close')
            except Exception:  # it may be gone before it has answered that it goes
                pass
            try:
                self.program.wait(10)
            except subprocess.TimeoutExpired:
                problems.append('the program did not end')
                self.program.kill()
                self.program.wait()
        if self.program.returncode != 0:
            problems.append(f'the program ended with {self.program.returncode}')
        problems += [line for line in self.said().splitlines() if line.strip()]
        self.errors.close()
        shutil.rmtree(self.home, ignore_errors=True)
        return problems
