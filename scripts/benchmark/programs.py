"""The programs that are compared, and how each is launched for a task.

All follow one contract: `PROGRAM train|job|infer OPTIONS`, whose last line of stdout is an object
in JSON. peers/common.py has the options and results; ours does a whole job with its own command.
"""
import json
import math
import re
import subprocess
from pathlib import Path
from typing import NamedTuple, Optional, Tuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OURS = 'ours'
BUILDING = 900  # seconds
OUR_OPTIONS = {'batch': 'batch-size'}

RESULTS = {  # what a task's result holds, all of them numbers
    'train': ['first_step', 'steps_per_s', 'loss'],
    'job': ['loss'],
    'infer': ['one_p50_us', 'one_p99_us', 'decode400_per_s', 'decode10000_per_s',
              'encode10000_per_s'],
}
TASKS = tuple(RESULTS)


class Program(NamedTuple):
    name: str                # in --only and in the records
    title: str               # in tables
    launch: Tuple[str, ...]  # a task and its options follow; the first is a path or on the PATH
    version: Tuple[str, ...]  # the command that prints the version as its last line
    tasks: Tuple[str, ...] = TASKS
    broad: bool = False      # also measured at other batch sizes and lengths

    def missing(self) -> Optional[str]:
        """The file without which it can't be launched, if that isn't there."""
        file = Path(self.launch[0])
        return None if file.is_file() else str(file.relative_to(ROOT))

    def command(self, task, data, options, out):
        """options: those of the contract, by name; out: the folder that a job saves into."""
        if self.name == OURS:  # its commands name things as the tutorial does
            options = {OUR_OPTIONS.get(name, name): value for name, value in options.items()
                       if (task, name) != ('infer', 'threads')}  # it decodes on its caller's
            if task == 'job':
                return [self.launch[0], 'train', *flat(options), '--mnist', data,
                        '--saved-model', out]
            return [*self.launch, task, '--mnist', data, *flat(options)]
        saving = ['--out', out] if task == 'job' else []
        return [*self.launch, task, '--data', data, *flat(options), *saving]

    def result(self, task, stdout):
        """Reads what the program printed. Raises ValueError where it isn't a task's result."""
        if task == 'job' and self.name == OURS:
            losses = [float(loss) for loss in re.findall(r'^step \d+ ,loss (\S+)$', stdout, re.M)]
            found = {'loss': sum(losses[-10:]) / len(losses[-10:])} if losses else {}
        else:
            found = json_object(stdout)
        for key in RESULTS[task]:
            value = found.get(key)
            if not isinstance(value, (int, float)) or not math.isfinite(value):
                raise ValueError(f'{self.name} {task}: expected a number as {key}, found {value}')
        return {key: found[key] for key in RESULTS[task]}

    def found_version(self):
        """What the program says of itself, or '?'. One that has to be built is built now."""
        try:
            done = subprocess.run(self.version, cwd=ROOT, capture_output=True, text=True,
                                  timeout=BUILDING)
        except (OSError, subprocess.TimeoutExpired):
            return '?'
        lines = done.stdout.strip().splitlines()
        return lines[-1].strip() if done.returncode == 0 and lines else '?'


def flat(options):
    return [word for name, value in options.items() for word in (f'--{name}', str(value))]


def json_object(stdout):
    lines = stdout.strip().splitlines()
    try:
        found = json.loads(lines[-1])
    except (IndexError, ValueError):
        found = None
    if not isinstance(found, dict):
        last = lines[-1][:100] if lines else 'nothing'
        raise ValueError(f'expected a line of JSON, found: {last}')
    return found


def python_peer(name, title, environment, file, *options, package, tasks=TASKS, broad=False):
    python = str(environment / 'bin' / 'python')
    ask = f'import importlib.metadata as m; print(m.version({package!r}))'
    return Program(name, title, (python, str(HERE / 'peers' / file), *options), (python, '-c', ask),
                   tasks, broad=broad)


TF1, TF, JAX, TORCH = (HERE.parent / '.venv', HERE / '.venv-tf', HERE / '.venv-jax',
                       HERE / '.venv-torch')

PROGRAMS = (
    Program(OURS, 'this program', (str(ROOT / 'scripts/vae'), 'benchmark'),
            (str(ROOT / 'scripts/vae'), '--version'), broad=True),
    python_peer('tf1', 'TF1, feed_dict', TF1, 'tf1_feed.py', package='tensorflow-cpu', broad=True),
    python_peer('tf-xla', 'TensorFlow, XLA', TF, 'tf_xla.py', package='tensorflow-cpu'),
    python_peer('keras', 'Keras, fit', TF, 'keras_fit.py', package='keras'),
    python_peer('jax', 'JAX, scan', JAX, 'jax_scan.py', package='jax', broad=True),
    python_peer('jax-step', 'JAX, a call a step', JAX, 'jax_scan.py', '--steps-per-call', '1',
                package='jax', tasks=('train', 'job')),  # it decodes as the one above
    python_peer('torch', 'PyTorch, eager', TORCH, 'torch_train.py', package='torch'),
    python_peer('torch-compiled', 'PyTorch, compiled', TORCH, 'torch_train.py', '--mode',
                'compiled', package='torch', broad=True),
    Program('dl4j', 'Deeplearning4j', (str(HERE / 'dl4j/run.sh'),),
            (str(HERE / 'dl4j/run.sh'), 'version')),
    Program('limit', 'C, by hand', (str(HERE / 'limit/limit'),), ('gcc', '-dumpfullversion')),
)
