# Parts that every interop script shares: a temporary folder, child processes that never outlive the script, test
# files, and the table of results. To be sourced by bash 5 or later.

INTEROP=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
TARGET=$INTEROP/target
ROOT=$(cd -- "$INTEROP/.." && pwd)

# File names and arguments beyond ASCII reach a JVM unharmed only in a UTF-8 locale.
export LC_ALL=C.UTF-8

CLIENT_LIMIT=60     # seconds for one run of a client, its own time-out included
SERVER_LIMIT=1800   # seconds after which a server is ended, should this script itself have been killed
READY_LIMIT=60      # seconds for a server to become ready

declare -A CHILDREN=()
passed=0 failed=0 skipped=0

die() {
    echo "$*" >&2
    exit 1
}

# now: microseconds
now() {
    echo "${EPOCHREALTIME//[!0-9]/}"
}

# has COMMAND
has() {
    command -v "$1" > /dev/null
}

# ---------------------------------------------------------------------------------------------------- processes

# start_child LIMIT COMMAND...: in the background; its process id is in CHILD. timeout makes it a process group of
# that id, so that a whole tree can be ended by it. The caller redirects the output.
start_child() {
    timeout --kill-after=5 "$@" < /dev/null &
    CHILD=$!
    CHILDREN[$CHILD]=1
}

# alive PID
alive() {
    kill -0 "$1" 2> /dev/null
}

# end_child PID: an orderly end, and a hard one when that takes more than ten seconds. Returns the exit code.
end_child() {
    local pid=$1 limit=$((SECONDS + 10))
    kill -TERM "$pid" 2> /dev/null
    while alive "$pid" && ((SECONDS < limit)); do
        sleep 0.02
    done
    kill_child "$pid"
}

# kill_child PID: at once, with no chance to tidy up.
kill_child() {
    kill -KILL -- "-$1" 2> /dev/null || kill -KILL "$1" 2> /dev/null
    unset "CHILDREN[$1]"
    wait "$1" 2> /dev/null
}

# await_end PID SECONDS: waits until a child ends by itself; returns its exit code, or 124.
await_end() {
    local limit=$((SECONDS + $2))
    while alive "$1"; do
        if ((SECONDS >= limit)); then
            kill_child "$1"
            return 124
        fi
        sleep 0.02
    done
    unset "CHILDREN[$1]"
    wait "$1"
}

# await_ready PID LOG WORD: until the server has printed a line with the word.
await_ready() {
    local limit=$((SECONDS + READY_LIMIT))
    until grep -qsF -- "$3" "$2"; do
        alive "$1" && ((SECONDS < limit)) || return 1
        sleep 0.05
    done
}

clean_up() {
    local pid
    for pid in "${!CHILDREN[@]}"; do
        kill -TERM "$pid" 2> /dev/null
    done
    for pid in "${!CHILDREN[@]}"; do
        end_child "$pid"
    done
    rm -rf -- "$WORK"
}

# make_work: the temporary folder WORK. It is also TMPDIR of all children: the pipes' sockets are created in it, private
# to this run.
make_work() {
    WORK=$(mktemp -d) || die "no temporary folder"
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    mkdir "$WORK/tmp"
    export TMPDIR=$WORK/tmp
}

# ---------------------------------------------------------------------------------------------------- test files

# repeat COUNT TEXT
repeat() {
    local line
    printf -v line '%*s' "$1" ''
    printf '%s' "${line// /"$2"}"
}

# make_files: the files of the cases, in WORK/files
make_files() {
    FILES=$WORK/files
    mkdir "$FILES"
    printf 'A small text file.\nWith two lines.\n' > "$FILES/small.txt"
    repeat 32000 x > "$FILES/large.txt"
    repeat 32767 y > "$FILES/largest.txt"
    repeat 32768 z > "$FILES/too-large.txt"
    printf 'Съешь ещё этих мягких булок\n天地玄黃 宇宙洪荒 こんにちは 한국어\n😀 👩‍👩‍👧 𝄞 𠜎\n' > "$FILES/текст-文字-😀.txt"
    : > "$FILES/empty.txt"
    printf 'one\r\ntwo\r\n\r\nno end of line' > "$FILES/crlf.txt"
    mkdir "$FILES/folder"
}

# ---------------------------------------------------------------------------------------------------- results

TABLE='%-10s %-28s %-16s %-6s %6s\n'

table_head() {
    # shellcheck disable=SC2059
    printf "$TABLE" PEER DIRECTION CASE RESULT MS
}

# report PEER DIRECTION CASE RESULT MS [REASON [LOG]...]: one line of the table; the logs are shown on a failure.
report() {
    # shellcheck disable=SC2059
    printf "$TABLE" "${@:1:5}"
    case $4 in
        ok) passed=$((passed + 1)) ;;
        skip) skipped=$((skipped + 1)) ;;
        *) failed=$((failed + 1)) ;;
    esac
    if [[ -n ${6-} ]]; then
        echo "    $6"
    fi
    if [[ $4 == FAIL && $# -gt 6 ]]; then
        # Enough of each log to see the cause, not a whole stack trace of a whole run.
        tail -q -n 15 -- "${@:7}" 2> /dev/null | cut -c1-300 | sed 's/^/    | /'
    fi
}

# check PEER DIRECTION CASE PROBLEM SINCE [LOG]...: ok when the problem is empty
check() {
    local result=ok
    [[ -z $4 ]] || result=FAIL
    report "$1" "$2" "$3" "$result" "$((($(now) - $5) / 1000))" "$4" "${@:6}"
}

# finish: the last line, and the exit code. A run that has tested nothing is no success.
finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0 && passed > 0))
}

# unnamed FOLDER: the bytes of the files of a folder that have no name until they are complete (O_TMPFILE), of all
# processes that may be looked at
unnamed() {
    find /proc/[0-9]*/fd -lname "$1/#* (deleted)" -exec stat -L -c %s {} + 2> /dev/null |
        awk '{ sum += $1 } END { print sum + 0 }'
}
