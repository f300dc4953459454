# Nothing is left over after many rounds, and the server goes on after smbd was killed.

program_server
since=$(now)
line=$(program rounds "$SMB_PORT" "${ID}a" "$SMB_PASSWORD" program "$ROUNDS" 2> "$WORK/err")
[[ $line == "opened=$ROUNDS refused=$((2 * ROUNDS)) left-files=0 left-threads=0" ]] && line=
check client "-> listener" "left-$ROUNDS" "$line" "$since" "$WORK/err"

# held CASE SIGNAL SECONDS EXCEPTION LEAST MOST: what happens to a client that waits when smbd gets the signal,
# and within how many seconds
held() {
    local since problem='' limit=$((SECONDS + 60)) line
    since=$(now)
    program hold "$SMB_PORT" "${ID}a" "$SMB_PASSWORD" program "$3" > "$WORK/held.out" 2> "$WORK/err" &
    local child=$!
    until grep -qs Holding "$WORK/held.out" || ((SECONDS > limit)); do sleep 0.05; done
    kill "-$2" "$SMBD" $(pgrep -P "$SMBD")
    wait "$child"
    line=$(tail -n 1 "$WORK/held.out")
    [[ $line =~ ^"$4 after "([0-9]+)" s: " ]] && ((BASH_REMATCH[1] >= $5 && BASH_REMATCH[1] <= $6)) || problem=$line
    [[ $2 != STOP ]] || kill -CONT "$SMBD" $(pgrep -P "$SMBD")
    check client "-> listener" "$1" "$problem" "$since" "$WORK/err"
}
held smbd-frozen STOP 1 PipeTimeoutException 1 5
held smbd-killed KILL 60 PipeResetException 0 5
wait "$SMBD" 2> /dev/null
end_child "$SERVER"
samba_start || die "smbd does not start after it was killed"


name=$ID.left
start_demo testpipe "$name" --namedpipe.server.pipes.testpipe.allowed=authenticated --logging.level.root=error
# left: the open files and threads of the server
left() { local pid; pid=$(java_process "$SERVER"); echo "$(ls "/proc/$pid/fd" | wc -l) $(ls "/proc/$pid/task" | wc -l)"; }
# rounds CASE USER PIPE OPENED
rounds() {
    local since problem='' before after line limit
    since=$(now)
    SMB_PASSWORD=$SMB_PASSWORD /usr/bin/python3 -W ignore "$INTEROP/python/smb_client.py" --rounds 20 127.0.0.1 "$SMB_PORT" \
        "$2" "$3" > /dev/null 2>&1
    before=$(left)
    line=$(SMB_PASSWORD=$SMB_PASSWORD timeout 900 /usr/bin/python3 -W ignore "$INTEROP/python/smb_client.py" --rounds \
        "$ROUNDS" 127.0.0.1 "$SMB_PORT" "$2" "$3" 2> "$WORK/rounds.err")
    [[ $line == "opened=$4" ]] || problem="${line:-no result} instead of opened=$4 "
    limit=$((SECONDS + 30))
    after=$(left)
    while ((${after% *} > ${before% *} + 3 || ${after#* } > ${before#* } + 3)) && ((SECONDS < limit)); do
        sleep 0.2
        after=$(left)
    done
    ((${after% *} <= ${before% *} + 3 && ${after#* } <= ${before#* } + 3)) \
        || problem+="open files and threads: $before before, $after after"
    check impacket "-> demo" "$1" "$problem" "$since" "$WORK/rounds.err" "$WORK/$name.err"
}
rounds "left-$ROUNDS" "${ID}a" "$name" "$ROUNDS"
end_child "$SERVER"
name=$ID.closed
start_demo testpipe "$name" "--namedpipe.server.pipes.testpipe.allowed=${ID}b" --logging.level.root=error
rounds "refused-$ROUNDS" "${ID}a" "$name" 0

# smbd is killed while clients are connected: the server goes on
since=$(now)
problem=
samba_stop KILL
samba_start || problem="smbd does not start again "
[[ $(impacket "${ID}b" "$name" "$WORK/of-b" 2>&1) == "the file of b" ]] || problem+="no client is served after that"
check impacket "-> demo" smbd-killed "$problem" "$since" "$WORK/$name.err"
end_child "$SERVER"

