"""Routes of the desk's books: the days' sums, spreadsheets, reconciliation and invoices."""

from chalice.app import Blueprint

from chalicelib.api.devices import staff_routes

routes = Blueprint(__name__)
staff_route = staff_routes(routes)
