# The test cases. A program is a bash array with its command line, named <language>_client or <language>_server;
# all of them take the same options. To be sourced after common.sh.

# program LANGUAGE ROLE: whether there is one
program() {
    [[ -v "${1}_$2[0]" ]]
}

pipe_count=0
log_count=0

# new_pipe: a pipe name in PIPE that no other run uses
new_pipe() {
    pipe_count=$((pipe_count + 1))
    PIPE=interop-$$-$pipe_count
}

# start_server LANGUAGE NAME [OPTION]...: returns when it is ready. Process id in SERVER, output in SERVER_LOG. A kind of
# server whose options are not the usual ones has a function <language>_server_options that puts them into OPTIONS.
start_server() {
    local -n start_command=${1}_server
    OPTIONS=(--pipe "$2" "${@:3}")
    if declare -F "${1}_server_options" > /dev/null; then
        "${1}_server_options" "$2"
    fi
    launch_server "$2" "${start_command[@]}" "${OPTIONS[@]}"
}

# launch_server NAME COMMAND...
launch_server() {
    log_count=$((log_count + 1))
    SERVER_LOG=$WORK/server-$log_count.log
    start_child "$SERVER_LIMIT" "${@:2}" > "$SERVER_LOG" 2> "$SERVER_LOG.err"
    SERVER=$CHILD
    await_ready "$SERVER" "$SERVER_LOG" "$1"
}

# run_client LANGUAGE [OPTION]... FILE: exit code in CODE, output in WORK/out and WORK/err
run_client() {
    local -n client_command=${1}_client
    if [[ $SERVER ]] && ! alive "$SERVER"; then
        # Not worth the client's whole time-out in each of the cases that follow.
        : > "$WORK/out"
        echo "the server has ended" > "$WORK/err"
        CODE=125
        return
    fi
    start_child "$CLIENT_LIMIT" "${client_command[@]}" "${@:2}" > "$WORK/out" 2> "$WORK/err"
    wait "$CHILD"
    CODE=$?
    unset "CHILDREN[$CHILD]"
}

# case_text PEER DIRECTION CASE CLIENT PIPE CLIENTS FILE: the client must print the file, byte by byte
case_text() {
    local since problem=""
    since=$(now)
    run_client "$4" --pipe="$5" --clients="$6" --timeout=20 "$7"
    if ((CODE != 0)); then
        problem="exit code $CODE"
    elif ! cmp -s "$7" "$WORK/out"; then
        problem=$(cmp "$7" "$WORK/out" 2>&1)
    fi
    check "$1" "$2" "$3" "$problem" "$since" "$WORK/err" "$SERVER_LOG.err"
}

# case_code PEER DIRECTION CASE CLIENT PIPE CODE TIMEOUT FILE: the client must end with the code and print nothing
case_code() {
    local since problem=""
    since=$(now)
    run_client "$4" --pipe="$5" --timeout="$7" "$8"
    if ((CODE != $6)); then
        problem="exit code $CODE instead of $6"
    elif [[ -s $WORK/out ]]; then
        problem="something on standard output"
    fi
    check "$1" "$2" "$3" "$problem" "$since" "$WORK/err" "$SERVER_LOG.err"
}

# conversation_cases PEER CLIENT SERVER PIPE: the server of that pipe is running. Errors come first, so that what
# follows shows that they did not harm the server.
conversation_cases() {
    local to="$2 -> $3"
    case_text "$1" "$to" small "$2" "$4" 1 "$FILES/small.txt"
    case_code "$1" "$to" missing "$2" "$4" 4 20 "$FILES/missing.txt"
    case_code "$1" "$to" folder "$2" "$4" 4 20 "$FILES/folder"
    case_code "$1" "$to" too-large "$2" "$4" 4 20 "$FILES/too-large.txt"
    case_text "$1" "$to" empty "$2" "$4" 1 "$FILES/empty.txt"
    case_text "$1" "$to" crlf "$2" "$4" 1 "$FILES/crlf.txt"
    case_text "$1" "$to" non-latin "$2" "$4" 1 "$FILES/текст-文字-😀.txt"
    case_text "$1" "$to" 32000-chars "$2" "$4" 1 "$FILES/large.txt"
    case_text "$1" "$to" 32767-chars "$2" "$4" 1 "$FILES/largest.txt"
    case_text "$1" "$to" four-clients "$2" "$4" 4 "$FILES/small.txt"
    case_text "$1" "$to" four-large "$2" "$4" 4 "$FILES/largest.txt"
}

