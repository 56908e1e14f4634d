"""Writes TF1 generative models as people have written them, for import-meta to find without a name.

usage: make_generative.py DIR [KIND...]

DIR/<kind>/ gets model.meta, the checkpoint `model`, and case.json (cases.py): what kind it is (vae, autoencoder, generator, two: more than one, none: no generative model), and of its functions
`generate` and `encode` what Python computes. z_std is the logarithm of the variance, however the
graph has it; where it has none, there is no z_std. z is a row of numbers, whatever its shape.
"""
import sys
from functools import partial
from pathlib import Path

import numpy as np

import cases
from cases import tf1 as tf

tf.disable_eager_execution()
tf.disable_resource_variables()
tf.disable_control_flow_v2()
RANDOM = np.random.RandomState(1)
ROWS, PIXELS, LATENT, CLASSES = 3, 64, 4, 5
KINDS = {}


def kind(build):
    """Adds a kind to the list."""
    KINDS[build.__name__] = build
    return build


def kinds(build, **settings):
    """Adds kinds that differ in one setting."""
    for name, setting in settings.items():
        KINDS[name] = partial(build, setting)


class Model:
    """What a kind gives: its tensors, and what is fed beside them."""

    def __init__(self, kind, recon=None, z=None, image=None, mean=None, log_variance=None, loss=None,
                 inputs=(), settings=None, needs_image=False, saver=None, old=None, encodes=True,
                 optimizer=None):
        self.__dict__.update(locals())


# Parts.

def placeholder(*shape, name=None, dtype=tf.float32):
    return tf.placeholder(dtype, [None, *shape], name)


def dense(x, size, activation=None, name=None):
    """A layer by hand, with variables of no name."""
    w = tf.Variable(tf.truncated_normal([int(x.shape[-1]), size], stddev=0.3, dtype=x.dtype), name=name or 'w')
    y = tf.matmul(x, w) + tf.Variable(tf.zeros([size], dtype=x.dtype), name='b')
    return activation(y) if activation else y


def noise_like(mean):
    return tf.random_normal(tf.shape(mean))


def draw(mean, log_variance):
    return mean + tf.exp(log_variance / 2) * noise_like(mean)


def kl(mean, log_variance):
    return -0.5 * tf.reduce_sum(1 + log_variance - tf.square(mean) - tf.exp(log_variance), 1)


def cross_entropy(x, recon):
    return -tf.reduce_sum(x * tf.log(1e-10 + recon) + (1 - x) * tf.log(1e-10 + 1 - recon), 1)


def squares(x, recon):
    return tf.reduce_sum(tf.square(x - recon), list(range(1, len(recon.shape))))


def vae(x, sample=None, loss=cross_entropy, out=tf.nn.sigmoid, size=PIXELS, **more):
    """A dense VAE; sample(mean, s) gives z and its log-variance, loss(x, recon or logits)."""
    hidden = dense(x, 16, tf.nn.relu)
    mean, s = dense(hidden, LATENT), dense(hidden, LATENT)
    z, log_variance = sample(mean, s) if sample else (draw(mean, s), s)
    logits = dense(dense(z, 16, tf.nn.tanh), size)
    recon = out(logits) if out else logits
    cost = tf.reduce_mean(loss(x, recon) + tf.cast(kl(mean, log_variance), x.dtype))
    tf.summary.scalar('cost', cost)
    return Model('vae', recon, z, x, mean, log_variance, cost, **more)


def of_parts(x, encode, decode, codes=lambda h: (dense(h, LATENT), dense(h, LATENT)), loss=cross_entropy, **more):
    """A VAE of an encoder without its last layer, that layer, and a decoder."""
    mean, s = codes(encode(x))
    z = draw(mean, s)
    recon = decode(z)
    return Model('vae', recon, z, x, mean, s, tf.reduce_mean(loss(x, recon) + kl(mean, s)), **more)


def of_layers(layer, x, activation=tf.nn.relu, **more):
    """The same with one kind of layer all through."""
    return of_parts(x, lambda x: layer(x, 16, activation),
                    lambda z: layer(layer(z, 16, activation), PIXELS, tf.nn.sigmoid),
                    lambda h: (layer(h, LATENT), layer(h, LATENT)), **more)


def of_logits(loss):
    """A VAE whose loss takes logits, and whose sigmoid stands beside it."""
    x = placeholder(PIXELS)
    hidden = dense(x, 16, tf.nn.relu)
    mean, s = dense(hidden, LATENT), dense(hidden, LATENT)
    z = draw(mean, s)
    logits = dense(dense(z, 16, tf.nn.relu), PIXELS)
    recon = tf.nn.sigmoid(logits)
    return Model('vae', recon, z, x, mean, s, tf.reduce_mean(loss(x, logits)) + tf.reduce_mean(kl(mean, s)))


def conv(x, filters, name, activation=tf.nn.relu):
    return tf.layers.conv2d(x, filters, 3, 2, 'same', activation=activation, name=name)


def deconv(x, filters, name, activation=None):
    return tf.layers.conv2d_transpose(x, filters, 3, 2, 'same', activation=activation, name=name)


