# The protocol http: files up and down, kept connections, local and remote clients at once, and what breaks off.

name=$ID.http
start_demo files "$name" --namedpipe.server.pipes.files.allowed=authenticated \
    --namedpipe.server.pipes.files.identity-max-age=100ms
make_file root/of-b "the file of b" "${ID}b" root 600
make_file root/of-group "the file of the group" root "${ID}g" 640
LARGE=$WORK/large
head -c "$((MEGABYTES * 1024 * 1024 + 1))" /dev/urandom > "$LARGE"
mkdir "$WORK/down"

since=$(now)
problem=
files "${ID}a" "$name" put "$LARGE" large > "$WORK/out" 2> "$WORK/err" || problem="exit code $? "
cmp "$LARGE" "$WORK/root/large" >> "$WORK/err" 2>&1 || problem+="another file has arrived "
[[ $(stat -c %U "$WORK/root/large" 2> /dev/null) == "${ID}a" ]] || problem+="the file is not the user's"
check demo "a -> demo" "http-put-$MEGABYTES" "$problem" "$since" "$WORK/err" "$WORK/$name.err"

since=$(now)
problem=
files "${ID}a" "$name" get large --output="$WORK/down/large" > "$WORK/out" 2> "$WORK/err" || problem="exit code $? "
cmp "$LARGE" "$WORK/down/large" >> "$WORK/err" 2>&1 || problem+="another file has arrived"
check demo "a <- demo" "http-get-$MEGABYTES" "$problem" "$since" "$WORK/err" "$WORK/$name.err"

since=$(now)
problem=
[[ $(files "${ID}b" "$name" get of-b --output=- 2> "$WORK/err") == "the file of b" ]] || problem="get "
[[ $(files "${ID}b" "$name" stat of-b 2>> "$WORK/err") == *'"size":14'* ]] || problem+="stat "
[[ $(files "${ID}b" "$name" ls 2>> "$WORK/err" | awk '{ print $4 }' | xargs) == "large of-b of-group" ]] || problem+="ls "
check demo "b <- demo" http-commands "$problem" "$since" "$WORK/err" "$WORK/$name.err"
fails http-forbidden 4 "permission denied" files "${ID}a" "$name" get of-b --output=-
fails http-missing 4 "no such file" files "${ID}a" "$name" get no-such-file --output=-

# http_client USER: asks for each target of its standard input over one connection, with impacket
http_client() {
    SMB_PASSWORD=$SMB_PASSWORD timeout "$CLIENT_LIMIT" /usr/bin/python3 -W ignore "$INTEROP/python/smb_client.py" --http \
        127.0.0.1 "$SMB_PORT" "$1" "$name"
}
since=$(now)
line=$(printf '%s\n' /stat?name=of-b /read?name=of-b /read?name=of-group /read?name=none /read?name=of-b \
    | http_client "${ID}b" 2> "$WORK/err" | xargs)
check impacket "b <- demo" http-kept "$([[ $line =~ ^"200 "[0-9]+" 200 14 403 "[0-9]+" 404 "[0-9]+" 200 14"$ ]] || echo "${line:-no result}")" \
    "$since" "$WORK/err" "$WORK/$name.err"

# A user who loses a group is refused on the connection that is open.
since=$(now)
: > "$WORK/lost"
{
    echo "/read?name=of-group"
    until [[ -s $WORK/lost ]] || ((SECONDS > 600)); do sleep 0.05; done
    gpasswd -d "${ID}a" "${ID}g" > /dev/null
    sleep 0.2
    echo "/read?name=of-group"
} | http_client "${ID}a" > "$WORK/lost" 2> "$WORK/err"
usermod -aG "${ID}g" "${ID}a"
line=$(xargs < "$WORK/lost")
check impacket "a <- demo" lost-group "$([[ $line == "200 22 403 "* ]] || echo "${line:-no result}")" "$since" "$WORK/err" \
    "$WORK/$name.err"

# Kept connections of our client, while local clients are served: each with its own rights.
program_prepare
since=$(now)
problem=
program http "$SMB_PORT" "${ID}a" "$SMB_PASSWORD" "$name" 2000 > "$WORK/http.out" 2> "$WORK/err" &
remote=$!
local_client() { as "$1" curl -s -w '%{http_code}' --unix-socket "$WORK/tmp/CoreFxPipe_$name" "http://pipe/read?name=of-b"; }
rounds=0
while alive "$remote" && ((rounds < 500)); do
    rounds=$((rounds + 1))
    [[ $(local_client "${ID}b") == $'the file of b\n200' ]] || problem="b was refused "
    [[ $(local_client "${ID}a") == *403 ]] || problem="a was not refused "
done
wait "$remote"
line=$(cat "$WORK/http.out")
[[ $line =~ ^"equal=8 of 8, answered=2000 of 2000, connections="[0-4]$ ]] || problem+=${line:-no result}
((rounds > 1)) || problem+="no local client came in between"
check both "a, b <- demo" "http-both-$((2 * rounds))" "$problem" "$since" "$WORK/err" "$WORK/$name.err"

# breaks CASE CODE END BEGIN COMMAND...: a transfer that END cuts off as soon as BEGIN says so
breaks() {
    local case=$1 expected=$2 end=$3 begin=$4 since problem='' code=0 limit=$((SECONDS + 60))
    shift 4
    since=$(now)
    files "${ID}a" "$name" "$@" > "$WORK/out" 2> "$WORK/err" &
    local client=$!
    until "$begin" || ! alive "$client" || ((SECONDS > limit)); do sleep 0.01; done
    "$end"
    wait "$client" || code=$?
    ((code == expected)) || problem="exit code $code instead of $expected"
    check demo "a - demo" "$case" "$problem" "$since" "$WORK/err" "$WORK/$name.err"
}
bytes() { find "$1" -type f -printf '%s\n' | awk -v sum="$(unnamed "$1")" '{ sum += $1 } END { print sum + 0 }'; }
got_some() { (($(bytes "$WORK/down") > 2000000)); }
put_some() { (($(bytes "$WORK/root") > before + 2000000)); }
stop_smbd() { samba_stop KILL; }
stop_server() { kill_child "$SERVER"; }

rm "$WORK/down/large"
breaks get-smbd-killed 5 stop_smbd got_some get large --output="$WORK/down/large"
samba_start || die "smbd does not start again"
since=$(now)
problem=
[[ ! -e $WORK/down/large ]] || problem="a part has the name of the file "
files "${ID}a" "$name" get large --resume --output="$WORK/down/large" > "$WORK/out" 2> "$WORK/err" || problem+="exit code $? "
cmp "$LARGE" "$WORK/down/large" >> "$WORK/err" 2>&1 || problem+="another file has arrived"
check demo "a <- demo" get-resumed "$problem" "$since" "$WORK/err" "$WORK/$name.err"

before=$(bytes "$WORK/root")
breaks put-smbd-killed 5 stop_smbd put_some put "$LARGE" second
samba_start || die "smbd does not start again"
since=$(now)
limit=$((SECONDS + 20))
until (($(bytes "$WORK/root") == before)) || ((SECONDS > limit)); do sleep 0.1; done
problem=$(($(bytes "$WORK/root") == before)) && problem= || problem="a part is left: $(ls -A "$WORK/root" | xargs)"
check demo "a -> demo" put-part-removed "$problem" "$since" "$WORK/$name.err"

rm "$WORK/down/large"
breaks get-server-killed 5 stop_server got_some get large --output="$WORK/down/large"
rm -f "$WORK/down"/* "$WORK/down"/.[!.]* "$LARGE"
