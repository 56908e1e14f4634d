#!/usr/bin/env python3
"""Measures this program and its peers in turn, and writes what was found.

    run.py measure --out results.jsonl [--rounds R] [--only NAMES] [--tasks NAMES]
    run.py report results.jsonl

measure appends a record a run, so that a file that was interrupted can be reported and extended;
leave the machine alone meanwhile. report writes the part between the marker comments of
docs/performance.md, and docs/images/performance.png. setup.sh makes the peers' environments.
Exit code: 0 done; 1 a program failed, or one that is required is not there; 2 usage; 3 a file is
missing or not as expected; 130 stopped by Ctrl-C.
"""
import argparse
import os
import subprocess
import sys
from pathlib import Path

import measure
import table
from programs import PROGRAMS, ROOT
from summary import Summary

PAGE = ROOT / 'docs/performance.md'
PICTURE = ROOT / 'docs/images/performance.png'


def names_of(known):
    """An argument type: some of the known names, with commas between."""
    def parse(text):
        names = text.split(',')
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(
                    f'expected some of {",".join(known)}, found {name}')
        return names
    return parse


def positive(text):
    """An argument type: a whole number from 1 on."""
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f'expected 1 or more, found {text}')
    return int(text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest='command', required=True)
    measuring = commands.add_parser('measure', help='run the programs')
    programs = names_of([program.name for program in PROGRAMS])
    measuring.add_argument('--out', type=Path, required=True, metavar='FILE')
    measuring.add_argument('--rounds', type=positive, default=5)
    measuring.add_argument('--only', type=programs, metavar='NAMES', default=[],
                           help=','.join(program.name for program in PROGRAMS))
    measuring.add_argument('--tasks', type=names_of(measure.MEASURED), metavar='NAMES',
                           default=['train', 'infer'],
                           help=f'{",".join(measure.MEASURED)} (default: train,infer)')
    measuring.add_argument('--require', type=programs, metavar='NAMES', default=[],
                           help='measure nothing unless these are there')
    measuring.add_argument('--job-steps', type=positive, default=30000)
    measuring.add_argument('--limit', type=positive, default=1200, metavar='SECONDS',
                           help='for a run (default: 1200)')
    measuring.add_argument('--data', type=Path, default=ROOT / 'mnist', metavar='DIR')
    reporting = commands.add_parser('report', help='write the page and the picture')
    reporting.add_argument('results', type=Path)
    reporting.add_argument('--page', type=Path, default=PAGE)
    reporting.add_argument('--picture', type=Path, default=PICTURE)
    return parser.parse_args()


def report(results, page, picture):
    summary = Summary(measure.read(results))
    drawn = None
    if summary.trained():
        draw(results, picture)
        drawn = Path(os.path.relpath(picture.resolve(), page.resolve().parent)).as_posix()
    table.put_between_markers(page, table.page(summary, drawn))


def draw(results, picture):
    python = ROOT / 'scripts/.venv/bin/python'
    if not python.is_file():
        raise FileNotFoundError('the picture wants scripts/.venv: run scripts/setup-python.sh')
    script = Path(__file__).with_name('picture.py')
    drawing = subprocess.run([python, script, results, picture], capture_output=True, text=True)
    if drawing.returncode != 0:
        said = drawing.stderr.strip().splitlines()
        raise ValueError(f'the picture could not be drawn: {said[-1] if said else "no reason"}')


def main():
    args = arguments()
    try:
        if args.command == 'report':
            report(args.results, args.page, args.picture)
            return 0
        well = measure.measure(args.only, args.tasks, args.rounds, args.job_steps,
                               args.data.resolve(), args.limit, args.out, args.require)
        return 0 if well else 1
    except OSError as error:
        print(f'{error.filename}: {error.strerror}' if error.filename else error, file=sys.stderr)
        return 3
    except ValueError as error:
        print(error, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print('stopped; what was measured is kept', file=sys.stderr)
        return 130


if __name__ == '__main__':
    sys.exit(main())
