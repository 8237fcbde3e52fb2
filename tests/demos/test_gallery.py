"""The gallery: a complete offline page of all slides, even if a demo fails."""

import re
import subprocess
import sys
from pathlib import Path

import gallery
import pytest
from slides import slides

ROOT = Path(__file__).parents[2]
DEMO = """
import sys
from pathlib import Path
out = Path(sys.argv[2])
print("loss <b>: 2.9, 0 and 12.9")
print("picture:", out / "hinge.png")
(out / "hinge.png").write_bytes(bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
))
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A gallery in which one demo works and the others do not exist."""
    (tmp_path / "demos").mkdir()
    (tmp_path / "demos/hinge.py").write_text(DEMO)
    monkeypatch.setattr(gallery, "HERE", tmp_path / "demos")
    return tmp_path


def test_page_shows_outputs_and_pictures(folder, capsys):
    gallery.main(gallery.Settings(only=("hinge",), out=folder / "out"))
    assert f"page: {folder / 'out/index.html'}" in capsys.readouterr().out
    page = (folder / "out/index.html").read_text(encoding="utf-8")
    assert page.count("<section") == len(slides())
    card = re.search(r'<section id="slide-18">.*?</section>', page, re.DOTALL)[0]
    assert "loss &lt;b&gt;" in card
    assert "picture: " not in card
    assert '<img src="hinge/hinge.png"' in card
    assert page.count("not run yet") == len(slides()) - 1


def test_reports_a_failing_demo_and_runs_the_others(folder, capsys):
    with pytest.raises(SystemExit, match="1 of 2 demos failed: softmax"):
        gallery.main(gallery.Settings(only=("softmax", "hinge"), out=folder / "out"))
    page = (folder / "out/index.html").read_text(encoding="utf-8")
    assert '<img src="hinge/hinge.png"' in page
    assert "softmax.py" in page


def test_a_blocked_output_folder_stops_only_its_demo(folder, capsys):
    (folder / "out").mkdir()
    (folder / "out/softmax").write_text("a file where the folder is to be")
    (folder / "out/block").mkdir()
    (folder / "out/block/output.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(SystemExit, match="1 of 2 demos failed: softmax"):
        gallery.main(gallery.Settings(only=("softmax", "hinge"), out=folder / "out"))
    assert '<img src="hinge/hinge.png"' in (folder / "out/index.html").read_text(encoding="utf-8")


def test_rejects_an_unknown_demo(folder):
    with pytest.raises(ValueError, match=r"no slide has the demo hinges; there are .*hinge"):
        gallery.main(gallery.Settings(only=("hinges",), out=folder))
    assert not (folder / "index.html").exists()


def test_the_page_opens_offline_and_shows_each_slide(folder, browser):
    gallery.main(gallery.Settings(only=("hinge",), out=folder / "out"))
    page = browser.new_page(viewport={"width": 420, "height": 800})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((folder / "out/index.html").as_uri())
    assert asked
    assert [url for url in asked if not url.startswith("file:")] == []
    assert not errors
    assert page.locator("section").count() == len(slides())
    assert page.locator("#slide-18 img").evaluate("image => image.naturalWidth") == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")  # nothing is cut off on a phone
    page.locator("nav a", has_text=re.compile("^38$")).click()
    assert page.locator("#slide-38").bounding_box()["y"] < 800
    page.close()


def test_from_the_command_line():
    done = subprocess.run(
        [sys.executable, ROOT / "demos/gallery.py", "--only", "nothing"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("gallery: no slide has the demo nothing")
