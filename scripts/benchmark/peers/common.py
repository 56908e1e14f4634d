"""What the peers share: MNIST and the order of its images, the initial values, the three tasks.

A peer is a class that is made of (images, batch, seed) and has

    steps(indices)  takes a step for each row of indices, [steps, batch]; returns the last loss,
                    which float() waits for
    save(folder)    saves the model in the library's usual form
    decode(z)       [n, 2] to [n, 784], from and to NumPy's float32
    encode(x)       [n, 784] to z_mean and z_std, [n, 2] each; z_std is the log-variance

main() runs a task with it and prints the task's result as one line of JSON, the last of stdout.
Nothing but NumPy is imported here: main() sets the threads before the peer imports its library.
"""
import argparse
import gzip
import json
import math
import sys
import time
from pathlib import Path

import numpy as np

PIXELS, HIDDEN, LATENT = 784, 512, 2
LEARNING_RATE, DECAY, EPSILON = 1e-3, 0.9, 1e-10  # RMSProp; epsilon is inside the square root
JOB_BATCH, LOG_EVERY = 64, 1000


def read_images(folder, name):
    """Reads a gzipped IDX file of images as bytes, [count, 784]."""
    data = gzip.decompress((Path(folder) / name).read_bytes())
    return np.frombuffer(data, np.uint8, offset=16).reshape(-1, PIXELS)


def train_images(folder):
    return read_images(folder, 'train-images-idx3-ubyte.gz')


def test_pixels(folder):
    """The 10,000 test images as float32 in 0..1."""
    return read_images(folder, 't10k-images-idx3-ubyte.gz').astype(np.float32) / np.float32(255)


def mini_batches(count, batch, seed):
    """Yields the indices of batches without end, in a new order each time round."""
    random = np.random.default_rng(seed)
    while True:
        order = random.permutation(count).astype(np.int32)
        for start in range(0, count - batch + 1, batch):
            yield order[start:start + batch]


def initial_values(seed):
    """The ten parameters: normal, with the tutorial's deviation, 1 / sqrt(shape[0] / 2)."""
    random = np.random.default_rng(seed)
    shapes = {'encoder_w': (PIXELS, HIDDEN), 'mean_w': (HIDDEN, LATENT), 'std_w': (HIDDEN, LATENT),
              'decoder_w': (LATENT, HIDDEN), 'out_w': (HIDDEN, PIXELS),
              'encoder_b': (HIDDEN,), 'mean_b': (LATENT,), 'std_b': (LATENT,),
              'decoder_b': (HIDDEN,), 'out_b': (PIXELS,)}
    return {name: random.normal(0, 1 / math.sqrt(shape[0] / 2), shape).astype(np.float32)
            for name, shape in shapes.items()}


class Training:
    """Drives a peer, per_call steps at a time."""

    def __init__(self, make, images, batch, seed, per_call):
        self.peer = make(images, batch, seed)
        self.batches = mini_batches(len(images), batch, seed)
        self.per_call = per_call

    def take(self, calls):
        """Returns the last loss, on the host."""
        for _ in range(calls):
            loss = self.peer.steps(np.stack([next(self.batches) for _ in range(self.per_call)]))
        return float(loss)


def train(args, make, per_call):
    # No more steps a call than are measured; the warm-up is rounded up to whole calls.
    per_call = min(per_call, args.steps)
    training = Training(make, train_images(args.data), args.batch, args.seed, per_call)
    training.take(1)
    first_step = time.time()
    training.take(max(1, math.ceil(args.warmup / per_call) - 1))
    calls = math.ceil(args.steps / per_call)
    started = time.perf_counter()
    loss = training.take(calls)
    seconds = time.perf_counter() - started
    return {'first_step': first_step, 'steps_per_s': calls * per_call / seconds, 'loss': loss}


def job(args, make, per_call):
    per_call = min(per_call, LOG_EVERY, args.steps)
    calls = math.ceil(args.steps / per_call)
    calls_a_log = LOG_EVERY // per_call
    training = Training(make, train_images(args.data), JOB_BATCH, args.seed, per_call)
    losses = [training.take(min(calls_a_log, calls - done))
              for done in range(0, calls, calls_a_log)]
    args.out.mkdir(parents=True, exist_ok=True)
    training.peer.save(args.out)
    return {'loss': mean_of_last_ten(losses)}


def mean_of_last_ten(losses):
    return float(np.mean(losses[-10:]))


def infer(args, make, per_call):
    random = np.random.default_rng(1)
    peer = make(np.zeros((1, PIXELS), np.uint8), 1, 1)  # random weights: the values don't matter
    one = random.normal(size=(3300, 1, LATENT)).astype(np.float32)
    micros = np.array([seconds(peer.decode, z) for z in one][300:]) * 1e6
    many = random.normal(size=(10000, LATENT)).astype(np.float32)
    return {'one_p50_us': float(np.percentile(micros, 50)),
            'one_p99_us': float(np.percentile(micros, 99)),
            'decode400_per_s': per_second(peer.decode, many[:400], 41),
            'decode10000_per_s': per_second(peer.decode, many, 9),
            'encode10000_per_s': per_second(peer.encode, test_pixels(args.data), 9)}


def seconds(function, values):
    started = time.perf_counter()
    function(values)
    return time.perf_counter() - started


def per_second(function, values, calls):
    """Images a second: the median of the calls, after two that aren't counted."""
    taken = [seconds(function, values) for _ in range(calls + 2)][2:]
    return len(values) / float(np.median(taken))


def positive(text):
    """An argument type: a whole number from 1 on."""
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f'expected 1 or more, found {text}')
    return int(text)


def threads(text):
    """An argument type: None for auto, otherwise a number."""
    return None if text == 'auto' else positive(text)


def arguments(description, add_options=None):
    parser = argparse.ArgumentParser(description=description)
    if add_options:
        add_options(parser)
    tasks = parser.add_subparsers(dest='task', required=True)
    training, whole, inference = (tasks.add_parser(name) for name in ('train', 'job', 'infer'))
    for task in (training, whole, inference):
        task.add_argument('--data', type=Path, required=True, metavar='DIR')
        task.add_argument('--threads', type=threads, metavar='auto|T')
    for task in (training, whole):
        task.add_argument('--steps', type=positive, required=True)
        task.add_argument('--seed', type=int, default=1)
    training.add_argument('--batch', type=positive, default=64)
    training.add_argument('--warmup', type=positive, default=200)
    whole.add_argument('--out', type=Path, required=True, metavar='DIR')
    return parser.parse_args()


def main(description, peer, add_options=None, per_call=1, tasks=None):
    """Runs the task that the command line asks for.

    peer(args) imports the library, with args.threads (None: as the library does by itself), and
    returns the peer's class. tasks replaces train and job where a library has a loop of its own.
    """
    args = arguments(description, add_options)
    task = {'train': train, 'job': job, 'infer': infer, **(tasks or {})}[args.task]
    try:
        result = task(args, peer(args), getattr(args, 'steps_per_call', per_call))
    except FileNotFoundError as error:
        print(f'{error.filename}: expected a file, found none', file=sys.stderr)
        sys.exit(3)
    print(json.dumps({'task': args.task, **result}), flush=True)
