#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Who may include whom. A room's meson.build names the rooms and libraries that it may use; an include of
anything else is refused here, and so is a meson.build that names a room which the plan of the house does not
allow. Layers hold only where something breaks when they don't.

    layers.py SOURCE
"""
import os
import re
import sys

from tap import Tap

# The plan of the house: lower rooms never know of higher ones.
MAY_NAME = {
    'common': set(),
    'mpc': {'common'},
    'query': {'common'},
    'store': {'common', 'query'},
    'stats': {'common', 'mpc'},
    'eval': {'common', 'mpc', 'query', 'stats'},
    'net': {'common', 'mpc'},
    'client': {'common', 'query', 'store', 'eval'},
    'demo': {'common', 'query', 'store', 'net'},
    'peer': {'common', 'mpc', 'query', 'store', 'stats', 'eval', 'net'},
    'cli': {'common', 'query', 'client', 'demo'},
    'app': {'common', 'query', 'client', 'demo'},
}
# Where a room may see only a part of another one.
ONLY = {
    ('net', 'mpc'): {'mpc/channel.h'},
    ('client', 'store'): {'client/preview.c'},
    ('client', 'eval'): {'client/preview.c'},
}
# Which library an include in angle brackets belongs to. GLib and the C library need no leave.
LIBRARIES = [
    (r'libsoup/', 'soup_dep'), (r'json-glib/', 'json_dep'), (r'sodium(\.h|/)', 'sodium_dep'), (r'gmp\.h', 'gmp_dep'),
    (r'gnutls/', 'gnutls_dep'), (r'sqlite3\.h', 'sqlite_dep'), (r'libpq', 'pq_dep'), (r'sql(ext|types)?\.h', 'odbc_dep'),
    (r'gtk/', 'gtk_dep'), (r'gdk', 'gtk_dep'), (r'gsk/', 'gtk_dep'), (r'adwaita\.h', 'adwaita_dep'), (r'cairo', 'gtk_dep'),
    (r'pango/', 'gtk_dep'), (r'gio/g(unix|desktop)', 'gio_unix_dep'),
]
INLINE = {'gtk4': 'gtk_dep', 'libadwaita-1': 'adwaita_dep', 'cairo': 'gtk_dep', 'pango': 'gtk_dep'}
FREE = re.compile(r'(glib|gio|gmodule|gobject|sys|arpa|netinet|linux|bits)/|glib-unix\.h|glib\.h|glib-object\.h|gmodule\.h'
                  r'|(assert|ctype|errno|fcntl|float|inttypes|langinfo|limits|locale|malloc|math|netdb|poll|pthread|pwd|sched|signal'
                  r'|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|termios|time|unistd'
                  r'|cpuid|immintrin|wmmintrin|x86intrin|arm_neon|libintl|libgen|ftw|dirent|grp)\.h$')
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def includes(path):
    with open(path, encoding='utf-8') as file:
        return INCLUDE.findall(file.read())


def sources(folder):
    return sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith(('.c', '.h')))


def library_of(header):
    if FREE.match(header) and not re.match(r'gio/g(unix|desktop)', header):
        return None
    return next((dep for pattern, dep in LIBRARIES if re.match(pattern, header)), 'unknown')


def main():
    src = os.path.join(sys.argv[1], 'src')
    rooms = sorted(name for name in os.listdir(src) if os.path.isfile(os.path.join(src, name, 'meson.build')))
    named, tap = {}, Tap()
    for room in rooms:
        with open(os.path.join(src, room, 'meson.build'), encoding='utf-8') as file:
            text = re.sub(r'#.*', '', file.read())
        named[room] = set(re.findall(r'\b(\w+_dep)\b', text)) - {'koh_%s_dep' % room}
        named[room] |= {INLINE[name] for name in re.findall(r"dependency\('([^']+)'", text) if name in INLINE}

    def rooms_named(room):
        return {dep[4:-4] for dep in named[room] if dep.startswith('koh_')}

    def through_headers(room):
        """Libraries that come with the public headers of the rooms named."""
        found = {dep for dep in named[room] if not dep.startswith('koh_')}
        for other in rooms_named(room):
            for path in sources(os.path.join(src, other)):
                if path.endswith('.h'):
                    found |= {library_of(header) for kind, header in includes(path) if kind == '<'}
        return found

    tap.claim('every room has its place in the plan', [r for r in rooms if r not in MAY_NAME])
    for room in rooms:
        tap.claim('src/%s names only rooms below it' % room, sorted(rooms_named(room) - MAY_NAME.get(room, set())))
        problems, allowed = [], through_headers(room)
        for path in sources(os.path.join(src, room)):
            here = os.path.relpath(path, src)
            for kind, header in includes(path):
                other = header.split('/')[0]
                if kind == '<':
                    library = library_of(header)
                    if library is not None and library not in allowed:
                        problems.append('%s includes <%s>, but src/%s/meson.build does not name %s' % (here, header, room, library))
                elif header.startswith('..'):
                    problems.append('%s includes "%s": name it from src/ on' % (here, header))
                elif other in MAY_NAME and other != room:
                    only = ONLY.get((room, other))
                    if other not in rooms_named(room):
                        problems.append('%s includes "%s", but src/%s/meson.build does not name koh_%s_dep' % (here, header, room, other))
                    elif only and header not in only and here not in only:
                        problems.append('%s includes "%s"; src/%s may see of src/%s only %s' % (here, header, room, other, ', '.join(sorted(only))))
        tap.claim('src/%s includes only what its meson.build names' % room, problems)
    tap.end()


main()
