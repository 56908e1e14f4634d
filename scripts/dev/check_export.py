"""Checks that the post's own test program reads what the Java program's export-meta wrote.

FOLDER is a working directory with VAE_mnist_model/VAE_mnist.* and VAE_mnist_model/checkpoint, and
VALUES holds generated.csv: what Java's decoder gave for the post's points [3,3], [0,0], [0,5], an
image a line. tutorial_test.py is run in FOLDER; what it prints must be what the post shows, and
what it decodes must be Java's. Then training goes on in Python from the same files, and its result
is saved in FOLDER/again/ and restored.

Exit code: 0 all checks passed; 1 some failed; 2 usage; 3 FOLDER or VALUES is incomplete, or a file
of MNIST is missing or corrupt.
"""
import argparse
import ast
import contextlib
import gzip
import io
import itertools
import os
import runpy
import sys
import warnings
from pathlib import Path

os.environ['MPLBACKEND'] = 'Agg'  # plt.show() opens no window; read when matplotlib is imported

import numpy as np

from checks import Checks, first_session, listing, read_csv, variable_shapes
from tutorial_tf1 import TRAIN_IMAGES, mini_batches, read_images, tf

TRAIN_LABELS = 'train-labels-idx1-ubyte.gz'
PROGRAM = Path(__file__).resolve().parent / 'tutorial_test.py'
PREFIX = './VAE_mnist_model/VAE_mnist'
AGAIN = './again/VAE_mnist'
POINTS = [[3, 3], [0, 0], [0, 5]]

# What the post prints, from its first line to its last. The keys are compared sorted: TensorFlow 2
# names trainable_variables first, the post's TensorFlow last but one.
KEYS = ['queue_runners', 'recon', 'summaries', 'train_op', 'trainable_variables', 'variables']
KEYS_WITHOUT_QUEUES = ['recon', 'train_op', 'trainable_variables', 'variables']
SHAPES = variable_shapes(784, 512, 2)
TRAINABLE = listing(SHAPES, [''])
EVERY = TRAINABLE + listing(SHAPES, ['/RMSProp', '/RMSProp_1'])

# Training goes on for BATCHES batches, ROUNDS times round: on the same few batches the loss falls
# even where training had come to its end.
BATCHES, ROUNDS = 5, 40
STOP_SECONDS = 20  # for the threads of the graph's queues


def check_program(keys, generated, checks):
    """Runs the post's test program; compares what it prints and decodes."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter('ignore')  # that Agg can't show
        program = runpy.run_path(str(PROGRAM))
    with program['sess'] as sess:
        lines = printed.getvalue().splitlines()
        for line in lines:
            print(line)
        checks.equal('the post\'s program, collection keys',
                     keys, sorted(ast.literal_eval(lines[0])))
        checks.equal('the post\'s program, 10 lines of trainable_variables', TRAINABLE, lines[1:11])
        checks.equal('the post\'s program, 30 lines of variables', EVERY, lines[11:41])
        checks.equal('the post\'s program, shapes of the weights',
                     [str(shape) for shape in SHAPES], lines[41:])

        drawn = np.reshape(program['gen_img'], [1, 784]) / np.float32(255)
        checks.close('the post\'s program, the image it draws', generated[:1], drawn)
        for point, expected in zip(POINTS, generated):
            found = sess.run(program['decoder'], feed_dict={program['noise_input']: [point]})
            checks.close(f'the post\'s program, decoder of {point}', expected, found[0])
    found = tf.train.latest_checkpoint(os.path.dirname(PREFIX))
    checks.equal('latest_checkpoint', os.path.abspath(PREFIX), found and os.path.abspath(found))


def check_training(mnist, checks):
    """Goes on training from the same files, saves the result and restores it."""
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        saver = tf.train.import_meta_graph(PREFIX + '.meta')
        saver.restore(sess, PREFIX)
        queues = graph.get_collection('queue_runners')
        batches = queued_batches(sess, mnist, checks) if queues else fed_batches(mnist)
        losses = train(sess, batches)
        first, last = np.mean(losses[:BATCHES]), np.mean(losses[-BATCHES:])
        checks.report(f'training goes on, images from {"the queues" if queues else mnist.name}',
                      bool(last < first), f'loss {first:.1f} to {last:.1f} in {len(losses)} steps')

        os.makedirs(os.path.dirname(AGAIN), exist_ok=True)
        saver.save(sess, AGAIN)
        saved = sess.run(named_variables(graph))
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        tf.train.import_meta_graph(AGAIN + '.meta').restore(sess, AGAIN)
        restored = sess.run(named_variables(graph))
    checks.equal('saved again, names', sorted(saved), sorted(restored))
    different = [name for name in saved if not np.array_equal(saved[name], restored[name])]
    checks.equal('saved again, variables that differ', [], different)


def named_variables(graph):
    return {variable.op.name: variable for variable in graph.get_collection('variables')}


def queued_batches(sess, mnist, checks):
    """The first batches of the graph's own queues, read by Python's threads; checks what they are."""
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess=sess, coord=coord)
    try:
        batches = [sess.run(['batch:0', 'one_hot:0']) for _ in range(BATCHES)]
    finally:
        coord.request_stop()
        coord.join(threads, stop_grace_period_secs=STOP_SECONDS)
    known = labels_by_image(mnist)
    images, one_hots = (np.concatenate(parts) for parts in zip(*batches))
    wrong = sum(not (known.get(image.tobytes()) == np.argmax(one_hot) and sum(one_hot) == 1)
                for image, one_hot in zip(images, one_hots))
    checks.equal(f'{len(images)} images of the queues that are not MNIST\'s to the bit, '
                 'or have another label', 0, wrong)
    return [batch for batch, _ in batches]


def labels_by_image(mnist):
    """The labels of MNIST's training images by their pixels, as the model is fed them."""
    images = read_images(mnist / TRAIN_IMAGES).astype(np.float32) / np.float32(255)
    labels = gzip.decompress((mnist / TRAIN_LABELS).read_bytes())[8:]  # after the IDX header
    return {image.tobytes(): label for image, label in zip(images, labels)}


