"""Handwritten digits: galleries of them, weights as images, and tables of what was taken for what.

Images stand in a picture as small PNG, the same bytes everywhere: stored, not compressed.
"""

import math
import struct
import zlib
from base64 import b64encode
from itertools import product

import numpy as np

from course_utils.pictures import theme
from course_utils.pictures.picture import label, svg, tag
from course_utils.pictures.text import short, width

PIXELS = 28  # of a digit, along each side
SIDES = (6 * PIXELS, 5 * PIXELS, 4 * PIXELS, 3 * PIXELS, 2 * PIXELS)  # px that a digit may have
MOST_WIDE, MOST_HIGH = 1000, 420  # px
TITLE = 28  # px: the height of a title
GAP = 8  # px between two digits
LEVELS = 7  # of a heat map, on either side of 0
SIGNS = "blue and full above 0, orange with a hole below 0"
CONFUSIONS = 3  # that are said in words
LEFT, TOP, CELL_WIDE, CELL_HIGH = 110, 66, 84, 34  # px: of the table


def gallery(images, titles, columns=10):
    """Return a Picture of digits in rows, each drawn from its pixels, with a title under it.

    Args:
        images: (N, 28, 28) or (N, 784), uint8 from 0 to 255 or floats from 0 to 1; 0 is paper.
        titles: N short texts.
        columns: how many stand in a row.

    Raises:
        ValueError: other images, another number of titles, a title that is too wide for its
            place, or more digits than there is room for.
    """
    grey = [paper(image) for image in digits("gallery", images)]
    titles = _titles("gallery", titles, len(grey))
    return _grid("gallery", grey, None, titles, columns, _counted(titles))


def weights(W, titles, columns=10):
    """Return a Picture of the columns of W (784, K) as heat maps, each with a title under it.

    Above 0 a pixel is blue and full, below 0 it is orange with a hole; each heat map has its own
    scale, up to its largest absolute value.

    Raises:
        ValueError: W has another shape or a value that is not finite, another number of titles,
            or as ``gallery``.
    """
    W = np.asarray(W, dtype=float)
    if W.ndim != 2 or W.shape[0] != PIXELS**2 or 0 in W.shape or not np.isfinite(W).all():
        raise ValueError(f"weights: expected finite weights (784, K), got shape {W.shape}")
    titles = _titles("weights", titles, W.shape[1])
    maps = [_heat_map(column.reshape(PIXELS, PIXELS)) for column in W.T]
    alt = (
        f"Heat maps of the weights of {len(titles)} units, each of 28 × 28 pixels in its own "
        f"scale, {SIGNS}: {_listed(titles)}."
    )
    return _grid("weights", maps, _palette(), titles, columns, alt)


def heat_maps(arrays, titles, columns=10):
    """Return a Picture of arrays (K, S, S), filters for instance, as ``weights`` shows its columns.

    Raises:
        ValueError: the arrays have another shape, more than 28 rows or a value that is not
            finite, another number of titles, or as ``gallery``.
    """
    arrays = np.asarray(arrays, dtype=float)
    side = arrays.shape[-1] if arrays.ndim == 3 else 0
    if arrays.shape[1:] != (side, side) or not len(arrays) or not 1 <= side <= PIXELS:
        raise ValueError(
            f"heat_maps: expected arrays (K, S, S), S up to {PIXELS}, got shape {arrays.shape}"
        )
    if not np.isfinite(arrays).all():
        raise ValueError("heat_maps: expected finite numbers")
    titles = _titles("heat_maps", titles, len(arrays))
    alt = (
        f"{len(titles)} heat maps, each of {side} × {side} numbers in its own scale, {SIGNS}: "
        f"{_listed(titles)}."
    )
    return _grid("heat_maps", [_heat_map(a) for a in arrays], _palette(), titles, columns, alt)


