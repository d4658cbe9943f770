# Sourced by the programs in apps/*/bin with $app set. Runs the program on the workspace's pinned Node, whatever `node` the
# caller has; `exec` keeps the process id, so signals reach the program itself.
root=$(dirname "$(readlink -f "$0")")/../../..
node=$root/node_modules/node/bin/node
if [ ! -x "$node" ]; then
  # An installation without what only developers need, as in a container image, brings no Node of its own.
  node=$(command -v node)
  case $("$node" --version) in
    v2[4-9].* | v[3-9][0-9].*) ;;
    *) echo "error: $app needs Node 24 or later on the path, or the pinned one that npm ci installs" >&2 && exit 9 ;;
  esac
fi
export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE-$root/node_modules/.cache/compile}"
exec "$node" --conditions=@squall/source "$root/apps/$app/src/main.ts" "$@"