def fed_batches(mnist):
    return list(itertools.islice(mini_batches(read_images(mnist / TRAIN_IMAGES), 64, 1), BATCHES))


def train(sess, batches):
    """Takes ROUNDS steps on each batch, in turns; returns the losses.

    Each batch keeps its noise: what fresh noise does to a loss is more than some steps may do.
    """
    train_op = sess.graph.get_collection('train_op')[0]
    latent = sess.graph.get_tensor_by_name('epsilon:0').shape[1].value
    random = np.random.default_rng(1)
    feeds = [{'X:0': batch, 'epsilon:0': random.normal(size=[len(batch), latent])}
             for batch in batches]
    return [sess.run([train_op, 'loss:0'], feed_dict=feed)[1]
            for _ in range(ROUNDS) for feed in feeds]


def read_folder(folder, values):
    """Sees that nothing is missing; returns what Java generated."""
    for suffix in ('.meta', '.index'):
        path = folder / (PREFIX + suffix)
        if not path.is_file():
            raise ValueError(f'{path}: expected a file of a TF1 checkpoint, found none')
    generated = read_csv(values / 'generated.csv')
    if generated.shape != (len(POINTS), 784):
        raise ValueError(f'{values / "generated.csv"}: expected {len(POINTS)} rows of 784, '
                         f'found {generated.shape[0]} of {generated.shape[1]}')
    return generated


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder', type=Path, metavar='FOLDER')
    parser.add_argument('values', type=Path, metavar='VALUES')
    parser.add_argument('--keys', type=int, choices=[4, 6], default=6,
                        help='collections expected: the post\'s 6, or the 4 of a model without '
                             'queues (default: 6)')
    parser.add_argument('--mnist', type=Path, metavar='DIR', help='folder of the four .gz files',
                        default=Path(__file__).resolve().parents[2] / 'mnist')
    parser.add_argument('--tolerance', type=float, default=1e-5, help='absolute (default: 1e-5)')
    args = parser.parse_args()
    mnist = args.mnist.resolve()
    keys = KEYS if args.keys == 6 else KEYS_WITHOUT_QUEUES
    try:
        generated = read_folder(args.folder, args.values)
        for name in (TRAIN_IMAGES, TRAIN_LABELS):
            if not (mnist / name).is_file():
                raise ValueError(f'{mnist / name}: expected a gzipped IDX file, found no file')
    except ValueError as error:
        print(error, file=sys.stderr)
        return 3

    os.chdir(args.folder)  # the post's paths are relative
    first_session()
    checks = Checks(args.tolerance)
    for name, check in (('the post\'s program', lambda: check_program(keys, generated, checks)),
                        ('training goes on', lambda: check_training(mnist, checks))):
        try:
            check()
        except Exception as error:  # the rest still runs
            checks.error(name, error)
    return checks.exit_code()


if __name__ == '__main__':
    sys.exit(main())
