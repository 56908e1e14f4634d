"""Writes TF1 checkpoints of many kinds of VAE, for the Java program's import-meta to read.

usage: make_tf1_models.py DIR [VARIANT...]

For each variant DIR/<variant>/ gets model.meta, the checkpoint `model`, the file `checkpoint`, and
what Python computes with it, as CSV without a header:
  noise.csv [6, latent]   points given to the decoder in the place of z
  decoded.csv [6, n]      their images
  x.csv [4, n]            MNIST test images, whole or (n = 49) shrunk to 7x7
  epsilon.csv, recon.csv  noise for the op epsilon, where there is one, and the images with it
  z_mean.csv, z_std.csv   their codes [4, latent]: mean and log-variance, however the graph has it
  facts.txt               variables=..., trainable=..., latent=..., and where the decoder is two
                          dense layers, move=... : first weight, its bias, second weight, its bias;
                          set=... : what placeholders beside X need, as --set takes it
DIR/bad_<name>/ holds what can't be imported, and no values.

Exit code: 0 done; 3 a file of MNIST is missing or corrupt.
"""
import sys
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Optional, Sequence

import numpy as np

from checks import first_session
from tutorial_tf1 import (TRAIN_IMAGES, build_vae, decoder, encoder, glorot_init, mini_batches,
                          read_images, tf, vae_loss)

MNIST = Path(__file__).resolve().parents[2] / 'mnist'
TEST_IMAGES = 't10k-images-idx3-ubyte.gz'
PIXELS, HIDDEN, LATENT = 49, 16, 3  # of the small variants
BATCH, STEPS = 16, 5


class Model(NamedTuple):
    """A VAE in the default graph, whatever way it was built."""
    X: tf.Tensor
    z_mean: tf.Tensor
    log_variance: tf.Tensor
    z: tf.Tensor
    recon: tf.Tensor
    loss: tf.Tensor
    train_op: tf.Operation
    dense: Sequence[tf.Variable] = ()    # of a decoder of two dense layers: weight, bias, twice
    batch: Optional[tf.Tensor] = None    # images from the graph's own queue
    feed: dict = {}                      # what training feeds beside X
    settings: dict = {}                  # what everything else feeds beside X or z
    saver: Optional[Any] = None          # tf.train.Saver() where it is None


# The model in parts, for the variants to put together.

def shapes(num_input=PIXELS, hidden_dim=HIDDEN, latent_dim=LATENT):
    """Of the tutorial's weights and biases, in its order."""
    return ({'encoder_h1': [num_input, hidden_dim], 'z_mean': [hidden_dim, latent_dim],
             'z_std': [hidden_dim, latent_dim], 'decoder_h1': [latent_dim, hidden_dim],
             'decoder_out': [hidden_dim, num_input]},
            {'encoder_b1': [hidden_dim], 'z_mean': [latent_dim], 'z_std': [latent_dim],
             'decoder_b1': [hidden_dim], 'decoder_out': [num_input]})


def parameters(*sizes, variable=tf.Variable):
    """The tutorial's variables in its order, made by `variable`."""
    return [{name: variable(glorot_init(shape)) for name, shape in part.items()}
            for part in shapes(*sizes)]


def images(num_input=PIXELS):
    return tf.placeholder(tf.float32, shape=[None, num_input], name='X')


def noise(like):
    return tf.random_normal(tf.shape(like), dtype=tf.float32, mean=0, stddev=1.0, name='epsilon')


def sampler(z_mean, z_std):
    """The tutorial's. Every sampler returns z and the log-variance."""
    return z_mean + tf.exp(z_std / 2) * noise(z_std), z_std


def vae(weights, biases, X, sampler=sampler, optimizer=None):
    """The tutorial's model of given variables, images, sampler and optimizer."""
    z_mean, z_std = encoder(X, weights, biases)
    z, log_variance = sampler(z_mean, z_std)
    recon, _ = decoder(z, weights, biases)
    return trained(X, z_mean, log_variance, z, recon, dense_layers(weights, biases), optimizer)


def trained(X, z_mean, log_variance, z, recon, dense=(), optimizer=None, **others):
    """Adds the loss, the optimizer, which fills the collection train_op, and recon's collection."""
    optimizer = optimizer or tf.train.RMSPropOptimizer(0.01).minimize
    loss = vae_loss(recon, X, z_mean, log_variance)
    train_op = optimizer(loss)
    tf.add_to_collection('recon', recon)
    return Model(X, z_mean, log_variance, z, recon, loss, train_op, dense, **others)


