"""The tutorial's own way: Python's TF1 graph and session, a feed_dict a step.

The graph is that of scripts/dev/tutorial_tf1.py, with the literal loss and TensorFlow's threads.
"""
import os
import sys
from pathlib import Path

import numpy as np

import common

# TensorFlow's own default on newer processors, a third quicker on those without VNNI too.
os.environ.setdefault('TF_ENABLE_ONEDNN_OPTS', '1')

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'dev'))


def peer(args):
    import tutorial_tf1
    tf = tutorial_tf1.tf
    config = tf.ConfigProto()
    if args.threads:
        config.intra_op_parallelism_threads = config.inter_op_parallelism_threads = args.threads

    class Tf1Feed:
        def __init__(self, images, batch, seed):
            self.images = images
            tf.set_random_seed(seed)
            vae = self.vae = tutorial_tf1.build_vae(
                common.PIXELS, common.HIDDEN, common.LATENT, common.LEARNING_RATE)
            self.session = tf.Session(config=config)
            self.session.run(tf.global_variables_initializer())
            # make_callable checks names and types once; session.run, at every call
            self.train = self.session.make_callable([vae.loss, vae.train_op], [vae.X])
            self.decode = self.session.make_callable(vae.generate, [vae.noise_input])
            self.encode = self.session.make_callable([vae.z_mean, vae.z_std], [vae.X])

        def steps(self, indices):
            for row in indices:
                loss, _ = self.train(self.images[row].astype(np.float32) / np.float32(255))
            return loss

        def save(self, folder):
            tf.train.Saver().save(self.session, str(folder / 'VAE_mnist'))

    return Tf1Feed


if __name__ == '__main__':
    common.main(__doc__, peer)
