"""Routes of the desk's first page: how the day stands, and what needs a person."""

from chalice.app import Blueprint

from chalicelib.api.devices import staff_routes

routes = Blueprint(__name__)
staff_route = staff_routes(routes)