# example_case PEER CLIENT SERVER: as documented: four clients, impersonation, and then the server ends by itself
example_case() {
    local since problem=""
    program "$3" server_once || return 0
    local -n once_command=${3}_server_once
    since=$(now)
    new_pipe
    if ! launch_server "$PIPE" "${once_command[@]}" --pipe "$PIPE"; then
        problem="the server is not ready"
        kill_child "$SERVER"
    else
        run_client "$2" --pipe="$PIPE" --clients=4 --timeout=20 "$FILES/small.txt"
        if ((CODE != 0)) || ! cmp -s "$FILES/small.txt" "$WORK/out"; then
            problem="exit code $CODE of the client, or wrong text"
            kill_child "$SERVER"
        else
            await_end "$SERVER" 10 || problem="exit code $? of the server"
        fi
    fi
    check "$1" "$2 -> $3" example "$problem" "$since" "$WORK/err" "$SERVER_LOG.err"
}

# client_cases PEER CLIENT: what a client must do by itself
client_cases() {
    new_pipe
    SERVER="" SERVER_LOG=$WORK/none
    case_code "$1" "$2 -> nobody" no-server "$2" "$PIPE" 5 1 "$FILES/small.txt"
    if ! program python server; then
        report "$1" "$2 -> impostor" greeting skip 0 "the server with a false greeting is the one in Python"
        return
    fi
    start_server python "$PIPE" --greeting 'I am an impostor.' || die "the impostor is not ready"
    case_code "$1" "$2 -> impostor" greeting "$2" "$PIPE" 3 20 "$FILES/small.txt"
    end_child "$SERVER"
}

# name_taken_case PEER FIRST SECOND PIPE CLIENT: the first server is running; the second must not get its name
name_taken_case() {
    local since problem="" first=$SERVER
    since=$(now)
    if start_server "$3" "$4"; then
        problem="the second server got the name of a live one"
    elif alive "$SERVER"; then
        problem="the second server has neither started nor given up"
    fi
    kill_child "$SERVER"
    SERVER=$first
    if [[ -z $problem ]]; then
        run_client "$5" --pipe="$4" --timeout=20 "$FILES/small.txt"
        ((CODE == 0)) || problem="the first server has lost its name"
    fi
    check "$1" "$2, then $3" name-taken "$problem" "$since" "$SERVER_LOG.err"
}

# server_cases PEER SERVER CLIENT: how a server treats a name that is taken, and how it leaves. On sockets only.
server_cases() {
    local since problem=""
    new_pipe
    start_server "$2" "$PIPE" || die "the $2 server is not ready: $(tail -n 3 "$SERVER_LOG.err")"
    name_taken_case "$1" "$2" "$2" "$PIPE" "$3"
    kill_child "$SERVER"

    # Killed hard just now, it has left its socket behind.
    since=$(now)
    [[ -S $TMPDIR/CoreFxPipe_$PIPE ]] || problem="no socket was left to test with"
    if [[ -z $problem ]]; then
        start_server "$2" "$PIPE" || problem="not ready where a dead socket is"
    fi
    check "$1" "$2" dead-socket "$problem" "$since" "$SERVER_LOG.err"

    since=$(now) problem=""
    end_child "$SERVER" || problem="exit code $?"
    [[ ! -e $TMPDIR/CoreFxPipe_$PIPE ]] || problem="the socket is still there"
    check "$1" "$2" leaves-nothing "$problem" "$since" "$SERVER_LOG.err"
}
