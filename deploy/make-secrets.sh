#!/bin/sh
# Makes the secrets of a fleet and puts them where compose and Kubernetes look for them; those that are there stay.
# None of these files belongs into a repository.
set -eu
cd "$(dirname "$0")"
umask 077

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

env_file=compose/.env
[ -e "$env_file" ] || cat > "$env_file" <<EOF
SQUALL_FABRIC_SECRET=$(random)
REDIS_PASSWORD=$(random)
MCP_KEY=$(random)
EOF
# What callers show to squall serve; files of older fleets do not have it.
grep -q '^SQUALL_SERVE_TOKEN=' "$env_file" || echo "SQUALL_SERVE_TOKEN=$(random)" >> "$env_file"

# The server that is loaded knows the key of the clients only by its hash.
key_hash=$(sed -n 's/^MCP_KEY=//p' "$env_file" | tr -d '\n' | sha256sum | cut -d ' ' -f 1)
keys='{ "keys": [{ "name": "squall", "sha256": "'$key_hash'", "scopes": ["query", "metrics"] }] }'
printf '%s\n' "$keys" > compose/keys.json
# Read inside a container by a user who is not the owner.
chmod 644 compose/keys.json

cp "$env_file" kubernetes/base/secret.env
cp compose/keys.json kubernetes/overlays/try-out/keys.json
