"""CIFAR-10: found, extracted, downloaded from a local server, read, and rejected if it is incomplete."""

import hashlib
import http.server
import io
import os
import pickle
import signal
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

import numpy as np
import pooch
import pytest

from classifiers import FetchError, fetch_cifar10
from classifiers.data import archives, cifar10, cifar10_batches, download, folders
from classifiers.data.cifar10_batches import BINARY, PICKLED

ROOT = Path(__file__).parents[3]
RECORDS = 20  # in each file of these tests, for speed
CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
NOWHERE = "http://127.0.0.1:9"  # refuses every connection


@pytest.fixture(autouse=True)
def small_batches(monkeypatch, request):
    """Small files, no network, none of the user's settings, no waiting."""
    if request.node.get_closest_marker("data") is None:
        monkeypatch.setattr(cifar10_batches, "RECORDS", RECORDS)
        monkeypatch.setattr(cifar10, "URL", NOWHERE)
        monkeypatch.delenv("GATEWISE_MIRROR", raising=False)


def write_batches(folder, layout=BINARY, protocol=2):
    """Write a folder, and return its images and labels."""
    rng = np.random.default_rng(1)
    folder.mkdir(parents=True)
    X, y = rng.integers(256, size=(6, RECORDS, 3072), dtype=np.uint8), rng.integers(10, size=(6, RECORDS))
    for file, images, labels in zip((*layout.training, layout.test), X, y, strict=True):
        if layout is BINARY:
            cifar10_batches.write_batch(folder / file, images, labels)
        else:
            write_pickle(folder / file, {b"data": images, b"labels": labels.tolist()}, protocol)
    if layout is BINARY:
        (folder / layout.names).write_text("\n".join(CLASSES) + "\n\n")
    else:
        write_pickle(folder / layout.names, {b"label_names": [name.encode() for name in CLASSES]}, protocol)
    return X.reshape(-1, 3072), y.ravel()


def write_pickle(path, content, protocol=2):
    path.write_bytes(pickle.dumps(content, protocol))


@pytest.fixture
def home(tmp_path):
    write_batches(tmp_path / "home" / BINARY.folder)
    return tmp_path / "home"


@pytest.fixture
def pickled(tmp_path):
    """A folder of the pickled layout."""
    write_batches(tmp_path / "home" / PICKLED.folder, PICKLED)
    return tmp_path / "home" / PICKLED.folder


@pytest.mark.parametrize(("layout", "protocol"), [(BINARY, None), *((PICKLED, protocol) for protocol in (2, 3, 4, 5))])
def test_reads_what_was_written(tmp_path, layout, protocol):
    X, y = write_batches(tmp_path / layout.folder, layout, protocol)
    data = fetch_cifar10(data_home=tmp_path)
    np.testing.assert_array_equal(data.data, X, strict=True)
    np.testing.assert_array_equal(data.target, y, strict=True)
    for part in ("train", "test"):
        rows = slice(5 * RECORDS) if part == "train" else slice(5 * RECORDS, None)
        np.testing.assert_array_equal(data[f"X_{part}"], X[rows], strict=True)
        np.testing.assert_array_equal(data[f"y_{part}"], y[rows], strict=True)
        images, labels = fetch_cifar10(tmp_path, subset=part, return_X_y=True)
        np.testing.assert_array_equal(images, X[rows], strict=True)
        np.testing.assert_array_equal(labels, y[rows], strict=True)
        assert f"data, target: {cifar10.SUBSETS[part]}" in fetch_cifar10(tmp_path, subset=part).DESCR
    assert data.target_names == CLASSES
    assert data.is_cifar10
    assert data.name == "CIFAR-10"
    assert data.folder == tmp_path / layout.folder
    assert "Krizhevsky" in data.DESCR
    assert f"read from {data.folder}, in the {layout.name} layout" in data.DESCR


