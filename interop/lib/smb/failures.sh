# What fails, and how: each its own error, in time, and one line at the server.

name=$ID.fails
start_demo testpipe "$name" --namedpipe.server.pipes.testpipe.allowed=authenticated
wrong_password() { SMB_PASSWORD=wrong-word demo "$@"; }
closed_port() { SMB_PORT=1 demo "$@"; }
other_server() { demo "$1" "$2" "$3" "--server=$4" --timeout=1; }

fails wrong-password 4 "log-on to '127.0.0.1' failed" wrong_password "${ID}a" "$name" "$WORK/of-a"
fails unknown-user 4 "log-on to '127.0.0.1' failed" demo nobody-here "$name" "$WORK/of-a"
fails unknown-name 5 "No server listens" demo "${ID}a" "no.such.pipe" "$WORK/of-a" --timeout=1
fails port-closed 5 "Nothing answers on port 1 " closed_port "${ID}a" "$name" "$WORK/of-a" --timeout=1
fails unknown-host 5 "There is no machine" other_server "${ID}a" "$name" "$WORK/of-a" no-such-host.invalid
fails no-password 2 "namedpipe.smb.password" env -u SMB_PASSWORD "$JAVA" -jar "$CLIENT_JAR" --server=127.0.0.1 "$WORK/of-a"

fails trace 4 "" demo "${ID}a" "$name" "$WORK/of-b" --logging.level.root=trace

since=$(now)
problem=
/usr/bin/python3 -W ignore "$INTEROP/python/smb_client.py" --anonymous 127.0.0.1 "$SMB_PORT" "" "$name" "$WORK/of-all" \
    > "$WORK/out" 2> "$WORK/err"
code=$?
((code == 5)) || problem="exit code $code instead of 5"
problem+=$(rejected "$WORK/$name.err" 1)
grep -q "ANONYMOUS LOGON.*is anonymous or a guest" "$WORK/$name.err" || problem+="the log does not say why"
check impacket "nobody -> demo" anonymous "$problem" "$since" "$WORK/err" "$WORK/$name.err"

# A server that is stopped in the middle, and one that has died and left its socket
kill -STOP "$(java_process "$SERVER")"
fails frozen-server 5 "" demo "${ID}a" "$name" "$WORK/of-a" --timeout=2
kill -CONT "$(java_process "$SERVER")"
kill_child "$SERVER"
fails dead-server 5 "No server listens" demo "${ID}a" "$name" "$WORK/of-a" --timeout=1

# Access rules
name=$ID.rules
start_demo testpipe "$name" "--namedpipe.server.pipes.testpipe.allowed=group:${ID}g,${ID}b"
since=$(now)
problem=
for user in a b; do
    [[ $(impacket "$ID$user" "$name" "$WORK/of-all" 2>&1) == "a file for all" ]] || problem+="$user was kept out "
done
impacket "${ID}c" "$name" "$WORK/of-all" > "$WORK/out" 2>&1 && problem+="c was let in "
check impacket "a, b, c -> demo" group-and-user "$problem" "$since" "$WORK/$name.err"
fails not-allowed 4 "may not open the pipe" demo "${ID}c" "$name" "$WORK/of-all"
since=$(now)
problem=
lines=$(grep "refused a client of smbd" "$WORK/$name.err")
# One for the first of each ten seconds.
(($(wc -l <<< "$lines") <= 2)) || problem="$(wc -l <<< "$lines") lines for two clients "
grep -qv "${ID}c (uid [0-9]*) at 127.0.0.1 is not allowed" <<< "$lines" && problem+="another line"
check demo demo one-line "$problem" "$since" "$WORK/$name.err"
end_child "$SERVER"

