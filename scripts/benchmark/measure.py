"""Runs the programs in turn and writes what it measures, a line of JSON a run.

A round has a heat for each thing that is measured, and in a heat each program runs once; who goes
first moves on with each round, so that no program always has the quiet moment.
"""
import datetime
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from programs import PROGRAMS, ROOT

WARMUP, STEPS = 500, 2000
BATCHES = (16, 64, 256, 1024, 4096)
LENGTHS = (500, 2000, 8000)
THREADS = (1, 2)
MEASURED = ('train', 'infer', 'job', 'batch', 'steps', 'threads')
STEPS_GUESS, START_GUESS = 200, 10  # steps/s and seconds, for telling how long it will take


class Heat(NamedTuple):
    """A task with the same options for every program."""
    measured: str   # one of MEASURED
    task: str       # of the contract
    options: dict   # of the contract, but for the seed
    broad: bool     # only programs that are measured broadly

    def programs(self, programs):
        return [program for program in programs
                if self.task in program.tasks and (program.broad or not self.broad)]

    def seconds(self):
        steps = self.options.get('steps', 0) + self.options.get('warmup', 0)
        images = steps * self.options.get('batch', 64)
        return START_GUESS + max(images / 64, steps / 4) / STEPS_GUESS


def heats(measured, job_steps):
    found = {'train': [training()],
             'infer': [Heat('infer', 'infer', {'threads': 'auto'}, False)],
             'job': [Heat('job', 'job', {'steps': job_steps}, False)],
             'batch': [training('batch', batch) for batch in BATCHES],
             'steps': [Heat('steps', 'job', {'steps': steps}, True) for steps in LENGTHS],
             'threads': [training('threads', threads=threads) for threads in THREADS]}
    return [heat for name in MEASURED if name in measured for heat in found[name]]


