# Sourced by the programs in apps/*/bin with $app set. Runs the program on the workspace's pinned Node,
# whatever `node` the caller has; `exec` keeps the process id, so signals reach the program itself.
root=$(dirname "$(readlink -f "$0")")/../../..
export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE-$root/node_modules/.cache/compile}"
exec "$root/node_modules/node/bin/node" --conditions=@squall/source "$root/apps/$app/src/main.ts" "$@"
