#!/usr/bin/env bash
# What is shipped in conf/ is good: the example settings as they stand and with their sources switched on, and the units.
. "$(dirname "$0")/common.bash"
need "$merid" "$plugins"/{crm_csv,mail,notes,tickets_jira}.so
conf=$(cd "$(dirname "$0")/../../conf" && pwd)

run 0 "$merid" -c "$conf/meri.conf" --check
says "$T/out" "0 sources, all good"

# Switched on: every key and value is right; only what is not on this machine is missed.
sed 's/^#\([a-z[]\)/\1/; s/^plugin-path.*//' "$conf/meri.conf" >"$T/meri.conf"
grep -c '^\[source' "$T/meri.conf" | grep -qx 4 || fail "not four sources are switched on"
chmod 640 "$T/meri.conf"
run 2 "$merid" -c "$T/meri.conf" --check
grep -vE 'No such file or directory' "$T/out" && fail "the example has mistakes"
ok the example settings

command -v systemd-analyze >/dev/null || { echo "skip the units: there is no systemd-analyze"; exit 0; }
mkdir "$T/units" "$T/units/bin"
for unit in "$conf"/*.service "$conf"/*.timer; do
	sed "s|@PREFIX@/bin/merid|$merid|; s|@PREFIX@|/usr/local|" "$unit" >"$T/units/$(basename "$unit")"
done
(cd "$T/units" && systemd-analyze verify --man=no --recursive-errors=no ./merid.service ./meri-sync.service ./meri-sync.timer) >"$T/out" 2>&1 ||
	fail "systemd-analyze verify"
[[ ! -s $T/out ]] || fail "systemd-analyze verify has something to say"
ok the units
exposure=$(systemd-analyze security --offline=yes "$T/units/merid.service" 2>/dev/null | tail -n 1)
ok "systemd-analyze security: ${exposure:-not told}"
