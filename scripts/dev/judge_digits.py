"""Judges what models generate with a classifier that knows none of them.

A small convolutional network is trained on MNIST's 60,000 training images, and must be right on
98 % of the test images (of other images: 88 %). Then each model draws a hundred z's of each digit,
`generate --digit D`, and the classifier tells how many of the images it takes for what they should
be. A digit that `generate` declares unsure is left out of the average. The map is judged at a
thousand draws of the prior: where the model says that something lives, is it what the classifier sees?

Exit code: 0 judged; 1 the classifier is not good enough; 2 usage; 3 a model or file is missing or corrupt.
"""
import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')  # read when TensorFlow is imported

import numpy as np
import tensorflow as tf

ROOT = Path(__file__).resolve().parents[2]
LEAST_ACCURACY = {True: 0.98, False: 0.88}  # of MNIST, of other images
EPOCHS = 3
COUNT = 100
MAP_DRAWS = 1000


def idx(path, header):
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=header)


def images(mnist, name):
    return idx(mnist / f'{name}-images-idx3-ubyte.gz', 16).reshape(-1, 28, 28, 1) / np.float32(255)


def labels(mnist, name):
    return idx(mnist / f'{name}-labels-idx1-ubyte.gz', 8)


def train(mnist):
    layers = tf.keras.layers
    network = tf.keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(16, 5, strides=2, activation='relu'),
        layers.Conv2D(32, 3, strides=2, activation='relu'),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(128, activation='relu'),
        layers.Dense(10),
    ])
    network.compile('adam', tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                    metrics=['accuracy'])
    network.fit(images(mnist, 'train'), labels(mnist, 'train'), batch_size=128, epochs=EPOCHS,
                verbose=0)
    _, accuracy = network.evaluate(images(mnist, 't10k'), labels(mnist, 't10k'), verbose=0)
    return network, accuracy


def vae(*arguments):
    """Runs a command of ours; what it wrote to standard output and to standard error."""
    done = subprocess.run([ROOT / 'scripts' / 'vae', *arguments], capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip())
    return done.stdout, done.stderr


def generated(model, folder, *options):
    """The images of `generate`, [count, pixels], and whether it was sure of them."""
    csv = folder / 'images.csv'
    _, errors = vae('generate', '--saved-model', model, '--csv', csv, '--out', folder / 'x.png', *options)
    return np.loadtxt(csv, delimiter=',', ndmin=2), 'warning: unsure' not in errors


def seen(network, rows):
    return network.predict(rows.reshape(-1, 28, 28, 1), verbose=0).argmax(1)


def judged(model, network, folder):
    """Shares of each digit that are right, the digits declared unsure, and how far the map is right."""
    shares, unsure, wrong = [], [], []
    for digit in range(10):
        rows, sure = generated(model, folder, '--digit', str(digit), '--count', str(COUNT))
        taken = seen(network, rows)
        shares.append(float(np.mean(taken == digit)))
        if not sure:
            unsure.append(digit)
        if shares[-1] < 1:
            others = {int(other): int(np.sum(taken == other)) for other in set(taken) - {digit}}
            wrong.append(f'{digit} ({100 * shares[-1]:.0f} %; {others})')
    z = np.random.default_rng(1).standard_normal((MAP_DRAWS, 2)).astype(np.float32)
    points = [f'--z={a:.6f},{b:.6f}' for a, b in z]
    rows, _ = generated(model, folder, *points)
    lines, _ = vae('what-is', '--saved-model', model, '--mnist', folder, '--json', *points)
    places = [json.loads(line) for line in lines.splitlines()]
    lived = np.array([place['q_over_prior'] >= 0.05 for place in places])
    colours = np.array([place['label'] for place in places])
    return shares, unsure, wrong, float(np.mean(colours[lived] == seen(network, rows)[lived]))


def main():
    parser = argparse.ArgumentParser(description='Judges generated digits.')
    parser.add_argument('models', nargs='*', default=['saved_model'], metavar='MODEL')
    parser.add_argument('--mnist', type=Path, default=ROOT / 'mnist')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    tf.keras.utils.set_random_seed(args.seed)
    try:
        network, accuracy = train(args.mnist)
        print(f'classifier: {100 * accuracy:.2f} % of the test images right', flush=True)
        if accuracy < LEAST_ACCURACY[args.mnist == ROOT / 'mnist']:
            return 1
        averages, worst, maps, unsures = [], [], [], 0
        for model in args.models:
            with tempfile.TemporaryDirectory() as folder:
                shares, unsure, wrong, agreed = judged(model, network, Path(folder))
            sure = [share for digit, share in enumerate(shares) if digit not in unsure]
            averages.append(np.mean(sure))
            worst.append(min(sure))
            maps.append(agreed)
            unsures += len(unsure)
            print(f'{model}: {100 * averages[-1]:.1f} % on average, the worst digit {100 * worst[-1]:.0f} %,'
                  f' unsure {unsure or "none"}, the map {100 * agreed:.1f} %'
                  + (f'; not all right: {", ".join(wrong)}' if wrong else ''), flush=True)
    except (OSError, EOFError, ValueError) as error:
        print(error, file=sys.stderr)
        return 3
    if len(args.models) > 1:
        print(f'{len(args.models)} models: {100 * np.mean(averages):.2f} % on average'
              f' ({100 * min(averages):.1f} to {100 * max(averages):.1f} %), the worst digit of any'
              f' {100 * min(worst):.0f} %, {unsures} of {10 * len(args.models)} digits unsure, the map'
              f' {100 * np.mean(maps):.1f} % ({100 * min(maps):.1f} to {100 * max(maps):.1f} %)')
    return 0


if __name__ == '__main__':
    sys.exit(main())
