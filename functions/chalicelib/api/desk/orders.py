"""Routes of the desk's orders: search, an order's story, and what may be done about it."""

from chalice.app import Blueprint

from chalicelib.api.devices import staff_routes

routes = Blueprint(__name__)
staff_route = staff_routes(routes)
