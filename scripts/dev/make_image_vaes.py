"""Writes small convolutional VAEs of TF1, for images of several shapes, and images for them.

usage: make_image_vaes.py DIR [NAME...]

DIR/<name>/ holds one, trained a little on soft discs:
  saved/             its SavedModel, with the signatures encode, generate and serving_default;
                     a generator's with generate alone, an autoencoder's encode gives a code
  list.txt           20 PNG files with labels
  images.idx         the same as IDX, gzipped
  codes.csv          what Python encodes them to: z_mean, z_std, the logarithm of the variance
  generated.csv      what Python makes of the z_mean
"""

import gzip
import os
import struct
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_USE_LEGACY_KERAS"] = "1"  # tf.layers, as TF1 had them.

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

tf1 = tf.compat.v1
IMAGES = 20
BATCH = 48  # A multiple of the fixed batch.
STEPS = 250


def discs(count, shape, random):
    """Soft discs on a ground that changes from left to right; in colour their hue goes with y."""
    height, width = shape[:2]
    channels = shape[2] if len(shape) == 3 else 1
    y, x = np.mgrid[:height, :width]
    images = np.zeros((count, height, width, channels), np.uint8)
    for image in images:
        centre = random.uniform(0.2, 0.8, 2)
        disc = np.exp(-(((y / height - centre[0]) ** 2 + (x / width - centre[1]) ** 2) / 0.02))
        for channel in range(channels):
            hue = 1 if channels == 1 else max(0, 1 - 2 * abs(centre[0] - 0.2 - 0.3 * channel))
            ground = 0 if channels == 1 else [0.3, 0.1, 0.0][channel] * x / width
            image[..., channel] = np.round(255 * np.clip(ground + hue * disc, 0, 1))
    return images.reshape((count,) + tuple(shape))


def encoder(x, shape, latent):
    with tf1.variable_scope("encoder", reuse=tf1.AUTO_REUSE):
        y = tf.reshape(x, [-1, shape[0], shape[1], shape[2] if len(shape) == 3 else 1])
        y = tf1.layers.conv2d(y, 8, 4, 2, "same", activation=tf.nn.relu, name="conv1")
        y = tf1.layers.conv2d(y, 16, 4, 2, "same", activation=tf.nn.relu, name="conv2")
        y = tf1.layers.flatten(y)
        return [tf1.layers.dense(y, latent, name=name) for name in ("mean", "log_variance")]


def decoder(z, shape, name):
    channels = shape[2] if len(shape) == 3 else 1
    with tf1.variable_scope("decoder", reuse=tf1.AUTO_REUSE):
        y = tf1.layers.dense(z, shape[0] // 4 * (shape[1] // 4) * 16, tf.nn.relu, name="dense")
        y = tf.reshape(y, [-1, shape[0] // 4, shape[1] // 4, 16])
        y = tf1.layers.conv2d_transpose(y, 8, 4, 2, "same", activation=tf.nn.relu, name="conv1")
        y = tf1.layers.conv2d_transpose(y, channels, 4, 2, "same", name="conv2")
        y = tf.reshape(y, [-1] + list(shape))
    return y, tf.sigmoid(y, name)


def write(folder, name, shape, batch=None, tanh=False, latent=2, kind="vae", steps=STEPS):
    random = np.random.RandomState(1)
    base = os.path.join(folder, name)
    os.makedirs(os.path.join(base, "images"))
    with tf.Graph().as_default():
        tf1.set_random_seed(1)
        x = tf1.placeholder(tf.float32, [batch] + list(shape), "image")
        z = tf1.placeholder(tf.float32, [batch, latent], "noise")
        mean, log_variance = encoder(x, shape, latent)
        drawn = mean + tf.exp(log_variance / 2) * tf.random.normal(tf.shape(mean))
        logits, recon = decoder(drawn, shape, "recon")
        _, image = decoder(z, shape, "generated")
        loss = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits))
        loss -= 0.5 * tf.reduce_sum(1 + log_variance - mean**2 - tf.exp(log_variance))
        step = tf1.train.AdamOptimizer(0.01).minimize(loss / BATCH)
        if tanh:  # The same image in [-1, 1]: σ(l) = (tanh(l/2) + 1) / 2.
            image = tf.subtract(2 * image, 1, "signed")
        if batch:  # Reshaping has lost it.
            mean, log_variance, recon, image = (
                tf.ensure_shape(each, [batch] + each.shape.as_list()[1:])
                for each in (mean, log_variance, recon, image)
            )
        with tf1.Session() as session:
            session.run(tf1.global_variables_initializer())
            for _ in range(steps):
                session.run(step, {x: discs(batch or BATCH, shape, random) / np.float32(255)})
            images = discs(IMAGES, shape, random)
            codes = rows(session, [mean, log_variance], x, images / np.float32(255), batch)
            generated = rows(session, [image], z, codes[0], batch)[0]
            define = tf1.saved_model.predict_signature_def
            signatures = {"generate": define({"noise": z}, {"image": image})}
            if kind != "generator":
                posterior = {"z_mean": mean, "z_std": log_variance}
                code = posterior if kind == "vae" else {"code": mean}
                signatures["encode"] = define({"image": x}, code)
                signatures["serving_default"] = define({"image": x}, {"recon": recon})
            builder = tf1.saved_model.Builder(os.path.join(base, "saved"))
            builder.add_meta_graph_and_variables(
                session,
                [tf.saved_model.SERVING],
                signatures,
            )
            builder.save()
    np.savetxt(os.path.join(base, "codes.csv"), np.concatenate(codes, 1), "%.9g", ",")
    np.savetxt(os.path.join(base, "generated.csv"), generated.reshape(IMAGES, -1), "%.9g", ",")
    with gzip.open(os.path.join(base, "images.idx"), "wb") as file:
        file.write(struct.pack(">%di" % (images.ndim + 1), 0x0800 + images.ndim, *images.shape))
        file.write(images.tobytes())
    with open(os.path.join(base, "list.txt"), "w") as file:
        for i, each in enumerate(images):
            pixels = each if each.ndim == 3 else each[..., None]
            tf.io.write_file(os.path.join(base, "images", "%d.png" % i), tf.io.encode_png(pixels))
            file.write("images/%d.png %d\n" % (i, i % 10))


def rows(session, outputs, placeholder, values, batch):
    """Computes all rows, those of a fixed batch in as many as it takes."""
    if not batch:
        return session.run(outputs, {placeholder: values})
    short = -len(values) % batch
    filled = np.concatenate([values, np.zeros((short,) + values.shape[1:], np.float32)])
    parts = [
        session.run(outputs, {placeholder: filled[i : i + batch]})
        for i in range(0, len(filled), batch)
    ]
    return [np.concatenate(each)[: len(values)] for each in zip(*parts)]


MODELS = {
    "colour": dict(shape=[32, 32, 3]),
    "grey": dict(shape=[28, 28, 1]),
    "flat_grey": dict(shape=[28, 28]),
    "batch_of_16": dict(shape=[28, 28, 1], batch=16),
    "wide": dict(shape=[20, 28, 3], tanh=True),
    "five": dict(shape=[32, 32, 3], latent=5),
    "generator": dict(shape=[32, 32, 3], tanh=True, latent=100, kind="generator"),
    "autoencoder": dict(shape=[28, 28, 1], kind="autoencoder"),
    "large": dict(shape=[136, 132, 3], steps=1),
}


def main():
    for name in sys.argv[2:] or MODELS:
        write(sys.argv[1], name, **MODELS[name])


if __name__ == "__main__":
    main()
