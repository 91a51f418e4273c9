"""Routes of the desk's voices: reviews, comments and stories that wait to be shown."""

from chalice.app import Blueprint

from chalicelib.api.devices import staff_routes

routes = Blueprint(__name__)
staff_route = staff_routes(routes)
