"""What the Spark jobs do a second, with one executor process and with two (a core each), beside the same work on one
thread without Spark, in turn. Prints a table in Markdown; progress goes to standard error. The Python of
scripts/setup-python.sh runs it.

    scripts/.venv/bin/python scripts/benchmark/spark.py saved_model --rounds 3
"""
import argparse
import gzip
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HOME = pathlib.Path(__file__).resolve().parents[2]
CLUSTER = '--master local-cluster[{executors},1,1536] --conf spark.executor.memory=1536m'


def spark(options, *arguments):
    done = subprocess.run([HOME / 'scripts/spark', *map(str, arguments)], env=dict(os.environ, SPARK_OPTS=options),
                          check=True, capture_output=True, text=True)
    said = done.stdout + done.stderr
    print(said.strip(), file=sys.stderr, flush=True)
    rate = re.search(r'([\d,]+) rows/s(?:; ([\d,]+) a second of a task)?', said)
    return [float(each.replace(',', '')) for each in rate.groups() if each]


def repeated_images(folder, count):
    """MNIST's training images again and again, as Parquet: ids, labels, bytes."""
    def values(name, offset):
        with gzip.open(HOME / 'mnist' / name) as file:
            return np.frombuffer(file.read(), np.uint8, offset=offset)

    images = values('train-images-idx3-ubyte.gz', 16).reshape(-1, 784)
    labels = values('train-labels-idx1-ubyte.gz', 8)
    folder.mkdir()
    for start in range(0, count, len(images)):
        size = min(len(images), count - start)
        part = pa.table({
            'id': np.arange(start, start + size),
            'label': labels[:size].astype(np.int32),
            'image': pa.array([image.tobytes() for image in images[:size]], pa.binary())})
        pq.write_table(part, folder / f'{start:09}.parquet', row_group_size=20_000)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('model', nargs='?', default='saved_model')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--labels', type=int, default=10_000_000)
    parser.add_argument('--only', default='', help='jobs whose name has this')
    parser.add_argument('--images', type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        repeated_images(work / 'images', given.images)
        model = ['--saved-model', given.model]
        jobs = {
            f'labels of {given.labels:,} digits': ('labels', [
                'generate', *model, '--count', given.labels, '--labels-only']),
            f'{given.images:,} images encoded': ('encode', ['encode', *model, '--input', work / 'images']),
            f'{given.images // 300_000 * 60_000:,} images scored': ('score', [
                'score', *model, '--input', *sorted((work / 'images').iterdir())[:given.images // 300_000]]),
            f'{given.images:,} digits with images': ('generate', ['generate', *model, '--count', given.images]),
        }
        print('| job | one thread, no Spark | 1 executor | 2 executors | of the thread, a core: in all | while at it |\n'
              '|---|--:|--:|--:|--:|--:|')
        for name, (work_name, job) in jobs.items():
            if given.only not in name:
                continue
            rates = {'thread': [], 1: [], 2: []}
            for _ in range(given.rounds):
                rates['thread'] += spark(
                    '--driver-java-options -Djava.util.concurrent.ForkJoinPool.common.parallelism=0',
                    'in-process', *model, '--work', work_name, '--count', 600_000 if work_name != 'score' else 60_000)
                for executors in (1, 2):
                    rates[executors].append(spark(CLUSTER.format(executors=executors), *job, '--out', work / 'out'))
                    shutil.rmtree(work / 'out')
            def share(executors, figure):
                return statistics.median(
                    rate[figure] / thread for rate, thread in zip(rates[executors], rates['thread']))

            thread = statistics.median(rates['thread'])
            one, two = (statistics.median(rate[0] for rate in rates[key]) for key in (1, 2))
            print(f'| {name} | {thread:,.0f} | {one:,.0f} | {two:,.0f} | {share(1, 0):.2f}, {share(2, 0) / 2:.2f} '
                  f'| {share(1, 1):.2f}, {share(2, 1):.2f} |', flush=True)


if __name__ == '__main__':
    main()
