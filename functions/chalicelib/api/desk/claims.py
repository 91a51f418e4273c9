"""Routes of the desk's claims: what buyers say is wrong, and how it is settled."""

from chalice.app import Blueprint

from chalicelib.api.devices import staff_routes

routes = Blueprint(__name__)
staff_route = staff_routes(routes)
