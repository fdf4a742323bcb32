#!/usr/bin/env bash
# The rights matrix: four users (an admin, one of sales, one of support, one of no team) ask six sources (see rights_sources.mjs) by
# every route there is. What is withheld must not show in any reply: neither by a word that only it has, nor by any difference to a
# store from which it was really removed.
. "$(dirname "$0")/common.bash"
. "$(dirname "$0")/hub.bash"
here=$(cd "$(dirname "$0")" && pwd)
need "$merid" "$plugins/crm_csv.so" "$plugins/tickets_jira.so" "$plugins/mail.so" "$plugins/notes.so"
command -v node >/dev/null || skip "node is not here"
command -v sqlite3 >/dev/null || skip "sqlite3 is not here"

port=$(free_port)
HUB_URL=http://127.0.0.1:$port
export HUB_URL
# settings [gone]: with the source that is to be gone, or without it.
settings() {
	hub_conf "$port" "find-rate = 0" "own-domains = lahdevirta.example"
	source_of open crm_csv
	source_of sales crm_csv "readers = sales"
	source_of support notes "readers = support"
	source_of both mail "readers = sales, support"
	source_of own tickets_jira
	[[ ${1:-} != gone ]] || source_of gone crm_csv "readers = board"
}
source_of() {
	printf '[source "%s"]\nconnector = %s\npath = %s\nschedule = manual\n' "$1" "$2" "$1"
	(($# < 3)) || printf '%s\n' "$3"
}
drive() { node "$here/rights.mjs" "$@" >"$T/out" 2>"$T/err" || fail "rights.mjs $*"; }

node "$here/rights_sources.mjs" "$T" all || fail "the sources were not made"
settings gone >"$T/meri.conf"
run 0 "$merid" -c "$T/meri.conf" --once
settings >"$T/meri.conf"
hub_start "$T/meri.conf"
drive plan "$T/plan.json" "$T/meri.db" "$here/../../core/serve/routes.c"
cat "$T/out"
for user in antero sanna jari emma; do drive ask $user "$T/plan.json" "$T/$user.json"; done
drive judge "$T/plan.json" "$T"
cat "$T/out"
drive events "$T/plan.json"
cat "$T/out"
drive audit "$T/plan.json"
cat "$T/out"
hub_stop
cp "$T/meri.db" "$T/whole.db"

# The same questions where what the user may not see has been removed.
without() { # USER CANARY...
	local user=$1
	shift
	cp "$T/whole.db" "$T/meri.db"
	node "$here/rights_sources.mjs" "$T" "$@" || fail "the sources were not made"
	settings gone >"$T/meri.conf"
	"$merid" -c "$T/meri.conf" --once >"$T/out" 2>"$T/err"
	settings >"$T/meri.conf"
	hub_start "$T/meri.conf"
	drive forget "$T/plan.json" "$user" # notes that the user may not read
	sql "SELECT title || text FROM record" | grep -oi 'qv[a-z]*' | cut -c 1-6 | tr '[:upper:]' '[:lower:]' | sort -u | tr '\n' ' ' >"$T/left"
	drive ask "$user" "$T/plan.json" "$T/$user.without.json"
	hub_stop
	echo "$user (left: $(cat "$T/left")):"
	node "$here/rights.mjs" compare "$user" "$T/plan.json" "$T/$user.json" "$T/$user.without.json" || differs+=("$user")
}
differs=()
without sanna qvopen qvsale qvboth qvownf qvownu
without jari qvopen qvsupp qvboth qvownf qvownt qvowna
without emma qvopen qvownf
((${#differs[@]} == 0)) || fail "what is withheld from ${differs[*]} shows by its absence"
ok nothing changes for anybody when what is withheld from them is gone