def dense_layers(weights, biases):
    return (weights['decoder_h1'], biases['decoder_b1'],
            weights['decoder_out'], biases['decoder_out'])


# The variants. Each builds its model in the empty default graph; DIR/<variant> is the folder.

def tutorial(_):
    """The tutorial's model and sizes."""
    built = build_vae(784, 512, 2, learning_rate=0.001)
    dense = [tf.trainable_variables()[i] for i in (3, 8, 4, 9)]
    return Model(built.X, built.z_mean, built.z_std, built.z, built.recon, built.loss,
                 built.train_op, dense)


def resource(_):
    """Resource variables, as TF1 came to prefer them."""
    return vae(*parameters(variable=partial(tf.Variable, use_resource=True)), images())


def widths(_):
    """Other sizes: 784-40-5."""
    return vae(*parameters(784, 40, 5), images(784))


def order(_):
    """Variables made in another order: the decoder's first, and biases before weights."""
    biases, weights = ({name: tf.Variable(glorot_init(shape))
                        for name, shape in reversed(list(part.items()))}
                       for part in reversed(shapes()))
    return vae(weights, biases, images())


def deep(_):
    """Two hidden layers on each side, with relu and sigmoid."""
    def layer(x, width):
        weight = tf.Variable(glorot_init([x.shape[1].value, width]))
        return tf.matmul(x, weight) + tf.Variable(glorot_init([width]))

    X = images()
    encoder = tf.nn.relu(layer(X, 24))
    encoder = tf.nn.sigmoid(layer(encoder, HIDDEN))
    z_mean, z_std = layer(encoder, LATENT), layer(encoder, LATENT)
    z, _ = sampler(z_mean, z_std)
    decoder = tf.nn.sigmoid(layer(z, HIDDEN))
    decoder = tf.nn.relu(layer(decoder, 24))
    recon = tf.nn.sigmoid(layer(decoder, PIXELS))
    return trained(X, z_mean, z_std, z, recon)


def sgd(_):
    """Plain gradient descent: no slots."""
    return vae(*parameters(), images(),
               optimizer=tf.train.GradientDescentOptimizer(0.001).minimize)


def adam(_):
    """Adam with a global step: scalars among the variables, one of them int64."""
    step = tf.train.get_or_create_global_step()
    return vae(*parameters(), images(),
               optimizer=partial(tf.train.AdamOptimizer(0.01).minimize, global_step=step))


def trainable_only(_):
    """A checkpoint without slots, of a graph with slots."""
    model = vae(*parameters(), images())
    return model._replace(saver=tf.train.Saver(tf.trainable_variables()))


def v1(_):
    """The first format of checkpoints: one file `model`, no index."""
    model = vae(*parameters(), images())
    return model._replace(saver=tf.train.Saver(write_version=tf.train.SaverDef.V1))


def sharded(_):
    """A checkpoint in two files: of the encoder on one device, of the decoder on another."""
    parts = ({}, {})
    for made, part in zip(parts, shapes()):
        for name, shape in part.items():
            with tf.device('/cpu:1' if name.startswith('decoder') else '/cpu:0'):
                made[name] = tf.Variable(glorot_init(shape))
    return vae(*parts, images())._replace(saver=tf.train.Saver(sharded=True))


def renamed(_):
    """Keys in the checkpoint that are not the variables' names."""
    weights, biases = parameters()
    model = vae(weights, biases, images())
    keys = {f'enc/{name}/w': variable for name, variable in weights.items()}
    keys.update((f'enc/{name}/b', variable) for name, variable in biases.items())
    return model._replace(saver=tf.train.Saver(keys))


def pinned(_):
    """All of it on a GPU that need not be there; the decoder beside the encoder's z_mean."""
    with tf.device('/device:GPU:0'):
        weights, biases = parameters()
        X = images()
        z_mean, z_std = encoder(X, weights, biases)
        z, _ = sampler(z_mean, z_std)
        with tf.colocate_with(z_mean):
            recon, _ = decoder(z, weights, biases)
        return trained(X, z_mean, z_std, z, recon, dense_layers(weights, biases))


def pipeline(folder):
    """The tutorial's training program: images from a list of PNGs, through queues, into X."""
    input_image, _ = read_png_images(write_png_images(folder), BATCH)
    return vae(*parameters(784), images(784))._replace(batch=input_image)


def batch_x(folder):
    """No placeholder: X is a reshape of what the queue gives, 16 images and no other number."""
    input_image, _ = read_png_images(write_png_images(folder), BATCH)
    X = tf.reshape(input_image, [-1, 784], name='X')
    return vae(*parameters(784), X)._replace(batch=input_image)


