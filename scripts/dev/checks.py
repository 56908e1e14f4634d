"""What the scripts that check the Java program's models share: checks that print, and TF1's words.
"""
import itertools
import os
import sys

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')  # read when TensorFlow is imported

import numpy as np
import tensorflow as tf

tf.get_logger().setLevel('ERROR')
tf1 = tf.compat.v1


class Checks:
    """Prints a line for each check and remembers those that failed."""

    def __init__(self, tolerance):
        self.tolerance = tolerance
        self.passed = 0
        self.failed = []

    def report(self, name, passed, detail):
        print(f'{"ok    " if passed else "FAILED"} {name}: {detail}', flush=True)
        if passed:
            self.passed += 1
        else:
            self.failed.append(name)

    def equal(self, name, expected, found):
        if expected == found:
            self.report(name, True, 'as expected')
            return
        if isinstance(expected, list):  # of a long list, the first difference
            pairs = itertools.zip_longest(expected, found)
            expected, found = next(pair for pair in pairs if pair[0] != pair[1])
        self.report(name, False, f'expected {expected}, found {found}')

    def close(self, name, expected, found):
        if expected.shape != found.shape:
            self.report(name, False, f'expected shape {expected.shape}, found {found.shape}')
            return
        largest = np.max(np.abs(expected - found))
        self.report(name, bool(largest <= self.tolerance), f'largest difference {largest:.2g}')

    def error(self, name, error):
        self.report(name, False, f'expected no error, found {type(error).__name__}: {error}')

    def exit_code(self):
        """Prints the last line and returns the program's exit code."""
        if self.failed:
            print(f'{len(self.failed)} checks failed: {"; ".join(self.failed)}', file=sys.stderr)
            return 1
        print(f'{self.passed} checks passed')
        return 0


def one_thread():
    """The settings of a session that adds in one order: Java's sums, and the same at every run."""
    return tf1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)


def first_session():
    """Runs a session with standard error shut: the first one logs, whatever the level says.

    It also makes the threads that all later sessions of the process use, whatever theirs ask for.
    """
    sys.stderr.flush()
    stderr = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        with tf1.Graph().as_default(), tf1.Session(config=one_thread()) as sess:
            sess.run(tf.constant(0))
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(null)


def read_csv(path):
    """Reads comma-separated numbers, [rows, columns]."""
    if not path.is_file() or path.stat().st_size == 0:
        raise ValueError(f'{path}: expected comma-separated numbers, found nothing')
    try:
        return np.loadtxt(path, dtype=np.float32, delimiter=',', ndmin=2)
    except ValueError as error:
        reason = str(error).split(';')[0]
        raise ValueError(f'{path}: expected comma-separated numbers, found: {reason}') from None


def variable_shapes(pixels, hidden, latent):
    """The shapes of Variable to Variable_9: five weights, then five biases."""
    return [(pixels, hidden), (hidden, latent), (hidden, latent), (latent, hidden),
            (hidden, pixels), (hidden,), (latent,), (latent,), (hidden,), (pixels,)]


def listing(shapes, suffixes):
    """The lines that the tutorial prints for variables, or for their slots by suffix."""
    names = ['Variable'] + [f'Variable_{i}' for i in range(1, len(shapes))]
    return [f"<tf.Variable '{name}{suffix}:0' shape={shape} dtype=float32_ref>"
            for name, shape in zip(names, shapes) for suffix in suffixes]
