"""Names that other rooms still import from here; they move to the files of their features with the next step."""

from chalicelib.storage.aggregates import Write as Write
from chalicelib.storage.aggregates import aggregate_in as aggregate_in
from chalicelib.storage.aggregates import put as put
from chalicelib.storage.keys import Item as Item
from chalicelib.storage.keys import account_key as account_key
from chalicelib.storage.keys import body as body
from chalicelib.storage.keys import order_key as order_key
from chalicelib.storage.keys import queue_key as queue_key
from chalicelib.storage.keys import shard_in as shard_in
from chalicelib.storage.keys import shard_key as shard_key
from chalicelib.storage.keys import shelf_name as shelf_name
from chalicelib.storage.limits import account_in as account_in
from chalicelib.storage.orders import DUE_SHARDS as DUE_SHARDS
from chalicelib.storage.orders import ORDER
from chalicelib.storage.stock.batches import Mark as Mark
from chalicelib.storage.stock.batches import Shelf as Shelf
from chalicelib.storage.stock.batches import new_batch as new_batch
from chalicelib.storage.stock.batches import shelf_in as shelf_in
from chalicelib.storage.stock.shards import change_share as change_share
from chalicelib.storage.stock.shards import move_kept as move_kept
from chalicelib.storage.stock.shards import move_units as move_units
from chalicelib.storage.stock.shards import share_in as share_in
from chalicelib.storage.waitlist import WAITER
from chalicelib.storage.waitlist import Queue as Queue
from chalicelib.storage.waitlist import entry_in as entry_in

order_in, waiter_in = ORDER.read, WAITER.read
