"""Photos: the user's own pictures, as the pixels that a classifier of CIFAR-10 expects."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from autograd.extend import open_regular
from nn.validation import check_number

if TYPE_CHECKING:
    from PIL.Image import Image

UNKNOWN_FORMAT = "Pillow does not know its format"
FLOATING_POINT = "its pixels are floating-point numbers, whose white is unknown"


def load_image(path: str | os.PathLike[str], *, size: int = 32) -> np.ndarray:
    """Read a picture as a classifier of CIFAR-10 expects it.

    The largest square in the centre of the picture is resized with Lanczos's filter. Transparent pixels are blended
    with white, photographs are rotated as their EXIF tag says, 16 bits are reduced to 8, and only the first frame of an
    animation is read.

    Parameters
    ----------
    path : str or os.PathLike
        The picture, of any format that Pillow reads by itself, which excludes EPS and FITS.
    size : int, default 32
        The side of the result, in pixels.

    Returns
    -------
    ndarray of uint8, shape (3 * size * size,)
        The red plane row by row, then the green and the blue one, as in CIFAR-10.

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    OSError
        If the file cannot be opened, or is a folder, a pipe or a device.
    ValueError
        If the file is not a picture, is truncated or has far too many pixels.
    """
    return to_planes(read_picture(path), size=size)


def read_picture(path: str | os.PathLike[str]) -> np.ndarray:
    """Read a picture in its own size.

    Parameters
    ----------
    path : str or os.PathLike
        The picture, of any format that Pillow reads by itself, which excludes EPS and FITS.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        The picture, upright.

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    OSError
        If the file cannot be opened, or is a folder, a pipe or a device.
    ValueError
        If the file is not a picture, is truncated or has far too many pixels.
    """
    path = Path(path)
    try:
        with open_regular(path) as content:
            return decode(content, path)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"found no picture {path}; pass the path of one, such as photo.png") from error


def decode(content: BinaryIO, path: Path) -> np.ndarray:
    """Decode a picture.

    Parameters
    ----------
    content : file object
        The bytes of the picture, which may be anything.
    path : pathlib.Path
        The file, for error messages.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        The picture, upright.

    Raises
    ------
    ValueError
        As `read_picture`.
    """
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about unusual tags in pictures that can be read
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(content, formats=_formats()) as picture:
                return np.asarray(_to_rgb(ImageOps.exif_transpose(picture)))
        except Exception as error:  # decoders raise many types: OSError, SyntaxError, struct.error ...
            raise _unreadable(path, _reason(error)) from error


def to_planes(picture: np.ndarray, *, size: int = 32) -> np.ndarray:
    """Resize the centre square of a picture, and store it in planes.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
        The picture.
    size : int, default 32
        The side of the result, in pixels.

    Returns
    -------
    ndarray of uint8, shape (3 * size * size,)
        The red plane row by row, then the green and the blue one.

    Raises
    ------
    ValueError
        If `size` is below 1.

    Examples
    --------
    >>> to_planes(np.full((40, 60, 3), [10, 20, 30], np.uint8), size=1)
    array([10, 20, 30], dtype=uint8)
    """
    from PIL import Image

    size = check_number(int, "size", size, at_least=1)
    height, width = picture.shape[:2]
    side = min(height, width)
    left, top = (width - side) / 2, (height - side) / 2  # between two pixels, parts of both are resized
    box = (left, top, left + side, top + side)
    square = Image.fromarray(picture).resize((size, size), Image.Resampling.LANCZOS, box)
    return np.moveaxis(np.asarray(square), -1, 0).reshape(-1)


def _formats() -> list[str]:
    """The formats of Pillow without EPS, for which it runs Ghostscript, IPTC, which may contain EPS, and FITS.

    A FITS file may be compressed, and Pillow decompresses all of it, whatever the size of the picture.
    """
    from PIL import Image

    Image.init()
    return [name for name in Image.OPEN if name not in {"EPS", "FITS", "IPTC"}]


def _to_rgb(picture: Image) -> Image:
    """A picture of any mode in RGB."""
    from PIL import Image

    if picture.mode == "F":
        raise ValueError(FLOATING_POINT)
    if picture.mode == "I" or picture.mode.startswith("I;16"):  # Pillow would clip these at 255
        shades = np.asarray(picture).clip(0, 65535) / 257
        return Image.fromarray(shades.round().astype(np.uint8)).convert("RGB")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return picture.convert("RGB")


def _unreadable(path: Path, why: str) -> ValueError:
    """The error for a file that is not a picture."""
    return ValueError(
        f"expected a picture that can be read, got {path}: {why}; pass a complete picture, such as a PNG or a JPEG"
    )


def _reason(error: Exception) -> str:
    """Why a picture could not be read, in better words than Pillow's."""
    from PIL import Image, UnidentifiedImageError

    if isinstance(error, (Image.DecompressionBombWarning, Image.DecompressionBombError)):
        return f"it would unpack to more than {Image.MAX_IMAGE_PIXELS:,} pixels"
    return UNKNOWN_FORMAT if isinstance(error, UnidentifiedImageError) else str(error)
