# Who gets what: three users and eight files, local clients at the same time, and a race of four users.

name=$ID.Pipe
start_demo testpipe "$name" --namedpipe.server.pipes.testpipe.allowed=authenticated
for user in a b c; do
    since=$(now)
    check impacket "$user -> demo" eight-files "$(compare impacket "$ID$user" "$name")" "$since" "$WORK/$name.err"
done
since=$(now)
check demo "a -> demo" eight-files "$(compare demo "${ID}a" "$name")" "$since" "$WORK/$name.err"

since=$(now)
problem=
for i in 1 2 3 4; do
    impacket "${ID}a" "$name" "$WORK/of-a" > "$WORK/remote-$i" 2>&1 &
done
cp -r "$INTEROP/python" "$WORK/python" && chmod -R a+rX "$WORK/python"
text=$(as "${ID}b" /usr/bin/python3 "$WORK/python/client.py" --pipe="$name" --clients=2 "$WORK/of-b" 2> "$WORK/local.err")
[[ $text == "the file of b" ]] || problem="the local client got '$text' "
wait $(jobs -p | grep -vx -e "$SERVER" -e "$SMBD")
for i in 1 2 3 4; do
    [[ $(cat "$WORK/remote-$i") == "the file of a" ]] || problem+="remote client $i got '$(cat "$WORK/remote-$i")' "
done
check both "a, b -> demo" local-and-remote "$problem" "$since" "$WORK/$name.err" "$WORK/local.err"

since=$(now)
problem=
grep -q "as user: PIPESRV.${ID}a" "$WORK/$name.err" || problem="the log does not name the user "
grep -q "PIPESRV.${ID}a at 127.0.0.1 refused" "$WORK/$name.err" || problem+="the log does not say where a refused client is"
check demo demo log-names-client "$problem" "$since" "$WORK/$name.err"
end_child "$SERVER"

name=$ID.race
start_demo testpipe "$name" --namedpipe.server.pipes.testpipe.allowed=authenticated --logging.level.root=error
since=$(now)
problem= racers=()
for pair in a:b b:c c:d d:a; do
    own=${pair%:*} other=${pair#*:}
    SMB_PASSWORD=$SMB_PASSWORD timeout 1500 /usr/bin/python3 -W ignore "$INTEROP/python/smb_client.py" --race \
        $((REQUESTS / 4)) "$WORK/of-$own" "the file of $own"$'\n' "$WORK/of-$other" 127.0.0.1 "$SMB_PORT" "$ID$own" "$name" \
        > "$WORK/race-$own.out" 2> "$WORK/race-$own.err" &
    racers+=($!)
done
wait "${racers[@]}"
for user in a b c d; do
    line=$(cat "$WORK/race-$user.out")
    [[ $line == "leaked=0 refused=0 lost="* ]] || problem+="$user: ${line:-no result} "
    # Connections that smbd has ended, and requests that were asked again.
    [[ $line == *"lost=0" ]] || echo "    $user: $line"
done
if grep -hE '^(Uid|Gid):' "/proc/$(java_process "$SERVER")"/task/*/status \
        | grep -qvE '^(Uid|Gid):(\s0){4}$'; then
    problem+="a thread kept another identity "
fi
check impacket "a, b, c, d -> demo" "race-$REQUESTS" "$problem" "$since" "$WORK/$name.err" "$WORK/race-a.err"
end_child "$SERVER"
