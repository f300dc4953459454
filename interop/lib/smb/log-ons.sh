# Log-ons, dialects and encryption.

program_server
kerberos=()
if kerberos_prepare && kerberos_start "${ID}a"; then
    kinit "${ID}a" <<< "$SMB_PASSWORD" > /dev/null || die "no ticket"
    PROGRAM=("${PROGRAM[0]}" "-Djava.security.krb5.conf=$KRB5_CONFIG" "${PROGRAM[@]:1}")
    kerberos=("realm = $KRB_REALM" "kerberos method = dedicated keytab" "dedicated keytab file = $KRB/service.keytab")
else
    report client "kerberos" all skip 0 "${REASON:-the KDC does not start}"
fi

# answered CASE ENCRYPTED SETTING VALUE...: the client is let in, and the server knows whether the connection is encrypted
answered() {
    local case=$1 encrypted=$2 since problem='' line
    shift 2
    since=$(now)
    line=$(program ask "$SMB_PORT" program "$@" 2> "$WORK/err")
    [[ $line == answered ]] || problem="$line "
    [[ $(tail -n 1 "$WORK/program.out") == *"${ID}a encrypted=$encrypted" ]] || problem+="$(tail -n 1 "$WORK/program.out")"
    check client "-> listener" "$case" "$problem" "$since" "$WORK/err"
}
# The client takes nothing older and the server nothing newer, so the dialect is the one that is said.
while IFS=: read -r label dialect highest; do
    for encryption in off required; do
        # SMB 2.1 has no encryption.
        [[ $dialect/$encryption != SMB_2_1/required ]] || continue
        samba_again "${kerberos[@]}" "server max protocol = $highest" "server smb encrypt = $encryption"
        case=$label-signed encrypted=false
        [[ $encryption == off ]] || case=$label-encrypted encrypted=true
        answered "ntlm-$case" "$encrypted" dialect "$dialect" user "${ID}a" password "$SMB_PASSWORD"
        ((${#kerberos[@]})) || continue
        answered "ticket-$case" "$encrypted" dialect "$dialect" authentication KERBEROS
        answered "keytab-$case" "$encrypted" dialect "$dialect" authentication KERBEROS user "${ID}a" keytab "$KRB/user.keytab"
    done
done << 'EOF'
2.1:SMB_2_1:SMB2_10
3.0:SMB_3_0:SMB3_00
3.0.2:SMB_3_0_2:SMB3_02
3.1.1:SMB_3_1_1:SMB3_11
EOF

# refused CASE EXCEPTION TEXT SETTING VALUE...
refused() {
    local case=$1 exception=$2 text=$3 since line problem=''
    shift 3
    since=$(now)
    line=$(program ask "$SMB_PORT" program "$@" 2> "$WORK/err")
    [[ $line == "$exception: "*"$text"* ]] || problem=${line:-no result}
    check client "-> listener" "$case" "$problem" "$since" "$WORK/err"
}
samba_again "${kerberos[@]}" "server smb encrypt = off"
refused not-encrypted PipeNotVerifiedException namedpipe.smb.encryption user "${ID}a" password "$SMB_PASSWORD" encryption REQUIRED
if ((${#kerberos[@]})); then
    KRB5CCNAME=FILE:$WORK/none refused no-ticket PipeAccessDeniedException kinit authentication KERBEROS
fi
samba_again "server max protocol = SMB3_00"
refused old-dialect PipeNotVerifiedException namedpipe.smb.minimum-dialect user "${ID}a" password "$SMB_PASSWORD" dialect SMB_3_1_1
samba_again "map to guest = bad user"
refused guest PipeNotVerifiedException "session of a guest" user nobody-here password "$SMB_PASSWORD"
end_child "$SERVER"
samba_again
