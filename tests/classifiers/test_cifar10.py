"""CIFAR-10: found, downloaded from a server of the test's own, read, and refused where it is not whole."""

import hashlib
import http.server
import io
import tarfile
import threading
from pathlib import Path

import numpy as np
import pytest

from classifiers import FetchError, cifar10, fetch_cifar10

RECORDS = 20  # in each file of these tests, for speed
RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch, request):
    if "data" not in request.keywords:
        monkeypatch.setattr(cifar10, "RECORDS", RECORDS)


def write_batches(folder):
    folder.mkdir(parents=True)
    images = {}
    for file in (*cifar10.TRAINING, cifar10.TEST):
        X, y = RNG.integers(256, size=(RECORDS, 3072), dtype=np.uint8), RNG.integers(10, size=RECORDS)
        cifar10.write_batch(folder / file, X, y)
        images[file] = X, y
    (folder / cifar10.NAMES).write_text(
        "\n".join(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"])
    )
    return images


@pytest.fixture
def home(tmp_path):
    write_batches(tmp_path / "home" / cifar10.FOLDER)
    return tmp_path / "home"


def test_reads_what_was_written(tmp_path):
    images = write_batches(tmp_path / cifar10.FOLDER)
    data = fetch_cifar10(tmp_path)
    np.testing.assert_array_equal(data.X_train, np.vstack([images[file][0] for file in cifar10.TRAINING]))
    np.testing.assert_array_equal(data.y_train, np.hstack([images[file][1] for file in cifar10.TRAINING]))
    np.testing.assert_array_equal(data.X_test, images[cifar10.TEST][0])
    np.testing.assert_array_equal(data.y_test, images[cifar10.TEST][1])
    assert {data.X_train.dtype, data.X_test.dtype} == {np.dtype(np.uint8)}
    assert {data.y_train.dtype, data.y_test.dtype} == {np.dtype(np.int64)}
    assert data.target_names[3] == "cat"
    assert data.is_cifar10
    assert data.name == "CIFAR-10"
    assert "Krizhevsky" in data.DESCR


def test_the_layout_is_the_official_one(tmp_path):
    path = tmp_path / "batch.bin"
    red = np.zeros((1, 3072), np.uint8)
    red[0, :1024] = 255
    cifar10.write_batch(path, red, np.array([7]))
    content = path.read_bytes()
    assert content == bytes([7]) + b"\xff" * 1024 + b"\x00" * 2048


def test_looks_in_gatewise_data_then_in_the_users_cache(home, monkeypatch):
    monkeypatch.setenv("GATEWISE_DATA", str(home))
    assert fetch_cifar10(download_if_missing=False).folder == home / cifar10.FOLDER
    monkeypatch.setenv("GATEWISE_DATA", str(home / cifar10.FOLDER))  # the folder itself will do too
    assert fetch_cifar10(download_if_missing=False).folder == home / cifar10.FOLDER
    monkeypatch.delenv("GATEWISE_DATA")
    assert cifar10.default_home().name == "gatewise" or "gatewise" in cifar10.default_home().parts


def test_a_folder_without_the_files(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no CIFAR-10 in .*data_batch_1.bin.*Set GATEWISE_DATA"):
        fetch_cifar10(tmp_path, download_if_missing=False)


def test_a_missing_file_is_named(home):
    (home / cifar10.FOLDER / "data_batch_4.bin").unlink()
    with pytest.raises(FileNotFoundError, match=r"not whole: data_batch_4.bin not there. Remove the folder"):
        fetch_cifar10(home)


@pytest.mark.parametrize("cut", [1, 3073, RECORDS * 3073])
def test_a_file_that_is_cut_short(home, cut):
    path = home / cifar10.FOLDER / "data_batch_2.bin"
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(ValueError, match=r"data_batch_2.bin holds .* bytes where 61,460 were expected.*fetch the data"):
        fetch_cifar10(home)


def test_a_label_out_of_range(home):
    path = home / cifar10.FOLDER / "test_batch.bin"
    content = bytearray(path.read_bytes())
    content[5 * 3073] = 10
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"label 10 at image 5; labels lie between 0 and 9"):
        fetch_cifar10(home)


# Downloads, from a server on this machine


def archive_of(folder, leave_out=()):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        tar.add(folder, cifar10.FOLDER, filter=lambda info: None if Path(info.name).name in leave_out else info)
        evil = tarfile.TarInfo("../evil.txt")
        tar.addfile(evil, io.BytesIO())
    return buffer.getvalue()


@pytest.fixture
def serve(monkeypatch):
    """Serve bytes as the official archive; with `cut`, hang up after so many of them."""
    servers = []

    def start(content, status=200, cut=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[:cut])

            def log_message(self, *args):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setattr(cifar10, "URL", f"http://127.0.0.1:{server.server_port}/cifar-10-binary.tar.gz")
        monkeypatch.setattr(cifar10, "MD5", hashlib.md5(content).hexdigest())

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def everything_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) if folder.exists() else []


