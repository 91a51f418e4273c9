"""One file of modules and one of styles for each kind of page, without blanks and comments.

A page then costs two requests, and its modules are compressed together. Each module keeps a scope of its own: it
becomes a function that runs once and answers what it exports. What a page imports only when it is needed becomes a file
beside the page's own, and takes from it whatever the two share, so that no state exists twice.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import rcssmin
import rjsmin

MADE_BY = ("rjsmin", "rcssmin")
"""The libraries whose work the files are. They take out blanks and comments and rename nothing: one that rewrites code
moved a variable's use before it."""
IMPORT = re.compile(r'^import (?:(?P<names>\{[^}]*\}|\* as \w+) from )?"\./(?P<module>[\w-]+\.js)";\n', re.MULTILINE)
LATER = re.compile(r'\bimport\("\./([\w-]+\.js)"\)')
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (?P<name>\w+))", re.MULTILINE)
PASSED_ON = re.compile(r"^export \{(?P<names>[^}]*)\};\n", re.MULTILINE)
UNREAD = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)


class Unread(Exception):
    """A module is written in a way that is not read here; the words say which line, and what to write."""


def bundle(sources: Mapping[str, str], entry: str) -> dict[str, str]:
    """The files of the page that the module `entry` runs, its own first, by name; `sources` are all modules by name.

    Raises Unread, and KeyError for a module that there is not, or that a page imports both at once and later.
    """
    main, later = _divided(sources, entry)
    taken = {name for names in later.values() for each in names for name in _imports(sources[each])} & set(main)
    beside = {name: f"{entry.removesuffix('.js')}.{name}" for name in later}
    kept = f"return {{{','.join(map(_variable, sorted(taken)))}}};"
    body = "".join(_module(name, sources[name], beside) for name in main)
    files = {entry: f"export const house=(()=>{{{body}{kept}}})();" if taken else f"(()=>{{{body}}})();"}
    for name, names in later.items():
        body = "".join(_module(each, sources[each], beside) for each in names)
        shared = f'import{{house}}from"./{entry}";' if taken else ""
        unpacked = "".join(f"const {_variable(each)}=house.{_variable(each)};" for each in sorted(taken))
        exports = ",".join(_exports(sources[name]))
        made = f"export const {{{exports}}}=(()=>{{{unpacked}{body}return {_variable(name)};}})();"
        files[beside[name]] = shared + made
    return {name: bare(text) for name, text in files.items()}


def bare(source: str) -> str:
    """Code without blanks and comments."""
    return str(rjsmin.jsmin(source))


def sheet(sources: Iterable[str]) -> str:
    """Stylesheets as one."""
    return str(rcssmin.cssmin("\n".join(sources)))


def _divided(sources: Mapping[str, str], entry: str) -> tuple[list[str], dict[str, list[str]]]:
    """The modules of the page's own file, and by each module that is imported later those that come with it.

    What two of these need is the page's own, or each would have it by itself.
    """
    main = list(_closure(sources, [entry]))
    later: dict[str, list[str]] = {}
    waiting = [name for module in main for name in LATER.findall(sources[module])]
    while waiting:
        name = waiting.pop()
        if name not in later and name not in main:
            later[name] = [each for each in _closure(sources, [name]) if each not in main]
            waiting += [deeper for each in later[name] for deeper in LATER.findall(sources[each])]
    shared = [name for name, times in Counter(each for names in later.values() for each in names).items() if times > 1]
    main = list(_closure(sources, [*shared, entry]))
    return main, {
        name: [each for each in names if each not in main] for name, names in later.items() if name not in main
    }


def _closure(sources: Mapping[str, str], entries: Iterable[str]) -> dict[str, None]:
    """The modules and all that they import, each after what it needs."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        for imported in _imports(sources[name]):
            visit(imported)
        found.setdefault(name)

    for entry in entries:
        visit(entry)
    return found


def _imports(source: str) -> list[str]:
    return [found["module"] for found in IMPORT.finditer(source)]


def _exports(source: str) -> list[str]:
    own = [found["name"] for found in EXPORT.finditer(source)]
    passed = [name.strip() for found in PASSED_ON.finditer(source) for name in found["names"].split(",")]
    return own + [name for name in passed if name]


def _module(name: str, source: str, beside: Mapping[str, str]) -> str:
    """The module as a function that has run; `beside` tells how the files are called that it imports later."""

    def take(found: re.Match[str]) -> str:
        names, taken = found["names"], _variable(found["module"])
        if not names:
            return ""
        return f"const {names.removeprefix('* as ').replace(' as ', ':')}={taken};"

    text = IMPORT.sub(take, PASSED_ON.sub("", EXPORT.sub("", source)))
    text = LATER.sub(lambda found: f'import("./{beside[found[1]]}")', text)
    for line in UNREAD.findall(text):
        raise Unread(
            f'site/assets/js/{name}: {line}: write imports as `import {{ a }} from "./b.js";`, and exports '
            "as `export` before a function, const or class"
        )
    return f"const {_variable(name)}=(()=>{{{text}\nreturn {{{','.join(_exports(source))}}};}})();\n"


def _variable(name: str) -> str:
    """The variable that holds what a module exports."""
    return "m_" + name.removesuffix(".js").replace("-", "_")
