"""What the records of measure.py come to: medians, spreads, ratios within a round."""
import json
import statistics
from collections import defaultdict
from typing import NamedTuple

from programs import OURS, PROGRAMS

LESS_IS_BETTER = {'wall_s', 'first_step_s', 'peak_mib', 'one_p50_us', 'one_p99_us', 'loss'}


class Figure(NamedTuple):
    median: float
    least: float
    most: float
    runs: int


class Summary:
    def __init__(self, records):
        self.headers = [record for record in records if 'machine' in record]
        self.runs = [record for record in records if 'round' in record]
        if not self.headers or not self.runs:
            raise ValueError('expected records of measured rounds, found none')
        versions = {}
        for header in self.headers:
            versions.update(header['versions'])
        self.versions = versions
        self.absent = set(self.headers[-1]['absent']) - {run['program'] for run in self.runs}
        self.values = defaultdict(dict)    # (measured, options, program, key) -> round -> value
        self.failures = defaultdict(list)  # (measured, options, program) -> what was said
        for run in self.runs:
            place = (run['measured'], json.dumps(run['options'], sort_keys=True), run['program'])
            if 'failed' in run:
                self.failures[place].append(run['failed'])
                continue
            found = {**run['result'], 'wall_s': run['wall_s'], 'peak_mib': run['peak_mib']}
            for key, value in found.items():
                self.values[(*place, key)][run['round']] = value

    def programs(self, measured=None):
        """The programs that were run, in the table's order."""
        names = {run['program'] for run in self.runs if measured in (None, run['measured'])}
        return [program for program in PROGRAMS if program.name in names]

    def options(self, measured):
        """The different options it was measured with, in the order of measuring."""
        found = {json.dumps(run['options'], sort_keys=True): run['options']
                 for run in self.runs if run['measured'] == measured}
        return list(found.values())

    def trained(self):
        """Whether any program's training ended well."""
        return any(place[0] == 'train' for place in self.values)

    def figure(self, measured, options, program, key):
        """The median and the spread over the rounds, or None where no run ended well."""
        return figure(self.of(measured, options, program, key).values())

    def ratio(self, measured, options, program, key):
        """How many times as good ours is: the median of the ratios within a round, or None."""
        ours = self.of(measured, options, OURS, key)
        its = self.of(measured, options, program, key)
        both = sorted(ours.keys() & its.keys())
        better = [its[turn] / ours[turn] if key in LESS_IS_BETTER else ours[turn] / its[turn]
                  for turn in both]
        return figure(better)

    def of(self, measured, options, program, key):
        return self.values.get((measured, json.dumps(options, sort_keys=True), program, key), {})

    def failed(self, measured, options, program):
        """What a program that failed said, each thing once, in the order of failing."""
        place = (measured, json.dumps(options, sort_keys=True), program)
        return list(dict.fromkeys(self.failures.get(place, [])))


def figure(values):
    values = list(values)
    if not values:
        return None
    return Figure(statistics.median(values), min(values), max(values), len(values))
