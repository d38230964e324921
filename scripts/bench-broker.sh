#!/usr/bin/env bash
# The local broker beside its peers: mosquitto, mochi, nats-server, aedes.
# Prints a table in Markdown and keeps it in build/bench-broker.md.
#
#   ROUNDS=5      rounds of everything
#   SCALE=1       0.2 for a quick look: shorter times, fewer messages
#   ONLY=regexp   scenarios, by name: q0-64 q0-topics q0-1k fan-out q1 q2
#                 retained slow absent overrun connections latency idle, and
#                 durable-q1 -q2 -retained -slow -absent
#   PEERS=regexp  brokers, by name: ours mosquitto mochi nats aedes relay
#   OURS=command  our broker, {port} for the port; default: build/tidingsctl
#   LIMIT=30m     no round begins that would not end by then
#
# Five full rounds take about 22 minutes; where they do not fit into LIMIT there
# are fewer, and the table says so. It wants a machine that does nothing else.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/opt/homebrew/sbin:/usr/local/sbin
: "${ROUNDS:=5}" "${SCALE:=1}" "${ONLY:=}" "${PEERS:=}" "${LIMIT:=30m}"
: "${AEDES:=1.2.0}"

bin=build/peers
mkdir -p "$bin"
if [ -z "${OURS:-}" ]; then
	OURS='build/tidingsctl broker --listen tcp://127.0.0.1:{port} --sys-interval 1 --log-level error'
	CGO_ENABLED=0 go build -trimpath -o build/tidingsctl ./cmd/tidingsctl
fi
export CGO_ENABLED=0
go build -C brokerlocal/peers -trimpath -o "$PWD/$bin/" ./cmd/...
go build -C brokerlocal/peers -trimpath -o "$PWD/$bin/nats-server" github.com/nats-io/nats-server/v2
if command -v npm >/dev/null && [ ! -d "$bin/aedes/node_modules/aedes" ]; then
	npm install --silent --no-audit --no-fund --prefix "$bin/aedes" "aedes@$AEDES" || echo "aedes cannot be fetched" >&2
fi

# Five thousand connections and a few more, on both sides.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
exec "$bin/bench" -rounds "$ROUNDS" -scale "$SCALE" -only "$ONLY" -peers "$PEERS" -limit "$LIMIT" \
	-bin "$bin" -ours "$OURS" -out build/bench-broker.md
