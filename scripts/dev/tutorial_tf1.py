"""The tutorial's training program in Python TF1: what the Java program is measured against.

The model and its training are the tutorial's, with its names; only the reading of images differs
(the MNIST files themselves, not a list of PNGs). `build_vae` is also what make_golden.py takes its
reference values from.
"""
import argparse
import gzip
import os
import struct
import sys
import time
import zlib
from pathlib import Path
from typing import List, NamedTuple, Tuple

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')  # read when TensorFlow is imported

import numpy as np
import tensorflow.compat.v1 as tf

tf.logging.set_verbosity(tf.logging.ERROR)  # no deprecation warnings: TF1 is the point
tf.disable_v2_behavior()

TRAIN_IMAGES = 'train-images-idx3-ubyte.gz'
IDX_IMAGES = 2051  # the magic number of an IDX file of images


class Vae(NamedTuple):
    """The tensors and operations of one model, by the tutorial's names."""
    X: tf.Tensor            # [batch, num_input], pixels in 0..1
    z_mean: tf.Tensor       # [batch, latent_dim]
    z_std: tf.Tensor        # [batch, latent_dim]: the log-variance, the tutorial's name for it
    epsilon: tf.Tensor      # [batch, latent_dim]: the sampler's noise; can be fed
    z: tf.Tensor            # [batch, latent_dim]: the sampler's result
    logits: tf.Tensor       # [batch, num_input]: recon before its sigmoid
    recon: tf.Tensor        # [batch, num_input]
    loss: tf.Tensor         # scalar, nats an image
    grads_and_vars: List[Tuple[tf.Tensor, tf.Variable]]
    train_op: tf.Operation
    noise_input: tf.Tensor  # [batch, latent_dim]
    generate: tf.Tensor     # [batch, num_input]: the decoder of noise_input


def glorot_init(shape):
    return tf.random_normal(shape=shape, stddev=1. / tf.sqrt(shape[0] / 2.0))


def encoder(x, weights, biases):
    encoder = tf.matmul(x, weights['encoder_h1']) + biases['encoder_b1']
    encoder = tf.nn.tanh(encoder)
    z_mean = tf.matmul(encoder, weights['z_mean']) + biases['z_mean']
    z_std = tf.matmul(encoder, weights['z_std']) + biases['z_std']
    return z_mean, z_std


def sampler(z_mean, z_std):
    """Returns z and the noise it was made with, the tensor `epsilon:0`."""
    eps = tf.random_normal(tf.shape(z_std), dtype=tf.float32, mean=0, stddev=1.0, name='epsilon')
    return z_mean + tf.exp(z_std / 2) * eps, eps


def decoder(x, weights, biases):
    """Returns the image and its logits."""
    decoder = tf.matmul(x, weights['decoder_h1']) + biases['decoder_b1']
    decoder = tf.nn.tanh(decoder)
    logits = tf.matmul(decoder, weights['decoder_out']) + biases['decoder_out']
    return tf.nn.sigmoid(logits), logits


def vae_loss(x_reconstructed, x_true, z_mean, z_std):
    encode_decode_loss = x_true * tf.log(1e-10 + x_reconstructed) \
        + (1 - x_true) * tf.log(1e-10 + 1 - x_reconstructed)
    encode_decode_loss = -tf.reduce_sum(encode_decode_loss, 1)
    kl_div_loss = 1 + z_std - tf.square(z_mean) - tf.exp(z_std)
    kl_div_loss = -0.5 * tf.reduce_sum(kl_div_loss, 1)
    return tf.reduce_mean(encode_decode_loss + kl_div_loss)


