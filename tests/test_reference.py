"""The API reference: it renders docstrings, contains all public names, and works offline."""

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
    folder, log = shared / "reference", shared / "reference.log"
    with FileLock(shared / "reference.lock"):
        if not log.exists():
            done = subprocess.run(
                [sys.executable, "-W", "error", ROOT / "docs/reference.py", folder],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            log.write_text(f"{done.returncode} {done.stdout}{done.stderr}", encoding="utf-8")
    assert log.read_text(encoding="utf-8") == f"0 written: {folder / 'index.html'}, and {len(PAGES)} pages\n"
    return folder


def public(package):
    return {name: getattr(package, name) for name in package.__all__}


PACKAGES = [importlib.import_module(name) for name in ("autograd", "nn", "classifiers")]
INSIDE = [thing for package in PACKAGES for thing in public(package).values() if isinstance(thing, ModuleType)]
PAGES = {module.__name__: f"{module.__name__.replace('.', '/')}.html" for module in [*PACKAGES, *INSIDE]}


def documented(site, module):
    """The ids of the names that a page documents."""
    return set(re.findall(r'<(?:section|div) id="([^"]+)"', (site / PAGES[module]).read_text(encoding="utf-8")))


# Docstrings


def test_numpydoc_sections_are_rendered(reference):
    text = """\
    Return how many, with `a < b`.

    It goes on.

    Parameters
    ----------
    lr, eps : float, shape (n, `k`)
        The rate, where <w> changes
        w ← w − λ · g.
    *inputs, **settings : object
        Passed on.

    Returns
    -------
    int

    Notes
    -----
    A formula:

        forward = f(x)

    Examples
    --------
    >>> 1 < 2
    True
    """
    found = reference.html(text)
    assert found.startswith("<p>Return how many, with <code>a &lt; b</code>.</p>")
    assert re.findall("<h6>(.*?)</h6>", found) == ["Parameters", "Returns", "Notes", "Examples"]
    names = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", found, re.DOTALL)
    assert [name for name, _ in names] == ["lr, eps", "*inputs, **settings", "int"]
    assert names[0][1].startswith("<em>float, shape (n, <code>k</code>)</em><br>The rate, where")
    assert "w ← w − λ · g." in names[0][1]
    assert re.search("<pre>.*forward = f\\(x\\)", found, re.DOTALL)
    assert re.sub(r"<[^>]*>", "", found).endswith("&gt;&gt;&gt; 1 &lt; 2\nTrue\n\n\n")
    assert reference.attributes(text) == {
        "lr": "The rate, where <w> changes\nw ← w − λ · g.",
        "eps": "The rate, where <w> changes\nw ← w − λ · g.",
        "*inputs": "Passed on.",
        "**settings": "Passed on.",
    }


@pytest.mark.parametrize("text", ["n  how many\nk  at most", "Compute.\n\nA formula:\n    f(x)", "an open `tick"])
def test_rejects_docstrings_that_would_be_garbled(reference, text):
    with pytest.raises(ValueError, match="a docstring has"):
        reference.html(text)


def test_types_are_written_as_users_write_them(reference):
    assert reference.as_written("numpy.random._generator.Generator | typing.Any") == "np.random.Generator | Any"
    assert reference.as_written("&lt;class &#x27;numpy.float32&#x27;&gt;") == "np.float32"


def test_formulas_of_a_gate(reference):
    gates = reference.GATES
    assert reference.formulas(gates["mul"]) == (
        "Return x · y. Local gradients: ∂/∂x = y; ∂/∂y = x. In NumPy: `np.multiply`."
    )
    assert reference.formulas(gates["exp"]) == "Return exp(x). Local gradients: ∂/∂x = out. In NumPy: `np.exp`."


# What is documented


@pytest.mark.parametrize("module", PAGES)
def test_each_public_name_is_documented(site, module):
    home = sys.modules[module]
    names = {name for name in getattr(home, "__all__", ()) if not isinstance(getattr(home, name), ModuleType)}
    if not hasattr(home, "__all__"):
        own = [thing for thing in vars(home).values() if getattr(thing, "__module__", None) == module]
        names = {thing.__name__ for thing in own if hasattr(thing, "__name__") and not thing.__name__.startswith("_")}
    assert names
    assert names <= documented(site, module)
    index = (site / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{PAGES[module]}#{name}"' in index for name in names)


def test_methods_of_the_gates_are_documented(site):
    stub = (ROOT / "autograd/graph/gate_methods.pyi").read_text(encoding="utf-8")
    methods = re.findall(r"def ([a-z]\w*)\(", stub)
    assert len(methods) > 40
    assert {f"{kind}.{name}" for kind in ("Value", "Tensor") for name in methods} <= documented(site, "autograd")


def test_members_of_private_bases_are_documented_in_each_class(site):
    names = documented(site, "classifiers")
    assert {f"MLPClassifier.{name}" for name in ("fit", "partial_fit", "predict", "predict_proba")} <= names
    text = (site / "classifiers.html").read_text(encoding="utf-8")
    assert not re.search("NNClassifier|NNEstimator|LinearEstimator", text)
    assert "set_params" in text  # from scikit-learn


def test_internal_members_are_left_out(site):
    names = documented(site, "autograd")
    assert not {"Value.chain_rule", "Value.record", "Tensor.fingerprints", "Tensor.__init__"} & names
    assert "Alias for field" not in (site / "classifiers.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("module", PAGES)
def test_signatures_name_array_like_instead_of_its_parts(site, module):
    assert "_array_like" not in (site / PAGES[module]).read_text(encoding="utf-8")


# Errors


def test_warns_of_broken_references(reference):
    from pdoc import doc, render

    pages = render.env.globals["pages"] = {name: doc.Module(sys.modules[name]) for name in ("nn.init", "nn.optim")}
    pages["nn"] = doc.Module(ModuleType("nn"))
    context = {"module": pages["nn.optim"], "all_modules": pages, "is_public": lambda thing: "yes"}
    assert reference.linkify(context, "see init.he", shorten=False) == 'see <a href="init.html#he">init.he</a>'
    assert reference.linkify(context, "see nn.optim.base", shorten=False) == "see nn.optim.base"  # private, but there
    for text in ("see init.nothing", "see nn.nothing"):
        with pytest.warns(UserWarning, match=f"nn.optim.SGD names (nn.)?{text[4:]}, which is not in the reference"):
            reference.linkify(context, text, namespace="SGD", shorten=False)
    private = 'nn</span><span class="o">.</span><span class="n">updates'  # as Pygments has it
    with pytest.warns(UserWarning, match=r"a signature of nn\.optim names nn\.updates, which is not in the reference"):
        assert reference.linkify(context, private) == private


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('<a href="other.html">x</a>', "page.html: the link other.html is broken"),
        ('<a href="#part">x</a>', "page.html: the link #part is broken"),
        ('<p id="a"></p><p id="a"></p>', "page.html: 2 elements have the id a"),
        ('<img src="https://example.org/x.png">', "page.html: loads https://example.org/x.png"),
    ],
)
def test_warns_of_faults_in_a_page(reference, tmp_path, text, warning):
    (tmp_path / "page.html").write_text('<a href="page.html#here" id="here">x</a>')
    reference.check(tmp_path)  # warns of nothing
    (tmp_path / "page.html").write_text(text)
    with pytest.warns(UserWarning, match=re.escape(warning)):
        reference.check(tmp_path)


def test_a_warning_is_an_error(reference, tmp_path, monkeypatch):
    import warnings

    monkeypatch.setattr(reference, "modules", lambda: warnings.warn("something is wrong", stacklevel=1) or {})
    with pytest.raises(RuntimeError, match="something is wrong"):
        reference.build(tmp_path / "out")


def test_rejects_a_folder_with_other_files(reference, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ValueError, match="contains other files"):
        reference.build(tmp_path)
    assert (tmp_path / "thesis.tex").exists()
    for ours in ("search.js", "index.html"):  # as another site has them
        (tmp_path / ours).write_text("gatewise")
    with pytest.raises(ValueError, match="contains other files"):
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
def open_page(browser, site):
    """Open pages of the reference, and check that they show no error and load only local files."""
    contexts, requested, errors = [], [], []

    def open_(path="index.html", part="", **settings):
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requested.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto((site / path).as_uri() + part)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert requested
    assert all(url.startswith(("file:", "data:")) for url in requested)
    assert errors == []


def test_from_the_index_to_a_signature(open_page):
    page = open_page()
    page.get_by_role("link", name="gradcheck", exact=True).click()
    page.wait_for_url("**/autograd.html#gradcheck")
    heading = page.locator("#gradcheck .attr")
    heading.wait_for()
    assert re.sub(r"\s+", " ", heading.inner_text()).startswith("def gradcheck( f: Callable[")
    assert page.locator("#gradcheck .attr a", has_text="GradientCheck").get_attribute("href") == "#GradientCheck"
    page.get_by_role("link", name="Module Index").click()
    page.wait_for_url("**/index.html")


def test_search_finds_names_and_words(open_page):
    page = open_page("nn/optim.html")
    page.get_by_role("searchbox").fill("gradcheck")
    page.locator(".search-result a", has_text="autograd.gradcheck").first.click()
    page.wait_for_url("**/autograd.html#gradcheck")
    page.get_by_role("searchbox").fill("Nesterov")
    page.locator(".search-result a", has_text="nn.optim.SGD").first.wait_for()


def test_parameters_are_in_two_columns(open_page):
    page = open_page("classifiers.html", viewport={"width": 1280, "height": 800})
    columns = page.locator("#KNeighborsClassifier > .docstring dl").first
    names = columns.locator("dt")
    assert names.all_inner_texts() == ["n_neighbors", "metric", "weights", "n_jobs"]
    boxes = [names.nth(i).bounding_box() for i in range(4)]
    descriptions = columns.locator("dd")
    description_boxes = [descriptions.nth(i).bounding_box() for i in range(4)]
    assert len({box["x"] for box in boxes}) == len({box["x"] for box in description_boxes}) == 1
    for name, description in zip(boxes, description_boxes, strict=True):
        assert name["x"] + name["width"] <= description["x"]
        assert abs(name["y"] - description["y"]) < 4
    assert "√Σ(x − known)²" in descriptions.nth(1).inner_text()


@pytest.mark.parametrize("path", ["index.html", "autograd.html", "nn.html", "classifiers.html"])
def test_pages_fit_on_a_phone(open_page, path):
    page = open_page(path, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_members_in_the_navigation_can_be_unfolded(open_page):
    page = open_page("nn/optim.html", viewport={"width": 1280, "height": 800})
    link = page.locator("nav a", has_text="load_state_dict").first
    assert not link.is_visible()
    page.locator("nav summary", has_text="Optimizer").click(position={"x": 12, "y": 12})  # on the triangle before it
    link.click()
    assert page.url.endswith("#Optimizer.load_state_dict")
