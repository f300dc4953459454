# C# on the real .NET 8 runtime

prepare_csharp() {
    if [[ $(uname -sm) != 'Linux x86_64' ]]; then
        REASON="the .NET runtime used here is for Linux on x86-64"
        return 1
    fi
    . "$INTEROP/lib/dotnet.sh"
    dotnet_prepare linux || return
    local run=("$DOTNET" exec --runtimeconfig "$TARGET/dotnet/pipe.runtimeconfig.json")
    csharp_client=("${run[@]}" "$TARGET/dotnet/PipeClient.exe")
    csharp_server=("${run[@]}" "$TARGET/dotnet/PipeServer.exe" --loop)
    csharp_server_once=("${run[@]}" "$TARGET/dotnet/PipeServer.exe" --impersonate)
    # .NET takes the name of a live server away, and leaves its socket behind when it is ended by a signal.
    csharp_steals_name=1
}
