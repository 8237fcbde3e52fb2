"""Photos: pictures of all formats are read; other files are rejected."""

import contextlib
import io
import os
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from classifiers import load_image
from classifiers.data.photos import FLOATING_POINT, UNKNOWN_FORMAT, read_picture, to_planes

PLANES = np.random.default_rng(0).integers(256, size=(3, 32, 32), dtype=np.uint8)
SMALL = Image.fromarray(np.moveaxis(PLANES, 0, -1))
y, x = np.mgrid[:48, :64]
SMOOTH = Image.fromarray(np.stack([x * 4, y * 5, 255 - x * 4], axis=-1).astype(np.uint8))  # 64 wide, 48 high
GREY = np.asarray(SMOOTH.convert("L"))


@pytest.fixture
def saved(tmp_path):
    def save(picture, name, **options):
        picture.save(tmp_path / name, **options)
        return tmp_path / name

    return save


def encoded(picture, kind):
    picture.save(stream := io.BytesIO(), kind)
    return stream.getvalue()


def test_a_picture_of_the_right_size_keeps_its_pixels(saved):
    pixels = load_image(saved(SMALL, "small.png"))
    np.testing.assert_array_equal(pixels, PLANES.reshape(-1))  # the red plane, then green, then blue
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    assert load_image(str(saved(SMALL, "small.png")), size=8).shape == (3 * 8 * 8,)


@pytest.mark.parametrize("turned", [False, True])
def test_keeps_the_centre_square(turned):
    picture = np.zeros((20, 50, 3), np.uint8)
    picture[:, 15:35] = [10, 20, 30]
    picture = picture.swapaxes(0, 1) if turned else picture
    assert (to_planes(picture, size=20).reshape(3, -1) == [[10], [20], [30]]).all()


def test_resizing_averages_fine_patterns():
    """Antialiasing: a fine pattern becomes its mean, not one of its two colours."""
    fine = np.zeros((320, 320, 3), np.uint8)
    fine[::2] = 200
    assert np.abs(to_planes(fine).astype(int) - 100).max() <= 3


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (90, 1), (7, 8), (33, 32)])
@pytest.mark.parametrize("size", [1, 5, 32])
def test_every_shape_and_size(shape, size):
    assert (to_planes(np.full((*shape, 3), 77, np.uint8), size=size) == 77).all()
    with pytest.raises(ValueError, match="size must be a whole number, at least 1, got 0"):
        to_planes(np.zeros((*shape, 3), np.uint8), size=0)


@pytest.mark.parametrize(
    ("mode", "name", "apart"),
    [
        ("RGB", "a.png", 0), ("RGB", "a.jpg", 12), ("RGB", "a.webp", 20), ("RGB", "a.bmp", 0), ("RGBA", "a.png", 0),
        ("CMYK", "a.tif", 1), ("CMYK", "a.jpg", 12), ("YCbCr", "a.jpg", 12), ("P", "a.png", 60), ("P", "a.gif", 60),
    ],
)  # fmt: skip
def test_modes_with_colours(saved, mode, name, apart):
    got = read_picture(saved(SMOOTH.convert(mode), name)).astype(int)
    assert got.shape == (48, 64, 3)
    assert np.abs(got - np.asarray(SMOOTH)).max() <= apart


@pytest.mark.parametrize(
    ("dtype", "name"),
    [(np.uint8, "a.png"), (np.uint16, "a.png"), (np.uint8, "a.tif"), (np.uint16, "a.tif"), (np.int32, "a.tif")],
)
def test_grey_of_8_and_16_bits(saved, dtype, name):
    grey = GREY if dtype == np.uint8 else GREY.astype(dtype) * 257
    np.testing.assert_array_equal(read_picture(saved(Image.fromarray(grey), name)), np.stack([GREY] * 3, axis=-1))


def test_black_and_white(saved):
    assert set(np.unique(read_picture(saved(SMOOTH.convert("1"), "bits.png")))) == {0, 255}


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_pixels_are_blended_with_white(saved, mode):
    picture = Image.new("RGB", (2, 2)).convert(mode)
    picture.putalpha(Image.fromarray(np.array([[0, 255], [51, 255]], np.uint8)))
    assert read_picture(saved(picture, "alpha.png"))[..., 0].tolist() == [[255, 0], [204, 0]]


def test_a_transparent_colour_of_a_palette(saved):
    picture = SMOOTH.convert("P")
    path = saved(picture, "palette.png", transparency=picture.getpixel((0, 0)))
    assert (read_picture(path)[0, 0] == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("mode", "name"), [("RGB", "a.tif"), ("RGBA", "a.png"), ("P", "a.png")])
