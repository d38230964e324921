"""Holds a broker to what paho.mqtt for Python expects of it.

usage: paho_client.py PROTOCOL TRANSPORT HOST PORT

PROTOCOL is paho's number: 3, 4 or 5 for MQTT 3.1, 3.1.1 and 5; TRANSPORT is
tcp or websockets. It ends with 0 when everything held and otherwise says what
did not. Works with paho.mqtt 1.6 and 2.
"""

import queue
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

PROTOCOL, TRANSPORT, HOST, PORT = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
V5 = PROTOCOL == 5
PATIENCE = 15


def props(kind, **values):
    """Returns MQTT 5 properties, None for older versions."""
    if not V5:
        return None
    p = Properties(kind)
    for name, value in values.items():
        setattr(p, name, value)
    return p


class Client:
    """A client whose callbacks become lines in queues."""

    def __init__(self, name, clean=True, will=None):
        extra = {} if V5 else {"clean_session": clean}
        if hasattr(mqtt, "CallbackAPIVersion"):  # paho.mqtt 2
            extra["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
        self.clean = clean
        self.paho = mqtt.Client(client_id=name, protocol=PROTOCOL, transport=TRANSPORT, **extra)
        self.messages, self.acks, self.connacks, self.ends = (queue.Queue() for _ in range(4))
        self.paho.on_message = lambda c, u, m: self.messages.put(m)
        self.paho.on_connect = lambda c, u, flags, rc, p=None: self.connacks.put((flags, rc, p))
        self.paho.on_subscribe = lambda c, u, mid, granted, p=None: self.acks.put(granted)
        self.paho.on_unsubscribe = lambda c, u, mid, *rest: self.acks.put(mid)
        self.paho.on_disconnect = lambda c, u, rc, p=None: self.ends.put(rc)
        if TRANSPORT == "websockets":
            self.paho.ws_set_options(path="/mqtt")
        if will:
            self.paho.will_set(will, b"gone", 1)

    def connect(self, **wanted):
        if V5:
            self.paho.connect(HOST, PORT, 30, clean_start=self.clean, properties=props(PacketTypes.CONNECT, **wanted))
        else:
            self.paho.connect(HOST, PORT, 30)
        self.paho.loop_start()
        flags, rc, p = self.connacks.get(timeout=PATIENCE)
        check(rc == 0, "CONNACK %s" % rc)
        return flags, p

    def subscribe(self, *filters, **wanted):
        self.paho.subscribe(list(filters), properties=props(PacketTypes.SUBSCRIBE, **wanted))
        granted = [int(getattr(g, "value", g)) for g in self.acks.get(timeout=PATIENCE)]
        check(granted == [q for _, q in filters], "granted %s of %s" % (granted, filters))

    def unsubscribe(self, topic):
        self.paho.unsubscribe(topic)
        self.acks.get(timeout=PATIENCE)

    def publish(self, topic, payload, qos, retain=False, **wanted):
        self.send(topic, payload, qos, retain, **wanted).wait_for_publish()

    def send(self, topic, payload, qos, retain=False, **wanted):
        """Publishes and does not wait for the acknowledgement."""
        return self.paho.publish(topic, payload, qos, retain, properties=props(PacketTypes.PUBLISH, **wanted))

    def want(self, topic, payload, qos, retain=False):
        m = self.messages.get(timeout=PATIENCE)
        got, want = (m.topic, m.payload, m.qos, bool(m.retain)), (topic, payload, qos, retain)
        check(got == want, "got %s, want %s" % (got, want))
        return m

    def leave(self):
        self.paho.disconnect()
        self.ends.get(timeout=PATIENCE)
        self.paho.loop_stop()

    def vanish(self):
        """Ends without DISCONNECT, like a cut cable."""
        self.paho.loop_stop()
        sock = self.paho.socket()
        getattr(sock, "_socket", sock).close()


def check(fact, otherwise):
    if not fact:
        sys.exit(otherwise)


def messages_at_each_qos():
    a = Client("qos")
    a.connect()
    a.subscribe(("q/#", 2))
    for qos in range(3):
        for i in range(50):
            a.send("q/%d" % qos, b"%d" % i, qos)
        for i in range(50):
            a.want("q/%d" % qos, b"%d" % i, qos)
    a.unsubscribe("q/#")
    a.subscribe(("fence", 1))
    a.publish("q/1", b"to nobody", 1)
    a.publish("fence", b"", 1)
    a.want("fence", b"", 1)
    a.leave()


def retained():
    a = Client("keeper")
    a.connect()
    a.publish("r/1", b"old", 1, True)
    a.publish("r/1", b"new", 2, True)
    a.subscribe(("r/#", 2))
    a.want("r/1", b"new", 2, True)
    a.publish("r/1", b"", 1, True)
    a.want("r/1", b"", 1)
    a.leave()


def wills():
    watcher, victim = Client("watcher"), Client("victim", will="will/x")
    watcher.connect()
    watcher.subscribe(("will/#", 2))
    victim.connect()
    victim.vanish()
    watcher.want("will/x", b"gone", 1)
    polite = Client("polite", will="will/x")
    polite.connect()
    polite.leave()
    watcher.publish("will/fence", b"fence", 1)
    watcher.want("will/fence", b"fence", 1)
    watcher.leave()


def sessions():
    lasting = {"SessionExpiryInterval": 3600} if V5 else {}
    away, friend = Client("away", clean=False), Client("friend")
    away.connect(**lasting)
    away.subscribe(("s/#", 2))
    away.leave()
    friend.connect()
    for qos in (1, 2):
        for sent in [friend.send("s/%d" % qos, b"%d" % i, qos) for i in range(100)]:
            sent.wait_for_publish()
    friend.leave()
    back = Client("away", clean=False)
    flags, _ = back.connect(**lasting)
    if PROTOCOL > 3:  # MQTT 3.1 cannot say
        check(flags["session present"] == 1, "the session is gone: %s" % flags)
    for qos in (1, 2):
        for i in range(100):
            back.want("s/%d" % qos, b"%d" % i, qos)
    back.leave()


def large():
    a = Client("large")
    a.connect()
    a.subscribe(("big", 2))
    content = bytes(range(256)) * 4096
    for qos in range(3):
        a.publish("big", content, qos)
        a.want("big", content, qos)
    a.leave()


def properties():
    a = Client("")
    _, p = a.connect(TopicAliasMaximum=4, ReceiveMaximum=2)
    check(p.AssignedClientIdentifier != "", "no client identifier was assigned")
    a.subscribe(("p/#", 2), SubscriptionIdentifier=7)
    told = {
        "ContentType": "text/plain", "ResponseTopic": "answer", "CorrelationData": b"\0\1",
        "PayloadFormatIndicator": 1, "UserProperty": [("a", "1"), ("a", "2")],
    }
    for i in range(10):
        a.send("p/x", b"%d" % i, i % 3, TopicAlias=1, MessageExpiryInterval=60, **told)
    got = [a.messages.get(timeout=PATIENCE) for _ in range(10)]
    check(sorted(int(m.payload) for m in got) == list(range(10)), "messages %s" % [m.payload for m in got])
    for m in got:
        for name, value in told.items():
            check(getattr(m.properties, name) == value, "%s is %s" % (name, getattr(m.properties, name)))
        check(m.properties.SubscriptionIdentifier == [7], "subscription identifier")
        check(59 <= m.properties.MessageExpiryInterval <= 60, "message expiry")
    a.leave()


messages_at_each_qos()
retained()
wills()
sessions()
large()
if V5:
    properties()
