# Transfers, compared byte by byte, and the speed next to smbj alone and to a share of Samba.

program_server
chmod 1777 "$SAMBA/share"
while IFS=: read -r label setting; do
    samba_again "$setting"
    since=$(now)
    line=$(program transfer "$SMB_PORT" "${ID}a" "$SMB_PASSWORD" program "$MEGABYTES" 2> "$WORK/err")
    check client "-> listener" "equal-$MEGABYTES-$label" "$([[ $line == equal ]] || echo "${line:-no result}")" "$since" \
        "$WORK/err"
    since=$(now)
    problem=
    program speed "$SMB_PORT" "${ID}a" "$SMB_PASSWORD" program 32 "${BOUNDS[@]}" > "$WORK/speed.out" 2> "$WORK/err" \
        || problem="exit code $?"
    check client "-> listener" "speed-$label" "$problem" "$since" "$WORK/err"
    sed 's/^/    /' "$WORK/speed.out"
done << 'EOF'
signed:server smb encrypt = off
encrypted:server smb encrypt = required
EOF
end_child "$SERVER"
samba_again
