"""One file of modules and one of styles for each kind of page, without blanks and comments.

A page then costs two requests, and its modules are compressed together. Each module keeps a scope of its own: it
becomes a function that runs once and returns what it exports, or a block where nothing is taken from it. What a page
imports only when it is needed becomes a file beside the page's own, a chunk, which imports from that whatever the two
share, so that no state exists twice.

Why not esbuild: infra/docs/decisions/2026-11-29-scripts-are-bundled-by-our-own-hundred-lines.md.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

import rcssmin
import rjsmin

MADE_BY = ("rjsmin", "rcssmin")
"""The libraries whose work the files are. They take out blanks and comments and rename nothing: one that rewrites code
moved a variable's use before it."""
MODULE = r"(?P<module>\.{1,2}/[\w./-]+\.js)"
"""How an import names a module: by its path from the folder of the one that imports it."""
IMPORT = re.compile(rf'^import (?:(?P<names>\{{[^}}]*\}}|\* as \w+) from )?"{MODULE}";\n', re.MULTILINE)
LATER = re.compile(rf'\bimport\("{MODULE}"\)')
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (?P<name>\w+))", re.MULTILINE)
FUNCTION = re.compile(
    r"^export (?:async )?function (?P<name>\w+)\([^\n]*\{\n(?:(?:  [^\n]*)?\n)*\}\n",
    re.MULTILINE,
)
"""A function as the formatter writes it: between its first line and its closing brace all stands further in."""
PASSED_ON = re.compile(r"^export \{(?P<names>[^}]*)\};\n", re.MULTILINE)
UNREAD = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)


class Unread(Exception):
    """A module is written in a way that is not read here; the words say which line, and what to write."""


def bundle(sources: Mapping[str, str], entry: str) -> dict[str, str]:
    """Return the files of the page that the module `entry` runs, its own first, by file name; they lie side by side.

    `sources` are all modules by their paths, such as pages/cart/cart.js. Raises Unread, and KeyError for a module that
    does not exist, or that a page imports both at once and later.
    """
    main, later = _divided(sources, entry)
    page = posixpath.basename(entry)
    chunks = {name: f"{page.removesuffix('.js')}.{posixpath.basename(name)}" for name in later}
    if len({*chunks.values()}) < len(chunks):
        raise Unread(f"site/assets/js/{entry}: two modules that it imports later have one file name: rename one")
    modules = [*main, *dict.fromkeys(each for names in later.values() for each in names)]
    variables = {name: f"_{number}" for number, name in enumerate(modules)}
    exports = _used_exports(sources, modules, later)

    def body(names: Iterable[str]) -> str:
        return "".join(_module(name, sources[name], variables, chunks, exports[name]) for name in names)

    shared = {name for names in later.values() for each in names for name in _imports(each, sources[each])}
    taken = ",".join(variables[name] for name in main if name in shared and exports[name])
    files = {page: body(main) + (f"export{{{taken}}};" if taken else "")}
    for name, names in later.items():
        before = f'import{{{taken}}}from"./{page}";' if taken else ""
        after = f"export const {{{','.join(exports[name])}}}={variables[name]};" if exports[name] else ""
        files[chunks[name]] = before + body(names) + after
    return {name: bare(text) for name, text in files.items()}


def bare(source: str) -> str:
    """Return code without blanks and comments."""
    return str(rjsmin.jsmin(source))


def sheet(sources: Iterable[str]) -> str:
    """Return stylesheets as one."""
    return str(rcssmin.cssmin("\n".join(sources)))


def imports(name: str, source: str) -> list[str]:
    """Return the paths of the modules that the module `name` imports, those of later included, as it names them."""
    return [*_imports(name, source), *_later(name, source)]


