"""Routes for reviews, comments and stories: buyers and readers send them, pages ask for those that are shown."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