def conv_vae(x, side, channels, middle=None, out=tf.nn.sigmoid, image=None, **more):
    """Convolutions by tf.layers; middle goes on each layer's output."""
    middle = middle or (lambda y: y)
    h = middle(conv(x, 4, 'c1'))
    h = tf.layers.flatten(middle(conv(h, 8, 'c2')))
    mean, s = tf.layers.dense(h, LATENT, name='mu'), tf.layers.dense(h, LATENT, name='ls')
    z = draw(mean, s)
    h = tf.layers.dense(z, side // 4 * side // 4 * 8, tf.nn.relu, name='d0')
    h = middle(deconv(tf.reshape(h, [-1, side // 4, side // 4, 8]), 4, 'd1', tf.nn.relu))
    recon = out(deconv(h, channels, 'd2'))
    cost = tf.reduce_mean(squares(x, recon)) + tf.reduce_mean(kl(mean, s))
    return Model('vae', recon, z, x if image is None else image, mean, s, cost, **more)


# Noise, in the ways that it is written.

@kind
def tf_layers():
    """tf.layers all through."""
    return of_layers(tf.layers.dense, placeholder(PIXELS, name='input'), tf.nn.elu)


kinds(
    lambda sample: vae(placeholder(PIXELS), sample),
    noise_latent=lambda m, s: (m + tf.exp(s / 2) * tf.random_normal([LATENT]), s),
    noise_leading_ones=lambda m, s: (m + tf.exp(.5 * s) * tf.squeeze(tf.random_normal([1, 1, LATENT]), 0), s),
    noise_static=lambda m, s: (m + tf.exp(s / 2) * tf.random_normal([ROWS, LATENT]), s),  # A batch of 3, and no other.
    noise_of_shape=lambda m, s: (tf.add(m, tf.multiply(tf.sqrt(tf.exp(s)), noise_like(s))), s),
    noise_first=lambda m, s: (noise_like(m) * tf.exp(s * .5) + m, s),
    noise_fed=lambda m, s: (m + tf.exp(s / 2) * placeholder(LATENT, name='eps'), s),
    noise_with_default=lambda m, s: (
        m + tf.exp(s / 2) * tf.placeholder_with_default(noise_like(m), [None, LATENT], 'eps'), s),
    sigma_exp=lambda m, s: (m + tf.exp(s) * noise_like(m), 2 * s),
    sigma_softplus=lambda m, s: (m + (1e-6 + tf.nn.softplus(s)) * noise_like(m), 2 * tf.log(1e-6 + tf.nn.softplus(s))),
    sigma_itself=lambda m, s: (m + s * noise_like(m), tf.log(tf.square(s))),
    variance_softplus=lambda m, s: (m + tf.sqrt(tf.nn.softplus(s)) * noise_like(m), tf.log(tf.nn.softplus(s))),
    distribution=lambda m, s: (tf.distributions.Normal(m, tf.exp(s / 2)).sample(), s),
    truncated=lambda m, s: (m + tf.exp(s / 2) * tf.truncated_normal(tf.shape(m)), s))


@kind
def noise_by_count():
    """Noise [tf.shape(x)[0], latent]."""
    x = placeholder(PIXELS)
    return vae(x, lambda m, s: (m + tf.exp(s / 2) * tf.random_normal([tf.shape(x)[0], LATENT]), s))


@kind
def noise_by_batch_size():
    """Noise of a batch size that is fed."""
    size = tf.placeholder(tf.int32, [], 'batch_size')
    return vae(placeholder(PIXELS), lambda m, s: (m + tf.exp(s / 2) * tf.random_normal([size, LATENT]), s),
               settings={size: ROWS})


@kind
def noise_in_two_stages():
    """A second draw behind the first: z is where all has come together, and has no Gaussian form."""
    def sample(m, s):
        first = m + tf.exp(s / 2) * noise_like(m)
        return first + .1 * noise_like(m), s
    built = vae(placeholder(PIXELS), sample)
    built.log_variance = None
    return built


@kind
def posterior_of_four_dimensions():
    """A posterior [batch, 1, 1, latent] by convolutions."""
    x = placeholder(8, 8, 1)
    h = conv(conv(x, 4, 'c1'), 8, 'c2')
    mean = tf.layers.conv2d(h, LATENT, 2, padding='valid', name='m')
    s = tf.layers.conv2d(h, LATENT, 2, padding='valid', name='s')
    z = draw(mean, s)
    h = tf.layers.conv2d_transpose(z, 8, 2, padding='valid', activation=tf.nn.relu, name='d0')
    recon = deconv(deconv(h, 4, 'd1', tf.nn.relu), 1, 'd2', tf.nn.sigmoid)
    cost = tf.reduce_sum(tf.square(recon - x)) + tf.reduce_sum(tf.square(mean) + tf.exp(s) - s)
    return Model('vae', recon, z, x, mean, s, cost)


# What the loss compares.

kinds(
    lambda loss: vae(placeholder(PIXELS, name='data'), loss=loss),
    loss_squares=squares,
    loss_mean_squared_error=lambda x, r: tf.losses.mean_squared_error(x, r),
    loss_absolute=lambda x, r: tf.reduce_sum(tf.abs(r - x), 1),
    loss_l2=lambda x, r: tf.nn.l2_loss(x - r),
    loss_clipped=lambda x, r: cross_entropy(x, tf.clip_by_value(r, 1e-7, 1 - 1e-7)),
    loss_log=lambda x, r: tf.losses.log_loss(x, r),
    loss_squared_difference=lambda x, r: tf.reduce_mean(tf.squared_difference(r, x), 1),
    loss_keras=lambda x, r: tf.keras.losses.binary_crossentropy(x, r),  # Makes logits of r.
    loss_bernoulli=lambda x, r: -tf.reduce_sum(
        tf.distributions.Bernoulli(probs=r, dtype=tf.float32).log_prob(x), 1),
    loss_normal=lambda x, r: -tf.reduce_sum(tf.distributions.Normal(r, 1.).log_prob(x), 1))
kinds(
    of_logits,
    logits_tf_nn=lambda x, l: tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=l), 1),
    logits_tf_losses=lambda x, l: tf.losses.sigmoid_cross_entropy(x, l),
    logits_weighted=lambda x, l: tf.nn.weighted_cross_entropy_with_logits(labels=x, logits=l, pos_weight=2.),
    logits_softplus=lambda x, l: x * tf.nn.softplus(-l) + (1 - x) * tf.nn.softplus(l),
    logits_bernoulli=lambda x, l: -tf.distributions.Bernoulli(logits=l, dtype=tf.float32).log_prob(x),
    logits_by_hand=lambda x, l: tf.maximum(l, 0) - l * x + tf.log(1 + tf.exp(-tf.abs(l))))


@kind
def loss_squares_linear():
    """A decoder that ends in a linear layer."""
    return vae(placeholder(PIXELS, name='data'), loss=squares, out=None)


@kind
def ecg_logits_alone():
    """Vectors of 20; the graph has logits, and no sigmoid."""
    x = placeholder(20, name='beats')
    built = vae(x, loss=lambda x, l: tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=l), 1),
                out=None, size=20)
    built.logits = True
    return built


# Images.

@kind
def conv_layers():
    """Convolutions by tf.layers on 16x16x1."""
    return conv_vae(placeholder(16, 16, 1), 16, 1)


@kind
def conv_rgb():
    """32x32x3."""
    return conv_vae(placeholder(32, 32, 3), 32, 3)


@kind
def conv_static_batch():
    """A batch of 8 written into the images' shape."""
    return conv_vae(tf.placeholder(tf.float32, [8, 12, 12, 1]), 12, 1)


@kind
def conv_of_vectors():
    """Vectors in, made to images inside; the loss is on vectors."""
    x = placeholder(256, name='x_')
    built = conv_vae(tf.reshape(x, [-1, 16, 16, 1]), 16, 1)
    built.image = x
    return built


@kind
def conv_by_hand():
    """tf.nn.conv2d_transpose asks the images for their number."""
    x = placeholder(8, 8, 1)
    w = [tf.Variable(tf.truncated_normal(s, stddev=.3)) for s in ([3, 3, 1, 4], [3, 3, 4, 8], [3, 3, 4, 8], [3, 3, 1, 4])]
    h = tf.nn.relu(tf.nn.conv2d(x, w[0], [1, 2, 2, 1], 'SAME'))
    h = tf.reshape(tf.nn.relu(tf.nn.conv2d(h, w[1], [1, 2, 2, 1], 'SAME')), [-1, 32])
    mean, s = dense(h, LATENT), dense(h, LATENT)
    z = draw(mean, s)
    h = tf.reshape(dense(z, 32, tf.nn.relu), [-1, 2, 2, 8])
    count = tf.shape(x)[0]
    h = tf.nn.relu(tf.nn.conv2d_transpose(h, w[2], tf.stack([count, 4, 4, 4]), [1, 2, 2, 1]))
    recon = tf.nn.sigmoid(tf.nn.conv2d_transpose(h, w[3], tf.stack([count, 8, 8, 1]), [1, 2, 2, 1]))
    flat = lambda t: tf.reshape(t, [-1, 64])
    cost = tf.reduce_mean(cross_entropy(flat(x), flat(recon)) + kl(mean, s))
    return Model('vae', recon, z, x, mean, s, cost, needs_image=True)


@kind
def conv_python_batch():
    """The same with the batch as a Python number."""
    x = tf.placeholder(tf.float32, [6, 8, 8, 1])
    w = tf.Variable(tf.truncated_normal([3, 3, 1, 8], stddev=.3))
    h = tf.layers.flatten(conv(x, 4, 'c1'))
    mean, s = dense(h, LATENT), dense(h, LATENT)
    z = draw(mean, s)
    h = tf.reshape(dense(z, 128, tf.nn.relu), [6, 4, 4, 8])
    recon = tf.nn.sigmoid(tf.nn.conv2d_transpose(h, w, [6, 8, 8, 1], [1, 2, 2, 1]))
    return Model('vae', recon, z, x, mean, s, tf.reduce_mean(squares(x, recon)) + tf.reduce_mean(kl(mean, s)))


@kind
def conv_resized():
    """A decoder that enlarges, then convolves."""
    x = placeholder(8, 8, 1)
    h = tf.layers.flatten(conv(x, 4, 'c1'))
    mean, s = dense(h, LATENT), dense(h, LATENT)
    z = draw(mean, s)
    h = tf.reshape(dense(z, 64, tf.nn.relu), [-1, 4, 4, 4])
    recon = tf.layers.conv2d(tf.image.resize_nearest_neighbor(h, [8, 8]), 1, 3, padding='same', activation=tf.nn.sigmoid)
    return Model('vae', recon, z, x, mean, s, tf.reduce_mean(squares(x, recon)) + tf.reduce_mean(kl(mean, s)))


@kind
def rows_and_columns():
    """Images [batch, 8, 8] without channels; the loss flattens them."""
    x = placeholder(8, 8)
    built = vae(tf.reshape(x, [-1, 64]))
    built.image = x
    return built


@kind
def bytes_in():
    """Bytes, divided by 255 within."""
    x = placeholder(PIXELS, dtype=tf.uint8)
    built = vae(tf.cast(x, tf.float32) / 255.)
    built.image = x
    return built


@kind
def tanh_images():
    """Images stretched to [-1, 1], and a tanh."""
    x = placeholder(PIXELS)
    built = vae(x * 2 - 1, loss=squares, out=tf.nn.tanh)
    built.image = x
    return built


@kind
def float64():
    """All of it in float64."""
    x = placeholder(PIXELS, dtype=tf.float64)
    return vae(x, lambda m, s: (m + tf.exp(s / 2) * tf.random_normal(tf.shape(m), dtype=tf.float64), s))


@kind
def vectors_of_four():
    """Vectors of 4, decoded twice over the same variables: from the sample and from the mean."""
    x = placeholder(4)
    h = dense(x, 8, tf.nn.tanh)
    mean, s = dense(h, 2), dense(h, 2)
    z = draw(mean, s)
    decode = lambda c: tf.layers.dense(tf.layers.dense(c, 8, tf.nn.tanh, name='d1', reuse=tf.AUTO_REUSE), 4, name='d2',
                                       reuse=tf.AUTO_REUSE)
    recon, by_mean = decode(z), decode(mean)
    tf.summary.scalar('by_mean', tf.reduce_mean(squares(x, by_mean)))
    return Model('vae', recon, z, x, mean, s, tf.reduce_mean(squares(x, recon) + kl(mean, s)))


@kind
def three_decoders():
    """From the sample, the mean and a prior that is fed."""
    x, prior = placeholder(PIXELS), placeholder(LATENT, name='z_prior')
    h = dense(x, 16, tf.nn.relu)
    mean, s = dense(h, LATENT), dense(h, LATENT)
    z = draw(mean, s)

    def decode(c):
        with tf.variable_scope('decoder', reuse=tf.AUTO_REUSE):
            return tf.layers.dense(tf.layers.dense(c, 16, tf.nn.relu, name='a'), PIXELS, tf.nn.sigmoid, name='b')
    recon = decode(z)
    decode(mean), decode(prior)
    return Model('vae', recon, z, x, mean, s, tf.reduce_mean(cross_entropy(x, recon) + kl(mean, s)))


# Switches.

@kind
def batch_norm():
    """tf.layers.batch_normalization, told by a placeholder whether it trains."""
    training = tf.placeholder(tf.bool, name='is_training')
    return conv_vae(placeholder(16, 16, 1), 16, 1, lambda y: tf.layers.batch_normalization(y, training=training),
                    settings={training: False})


def normed(norm, **more):
    return of_parts(placeholder(PIXELS), lambda x: tf.nn.relu(norm(dense(x, 16))),
                    lambda z: tf.nn.sigmoid(dense(tf.nn.relu(norm(dense(z, 16))), PIXELS)), **more)


@kind
def batch_norm_dense():
    """The same on vectors, called phase."""
    phase = tf.placeholder(tf.bool, [], 'phase')
    return normed(lambda y: tf.layers.batch_normalization(y, training=phase, fused=False), settings={phase: False})


@kind
def batch_norm_by_hand():
    """tf.cond between the batch's moments and moving averages."""
    train = tf.placeholder(tf.bool, [], 'train_phase')

    def norm(y):
        size = [int(y.shape[-1])]
        mean, variance = (tf.Variable(tf.zeros(size), trainable=False), tf.Variable(tf.ones(size), trainable=False))
        now = tf.nn.moments(y, [0])
        m, v = tf.cond(train, lambda: (tf.identity(now[0]), tf.identity(now[1])), lambda: (mean, variance))
        return tf.nn.batch_normalization(y, m, v, tf.Variable(tf.zeros(size)), tf.Variable(tf.ones(size)), 1e-3)
    return normed(norm, settings={train: False})


def with_dropout(keep, drop):
    return of_parts(placeholder(PIXELS), lambda x: drop(dense(x, 16, tf.nn.relu)),
                    lambda z: tf.nn.sigmoid(dense(drop(dense(z, 16, tf.nn.relu)), PIXELS)), settings=keep)


@kind
def dropout_kept():
    """A probability to keep that is called dropout."""
    keep = tf.placeholder(tf.float32, name='dropout')
    return with_dropout({keep: 1.}, lambda y: tf.nn.dropout(y, keep_prob=keep))


@kind
def dropout_rate():
    """A rate at which is dropped, called p."""
    rate = tf.placeholder(tf.float32, [], 'p')
    return with_dropout({rate: 0.}, lambda y: tf.nn.dropout(y, rate=rate))


@kind
def dropout_layer():
    """tf.layers.dropout."""
    training = tf.placeholder_with_default(True, [], 'training')
    return with_dropout({training: False}, lambda y: tf.layers.dropout(y, .3, training=training))


@kind
def dropout_of_weights():
    """Dropout on weights, and a second decoder from a placeholder with a default, as in 2016."""
    keep = tf.placeholder_with_default(.9, [], 'dropout')
    x = placeholder(PIXELS, name='x')

    def layer(size, of):
        w = tf.nn.dropout(tf.Variable(tf.truncated_normal([of, size], stddev=.3)), keep_prob=keep)
        b = tf.Variable(tf.zeros([size]))
        return lambda y: tf.matmul(y, w) + b
    h = tf.nn.elu(layer(16, PIXELS)(x))
    mean, log_sigma = layer(LATENT, 16)(h), layer(LATENT, 16)(h)
    z = mean + noise_like(mean) * tf.exp(log_sigma)
    d1, d2 = layer(16, LATENT), layer(PIXELS, 16)
    decode = lambda c: tf.identity(tf.nn.sigmoid(d2(tf.nn.elu(d1(c)))))
    recon = decode(z)
    decode(tf.placeholder_with_default(tf.random_normal([1, LATENT]), [None, LATENT], 'latent_in'))
    cost = tf.reduce_mean(cross_entropy(x, recon) + kl(mean, 2 * log_sigma))
    return Model('vae', recon, z, x, mean, 2 * log_sigma, cost, settings={keep: 1.})


# Pipelines.

@kind
def from_queue():
    """Images from a queue."""
    queue = tf.FIFOQueue(10, [tf.float32], [[PIXELS]])
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue([tf.random_uniform([PIXELS])])]))
    return vae(queue.dequeue_many(ROWS))


