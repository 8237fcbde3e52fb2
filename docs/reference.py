"""Write the API reference from the docstrings, by pdoc: pages that open offline and have a search of their own.

    python docs/reference.py [FOLDER]     (or `make docs`, which writes out/api/index.html)

pdoc finds the names and makes the pages. Here is what it cannot know: how our docstrings are laid out, where names from
private modules are public, and what is of no use to a reader; templates and style are in docs/reference. A warning on
the way is an error, and so is a reference that leads nowhere.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from html import escape
from importlib import import_module
from inspect import Parameter, Signature, cleandoc
from pathlib import Path
from pkgutil import resolve_name
from types import ModuleType
from typing import get_origin, get_type_hints

import jinja2
import numpy as np
import pdoc.search
from markupsafe import Markup
from pdoc import doc, docstrings, render, render_helpers
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonConsoleLexer

from autograd.gates import GATES, Gate

ROOT = Path(__file__).parents[1]
PACKAGES = ("autograd", "nn", "classifiers")
# Classes that nobody imports and everybody meets: what others derive from, and what functions give back.
BASES = {"autograd": ["autograd.graph.node.Node"], "nn": ["nn.losses.Loss"], "classifiers": []}
RESULTS = {
    "autograd": [
        "autograd.checking.report.GradientCheck", "autograd.checking.report.InputCheck",
        "autograd.checking.gate_checks.Fault", "autograd.graph.hooks.Hook", "autograd.drawing.picture.Picture",
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
# What nodes say to the walk and to the gates, and to nobody else.
INNER = {
    "as_input", "attributes", "chain_rule", "check_fingerprints", "constant", "fingerprints", "generated_recorders",
    "generated_rules", "initial_gradient", "on_first_use", "record", "rule_input", "set_grads", "unbroadcast",
    "validated", "version",
}  # fmt: skip
DOT = r'(?:\.|</span><span class="o">\.</span><span class="n">)'  # plain, or highlighted by Pygments


# The layout of a docstring: prose with `code`, examples, lines further in that stay as they are, and columns


SECTION = re.compile(
    r"^(Parameters|Returns|Yields|Raises|Warns|Attributes|Notes|References|Examples|See Also|Other Parameters)\n-{3,}$",
    re.M,
)


def html(docstring: str) -> str:
    """A docstring as HTML: a numpydoc one by pdoc, else ValueError where a part of it has none of the layouts above."""
    if SECTION.search(cleandoc(docstring)):
        text = render_helpers.to_html(docstrings.convert(cleandoc(docstring), "numpy", None))
        text = re.sub(r'<(h\d) id="[^"]*">', r"<\1>", text)  # every docstring has the same headings
        return re.sub(r"<ul>\n(<li><strong>.*?)</ul>", _in_two_columns, text, flags=re.S)
    return "\n".join(map(_part, re.split(r"\n\s*\n", docstring.strip("\n")) if docstring else ()))


def _in_two_columns(items: re.Match[str]) -> str:
    """A list of `name (type): description` as names with descriptions next to them."""
    rows = re.findall(r"<li><strong>(.*?)</strong>(?: \((.*?)\))?:\s*(.*?)</li>", items[1], re.S)
    cells = (f"<dt>{name}</dt><dd>{f'<em>{kind}</em><br>' if kind else ''}{what}</dd>" for name, kind, what in rows)
    return f"<dl>{''.join(cells)}</dl>"


def _part(text: str) -> str:
    if text.startswith(">>> "):
        return highlight(text, PythonConsoleLexer(), HtmlFormatter(cssclass="pdoc-code codehilite"))
    if text.startswith(" "):
        return f"<pre>{escape(text, quote=False)}</pre>"
    if rows := columns(text):
        return "<dl>" + "".join(f"<dt>{_inline(name)}</dt><dd>{_inline(what)}</dd>" for name, what in rows) + "</dl>"
    if re.search(r"\S  |\n( |>>> )", text):
        raise ValueError(f"a docstring has neither prose nor columns, or no empty line between them, in:\n{text}")
    return f"<p>{_inline(text)}</p>"


def columns(text: str) -> list[tuple[str, str]]:
    """The rows of `name    what it is`, which may go on below; none where not all lines are laid out like that."""
    beside = re.compile(r"(\S+(?: \S+)*?)  +(?=\S)")
    lines = [(line, beside.match(line)) for line in text.splitlines()]
    start = min((found.end() for _, found in lines if found), default=0)  # more where a name is too long for its column
    rows: list[list[str]] = []
    for line, found in lines:
        if found:
            rows.append([found[1], line[found.end() :]])
        elif not line.startswith(" "):
            rows.append([line])  # what it is stands below
        elif start and line[:start].isspace():
            rows[-1].append(line[start:])
        else:
            return []
    return [(name, "\n".join(what)) for name, *what in rows] if all(len(row) > 1 for row in rows) else []


def attributes(docstring: str) -> list[tuple[str, str]]:
    """The names and descriptions under `Attributes` and `Parameters` of a numpydoc docstring."""
    rows = []
    parts = SECTION.split(cleandoc(docstring))
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        if heading in ("Attributes", "Parameters"):
            for names, what in re.findall(r"^(\w[\w, ]*?)(?: : .*)?\n((?:    .*\n?|\n)*)", body, re.M):
                rows.append((names, cleandoc(what)))
    return rows


def _inline(text: str) -> str:
    pieces = escape(text, quote=False).split("`")
    if len(pieces) % 2 == 0:
        raise ValueError(f"a docstring has a ` without its other, in:\n{text}")
    return "".join(f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces))


# What is public, and where


def modules() -> dict[str, doc.Module]:
    """A page for each package and each of its public modules, by name."""
    pages = {}
    for name in PACKAGES:
        package = import_module(name)
        for public in package.__all__:  # pdoc does not ask for what loads on first use
            setattr(package, public, getattr(package, public))
        inside = [thing for public in package.__all__ if isinstance(thing := getattr(package, public), ModuleType)]
        pages |= {module.__name__: doc.Module(module) for module in (package, *inside)}
    _ease_annotations()
    for package, results in RESULTS.items():
        for path in [*BASES[package], *results]:
            home, _, name = path.rpartition(".")
            pages[package].members[name] = doc.Class(package, name, resolve_name(f"{home}:{name}"), (home, name))
    homes = {kind.taken_from: (page, kind.qualname) for page, module in pages.items() for kind in module.classes}
    for module in pages.values():
        for kind in module.classes:
            _settle(kind, homes)
    for name in ("Value", "Tensor"):
        _tell_gates(pages["autograd"].members[name])
    return pages


def _ease_annotations() -> None:
    """Make those evaluable that pdoc fails at."""
    stub = ModuleType("autograd.graph.gate_methods")  # which is there for type checkers alone
    vars(stub)["GateMethods"] = object
    sys.modules[stub.__name__] = stub
    short = {name: type(name, (), {"__module__": "builtins"}) for name in ("ArrayLike", "DTypeLike")}
    for module in [module for name, module in sys.modules.items() if _ours(name)]:
        for name in short.keys() & vars(module).keys():  # unions of a dozen types, which signatures would spell out
            setattr(module, name, short[name])
        for name, thing in list(vars(module).items()):
            if isinstance(thing, type) and issubclass(thing, tuple) and hasattr(thing, "_fields"):
                thing.__new__.__annotations__ = get_type_hints(thing)  # the constructor of a NamedTuple is of no module
            if get_origin(thing) is Callable and any(isinstance(part, str) for part in thing.__args__):
                *given, result = (eval(part, {"np": np}) if isinstance(part, str) else part for part in thing.__args__)
                setattr(module, name, Callable[given, result])


def _settle(kind: doc.Class, homes: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """Give a class the members of its private bases; of those of a public one, the place where they are told."""
    own: list[doc.Doc] = []
    inherited: dict[tuple[str, str], list[doc.Doc]] = {}
    rows = attributes(kind.docstring) or [row for part in re.split(r"\n\s*\n", kind.docstring) for row in columns(part)]
    said = {name: what for names, what in rows for name in names.split(", ")}
    for member in kind.members.values():
        home, path = member.taken_from
        if isinstance(member, doc.Variable) and re.match("Alias for field|$", member.docstring):
            member.docstring = said.get(member.name, "") if member.annotation_str else ""
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
    """The nearest bases that a reader may have met: in the place of a private one, its own."""
    for base in kind.__bases__:
        place = base.__module__, base.__qualname__
        if _ours(base.__module__) and place not in homes:
            yield from _bases(base, homes)
        elif base is not object:
            yield place


def _ours(module: str | None) -> bool:
    return (module or "").partition(".")[0] in PACKAGES


def _tell_gates(kind: doc.Class) -> None:
    """Give the methods that are made of the table of gates their arguments and their formulas."""
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
    """A gate in a sentence: its value, its local gradients, and NumPy's name for it."""
    forward, locals_, _ = gate.formulas
    gradients = [
        f"∂/∂{name} = {local('out', *gate.arguments)}" for name, local in zip(gate.arguments, locals_, strict=True)
    ]
    names = " or ".join(f"`np.{name}`" for name in gate.ufuncs if hasattr(np, name))
    numpy = f" By NumPy: {names}." if names else ""
    return f"The gate {gate.name}: {forward(*gate.arguments)}, with {', '.join(gradients)}.{numpy}"