def test_all_images_are_views_of_one_array(home):
    data = fetch_cifar10(home, subset="test")
    assert data.data.base is not None
    assert all(data[name].base is data.data.base for name in ("X_train", "X_test"))
    assert data.data.base.shape == (6 * RECORDS, 3072)


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"subset": "valid"}, r"subset must be one of train, test, all, got 'valid'"),
        ({"subset": ["train"]}, "subset must be"),
        ({"n_retries": -1}, "n_retries must be a whole number, at least 0, got -1"),
        ({"n_retries": 1.5}, "n_retries must be"),
        ({"n_retries": True}, "n_retries must be"),
        ({"return_X_y": "no"}, "return_X_y must be True or False, got 'no'"),
        ({"download_if_missing": "no"}, "download_if_missing must be True or False"),
        ({"delay": True}, "delay must be"),
        ({"delay": -0.5}, "delay must be at least 0 and finite, got -0.5"),
        ({"delay": "long"}, "delay must be"),
    ],
)
def test_settings_are_checked(home, settings, match):
    with pytest.raises(ValueError, match=rf"fetch_cifar10: {match}"):
        fetch_cifar10(home, **settings)


# Where the data is found


@pytest.mark.parametrize("layout", [BINARY, PICKLED])
def test_looks_in_gatewise_data_then_in_the_users_cache(tmp_path, monkeypatch, layout):
    write_batches(tmp_path / layout.folder, layout)
    monkeypatch.setenv("GATEWISE_DATA", str(tmp_path))
    assert fetch_cifar10(download_if_missing=False).folder == tmp_path / layout.folder
    monkeypatch.setenv("GATEWISE_DATA", str(tmp_path / layout.folder))  # the folder itself is accepted, too
    assert fetch_cifar10(download_if_missing=False).folder == tmp_path / layout.folder
    (tmp_path / layout.folder).rename(tmp_path / "mine")  # whatever its name
    assert fetch_cifar10(tmp_path / "mine").folder == tmp_path / "mine"
    monkeypatch.delenv("GATEWISE_DATA")
    assert "gatewise" in folders.resolve_data_home(None).parts


def test_prefers_folders_to_archives_and_binary_to_pickled(home):
    """The binary folder, the pickled one, the binary archive, the pickled one."""
    write_batches(home / PICKLED.folder, PICKLED)
    for layout in (BINARY, PICKLED):
        (home / layout.archive).write_bytes(archive_of(home / layout.folder))
    for layout in (BINARY, PICKLED):
        assert fetch_cifar10(home).folder == home / layout.folder
        (home / layout.folder).rename(home / f"was {layout.name}")
    for layout in (BINARY, PICKLED):
        assert fetch_cifar10(home).folder == home / layout.folder
        (home / layout.folder).rename(home / f"was unpacked {layout.name}")
        (home / layout.archive).unlink()


def test_rejects_a_folder_without_the_files(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"found no CIFAR-10 in .*-bin or .*-py.*python.tar.gz.*set GATEWISE_DATA"
    ):
        fetch_cifar10(tmp_path / "new", download_if_missing=False)
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("layout", [BINARY, PICKLED])
def test_extracts_an_archive_once(tmp_path, layout):
    X, y = write_batches(tmp_path / "made" / layout.folder, layout)
    home = tmp_path / "home"
    home.mkdir()
    (home / layout.archive).write_bytes(archive_of(tmp_path / "made" / layout.folder))
    for _ in range(2):
        images, labels = fetch_cifar10(home, download_if_missing=False, return_X_y=True)
        np.testing.assert_array_equal(images, X)
        np.testing.assert_array_equal(labels, y)
        (home / layout.archive).write_bytes(b"is not read again")
    files = [f"{layout.folder}/{file}" for file in layout.files]
    assert everything_in(home) == sorted([folders.LOCK, layout.archive, layout.folder, *files])
    assert not list(tmp_path.rglob("evil.txt"))


