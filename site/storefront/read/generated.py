"""The pages that no village writes, by their paths below the site, with the templates that show them.

**To add one, add it here** and write its template in a folder of site/theme/.
"""

GENERATED = {
    "cart": "shopping/cart.html",
    "checkout": "shopping/checkout.html",
    "order": "shopping/order.html",
    "after": "shopping/after.html",
    "orders": "shopping/orders.html",
    "waiting": "shopping/waiting.html",
    "staff": "staff/staff.html",
    "host": "staff/host.html",
    "pack": "staff/pack.html",
    "pack/jars": "staff/jars.html",
    "shares": "staff/shares.html",
    "desk": "desk/today.html",
    "desk/orders": "desk/orders.html",
    "desk/claims": "desk/claims.html",
    "desk/plan": "desk/plan.html",
    "desk/goods": "desk/goods.html",
    "desk/voices": "desk/voices.html",
    "desk/books": "desk/books.html",
    "desk/trail": "desk/trail.html",
    "desk/people": "desk/people.html",
    "live/board": "live/board.html",
    "pay/sandbox": "shopping/sandbox.html",
    "search": "service/search.html",
    "products": "service/shelf.html",
    "stories": "service/shelf.html",
    "channel": "service/channel.html",
    "villages": "service/shelf.html",
    "rooms": "service/shelf.html",
    "jar": "service/jar.html",
    "kept": "service/kept.html",
    "away": "service/away.html",
    "look": "service/look.html",
    "tell": "service/tell.html",
    "newsletter": "service/newsletter.html",
    "404": "service/404.html",
}

OF_ROOMS = {"live/{room}/overlay": "live/overlay.html"}
"""The same, one for each room."""

STAFF = ("staff", "desk", "live")
"""The folders of templates whose pages are for staff, and for a room's stream."""


def is_for_staff(template: str) -> bool:
    """Return whether a page with this template is none for shoppers."""
    return template.partition("/")[0] in STAFF