def shown(thing: doc.Doc) -> bool:
    """Whether the reference tells of a thing: what has a docstring of ours, and attributes whose type is said."""
    parent, _, name = thing.qualname.rpartition(".")
    if isinstance(thing, doc.Module):
        return thing.fullname in render.env.globals["pages"]
    if isinstance(thing, doc.Function) and name == "__call__":
        return bool(thing.obj.__doc__)
    if name.startswith("_") or (parent and name in INNER):
        return False
    if isinstance(thing, doc.Function):
        return bool(thing.docstring) and _ours(thing.obj.__module__)
    return isinstance(thing, doc.Class) or bool(thing.docstring or (parent and thing.annotation_str))


def made(kind: doc.Class) -> Signature | None:
    """What a user makes one with; None where that is nothing, or where a function makes it."""
    init = kind.members.get("__init__")
    returned = ".".join(kind.taken_from) in {path for paths in RESULTS.values() for path in paths}
    if init is None or returned or not _ours(init.taken_from[0]) or not init.signature_without_self.parameters:
        return None
    return init.signature_without_self


# References


@jinja2.pass_context
def linkify(context: jinja2.runtime.Context, code: str, namespace: str = "", shorten: bool = True) -> Markup:
    """As pdoc's, and `plots.neighbours` is found from anywhere; a name of ours that is not found is warned of.

    shorten  whether `code` is a signature, and not prose, which may name what is private
    """
    page, pages = context["module"].modulename, context["all_modules"]
    relative = {name.rpartition(".")[2]: name for name in pages if "." in name}
    relative.pop("training", None)  # what callbacks call the Training that is under way

    def found(match: re.Match[str]) -> str:
        if not match[1]:
            return match[0]
        home, name = relative.get(match[1], match[1]), re.sub(DOT, ".", match[2])[1:]
        target = pages[home].get(name)
        if target is not None and shown(target):
            return f'<a href="{render_helpers.relative_link(page, home)}#{name}">{match[0]}</a>'
        if shorten or not _exists(f"{home}.{name}"):
            where = f"{page}.{namespace}" if namespace else f"a signature of {page}"
            warnings.warn(f"{where} names {home}.{name}, of which nothing is told", stacklevel=2)
        return match[0]

    # links and tags, which stay as they are, or a name
    pieces = rf"<a .*?</a>|<[^>]*>|(?<![\w./=-])({'|'.join([*PACKAGES, *relative])})((?:{DOT}\w+)+)"
    linked = render_helpers.linkify(context, as_written(code) if shorten else code, namespace, shorten)
    return Markup(re.sub(pieces, found, linked))