def test_downloads_checks_and_unpacks(home, serve, tmp_path, monkeypatch, capfd):
    serve(archive_of(home / cifar10.FOLDER))
    new = tmp_path / "new" / "data"
    data = fetch_cifar10(new)
    np.testing.assert_array_equal(data.X_train, fetch_cifar10(home).X_train)
    files = [cifar10.FOLDER, *(f"{cifar10.FOLDER}/{f}" for f in (*cifar10.TRAINING, cifar10.TEST, cifar10.NAMES))]
    assert everything_in(new) == sorted(files)  # the archive is gone, and nothing came from outside its folder
    assert not list(tmp_path.rglob("evil.txt"))
    assert "100%" in capfd.readouterr().err  # progress was shown
    monkeypatch.setattr(cifar10, "URL", "http://127.0.0.1:9/nothing-here")
    fetch_cifar10(new)  # and is not fetched twice


@pytest.mark.parametrize(
    ("status", "cut", "match"),
    [(404, None, r"could not download CIFAR-10 from http.*404.*GATEWISE_DATA"), (200, 1000, r"could not download")],
)
def test_a_failed_download_leaves_nothing(home, serve, tmp_path, status, cut, match):
    serve(archive_of(home / cifar10.FOLDER), status, cut)
    with pytest.raises(FetchError, match=match):
        fetch_cifar10(tmp_path / "new")
    assert everything_in(tmp_path / "new") == []


def test_without_a_network(tmp_path, monkeypatch):
    monkeypatch.setattr(cifar10, "URL", "http://127.0.0.1:9/cifar-10-binary.tar.gz")
    with pytest.raises(FetchError, match=r"could not download CIFAR-10 from http://127.0.0.1:9"):
        fetch_cifar10(tmp_path / "new")
    assert everything_in(tmp_path / "new") == []


def test_a_wrong_checksum(home, serve, tmp_path, monkeypatch):
    serve(archive_of(home / cifar10.FOLDER))
    monkeypatch.setattr(cifar10, "MD5", "0" * 32)
    with pytest.raises(FetchError, match=r"not the one expected \(md5 0{32}\).*thrown away"):
        fetch_cifar10(tmp_path / "new")
    assert everything_in(tmp_path / "new") == []


def test_an_archive_that_lacks_a_file(home, serve, tmp_path):
    serve(archive_of(home / cifar10.FOLDER, leave_out={"data_batch_5.bin"}))
    with pytest.raises(FetchError, match=r"lacks data_batch_5.bin"):
        fetch_cifar10(tmp_path / "new")
    assert not (tmp_path / "new" / cifar10.FOLDER).exists()


def test_a_home_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FetchError, match="could not download"):
        fetch_cifar10(tmp_path / "file" / "home")


@pytest.mark.data
def test_the_real_data(cifar10):
    assert cifar10.X_train.shape == (50_000, 3072)
    assert cifar10.X_test.shape == (10_000, 3072)
    assert np.bincount(cifar10.y_train).tolist() == [5000] * 10
    assert np.bincount(cifar10.y_test).tolist() == [1000] * 10
    assert cifar10.X_train.mean() == pytest.approx(120.7, abs=1)  # the published mean pixel
    assert cifar10.target_names[0] == "airplane"


def test_class_names_must_be_ten(home):
    (home / cifar10.FOLDER / cifar10.NAMES).write_bytes(b"\xff\xfe two")
    with pytest.raises(ValueError, match="names 2 classes where 10 were expected"):
        fetch_cifar10(home)


def test_the_inner_folder_without_its_first_file(home):
    (home / cifar10.FOLDER / cifar10.TRAINING[0]).unlink()
    with pytest.raises(FileNotFoundError, match=r"data_batch_1.bin not there"):
        fetch_cifar10(home / cifar10.FOLDER)
