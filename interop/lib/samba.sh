# A Samba of its own on a high port of the loopback, with users and a configuration that go with the run. To be sourced
# after common.sh; needs Debian's packages samba and python3-impacket, and root.

SMB_PORT=${SMB_PORT:-4450}
SMB_PASSWORD=Pipe-$$-word

# samba_prepare: whether a Samba can be started here, or else the reason in REASON
samba_prepare() {
    local package
    [[ $(uname -s) == Linux && $EUID -eq 0 ]] || { REASON="needs Linux and root"; return 1; }
    for package in samba python3-impacket; do
        dpkg -s "$package" > /dev/null 2>&1 || MISSING+=("$package")
    done
    ((${#MISSING[@]} == 0)) || install_missing
}
MISSING=()

# install_missing: the packages in MISSING. None of their services is started: those here are on the loopback alone.
install_missing() {
    has apt-get || { REASON="needs Debian's ${MISSING[*]}"; return 1; }
    local policy=/usr/sbin/policy-rc.d made=
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy" && made=1
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${MISSING[@]}" > "$WORK/apt.txt" 2>&1
    local code=$?
    [[ -z $made ]] || rm -f "$policy"
    ((code == 0)) || { REASON="${MISSING[*]} cannot be installed"; return 1; }
}

# samba_configure [LINE]...: the configuration SAMBA/smb.conf, with further lines in [global]
samba_configure() {
    SAMBA=$WORK/samba
    mkdir -p "$SAMBA"/{private,state,lock,cache,pid,ncalrpc,log,share}
    {
        cat << EOF
[global]
  workgroup = PIPETEST
  netbios name = PIPESRV
  server role = standalone server
  security = user
  map to guest = never
  interfaces = lo
  bind interfaces only = yes
  smb ports = $SMB_PORT
  disable netbios = yes
  server min protocol = SMB2_10
  load printers = no
  printing = bsd
  printcap name = /dev/null
  disable spoolss = yes
  rpc start on demand helpers = no
  passdb backend = tdbsam:$SAMBA/private/passdb.tdb
  private dir = $SAMBA/private
  state directory = $SAMBA/state
  lock directory = $SAMBA/lock
  cache directory = $SAMBA/cache
  pid directory = $SAMBA/pid
  ncalrpc dir = $SAMBA/ncalrpc
  log file = $SAMBA/log/smbd
  log level = 0
EOF
        printf '  %s\n' "$@"
        printf '[share]\n  path = %s\n  read only = no\n' "$SAMBA/share"
    } > "$SAMBA/smb.conf"
    chmod 755 "$SAMBA"
    mkdir -p "$SAMBA/ncalrpc/np" && chmod 700 "$SAMBA/ncalrpc/np"
}

# samba_user USER: gives a user of the system the password SMB_PASSWORD
samba_user() {
    printf '%s\n%s\n' "$SMB_PASSWORD" "$SMB_PASSWORD" | smbpasswd -c "$SAMBA/smb.conf" -s -a "$1" > /dev/null
}

# samba_start: smbd in a session of its own, since it signals its whole process group when it ends
samba_start() {
    setsid smbd -F --no-process-group -s "$SAMBA/smb.conf" < /dev/null > "$SAMBA/log/out" 2>&1 &
    SMBD=$!
    local limit=$((SECONDS + 20))
    until (exec 3<> "/dev/tcp/127.0.0.1/$SMB_PORT") 2> /dev/null; do
        alive "$SMBD" && ((SECONDS < limit)) || return 1
        sleep 0.05
    done
}

# samba_stop [SIGNAL]: with all the processes that serve its clients
samba_stop() {
    [[ -n ${SMBD-} ]] || return 0
    local children
    children=$(pgrep -P "$SMBD")
    kill "-${1:-TERM}" "$SMBD" ${children} 2> /dev/null
    wait "$SMBD" 2> /dev/null
    SMBD=
}

# samba_link NAME SOCKET: smbd finds the pipe under this name
samba_link() {
    ln -sfn "$2" "$SAMBA/ncalrpc/np/$1"
}

# ---------------------------------------------------------------------------------------------------- Kerberos

KRB_REALM=PIPETEST.LOCAL

# kerberos_prepare: whether a KDC can be started here, or else the reason in REASON
kerberos_prepare() {
    MISSING=()
    local package
    for package in krb5-kdc krb5-admin-server krb5-user; do
        dpkg -s "$package" > /dev/null 2>&1 || MISSING+=("$package")
    done
    ((${#MISSING[@]} == 0)) || install_missing
}

# kerberos_start USER: a KDC on the loopback, with the user, the service cifs/127.0.0.1 and a key table of each
kerberos_start() {
    KRB=$WORK/krb
    mkdir -m 700 "$KRB"
    export KRB5_CONFIG=$KRB/krb5.conf KRB5_KDC_PROFILE=$KRB/kdc.conf KRB5CCNAME=FILE:$KRB/tickets
    cat > "$KRB5_CONFIG" << EOF
[libdefaults]
  default_realm = $KRB_REALM
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  $KRB_REALM = {
    kdc = 127.0.0.1:$((SMB_PORT + 1))
  }
EOF
    cat > "$KRB5_KDC_PROFILE" << EOF
[kdcdefaults]
  kdc_listen = 127.0.0.1:$((SMB_PORT + 1))
  kdc_tcp_listen = 127.0.0.1:$((SMB_PORT + 1))
[realms]
  $KRB_REALM = {
    database_name = $KRB/principal
    key_stash_file = $KRB/stash
    disable_pac = true
  }
EOF
    kdb5_util create -s -r "$KRB_REALM" -P "$SMB_PASSWORD" > "$KRB/log" 2>&1 || return 1
    kadmin.local -q "addprinc -pw $SMB_PASSWORD $1" >> "$KRB/log" 2>&1
    kadmin.local -q "addprinc -randkey cifs/127.0.0.1" >> "$KRB/log" 2>&1
    kadmin.local -q "ktadd -k $KRB/service.keytab cifs/127.0.0.1" >> "$KRB/log" 2>&1
    kadmin.local -q "ktadd -norandkey -k $KRB/user.keytab $1" >> "$KRB/log" 2>&1
    start_child "$SERVER_LIMIT" krb5kdc -n >> "$KRB/log" 2>&1
    KDC=$CHILD
    local limit=$((SECONDS + 20))
    until (exec 3<> "/dev/tcp/127.0.0.1/$((SMB_PORT + 1))") 2> /dev/null; do
        alive "$KDC" && ((SECONDS < limit)) || return 1
        sleep 0.05
    done
}