def as_written(types: str) -> str:
    """Types as a user would write them: `np.random.Generator` for numpy.random._generator.Generator."""
    types = re.sub(r"&lt;class &#(?:x27|39);(.*?)&#(?:x27|39);&gt;", r"\1", types)
    types = re.sub(rf"\btyping{DOT}", "", types)
    types = re.sub(rf"\bnumpy({DOT})", r"np\1", types)
    return re.sub(rf"({DOT})_\w+{DOT}", r"\1", types)


def searched(signature: Signature, colon: bool) -> Markup:
    """A signature in a result of the search, where nothing is linked: `nn.Module` for nn.module.Module."""
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
    """Warn of links that lead nowhere, of parts of the same name, and of what a page loads from elsewhere."""
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
                warnings.warn(f"{where}: {count} parts are named {name}", stacklevel=2)
        for tag, target in targets:
            file, _, part = target.partition("#")
            known = parts.get((path.parent / file).resolve() if file else path)
            if tag != "a" and not target.startswith("data:"):
                warnings.warn(f"{where}: loads {target}", stacklevel=2)
            elif tag == "a" and "://" not in target and (known is None or (part and part not in known)):
                warnings.warn(f"{where}: the link {target} leads nowhere", stacklevel=2)


def build(folder: Path) -> int:
    """Write the reference to a folder, in the place of what is there, and return how many pages it has.

    RuntimeError, with all warnings, where there was any. ValueError where the folder holds something else. Either way
    what is there stays.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and any(folder.iterdir()) and not is_reference(folder):
        raise ValueError(f"{folder} holds something else: name an empty folder, or that of an earlier reference")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        render.configure(docformat="markdown", show_source=False, template_directory=ROOT / "docs/reference")
        render.env.globals["pages"] = pages = modules()
        render.env.tests["shown"] = shown
        render.env.filters |= {"to_html": html, "linkify": linkify, "made": made}
        pdoc.search.to_html, pdoc.search.format_signature = html, searched
        texts = {f"{name.replace('.', '/')}.html": render.html_module(page, pages) for name, page in pages.items()}
        texts |= {"index.html": render.html_index(pages), "search.js": render.search_index(pages)}
        with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
            fresh = Path(beside).resolve() / folder.name
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
    """Whether a folder holds an earlier reference, which may be replaced, and no file beside it."""
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
