"""The numbers that a surge meets: what AWS allows and asks, with its source, and what the shop does, with its place.

Everything here is known from a page, from the shop's own code or from its bench, or is marked as an ASSUMPTION. AWS'
limits were looked up in November 2026, prices are of us-east-1 in US dollars: see both anew before you rely on them.
What follows from them is in units.py, needs.py and audience.py; how claims collide is simulated by contention.py.
"""

# ---- DynamoDB. Developer guide: "Understanding DynamoDB warm throughput in different scenarios" ----

PARTITION_WRITES = 1_000
PARTITION_READS = 3_000
"""Units a second that one partition takes. That DynamoDB may split a hot one is not counted on."""

# ---- The same guide: "DynamoDB on-demand capacity mode", initial throughput and scaling properties ----

FIRST_WRITES = 4_000
FIRST_READS = 12_000
"""Units a second of a new on-demand table, and of each of its indexes. Later it takes twice its highest peak so far, or
what it was warmed to; who more than doubles a peak within 30 minutes may be throttled."""

# ---- The same guide: "Quotas in Amazon DynamoDB", throughput default quotas ----

TABLE_UNITS = 40_000
"""Write units and read units a second of one on-demand table, and of each index, until a higher quota is granted."""

# ---- The same guide: "DynamoDB Transactions: How it works", and "DynamoDB read and write operations" ----

TRANSACTED = 2
"""Write units for a KB in a transaction: one to prepare, one to commit. A plain write costs one, an index one more."""
READ_BYTES = 4_096
"""Bytes of a strongly consistent read unit; a query adds its items up before it rounds."""

# ---- Lambda developer guide: "Lambda quotas", "Lambda scaling behavior", "Understanding Lambda function scaling" ----

PROCESSES = 1_000
"""Executions at once in an account and region, all functions together. A new account may have far fewer."""
REQUESTS_PER_PROCESS = 10
"""Requests a second that the account gets for each of its allowed executions, however short they are."""
NEW_PROCESSES, NEW_SECONDS = 1_000, 10
"""How many processes a function may gain, in how many seconds."""
WHOLE_CPU_MB = 1_769
"""Memory at which a function has one whole processor; with less it has a share ("Configure Lambda memory")."""

# ---- API Gateway developer guide: "Amazon API Gateway quotas"; some regions have 2,500 and 1,250 ----

GATEWAY_REQUESTS, GATEWAY_BURST = 10_000, 5_000
"""Requests a second in an account and region, and the bucket above it. The burst cannot be raised on request."""

# ---- CloudFront developer guide: "Quotas", "Request collapsing", "How CloudFront works with regional edge caches" ----

EDGE_REQUESTS = 250_000
"""Requests a second of one distribution, until more is granted."""
EDGE_CACHES = 13
"""Regional edge caches in the world: each asks the origin for itself. China has its own edge, with fewer places."""

# ---- Prices of DynamoDB (since November 2024), Lambda (arm64), API Gateway (REST), CloudFront (US, Europe), CloudWatch
# ---- (logs). No free tier, no volume discount; those of CloudFront and CloudWatch are from memory ----

MILLION_WRITES, MILLION_READS = 0.625, 0.125
MILLION_INVOCATIONS, GB_SECOND = 0.20, 0.0000133334
MILLION_GATEWAY_REQUESTS = 3.50
MILLION_EDGE_REQUESTS, EDGE_GB = 1.00, 0.085
LOG_GB = 0.50

# ---- The shop: its settings (functions/.chalice, infra/stack.yaml), its pages, and its items as a test weighs them.
# ---- How stock is spread, and how calls are repeated, is imported from functions/chalicelib by who needs it ----

SHARD_BYTES, BATCH_BYTES = 70, 80
"""Of an item of the stock, for a SKU of some 20 characters."""
DATES = 14
"""Ship-by dates that a look at the stock goes over."""
MEMORY_MB = 1_024
PLACE_CPU, PAY_CPU = 0.003, 0.0019
"""Processor seconds of the functions, over HTTP and all busy, by `make bench`: 4.9 ms an order, shared out as alone."""
SHARD_CPU = 0.000015
"""Processor seconds to read one item of a look: botocore's parser and `declared_in`, timed on one machine."""
STOCK_SECONDS, ORDER_SECONDS = 15, 3
"""How often a page in view asks what is left, and how an order that waits for its payment stands."""
KEPT_SECONDS = 1
"""How long the edge keeps an answer of /api/availability, and of /api/rooms."""
OVERLAY_SECONDS, CONSOLE_SECONDS = 0.5, 1
"""How often an overlay or a console asks for its room, and a console or a big screen for what is theirs alone."""

COUNTED_AT_ONCE = 1_000
"""Changes of orders in one batch at most: what GetRecords of DynamoDB Streams brings, unless it is over 1 MB before."""

# ---- ASSUMPTIONS: AWS promises none of these. Measure yours, and change them here ----

GET_SECONDS, PUT_SECONDS, QUERY_SECONDS = 0.004, 0.005, 0.005
"""As a function sees them."""
POLL_CPU = 0.001
POLLS = 6
"""Times that an order's page asks: it is in view for 12 seconds before the buyer goes to the payment's own app, and for
half a minute after."""
SCREEN_READS = 20
"""Read units of a console's or big screen's request: device, room, a dozen figures, its share of looks at the stock."""
COLD_SECONDS = 1.0
"""From a request without a warm process to its answer."""
ANSWER_BYTES, LOG_BYTES = 1_500, 500
"""Of a request: its answer with headers; the function's own line and Lambda's three."""
RESERVE = 1.25
"""What is set or asked for, as a multiple of what is needed: shards and partitions are never hit quite evenly."""
FOLLOWERS = 600_000