@kind
def from_iterator():
    """Images from tf.data."""
    data = tf.data.Dataset.from_tensors(np.zeros([PIXELS], np.float32)).repeat().batch(ROWS)
    return vae(tf.data.make_one_shot_iterator(data).get_next())


# Conditions.

def conditional(labels, join=lambda y: y, encodes=True):
    y = join(labels)
    return of_parts(placeholder(PIXELS), lambda x: dense(tf.concat([x, y], 1) if encodes else x, 16, tf.nn.relu),
                    lambda z: tf.nn.sigmoid(dense(dense(tf.concat([z, y], 1), 16, tf.nn.relu), PIXELS)), inputs=[labels],
                    encodes=True if encodes else 'images')


@kind
def conditional_one_hot():
    """Labels as one-hot rows."""
    return conditional(placeholder(CLASSES, name='y_true'))


@kind
def conditional_integers():
    """Labels as integers, made one-hot within."""
    return conditional(tf.placeholder(tf.int32, [None], 'labels'), lambda y: tf.one_hot(y, CLASSES))


@kind
def conditional_embedding():
    """Labels looked up in a table of vectors."""
    table = tf.Variable(tf.random_normal([CLASSES, 3]))
    return conditional(tf.placeholder(tf.int64, [None], 'class_id'), lambda y: tf.nn.embedding_lookup(table, y))