def unnamed(_):
    """A placeholder without a name, and noise without one: no op is called X or epsilon."""
    def sampler(z_mean, z_std):
        return z_mean + tf.exp(z_std / 2) * tf.random_normal(tf.shape(z_std)), z_std
    return vae(*parameters(), tf.placeholder(tf.float32, [None, PIXELS]), sampler)


def named_scopes(_, partitioner=None):
    """Variables by get_variable in scopes, and layers with bias_add."""
    def layer(x, name, width):
        with tf.variable_scope(name, partitioner=partitioner):
            weight = tf.get_variable('weight', [x.shape[1].value, width])
            bias = tf.get_variable('bias', [width], initializer=tf.random_normal_initializer())
            variables.extend([weight, bias])
            return tf.nn.bias_add(tf.matmul(x, weight), bias)

    variables = []
    X = images()
    with tf.variable_scope('encoder'):
        hidden = tf.nn.tanh(layer(X, 'h1', HIDDEN))
        z_mean, z_std = layer(hidden, 'z_mean', LATENT), layer(hidden, 'z_std', LATENT)
    with tf.name_scope('sampler'):
        z, _ = sampler(z_mean, z_std)
    with tf.variable_scope('decoder'):
        hidden = tf.nn.tanh(layer(z, 'h1', HIDDEN))
        recon = tf.nn.sigmoid(layer(hidden, 'out', PIXELS), name='recon')
    return trained(X, z_mean, z_std, z, recon, () if partitioner else variables[-4:])


def partitioned(_):
    """The same with each variable in two parts, which the checkpoint holds as one."""
    return named_scopes(_, tf.fixed_size_partitioner(2))


def log_sigma(_):
    """The encoder's second output is the logarithm of sigma, not of its square."""
    def sampler(z_mean, log_sigma):
        return z_mean + tf.exp(log_sigma) * noise(log_sigma), 2 * log_sigma
    return vae(*parameters(), images(), sampler)


def half(_):
    """exp(0.5 * logvar) in the place of exp(z_std / 2)."""
    def sampler(z_mean, logvar):
        return z_mean + tf.exp(0.5 * logvar) * noise(logvar), logvar
    return vae(*parameters(), images(), sampler)


def softplus(_):
    """sigma is softplus of the encoder's second output."""
    def sampler(z_mean, s):
        sigma = tf.nn.softplus(s)
        return z_mean + sigma * noise(s), 2 * tf.log(sigma)
    return vae(*parameters(), images(), sampler)


def signed(_):
    """sigma is the encoder's second output as it is, which may be negative: noise has no sign."""
    def sampler(z_mean, s):
        return z_mean + s * noise(s), tf.log(tf.square(s))
    return vae(*parameters(), images(), sampler)


def distribution(_):
    """z from tf.distributions, which reshapes its draws."""
    def sampler(z_mean, z_std):
        return tf.distributions.Normal(z_mean, tf.exp(z_std / 2)).sample(), z_std
    return vae(*parameters(), images(), sampler)


def checked(_):
    """Decoder and encoder wait for assertions about the images."""
    weights, biases = parameters()
    X = images()
    bright = tf.Assert(tf.reduce_all(X <= 1), [X])
    z_mean, z_std = encoder(X, weights, biases)
    z, _ = sampler(z_mean, z_std)
    with tf.control_dependencies([bright]):
        recon, _ = decoder(z, weights, biases)
    return trained(X, z_mean, z_std, z, recon, dense_layers(weights, biases))


def scanned(_):
    """A decoder with a while loop."""
    weights, biases = parameters()
    X = images()
    z_mean, z_std = encoder(X, weights, biases)
    z, _ = sampler(z_mean, z_std)
    hidden = tf.nn.tanh(tf.matmul(z, weights['decoder_h1']) + biases['decoder_b1'])
    _, hidden = tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, tf.nn.tanh(2 * h)),
                              [tf.constant(0), hidden])
    recon = tf.nn.sigmoid(tf.matmul(hidden, weights['decoder_out']) + biases['decoder_out'])
    return trained(X, z_mean, z_std, z, recon)


def swapped(_):
    """The operands of the sampler's product and sum the other way round."""
    def sampler(z_mean, z_std):
        return noise(z_std) * tf.exp(z_std / 2) + z_mean, z_std
    return vae(*parameters(), images(), sampler)


