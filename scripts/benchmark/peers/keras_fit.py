"""Keras 3 on TensorFlow: model.fit, with 500 steps an execution."""
import os
import time

import common

os.environ['KERAS_BACKEND'] = 'tensorflow'
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')  # read when TensorFlow is imported

PER_EXECUTION = 500


def build(args):
    """Returns the class of the model, and of a callback that keeps times and losses."""
    import keras
    import tensorflow as tf
    from keras import layers, ops

    if args.threads:
        tf.config.threading.set_intra_op_parallelism_threads(args.threads)
        tf.config.threading.set_inter_op_parallelism_threads(args.threads)

    def dense(inputs, units, activation=None):
        def normal(size):
            return keras.initializers.RandomNormal(stddev=(size / 2) ** -0.5)
        return layers.Dense(units, activation, kernel_initializer=normal(inputs),
                            bias_initializer=normal(units))

    class Sampler(layers.Layer):
        """Draws z, and adds the KL divergence to the model's losses."""

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.noise = keras.random.SeedGenerator()

        def call(self, inputs):
            mean, std = inputs
            kl = 0.5 * (ops.square(mean) + ops.exp(std) - 1 - std)
            self.add_loss(ops.mean(ops.sum(kl, axis=1)))
            return mean + ops.exp(std / 2) * keras.random.normal(ops.shape(std), seed=self.noise)

    def entropy(x, logits):
        return ops.sum(ops.binary_crossentropy(x, logits, from_logits=True), axis=1)

    class Vae:
        """The encoder, the decoder and the two in one, which is trained."""

        def __init__(self):
            image = keras.Input((common.PIXELS,))
            h = dense(common.PIXELS, common.HIDDEN, 'tanh')(image)
            codes = [dense(common.HIDDEN, common.LATENT)(h) for _ in range(2)]
            z = keras.Input((common.LATENT,))
            h = dense(common.LATENT, common.HIDDEN, 'tanh')(z)
            logits = keras.Model(z, dense(common.HIDDEN, common.PIXELS)(h))
            self.encoder = keras.Model(image, codes)
            self.decoder = keras.Model(z, ops.sigmoid(logits(z)))
            self.whole = keras.Model(image, logits(Sampler()(codes)))

        def fit(self, images, batch, steps, epochs, callback):
            """Trains epochs of so many steps each."""
            optimizer = keras.optimizers.RMSprop(
                common.LEARNING_RATE, rho=common.DECAY, epsilon=common.EPSILON)
            optimizer.build(self.whole.trainable_variables)
            for average in optimizer._velocities:
                average.assign(ops.ones_like(average))  # as TF1's do; Keras starts at 0
            self.whole.compile(optimizer, entropy, jit_compile=True,
                               steps_per_execution=min(PER_EXECUTION, steps))
            images = tf.constant(images)

            def pixels(indices):
                x = tf.cast(tf.gather(images, indices), tf.float32) / 255
                return x, x

            # The indices are shuffled, not the images: it is cheaper, with the same result.
            batches = (tf.data.Dataset.range(len(images)).shuffle(len(images))
                       .batch(batch, drop_remainder=True).repeat()
                       .map(pixels).prefetch(tf.data.AUTOTUNE))
            self.whole.fit(batches, epochs=epochs, steps_per_epoch=steps, shuffle=False,
                           verbose=0, callbacks=[callback])

        def decode(self, z):
            return self.decoder.predict_on_batch(z)

        def encode(self, x):
            return self.encoder.predict_on_batch(x)

    class Record(keras.callbacks.Callback):
        """When each execution was done, by two clocks, and the mean loss of each epoch."""

        def __init__(self):
            super().__init__()
            self.clock, self.seconds, self.losses = [], [], []

        def on_train_batch_end(self, batch, logs=None):
            self.clock.append(time.time())
            self.seconds.append(time.perf_counter())

        def on_epoch_end(self, epoch, logs=None):
            self.losses.append(logs['loss'])

    keras.utils.set_random_seed(getattr(args, 'seed', 1))
    return Vae, Record


def train(args, built, per_call):
    vae, record = built[0](), built[1]()
    # The first call is as long as the others: fit takes no other for its first.
    per_call = min(per_call, args.steps)
    warmup, calls = (-(-steps // per_call) for steps in (args.warmup, args.steps))
    vae.fit(common.train_images(args.data), args.batch, per_call, warmup + calls, record)
    seconds = record.seconds[-1] - record.seconds[warmup - 1]
    return {'first_step': record.clock[0], 'steps_per_s': calls * per_call / seconds,
            'loss': record.losses[-1]}


def job(args, built, per_call):
    vae, record = built[0](), built[1]()
    epochs = max(1, args.steps // common.LOG_EVERY)
    vae.fit(common.train_images(args.data), common.JOB_BATCH, args.steps // epochs, epochs, record)
    args.out.mkdir(parents=True, exist_ok=True)
    vae.decoder.save(args.out / 'decoder.keras')
    vae.encoder.save(args.out / 'encoder.keras')
    return {'loss': common.mean_of_last_ten(record.losses)}


def infer(args, built, per_call):
    return common.infer(args, lambda images, batch, seed: built[0](), per_call)


if __name__ == '__main__':
    common.main(__doc__, build, per_call=PER_EXECUTION,
                tasks={'train': train, 'job': job, 'infer': infer})