@kind
def conditional_decoder():
    """Labels that the decoder alone is told."""
    return conditional(placeholder(CLASSES, name='condition'), encodes=False)


# Others.

@kind
def denoising():
    """Noise on the images, and a sampler."""
    return of_parts(placeholder(PIXELS), lambda x: dense(x + .1 * tf.random_normal(tf.shape(x)), 16, tf.nn.relu),
                    lambda z: tf.nn.sigmoid(dense(dense(z, 16, tf.nn.relu), PIXELS)), encodes=False)


@kind
def weighted_kl():
    """A weight of the KL term that is fed."""
    x, beta = placeholder(PIXELS), tf.placeholder(tf.float32, [], 'beta')
    built = vae(x)
    built.loss += beta * tf.reduce_mean(built.mean)
    return built


@kind
def with_classifier():
    """A classifier on the codes beside the decoder."""
    x, y = placeholder(PIXELS), placeholder(CLASSES, name='y')
    built = vae(x)
    scores = dense(built.mean, CLASSES)
    built.loss += tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=scores))
    built.loss += tf.reduce_mean(tf.square(tf.nn.softmax(scores) - y))
    return built


@kind
def clipped_gradients():
    """Gradients clipped by hand, a rate that decays."""
    built = vae(placeholder(PIXELS))
    step = tf.train.get_or_create_global_step()

    def optimizer(loss):
        adam = tf.train.AdamOptimizer(tf.train.exponential_decay(1e-3, step, 10, .9))
        pairs = [(tf.clip_by_norm(g, 1.), v) for g, v in adam.compute_gradients(loss) if g is not None]
        return adam.apply_gradients(pairs, step)
    built.optimizer = optimizer
    return built


