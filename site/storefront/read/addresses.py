"""Addresses of the site's files: a name may hold whatever a file system takes, an address may not.

The catalogue's pictures hold addresses, and so do the pages, feeds and structured data that are made of it. Whoever
has a path calls `address_of` once, and whoever has an address and wants the file calls `path_of`.
"""

from urllib.parse import quote, unquote


def address_of(path: str) -> str:
    """Return the address of a path, such as /videos/%E5%9D%9B%231.mp4: as MkDocs writes it in links, too."""
    return quote(path)


def path_of(address: str) -> str:
    """Return the path of an address, without its query and fragment; addresses typed with other escapes lead to it too.

    It is one that was never escaped where nothing in it is.
    """
    return unquote(address.partition("#")[0].partition("?")[0])
