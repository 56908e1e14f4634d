"""Writes a summary as Markdown tables, into a page between two marker comments."""
from programs import OURS, PROGRAMS
from summary import LESS_IS_BETTER

BEGIN, END = '<!-- measured: begin -->', '<!-- measured: end -->'

# The tables of a line a program: what was measured, heading, key whose ratio is shown, columns of
# (heading, key, digits after the point, whether the spread is shown).
TABLES = [
    ('train', 'Training', 'steps_per_s',
     [('steps/s', 'steps_per_s', 0, True), ('first step done after, s', 'first_step_s', 1, True),
      ('memory, MiB', 'peak_mib', 0, False)]),
    ('job', 'The whole job', 'wall_s',
     [('seconds in all', 'wall_s', 0, True), ('loss, nats', 'loss', 1, True),
      ('memory, MiB', 'peak_mib', 0, False), ('saved, MiB', 'saved_mib', 1, False)]),
    ('infer', 'Decoding and encoding', 'decode10000_per_s',
     [('one z, p50, µs', 'one_p50_us', 0, True), ('p99, µs', 'one_p99_us', 0, False),
      ('400 z, images/s', 'decode400_per_s', 0, False),
      ('10,000 z, images/s', 'decode10000_per_s', 0, True),
      ('encoding 10,000, images/s', 'encode10000_per_s', 0, False)]),
]
# The tables of a column a setting: heading, the task's option, what a figure is, how it is found.
ACROSS = [
    ('batch', 'An image\'s share of a step, µs, by batch size', 'batch', 'steps_per_s',
     lambda value, options: 1e6 / value / options['batch'], 1),
    ('steps', 'A step\'s share of a whole job, ms, by the job\'s steps', 'steps', 'wall_s',
     lambda value, options: 1000 * value / options['steps'], 2),
    ('threads', 'Steps/s by threads', 'threads', 'steps_per_s', lambda value, options: value, 0),
]


def page(summary, picture):
    """The measured part of the page."""
    parts = [introduction(summary)]
    if picture:
        parts.append(f'![Training steps a second, and an image\'s cost by batch size]({picture})')
    for measured, heading, key, columns in TABLES:
        for options in summary.options(measured):
            found = [summary.figure(measured, options, program.name, key)
                     for program in summary.programs(measured)]
            rounds = max((figure.runs for figure in found if figure), default=0)
            parts += [f'### {heading}', f'{told(measured, options)} Rounds: {rounds}.',
                      by_program(summary, measured, options, key, columns)]
    for row in ACROSS:
        if summary.options(row[0]):
            parts += [f'### {row[1]}', across(summary, *row)]
    parts += failures(summary)
    return '\n\n'.join(parts)


def introduction(summary):
    machine = summary.headers[-1]['machine']
    days = sorted({run['when'][:10] for run in summary.runs})
    vectors = f' with {machine["vectors"]}' if machine['vectors'] else ''
    when = days[0] if len(days) == 1 else f'{days[0]} to {days[-1]}'
    versions = '; '.join(f'{program.title} {summary.versions.get(program.name, "?")}'
                         for program in summary.programs())
    titles = '; '.join(program.title for program in PROGRAMS if program.name in summary.absent)
    absent = f' Not there: {titles}.' if titles else ''
    return (f'{machine["cpu"]}{vectors}, {machine["cores"]} cores, {machine["memory_gib"]} GiB, '
            f'{machine["system"]}; {when}. Versions: {versions}.{absent}\n\n'
            'Medians, and in brackets the least and the most of the rounds. "Ours ×" is how many '
            'times as quick this program was: the median of the ratios within a round.')


def told(measured, options):
    if measured == 'train':
        return (f'Batches of {options["batch"]}, {options["steps"]:,} steps after '
                f'{options["warmup"]:,} that don\'t count. The first step\'s time is counted from '
                'the launch; memory is that of the largest single process.')
    if measured == 'job':
        return (f'{options["steps"]:,} steps at batch 64, from the launch to the saved model; the '
                'loss is the mean of the last ten logged.')
    return ('From an array on the host to an array on the host (the C program encodes bytes). '
            '"Ours ×" is for 10,000 z.')


def by_program(summary, measured, options, key, columns):
    programs = best_first(summary, measured, options, key)
    lines = [['', *[heading for heading, *_ in columns], 'ours ×']]
    for program in programs:
        line = [name_of(program)]
        for _, column, digits, spread in columns:
            found = summary.figure(measured, options, program.name, column)
            line.append(written(found, digits, spread) if found else 'failed')
        ratio = None if program.name == OURS else summary.ratio(
            measured, options, program.name, key)
        lines.append([*line, written(ratio, 2, True) if ratio else ''])
    return markdown(lines)


def best_first(summary, measured, options, key):
    """The programs by their median; those that failed come last."""
    def rank(program):
        found = summary.figure(measured, options, program.name, key)
        if found is None:
            return float('inf')
        return found.median if key in LESS_IS_BETTER else -found.median
    return sorted(summary.programs(measured), key=rank)


def across(summary, measured, heading, option, key, share, digits):
    settings = [(measured, options) for options in summary.options(measured)]
    if measured == 'threads':  # the tasks' own setting was measured as training
        settings += [('train', options) for options in summary.options('train')]
    lines = [['', *[thousands(options[option]) for _, options in settings]]]
    for program in summary.programs(measured):
        line = [name_of(program)]
        for place, options in settings:
            found = summary.figure(place, options, program.name, key)
            line.append(f'{share(found.median, options):,.{digits}f}' if found else 'failed')
        lines.append(line)
    return markdown(lines)


def failures(summary):
    lines = []
    for measured in dict.fromkeys(run['measured'] for run in summary.runs):
        for options in summary.options(measured):
            for program in summary.programs(measured):
                said = summary.failed(measured, options, program.name)
                settings = ', '.join(f'{name} {value}' for name, value in options.items())
                lines += [f'- {program.title}, {measured} ({settings}): {" ".join(text.split())}'
                          for text in said]
    return ['Runs that failed:', '\n'.join(lines)] if lines else []


def name_of(program):
    return f'**{program.title}**' if program.name == OURS else program.title


def thousands(value):
    return f'{value:,}' if isinstance(value, int) else str(value)


def written(found, digits, spread):
    median = f'{found.median:,.{digits}f}'
    if not spread or found.runs == 1:
        return median
    return f'{median} ({found.least:,.{digits}f}–{found.most:,.{digits}f})'


def markdown(lines):
    head, *rest = lines
    align = ['---'] + ['--:'] * (len(head) - 1)
    return '\n'.join('| ' + ' | '.join(line) + ' |' for line in [head, align, *rest])


def put_between_markers(file, part):
    """Replaces what is between the markers of a page, and leaves all else as it is."""
    text = file.read_text(encoding='utf-8')
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise ValueError(f'{file}: expected {BEGIN} and, after it, {END}, once each')
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    file.write_text(f'{before}{BEGIN}\n\n{part}\n\n{END}{after}', encoding='utf-8')
