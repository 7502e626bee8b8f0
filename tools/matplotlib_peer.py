"""Draws chirps with matplotlib, as the released generator does, and says what an image costs.

`./chirplens bench generate --peer PYTHON` runs it, to compare ChirpLens with matplotlib on the same machine. The array and
the figure are those that framework/src/test/resources/reference/README.md describes (sections chirp_clean and chirp_genuine).

    python3 tools/matplotlib_peer.py COUNT [--seed 1] [--keep DIR]

Prints one JSON object: images, cpu_seconds_per_image, wall_seconds_per_image and versions. Imports and the first two
images are not counted. Needs Python 3.9 or newer with NumPy, SciPy and matplotlib. With the seed of a set that the
released generator made, --keep writes the same pixels (tried with matplotlib 3.6.3).
"""

import argparse
import json
import platform
import tempfile
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import scipy
from scipy.ndimage import gaussian_filter

BINS, SECONDS, HERTZ = 128, 60, 100
WARM_UP = 2


def chirp_array(start, duration, low, high, shape):
    """The ridge of a chirp, [frequency bin, time bin]."""
    array = np.zeros((BINS, BINS))
    first, columns = int(start * BINS / SECONDS), int(duration * BINS / SECONDS)
    f0, f1 = int(low * BINS / HERTZ), int(high * BINS / HERTZ)
    for i in range(min(columns, BINS - first)):
        s = i / columns
        centre = f0 + (f1 - f0) * s if shape == "linear" else max(f0, 1) * (f1 / max(f0, 1)) ** s
        centre = min(max(centre, 0), BINS - 1)
        for f in range(max(int(centre) - 2, 0), min(int(centre) + 2, BINS - 1) + 1):
            array[f, first + i] += np.exp(-((f - centre) ** 2))
    return array


def save_figure(array, title, path):
    """The released figure: 640 x 480 pixels with axes, title and colour bar."""
    plt.figure(figsize=(6.4, 4.8))
    plt.imshow(array, aspect="auto", origin="lower", extent=[0, SECONDS, 0, HERTZ], cmap="viridis")
    plt.colorbar(label="Intensity")
    plt.title(title)
    plt.xlabel("Time (s)")
    plt.ylabel("Frequency (Hz)")
    plt.savefig(path)
    plt.close()


def draw(number, random, directory):
    start, duration, low = random.uniform(0, 45), random.uniform(1, 15), random.uniform(0, 100)
    high = np.clip(low + random.uniform(-30, 30), 0, HERTZ)
    shape = random.choice(["linear", "exponential"])
    level = random.uniform(0.09, 0.3)
    noise = random.normal(size=(BINS, BINS))
    array = gaussian_filter(chirp_array(start, duration, low, high, shape) + level * noise, sigma=1)
    save_figure(array, f"Synthetic Spectrogram {number} ({shape} chirp)", directory / f"spectrogram_{number}.png")


def measure(count, seed, directory):
    """Cpu and wall seconds of `count` images, which follow the images that warm up."""
    random = np.random.RandomState(seed)
    cpu, wall = time.process_time(), time.perf_counter()
    for number in range(1, WARM_UP + count + 1):
        draw(number, random, directory)
        if number == WARM_UP:
            cpu, wall = time.process_time(), time.perf_counter()
    return time.process_time() - cpu, time.perf_counter() - wall


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="write the images here instead of a temporary directory")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = options.keep or Path(temporary)
        directory.mkdir(parents=True, exist_ok=True)
        cpu, wall = measure(options.count, options.seed, directory)
    print(json.dumps({
        "images": options.count,
        "cpu_seconds_per_image": cpu / options.count,
        "wall_seconds_per_image": wall / options.count,
        "python": platform.python_version(),
        "matplotlib": matplotlib.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }))


if __name__ == "__main__":
    main()
