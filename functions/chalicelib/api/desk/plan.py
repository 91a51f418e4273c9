"""Routes of the desk's plan: batches by day, and what a change of them would break."""

from chalice.app import Blueprint

from chalicelib.api.devices import staff_routes

routes = Blueprint(__name__)
staff_route = staff_routes(routes)
