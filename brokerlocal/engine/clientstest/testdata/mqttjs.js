// Holds a broker to what MQTT.js expects of it.
//
// usage: node mqttjs.js PROTOCOL URL CA
//
// PROTOCOL is 3, 4 or 5 for MQTT 3.1, 3.1.1 and 5; CA is the file of the
// authority that signed the broker. It ends with 0 when everything held and
// otherwise says what did not. NODE_PATH says where MQTT.js is.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const mqtt = require("mqtt");

const [protocol, url, ca] = process.argv.slice(2);
const v5 = protocol === "5";
const patience = setTimeout(() => fail(new Error("the broker keeps us waiting")), 18000);

function fail(err) {
  console.error(err.stack || err);
  process.exit(1);
}

/** A client whose messages wait in a queue. */
class Client {
  constructor(name, more = {}) {
    this.options = {
      protocolId: protocol === "3" ? "MQIsdp" : "MQTT",
      protocolVersion: Number(protocol),
      clientId: name,
      clean: true,
      reconnectPeriod: 0,
      ca: fs.readFileSync(ca),
      ...more,
    };
    this.got = [];
    this.waiting = [];
  }

  connect() {
    return new Promise((resolve, reject) => {
      this.mqtt = mqtt.connect(url, this.options);
      this.mqtt.on("message", (topic, payload, packet) => {
        this.got.push({ topic, payload, packet });
        this.waiting.shift()?.();
      });
      this.mqtt.on("connect", resolve);
      this.mqtt.on("error", reject);
    });
  }

  async subscribe(filters, options = {}) {
    const granted = await this.mqtt.subscribeAsync(filters, { qos: 2, ...options });
    for (const g of granted) assert.equal(g.qos, 2, `${g.topic} was granted ${g.qos}`);
  }

  publish(topic, payload, options) {
    return this.mqtt.publishAsync(topic, payload, options);
  }

  async want(topic, payload, qos, retain = false) {
    while (this.got.length === 0) await new Promise((resolve) => this.waiting.push(resolve));
    const m = this.got.shift();
    assert.deepEqual(
      [m.topic, m.packet.qos, m.packet.retain, m.payload.equals(Buffer.from(payload))],
      [topic, qos, retain, true],
    );
    return m.packet.properties ?? {};
  }

  leave() {
    return this.mqtt.endAsync();
  }

  /** Ends without DISCONNECT, like a cut cable. */
  vanish() {
    this.mqtt.stream.destroy();
    return this.mqtt.endAsync(true);
  }
}

async function messagesAtEachQoS() {
  const a = new Client("qos");
  await a.connect();
  await a.subscribe("q/#");
  for (const qos of [0, 1, 2]) {
    await Promise.all(Array.from({ length: 50 }, (_, i) => a.publish(`q/${qos}`, String(i), { qos })));
    for (let i = 0; i < 50; i++) await a.want(`q/${qos}`, String(i), qos);
  }
  await a.mqtt.unsubscribeAsync("q/#");
  await a.subscribe("fence");
  await a.publish("q/1", "to nobody", { qos: 1 });
  await a.publish("fence", "", { qos: 1 });
  await a.want("fence", "", 1);
  await a.leave();
}

async function retained() {
  const a = new Client("keeper");
  await a.connect();
  await a.publish("r/1", "old", { qos: 1, retain: true });
  await a.publish("r/1", "new", { qos: 2, retain: true });
  await a.subscribe("r/#");
  await a.want("r/1", "new", 2, true);
  await a.publish("r/1", "", { qos: 1, retain: true });
  await a.want("r/1", "", 1);
  await a.leave();
}

async function wills() {
  const watcher = new Client("watcher");
  await watcher.connect();
  await watcher.subscribe("will/#");
  const victim = new Client("victim", { will: { topic: "will/x", payload: "gone", qos: 1 } });
  await victim.connect();
  await victim.vanish();
  await watcher.want("will/x", "gone", 1);
  await watcher.leave();
}

async function sessions() {
  const lasting = { clean: false, ...(v5 && { properties: { sessionExpiryInterval: 3600 } }) };
  const away = new Client("away", lasting);
  await away.connect();
  await away.subscribe("s/#");
  await away.leave();
  const friend = new Client("friend");
  await friend.connect();
  for (const qos of [1, 2])
    await Promise.all(Array.from({ length: 100 }, (_, i) => friend.publish(`s/${qos}`, String(i), { qos })));
  await friend.leave();
  const back = new Client("away", lasting);
  const ack = await back.connect();
  if (protocol !== "3") assert.ok(ack.sessionPresent, "the session is gone");
  for (const qos of [1, 2]) for (let i = 0; i < 100; i++) await back.want(`s/${qos}`, String(i), qos);
  await back.leave();
}

async function large() {
  const a = new Client("large");
  await a.connect();
  await a.subscribe("big");
  const content = Buffer.alloc(1 << 20, "0123456789abcdef");
  for (const qos of [0, 1, 2]) {
    await a.publish("big", content, { qos });
    await a.want("big", content, qos);
  }
  await a.leave();
}

async function properties() {
  const a = new Client("", {
    properties: { topicAliasMaximum: 4, receiveMaximum: 2 },
    autoAssignTopicAlias: true,
  });
  const ack = await a.connect();
  assert.ok(ack.properties.assignedClientIdentifier, "no client identifier was assigned");
  await a.subscribe("p/#", { properties: { subscriptionIdentifier: 7 } });
  const told = {
    contentType: "text/plain", responseTopic: "answer", correlationData: Buffer.from([0, 1]),
    payloadFormatIndicator: true, userProperties: { a: ["1", "2"] },
  };
  for (let i = 0; i < 20; i++) {
    await a.publish("p/x", String(i), { qos: 1, properties: { messageExpiryInterval: 60, ...told } });
    const got = await a.want("p/x", String(i), 1);
    for (const [name, value] of Object.entries(told)) assert.deepEqual(structuredClone(got[name]), structuredClone(value), name);
    assert.equal(got.subscriptionIdentifier, 7);
    assert.ok(got.messageExpiryInterval >= 58 && got.messageExpiryInterval <= 60, "message expiry");
  }
  await a.leave();
}

(async () => {
  await messagesAtEachQoS();
  await retained();
  await wills();
  await sessions();
  await large();
  if (v5) await properties();
  clearTimeout(patience);
  process.exit(0);
})().catch(fail);
