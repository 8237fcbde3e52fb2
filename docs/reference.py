"""Write the API reference from the docstrings, with pdoc: pages that work offline and have a search.

    python docs/reference.py [FOLDER]     (or `make docs`, which writes out/api/index.html)

pdoc collects the names and renders the pages. This script adds what pdoc does not know: the layout of numpydoc
docstrings, where names of private modules are public, and what to leave out. Templates and style are in docs/reference.
Warnings are errors, and so are broken references.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from importlib import import_module
from inspect import Parameter, Signature, cleandoc
from pathlib import Path
from pkgutil import resolve_name
from types import ModuleType
from typing import get_origin, get_type_hints

import jinja2
import numpy as np
import numpy.typing
import pdoc.search
from markupsafe import Markup
from numpydoc.docscrape import NumpyDocString
from numpydoc.docscrape import Parameter as NumpyParameter
from pdoc import doc, render, render_helpers

from autograd.gates import GATES, Gate

ROOT = Path(__file__).parents[1]
PACKAGES = ("autograd", "nn", "classifiers")
# Classes that users do not import but encounter: base classes, and what functions return.
BASES = {"autograd": ["autograd.graph.node.Node"], "nn": ["nn.losses.Loss"], "classifiers": []}
RESULTS = {
    "autograd": [
        "autograd.checking.report.GradientCheck", "autograd.checking.report.InputCheck",
        "autograd.checking.gate_checks.Fault", "autograd.graph.hooks.Hook", "autograd.graph.modes.in_mode",
        "autograd.drawing.picture.Picture",
        "autograd.program.replay.Program", "autograd.unfolding.Unfolded",
    ],
    "nn": ["nn.module.IncompatibleKeys", "nn.summary.Row", "nn.summary.Summary"],
    "classifiers": [
        "classifiers.data.cifar10_batches.Images", "classifiers.data.holdout.Scored",
        "classifiers.plots.shared.arguments.Classifier",
        "classifiers.plots.shared.arguments.FittedEstimator", "classifiers.plots.shared.arguments.LinearModel",
        "classifiers.plots.shared.arguments.Regressor", "classifiers.plots.shared.arguments.Trace",
        "classifiers.plots.shared.arguments.TrainedModel",
    ],
}  # fmt: skip
# Members of nodes that only the engine uses.
INTERNAL = {
    "as_input", "attributes", "chain_rule", "check_fingerprints", "constant", "fingerprints", "generated_recorders",
    "generated_rules", "initial_gradient", "on_first_use", "record", "rule_input", "set_grads", "unbroadcast",
    "validated", "version",
}  # fmt: skip
DOT = r'(?:\.|</span><span class="o">\.</span><span class="n">)'  # plain, or highlighted by Pygments


# Docstrings

TEXT = ("Signature", "Summary", "Extended Summary")  # numpydoc takes a summary like `f(x)` for a signature
LISTS = ("Parameters", "Attributes", "Returns", "Yields", "Raises", "Warns", "Other Parameters")


def html(docstring: str) -> str:
    """Convert a numpydoc docstring to HTML.

    Raises ValueError if a backtick is unpaired, or if columns or indented lines would lose their layout.
    """
    if docstring.count("`") % 2:
        raise ValueError(f"a docstring has an unpaired ` in:\n{docstring}")
    parts = []
    for heading, content in NumpyDocString(cleandoc(docstring)).items():
        if not content:
            continue
        if heading not in TEXT:
            parts.append(f"<h6>{heading}</h6>")
        if heading in LISTS:
            parts.append(_definitions(content))
        else:
            parts.append(render_helpers.to_html(content if isinstance(content, str) else "\n".join(content)))
    text = "\n".join(parts)
    if re.search(r"\S {2,}\S|\n {4}", re.sub("<pre.*?</pre>", "", text, flags=re.DOTALL)):
        raise ValueError(
            f"a docstring has columns, or indented lines without an empty line before them, in:\n{docstring}"
        )
    return text


def _definitions(rows: Sequence[NumpyParameter]) -> str:
    """Names, with their types and descriptions next to them."""
    cells = []
    for name, kind, description in rows:
        what = render_helpers.to_html("\n".join(description)).strip()
        what = re.sub(r"^<p>((?:(?!<p>).)*)</p>$", r"\1", what, flags=re.DOTALL)  # a single paragraph without its tags
        if name and kind:
            what = f"<em>{_inline(kind)}</em><br>{what}"
        cells.append(f"<dt>{_inline(name or kind)}</dt><dd>{what}</dd>")
    return f"<dl>{''.join(cells)}</dl>"


def _inline(text: str) -> str:
    """Text with `code` as HTML."""
    return re.sub("`(.*?)`", r"<code>\1</code>", escape(text, quote=False))


def attributes(docstring: str) -> dict[str, str]:
    """Return the descriptions under `Parameters` and `Attributes` of a docstring, by name."""
    sections = NumpyDocString(cleandoc(docstring))
    rows = [*sections["Parameters"], *sections["Attributes"]]
    return {name.strip(): "\n".join(row.desc) for row in rows for name in row.name.split(",")}


# Public names and their pages


def modules() -> dict[str, doc.Module]:
    """Return a page for each package and each of its public modules, by name."""
    pages = {}
    for name in PACKAGES:
        package = import_module(name)
        for public in package.__all__:  # pdoc does not load what is loaded on first use
            setattr(package, public, getattr(package, public))
        inside = [thing for public in package.__all__ if isinstance(thing := getattr(package, public), ModuleType)]
        pages |= {module.__name__: doc.Module(module) for module in (package, *inside)}
    _simplify_annotations()
    for package, results in RESULTS.items():
        for path in [*BASES[package], *results]:
            home, _, name = path.rpartition(".")
            pages[package].members[name] = doc.Class(package, name, resolve_name(f"{home}:{name}"), (home, name))
    homes: dict[tuple[str, str], tuple[str, str]] = {}  # where a class is documented first, and linked to
    for page, module in pages.items():
        for kind in module.classes:
            homes.setdefault(kind.taken_from, (page, kind.qualname))
    for module in pages.values():
        for kind in module.classes:
            _place_members(kind, homes)
    for name in ("Value", "Tensor"):
        _document_gates(pages["autograd"].members[name])
    return pages


def _simplify_annotations() -> None:
    """Replace annotations that pdoc cannot evaluate, and types that it would spell out."""
    stub = ModuleType("autograd.graph.gate_methods")  # exists for type checkers only
    vars(stub)["GateMethods"] = object
    sys.modules[stub.__name__] = stub
    short = {name: type(name, (), {"__module__": "builtins"}) for name in ("ArrayLike", "DTypeLike")}
    ours = [module for name, module in sys.modules.items() if _ours(name)]
    for module in (numpy.typing, *ours):  # NumPy's, because modules import it for type checkers only
        for name in short.keys() & vars(module).keys():  # unions of a dozen types
            setattr(module, name, short[name])
        for name, thing in list(vars(module).items()):
            if isinstance(thing, type) and issubclass(thing, tuple) and hasattr(thing, "_fields"):
                thing.__new__.__annotations__ = get_type_hints(thing)  # its constructor belongs to no module
            if get_origin(thing) is Callable and any(isinstance(part, str) for part in thing.__args__):
                *given, result = (eval(part, {"np": np}) if isinstance(part, str) else part for part in thing.__args__)
                setattr(module, name, Callable[given, result])


def _place_members(kind: doc.Class, homes: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """Give a class the members of its private bases, and links to the members of its public bases."""
    own: list[doc.Doc] = []
    inherited: dict[tuple[str, str], list[doc.Doc]] = {}
    described = attributes(kind.docstring)
    for member in kind.members.values():
        home, path = member.taken_from
        if isinstance(member, doc.Variable) and re.match("Alias for field|$", member.docstring):
            member.docstring = described.get(member.name, "") if member.annotation_str else ""
        owner = home, path.rpartition(".")[0]
        if home.startswith("sklearn.") and isinstance(member, doc.Function) and "._" not in f"{home}.{path}":
            inherited.setdefault(owner, []).append(member)
        elif not _ours(home) or not shown(member):
            continue
        elif owner in homes and owner != kind.taken_from:
            page, name = homes[owner]
            member.taken_from = page, f"{name}.{member.name}"
            inherited.setdefault((page, name), []).append(member)
        else:
            own.append(member)
        if isinstance(member, doc.Function) and not member.is_staticmethod:
            member.signature = member.signature_without_self
    kind.own_members, kind.inherited_members = own, inherited
    bases = (homes.get(place, place) for place in _bases(kind.obj, homes))
    kind.bases = [(page, name, f"{page}.{name}".removeprefix("builtins.")) for page, name in bases]


def _bases(kind: type, homes: Mapping[tuple[str, str], tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The nearest public bases of a class."""
    for base in kind.__bases__:
        place = base.__module__, base.__qualname__
        if _ours(base.__module__) and place not in homes:
            yield from _bases(base, homes)
        elif base is not object:
            yield place