@kind
def several_savers():
    """Three savers, of which the last one saved."""
    built = vae(placeholder(PIXELS))
    tf.train.Saver(tf.trainable_variables()[:2]), tf.train.Saver(tf.trainable_variables()[2:])
    built.saver = lambda: tf.train.Saver()
    return built


@kind
def saver_of_averages():
    """The checkpoint holds moving averages under names of their own."""
    built = vae(placeholder(PIXELS))
    average = tf.train.ExponentialMovingAverage(.9)
    average.apply(tf.trainable_variables())
    built.saver = lambda: tf.train.Saver({average.average_name(v): v for v in tf.trainable_variables()})
    return built


@kind
def decoder_saved_alone():
    """The checkpoint has the decoder's variables alone."""
    built = vae(placeholder(PIXELS))
    built.encodes = False
    built.saver = lambda: tf.train.Saver(tf.trainable_variables()[-4:])
    return built


@kind
def first_format():
    """A V1 checkpoint."""
    built = vae(placeholder(PIXELS))
    built.saver = lambda: tf.train.Saver(write_version=tf.train.SaverDef.V1)
    return built


# Autoencoders.

def autoencoder(x, target, code_size=6):
    code = dense(dense(x, 20, tf.nn.relu), code_size, tf.nn.relu)
    recon = tf.nn.sigmoid(dense(dense(code, 20, tf.nn.relu), PIXELS))
    return Model('autoencoder', recon, code, x, code, None, tf.reduce_mean(squares(target, recon)))


@kind
def plain_autoencoder():
    """64-20-6-20-64."""
    x = placeholder(PIXELS)
    return autoencoder(x, x)


