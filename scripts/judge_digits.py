"""Judges generated digits with a classifier that knows nothing of the VAE.

A small convolutional network is trained on MNIST's 60,000 training images, and must be right on
98 % of the test images. It then looks at FOLDER/digit-0.csv … digit-9.csv, as `generate --digit D
--csv` writes them, an image a line, and tells how many of each it takes for what they should be.

Exit code: 0 judged; 1 the classifier is not good enough; 2 usage; 3 a file is missing or corrupt.
"""
import argparse
import gzip
import os
import sys
from pathlib import Path

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')  # read when TensorFlow is imported

import numpy as np
import tensorflow as tf

LEAST_ACCURACY = 0.98
EPOCHS = 3


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


def main():
    parser = argparse.ArgumentParser(description='Judges generated digits.')
    parser.add_argument('folder', type=Path)
    parser.add_argument('--mnist', type=Path, default=Path(__file__).resolve().parent.parent / 'mnist')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    tf.keras.utils.set_random_seed(args.seed)
    try:
        digits = [np.loadtxt(args.folder / f'digit-{digit}.csv', delimiter=',', ndmin=2)
                  for digit in range(10)]
        network, accuracy = train(args.mnist)
    except (OSError, EOFError, ValueError) as error:
        print(error, file=sys.stderr)
        return 3
    print(f'classifier: {100 * accuracy:.2f} % of the test images right')
    if accuracy < LEAST_ACCURACY:
        return 1
    shares = []
    for digit, rows in enumerate(digits):
        taken = network.predict(rows.reshape(-1, 28, 28, 1), verbose=0).argmax(1)
        shares.append(float(np.mean(taken == digit)))
        wrong = {int(other): int(np.sum(taken == other)) for other in set(taken) - {digit}}
        print(f'{digit}: {100 * shares[-1]:5.1f} % of {len(rows)}'
              + (f', taken for {wrong}' if wrong else ''))
    print(f'on average {100 * np.mean(shares):.1f} %, the worst digit {100 * min(shares):.1f} %')
    return 0


if __name__ == '__main__':
    sys.exit(main())