@pytest.mark.parametrize("layout", [BINARY, PICKLED])
def test_rejects_an_incomplete_archive(tmp_path, layout):
    write_batches(tmp_path / layout.folder, layout)
    content = archive_of(tmp_path / layout.folder)
    home = tmp_path / "home"
    home.mkdir()
    for broken in (content[:-10], content[: len(content) // 2], b"no archive"):
        (home / layout.archive).write_bytes(broken)
        with pytest.raises(FetchError, match=rf"a complete archive of CIFAR-10, got .*{layout.archive}: .*; remove it"):
            fetch_cifar10(home)
        assert everything_in(home) == [folders.LOCK, layout.archive]


# Files that are not valid


@pytest.mark.parametrize("layout", [BINARY, PICKLED])
def test_names_a_missing_file(tmp_path, layout):
    for file in layout.files:
        folder = tmp_path / file / layout.folder
        write_batches(folder, layout)
        (folder / file).unlink()
        for place in (folder, folder.parent):
            with pytest.raises(FileNotFoundError, match=rf"incomplete: .* got no {file}; remove the folder"):
                fetch_cifar10(place)


def test_prefers_complete_folders(home, tmp_path):
    broken = home / BINARY.folder / BINARY.test
    X, _ = write_batches(home / PICKLED.folder, PICKLED)
    broken.unlink()
    np.testing.assert_array_equal(fetch_cifar10(home).data, X)
    (home / PICKLED.archive).write_bytes(archive_of(home / PICKLED.folder))
    (home / PICKLED.folder).rename(tmp_path / "away")
    (home / BINARY.archive).write_bytes(b"left alone, as its folder is there")
    np.testing.assert_array_equal(fetch_cifar10(home, download_if_missing=False).data, X)
    (home / PICKLED.archive).unlink()
    (home / PICKLED.folder / PICKLED.test).unlink()
    with pytest.raises(FileNotFoundError, match=r"CIFAR-10 in .*-bin is incomplete: .* call fetch_cifar10\(\) again"):
        fetch_cifar10(home)


@pytest.mark.parametrize("change", [-1, -3073, -RECORDS * 3073, 1, 3073])
def test_rejects_a_file_of_another_length(home, change):
    path = home / BINARY.folder / "data_batch_2.bin"
    content = path.read_bytes()
    path.write_bytes(content[:change] if change < 0 else content + bytes(change))
    size = f"{RECORDS * 3073 + change:,}"
    with pytest.raises(ValueError, match=rf"expected 61,460 bytes in .*data_batch_2.bin .*, got {size}; .*fetch the"):
        fetch_cifar10(home)


@pytest.mark.parametrize("label", [10, 255])
def test_rejects_a_label_out_of_range(home, label):
    path = home / BINARY.folder / "test_batch.bin"
    content = bytearray(path.read_bytes())
    content[5 * 3073] = label
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"labels from 0 to 9 in .*test_batch.bin, got {label} at image 5"):
        fetch_cifar10(home)


IMAGES, LABELS = np.zeros((RECORDS, 3072), np.uint8), [0] * RECORDS


@pytest.mark.parametrize(
    ("batch", "match"),
    [
        ({"data": IMAGES, "labels": [*LABELS[:-1], 10]}, "got 10 at image 19"),
        ({"data": IMAGES, "labels": [255, *LABELS[1:]]}, "got 255 at image 0"),
        ({"data": IMAGES, "labels": [-1, *LABELS[1:]]}, "got -1 at image 0"),
        ({"data": IMAGES, "labels": np.full(RECORDS, 10)}, "got 10 at image 0"),
        (
            {"data": IMAGES, "labels": LABELS[1:]},
            "expected a list of 20 integers under 'labels' in .*, got a list of 19 .int.",
        ),
        ({"data": IMAGES, "labels": [*LABELS, 0]}, "under 'labels' in .*, got a list of 21"),
        ({"data": IMAGES, "labels": [True, None, "1", *LABELS[3:]]}, "got a list of 20 .NoneType, bool, int, str."),
        ({"data": IMAGES, "labels": np.zeros(RECORDS)}, "'labels' in .*, got a list of 20 .float."),
        ({"data": IMAGES, "labels": "0" * RECORDS}, "'labels' in .*, got a str"),
        ({"data": IMAGES, "fine_labels": LABELS}, "a list of 20 integers under 'labels' in .*, got nothing"),
        ({"labels": LABELS}, r"an array of shape \(20, 3072\) and dtype uint8 under 'data' in .*, got nothing"),
        ({"data": LABELS, "labels": LABELS}, "'data' in .*, got a list of 20 .int."),
        ({"data": IMAGES[1:], "labels": LABELS}, r"'data' in .*, got an array of shape \(19, 3072\) and dtype uint8"),
        ({"data": IMAGES.T.copy(), "labels": LABELS}, r"'data' in .*, got an array of shape \(3072, 20\)"),
        ({"data": IMAGES.astype(np.int16), "labels": LABELS}, r"got an array of shape \(20, 3072\) and dtype int16"),
        ({"data": IMAGES.astype(object), "labels": LABELS}, "a pickled batch of CIFAR-10, got .*Nothing in it was run"),
        ([IMAGES, LABELS], "a pickled batch of CIFAR-10, got .*: it has list instead of a dict"),
        ({"data": IMAGES, "labels": LABELS, "more": bytes(10**6)}, "a pickled batch.*larger than 128,000 bytes"),
    ],
)
def test_rejects_what_is_not_a_pickled_batch(pickled, batch, match):
    write_pickle(pickled / "data_batch_3", batch)
    with pytest.raises(ValueError, match=rf"(?=.*data_batch_3).*{match}.*remove its folder"):
        fetch_cifar10(pickled)


def test_labels_may_be_an_array(pickled):
    write_pickle(pickled / "test_batch", {"data": IMAGES, "labels": np.arange(RECORDS) % 10})
    assert fetch_cifar10(pickled).y_test.tolist() == [*range(10)] * 2


def test_a_malicious_batch_runs_nothing(pickled, tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    for file in PICKLED.files:
        content = (pickled / file).read_bytes()
        write_pickle(pickled / file, {"data": Evil(), "labels": LABELS, "label_names": CLASSES})
        with pytest.raises(ValueError, match=rf"a pickled batch of CIFAR-10, got .*{file}: it refers to \w+.mkdir"):
            fetch_cifar10(pickled)
        (pickled / file).write_bytes(content)
    assert fetch_cifar10(pickled).target_names == CLASSES
    assert not (tmp_path / "ran").exists()


def test_class_names_must_be_ten(home):
    (home / BINARY.folder / BINARY.names).write_bytes(b"\xff\xfe two")
    with pytest.raises(ValueError, match=r"the names of 10 classes in .*batches.meta.txt, got 2"):
        fetch_cifar10(home)


@pytest.mark.parametrize("got", [{}, {"label_names": CLASSES[:9]}, {"label_names": [*range(10)]}, {"label_names": 10}])
def test_pickled_class_names_must_be_ten(pickled, got):
    write_pickle(pickled / "batches.meta", got)
    with pytest.raises(ValueError, match=r"the names of 10 classes in .*batches.meta, got \d"):
        fetch_cifar10(pickled)
    (pickled / "batches.meta").write_bytes(b"broken")
    with pytest.raises(ValueError, match=r"a pickled batch of CIFAR-10, got .*batches.meta"):
        fetch_cifar10(pickled)


# Folders that cannot be written


def test_reading_needs_no_lock_and_writes_nothing(home, pickled, monkeypatch):
    before = everything_in(home)
    monkeypatch.setattr(cifar10, "locked", None)
    assert fetch_cifar10(home).folder == home / BINARY.folder
    assert fetch_cifar10(pickled).folder == pickled
    assert everything_in(home) == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root can write to all folders")
def test_a_read_only_home(home):
    home.chmod(0o555)
    try:
        assert fetch_cifar10(home).is_cifar10
        (home / BINARY.folder).chmod(0o555)
        with pytest.raises(FetchError, match=r"cannot write the data to .*home.*set GATEWISE_DATA"):
            fetch_cifar10(home / "new")
    finally:
        home.chmod(0o755)


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(30, "Read-only file system")])
def test_rejects_a_home_that_cannot_be_locked(tmp_path, monkeypatch, error):
    """Even for root, on a read-only file system."""
    import filelock

    def refuse(self, *args, **kwargs):
        raise error

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with pytest.raises(FetchError, match=rf"cannot write the data to .*new .*{error.strerror}.*set GATEWISE_DATA"):
        fetch_cifar10(tmp_path / "new")
    assert everything_in(tmp_path) == []