@kind
def denoising_autoencoder():
    """Noisy images in, clean ones to compare with."""
    return autoencoder(placeholder(PIXELS, name='noisy'), placeholder(PIXELS, name='clean'))


@kind
def conv_autoencoder():
    """A code of [4, 4, 2]."""
    x = placeholder(16, 16, 1)
    code = conv(conv(x, 8, 'c1'), 2, 'c2')
    recon = deconv(deconv(code, 8, 'd1', tf.nn.relu), 1, 'd2', tf.nn.sigmoid)
    return Model('autoencoder', recon, code, x, code, None, tf.reduce_mean(squares(x, recon)))


@kind
def tied_weights():
    """The decoder's weights are the encoder's, transposed."""
    x = placeholder(PIXELS)
    w = tf.Variable(tf.truncated_normal([PIXELS, 6], stddev=.3))
    code = tf.nn.tanh(tf.matmul(x, w) + tf.Variable(tf.zeros([6])))
    recon = tf.matmul(code, tf.transpose(w)) + tf.Variable(tf.zeros([PIXELS]))
    return Model('autoencoder', recon, code, x, code, None, tf.reduce_mean(squares(x, recon)))


# Generators.

def gan(z, generator, real, discriminator, copies=0, saved=True, inputs=(), copy=None):
    with tf.variable_scope('generator'):
        fake = generator(z, False)
    with tf.variable_scope('discriminator'):
        on_real = discriminator(real)
    with tf.variable_scope('discriminator', reuse=True):
        on_fake = discriminator(fake)
    entropy = tf.nn.sigmoid_cross_entropy_with_logits
    d = tf.reduce_mean(entropy(labels=tf.ones_like(on_real) * .9, logits=on_real)
                       + entropy(labels=tf.zeros_like(on_fake), logits=on_fake))
    g = tf.reduce_mean(entropy(labels=tf.ones_like(on_fake), logits=on_fake))
    ours = [v for v in tf.trainable_variables() if v.name.startswith('generator')]
    theirs = [v for v in tf.trainable_variables() if v.name.startswith('discriminator')]

    def optimizer(_):
        made = tf.group(tf.train.AdamOptimizer(1e-3).minimize(d, var_list=theirs),
                        tf.train.AdamOptimizer(1e-3).minimize(g, var_list=ours))
        for _ in range(copies):  # One for each picture that was drawn.
            with tf.variable_scope('generator', reuse=True):
                generator(z, True)
        return made
    shown = fake
    if copy:
        with tf.variable_scope('generator', reuse=True):
            shown = generator(z, True)
    of_generator = lambda: tf.train.Saver([v for v in tf.global_variables() if v.name.startswith('generator')
                                           and 'Adam' not in v.name])
    return Model('generator', shown, z, loss=d, optimizer=optimizer, inputs=inputs, saver=of_generator if saved else None)


def judge(x):
    h = tf.layers.dense(tf.layers.flatten(x), 8, name='h')
    return tf.layers.dense(tf.maximum(.1 * h, h), 1, name='logits')


def layers_generator(z, _):
    h = tf.layers.dense(z, 16, name='h')
    return tf.tanh(tf.layers.dense(tf.maximum(.1 * h, h), PIXELS, name='out'))


@kind
def gan_dense():
    """A dense GAN; its checkpoint holds the generator alone; 20 copies of it in the graph."""
    return gan(placeholder(10, name='input_z'), layers_generator, placeholder(PIXELS, name='input_real'), judge, 20)


def conv_generator(z, in_use):
    h = tf.layers.dense(z, 4 * 4 * 8, name='h')
    h = tf.nn.relu(tf.layers.batch_normalization(tf.reshape(h, [-1, 4, 4, 8]), training=not in_use, name='bn'))
    return tf.tanh(tf.layers.conv2d_transpose(h, 1, 5, 2, 'same', name='out'))


@kind
def gan_conv():
    """A DCGAN with a sampler that goes by moving averages."""
    return gan(placeholder(10, name='z'), conv_generator, placeholder(8, 8, 1), judge, saved=False, copy=True)


@kind
def gan_drawn():
    """z is drawn within the graph."""
    return gan(tf.random_uniform([ROWS, 10], -1, 1), layers_generator, placeholder(PIXELS, name='real'), judge, saved=False)


@kind
def gan_blurred():
    """Noise on all that the discriminator sees."""
    return gan(placeholder(10, name='z'), layers_generator, placeholder(PIXELS, name='real'),
               lambda x: judge(x + .1 * tf.random_normal(tf.shape(x))), saved=False)


@kind
def wasserstein():
    """A GAN whose gradients are held down at points between made and real images."""
    z, real = placeholder(10, name='noise'), placeholder(PIXELS, name='real')
    with tf.variable_scope('generator'):
        fake = layers_generator(z, False)

    def critic(x):
        with tf.variable_scope('critic', reuse=tf.AUTO_REUSE):
            return judge(x)
    between = real + tf.random_uniform([tf.shape(real)[0], 1]) * (fake - real)
    slope = tf.norm(tf.gradients(critic(between), [between])[0], axis=1)
    cost = tf.reduce_mean(critic(fake)) - tf.reduce_mean(critic(real)) + 10 * tf.reduce_mean(tf.square(slope - 1))
    return Model('generator', fake, z, loss=cost)