def dropped(keep_prob, after=lambda h: h, **more):
    """Dropout, random too, before and after the sampler."""
    weights, biases = parameters()
    X = images()

    def hidden(x, weight, bias):
        return after(tf.nn.dropout(tf.nn.tanh(tf.matmul(x, weight) + bias), keep_prob))
    h = hidden(X, weights['encoder_h1'], biases['encoder_b1'])
    z_mean = tf.matmul(h, weights['z_mean']) + biases['z_mean']
    z_std = tf.matmul(h, weights['z_std']) + biases['z_std']
    z, _ = sampler(z_mean, z_std)
    h = hidden(z, weights['decoder_h1'], biases['decoder_b1'])
    recon = tf.nn.sigmoid(tf.matmul(h, weights['decoder_out']) + biases['decoder_out'])
    return trained(X, z_mean, z_std, z, recon, **more)


def dropout(_):
    """All is kept unless training says less."""
    keep_prob = tf.placeholder_with_default(1.0, shape=[], name='keep_prob')
    return dropped(keep_prob, feed={keep_prob: 0.8})


def fed(_):
    """Dropout whose keep_prob, and a condition whose is_training, are placeholders to be fed."""
    keep_prob = tf.placeholder(tf.float32, name='keep_prob')
    is_training = tf.placeholder(tf.bool, name='is_training')
    return dropped(keep_prob, lambda h: tf.cond(is_training, lambda: 0.9 * h, lambda: h),
                   feed={keep_prob: 0.8, is_training: True},
                   settings={keep_prob: 1, is_training: False})


def truncated(_):
    """Noise from a truncated normal distribution."""
    def sampler(z_mean, z_std):
        return z_mean + tf.exp(z_std / 2) * tf.truncated_normal(tf.shape(z_std)), z_std
    return vae(*parameters(), images(), sampler)


# What can't be imported.

def bad_no_recon(folder):
    """A VAE without the collection recon."""
    vae(*parameters(), images())
    tf.get_collection_ref('recon').clear()
    save_untrained(folder)


def bad_no_sampler(folder):
    """An autoencoder: no noise between the image and recon."""
    weights, biases = parameters()
    X = images()
    z_mean, _ = encoder(X, weights, biases)
    recon, _ = decoder(z_mean, weights, biases)
    tf.add_to_collection('recon', recon)
    tf.train.RMSPropOptimizer(0.01).minimize(tf.reduce_mean(tf.square(recon - X)))
    save_untrained(folder)


def bad_mismatch(folder):
    """The graph of one width with the checkpoint of another."""
    vae(*parameters(PIXELS, HIDDEN + 4), images())
    save_untrained(folder)
    tf.reset_default_graph()
    vae(*parameters(), images())
    saver = tf.train.Saver()
    saver.export_meta_graph(str(folder / 'model.meta'))


VARIANTS = {make.__name__: make for make in (
    tutorial, resource, widths, order, deep, sgd, adam, trainable_only, v1, sharded, renamed,
    pinned, pipeline, batch_x, unnamed, named_scopes, log_sigma, half, softplus, signed,
    distribution, checked, scanned, swapped,
    partitioned, dropout, fed, truncated)}
BAD = {make.__name__: make for make in (bad_no_recon, bad_no_sampler, bad_mismatch)}


# Images, training and files.

def write_png_images(folder):
    """Writes 64 training images as PNGs and their list, a path and a label a line."""
    pixels = read_images(MNIST / TRAIN_IMAGES)[:64].reshape(-1, 28, 28, 1)
    (folder / 'images').mkdir(exist_ok=True)
    paths = [folder / 'images' / f'{i}.png' for i in range(len(pixels))]
    with tf.Graph().as_default(), session() as sess:
        given = tf.placeholder(tf.uint8, [28, 28, 1])
        png = tf.image.encode_png(given)
        for path, image in zip(paths, pixels):
            path.write_bytes(sess.run(png, {given: image}))
    listed = folder / 'train_labels.txt'
    listed.write_text(''.join(f'{path} {i % 10}\n' for i, path in enumerate(paths)))
    return listed


def read_png_images(listed, batch_size):
    """The tutorial's read_images: a batch of images and labels from the list, through queues."""
    lines = [line.rsplit(' ', 1) for line in listed.read_text().splitlines()]
    image_path, label = tf.train.slice_input_producer(
        [tf.convert_to_tensor([path for path, _ in lines], dtype=tf.string),
         tf.convert_to_tensor([int(label) for _, label in lines], dtype=tf.int32)], shuffle=True)
    image = tf.image.decode_png(tf.read_file(image_path), channels=1)
    image = tf.cast(tf.reshape(image, [784]), tf.float32) / 255.0
    return tf.train.batch([image, label], batch_size=batch_size)


