"""Writes src/test/resources/golden/*.txt: what Python TF1 computes, for the Java tests to match.

Two models go through one forward pass, one gradient and three steps of RMSProp: a tiny one whose
values are stored whole, and the tutorial's own. Weights, pixels and noise come from a hash that
Java repeats bit for bit, so that the files hold results only.

Make the files anew only when the model, the formula or TensorFlow's version changes, never to make
a failing test pass.
"""
import sys
from pathlib import Path

import numpy as np

from tutorial_tf1 import build_vae, tf

FOLDER = Path(__file__).resolve().parents[2] / 'src/test/resources/golden'
LEARNING_RATE = 0.001
STEPS = 3

# The salt of each input; variable number v (0 to 9) has salt v.
SALT_IMAGE = 100    # + step, from 1
SALT_EPSILON = 200  # + step, from 1
SALT_NOISE = 300

# Larger arrays are stored thinned: 997 is a prime, so that its multiples meet every column.
STORED_WHOLE = 1024
STRIDE = 997

HEADER = """\
Expected values of the VAE {shape}, batch {batch}, written by scripts/dev/make_golden.py
with TensorFlow {version} in one thread. Do not edit.

Inputs (not stored), in unsigned 32-bit arithmetic:
  hash(salt, i): h = i + salt * 0x9E3779B9; h ^= h >> 16; h *= 0x7FEB352D;
                 h ^= h >> 15; h *= 0x846CA68B; h ^= h >> 16
  unit(salt, i) = hash(salt, i) / 2^32 - 0.5, in float64
  i counts the entries of an array in row-major order
  {examples}
Variable number v of shape s: float32(unit(v, i) * (sqrt(12) / sqrt(s[0] / 2))).
Slots: RMSProp 1, RMSProp_1 (momentum) 0.
Step t: pixels float32(b) / float32(255), where h = hash(100 + t, i) and b = h & 0xFF, but 0 where
  bit 8 of h is 0; epsilon float32(unit(200 + t, i) * sqrt(12)).
noise_input of generate: float32(unit(300, i) * 6), as many rows as the batch.

z_mean to gradient/...: the initial variables, with pixels and epsilon of step 1.
loss is the tutorial's formula, loss_logits the one by sigmoid_cross_entropy_with_logits.
step<t>/loss: fetched with step t of RMSProp (rate {rate}); after3/...: all variables after step 3.

A line: name, shape (- for a scalar), stride, entries 0, stride, 2*stride ... in row-major order.
The stride is 1 for arrays of up to {whole} entries and {stride} for larger ones."""


def hashes(salt, count):
    """hash(salt, i) for i from 0 to count - 1, as the header defines it."""
    h = np.arange(count, dtype=np.uint32) + np.uint32(salt * 0x9E3779B9 & 0xFFFFFFFF)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x7FEB352D)
    h ^= h >> np.uint32(15)
    h *= np.uint32(0x846CA68B)
    h ^= h >> np.uint32(16)
    return h


def units(salt, shape, scale):
    """float32(unit(salt, i) * scale) in the given shape."""
    unit = hashes(salt, int(np.prod(shape))) / 2.0 ** 32 - 0.5
    return (unit * scale).astype(np.float32).reshape(shape)


def initial_value(number, shape):
    """A variable's first value: uniform, with glorot_init's standard deviation."""
    return units(number, shape, np.sqrt(12.0) / np.sqrt(shape[0] / 2.0))


def pixels(step, shape):
    h = hashes(SALT_IMAGE + step, int(np.prod(shape))).reshape(shape)
    b = np.where(h >> np.uint32(8) & np.uint32(1), h & np.uint32(0xFF), np.uint32(0))
    return b.astype(np.float32) / np.float32(255)


def epsilon(step, shape):
    return units(SALT_EPSILON + step, shape, np.sqrt(12.0))


def loss_from_logits(vae):
    """The same loss in the form that does not overflow."""
    cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=vae.X, logits=vae.logits)
    kl_div = -0.5 * tf.reduce_sum(1 + vae.z_std - tf.square(vae.z_mean) - tf.exp(vae.z_std), 1)
    return tf.reduce_mean(tf.reduce_sum(cross_entropy, 1) + kl_div)


def compute(num_input, hidden_dim, latent_dim, batch):
    """Returns the expected arrays by name, in the order of the file."""
    def feed(step):
        return {vae.X: pixels(step, [batch, num_input]),
                vae.epsilon: epsilon(step, [batch, latent_dim])}

    one_thread = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    with tf.Graph().as_default(), tf.Session(config=one_thread) as sess:
        vae = build_vae(num_input, hidden_dim, latent_dim, LEARNING_RATE)
        forward = {'z_mean': vae.z_mean, 'z_std': vae.z_std, 'recon': vae.recon,
                   'generate': vae.generate, 'loss': vae.loss, 'loss_logits': loss_from_logits(vae)}
        forward.update(('gradient/' + v.op.name, gradient) for gradient, v in vae.grads_and_vars)

        sess.run(tf.global_variables_initializer(), feed_dict={
            v.initial_value: initial_value(number, v.shape.as_list())
            for number, v in enumerate(tf.trainable_variables())})
        noise = units(SALT_NOISE, [batch, latent_dim], 6.0)
        expected = sess.run(forward, feed_dict={**feed(1), vae.noise_input: noise})
        for step in range(1, STEPS + 1):
            _, expected[f'step{step}/loss'] = sess.run([vae.train_op, vae.loss], feed(step))
        after = sess.run({f'after{STEPS}/{v.op.name}': v for v in tf.global_variables()})
        return {**expected, **after}


def line(name, array):
    shape = ','.join(map(str, array.shape)) or '-'
    stride = 1 if array.size <= STORED_WHOLE else STRIDE
    values = ' '.join(str(value) for value in np.ravel(array)[::stride])  # the shortest exact form
    return f'{name} {shape} {stride} {values}\n'


def write(path, num_input, hidden_dim, latent_dim, batch):
    expected = compute(num_input, hidden_dim, latent_dim, batch)
    for name, array in expected.items():
        if not np.all(np.isfinite(array)):
            sys.exit(f'{path}: expected finite values in {name}, found {array}')
    header = HEADER.format(
        shape=f'{num_input}-{hidden_dim}-{latent_dim}', batch=batch, version=tf.__version__,
        examples=', '.join(f'hash({salt}, 5) = {hashes(salt, 6)[5]}' for salt in (0, 9, 101)),
        rate=LEARNING_RATE, whole=STORED_WHOLE, stride=STRIDE)
    with path.open('w', encoding='ascii', newline='\n') as file:
        file.writelines(f'# {text}'.rstrip() + '\n' for text in header.split('\n'))
        file.writelines(line(name, array) for name, array in expected.items())
    print(f'{path.name}: {len(expected)} arrays, loss {expected["loss"]}, '
          f'after {STEPS} steps {expected[f"step{STEPS}/loss"]}')


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    write(FOLDER / 'tiny.txt', num_input=12, hidden_dim=8, latent_dim=2, batch=4)
    write(FOLDER / 'tutorial.txt', num_input=784, hidden_dim=512, latent_dim=2, batch=16)


if __name__ == '__main__':
    main()
