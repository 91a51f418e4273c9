"""Routes by which a buyer learns what is kept of them, has it forgotten, and asks for an invoice."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