def test_rejects_a_home_that_cannot_be_created(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FetchError, match=r"cannot write the data to .*file.home"):
        fetch_cifar10(tmp_path / "file" / "home")


# Downloads, from a server on this machine


def archive_of(folder, leave_out=()):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as tar:
        tar.add(folder, folder.name, filter=lambda info: None if Path(info.name).name in leave_out else info)
        evil = tarfile.TarInfo("../evil.txt")
        tar.addfile(evil, io.BytesIO())
    return buffer.getvalue()


@pytest.fixture
def serve(monkeypatch):
    """Serve bytes as the official archive; returns the address and a list of the requests.

    The first `fail` requests get an error, or the connection is closed. With `pause`, the server sends half, and the
    rest when that event is set; with `trickle`, it waits for this many seconds after each byte.
    """
    servers = []

    def start(content, status=200, cut=None, fail=10**6, pause=None, trickle=0.0, headers=()):
        asked, sent = [], {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                sent.update(self.headers)
                failing = len(asked) <= fail
                self.send_response(status if failing else 200)
                self.send_header("Content-Length", str(len(content)))
                for header in headers:
                    self.send_header(*header)
                self.end_headers()
                half = len(content) // 2 if pause else 0
                for byte in content if trickle else b"":
                    self.wfile.write(bytes([byte]))
                    time.sleep(trickle)
                self.wfile.write(content[:half])
                if pause:
                    pause.wait(30)
                self.wfile.write(content[half : cut if failing else None])

            def log_message(self, *args):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):  # a client that was killed
                pass

        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
        monkeypatch.setattr(cifar10, "URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setattr(cifar10, "BINARY", BINARY._replace(md5=hashlib.md5(content).hexdigest()))
        start.headers = sent  # of the last request
        return cifar10.URL, asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def everything_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


FETCHED = sorted([folders.LOCK, BINARY.folder, *(f"{BINARY.folder}/{file}" for file in BINARY.files)])


def test_downloads_checks_and_unpacks(home, serve, tmp_path, monkeypatch, capfd):
    serve(archive_of(home / BINARY.folder))
    new = tmp_path / "new" / "data"
    data = fetch_cifar10(new)
    np.testing.assert_array_equal(data.data, fetch_cifar10(home).data)
    assert everything_in(new) == FETCHED  # the archive is removed, and no file is outside its folder
    assert not list(tmp_path.rglob("evil.txt"))
    assert "100%" in capfd.readouterr().err  # progress was shown
    monkeypatch.setattr(cifar10, "URL", NOWHERE)
    fetch_cifar10(new)  # does not download again


@pytest.mark.parametrize("layout", [BINARY, PICKLED])
def test_accepts_the_folder_of_batches_before_it_exists(home, serve, tmp_path, layout):
    serve(archive_of(home / BINARY.folder))
    assert fetch_cifar10(tmp_path / "new" / layout.folder).folder == tmp_path / "new" / BINARY.folder


def test_downloads_from_a_mirror(home, serve, tmp_path, monkeypatch):
    url, asked = serve(archive_of(home / BINARY.folder))
    monkeypatch.setattr(cifar10, "URL", NOWHERE)
    fetch_cifar10(tmp_path / "a", mirror=f"{url}/some/folder")
    monkeypatch.setenv("GATEWISE_MIRROR", f"{url}/other/")
    fetch_cifar10(tmp_path / "b")
    fetch_cifar10(tmp_path / "c", mirror=url)
    assert asked == [f"/{folder}cifar-10-binary.tar.gz" for folder in ("some/folder/", "other/", "")]
    monkeypatch.setattr(cifar10, "BINARY", BINARY)
    with pytest.raises(
        FetchError,
        match=rf"expected a file of md5 {BINARY.md5} from {url}/other/.*, got another one, which was deleted",
    ):
        fetch_cifar10(tmp_path / "d")
    with pytest.raises(FetchError, match=r"the address of a folder, https://host/folder, got 'ftp://host'"):
        fetch_cifar10(tmp_path / "d", mirror="ftp://host")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c", "home"]


@pytest.mark.parametrize(("status", "cut", "why"), [(404, None, "404"), (200, 1000, "IncompleteRead")])
@pytest.mark.filterwarnings("ignore:the download of")
def test_a_failed_download_leaves_nothing(home, serve, tmp_path, monkeypatch, status, cut, why):
    url, asked = serve(archive_of(home / BINARY.folder), status, cut)
    new = tmp_path / "new" / "data"
    monkeypatch.setenv("GATEWISE_DATA", str(new))
    with pytest.raises(FetchError, match=rf"could not download CIFAR-10 from {url}.*{why}.*into {new} by hand"):
        fetch_cifar10(n_retries=1, delay=0)
    assert len(asked) == 2
    assert not new.parent.exists()
    new.mkdir(parents=True)  # folders that existed stay
    with pytest.raises(FetchError, match="could not download"):
        fetch_cifar10(n_retries=0)
    assert everything_in(new) == [folders.LOCK]


def test_a_download_is_tried_again(home, serve, tmp_path, monkeypatch):
    url, asked = serve(archive_of(home / BINARY.folder), cut=1000, fail=2)
    waited, messages = [], []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(pooch.get_logger(), "warning", messages.append)
    fetch_cifar10(tmp_path / "new", delay=7)
    assert all(text.startswith(f"the download of {url}") for text in messages)
    assert [text.partition("retrying ")[2] for text in messages] == ["(retries left: 3)", "(retries left: 2)"]
    assert len(asked) == 3
    assert waited.count(7) == 2
    assert everything_in(tmp_path / "new") == FETCHED


def test_fails_without_a_network(tmp_path):
    with pytest.raises(FetchError, match=rf"could not download CIFAR-10 from {NOWHERE}"):
        fetch_cifar10(tmp_path / "new", n_retries=0)
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize(
    "mirror",
    ["http://", "HTTPS:", "https:///folder", "http://[", "host/folder", "file:///data", "", 5, b"http://host", []],
)
def test_rejects_other_mirrors(tmp_path, mirror):
    with pytest.raises(FetchError, match="expected mirror to be the address of a folder, https://host/folder, got"):
        fetch_cifar10(tmp_path, mirror=mirror)


def test_a_mirror_in_capitals(home, serve, tmp_path):
    url, _ = serve(archive_of(home / BINARY.folder))
    assert fetch_cifar10(tmp_path / "new", mirror=url.replace("http", "HTTP")).is_cifar10


def test_uses_a_password_without_printing_it(home, serve, tmp_path, monkeypatch, caplog, capfd):
    monkeypatch.setattr(pooch.get_logger(), "handlers", [caplog.handler])
    url, _ = serve(archive_of(home / BINARY.folder))
    fetch_cifar10(tmp_path / "a", mirror=url.replace("//", "//me:secr%65t@"))
    assert serve.headers["Authorization"] == "Basic bWU6c2VjcmV0"  # me:secret
    url, _ = serve(b"", status=404)
    printed = []
    for place in (url.replace("//", "//me:secr%65t@"), "ftp://me:secr%65t@127.0.0.1", "me:secr%65t@127.0.0.1"):
        with pytest.raises(FetchError, match=r"127.0.0.1") as raised:
            fetch_cifar10(tmp_path / "b", mirror=place, n_retries=1, delay=0)
        printed.append(str(raised.value))
    assert "retrying" in caplog.text
    assert "secr" not in "".join([*printed, caplog.text, *capfd.readouterr()])


def test_a_mirror_cannot_name_a_file_of_this_machine(serve, tmp_path):
    (tmp_path / "secret").write_text("")
    serve(b"", status=302, headers=[("Location", (tmp_path / "secret").as_uri())])
    with pytest.raises(FetchError, match="could not download"):
        fetch_cifar10(tmp_path / "new", n_retries=0)


def test_does_not_decode_the_archive(home, serve, tmp_path):
    """Some servers declare every .gz as encoded; decoding it during the download could fill the disk."""
    serve(archive_of(home / BINARY.folder), headers=[("Content-Encoding", "gzip")])
    assert fetch_cifar10(tmp_path / "new").is_cifar10
    assert serve.headers["Accept-Encoding"] == "identity"


def test_rejects_an_endless_archive(serve, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "MAX_BYTES", 100_000)
    serve(bytes(300_000))
    with pytest.raises(
        FetchError, match=r"could not download .*expected the 170,052,171 bytes of CIFAR-10, got more than 100,000"
    ):
        fetch_cifar10(tmp_path / "new", n_retries=0)
    assert everything_in(tmp_path) == []


def test_rejects_a_mirror_that_is_too_slow(serve, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "PATIENCE", 0.5)
    serve(bytes(10_000), trickle=0.02)
    with pytest.raises(FetchError, match=r"could not download .*sent less than 10,000 bytes a second"):
        fetch_cifar10(tmp_path / "new", n_retries=0)


def test_names_an_error_without_a_message(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise TimeoutError

    monkeypatch.setattr(pooch, "retrieve", fail)
    with pytest.raises(FetchError, match=r"tar.gz: TimeoutError\. Try again"):
        fetch_cifar10(tmp_path / "new", n_retries=0)


def test_rejects_a_wrong_checksum(home, serve, tmp_path, monkeypatch):
    serve(archive_of(home / BINARY.folder))
    monkeypatch.setattr(cifar10, "BINARY", BINARY._replace(md5="0" * 32))
    with pytest.raises(FetchError, match=r"expected a file of md5 0{32} from .*, got another one, which was deleted"):
        fetch_cifar10(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_rejects_an_archive_without_a_file(home, serve, tmp_path):
    serve(archive_of(home / BINARY.folder, leave_out={"data_batch_5.bin"}))
    with pytest.raises(FetchError, match=r"does not contain data_batch_5.bin"):
        fetch_cifar10(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_fails_if_the_disk_is_full(home, serve, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    serve(archive_of(home / BINARY.folder))
    monkeypatch.setattr(archives, "_chunks", full)
    with pytest.raises(FetchError, match=r"cannot write the data to .*new .*No space left"):
        fetch_cifar10(tmp_path / "new")
    assert not (tmp_path / "new").exists()


# Several processes

FETCHING = """
import os, signal, sys
from classifiers.data import archives, cifar10, cifar10_batches
cifar10_batches.RECORDS = int(sys.argv[1])
cifar10.BINARY = cifar10.BINARY._replace(md5=sys.argv[2])
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:  # a process for each line, without importing again
    if os.fork() == 0:
        os.write(1, b"%d\\n" % os.getpid())
        os.write(1, b"%d\\n" % cifar10.fetch_cifar10(sys.argv[3], mirror=sys.argv[4], n_retries=0).data.sum())
        os._exit(0)
"""


def wait_for(condition):
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends, "waited for too long"
        time.sleep(0.01)


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_processes_wait_for_each_other_and_clean_up_after_a_killed_one(home, serve, tmp_path):
    go_on, new = threading.Event(), tmp_path / "new"
    url, asked = serve(archive_of(home / BINARY.folder), pause=go_on)
    command = [sys.executable, "-c", FETCHING, str(RECORDS), cifar10.BINARY.md5, str(new), url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment) as processes:

        def another():
            processes.stdin.write("\n")
            processes.stdin.flush()
            return int(processes.stdout.readline())

        killed = another()
        wait_for(lambda: any(path.is_file() and path.stat().st_size for path in new.rglob(f"{folders.TEMPORARY}*/*")))
        os.kill(killed, signal.SIGKILL)
        assert len(everything_in(new)) == 3  # the lock file, and a temporary folder with half an archive

        another()
        another()
        wait_for(lambda: len(asked) == 2)
        time.sleep(0.2)  # if the other did not wait, it would send a request, too
        go_on.set()
        sums, error = processes.communicate(timeout=60)
    assert sums.split() == [str(fetch_cifar10(home).data.sum())] * 2, error
    assert len(asked) == 2
    assert everything_in(new) == FETCHED  # the files of the killed process are removed


@pytest.mark.data
def test_the_real_data(cifar10):
    assert cifar10.X_train.shape == (50_000, 3072)
    assert cifar10.X_test.shape == (10_000, 3072)
    assert cifar10.data.shape == (60_000, 3072)
    assert np.bincount(cifar10.y_train).tolist() == [5000] * 10
    assert np.bincount(cifar10.y_test).tolist() == [1000] * 10
    assert cifar10.X_train.mean() == pytest.approx(120.7, abs=1)  # the published mean pixel
    assert cifar10.target_names[0] == "airplane"
