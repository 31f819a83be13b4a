"""Connects, writes, reads, watches, locks, and survives a restart of the server, by kazoo.

Arguments: the server's address. Says "restart" when the server is to be restarted, "done" at the end.
"""

import logging
import sys
import threading

from kazoo.client import KazooClient
from kazoo.exceptions import BadVersionError, NodeExistsError

# That the connection drops at the restart is no news.
logging.getLogger("kazoo").setLevel(logging.ERROR)

client = KazooClient(hosts=sys.argv[1], timeout=10)
client.start(timeout=20)
assert client.server_version()[0] == 3, client.server_version()

client.create("/kazoo", b"one")
try:
    client.create("/kazoo", b"again")
    raise AssertionError("created twice")
except NodeExistsError:
    pass
data, stat = client.get("/kazoo")
assert data == b"one" and stat.version == 0, (data, stat)

seen = threading.Event()
client.get("/kazoo", watch=lambda event: seen.set())
client.set("/kazoo", b"two")
assert seen.wait(10), "no event"
try:
    client.set("/kazoo", b"three", version=7)
    raise AssertionError("written over another version")
except BadVersionError:
    pass

transaction = client.transaction()
transaction.create("/kazoo/a", b"a")
transaction.set_data("/kazoo", b"three")
transaction.check("/kazoo", 2)
assert transaction.commit()[1].version == 2
assert client.get_children("/kazoo") == ["a"]

with client.Lock("/kazoo/lock", "one"):
    assert len(client.get_children("/kazoo/lock")) == 1
    session = client.client_id[0]
    client.create("/kazoo/mine", ephemeral=True)
    print("restart", flush=True)
    sys.stdin.readline()
    assert client.retry(client.get, "/kazoo")[0] == b"three"
    assert client.retry(client.exists, "/kazoo/mine") is not None
    assert client.client_id[0] == session, "the session did not survive"

client.sync("/")
client.delete("/kazoo", recursive=True)
client.stop()
print("done", flush=True)
