"""What packers, and the manager beside them, do to an order, and what is true of it whatever they have done."""

import msgspec
from chalicelib.domain.actor import device
from chalicelib.domain.aftersales.claims import ClaimFault, ClaimState, DeclineReason
from chalicelib.domain.aftersales.commands import ClaimWish, DeclineClaim, MakeClaim, SettleClaim
from chalicelib.domain.commands import AskRefund, BearNumber, ChangeAddress, PackLine, PackParcel, ReportShort
from chalicelib.domain.orders.model import SOLD, TO_BE_PACKED, Order, State
from chalicelib.domain.orders.parcels import GONE, HERE
from chalicelib.domain.orders.shipping import in_parcels
from chalicelib.services.packing.addresses import change_address
from chalicelib.services.packing.bench import Bench
from chalicelib.services.payments.refunds import Refunds

from tests.functions.helpers.front import Front

BENCH = [
    "print", "print", "pack", "pack", "pack some", "hand over", "hand over", "number", "unpack", "take back", "pull",
    "came back", "send again", "short", "refund", "elsewhere", "claim", "settle", "decline",
]  # fmt: skip
"""What is done to an order at the bench, and by the manager to one that stands there."""
PACKER, MANAGER = device("0badcafe"), device("0badf00d")


def do(act: str, shop: Front, number: str, key: str) -> None:
    """Do it to the order, and to its last parcel; raise what refuses it."""
    bench, refunds = Bench(shop.stage, shop.store), Refunds(shop.store, shop.clock)
    order = shop.orders.load(number)
    parcel = f"{number}-{len(order.parcels) or 1}"
    match act:
        case "print":
            bench.wave([number], key, PACKER)
        case "pack":
            bench.pack(number, PackParcel(order.revision), key, PACKER)
        case "pack some":
            bench.pack(number, PackParcel(order.revision, (PackLine(order.lines[0].sku, 1),)), key, PACKER)
        case "hand over":
            bench.hand_over(parcel, BearNumber("sf"), PACKER)
        case "number":
            bench.set_number(parcel, BearNumber("sf", f"SF{number[:13]}"), PACKER)
        case "unpack":
            bench.unpack(parcel, PACKER)
        case "take back":
            bench.take_back(parcel, PACKER)
        case "pull":
            bench.pull(number, PACKER)
        case "came back":
            bench.came_back(parcel, PACKER)
        case "send again":
            bench.send_again(parcel, PACKER)
        case "short":
            refunds.ask(number, ReportShort(order.lines[0].sku, 1), key, MANAGER)
        case "refund":
            refunds.ask(number, AskRefund(amount=100), key, MANAGER)
        case "claim":
            shop.services.claims.make(order, MakeClaim((ClaimWish(0, 1, ClaimFault.MISSING),)), key)
        case "settle":
            shop.services.claims.settle(number, order.claims[-1].id if order.claims else "", SettleClaim(), MANAGER)
        case "decline":
            declined = DeclineClaim(DeclineReason.NOT_SHOWN)
            shop.services.claims.decline(number, order.claims[-1].id if order.claims else "", declined, MANAGER)
        case "elsewhere":
            moved = msgspec.structs.replace(order.ship_to, street=f"太王镇二组 {len(order.parcels)} 号")
            change_address(shop.stage, shop.store, number, ChangeAddress(moved), MANAGER)


def goods_and_parcels_agree(order: Order) -> None:
    """Nothing is sent twice, nothing that is over leaves the village, and nothing that was packed is forgotten."""
    states = {parcel.state for parcel in order.parcels} - GONE
    assert all(units <= order.lines[index].quantity for index, units in in_parcels(order).items())
    assert order.state in SOLD or states <= HERE
    assert order.state is not State.PACKED or states & HERE
    assert order.state in TO_BE_PACKED or order.state not in SOLD or states
    for claim in order.claims:
        paid = [one.amount for one in order.refunds if one.request == f"claim-{claim.id}"]
        assert paid == ([claim.amount] if claim.state is ClaimState.SETTLED else [])
    assert all(sum(part.quantity for part in (*line.parts, *line.missing)) == line.quantity for line in order.lines)