def _ours(module: str | None) -> bool:
    return (module or "").partition(".")[0] in PACKAGES


def _document_gates(kind: doc.Class) -> None:
    """Give the methods generated from the table of gates their arguments and formulas."""
    for gate in GATES.values():
        if gate.method:
            method = kind.members[gate.name]
            defaults = (Parameter.empty,) * (gate.arity - len(gate.defaults)) + gate.defaults
            others = [
                Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=default)
                for name, default in zip(gate.arguments[1:], defaults[1:], strict=True)
            ]
            method.signature = Signature(others, return_annotation=kind.obj)
            method.docstring = formulas(gate)


def formulas(gate: Gate) -> str:
    """Describe a gate: its value, its local gradients, and its name in NumPy."""
    forward, locals_, _ = gate.formulas
    gradients = [
        f"∂/∂{name} = {local('out', *gate.arguments)}" for name, local in zip(gate.arguments, locals_, strict=True)
    ]
    names = " or ".join(f"`np.{name}`" for name in gate.ufuncs if hasattr(np, name))
    numpy_names = f" In NumPy: {names}." if names else ""
    return f"Return {forward(*gate.arguments)}. Local gradients: {'; '.join(gradients)}.{numpy_names}"


def shown(thing: doc.Doc) -> bool:
    """Whether the reference shows a thing: if it has a docstring, or is an attribute with a type."""
    parent, _, name = thing.qualname.rpartition(".")
    if isinstance(thing, doc.Module):
        return thing.fullname in render.env.globals["pages"]
    if isinstance(thing, doc.Function) and name == "__call__":
        return bool(thing.obj.__doc__)
    if name.startswith("_") or (parent and name in INTERNAL):
        return False
    if isinstance(thing, doc.Function):
        return bool(thing.docstring) and _ours(thing.obj.__module__)
    return isinstance(thing, doc.Class) or bool(thing.docstring or (parent and thing.annotation_str))


