# SPDX-License-Identifier: EUPL-1.2
"""Disclosure control of approved mode on numbers in clear: neighbouring levels are joined, the same way in every
table of a question, until each number that opens is 0 or at least k.

A cohort is given as a dict from a tuple of levels (one for each variable of the question, in their order) to a
number of persons. Nothing here knows where the numbers come from."""
import itertools

DIVIDED = 4     # a level that a later variable divides must hold this many times k


def fit(number, least):
    return number == 0 or number >= least


def project(cells, places):
    out = {}
    for cell, n in cells.items():
        at = tuple(cell[p] for p in places)
        out[at] = out.get(at, 0) + n
    return out


def cut(vectors, levels, least):
    """Runs of levels. A run closes at the first level where, in every vector, both the run and everything to its
    right are fit; the last level closes what is open."""
    runs, open_from = [], 0
    for last in range(levels):
        closes = last == levels - 1 or all(fit(sum(v[open_from:last + 1]), least) and fit(sum(v[last + 1:]), least) for v in vectors)
        if closes:
            runs.append(list(range(open_from, last + 1)))
            open_from = last + 1
    return runs


def join_levels(cells, names, levels, tables, k):
    """The runs of every variable. names and levels go with the places of the cells' tuples; tables is a list of
    sets of places. Fewest levels first, ties by name; variables cut earlier are seen through their runs."""
    runs = {}
    for variable in sorted(range(len(names)), key=lambda v: (levels[v], names[v])):
        mine = [table for table in tables if variable in table]
        vectors = []
        for table in mine:
            earlier = sorted(place for place in table if place in runs)
            rows = {}
            for cell, n in project(cells, earlier + [variable]).items():
                through = tuple(next(i for i, run in enumerate(runs[place]) if level in run) for place, level in zip(earlier, cell))
                rows.setdefault(through, [0] * levels[variable])[cell[-1]] += n
            vectors += rows.values()
        divided = any(set(table) - set(runs) - {variable} for table in mine)
        runs[variable] = cut(vectors, levels[variable], DIVIDED * k if divided else k)
    return runs


def boxes(runs, by):
    """Every combination of runs, the first variable slowest."""
    return itertools.product(*(runs[place] for place in by))


def number_in(cells, by, box):
    return sum(n for cell, n in project(cells, by).items() if all(level in run for level, run in zip(cell, box)))


def open_steps(steps, groups, k):
    """Which steps of an attrition open. steps: for every step a list with the number left in each group. From the
    last step back: a step opens, in all groups or in none, when what it adds to the step opened before it (at
    first nothing) is fit in every group."""
    opened, before = [False] * len(steps), [0] * groups
    for step in reversed(range(len(steps))):
        if all(fit(now - then, k) for now, then in zip(steps[step], before)):
            opened[step], before = True, steps[step]
    return opened


def forms_join_tree(tables):
    """Can the sets be hung in a tree so that each variable's sets hang together? Leaves are taken off one by one:
    a set is a leaf when what it shares with all the others lies within a single other one."""
    left = [frozenset(table) for table in tables]
    while len(left) > 1:
        for i, table in enumerate(left):
            others = left[:i] + left[i + 1:]
            shared = table & frozenset().union(*others)
            if any(shared <= other for other in others):
                left = others
                break
        else:
            return False
    return True
