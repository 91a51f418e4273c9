"""Routes of the newsletter: asked for, confirmed by a letter's link, and left with one tap."""

from chalice.app import Blueprint

routes = Blueprint(__name__)
