"""Shows `score` photos of digits, and has a classifier read what the model then sees.

The photos are made of MNIST's test images: drawn by pen, pencil, marker or chalk, anywhere on paper or on a board, in
light that falls from one side, with shadows, ruled lines or a table's edge, with noise and blur, in three sizes, one of
which is stored lying, as cameras do (Exif orientation 6). The classifier is judge_digits.py's.

Exit code: 0 judged; 2 usage; 3 `score` failed.
"""
import argparse
import collections
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')  # read when TensorFlow is imported

import numpy as np
from PIL import Image, ImageFilter

import judge_digits

SIZES = {'small': (600, 800), 'phone': (4000, 3000), 'portrait': (3024, 4032)}
INKS = {'pen': (.1, .12, .35), 'pencil': (.5, .5, .5), 'marker': (.05, .05, .05), 'shadow': (.1, .1, .3),
        'lined': (.1, .1, .4), 'table': (.1, .1, .3), 'board': (.7, .7, .65)}
SCALE = GAP = 6  # of the picture that `score` writes


def strokes(digit, size):
    """A test image enlarged, its edges as sharp as a pen's."""
    enlarged = Image.fromarray(digit).resize((size, size), Image.BICUBIC)
    return np.clip((np.asarray(enlarged, float) / 255 - .5) * 4 + .5, 0, 1)


def photo(kind, width, height, digit, random):
    longest = max(width, height)
    size = min(int(longest * random.uniform(.12, .5)), int(min(width, height) * .7))
    margin = .13 if kind == 'table' else .02
    left, top = (int(side * margin + random.uniform() * max(0, side * (1 - 2 * margin) - size))
                 for side in (width, height))
    mask = np.zeros((height, width, 1), np.float32)
    mask[top:top + size, left:left + size, 0] = strokes(digit, size)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = y / height - .5, x / width - .5
    angle = random.uniform(0, 2 * np.pi)
    light = .75 + .4 * random.uniform(.3, 1) * (np.cos(angle) * x + np.sin(angle) * y)
    ground = np.empty((height, width, 3), np.float32)
    ground[:] = (.18, .25, .2) if kind == 'board' else (.95, .93, .88)
    if kind == 'lined':
        for row in range(longest // 36, height, longest // 18):
            ground[row:row + max(1, longest // 500)] = (.72, .8, .9)
    if kind == 'table':
        wide = random.uniform(.02, .12) - .5
        ground[[y < wide, -y < wide, x < wide, -x < wide][random.integers(4)]] = (.35, .22, .12)
    if kind == 'shadow':
        dark = np.cos(angle + 1) * x + np.sin(angle + 1) * y > random.uniform(-.2, .2)
        soft = Image.fromarray((255 * dark).astype(np.uint8)).filter(ImageFilter.GaussianBlur(longest / 60))
        light *= 1 - .45 * np.asarray(soft, np.float32) / 255
    picture = (ground * (1 - mask) + np.array(INKS[kind], np.float32) * mask) * light[..., None]
    picture += random.normal(0, .02, picture.shape)
    pixels = (np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(longest / 1500))


def write(picture, file, lying):
    exif = Image.Exif()
    if lying:
        picture = picture.transpose(Image.ROTATE_90)
        exif[0x0112] = 6
    picture.save(file, quality=88, exif=exif)


def seen(model, mnist, files, work):
    """What the model saw of each photo, cut out of the picture that `score` writes."""
    out = work / 'scored.png'
    command = [judge_digits.ROOT / 'scripts/vae', 'score', '--saved-model', model, '--mnist', mnist, '--out', out, *files]
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit(3)
    picture = np.asarray(Image.open(out).convert('L'))
    cell = 28 * SCALE + GAP
    return np.stack([picture[GAP + i * cell:, GAP:][:28 * SCALE:SCALE, :28 * SCALE:SCALE] for i in range(len(files))])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('model', type=Path, help='the folder of a model of MNIST')
    parser.add_argument('--rounds', type=int, default=5, help='of 21 photos each')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--mnist', type=Path, default=judge_digits.ROOT / 'mnist')
    given = parser.parse_args()
    classifier, accuracy = judge_digits.train(given.mnist)
    print(f'the classifier is right on {100 * accuracy:.1f} % of the test images')
    digits = (judge_digits.images(given.mnist, 't10k')[..., 0] * 255).astype(np.uint8)
    labels = judge_digits.labels(given.mnist, 't10k')
    random = np.random.default_rng(given.seed)
    right = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for _ in range(given.rounds):
            kinds = [(kind, size) for kind in INKS for size in SIZES]
            chosen = random.integers(len(digits), size=len(kinds))
            files = [work / f'{i}.jpg' for i in range(len(kinds))]
            for file, image, (kind, size) in zip(files, chosen, kinds):
                write(photo(kind, *SIZES[size], digits[image], random), file, size == 'portrait')
            read = classifier.predict(seen(given.model, given.mnist, files, work)[..., None] / np.float32(255),
                                      verbose=0).argmax(1)
            for image, found, names in zip(chosen, read, kinds):
                for name in names:
                    right[name].append(found == labels[image])
    for name, each in right.items():
        print(f'{name:10} {sum(each)} of {len(each)}')
    total = [each for size in SIZES for each in right[size]]
    print(f'in all: {sum(total)} of {len(total)} photos read right, {100 * np.mean(total):.1f} %')
    return 0


if __name__ == '__main__':
    sys.exit(main())
