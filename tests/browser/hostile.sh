#!/usr/bin/env bash
# Hostile sources through the real connectors, and then in the browser: nothing runs, nothing is asked elsewhere, nothing breaks.
. "$(dirname "$0")/common.bash"
node "$here/../fixtures/hostile-mail/make.mjs" "$T" || fail "the sources were not made"
port=$(free_port)
{
	hub_conf "$port" "own-domains = oma.example"
	for one in "mail mail" "crm crm_csv" "tickets tickets_jira" "notes notes"; do
		read -r name connector <<<"$one"
		printf '[source "%s"]\nconnector = %s\npath = %s\nschedule = manual\n' "$name" "$connector" "$name"
	done
} >"$T/meri.conf"
export HUB_URL=http://127.0.0.1:$port
hub_start "$T/meri.conf"
"$meri" sync >"$T/out" 2>"$T/err"
((${PIPESTATUS[0]} != 1)) || fail "a source failed"
cat "$T/out"
browse_side_by_side hostile.mjs/0 hostile.mjs/1
hub_stop