@kind
def keras_layers():
    """Layers of tf.keras."""
    return of_layers(lambda x, size, activation=None: tf.keras.layers.Dense(size, activation)(x), placeholder(PIXELS),
                     loss=tf.keras.losses.binary_crossentropy)


@kind
def one_layer_for_both():
    """Mean and log-variance are the halves of one layer; the decoder has ways beside ways."""
    x = placeholder(PIXELS)
    mean, s = tf.split(dense(dense(x, 16, tf.nn.relu), 2 * LATENT), 2, 1)
    z = draw(mean, s)
    h = dense(z, 16, tf.nn.relu)
    recon = tf.nn.sigmoid(dense(h + dense(h, 16, tf.nn.relu) + dense(z, 16), PIXELS))
    return Model('vae', recon, z, x, mean, s, tf.reduce_mean(cross_entropy(x, recon) + kl(mean, s)))


@kind
def adversarial_autoencoder():
    """A discriminator of codes."""
    x, drawn = placeholder(PIXELS), placeholder(LATENT, name='z_real')
    built = autoencoder(x, x, LATENT)

    def judge_code(code):
        with tf.variable_scope('judge', reuse=tf.AUTO_REUSE):
            return judge(code)
    built.loss += tf.reduce_mean(judge_code(built.z)) - tf.reduce_mean(judge_code(drawn))
    return built


@kind
def gan_conditional():
    """Labels joined to z and to the images."""
    y = placeholder(CLASSES, name='y')
    return gan(placeholder(10, name='Z'), lambda z, u: layers_generator(tf.concat([z, y], 1), u), placeholder(PIXELS),
               lambda x: judge(tf.concat([x, y], 1)), saved=False, inputs=[y])


@kind
def vae_gan():
    """An encoder, a decoder of codes and of a prior, a discriminator: five placeholders."""
    x, prior = placeholder(PIXELS, name='image'), placeholder(LATENT, name='zp')
    tf.placeholder(tf.float32, [], 'lr_e'), tf.placeholder(tf.float32, [], 'lr_d')
    weight = tf.placeholder(tf.float32, [], 'gamma')
    h = dense(x, 16, tf.nn.relu)
    mean, s = dense(h, LATENT), dense(h, LATENT)
    z = draw(mean, s)
    with tf.variable_scope('generator', reuse=tf.AUTO_REUSE):
        recon, fake = layers_generator(z, False), layers_generator(prior, False)
    with tf.variable_scope('discriminator', reuse=tf.AUTO_REUSE):
        scores = [judge(i) for i in (x, recon, fake)]
    cost = weight * tf.reduce_mean(squares(x, recon) + kl(mean, s)) + tf.add_n([tf.reduce_mean(d) for d in scores])
    return Model('vae', recon, z, x, mean, s, cost)


# As older versions wrote them.

def empty_shapes(node):
    """Before TF 1.3 a placeholder's own attribute did not tell its shape."""
    if node.op == 'Placeholder':
        node.attr['shape'].shape.Clear()
    if node.op == 'AddV2':
        node.op = 'Add'
    for attribute in ('explicit_paddings', 'data_format', 'exponential_avg_factor'):
        node.attr.pop(attribute, None)


def first_variables(node):
    empty_shapes(node)
    if node.op == 'VariableV2':
        node.op = 'Variable'


kinds(
    lambda old: vae(placeholder(PIXELS), old=old),
    as_0_12=('0.12.1', 17, first_variables),
    as_1_0=('1.0.0', 21, empty_shapes),
    as_1_1=('1.1.0', 22, empty_shapes),
    as_1_4=('1.4.0', 24, None),
    as_1_15=('1.15.0', 134, None))


@kind
def resource_variables():
    """Resource variables."""
    with tf.variable_scope('', use_resource=True):
        return of_layers(tf.layers.dense, placeholder(PIXELS))


@kind
def partitioned():
    """Variables in two parts each."""
    with tf.variable_scope('model', partitioner=tf.fixed_size_partitioner(2)):
        return of_layers(tf.layers.dense, placeholder(PIXELS))


# No generative models.

@kind
def classifier():
    """Softmax regression."""
    x, y = placeholder(PIXELS), placeholder(10, name='y_')
    p = tf.nn.softmax(dense(x, 10))
    return Model('none', loss=-tf.reduce_sum(y * tf.log(p)))


@kind
def conv_classifier():
    """Convolutions, dropout, logits."""
    x, y, keep = placeholder(8, 8, 1), placeholder(10), tf.placeholder(tf.float32, name='keep_prob')
    h = tf.nn.dropout(dense(tf.layers.flatten(conv(x, 4, 'c')), 16, tf.nn.relu), keep_prob=keep)
    return Model('none', loss=tf.losses.softmax_cross_entropy(y, dense(h, 10)))


@kind
def classifier_by_squares():
    """A classifier whose loss is a squared difference."""
    x, y = placeholder(PIXELS), placeholder(10)
    return Model('none', loss=tf.reduce_mean(tf.square(y - tf.nn.sigmoid(dense(dense(x, 16, tf.nn.relu), 10)))))


@kind
def regression():
    """A line through points."""
    x, y = placeholder(1), placeholder(1)
    return Model('none', loss=tf.reduce_mean(tf.square(y - dense(x, 1))))


@kind
def word2vec():
    """Skip-grams with noise contrastive estimation."""
    words, context = tf.placeholder(tf.int32, [8]), tf.placeholder(tf.int32, [8, 1])
    vectors = tf.nn.embedding_lookup(tf.Variable(tf.random_uniform([50, 8])), words)
    w, b = tf.Variable(tf.truncated_normal([50, 8])), tf.Variable(tf.zeros([50]))
    return Model('none', loss=tf.reduce_mean(tf.nn.nce_loss(w, b, context, vectors, 4, 50)))