def build_vae(num_input, hidden_dim, latent_dim, learning_rate,
              optimizer=tf.train.RMSPropOptimizer):
    """Builds the tutorial's model in the default graph, which should be empty.

    The order of the variables is the tutorial's, and TF1 names them by it: Variable ... Variable_9.
    """
    weights = {
        'encoder_h1': tf.Variable(glorot_init([num_input, hidden_dim])),
        'z_mean': tf.Variable(glorot_init([hidden_dim, latent_dim])),
        'z_std': tf.Variable(glorot_init([hidden_dim, latent_dim])),
        'decoder_h1': tf.Variable(glorot_init([latent_dim, hidden_dim])),
        'decoder_out': tf.Variable(glorot_init([hidden_dim, num_input])),
    }
    biases = {
        'encoder_b1': tf.Variable(glorot_init([hidden_dim])),
        'z_mean': tf.Variable(glorot_init([latent_dim])),
        'z_std': tf.Variable(glorot_init([latent_dim])),
        'decoder_b1': tf.Variable(glorot_init([hidden_dim])),
        'decoder_out': tf.Variable(glorot_init([num_input])),
    }

    X = tf.placeholder(tf.float32, shape=[None, num_input], name='X')
    z_mean, z_std = encoder(X, weights, biases)
    sample_latent, epsilon = sampler(z_mean, z_std)
    recon, logits = decoder(sample_latent, weights, biases)
    tf.add_to_collection('recon', recon)

    loss = vae_loss(recon, X, z_mean, z_std)
    optimizer = optimizer(learning_rate=learning_rate)
    grads_and_vars = optimizer.compute_gradients(loss)
    train_op = optimizer.apply_gradients(grads_and_vars)  # the two halves of minimize()

    noise_input = tf.placeholder(tf.float32, shape=[None, latent_dim], name='noise_input')
    generate, _ = decoder(noise_input, weights, biases)
    return Vae(X=X, z_mean=z_mean, z_std=z_std, epsilon=epsilon, z=sample_latent, logits=logits,
               recon=recon, loss=loss, grads_and_vars=grads_and_vars, train_op=train_op,
               noise_input=noise_input, generate=generate)


def read_images(path):
    """Reads a gzipped IDX file of images as bytes, [count, rows * columns]."""
    try:
        data = gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise ValueError(f'{path}: expected a gzipped IDX file of images, found no file') from None
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f'{path}: expected a gzipped IDX file, found: {error}') from None
    if len(data) < 16 or struct.unpack_from('>I', data)[0] != IDX_IMAGES:
        raise ValueError(f'{path}: expected an IDX file of images (magic number {IDX_IMAGES}), '
                         f'found {data[:4].hex() or "no data"}')
    count, rows, columns = struct.unpack_from('>III', data, 4)
    if len(data) != 16 + count * rows * columns:
        raise ValueError(f'{path}: expected {16 + count * rows * columns} bytes for {count} images '
                         f'of {rows}x{columns}, found {len(data)}')
    return np.frombuffer(data, np.uint8, offset=16).reshape(count, rows * columns)


def mini_batches(images, batch_size, seed):
    """Yields batches of pixels in 0..1 without end, in a new order each time round."""
    random = np.random.default_rng(seed)
    while True:
        order = random.permutation(len(images))
        for start in range(0, len(order) - batch_size + 1, batch_size):
            yield images[order[start:start + batch_size]].astype(np.float32) / np.float32(255)


def train(vae, batches, num_steps, disp_step):
    """Trains and logs as the tutorial does; returns the seconds taken after the first step.

    The tutorial's own loop, range(1, num_steps), stops one step short; this one does not.
    """
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for step in range(1, num_steps + 1):
            batch_x = next(batches)
            sess.run(vae.train_op, feed_dict={vae.X: batch_x})
            if step % disp_step == 0 or step == 1:
                loss = sess.run(vae.loss, feed_dict={vae.X: batch_x})
                print('step ' + str(step) + ' ,loss ' + '{:.4f}'.format(loss), flush=True)
            if step == 1:
                started = time.perf_counter()  # the first step also prepares the graph
        seconds = time.perf_counter() - started
    print('optimization finished')
    return seconds


def positive(text):
    """An argument type: a whole number from 1 on."""
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f'expected 1 or more, found {text}')
    return int(text)


def main():
    parser = argparse.ArgumentParser(description='Trains the tutorial\'s VAE in Python TF1.')
    parser.add_argument('--steps', type=positive, default=30000)
    parser.add_argument('--batch-size', type=positive, default=64)
    parser.add_argument('--learning-rate', type=float, default=0.001)
    parser.add_argument('--mnist', type=Path, metavar='DIR', help='folder of the four .gz files',
                        default=Path(__file__).resolve().parents[2] / 'mnist')
    parser.add_argument('--log-every', type=positive, default=1000, metavar='STEPS')
    parser.add_argument('--seed', type=int, help='of weights, batches and noise (default: random)')
    args = parser.parse_args()

    try:
        images = read_images(args.mnist / TRAIN_IMAGES)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 3
    if args.batch_size > len(images):
        parser.error(f'--batch-size: expected at most {len(images)}, found {args.batch_size}')

    tf.set_random_seed(args.seed)
    vae = build_vae(images.shape[1], hidden_dim=512, latent_dim=2, learning_rate=args.learning_rate)
    batches = mini_batches(images, args.batch_size, args.seed)
    seconds = train(vae, batches, args.steps, args.log_every)
    rate = (args.steps - 1) / seconds
    print(f'{args.steps} steps, {seconds:.1f} s, {rate:.0f} steps/s')
    return 0


if __name__ == '__main__':
    sys.exit(main())
