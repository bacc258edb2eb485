# SPDX-License-Identifier: EUPL-1.2
"""A federation folder as the app sees it, without any peer: catalogues, questions and stored answers. Tests and
pictures of the window use it where no computing is needed. The numbers are invented."""
import json
import pathlib

K = 5


def both(da, en):
    return {'da': da, 'en': en}


def variable(name, da, en, kind='string', levels=(), completeness=None, unit=None):
    made = {'name': name, 'title': both(da, en), 'type': kind,
            'levels': [{'code': code, 'title': both(d, e)} for code, d, e in levels]}
    if completeness is not None:
        made['completeness'] = completeness
    if unit:
        made['unit'] = unit
    return made


def dataset(name, da, en, kind, rows, first, last, variables=(), system=None, validity='none', about=('', '')):
    made = {'name': name, 'kind': kind, 'validity': validity, 'title': both(da, en), 'description': both(*about),
            'first': first, 'last': last, 'rows': rows, 'variables': list(variables)}
    if system:
        made['code_system'] = system
    return made


def hospital(peer, da, en, organisation, scale):
    return {'kohorte_catalogue': 1, 'peer': peer, 'title': both(da, en), 'organisation': organisation,
            'contact': f'data@{peer}.example', 'population': False, 'datasets': [
                dataset('diagnoses', 'Diagnoser (LPR3)', 'Diagnoses (LPR3)', 'event', 41000 * scale, '2012-01-01',
                        '2023-12-31', system='SKS',
                        about=('Aktionsdiagnoser ved indlæggelser og ambulante kontakter.',
                               'Primary diagnoses of admissions and outpatient contacts.')),
                dataset('procedures', 'Procedurer', 'Procedures', 'event', 26000 * scale, '2012-01-01', '2023-12-31',
                        system='SKS'),
                dataset('laboratory', 'Laboratoriesvar', 'Laboratory results', 'event', 180000 * scale, '2015-01-01',
                        '2023-12-31', [variable('value', 'Værdi', 'Value', 'decimal', completeness=0.98)], system='NPU'),
                dataset('hospital_medicine', 'Sygehusmedicin', 'Hospital medicine', 'event', 9100 * scale, '2018-01-01',
                        '2023-12-31', system='ATC',
                        about=('Lægemidler givet under indlæggelse eller ambulant.',
                               'Medicines given during admission or in outpatient care.')),
                dataset('pd_l1', 'PD-L1', 'PD-L1', 'person', 870 * scale, '2018-01-01', '2023-12-31', [
                    variable('pd_l1', 'PD-L1-udtryk', 'PD-L1 expression', completeness=0.83,
                             levels=[('low', 'Lavt', 'Low'), ('high', 'Højt', 'High')])]),
            ]}


QUINTILES = [('1', '1 (lavest)', '1 (lowest)'), ('2', '2', '2'), ('3', '3', '3'), ('4', '4', '4'),
             ('5', '5 (højest)', '5 (highest)')]

