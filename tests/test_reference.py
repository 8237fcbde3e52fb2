"""The API reference: how it lays out docstrings, that nothing public is missing, and that it opens offline."""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from filelock import FileLock

pytest.importorskip("pdoc", reason="needs pdoc: pip install '.[docs]'")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs/reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The reference, built once for all processes of a test run."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, said = shared / "reference", shared / "reference.log"
    with FileLock(shared / "reference.lock"):
        if not said.exists():
            done = subprocess.run(
                [sys.executable, "-W", "error", ROOT / "docs/reference.py", folder],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            said.write_text(f"{done.returncode} {done.stdout}{done.stderr}", encoding="utf-8")
    assert said.read_text(encoding="utf-8") == f"0 written: {folder / 'index.html'}, and {len(PAGES)} pages\n"
    return folder


def public(package):
    return {name: getattr(package, name) for name in package.__all__}


PACKAGES = [importlib.import_module(name) for name in ("autograd", "nn", "classifiers")]
INSIDE = [thing for package in PACKAGES for thing in public(package).values() if isinstance(thing, ModuleType)]
PAGES = {module.__name__: f"{module.__name__.replace('.', '/')}.html" for module in [*PACKAGES, *INSIDE]}


def told(site, module):
    """What a page tells of, by the parts it is linked by."""
    return set(re.findall(r'<(?:section|div) id="([^"]+)"', (site / PAGES[module]).read_text(encoding="utf-8")))


# The layout of docstrings


def test_columns(reference):
    text = """\
lr            λ, the rate
weight, bias  (n,): what is
              learned
running_mean, running_var
              buffers
a_longer_name, another  beside it"""
    assert reference.columns(text) == [
        ("lr", "λ, the rate"),
        ("weight, bias", "(n,): what is\nlearned"),
        ("running_mean, running_var", "buffers"),
        ("a_longer_name, another", "beside it"),
    ]


@pytest.mark.parametrize("text", ["prose", "prose that\ngoes on", "a  b\nprose", "a  b\n c", " a  b", "a  b\nname", ""])
def test_what_is_not_in_columns(reference, text):
    assert reference.columns(text) == []


def test_each_layout_becomes_what_it_is(reference):
    text = """\
w ← w − λ · g × 2, where *all* of <w> are_ changed by `a < b`,
and on.

n  how many, `k` at most

    forward = f(x)

>>> 1 < 2
True
"""
    found = reference.html(text)
    assert found.startswith(
        "<p>w ← w − λ · g × 2, where *all* of &lt;w&gt; are_ changed by <code>a &lt; b</code>,\nand"
    )
    assert "<dl><dt>n</dt><dd>how many, <code>k</code> at most</dd></dl>" in found
    assert "<pre>    forward = f(x)</pre>" in found
    assert re.sub(r"<[^>]*>", "", found).endswith("&gt;&gt;&gt; 1 &lt; 2\nTrue\n\n")


@pytest.mark.parametrize(
    "text",
    ["n  how many\nand prose", "Columns:\nn  how many", "A formula:\n    f(x)", "So:\n>>> 1\n1", "an open `tick"],
)
def test_a_layout_that_nobody_knows_is_refused(reference, text):
    with pytest.raises(ValueError, match="a docstring has"):
        reference.html(text)


def test_types_are_as_one_writes_them(reference):
    assert reference.as_written("numpy.random._generator.Generator | typing.Any") == "np.random.Generator | Any"
    assert reference.as_written("&lt;class &#x27;numpy.float32&#x27;&gt;") == "np.float32"


def test_the_formulas_of_a_gate(reference):
    gates = reference.GATES
    assert reference.formulas(gates["mul"]) == "The gate mul: x · y, with ∂/∂x = y, ∂/∂y = x. By NumPy: `np.multiply`."
    assert reference.formulas(gates["exp"]) == "The gate exp: exp(x), with ∂/∂x = out. By NumPy: `np.exp`."


# What is told


@pytest.mark.parametrize("module", PAGES)
def test_each_public_name_is_told(site, module):
    home = sys.modules[module]
    names = {name for name in getattr(home, "__all__", ()) if not isinstance(getattr(home, name), ModuleType)}
    if not hasattr(home, "__all__"):
        own = [thing for thing in vars(home).values() if getattr(thing, "__module__", None) == module]
        names = {thing.__name__ for thing in own if hasattr(thing, "__name__") and not thing.__name__.startswith("_")}
    assert names
    assert names <= told(site, module)
    index = (site / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{PAGES[module]}#{name}"' in index for name in names)


def test_the_methods_of_the_gates_are_told(site):
    stub = (ROOT / "autograd/graph/gate_methods.pyi").read_text(encoding="utf-8")
    methods = re.findall(r"def ([a-z]\w*)\(", stub)
    assert len(methods) > 40
    assert {f"{kind}.{name}" for kind in ("Value", "Tensor") for name in methods} <= told(site, "autograd")


def test_what_a_private_base_gives_is_told_of_each_class(site):
    told_of = told(site, "classifiers")
    assert {f"MLPClassifier.{name}" for name in ("fit", "partial_fit", "predict", "predict_proba")} <= told_of
    text = (site / "classifiers.html").read_text(encoding="utf-8")
    assert not re.search("NNClassifier|NNEstimator|LinearEstimator", text)
    assert "set_params" in text  # from scikit-learn


def test_what_is_of_no_use_is_not_told(site):
    told_of = told(site, "autograd")
    assert not {"Value.pull_back", "Value.checked", "Tensor.fingerprints", "Tensor.__init__"} & told_of
    assert "Alias for field" not in (site / "classifiers.html").read_text(encoding="utf-8")


# Errors


def test_a_reference_that_leads_nowhere_is_warned_of(reference):
    from pdoc import doc, render

    pages = render.env.globals["pages"] = {name: doc.Module(sys.modules[name]) for name in ("nn.init", "nn.optim")}
    pages["nn"] = doc.Module(ModuleType("nn"))
    context = {"module": pages["nn.optim"], "all_modules": pages, "is_public": lambda thing: "yes"}
    assert reference.linkify(context, "see init.he", shorten=False) == 'see <a href="init.html#he">init.he</a>'
    assert reference.linkify(context, "see nn.optim.base", shorten=False) == "see nn.optim.base"  # private, but there
    for text in ("see init.nothing", "see nn.nothing"):
        with pytest.warns(UserWarning, match=f"nn.optim.SGD names (nn.)?{text[4:]}, of which nothing is told"):
            reference.linkify(context, text, namespace="SGD", shorten=False)
    private = 'nn</span><span class="o">.</span><span class="n">updates'  # as Pygments has it
    with pytest.warns(UserWarning, match=r"a signature of nn\.optim names nn\.updates, of which nothing is told"):
        assert reference.linkify(context, private) == private


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('<a href="other.html">x</a>', "page.html: the link other.html leads nowhere"),
        ('<a href="#part">x</a>', "page.html: the link #part leads nowhere"),
        ('<p id="a"></p><p id="a"></p>', "page.html: 2 parts are named a"),
        ('<img src="https://example.org/x.png">', "page.html: loads https://example.org/x.png"),
    ],
)
def test_a_page_that_is_not_right_is_warned_of(reference, tmp_path, text, warning):
    (tmp_path / "page.html").write_text('<a href="page.html#here" id="here">x</a>')
    reference.check(tmp_path)  # warns of nothing
    (tmp_path / "page.html").write_text(text)
    with pytest.warns(UserWarning, match=re.escape(warning)):
        reference.check(tmp_path)