def test_photographs_are_rotated_upright(saved, orientation, mode, name):
    stored = {  # how a camera stores an upright picture, for each value of the tag
        1: None, 2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_90",
        7: "TRANSVERSE", 8: "ROTATE_270",
    }[orientation]  # fmt: skip
    upright = SMOOTH.convert(mode)
    turned = upright.transpose(getattr(Image.Transpose, stored)) if stored else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    got = read_picture(saved(turned, name, exif=exif))
    np.testing.assert_array_equal(got, np.asarray(upright.convert("RGB")))


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp"])
def test_the_first_frame_of_an_animation(saved, name):
    path = saved(Image.new("RGB", (9, 9), "lime"), name, save_all=True, append_images=[Image.new("RGB", (9, 9), "red")])
    assert (np.abs(read_picture(path).astype(int) - [0, 255, 0]) < 9).all()


def test_rejects_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"found no picture .*photo.png; pass the path of one"):
        load_image(tmp_path / "photo.png")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", UNKNOWN_FORMAT),
        (b"this is a text\n", UNKNOWN_FORMAT),
        (b"P6\n0 5\n255\n", UNKNOWN_FORMAT),
        (b"GIF89a\0\0\0\0\x80\0\0" + b"\0" * 6 + b",\0\0\0\0\0\0\0\0\0\x02\x02\x44\x01\0;", UNKNOWN_FORMAT),
        (b"P6\n12000 9000\n255\n", "it would unpack to more than 89,478,485 pixels"),
        (b"P6\n99999 99999\n255\n", "it would unpack to more than 89,478,485 pixels"),
        (encoded(SMOOTH, "PNG")[:100], ""),
        (encoded(SMOOTH, "JPEG")[:-90], "image file is truncated"),
        (encoded(Image.fromarray(GREY.astype(np.float32)), "TIFF"), FLOATING_POINT),
    ],
)
def test_rejects_what_is_not_a_picture(tmp_path, content, why):
    (tmp_path / "photo.png").write_bytes(content)
    with pytest.raises(
        ValueError, match=rf"a picture that can be read, got .*photo.png: {why}.*; pass a complete picture"
    ):
        load_image(tmp_path / "photo.png")


def iptc(content):
    """A picture in the records of IPTC."""
    records = {(3, 60): b"\x01\x00", (3, 65): b"\x01", (3, 120): b"\x05", (3, 20): b"\0\x40", (3, 30): b"\0\x30"}
    records[8, 10] = content
    return b"".join(b"\x1c%c%c" % tag + len(it).to_bytes(2, "big") + it for tag, it in records.items())


@pytest.mark.parametrize("within", [bytes, iptc])
def test_runs_no_other_program(tmp_path, monkeypatch, within):
    """EPS is a program, which Pillow runs with Ghostscript."""
    from PIL import EpsImagePlugin

    ran = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *args, **kwargs: ran.append(args))
    (tmp_path / "photo.png").write_bytes(within(encoded(SMOOTH, "EPS")))
    with Image.open(tmp_path / "photo.png") as picture, contextlib.suppress(Exception):
        picture.load()
    assert len(ran) == 1
    with pytest.raises(ValueError, match=UNKNOWN_FORMAT):
        load_image(tmp_path / "photo.png")
    assert len(ran) == 1


def test_rejects_a_folder(tmp_path):
    with pytest.raises(ValueError, match=r"expected a regular file, got .*, a folder"):
        load_image(tmp_path)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
@given(data=st.data())
@settings(max_examples=30)
def test_damaged_files_are_read_or_rejected(kind, data, tmp_path_factory):
    content = bytearray(encoded(SMOOTH, kind))
    places = st.integers(0, len(content) - 1) | st.integers(0, 60)  # the header as often as all the rest
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=4)):
        content[place] = byte
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        assert load_image(path).shape == (3072,)
    except ValueError as error:
        rejected = re.fullmatch(
            r"expected a picture that can be read, got .*: .+; pass a complete picture, such as .*", str(error)
        )
        assert rejected, error  # noqa: PT017 - the picture may also be valid


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_rejects_a_pipe_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(ValueError, match=r"expected a regular file, got .*pipe.png, a named pipe"):
        load_image(tmp_path / "pipe.png")


def test_fits_is_not_decompressed(tmp_path):
    """A FITS file may unpack to any size, whatever that of its picture."""
    (tmp_path / "bomb.fits").write_bytes(b"SIMPLE  =                    T".ljust(2880))
    with pytest.raises(ValueError, match="Pillow does not know its format"):
        load_image(tmp_path / "bomb.fits")