def training(measured='train', batch=64, threads='auto'):
    steps, warmup = STEPS, WARMUP
    if measured == 'batch':  # of large batches fewer, but never too few to be measured
        steps = min(1000, max(30, 128000 // batch))
        warmup = max(10, steps // 4)
    options = {'batch': batch, 'warmup': warmup, 'steps': steps, 'threads': threads}
    return Heat(measured, 'train', options, measured == 'batch')


def machine():
    cpu, flags = platform.processor() or platform.machine(), []
    try:
        for line in Path('/proc/cpuinfo').read_text().splitlines():
            name, _, value = line.partition(':')
            if name.strip() == 'model name':
                cpu = value.strip()
            elif name.strip() == 'flags':
                flags = value.split()
    except OSError:
        pass  # not Linux: what platform knows is enough
    vectors = [name for flag, name in [('avx512f', 'AVX-512'), ('avx2', 'AVX2')] if flag in flags]
    return {'cpu': cpu, 'vectors': vectors[0] if vectors else '', 'cores': os.cpu_count(),
            'memory_gib': round(os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2 ** 30),
            'system': f'{platform.system()} {platform.release().split("-")[0]}'}


def run(program, heat, seed, data, limit):
    """Runs a program once and returns its record."""
    with tempfile.TemporaryDirectory(prefix='vae-benchmark-') as work:
        out = Path(work) / 'out'
        # infer has no seed: its weights don't matter
        options = heat.options if heat.task == 'infer' else {**heat.options, 'seed': seed}
        command = program.command(heat.task, str(data), options, str(out))
        record = {'load': round(os.getloadavg()[0], 2)}
        with open(f'{work}/stdout', 'wb') as stdout, open(f'{work}/stderr', 'wb') as stderr:
            started = time.time()
            code, peak = wait(command, stdout, stderr, limit)
            record['wall_s'] = time.time() - started
        record['peak_mib'] = peak
        try:
            if code != 0:
                last = Path(f'{work}/stderr').read_text(errors='replace').strip().splitlines()
                how = f'exit code {code}' if code > 0 else f'ended by signal {-code}'
                if code == -signal.SIGKILL and record['wall_s'] >= limit:
                    how = f'not done in {limit} s'
                raise ValueError(f'{how}: {last[-1][:300]}' if last else how)
            found = program.result(heat.task, Path(f'{work}/stdout').read_text(errors='replace'))
            if heat.task == 'job':
                found['saved_mib'] = saved_mib(out)
        except ValueError as error:
            return {**record, 'failed': str(error)}
        if 'first_step' in found:
            found['first_step_s'] = found.pop('first_step') - started
        return {**record, 'result': found}


def wait(command, stdout, stderr, limit):
    """Returns the exit code (or minus the signal) and the memory of the largest process in MiB."""
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=stdout,
                               stderr=stderr, start_new_session=True)

    def end():
        try:
            os.killpg(process.pid, signal.SIGKILL)  # its own session: launcher and all
        except ProcessLookupError:
            pass  # it was done in the same moment

    timer = threading.Timer(limit, end)
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        end()
        raise
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)  # so that Popen doesn't wait for it too
    unit = 1 if sys.platform == 'darwin' else 1024
    return process.returncode, round(usage.ru_maxrss * unit / 2 ** 20)


def saved_mib(folder):
    size = sum(file.stat().st_size for file in folder.rglob('*') if file.is_file())
    if not size:
        raise ValueError('expected a saved model, found none')
    return round(size / 2 ** 20, 1)


def say(text):
    print(text, file=sys.stderr, flush=True)


def measure(names, measured, rounds, job_steps, data, limit, out, required):
    """Returns whether all that ran, ran well."""
    chosen = [program for program in PROGRAMS if not names or program.name in names]
    absent = {program.name: program.missing() for program in chosen if program.missing()}
    for name, file in absent.items():
        say(f'{name}: not there, {file} is missing')
    if set(absent) & set(required):
        return False
    present = [program for program in chosen if program.name not in absent]
    if not present:
        say('expected a program to measure, found none')
        return False
    plan = heats(measured, job_steps)
    guess = rounds * sum(heat.seconds() * len(heat.programs(present)) for heat in plan)
    say(f'{rounds} rounds of {len(plan)} heats with {len(present)} programs: '
        f'about {max(1, round(guess / 60))} min')

    # Rounds go on from those in the file: a file that was interrupted can be extended.
    first = 1 + max([record.get('round', 0) for record in mended(out)], default=0)
    well = True
    with open(out, 'a', encoding='utf-8') as lines:
        def write(record):
            lines.write(json.dumps(record) + '\n')
            lines.flush()

        write({'machine': machine(), 'when': now(), 'absent': sorted(absent),
               'versions': {program.name: program.found_version() for program in present}})
        for turn in range(first, first + rounds):
            for heat in plan:
                runners = heat.programs(present)
                for program in rotated(runners, turn):
                    record = run(program, heat, turn, data, limit)
                    write({'round': turn, 'when': now(), 'program': program.name,
                           'measured': heat.measured, 'options': heat.options, **record})
                    well = well and 'failed' not in record
                    say(f'round {turn} {heat.measured} {program.name}: {told(record)}')
    return well


def rotated(programs, turn):
    start = (turn - 1) % len(programs) if programs else 0
    return programs[start:] + programs[:start]


def now():
    return datetime.datetime.now().isoformat(timespec='seconds')


def told(record):
    """A record in a few words, for the progress."""
    if 'failed' in record:
        return f'failed, {record["failed"]}'
    found = record['result']
    rates = [f'{found[key]:.0f} {unit}' for key, unit in
             [('steps_per_s', 'steps/s'), ('one_p50_us', 'µs'), ('loss', 'nats')] if key in found]
    return ', '.join([*rates, f'{record["wall_s"]:.0f} s in all'])


def mended(file):
    """The records of a file that may not be there yet; a line that was cut off is taken out."""
    if not file.exists():
        return []
    records = read(file)
    text = file.read_bytes()
    whole = text.rfind(b'\n') + 1
    if whole < len(text):
        if not records:
            raise ValueError(f'{file}: expected lines of JSON, found another file')
        os.truncate(file, whole)
    return records


def read(file):
    """The records of a file; a last line that was cut off is left out."""
    records = []
    lines = Path(file).read_text(encoding='utf-8').splitlines()
    for number, line in enumerate(lines, 1):
        try:
            records.append(json.loads(line))
        except ValueError:
            if number < len(lines):
                raise ValueError(f'{file}:{number}: expected a line of JSON, found: {line[:60]}') \
                    from None
    return records