STATISTICS = {
    'kohorte_catalogue': 1, 'peer': 'danmarks-statistik', 'title': both('Danmarks Statistik', 'Statistics Denmark'),
    'organisation': 'Danmarks Statistik', 'contact': 'data@dst.example', 'population': True, 'datasets': [
        dataset('population', 'Befolkningen', 'The population', 'person', 100000, '1968-04-02', '2023-12-31', [
            variable('birth_date', 'Fødselsdato', 'Date of birth', 'date', completeness=1.0),
            variable('sex', 'Køn', 'Sex', levels=[('M', 'Mænd', 'Men'), ('K', 'Kvinder', 'Women')], completeness=1.0),
            variable('region', 'Bopælsregion', 'Region of residence', completeness=0.99,
                     levels=[('1081', 'Nordjylland', 'North Denmark'), ('1082', 'Midtjylland', 'Central Denmark'),
                             ('1083', 'Syddanmark', 'Southern Denmark'), ('1084', 'Hovedstaden', 'Capital Region'),
                             ('1085', 'Sjælland', 'Zealand')])],
                about=('Alle personer, der har haft bopæl i Danmark.', 'Everybody who has lived in Denmark.')),
        dataset('income', 'Indkomst', 'Income', 'person', 1400000, '2008-01-01', '2022-12-31', [
            variable('income_quintile', 'Indkomstfemtedel', 'Income quintile', levels=QUINTILES, completeness=0.97)],
                validity='year', about=('Ækvivaleret disponibel indkomst.', 'Equivalised disposable income.')),
        dataset('education', 'Uddannelse', 'Education', 'person', 1500000, '2008-01-01', '2022-12-31', [
            variable('education', 'Højeste fuldførte uddannelse', 'Highest completed education', completeness=0.93,
                     levels=[('10', 'Grundskole', 'Primary school'), ('20', 'Gymnasial', 'Upper secondary'),
                             ('30', 'Erhvervsfaglig', 'Vocational'), ('40', 'Kort videregående', 'Short higher'),
                             ('60', 'Bachelor', 'Bachelor'), ('70', 'Lang videregående', 'Long higher')])],
                validity='year'),
        dataset('deaths', 'Dødsfald', 'Deaths', 'event', 11000, '1970-01-01', '2023-12-31'),
        dataset('dispensings', 'Indløste recepter', 'Dispensings', 'event', 4200000, '1995-01-01', '2023-12-31',
                system='ATC'),
    ]}

QUESTION = {
    'kohorte': 1, 'title': 'Statin after a first heart attack',
    'project': {'id': 'P-2026-014', 'problem': 'One in five does not redeem a statin after a heart attack. We do not '
                'know whether it is the same in all income groups.',
                'decision': 'Whether the follow-up call after discharge should be offered to everybody or to some '
                'groups first.', 'purpose': 'quality', 'legal_basis': 'EHDS-53-1-e', 'approvals': []},
    'mode': 'approved', 'link': 'person',
    'index': {'event': {'dataset': 'diagnoses', 'codes': ['SKS:DI21', 'SKS:DI22'], 'from': '2018-01-01',
                        'to': '2022-12-31'}, 'occurrence': 'first'},
    'criteria': {'all': [
        {'attribute': 'age', 'at': 'index', 'between': [50, 79]},
        {'event': {'dataset': 'dispensings', 'codes': ['ATC:C10AA']}, 'within': [0, 30], 'at_least': 1},
        {'not': {'event': {'dataset': 'diagnoses', 'codes': ['SKS:DC']}, 'within': [-365, -1]}}]},
    'by': ['sex', {'attribute': 'income_quintile', 'at': 'index'}],
    'analyses': [{'type': 'count'}, {'type': 'attrition', 'by': []}, {'type': 'crosstab', 'by': ['sex', 'age_band']}]}

BROKEN = dict(QUESTION, title='A question with mistakes', by=['sex', 'shoe_size'],
              criteria={'all': [{'event': {'dataset': 'diagnosis', 'codes': ['SKS:DI21']}, 'within': [0, 30]},
                                {'attribute': 'age', 'at': 'index', 'between': [50, 79]}]})

SENTENCE = both(
    'Blandt personer, hvis første diagnose (LPR3) akut myokardieinfarkt eller reinfarkt ligger fra 1. januar 2018 til '
    '31. december 2022 (indeksdatoen): de, der var 50–79 år på indeksdatoen, indløste mindst én recept på statiner '
    '0–30 dage efter, og ikke havde en kræftdiagnose i de 365 dage før.',
    'Among persons whose first diagnosis (LPR3) of acute myocardial infarction or reinfarction falls from 1 January 2018 '
    'to 31 December 2022 (the index date): those who were 50–79 years old at the index date, redeemed at least one '
    'statin prescription within 0–30 days after it, and had no cancer diagnosis in the 365 days before.')


