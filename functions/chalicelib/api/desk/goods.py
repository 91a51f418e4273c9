"""Routes of the desk's goods: what may be changed of a product at once."""

from chalice.app import Blueprint

from chalicelib.api.devices import staff_routes

routes = Blueprint(__name__)
staff_route = staff_routes(routes)