def confusion(table, names):
    """Return a Picture of a table of counts: a row for each true class, a column for each answer.

    Args:
        table: (K, K) whole numbers of 0 or more; K is at most 10.
        names: K names of the classes.

    Raises:
        ValueError: another table, or another number of names.
    """
    table, names = np.asarray(table), [str(name) for name in names]
    _check_table(table, names)
    errors = np.where(np.eye(len(names), dtype=bool), 0, table)
    cells = product(range(len(names)), repeat=2)
    wide, high = LEFT + len(names) * CELL_WIDE, TOP + len(names) * CELL_HIGH
    parts = [
        label((LEFT + wide) / 2, 16, "answer"),
        label(40, (TOP + high) / 2, "true"),
        *(label(_cell_at(0, k)[0], TOP - 18, name) for k, name in enumerate(names)),
        *(label(LEFT - 20, _cell_at(k, 0)[1], name) for k, name in enumerate(names)),
        *(_cell(table, errors, *cell) for cell in cells),
    ]
    return svg(wide + GAP, high + GAP, parts, _in_words(table, errors, names))


def digits(name, images):
    """Return images as (N, 28, 28) floats from 0 for paper to 1 for ink.

    Raises:
        ValueError: they are none, have another shape, or a value below 0 or above 255 or 1.
    """
    images = np.asarray(images)
    if images.shape[1:] not in ((PIXELS, PIXELS), (PIXELS**2,)) or len(images) == 0:
        raise ValueError(
            f"{name}: expected images (N, 28, 28) or (N, 784), got shape {images.shape}"
        )
    full = 1 if images.dtype.kind == "f" else 255
    if images.dtype.kind not in "uif" or not ((images >= 0) & (images <= full)).all():
        raise ValueError(f"{name}: expected whole numbers from 0 to 255 or floats from 0 to 1")
    return images.reshape(-1, PIXELS, PIXELS) / full


def paper(digit):
    """Return a digit of 0 to 1 as it stands on paper: grey from 255 down to 0 for full ink."""
    return (255 - np.rint(255 * digit)).astype(np.uint8)


def pixels(values, x, y, side, palette=None):
    """Return an SVG element that shows an array of pixels as a square, sharp when enlarged.

    Args:
        values: (H, W) uint8: greys, or numbers of colours in the palette.
        x: px of its left side.
        y: px of its top.
        side: how wide and high it is, in px.
        palette: (K, 3) uint8, or None for greys.
    """
    address = f"data:image/png;base64,{b64encode(_png(values, palette)).decode()}"
    return tag("image", x=x, y=y, width=side, height=side, href=address,
               style="image-rendering:pixelated")  # fmt: skip


def _png(values, palette):
    """Return a PNG file of greys or of colours of a palette, 8 bits a pixel, as bytes."""
    height, wide = values.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), values])  # each after its filter: none
    kind = 0 if palette is None else 3
    colours = b"" if palette is None else _chunk(b"PLTE", palette.tobytes())
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", wide, height, 8, kind, 0, 0, 0))
    data = _chunk(b"IDAT", _stored(rows.tobytes()))
    return b"\x89PNG\r\n\x1a\n" + header + colours + data + _chunk(b"IEND", b"")


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _stored(data):
    """Return up to 65,535 bytes as a zlib stream of one block that is not compressed."""
    size = struct.pack("<HH", len(data), 65535 - len(data))
    return b"\x78\x01\x01" + size + data + struct.pack(">I", zlib.adler32(data))


def _heat_map(w):
    """Return the numbers of the colours: 3 × 3 for each weight, with a hole in those below 0."""
    largest = np.abs(w).max()
    level = np.rint(LEVELS * w / largest).astype(int) if largest else np.zeros(w.shape, int)
    shown = np.kron(level, np.ones((3, 3), int))
    shown[1::3, 1::3] = np.maximum(level, 0)
    return (shown + LEVELS).astype(np.uint8)


def _palette():
    """Return the colours of the levels: from the fill below 0 over white to that above 0."""
    strengths = np.abs(np.arange(-LEVELS, LEVELS + 1))[:, None] / LEVELS
    below, above = (_rgb(fill) for fill in (theme.NEGATIVE_FILL, theme.POSITIVE_FILL))
    fills = np.array([below] * LEVELS + [above] * (LEVELS + 1))
    return np.rint(255 + strengths * (fills - 255)).astype(np.uint8)


