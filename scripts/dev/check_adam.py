"""Checks that TF1's own Adam goes on from a Java checkpoint as Java itself does.

FOLDER holds the checkpoints `before` and `after` of a training by Adam of the tutorial's graph, and
the batches and noise of the steps between them, x.f32 and epsilon.f32. The graph is built anew here
with tf.train.AdamOptimizer, whose Saver must find each of its variables, and takes the same steps.

Exit code: 0 all checks passed; 1 some failed; 2 usage.
"""
import argparse
import sys
from pathlib import Path

import numpy as np

from checks import Checks
from tutorial_tf1 import build_vae, tf

TOLERANCE = 1e-5  # of an array's largest entry


def main():
    parser = argparse.ArgumentParser(description='Checks Adam against TF1\'s own.')
    parser.add_argument('folder', type=Path)
    parser.add_argument('--shape', type=int, nargs=3, required=True, metavar='N',
                        help='input, hidden and latent size')
    parser.add_argument('--batch-size', type=int, required=True)
    parser.add_argument('--learning-rate', type=float, required=True)
    args = parser.parse_args()
    size, _, latent = args.shape
    x = np.fromfile(args.folder / 'x.f32', '<f4').reshape(-1, args.batch_size, size)
    epsilon = np.fromfile(args.folder / 'epsilon.f32', '<f4').reshape(-1, args.batch_size, latent)

    checks = Checks(TOLERANCE)
    vae = build_vae(*args.shape, args.learning_rate, tf.train.AdamOptimizer)
    expected = tf.train.load_checkpoint(str(args.folder / 'after'))
    names = [variable.op.name for variable in tf.global_variables()]
    checks.equal('variables', sorted(names), sorted(expected.get_variable_to_shape_map()))
    with tf.Session() as sess:
        tf.train.Saver().restore(sess, str(args.folder / 'before'))
        for batch, noise in zip(x, epsilon):
            sess.run(vae.train_op, {vae.X: batch, vae.epsilon: noise})
        for name, found in zip(names, sess.run(tf.global_variables())):
            wanted = expected.get_tensor(name)
            difference = float(np.max(np.abs(wanted - found)) / np.max(np.abs(wanted)))
            checks.report(name, difference <= TOLERANCE, f'differs by {difference:.1e}')
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