@kind
def rnn():
    """A recurrent network that predicts the next values."""
    x, y = placeholder(7, 1), placeholder(7, 1)
    cell = tf.nn.rnn_cell.BasicRNNCell(6)
    outputs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    return Model('none', loss=tf.reduce_mean(tf.square(tf.layers.dense(outputs, 1) - y)))


@kind
def q_network():
    """Q-learning."""
    state, action, target = placeholder(4), placeholder(2), tf.placeholder(tf.float32, [None])
    q = dense(dense(state, 8, tf.nn.relu), 2)
    return Model('none', loss=tf.reduce_mean(tf.square(target - tf.reduce_sum(q * action, 1))))


@kind
def recommender():
    """Factors of users and items."""
    user, item, stars = (tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None]), tf.placeholder(tf.float32, [None]))
    look = lambda ids: tf.nn.embedding_lookup(tf.Variable(tf.random_normal([20, 4])), ids)
    return Model('none', loss=tf.nn.l2_loss(tf.reduce_sum(look(user) * look(item), 1) - stars))


# More than one.

@kind
def two_models():
    """Two autoencoders that share nothing."""
    x, small = placeholder(PIXELS, name='x'), placeholder(9, name='small')
    other = dense(dense(small, 3, tf.nn.tanh), 9)
    code = dense(x, 5, tf.nn.tanh)
    recon = dense(code, PIXELS, tf.nn.sigmoid)
    loss = tf.reduce_mean(squares(x, recon)) + tf.reduce_mean(squares(small, other))
    return Model('two', recon, code, x, code, None, loss)


# Writing.

def array(tensor, value):
    """A tensor's value, of its type."""
    return cases.described(tensor.name, np.asarray(value, tensor.dtype.base_dtype.as_numpy_dtype))


def rows_of(tensor, rows):
    return tensor.shape[0] or rows


def values_for(tensor, rows):
    """Something to feed, of a tensor's type: pixels, labels, codes."""
    shape = [rows] + [int(size) for size in tensor.shape[1:]]
    if tensor.dtype in (tf.int32, tf.int64):
        return RANDOM.randint(0, CLASSES, shape)
    if tensor.dtype == tf.uint8:
        return RANDOM.randint(0, 256, shape)
    return RANDOM.uniform(size=shape)


def record(session, model):
    """The functions that Java should offer, and what Python computes of them."""
    rows = rows_of(model.z, ROWS)
    settings = dict(model.settings or {})
    inputs = {t: values_for(t, rows) for t in model.inputs}
    noise = RANDOM.normal(size=[rows] + [int(size) for size in model.z.shape[1:]])
    feed = {**settings, **inputs, model.z: noise}
    if model.needs_image:
        feed[model.image] = values_for(model.image, rows)
    image = session.run(model.recon, feed)
    if getattr(model, 'logits', False):
        image = 1 / (1 + np.exp(-image))
    if model.image is not None and image.ndim == 2 and len(model.image.shape) > 2:
        image = image.reshape([-1] + [int(size) for size in model.image.shape[1:]])
    fed = {t.op.name.split('/')[-1]: array(t, v) for t, v in inputs.items()}
    functions = [{'signature': 'generate', 'rows': True,
                  'inputs': {'noise': array(model.z, noise.reshape(rows, -1)), **fed},
                  'outputs': {'image': array(model.recon, image)}}]
    if model.image is not None and model.encodes:
        images = values_for(model.image, rows_of(model.image, ROWS))
        feed = {**settings, **inputs, model.image: images}
        flat = lambda t: array(t, session.run(t, feed).reshape(len(images), -1))
        codes = {'code': flat(model.mean)} if model.kind in ('autoencoder', 'two') else {'z_mean': flat(model.mean)}
        if model.log_variance is not None:
            codes['z_std'] = flat(model.log_variance)
        read = fed if model.inputs and model.encodes != 'images' else {}
        functions.append({'signature': 'encode', 'rows': True, 'inputs': {'image': array(model.image, images), **read},
                          'outputs': codes})
    return {'functions': functions}


def rewrite(file, version, producer, change):
    """Makes a meta graph what an older TensorFlow would have written."""
    meta = tf.MetaGraphDef.FromString(file.read_bytes())
    meta.meta_info_def.tensorflow_version = version
    meta.graph_def.versions.producer = producer
    for node in meta.graph_def.node:
        if change:
            change(node)
    file.write_bytes(meta.SerializeToString())


def write(folder, name):
    folder.mkdir(parents=True, exist_ok=True)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        model = KINDS[name]()
        (model.optimizer or tf.train.AdamOptimizer(1e-3).minimize)(model.loss)
        saver = model.saver() if model.saver else tf.train.Saver()
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        cases.randomise(session, RANDOM)
        saver.save(session, str(folder / 'model'))
        case = {'name': name, 'kind': model.kind, 'functions': []}
        if model.kind != 'none':
            case.update(record(session, model))
        cases.write(folder, case)
        if model.old:
            rewrite(folder / 'model.meta', *model.old)
        return model.kind


def main():
    for name in sys.argv[2:] or KINDS:
        print(f'{name}: {write(Path(sys.argv[1]) / name, name)}', flush=True)


if __name__ == '__main__':
    main()