def _divided(sources: Mapping[str, str], entry: str) -> tuple[list[str], dict[str, list[str]]]:
    """Return the modules of the page's own file, and by each module that is imported later those that come with it.

    What two of these need is the page's own, or each would have it by itself.
    """
    main = list(_closure(sources, [entry]))
    later: dict[str, list[str]] = {}
    waiting = [name for module in main for name in _later(module, sources[module])]
    while waiting:
        name = waiting.pop()
        if name not in later and name not in main:
            later[name] = [each for each in _closure(sources, [name]) if each not in main]
            waiting += [deeper for each in later[name] for deeper in _later(each, sources[each])]
    shared = [name for name, times in Counter(each for names in later.values() for each in names).items() if times > 1]
    main = list(_closure(sources, [*shared, entry]))
    return main, {
        name: [each for each in names if each not in main] for name, names in later.items() if name not in main
    }


def _closure(sources: Mapping[str, str], entries: Iterable[str]) -> dict[str, None]:
    """Return the modules and all that they import, each after what it needs."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        for imported in _imports(name, sources[name]):
            visit(imported)
        found.setdefault(name)

    for entry in entries:
        visit(entry)
    return found


@lru_cache(maxsize=1024)  # a module is a part of many pages, in both languages
def _imports(name: str, source: str) -> tuple[str, ...]:
    return tuple(_resolved(name, found["module"]) for found in IMPORT.finditer(source))


@lru_cache(maxsize=1024)
def _later(name: str, source: str) -> tuple[str, ...]:
    return tuple(_resolved(name, found["module"]) for found in LATER.finditer(source))


def _resolved(name: str, path: str) -> str:
    """Return the module that `name` calls `path`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _used_exports(sources: Mapping[str, str], modules: Collection[str], whole: Collection[str]) -> dict[str, list[str]]:
    """Return what each of these modules exports that another of them imports; all of it for those in `whole`."""
    used: dict[str, set[str]] = {name: set() for name in modules}
    for name in modules:
        for found in IMPORT.finditer(sources[name]):
            other, names = _resolved(name, found["module"]), found["names"] or "{}"
            taken = _exports(sources[other]) if names.startswith("*") else names.strip("{}").split(",")
            used[other] |= {each.split(" as ")[0].strip() for each in taken}
    return {name: [each for each in _exports(sources[name]) if name in whole or each in used[name]] for name in modules}


def _exports(source: str) -> list[str]:
    own = [found["name"] for found in EXPORT.finditer(source)]
    passed = [name.strip() for found in PASSED_ON.finditer(source) for name in found["names"].split(",")]
    return own + [name for name in passed if name]


@lru_cache(maxsize=1024)
def _without_unused(source: str, exports: frozenset[str]) -> str:
    """Leave out the functions that nobody on the page takes and that the module itself does not name."""
    for found in FUNCTION.finditer(source):
        if found["name"] not in exports and len(re.findall(rf"\b{found['name']}\b", source)) == 1:
            return _without_unused(source.replace(found[0], ""), exports)  # what it alone named may go too
    return source


def _module(
    name: str, source: str, variables: Mapping[str, str], chunks: Mapping[str, str], exports: Sequence[str]
) -> str:
    """Return the module as a function that has run, and has returned those `exports`; as a block if there are none.

    `variables` hold what modules return, `chunks` are the files of those that are imported later.
    """

    def take(found: re.Match[str]) -> str:
        names, taken = found["names"], variables[_resolved(name, found["module"])]
        if not names:
            return ""
        return f"const {names.removeprefix('* as ').replace(' as ', ':')}={taken};"

    def take_later(found: re.Match[str]) -> str:
        return f'import("./{chunks[_resolved(name, found["module"])]}")'

    text = IMPORT.sub(take, PASSED_ON.sub("", EXPORT.sub("", _without_unused(source, frozenset(exports)))))
    text = LATER.sub(take_later, text)
    for line in UNREAD.findall(text):
        raise Unread(
            f'site/assets/js/{name}: {line}: write imports as `import {{ a }} from "./b.js";`, and exports '
            "as `export` before a function, const or class"
        )
    if not exports:
        return f"{{{text}}}\n"
    return f"const {variables[name]}=(()=>{{{text}\nreturn {{{','.join(exports)}}};}})();\n"
