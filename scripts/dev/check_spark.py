"""Runs the Spark jobs on a cluster of executor processes of their own, and checks what they write.

- Encoded MNIST, read by pyarrow, equals what Python's TensorFlow and `scripts/vae encode` compute, to 1e-5.
- A Parquet that pyarrow wrote, its bad rows with it, comes to the same.
- Executors are killed in mid-job: what is written, sorted, equals an undisturbed run's, byte for byte.

The Python of scripts/setup-python.sh runs it; Linux alone. SPARK_HOME names another Spark than Maven's.

Exit code: 0 all checks passed; 1 some failed; 2 usage.
"""
import argparse
import gzip
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from checks import Checks, tf, tf1

HOME = pathlib.Path(__file__).resolve().parents[2]
CLUSTER = '--master local-cluster[{executors},1,1536] --conf spark.executor.memory=1536m'


def start(executors, *arguments):
    """A job, by spark-submit; its process is the driver, whose children are the executors."""
    return subprocess.Popen([HOME / 'scripts/spark', *map(str, arguments)],
                            env=dict(os.environ, SPARK_OPTS=CLUSTER.format(executors=executors)))


def run(executors, *arguments):
    code = start(executors, *arguments).wait()
    if code != 0:
        sys.exit(f'scripts/spark {arguments[0]} ended with {code}')


def executors_of(driver):
    """The process numbers of a driver's executors."""
    found = []
    for process in pathlib.Path('/proc').glob('[0-9]*'):
        try:
            parent = int((process / 'stat').read_text().rsplit(')', 1)[1].split()[1])
            if parent == driver and b'CoarseGrainedExecutorBackend' in (process / 'cmdline').read_bytes():
                found.append(int(process.name))
        except (OSError, IndexError):
            continue  # It has ended meanwhile.
    return sorted(found)


def committed(out):
    """How many tasks of the job that writes `out` have ended."""
    return len(list(out.parent.glob(out.name + '-staging-*/_temporary/0/task_*')))


def run_killing(kills, tasks, out, *arguments):
    """Kills an executor each time when another share of the tasks has ended; returns how many."""
    job = start(2, *arguments)
    killed = 0
    while job.poll() is None:
        executors = executors_of(job.pid)
        if killed < kills and executors and committed(out) >= (killed + 1) * tasks // (kills + 2):
            os.kill(executors[0], signal.SIGKILL)
            killed += 1
            print(f'killed executor {executors[0]} after {committed(out)} of {tasks} tasks', flush=True)
        time.sleep(0.05)
    if job.returncode != 0:
        sys.exit(f'scripts/spark {arguments[0]} ended with {job.returncode}')
    return killed


def table(folder):
    rows = pq.read_table(folder).sort_by('id')
    return rows.combine_chunks()


def matrix(rows, column):
    return np.array(rows[column].to_pylist(), dtype=np.float32)


def test_images():
    with gzip.open(HOME / 'mnist/t10k-images-idx3-ubyte.gz') as file:
        return np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)


def python_codes(model, images):
    with tf1.Graph().as_default(), tf1.Session() as session:
        loaded = tf1.saved_model.loader.load(session, ['serve'], str(model))
        encode = loaded.signature_def['encode']
        names = [encode.outputs[key].name for key in ('z_mean', 'z_std')]
        return session.run(names, {encode.inputs['image'].name: images.astype(np.float32) / 255})


def check_encoded(checks, work, model):
    out = work / 'codes'
    run(2, 'encode', '--saved-model', model, '--format', 'idx', '--out', out,
        '--input', HOME / 'mnist/t10k-images-idx3-ubyte.gz', '--labels', HOME / 'mnist/t10k-labels-idx1-ubyte.gz')
    rows = table(out)
    images = test_images()
    mean, std = python_codes(model, images)
    checks.equal('ids', list(range(10_000)), rows['id'].to_pylist())
    checks.close('z_mean, Spark and Python TensorFlow', mean, matrix(rows, 'z_mean'))
    checks.close('z_std, Spark and Python TensorFlow', std, matrix(rows, 'z_std'))
    subprocess.run([HOME / 'scripts/vae', 'encode', '--saved-model', model, '--mnist', HOME / 'mnist', '--csv',
                    work / 'codes.csv', '--out', work / 'codes.png'], check=True)
    csv = np.loadtxt(work / 'codes.csv', delimiter=',', skiprows=1, dtype=np.float32)
    latent = mean.shape[1]
    checks.close('z_mean, Spark and encode on one machine', csv[:, :latent], matrix(rows, 'z_mean'))
    checks.close('z_std, Spark and encode on one machine', csv[:, latent:2 * latent], matrix(rows, 'z_std'))
    checks.equal('labels', csv[:, -1].astype(int).tolist(), rows['label'].to_pylist())
    return rows, images


def check_parquet(checks, work, model, known, images):
    """A table of pyarrow's in another order, two bad rows among it."""
    order = np.random.default_rng(1).permutation(len(images))
    pixels = [images[i].tobytes() for i in order]
    pixels[100], pixels[5000] = None, b'short'
    pq.write_table(pa.table({'id': order, 'image': pa.array(pixels, pa.binary())}), work / 'images.parquet',
                   row_group_size=1000)
    run(2, 'encode', '--saved-model', model, '--input', work / 'images.parquet', '--out', work / 'shuffled')
    bad = set(order[[100, 5000]].tolist())
    kept = known.filter(pa.array([i not in bad for i in range(len(images))]))
    found = table(work / 'shuffled')
    for column in ('id', 'z_mean', 'z_std'):
        checks.equal(f'{column}, to the bit, in another order and other batches', True,
                     kept[column].equals(found[column]))
    rejected = table(work / 'shuffled-rejected')
    checks.equal('rejected', sorted(bad), rejected['id'].to_pylist())


def check_killed(checks, work, model, count, kills, more):
    tasks = count // 100_000 + 1
    job = ['generate', '--saved-model', model, '--count', count, *more]
    run(2, *job, '--out', work / 'undisturbed')
    killed = run_killing(kills, tasks, work / 'disturbed', *job, '--out', work / 'disturbed')
    checks.equal('executors killed', kills, killed)
    before, after = table(work / 'undisturbed'), table(work / 'disturbed')
    checks.equal(f'{count:,} rows without a gap or a double', True,
                 after['id'].equals(pa.chunked_array([pa.array(range(count))])))
    checks.equal('undisturbed and killed, byte for byte after sorting', True, before.equals(after))
    left = [path.name for path in work.iterdir() if 'staging' in path.name]
    checks.equal('left behind', [], left)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('model', type=pathlib.Path, help="a SavedModel's folder of our own")
    parser.add_argument('--count', type=int, default=1_000_000, help='rows to generate')
    parser.add_argument('--kills', type=int, default=3)
    parser.add_argument('--images', action='store_true', help='generate images too, not labels alone')
    parser.add_argument('--work', type=pathlib.Path, help='where to write (default: a temporary folder)')
    given = parser.parse_args()
    model = given.model.resolve()
    checks = Checks(1e-5)
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        work = pathlib.Path(folder)
        known, images = check_encoded(checks, work, model)
        check_parquet(checks, work, model, known, images)
        check_killed(checks, work, model, given.count, given.kills, [] if given.images else ['--labels-only'])
    return checks.exit_code()


if __name__ == '__main__':
    sys.exit(main())
