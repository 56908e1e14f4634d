"""TensorFlow 2 with XLA: 500 steps in one compiled call, the images on the device."""
import os

import common

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')  # read when TensorFlow is imported


def peer(args):
    import tensorflow as tf
    if args.threads:
        tf.config.threading.set_intra_op_parallelism_threads(args.threads)
        tf.config.threading.set_inter_op_parallelism_threads(args.threads)

    class TfXla(tf.Module):
        def __init__(self, images, batch, seed):
            super().__init__()
            self.images = tf.constant(images)
            self.seed = seed
            self.p = {name: tf.Variable(value, name=name)
                      for name, value in common.initial_values(seed).items()}
            self.ms = {name: tf.Variable(tf.ones_like(value), name=name + '_ms')
                       for name, value in self.p.items()}
            self.taken = tf.Variable(0)

        def encoder(self, x):
            p = self.p
            h = tf.tanh(x @ p['encoder_w'] + p['encoder_b'])
            return h @ p['mean_w'] + p['mean_b'], h @ p['std_w'] + p['std_b']

        def decoder(self, z):
            """Returns the logits."""
            p = self.p
            return tf.tanh(z @ p['decoder_w'] + p['decoder_b']) @ p['out_w'] + p['out_b']

        def loss(self, x):
            mean, std = self.encoder(x)
            noise = tf.random.stateless_normal(tf.shape(std), [self.seed, self.taken])
            logits = self.decoder(mean + tf.exp(std / 2) * noise)
            entropy = tf.nn.sigmoid_cross_entropy_with_logits(x, logits)
            kl = 0.5 * (tf.square(mean) + tf.exp(std) - 1 - std)
            return tf.reduce_mean(tf.reduce_sum(entropy, 1) + tf.reduce_sum(kl, 1))

        @tf.function(jit_compile=True, reduce_retracing=True)
        def steps(self, indices):
            loss = tf.constant(0.0)
            for row in indices:  # autograph makes it a loop of the compiled program
                x = tf.cast(tf.gather(self.images, row), tf.float32) / 255
                with tf.GradientTape() as tape:
                    loss = self.loss(x)
                for name, g in tape.gradient(loss, self.p).items():
                    ms = self.ms[name]
                    ms.assign(common.DECAY * ms + (1 - common.DECAY) * tf.square(g))
                    self.p[name].assign_sub(
                        common.LEARNING_RATE * g * tf.math.rsqrt(ms + common.EPSILON))
                self.taken.assign_add(1)
            return loss

        @tf.function(jit_compile=True)
        def compiled_decode(self, z):
            return tf.sigmoid(self.decoder(z))

        compiled_encode = tf.function(encoder, jit_compile=True)

        def decode(self, z):
            return self.compiled_decode(z).numpy()

        def encode(self, x):
            return [values.numpy() for values in self.compiled_encode(x)]

        def save(self, folder):
            tf.train.Checkpoint(model=self).save(str(folder / 'vae'))

    return TfXla


if __name__ == '__main__':
    common.main(__doc__, peer, per_call=500)
