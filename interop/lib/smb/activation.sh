# Sockets that systemd's launcher passes to the server.

# activated LAUNCHER...: the demo server with a socket in Samba's own directory; it starts with the
# first client
activated() {
    rm -f "$SAMBA/ncalrpc/np/${name,,}"
    start_child "$SERVER_LIMIT" "$@" "$JAVA" -jar "$JAR" "--namedpipe.server.pipes.testpipe.name=$name" \
        "--namedpipe.server.pipes.files.name=$name.files" --namedpipe.server.pipes.testpipe.reject-remote-clients=false \
        --namedpipe.server.pipes.testpipe.allowed=authenticated --namedpipe.samba.socket-activation=true \
        > "$WORK/$name.out" 2> "$WORK/$name.err"
    SERVER=$CHILD
    local limit=$((SECONDS + 20))
    until [[ -S $SAMBA/ncalrpc/np/${name,,} ]] || ! alive "$SERVER" || ((SECONDS > limit)); do sleep 0.05; done
}

# activates CASE LAUNCHER...: clients are served, the first one also while the server starts
activates() {
    local case=$1 since problem='' text
    shift
    since=$(now)
    activated "$@"
    text=$(CLIENT_LIMIT=200 demo "${ID}a" "$name" "$WORK/of-a" --timeout=150 2> "$WORK/err")
    [[ $text == "the file of a" ]] || problem="the first client got '$text' "
    [[ $(impacket "${ID}b" "$name" "$WORK/of-b" 2>&1) == "the file of b" ]] || problem+="the second client was not served "
    grep -q "the inherited socket" "$WORK/$name.err" || problem+="the log does not say which socket it is "
    end_child "$SERVER"
    [[ -S $SAMBA/ncalrpc/np/${name,,} ]] || problem+="the socket of the launcher is gone"
    check launcher "-> demo" "$case" "$problem" "$since" "$WORK/err" "$WORK/$name.err"
}

# refuses CASE TEXT LAUNCHER...: the server does not start and says why
refuses() {
    local case=$1 text=$2 since problem='' code=0
    shift 2
    since=$(now)
    activated "$@"
    # Whoever waits for the socket is woken.
    impacket "${ID}a" "$name" "$WORK/of-a" > /dev/null 2>&1 &
    local client=$!
    await_end "$SERVER" 200 || code=$?
    wait "$client"
    ((code == 1)) || problem="exit code $code instead of 1 "
    grep -qF -- "$text" "$WORK/$name.err" || problem+="does not say '$text'"
    check launcher "-> demo" "$case" "$problem" "$since" "$WORK/$name.err"
}

name=$ID.act
np=$SAMBA/ncalrpc/np/${name,,}
if has systemd-socket-activate; then
    activates systemd-named systemd-socket-activate -E LC_ALL -E TMPDIR "--fdname=$name" -l "$np"
    activates systemd-nameless systemd-socket-activate -E LC_ALL -E TMPDIR -l "$np"
    refuses systemd-other-name "FileDescriptorName=$name" systemd-socket-activate -E LC_ALL -E TMPDIR --fdname=other -l "$np"
    activates systemd-standard-input systemd-socket-activate -E LC_ALL -E TMPDIR --inetd -l "$np"
else
    report launcher "-> demo" systemd skip 0 "there is no systemd-socket-activate"
fi
launcher=(/usr/bin/python3 "$INTEROP/python/activate.py")
activates several "${launcher[@]}" "$WORK/other.sock=other" "$np=${name,,}"
refuses other-process "LISTEN_PID" "${launcher[@]}" --pid=1 "$np=$name"
refuses no-socket "no listening Unix-domain socket" "${launcher[@]}" "/dev/null=$name"
rm -f "$np"
