# The demos as interop programs. To be sourced after common.sh.

demo_server_options() {
    OPTIONS=("--namedpipe.server.pipes.testpipe.name=$1")
}

# The two jars, built only when they are absent: after a change, build first.
prepare_demo() {
    local java=${JAVA_HOME:+$JAVA_HOME/bin/}java
    local server=$ROOT/demo-server/target/demo-server.jar client=$ROOT/demo-client/target/demo-client.jar
    has "$java" || die "no java: set JAVA_HOME or PATH"
    if [[ ! -f $server || ! -f $client ]]; then
        has mvn || die "the demos are not built, and there is no mvn to build them"
        echo "building the demos" >&2
        (cd "$ROOT" && timeout 1800 mvn -q -DskipTests package < /dev/null >&2) || die "the demos cannot be built"
    fi
    [[ -f $server && -f $client ]] || die "the build has not made $server and $client"
    demo_server=("$java" "$@" -jar "$server")
    demo_client=("$java" -jar "$client")
}
