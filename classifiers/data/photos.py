"""Images: any picture of a user's own, as the pixels that a classifier of CIFAR-10 takes."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from classifiers import errors
from nn.validation import check_number

if TYPE_CHECKING:
    from PIL.Image import Image


def load_image(path: str | os.PathLike[str], *, size: int = 32) -> np.ndarray:
    """A picture as (3·size·size,) uint8: its red plane row by row, then green, then blue, as in CIFAR-10.

    The largest square in its centre is cut out and resized, each pixel a weighted mean of those that it stands for
    (Lanczos). Any picture that Pillow reads by itself will do (EPS it would have Ghostscript run): what is transparent
    lies on white, photographs are turned upright as their EXIF tag says, 16 bits become 8, and of an animation the
    first frame is taken.

    Raises FileNotFoundError where there is nothing of that name, OSError where it may not be read, ValueError where it
    is no picture, was cut short or has absurdly many pixels.
    """
    return to_planes(read_picture(path), size=size)


def read_picture(path: str | os.PathLike[str]) -> np.ndarray:
    """A picture as (height, width, 3) uint8, upright; raises what `load_image` raises."""
    from PIL import Image, ImageOps

    path = Path(path)
    if path.is_dir():
        raise ValueError(errors.PICTURE.format(path=path, why=errors.FOLDER))
    try:
        content = path.open("rb")
    except FileNotFoundError as error:
        raise FileNotFoundError(errors.NO_PICTURE.format(path=path)) from error
    with content, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tags that are odd; the picture is read
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(content, formats=_formats()) as picture:
                return np.asarray(_in_colours(ImageOps.exif_transpose(picture)))
        except Exception as error:  # decoders raise all sorts: OSError, SyntaxError, struct.error ...
            raise ValueError(errors.PICTURE.format(path=path, why=_reason(error))) from error


def to_planes(picture: np.ndarray, *, size: int = 32) -> np.ndarray:
    """The centre square of a picture (height, width, 3) uint8, resized, as planes: (3·size·size,) uint8."""
    from PIL import Image

    size = check_number(int, "size", size, at_least=1)
    height, width = picture.shape[:2]
    side = min(height, width)
    left, top = (width - side) / 2, (height - side) / 2  # also between two pixels: resizing takes part of both
    box = (left, top, left + side, top + side)
    square = Image.fromarray(picture).resize((size, size), Image.Resampling.LANCZOS, box)
    return np.moveaxis(np.asarray(square), -1, 0).reshape(-1)


def _formats() -> list[str]:
    """All that Pillow knows but EPS, which it has Ghostscript run by whatever name, and IPTC, which may hold it."""
    from PIL import Image

    Image.init()
    return [name for name in Image.OPEN if name not in {"EPS", "IPTC"}]


def _in_colours(picture: Image) -> Image:
    """A picture of any mode in RGB."""
    from PIL import Image

    if picture.mode == "F":
        raise ValueError(errors.FLOATING_PIXELS)
    if picture.mode == "I" or picture.mode.startswith("I;16"):  # which Pillow would clip at 255
        shades = np.asarray(picture).clip(0, 65535) / 257
        return Image.fromarray(shades.round().astype(np.uint8)).convert("RGB")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return picture.convert("RGB")


def _reason(error: Exception) -> str:
    """Why a picture could not be read, where Pillow's own words say it less well."""
    from PIL import Image, UnidentifiedImageError

    if isinstance(error, (Image.DecompressionBombWarning, Image.DecompressionBombError)):
        return errors.TOO_MANY_PIXELS.format(most=Image.MAX_IMAGE_PIXELS)
    return errors.UNKNOWN_PICTURE if isinstance(error, UnidentifiedImageError) else str(error)