def _rgb(colour):
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def _grid(name, images, palette, titles, columns, alt):
    across = min(columns, len(images))
    side, cell = _sizes(name, len(images), columns)
    _check_titles(name, titles, cell)
    parts = []
    for k, (image, title) in enumerate(zip(images, titles, strict=True)):
        x, y = k % columns * cell + cell / 2, k // columns * (side + TITLE)
        parts.append(pixels(image, x - side / 2, y, side, palette))
        parts.append(tag("rect", x=x - side / 2, y=y, width=side, height=side, fill="none",
                         stroke=theme.QUIET, stroke_width=1))  # fmt: skip
        parts.append(label(x, y + side + TITLE / 2, title, font_size=theme.SMALL_SIZE))
    return svg(across * cell, -(-len(images) // columns) * (side + TITLE), parts, alt)


def _sizes(name, count, columns):
    """Return the side of a digit and the width of its place, in px, as large as there is room."""
    if columns < 1 or int(columns) != columns:
        raise ValueError(f"{name}: expected a whole number of columns, got {columns!r}")
    rows, room = -(-count // columns), MOST_WIDE // columns
    for side in SIDES:
        if side + GAP <= room and rows * (side + TITLE) <= MOST_HIGH:
            return side, min(room, max(100, side + side // 2))
    raise ValueError(f"{name}: no room for {count} digits in {columns} columns")


def _titles(name, titles, count):
    titles = [str(title) for title in titles]
    if len(titles) != count:
        raise ValueError(f"{name}: expected {count} titles, one for each, got {len(titles)}")
    return titles


def _check_titles(name, titles, room):
    for title in titles:
        if width(title) * theme.SMALL_SIZE / theme.TEXT_SIZE > room:
            raise ValueError(f"{name}: the title {title!r} is wider than {room} px: fewer columns")


def _counted(titles):
    noun = "digit" if len(titles) == 1 else "digits"
    return f"{len(titles)} {noun}: {_listed(titles)}."


def _listed(titles):
    return ("; " if any("," in title for title in titles) else ", ").join(titles)


def _check_table(table, names):
    if table.shape != (len(names), len(names)) or not 1 <= len(names) <= 10:
        raise ValueError(
            "confusion: expected a table (K, K) with K names, K from 1 to 10, got shape "
            f"{table.shape} and {len(names)} names"
        )
    if table.dtype.kind not in "ui" or (table < 0).any():
        raise ValueError("confusion: expected whole numbers of 0 or more")


def _cell_at(i, j):
    """The middle of a cell of the table."""
    return LEFT + (j + 0.5) * CELL_WIDE, TOP + (i + 0.5) * CELL_HIGH


def _cell(table, errors, i, j):
    """A count: the right ones blue and bold, the wrong ones orange, the more the stronger."""
    (x, y), count = _cell_at(i, j), table[i, j]
    most = table[i].sum() if i == j else errors.max()
    fill = theme.POSITIVE_FILL if i == j else theme.NEGATIVE_FILL
    strength = math.sqrt(count / most) if count else 0
    box = tag("rect", x=x - CELL_WIDE / 2, y=y - CELL_HIGH / 2, width=CELL_WIDE, height=CELL_HIGH,
              fill=fill, fill_opacity=f"{strength:.2f}", stroke=theme.QUIET,
              stroke_width=1)  # fmt: skip
    style = {"font_size": theme.SMALL_SIZE, "font_weight": "bold" if i == j else None}
    return box + (label(x, y, short(count), **style) if count else "")


def _in_words(table, errors, names):
    total, right = table.sum(), np.trace(table)
    share = f" ({100 * right / total:.1f} %)" if total else ""
    return (
        f"Table of {short(total)} answers, a row for each true class, a column for each answer: "
        f"{short(right)} right{share}. {_largest(errors, names)}"
    )


def _largest(errors, names):
    order = np.argsort(-errors, axis=None, kind="stable")[:CONFUSIONS]
    places = [divmod(int(place), len(names)) for place in order if errors.flat[place]]
    said = [f"{names[i]} taken for {names[j]}, {short(errors[i, j])} times" for i, j in places]
    return f"Largest confusions: {'; '.join(said)}." if said else "No confusions."
