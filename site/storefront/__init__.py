"""The storefront: turns what the village writes into the catalogue and the pages, in four stages.

    read   files as records, each held to its form
    check  what must hold between them; what passes is the catalogue
    build  pages and all else that the site is made of
    write  the built site, staged, completed and swapped in

A stage imports only itself and those before it. site/hooks.py calls them while MkDocs builds; `tools` are run by hand.
"""
