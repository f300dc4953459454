# Node.js 18.3 or later

prepare_node() {
    REASON="Node.js 18.3 or later is needed"
    has node && node -e 'process.exit(require("util").parseArgs ? 0 : 1)' || return
    node_client=(node "$INTEROP/node/client.js")
    node_server=(node "$INTEROP/node/server.js")
}
