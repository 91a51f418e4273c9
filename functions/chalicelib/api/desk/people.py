"""Routes of the desk about people: what is kept of whoever calls, forgetting them, keeping an order for a dispute."""

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Request

from chalicelib.api.devices import MANAGERS, staff_routes
from chalicelib.api.requests import email_or_none, read_json
from chalicelib.api.routing import body_of
from chalicelib.bootstrap import Services
from chalicelib.domain import actor
from chalicelib.domain.staff import Device
from chalicelib.domain.text import tidy

if TYPE_CHECKING:
    from chalicelib.services.voices.personal import PersonalData

routes = Blueprint(__name__)
staff_route = staff_routes(routes)


@staff_route("POST /staff/people", MANAGERS)
def person(request: Request, services: Services, device: Device) -> Any:
    """Tell all that is kept of whoever has a phone number or an e-mail address: by the body, so that no log has it."""
    from chalicelib.domain.voices.personal_commands import SeePerson

    asked = read_json(body_of(request), SeePerson)
    return _told(_people(services), asked.contact)


@staff_route("POST /staff/people/forget", MANAGERS)
def forget(request: Request, services: Services, device: Device) -> Any:
    """Forget whoever has a contact, with all or some of their orders."""
    from chalicelib.domain.voices.personal_commands import ForgetPerson

    asked, people = read_json(body_of(request), ForgetPerson), _people(services)
    contact = people.read_contact(asked.contact)
    found = people.orders_of(contact)
    people.forget_person(contact, [one for one in found if asked.orders is None or one.number in asked.orders])
    return _told(people, contact)


@staff_route("PUT /staff/orders/{order}/hold", MANAGERS)
def hold(request: Request, services: Services, device: Device, order: str) -> Any:
    """Keep an order as it is for a dispute, or no more."""
    from chalicelib.api.responses.people import kept_of_order
    from chalicelib.domain.voices.personal_commands import HoldOrder

    asked, people = read_json(body_of(request), HoldOrder), _people(services)
    services.orders.load(order)
    return kept_of_order(people.of_order(people.hold(order, tidy(asked.reason), actor.device(device.id))))


@staff_route("PUT /staff/orders/{order}/email", MANAGERS)
def email(request: Request, services: Services, device: Device, order: str) -> Any:
    """Have the letters about an order go elsewhere, or nowhere."""
    from chalicelib.api.responses.people import kept_of_order
    from chalicelib.domain.voices.personal_commands import CorrectEmail

    asked, people = read_json(body_of(request), CorrectEmail), _people(services)
    services.orders.load(order)
    return kept_of_order(people.of_order(people.correct_email(order, email_or_none(asked.email))))


def _people(services: Services) -> "PersonalData":
    from chalicelib.services.voices.personal import people_of

    return people_of(services.stage, services.store, services.orders, services.photos)


def _told(people: "PersonalData", typed: str) -> dict[str, Any]:
    from chalicelib.api.responses.people import kept_of_person

    contact = people.read_contact(typed)
    return kept_of_person(contact, people.of_person(contact, people.orders_of(contact)))
