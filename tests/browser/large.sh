#!/usr/bin/env bash
# The page with the packs mail-list and tickets-jira loaded.
. "$(dirname "$0")/common.bash"
data=
for folder in "${MERI_DATA:-}" .data; do
	[[ ! $data && -e $folder/mail-list/linux-mips.mbox && -d $folder/tickets-jira/TIMOB ]] && data=$(realpath "$folder")
done
[[ $data ]] || skip "the packs mail-list and tickets-jira are not unpacked"
port=$(free_port)
{
	hub_conf "$port"
	printf '[source "archive"]\nconnector = mail\npath = %s/mail-list/linux-mips.mbox\nschedule = manual\nmax-skipped = 1000\n' "$data"
	printf '[source "tickets"]\nconnector = tickets_jira\npath = %s/tickets-jira/TIMOB\nschedule = manual\nmax-skipped = 1000\n' "$data"
} >"$T/meri.conf"
export HUB_URL=http://127.0.0.1:$port
hub_start "$T/meri.conf"
"$meri" sync >"$T/out" 2>"$T/err"
records=$(sqlite3 -readonly "$T/meri.db" 'SELECT count(*) FROM record')
((records >= 26000)) || fail "$records records only"
ok "$records records"
MERI_PATIENCE=${MERI_PATIENCE:-15} browse_side_by_side large.mjs/0 large.mjs/1
hub_stop
