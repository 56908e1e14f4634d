#!/usr/bin/env python3
"""Measures this program on a GPU, in turn with JAX on the same one, and checks its numbers.

    gpu.py [--vae COMMAND] [--jax PYTHON] [--mnist DIR] [--rounds N] [--device gpu|cpu] [--quick]

Prints a table in Markdown, each figure a median. Wants Python alone; JAX is left out, and that is
said, where PYTHON has none. Exit code: 0 done; 1 a program failed; 2 usage; 4 the same seed gave
other bytes, or CPU and GPU differ by more than they may.
"""
import argparse
import hashlib
import json
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PEER = HERE / 'peers' / 'jax_scan.py'
DECODED = 1e-5    # how far CPU and GPU may be apart
LOSSES = 2e-5     # the same of the first losses, relative


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--vae', default=str(ROOT / 'scripts/vae'), metavar='COMMAND',
                        help='how this program is run (default: scripts/vae)')
    parser.add_argument('--jax', default=sys.executable, metavar='PYTHON',
                        help='a Python that has JAX (default: the one that runs this)')
    parser.add_argument('--mnist', type=Path, default=ROOT / 'mnist', metavar='DIR')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--device', choices=['gpu', 'cpu'], default='gpu',
                        help='cpu: to try this script where there is no GPU')
    parser.add_argument('--quick', action='store_true', help='few steps: a trial of this script')
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command):
    """Its standard output, and how many seconds it took."""
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        say(done.stderr[-2000:])
        sys.exit(f'gpu.py: exit code {done.returncode}: {shlex.join(map(str, command))}')
    return done.stdout, time.monotonic() - started


class Machine:
    """The programs, and what is asked of them."""

    def __init__(self, options):
        self.vae = shlex.split(options.vae)
        self.device = ['--device', options.device]
        self.data = options.mnist
        self.jax = options.jax if self.has_jax(options.jax) else None
        # XLA's code takes over at step 2,001: what is measured begins later.
        self.lengths = {64: (3000, 20000), 4096: (2500, 1500)}
        self.job = 30000
        if options.quick:
            self.lengths, self.job = {64: (20, 100), 4096: (2, 4)}, 300

    @staticmethod
    def has_jax(python):
        return subprocess.run([python, '-c', 'import jax'], capture_output=True).returncode == 0

    def ours(self, *words):
        return run([*self.vae, *map(str, words), *self.device])

    def training(self, batch, *more):
        warmup, steps = self.lengths[batch]
        found, _ = self.ours('benchmark', 'train', '--mnist', self.data, '--batch-size', batch,
                             '--warmup', warmup, '--steps', steps, '--seed', 1, *more)
        return json.loads(found.splitlines()[-1])['steps_per_s']

    def peers_training(self, batch):
        warmup, steps = self.lengths[batch]
        return self.peer('train', '--batch', batch, '--warmup', warmup, '--steps', steps)[0][
            'steps_per_s']

    def decoding(self):
        found, _ = self.ours('benchmark', 'infer', '--mnist', self.data)
        return json.loads(found.splitlines()[-1])

    def whole_job(self, folder):
        return self.ours('train', '--mnist', self.data, '--steps', self.job, '--seed', 1,
                         '--saved-model', folder)[1]

    def peers_job(self, folder):
        return self.peer('job', '--steps', self.job, '--out', folder)[1]

    def peer(self, task, *words):
        found, seconds = run([self.jax, str(PEER), task, '--data', str(self.data),
                              *map(str, words)])
        return json.loads(found.splitlines()[-1]), seconds


def row(name, ours, theirs, required):
    """A line of the table; the figures are lists, or nothing."""
    mine = statistics.median(ours)
    if not theirs:
        return f'| {name} | {mine:,.4g} | – | – | {required} |'
    other = statistics.median(theirs)
    return f'| {name} | {mine:,.4g} | {other:,.4g} | {mine / other:.2f} | {required} |'


