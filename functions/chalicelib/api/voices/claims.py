"""Routes by which a buyer says that something of an order is wrong, with photographs."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
