# Python 3.9 or later

prepare_python() {
    REASON="Python 3.9 or later is needed"
    has python3 && python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' || return
    # No cached byte code in the source folder.
    export PYTHONDONTWRITEBYTECODE=1
    python_client=(python3 "$INTEROP/python/client.py")
    python_server=(python3 "$INTEROP/python/server.py")
}
