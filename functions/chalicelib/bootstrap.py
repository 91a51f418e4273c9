"""Builds the services of one shop: nobody else constructs them. What only jobs need is built by the jobs themselves."""

import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from chalicelib import catalog as catalogue
from chalicelib.carriers import CarrierServices
from chalicelib.carriers.port import CarrierService
from chalicelib.domain import settings as environment
from chalicelib.domain.keys import Keys
from chalicelib.domain.settings import BadSetting
from chalicelib.payments import Providers
from chalicelib.payments.port import Provider
from chalicelib.services.access import Access
from chalicelib.services.aftersales.photos import Photos
from chalicelib.services.allocation import Stock
from chalicelib.services.availability import Availability
from chalicelib.services.checkout import Checkout
from chalicelib.services.figures import Figures
from chalicelib.services.live.report import Reports
from chalicelib.services.orders import Orders
from chalicelib.services.packing.arrivals import Arrivals
from chalicelib.services.packing.tracking import Tracking
from chalicelib.services.payments.payments import Payments
from chalicelib.services.rooms import Rooms
from chalicelib.services.stage import Stage
from chalicelib.services.waitlist import Waitlist
from chalicelib.storage.client import clients
from chalicelib.storage.store import Store
from chalicelib.storage.uploads import UploadStore

CATALOG = Path(__file__).with_name("catalog.json")


class Services(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The services of one shop, one for each feature, and what they stand on."""

    stage: Stage
    store: Store
    stock: Stock
    availability: Availability
    checkout: Checkout
    orders: Orders
    payments: Payments
    waitlist: Waitlist
    rooms: Rooms
    figures: Figures
    reports: Reports
    access: Access
    tracking: Tracking
    arrivals: Arrivals
    photos: Photos


@cache
def aws() -> Callable[[str], Any]:
    """Make clients of AWS; once a process."""
    return clients()


@cache
def get_services() -> Services:
    """Return the services of this process's stage, built once."""
    return build(os.environ, aws())


def begin() -> Services:
    """Return the services for one request or event, whose calls share a time budget from now on."""
    services = get_services()
    services.store.begin()
    return services


def build(environ: Mapping[str, str], client: Callable[[str], Any]) -> Services:
    """Build a stage's services from its environment and clients of AWS; raise BadSetting where a setting is wrong.

    A stage that takes real money sells no samples, however the catalogue came there.
    """
    settings = environment.read(environ)
    catalog = catalogue.load(CATALOG.read_bytes())
    if catalog.samples and not settings.sandbox:
        raise BadSetting(f"STAGE is {settings.stage}, no sandbox, and these are samples: {', '.join(catalog.samples)}")
    secret = client("secretsmanager").get_secret_value(SecretId=settings.secret)["SecretString"]
    keys = msgspec.json.decode(secret, type=Keys)
    store = Store(client("dynamodb"), settings.table)
    stage = Stage(catalog, settings, keys)

    def read_secret(name: str) -> str:
        return str(client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])

    providers = Providers(settings, keys, read_secret, stage.clock)
    uploads = UploadStore(settings.uploads, settings.uploads_url, lambda: client("s3"))
    return assemble(stage, store, providers, CarrierServices(settings, read_secret, stage.clock), uploads)


def assemble(
    stage: Stage,
    store: Store,
    providers: Mapping[str, Provider],
    carriers: Mapping[str, CarrierService] = MappingProxyType({}),
    uploads: UploadStore | None = None,
) -> Services:
    """Build the services of a stage on a table, with these ways to pay, these carriers' services to ask, and the bucket
    of photographs; None: it takes none.
    """
    stock = Stock(store, stage.clock, stage.catalog.shop.calendar)
    checkout = Checkout(stage, store, stock)
    waitlist = Waitlist(stage, store, stock, checkout)
    orders = Orders(stage, store, stock, waitlist)
    figures = Figures(stage, store.figures, stock)
    return Services(
        stage=stage,
        store=store,
        stock=stock,
        availability=Availability(stage, store, stock),
        checkout=checkout,
        orders=orders,
        payments=Payments(stage, store, orders, providers),
        waitlist=waitlist,
        rooms=Rooms(stage, store, stock, figures),
        figures=figures,
        reports=Reports(stage, store),
        access=Access(store.devices, stage.keys, stage.settings.shop_url, stage.clock),
        tracking=Tracking(stage, store, carriers),
        arrivals=Arrivals(stage, store.figures),
        photos=Photos(uploads or UploadStore("", ""), stage.keys),
    )