def speed(machine, rounds, work):
    """Everything in turn, each round."""
    found = {}

    def note(name, value):
        found.setdefault(name, []).append(value)

    for number in range(rounds):
        say(f'round {number + 1} of {rounds}')
        for batch in machine.lengths:
            note((batch, 'ours'), machine.training(batch))
            if machine.jax:
                note((batch, 'jax'), machine.peers_training(batch))
        note(('infer', 'ours'), machine.decoding())
        if machine.jax:
            note(('infer', 'jax'), machine.peer('infer')[0])
    note(('tf32', 'ours'), machine.training(64, '--tf32'))
    note(('job', 'ours'), machine.whole_job(work / 'job'))
    if machine.jax:
        note(('job', 'jax'), machine.peers_job(work))
    return found


def table(found):
    def both(name, key=None):
        return [[value[key] if key else value for value in found.get((name, who), [])]
                for who in ('ours', 'jax')]

    yield '| | this program | JAX, scan | ÷ | required |'
    yield '|---|--:|--:|--:|--:|'
    yield row('training, batch 64, steps/s', *both(64), '0.65')
    yield row('the same with --tf32', found['tf32', 'ours'], found.get((64, 'jax')), '')
    yield row('training, batch 4,096, steps/s', *both(4096), '0.65')
    yield row('whole job, seconds', *both('job'), '≤ 1.0')
    yield row('10,000 z, images/s', *both('infer', 'decode10000_per_s'), '0.8')
    yield row('10,000 codes, images/s', *both('infer', 'encode10000_per_s'), '0.8')
    yield row('one z, µs', *both('infer', 'one_p50_us'), '')


def variables(folder):
    newest = max((each for each in folder.iterdir() if each.name.isdigit()),
                 key=lambda each: int(each.name))
    sums = [hashlib.sha256(each.read_bytes()).hexdigest()
            for each in sorted((newest / 'variables').iterdir())]
    return newest, sums


def same_bytes(machine, work, quick):
    """Two trainings of one seed, and one that was resumed."""
    first, last = (120, 200) if quick else (2700, 3500)
    found = []
    for name, lengths in (('one', [last]), ('two', [last]), ('resumed', [first, last])):
        folder = work / name
        for length in lengths:
            resume = [] if length == lengths[0] else ['--resume']
            seed = [] if resume else ['--seed', 7]
            machine.ours('train', '--mnist', machine.data, '--steps', length, *seed, *resume,
                         '--saved-model', folder)
        found.append(variables(folder))
    return found[0][0], all(sums == found[0][1] for _, sums in found)


def numbers(file):
    return [float(value) for line in file.read_text().split() for value in line.split(',')]


def apart(machine, model, work):
    """The largest difference of what CPU and GPU decode and encode."""
    for device in ('cpu', machine.device[1]):
        run([*machine.vae, 'probe', '--saved-model', str(model), '--out',
             str(work / ('probe-' + device)), '--mnist', str(machine.data), '--device', device])
    worst = {}
    for file in sorted((work / 'probe-cpu').glob('*.csv')):
        sides = [numbers(work / name / file.name)
                 for name in ('probe-cpu', 'probe-' + machine.device[1])]
        worst[file.stem] = max((abs(a - b) for a, b in zip(*sides)), default=0)
    return worst


def main():
    options = arguments()
    machine = Machine(options)
    if machine.jax is None:
        say(f'no JAX in {options.jax}: its columns stay empty')
    with tempfile.TemporaryDirectory(prefix='vae-gpu-') as temporary:
        work = Path(temporary)
        found = speed(machine, options.rounds, work)
        say('the same bytes, the same numbers')
        model, equal = same_bytes(machine, work, options.quick)
        worst = apart(machine, model, work)
        doctor = json.loads(machine.ours('doctor', '--json')[0])
    print('\n'.join(table(found)))
    print(f'\none seed, twice and resumed: {"the same bytes" if equal else "OTHER BYTES"}')
    print('CPU and GPU apart by: ' + ', '.join(f'{k} {v:.1e}' for k, v in worst.items()))
    losses = doctor['sections']['training'].get('cpu_and_gpu', {}).get('value', {}).get('first')
    print('first 20 losses apart by: ' + (f'{losses:.1e}, relative' if losses else 'not compared'))
    far = max(worst.values(), default=0) > DECODED or (losses or 0) > LOSSES
    sys.exit(4 if far or not equal else 0)


if __name__ == '__main__':
    main()