def constructor(kind: doc.Class) -> Signature | None:
    """The arguments of a class; None if it has none, or if instances are returned by functions only."""
    init = kind.members.get("__init__")
    returned = ".".join(kind.taken_from) in {path for paths in RESULTS.values() for path in paths}
    if init is None or returned or not _ours(init.taken_from[0]) or not init.signature_without_self.parameters:
        return None
    return init.signature_without_self


# References


@jinja2.pass_context
def linkify(context: jinja2.runtime.Context, code: str, namespace: str = "", shorten: bool = True) -> Markup:
    """Link names as pdoc does, and names such as `plots.neighbours` from any page; warn of unknown names of ours.

    `shorten` is True for signatures and False for prose, which may name private things.
    """
    page, pages = context["module"].modulename, context["all_modules"]
    relative = {name.rpartition(".")[2]: name for name in pages if "." in name}
    relative.pop("training", None)  # a common variable name in examples and callbacks

    def found(match: re.Match[str]) -> str:
        if not match[1]:
            return match[0]
        home, name = relative.get(match[1], match[1]), re.sub(DOT, ".", match[2])[1:]
        target = pages[home].get(name)
        if target is not None and shown(target):
            return f'<a href="{render_helpers.relative_link(page, home)}#{name}">{match[0]}</a>'
        if shorten or not _exists(f"{home}.{name}"):
            where = f"{page}.{namespace}" if namespace else f"a signature of {page}"
            warnings.warn(f"{where} names {home}.{name}, which is not in the reference", stacklevel=2)
        return match[0]

    # links and tags, which are kept, or a name
    pieces = rf"<a .*?</a>|<[^>]*>|(?<![\w./=-])({'|'.join([*PACKAGES, *relative])})((?:{DOT}\w+)+)"
    linked = render_helpers.linkify(context, as_written(code) if shorten else code, namespace, shorten)
    return Markup(re.sub(pieces, found, linked))


