# demo-server and demo-client in Windows JVMs, against each other and against the peers. To be sourced after lib.sh.

demo_server_options() {
    OPTIONS=("--namedpipe.server.pipes.testpipe.name=$1")
}

prepare_demos() {
    local server=$ROOT/demo-server/target/demo-server.jar client=$ROOT/demo-client/target/demo-client.jar
    if [[ ! -f $server || ! -f $client ]]; then
        echo "building the demos" >&2
        (cd "$ROOT" && timeout 1800 mvn -q -B -DskipTests package < /dev/null >&2) || die "the demos cannot be built"
    fi
    demo_server=("${JAVA[@]}" -jar "$(windows_path "$server")")
    demo_client=("${JAVA[@]}" -jar "$(windows_path "$client")")
    # Wine gives a pipe that was made without a descriptor no owner, or a wrong one: the peers' servers cannot be verified.
    # Ours can, and is.
    unverified_client=("${demo_client[@]}" --namedpipe.client.expected-server=any)
}

# demo_client_cases PEER CLIENT SERVER PIPE: one case of each kind, since this client starts slowly. A JVM cannot read a
# file name beyond the ANSI code page from its command line.
demo_client_cases() {
    local to="demo -> $3"
    case_text "$1" "$to" small "$2" "$4" 1 "$FILES/small.txt"
    case_code "$1" "$to" missing "$2" "$4" 4 20 "$FILES/missing.txt"
    case_text "$1" "$to" crlf "$2" "$4" 1 "$FILES/crlf.txt"
    case_text "$1" "$to" four-large "$2" "$4" 4 "$FILES/largest.txt"
}

demo_server_cases() {
    local peer pipe server log since problem=""
    new_pipe
    pipe=$PIPE since=$(now)
    start_server demo "$pipe" || problem="demo-server is not ready"
    server=$SERVER log=$SERVER_LOG
    check demo demo start "$problem" "$since" "$log" "$log.err"
    if [[ -n $problem ]]; then
        kill_child "$server"
        return
    fi
    demo_client_cases demo demo demo "$pipe"
    for peer in "${peers[@]}"; do
        SERVER=$server SERVER_LOG=$log
        conversation_cases "$peer" "$peer" demo "$pipe"
    done
    # A second server gets a readable refusal, and the first goes on.
    since=$(now) problem=""
    start_server demo "$pipe" && problem="a second server got the name"
    [[ -n $problem ]] || grep -qi 'in use' "$SERVER_LOG" "$SERVER_LOG.err" || problem="the second server does not say why"
    kill_child "$SERVER"
    check demo demo name-taken "$problem" "$since" "$SERVER_LOG.err"
    SERVER=$server SERVER_LOG=$log
    case_text demo "demo -> demo" after-that demo "$pipe" 1 "$FILES/small.txt"
    kill_child "$server"
}

# take_first_instance PEER PIPE: go-winio's first instance holds the name and serves no client. Windows lets no client
# connect to it. Wine does, and that client waits in vain, so one of go-winio's own takes this place.
take_first_instance() {
    [[ $1 != go ]] || run_client go --pipe="$2" --timeout=1 "$FILES/small.txt"
}

demo_client_to_peers() {
    local peer pipe
    for peer in "${peers[@]}"; do
        new_pipe
        pipe=$PIPE
        if ! start_server "$peer" "$pipe"; then
            report "$peer" "demo -> $peer" start FAIL 0 "the server is not ready" "$SERVER_LOG" "$SERVER_LOG.err"
            kill_child "$SERVER"
            continue
        fi
        take_first_instance "$peer" "$pipe"
        demo_client_cases "$peer" unverified "$peer" "$pipe"
        # A control: if the peers fail among themselves too, the demos are not the cause.
        case_text "$peer" "$peer -> $peer" control "$peer" "$pipe" 1 "$FILES/small.txt"
        kill_child "$SERVER"
        example_case "$peer" unverified "$peer"
    done
    SERVER="" SERVER_LOG=$WORK/none
    new_pipe
    case_code demo "demo -> nobody" no-server demo "$PIPE" 5 1 "$FILES/small.txt"
    if program go server; then
        start_server go "$PIPE" --greeting 'I am an impostor.' || die "the impostor is not ready"
        take_first_instance go "$PIPE"
        case_code demo "demo -> impostor" greeting unverified "$PIPE" 3 20 "$FILES/small.txt"
        kill_child "$SERVER"
    else
        report demo "demo -> impostor" greeting skip 0 "the server with a false greeting is the one in Go"
    fi
}

run_demos() {
    local language
    peers=()
    prepare_demos
    make_work
    # The trap of make_work replaced the one that ends Wine.
    trap 'end_wine; clean_up' EXIT
    make_files
    # Z: is the drive of the files' paths.
    cd "$WORK" || die "no $WORK"
    table_head
    for language in "${languages[@]}"; do
        REASON=
        if "prepare_$language"; then
            peers+=("$language")
        else
            report "$language" all all skip 0 "$REASON"
        fi
    done
    demo_server_cases
    demo_client_to_peers
    cd "$ROOT" || die "no $ROOT"
}