def test_a_warning_is_an_error(reference, tmp_path, monkeypatch):
    import warnings

    monkeypatch.setattr(reference, "modules", lambda: warnings.warn("something is amiss", stacklevel=1) or {})
    with pytest.raises(RuntimeError, match="something is amiss"):
        reference.build(tmp_path / "out")


def test_a_folder_with_something_else_is_left_alone(reference, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ValueError, match="holds something else"):
        reference.build(tmp_path)
    assert (tmp_path / "thesis.tex").exists()
    for ours in ("search.js", "index.html"):  # as another site has them
        (tmp_path / ours).write_text("gatewise")
    with pytest.raises(ValueError, match="holds something else"):
        reference.build(tmp_path)
    assert (tmp_path / "thesis.tex").exists()


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_docs_writes_all_of_it():
    done = subprocess.run(["make", "--dry-run", "docs"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"docs/\w+\.py", done.stdout) == [
        "docs/generate.py", "docs/maps.py", "docs/architecture.py", "docs/reference.py",
    ]  # fmt: skip


# In a browser


@pytest.fixture
def watch(browser, site):
    """Open a page of the reference; at the end nothing has gone wrong in it, and it has asked for files alone."""
    contexts, asked, wrong = [], [], []

    def open_page(path="index.html", part="", **settings):
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto((site / path).as_uri() + part)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert asked
    assert all(url.startswith(("file:", "data:")) for url in asked)
    assert wrong == []


def test_from_the_index_to_a_signature(watch):
    page = watch()
    page.get_by_role("link", name="gradcheck", exact=True).click()
    page.wait_for_url("**/autograd.html#gradcheck")
    heading = page.locator("#gradcheck .attr")
    heading.wait_for()
    assert re.sub(r"\s+", " ", heading.inner_text()).startswith("def gradcheck( f: Callable[")
    assert page.locator("#gradcheck .attr a", has_text="GradientCheck").get_attribute("href") == "#GradientCheck"
    page.get_by_role("link", name="Module Index").click()
    page.wait_for_url("**/index.html")


def test_the_search_finds_by_name_and_by_word(watch):
    page = watch("nn/optim.html")
    page.get_by_role("searchbox").fill("gradcheck")
    page.locator(".search-result a", has_text="autograd.gradcheck").first.click()
    page.wait_for_url("**/autograd.html#gradcheck")
    page.get_by_role("searchbox").fill("Nesterov")
    page.locator(".search-result a", has_text="nn.optim.SGD").first.wait_for()


def test_parameters_stand_in_two_columns(watch):
    page = watch("classifiers.html", viewport={"width": 1280, "height": 800})
    columns = page.locator("#KNeighborsClassifier > .docstring dl").first
    names = columns.locator("dt")
    assert names.all_inner_texts() == ["n_neighbors", "metric", "weights", "n_jobs"]
    boxes = [names.nth(i).bounding_box() for i in range(4)]
    told_ = columns.locator("dd")
    beside = [told_.nth(i).bounding_box() for i in range(4)]
    assert len({box["x"] for box in boxes}) == len({box["x"] for box in beside}) == 1
    for name, what in zip(boxes, beside, strict=True):
        assert name["x"] + name["width"] <= what["x"]
        assert abs(name["y"] - what["y"]) < 4
    assert "√Σ(x − known)²" in told_.nth(1).inner_text()


@pytest.mark.parametrize("path", ["index.html", "autograd.html", "nn.html", "classifiers.html"])
def test_on_a_phone_nothing_is_cut_off(watch, path):
    page = watch(path, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_members_unfold_in_the_navigation(watch):
    page = watch("nn/optim.html", viewport={"width": 1280, "height": 800})
    link = page.locator("nav a", has_text="load_state_dict").first
    assert not link.is_visible()
    page.locator("nav summary", has_text="Optimizer").click(position={"x": 12, "y": 12})  # on the mark beside it
    link.click()
    assert page.url.endswith("#Optimizer.load_state_dict")