def as_written(types: str) -> str:
    """Write types as a user would: `np.random.Generator` instead of numpy.random._generator.Generator."""
    types = re.sub(r"&lt;class &#(?:x27|39);(.*?)&#(?:x27|39);&gt;", r"\1", types)
    types = re.sub(rf"\btyping{DOT}", "", types)
    types = re.sub(rf"\bnumpy({DOT})", r"np\1", types)
    return re.sub(rf"({DOT})_\w+{DOT}", r"\1", types)


def search_signature(signature: Signature, colon: bool) -> Markup:
    """A signature as search results show it, without links: `nn.Module` instead of nn.module.Module."""
    types = as_written(render_helpers.format_signature(signature, colon))
    path = re.compile(rf"\b({'|'.join(PACKAGES)})({DOT})(\w+){DOT}(?=\w)")
    pages = render.env.globals["pages"]
    return Markup(path.sub(lambda m: m[0] if f"{m[1]}.{m[3]}" in pages else m[1] + m[2], types))


def _exists(path: str) -> bool:
    try:
        resolve_name(path)
    except (AttributeError, ImportError):
        return False
    return True


def check(folder: Path) -> None:
    """Warn of broken links, of duplicate ids, and of anything that a page loads from elsewhere."""
    links, parts = {}, {}
    for path in folder.rglob("*.html"):
        text = re.sub(r"<(script|style)\b.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        tags = re.findall(r"<(\w+)(\s[^<>]*)", text)
        found = [(tag, *each) for tag, inside in tags for each in re.findall(r'\b(id|href|src)="([^"]*)"', inside)]
        parts[path] = Counter(value for _, name, value in found if name == "id")
        links[path] = {(tag, value) for tag, name, value in found if name != "id"}
    for path, targets in links.items():
        where = path.relative_to(folder)
        for name, count in parts[path].items():
            if count > 1:
                warnings.warn(f"{where}: {count} elements have the id {name}", stacklevel=2)
        for tag, target in targets:
            file, _, part = target.partition("#")
            known = parts.get((path.parent / file).resolve() if file else path)
            if tag != "a" and not target.startswith("data:"):
                warnings.warn(f"{where}: loads {target}", stacklevel=2)
            elif tag == "a" and "://" not in target and (known is None or (part and part not in known)):
                warnings.warn(f"{where}: the link {target} is broken", stacklevel=2)


def build(folder: Path) -> int:
    """Write the reference to a folder, replacing an earlier one, and return the number of pages.

    Raises ValueError if the folder contains anything else, and RuntimeError with all warnings if there were any; the
    folder is then left unchanged.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and any(folder.iterdir()) and not is_reference(folder):
        raise ValueError(f"{folder} contains other files; pass an empty folder, or that of an earlier reference")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        render.configure(docformat="markdown", show_source=False, template_directory=ROOT / "docs/reference")
        render.env.globals["pages"] = pages = modules()
        render.env.tests["shown"] = shown
        render.env.filters |= {"to_html": html, "linkify": linkify, "constructor": constructor}
        pdoc.search.to_html, pdoc.search.format_signature = html, search_signature
        texts = {f"{name.replace('.', '/')}.html": render.html_module(page, pages) for name, page in pages.items()}
        texts |= {"index.html": render.html_index(pages), "search.js": render.search_index(pages)}
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            fresh = Path(scratch).resolve() / folder.name
            for path, text in texts.items():
                (fresh / path).parent.mkdir(parents=True, exist_ok=True)
                (fresh / path).write_text(text, encoding="utf-8")
            check(fresh)
            if caught:
                raise RuntimeError("\n".join(dict.fromkeys(str(one.message) for one in caught)))
            shutil.rmtree(folder, ignore_errors=True)
            fresh.rename(folder)
    return len(pages)


def is_reference(folder: Path) -> bool:
    """Whether a folder contains an earlier reference and nothing else."""
    files = {path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()}
    ours = {path for path in files if path.suffix == ".html"} | {Path("search.js")}
    index = folder / "index.html"
    return files == ours and index.exists() and "gatewise" in index.read_text(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out/api"
    try:
        print(f"written: {out / 'index.html'}, and {build(out)} pages")
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(f"reference: {error}")
