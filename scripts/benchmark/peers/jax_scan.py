"""JAX: lax.scan over 500 steps in one jitted call, the images on the device as bytes.

With --steps-per-call 1 it is one jitted call a step, as JAX's tutorials train.
"""
import os
from functools import partial

import numpy as np

import common


def peer(args):
    if args.threads:
        os.environ['NPROC'] = str(args.threads)  # the size of JAX's pool of threads
    if args.threads == 1:
        os.environ['XLA_FLAGS'] = '--xla_cpu_multi_thread_eigen=false'
    import jax
    import jax.numpy as jnp

    def encoder(p, x):
        h = jnp.tanh(x @ p['encoder_w'] + p['encoder_b'])
        return h @ p['mean_w'] + p['mean_b'], h @ p['std_w'] + p['std_b']

    def decoder(p, z):
        """Returns the logits."""
        return jnp.tanh(z @ p['decoder_w'] + p['decoder_b']) @ p['out_w'] + p['out_b']

    def vae_loss(p, x, key):
        mean, std = encoder(p, x)
        logits = decoder(p, mean + jnp.exp(std / 2) * jax.random.normal(key, std.shape))
        entropy = jax.nn.softplus(logits) - x * logits  # Bernoulli, from the logits
        kl = 0.5 * (mean ** 2 + jnp.exp(std) - 1 - std)
        return jnp.mean(entropy.sum(1) + kl.sum(1))

    def step(images, state, row):
        p, ms, key = state
        key, noise = jax.random.split(key)
        x = images[row].astype(jnp.float32) / 255
        loss, grads = jax.value_and_grad(vae_loss)(p, x, noise)
        ms = jax.tree.map(lambda m, g: common.DECAY * m + (1 - common.DECAY) * g * g, ms, grads)
        p = jax.tree.map(lambda w, g, m: w - common.LEARNING_RATE * g
                         * jax.lax.rsqrt(m + common.EPSILON), p, grads, ms)
        return (p, ms, key), loss

    @partial(jax.jit, donate_argnums=1)
    def one_step(images, state, row):
        return step(images, state, row)

    @partial(jax.jit, donate_argnums=1)
    def many_steps(images, state, indices):
        state, losses = jax.lax.scan(partial(step, images), state, indices)
        return state, losses[-1]

    decode = jax.jit(lambda p, z: jax.nn.sigmoid(decoder(p, z)))
    encode = jax.jit(encoder)

    class JaxScan:
        def __init__(self, images, batch, seed):
            self.images = jnp.asarray(images)
            p = jax.tree.map(jnp.asarray, common.initial_values(seed))
            self.state = p, jax.tree.map(jnp.ones_like, p), jax.random.key(seed)

        def steps(self, indices):
            # A call of many steps compiles for their number: the first is as long as the others.
            if len(indices) == 1:
                self.state, loss = one_step(self.images, self.state, indices[0])
            else:
                self.state, loss = many_steps(self.images, self.state, indices)
            return loss

        def save(self, folder):
            np.savez(folder / 'vae.npz', **self.state[0])

        def decode(self, z):
            return np.asarray(decode(self.state[0], z))

        def encode(self, x):
            return [np.asarray(values) for values in encode(self.state[0], x)]

    return JaxScan


def add_options(parser):
    parser.add_argument('--steps-per-call', type=common.positive, default=500)


if __name__ == '__main__':
    common.main(__doc__, peer, add_options)