def shrunk(pixels, num_input):
    """MNIST's images as they are, or shrunk to 7x7 by averages."""
    if num_input == 784:
        return pixels
    return pixels.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4)).reshape(-1, PIXELS).astype(np.uint8)


def session():
    """On two CPU devices, for `sharded`, and without the GPU that `pinned` asks for."""
    return tf.Session(config=tf.ConfigProto(
        device_count={'CPU': 2, 'GPU': 0}, allow_soft_placement=True,
        intra_op_parallelism_threads=1, inter_op_parallelism_threads=2))


def train(sess, model, batches):
    """Takes a few steps; returns the loss at the first and at the last."""
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess=sess, coord=coord)
    losses = []
    for _ in range(STEPS):
        x = next(batches) if model.batch is None else sess.run(model.batch)
        _, loss = sess.run([model.train_op, model.loss], {model.X: x, **model.feed})
        losses.append(loss)
    coord.request_stop()
    coord.join(threads)
    return losses[0], losses[-1]


def save_untrained(folder):
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        tf.train.Saver().save(sess, str(folder / 'model'))


def compute(sess, settings, result, tensor, rows):
    """Feeds rows to a tensor, filled up with zeros where it takes one number of rows only."""
    fixed = tensor.shape[0].value or len(rows)
    fed = np.vstack([rows, np.zeros([fixed - len(rows), rows.shape[1]], rows.dtype)])
    return sess.run(result, {tensor: fed, **settings})[:len(rows)]


def save(folder, model, train_images, test_images):
    """Trains a model, saves it, and writes what it computes; returns a line about it."""
    latent, num_input = model.z.shape[1].value, model.X.shape[1].value
    batches = mini_batches(shrunk(train_images, num_input), BATCH, seed=1)
    saver = model.saver or tf.train.Saver()
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        first, last = train(sess, model, batches)
        prefix = saver.save(sess, str(folder / 'model'))

        values = {'noise': np.random.default_rng(1).normal(size=[6, latent]).astype(np.float32),
                  'x': shrunk(test_images[:4], num_input).astype(np.float32) / np.float32(255)}
        unseen = np.zeros([model.X.shape[0].value or 1, num_input])  # asked for by `checked` alone
        values['decoded'] = compute(sess, {**model.settings, model.X: unseen}, model.recon,
                                    model.z, values['noise'])
        values['z_mean'] = compute(sess, model.settings, model.z_mean, model.X, values['x'])
        values['z_std'] = compute(sess, model.settings, model.log_variance, model.X, values['x'])
        if model.X.op.type == 'Placeholder' and has_epsilon():
            values['epsilon'] = values['noise'][:4]
            values['recon'] = sess.run(model.recon, {model.X: values['x'], **model.settings,
                                                     'epsilon:0': values['epsilon']})
    for name, array in values.items():
        np.savetxt(folder / f'{name}.csv', array, fmt='%.9g', delimiter=',')  # exact for float32
    saved = len(tf.train.list_variables(prefix))
    (folder / 'facts.txt').write_text(facts(model, saved, latent))
    return f'{saved} variables, loss {first:.1f} to {last:.1f}'


def has_epsilon():
    return any(op.name == 'epsilon' for op in tf.get_default_graph().get_operations())


def facts(model, saved, latent):
    trainable = tf.trainable_variables()
    lines = [f'variables={saved}', f'trainable={len(trainable)}', f'latent={latent}']
    if model.dense:
        places = [next(i for i, v in enumerate(trainable) if v is made) for made in model.dense]
        lines.append('move=' + ', '.join(f'a[{i}]' for i in places))
    if model.settings:
        lines.append('set=' + ' '.join(f'{p.op.name}={v}' for p, v in model.settings.items()))
    return ''.join(line + '\n' for line in lines)


def main():
    folder, names = Path(sys.argv[1]).resolve(), sys.argv[2:] or [*VARIANTS, *BAD]
    try:
        train_images = read_images(MNIST / TRAIN_IMAGES)
        test_images = read_images(MNIST / TEST_IMAGES)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 3
    first_session()
    for name in names:
        made = folder / name
        made.mkdir(parents=True, exist_ok=True)
        tf.reset_default_graph()
        tf.set_random_seed(1)
        if name in BAD:
            BAD[name](made)
            print(f'{name}: saved', flush=True)
        else:
            print(f'{name}: {save(made, VARIANTS[name](made), train_images, test_images)}', flush=True)
    return 0


if __name__ == '__main__':
    sys.exit(main())
