"""Draws a summary: training steps a second, and the cost of an image against the batch size.

    picture.py RESULTS.jsonl PICTURE.png     run by run.py with the Python of scripts/.venv
"""
import sys
from pathlib import Path

import matplotlib

matplotlib.use('Agg')
import matplotlib.pyplot as plt
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

import measure
from programs import OURS
from summary import Summary

OUR_COLOUR, OTHER, INK, FAINT = '#d1495b', '#9fb3c8', '#243b53', '#829ab1'
LINES = ['#486581', '#2e8b7a', '#b7791f', '#805ad5']  # of the others in the second panel


def draw(summary, file):
    plt.rcParams.update({'font.family': 'DejaVu Sans', 'font.size': 9.5, 'text.color': INK,
                         'axes.edgecolor': FAINT, 'axes.labelcolor': INK,
                         'xtick.color': INK, 'ytick.color': INK})
    bars = rates(summary)
    batches = costs(summary)
    height = max(3.2, 0.42 * len(bars) + 1.2)
    if batches:
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(10.5, height), gridspec_kw={'width_ratios': [1.55, 1]})
        lines_panel(right, batches)
    else:
        figure, left = plt.subplots(figsize=(7, height))
    bars_panel(left, bars)
    figure.tight_layout(w_pad=2.5)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=150, metadata={'Software': None})


def rates(summary):
    """(program, figure) of training, the quickest first."""
    for options in summary.options('train'):
        found = [(program, summary.figure('train', options, program.name, 'steps_per_s'))
                 for program in summary.programs('train')]
        ran = [pair for pair in found if pair[1]]
        if ran:  # the first setting that any program ended well with
            return sorted(ran, key=lambda pair: -pair[1].median)
    raise ValueError('expected a training that ended well, found none')


def costs(summary):
    """(program, batch sizes, µs an image) of the programs measured at several batch sizes."""
    found = []
    for program in summary.programs('batch'):
        points = []
        for options in summary.options('batch'):
            rate = summary.figure('batch', options, program.name, 'steps_per_s')
            if rate:
                points.append((options['batch'], 1e6 / rate.median / options['batch']))
        if points:
            found.append((program, *zip(*sorted(points))))
    return found


def bars_panel(axes, bars):
    places = range(len(bars))
    longest = max(figure.most for _, figure in bars)
    for place, (program, figure) in zip(places, bars):
        ours = program.name == OURS
        axes.barh(place, figure.median, height=0.68, color=OUR_COLOUR if ours else OTHER)
        if figure.runs > 1:
            axes.errorbar(figure.median, place, capsize=3, color=INK, elinewidth=1, capthick=1,
                          xerr=[[figure.median - figure.least], [figure.most - figure.median]])
        axes.text(figure.most + longest * 0.015, place, f'{figure.median:,.0f}', va='center',
                  fontweight='bold' if ours else 'normal')
    axes.set_yticks(list(places), [program.title for program, _ in bars])
    for label, (program, _) in zip(axes.get_yticklabels(), bars):
        label.set_fontweight('bold' if program.name == OURS else 'normal')
    axes.invert_yaxis()
    axes.set_xlim(0, longest * 1.12)
    axes.tick_params(axis='y', length=0)
    axes.grid(axis='x', color='#e4e9ef', linewidth=0.8)
    tidy(axes, 'Training steps a second, batches of 64',
         'steps/s: median, least and most of the rounds')
    axes.spines['left'].set_visible(False)


def lines_panel(axes, batches):
    others = iter(LINES * len(batches))
    for program, sizes, micros in batches:
        ours = program.name == OURS
        axes.plot(sizes, micros, marker='o', markersize=5 if ours else 3.5,
                  linewidth=2.4 if ours else 1.4, zorder=3 if ours else 2,
                  color=OUR_COLOUR if ours else next(others), label=program.title)
    sizes = sorted({size for _, found, _ in batches for size in found})
    axes.set_xscale('log')
    axes.xaxis.set_major_locator(FixedLocator(sizes))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f'{value:,.0f}'))
    axes.set_ylim(0)
    axes.grid(color='#e4e9ef', linewidth=0.8)
    axes.legend(frameon=False, fontsize=9)
    tidy(axes, 'Cost of an image, µs', 'images in a batch')


def tidy(axes, title, label):
    axes.set_title(title, loc='left', fontsize=11, fontweight='bold', pad=10)
    axes.set_xlabel(label, color=FAINT)
    axes.set_axisbelow(True)
    for side in ('top', 'right'):
        axes.spines[side].set_visible(False)


if __name__ == '__main__':
    draw(Summary(measure.read(sys.argv[1])), Path(sys.argv[2]))
