#!/usr/bin/env bash
# What `npm start` shows a newcomer, on an empty data folder and a free port: facts printed, the API answers.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
log="$folder/log"
port=$((20000 + RANDOM % 20000))
# A group of its own: npm does not pass signals on, and starts a shell that starts the server.
NEIGHBORKB_DATA_DIR="$folder/data" NEIGHBORKB_PORT=$port setsid npm start >"$log" 2>&1 &
server=$!
finish() {
  kill -TERM -- "-$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

for _ in $(seq 1 120); do
  grep -q "/graphql" "$log" && break
  kill -0 "$server" 2>/dev/null || { cat "$log" >&2; echo 'the server ended' >&2; exit 1; }
  sleep 1
done
cat "$log"
answer=$(curl -sS -H 'content-type: application/json' \
  -d '{"query":"{ triples(first: 3) { totalCount edges { node { subject { name } predicate { id } object { name } confidence } } } }"}' \
  "http://127.0.0.1:$port/graphql")
echo "$answer"
echo "$answer" | node -e '
let text = ""; process.stdin.on("data", (part) => (text += part)).on("end", () => {
  const { data } = JSON.parse(text);
  if (!(data.triples.totalCount >= 20)) { console.error("fewer than 20 triples from the samples"); process.exit(1); }
});'
