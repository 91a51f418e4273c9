"""Which files of content/ MkDocs gets to know: the records' texts as pages, and what they name as targets of links.

It is an allow-list: whatever else lies in the folder is unknown to MkDocs, which so can publish none of it.
"""

from collections.abc import Iterable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from storefront.read.records import SHELVES


class NamedFile(File):
    """A picture or a film that a record names: MkDocs knows it as the target of links, and never copies it.

    What is made of it, without what a camera wrote beside it, is laid into the built site (`write/publish.py`).
    """

    def copy_file(self, dirty: bool = False) -> None:
        """Copy nothing."""


def records_alone(files: Files, config: MkDocsConfig) -> Files:
    """Return the records of content/: no stray, none of Material's scripts and styles, and nothing that is no page."""
    content, records = Path(config.docs_dir), config.extra["front"].written
    written = [
        file for file in files if file.src_uri in records and Path(str(file.abs_src_path)).is_relative_to(content)
    ]
    for file in written:
        folder, _, rest = file.dest_uri.partition("/")
        if folder in SHELVES:
            file.dest_uri = f"{SHELVES[folder]}/{rest}"
    return Files(written)


def add_named(files: Files, named: Iterable[str], config: MkDocsConfig) -> Files:
    """Add the pictures and films that records name, by their paths, after static-i18n: their names are as they are."""
    for path in named:
        files.append(NamedFile(path, config.docs_dir, config.site_dir, config.use_directory_urls))
    return files
