"""Checks that TensorBoard reads the events that a training wrote.

FOLDER is what `train --tensorboard` was given. TensorBoard's own reader must find the curves, with a
value at each of the steps given, and a picture of the latent plane at each, which TensorFlow must be
able to decode. Prints `TAG STEP VALUE` for each number.

Exit code: 0 all checks passed; 1 some failed; 2 usage.
"""
import argparse
import sys

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from checks import Checks, tf

SCALARS = ['loss', 'loss/kl', 'loss/reconstruction', 'loss/validation', 'steps_per_second']


def main():
    parser = argparse.ArgumentParser(description='Checks events for TensorBoard.')
    parser.add_argument('folder')
    parser.add_argument('steps', type=int, nargs='+')
    args = parser.parse_args()
    checks = Checks(0)
    events = EventAccumulator(args.folder, size_guidance={'images': 0, 'scalars': 0})
    events.Reload()
    checks.equal('curves', SCALARS, sorted(events.Tags()['scalars']))
    for tag in SCALARS:
        values = events.Scalars(tag)
        checks.equal(f'steps of {tag}', args.steps, [value.step for value in values])
        for value in values:
            print(tag, value.step, repr(value.value))
    images = events.Images('manifold')
    checks.equal('steps of manifold', args.steps, [image.step for image in images])
    for image in images:
        pixels = tf.io.decode_png(image.encoded_image_string).numpy()
        checks.equal('size', (560, 560, 3), pixels.shape)
        checks.report('not of one colour', np.ptp(pixels) > 100, f'{np.ptp(pixels)} levels')
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