def answer(computed_at, results, cohort='open', joined=(), title=None):
    hash_of = lambda letter: (letter * 64)[:64]
    return {
        'kohorte_answer': 1, 'question_hash': '5f1c09be' * 8, 'title': title or QUESTION['title'], 'question': QUESTION,
        'mode': 'approved', 'link': 'person', 'security': 'semi-honest',
        'peers': ['aarhus', 'danmarks-statistik', 'rigshospitalet'], 'sentence': SENTENCE, 'computed_at': computed_at,
        'seconds': 1.4, 'rounds': 812, 'bytes': 12345678, 'transcript': '3ad9e1f0' * 8, 'plan': hash_of('b'),
        'session': hash_of('c'), 'snapshots': {'aarhus': hash_of('d')},
        'disclosure': {'k': K, 'cohort': cohort, 'joined': list(joined), 'suppressed_steps': []},
        'receipts': {peer: {'head': hash_of('e'), 'entries': 17 + i, 'signature': hash_of('f') * 2}
                     for i, peer in enumerate(['aarhus', 'danmarks-statistik', 'rigshospitalet'])},
        'results': results}


def full_answer():
    runs = [['1'], ['2', '3'], ['4'], ['5'], ['missing']]
    numbers = {'M': [412, 873, 455, 391, 0], 'K': [183, 341, 162, 128, 0]}
    bands = [['50–54'], ['55–59'], ['60–64'], ['65–69'], ['70–74'], ['75–79']]
    ages = {'M': [211, 302, 388, 420, 447, 363], 'K': [61, 99, 138, 156, 184, 176]}
    one = lambda run: run[0] if len(run) == 1 else run
    level = lambda sex: ['K', 'missing'] if sex == 'K' else sex
    count = [{'by': {'sex': level(sex), 'income_quintile': one(run)}, 'n': n}
             for sex in ('M', 'K') for run, n in zip(runs, numbers[sex])]
    cross = [{'by': {'sex': level(sex), 'age_band': one(run)}, 'n': n}
             for sex in ('M', 'K') for run, n in zip(bands, ages[sex])]
    steps = [5230, 3920, 2949, None]
    attrition = [{'step': i, 'name': '', **({'n': n} if n is not None else {'suppressed': True})}
                 for i, n in enumerate(steps)]
    attrition[3] = {'step': 3, 'name': '', 'n': 2945}
    attrition[2] = {'step': 2, 'name': '', 'suppressed': True}
    return answer('2026-11-23T20:15:00Z', [{'type': 'count', 'rows': count}, {'type': 'attrition', 'rows': attrition},
                                           {'type': 'crosstab', 'rows': cross}],
                  joined=[{'attribute': 'sex', 'levels': [['M'], ['K', 'missing']]},
                          {'attribute': 'income_quintile', 'levels': runs}])


def small_answer():
    return answer('2026-11-22T08:05:00Z', [{'type': 'count', 'rows': [{'by': {}, 'suppressed': True}]},
                                           {'type': 'attrition', 'rows': [{'step': 0, 'name': '', 'n': 5230},
                                                                          {'step': 1, 'name': '', 'n': 61},
                                                                          {'step': 2, 'name': '', 'suppressed': True},
                                                                          {'step': 3, 'name': '', 'suppressed': True}]}],
                  cohort='suppressed', title='Statin after a first heart attack, the oldest')


def make(folder):
    folder = pathlib.Path(folder)
    for name in ('catalogues', 'questions', 'asker/answers', 'asker/state'):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write = lambda path, node: (folder / path).write_text(json.dumps(node, ensure_ascii=False, indent=1), encoding='utf-8')
    (folder / 'federation.ini').write_text(
        '[federation]\nname=Demo\npeers=aarhus;danmarks-statistik;rigshospitalet\nasker=asker\n', encoding='utf-8')
    for catalogue in (hospital('aarhus', 'Aarhus Universitetshospital', 'Aarhus University Hospital',
                               'Region Midtjylland', 1), STATISTICS,
                      hospital('rigshospitalet', 'Rigshospitalet', 'Rigshospitalet', 'Region Hovedstaden', 2)):
        write(f'catalogues/{catalogue["peer"]}.json', catalogue)
    write('questions/statin-after-infarction.json', QUESTION)
    write('questions/with-mistakes.json', BROKEN)
    write('asker/answers/1.json', full_answer())
    write('asker/answers/2.json', small_answer())
    return folder


if __name__ == '__main__':
    import sys
    make(sys.argv[1])
