#!/usr/bin/env bash
# How long a find takes when many ask: wrk, 64 connections, SERVE_RECORDS (100,000) records, while a sync is writing; by an admin, who
# sees everything, and by somebody of one team, for whom part of it is withheld. Then, by few: beside 200 half requests and 200
# guests who do not read their answers. Needs the packs mail-list, tickets-jira and relevance; the store is made once (minutes).
# The last line holds the main figures. SECONDS_EACH (20) is how long each is measured.
# Answers are kept for a while (core/serve/keep.h), and the questions come again: what a find costs that nobody asked before, and what
# 64 at once wait for such ones, has a row of its own. wrk counts a wait as often as a question would have been asked meanwhile.
# "cpu each" is what a find costs the processor, which a busy machine does not change much.
records=${SERVE_RECORDS:-100000}
seconds_each=${SECONDS_EACH:-20}
bench=$(cd "$(dirname "$0")" && pwd)
. "$bench/../flow/common.bash"
. "$bench/../flow/hub.bash"
none() {
	echo "skip bench-serve: $*"
	exit 0
}
data=
for folder in "${MERI_DATA:-}" .data; do
	[[ ! $data && -e $folder/relevance && -e $folder/mail-list && -e $folder/tickets-jira ]] && data=$(realpath "$folder")
done
[[ $data ]] || none "the packs mail-list, tickets-jira and relevance are not unpacked"
command -v wrk >/dev/null || none "wrk is not here: make deps SETS=bench"

# ---- the store, read from its sources as any other ----
made=$B/bench/serve-$records
settings() {
	hub_conf "$port" "find-rate = 0"
	printf '[source "crm"]\nconnector = crm_csv\npath = %s/crm\n' "$made"
	printf '[source "mail"]\nconnector = mail\npath = %s/mail.mbox\n' "$made"
	printf '[source "incoming"]\nconnector = mail\npath = %s/incoming.mbox\nreaders = support\n' "$made"
}
port=$(free_port)
settings >"$T/meri.conf"
if [[ ! -e $made/meri.db ]]; then
	mkdir -p "$made"
	node "$bench/serve_sources.mjs" "$data" "$made" "$records" || exit 1
	echo "reading $records records, once"
	run 0 "$merid" -c "$T/meri.conf" --once crm mail
	sqlite3 "$T/meri.db" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
	mv "$T/meri.db" "$made/meri.db"
	node "$bench/serve_queries.mjs" "$made/meri.db" "$made" || exit 1
fi
cp "$made/meri.db" "$T/meri.db"
HUB_URL=http://127.0.0.1:$port
export HUB_URL
hub_start "$T/meri.conf"
read -r admin fenced < <(node "$bench/serve_people.mjs") || exit 1
echo "$(sql 'SELECT count(*) FROM record') records, $(wc -l <"$made/queries") questions, $(nproc) processors"

echo "one at a time      p50     p99   the slowest"
node "$bench/serve_kinds.mjs" "$HUB_URL" "$made/queries" "$fenced" || fail "a find failed"

# ---- many at once, while a sync is writing ----
# Milliseconds of the processor that the hub has used until now; its connectors are not counted.
used() { awk -v tick="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / tick }' "/proc/$hub_pid/stat"; }
figures() { # CONNECTIONS TOKEN [fresh]: sets requests seconds p50 p99 worst bad rate, and each: the processor's time for one, with whatever else the hub did
	local line before
	# What is asked again and again is kept: first all is asked once. What is not is the row "none asked before".
	[[ ${3:-} ]] || wrk -t2 -c"$1" -d4s --timeout 10s -s "$bench/serve.lua" "$HUB_URL" -- "$made/queries" "$2" "" >/dev/null
	before=$(used)
	line=$(wrk -t2 -c"$1" -d"${seconds_each}s" --timeout 10s -s "$bench/serve.lua" "$HUB_URL" -- "$made/queries" "$2" "${3:-}" | tee "$T/out" | grep '^FIGURES') || fail "wrk"
	read -r _ requests seconds p50 p99 worst bad <<<"$line"
	[[ $bad == 0 ]] || fail "$bad of $requests answers were none"
	rate=$(awk "BEGIN { printf \"%.0f\", $requests / $seconds }")
	each=$(awk "BEGIN { printf \"%.1f\", ($(used) - $before) / $requests }")
}
print() { printf '%-44s %8s %8s %8s %8s %8s\n' "$1" "$p50" "$p99" "$worst" "$rate" "$each"; }
printf '%-44s %8s %8s %8s %8s %8s\n' "finds, milliseconds" p50 p99 worst "a second" "cpu each"
count() { sql "SELECT records FROM source WHERE name = 'incoming'"; }
figures 64 "$admin"
print "64 connections, admin"
figures 64 "$fenced"
print "64 connections, of a team"
figures 64 "$fenced" fresh
print "64 connections, of a team, none asked before"
alone_each=$each
"$meri" sync incoming >/dev/null 2>&1 &
syncing=$!
sleep 2
before=$(count)
figures 64 "$admin"
print "64 connections, sync writing, admin"
worse=$p99
figures 64 "$fenced"
print "64 connections, sync writing, of a team"
(($(awk "BEGIN { print ($p99 > $worse) }"))) && worse=$p99
busy_p50=$p50 busy_rate=$rate
after=$(count)
((after > before)) || fail "the sync wrote nothing meanwhile: it is over"
kill -0 "$syncing" 2>/dev/null || echo "(the sync ended before the measuring did)"
echo "the sync wrote $((after - before)) records meanwhile"

# ---- bad guests ----
"$meri" sync --cancel incoming >/dev/null 2>&1
wait "$syncing"
figures 8 "$fenced"
print "8 connections"
alone=$p99
mkfifo "$T/guests"
node "$bench/serve_slow.mjs" "$HUB_URL" 200 "$admin" <"$T/guests" >"$T/slow" &
guests=$!
exec 4>"$T/guests"
until_true 15 grep -q ready "$T/slow" || fail "the slow guests did not come"
figures 8 "$fenced"
print "8 connections beside 400 slow guests"
exec 4>&-
wait "$guests"
cat "$T/slow"
hub_stop
echo "bench-serve: $records records, 64 connections, sync writing: p50 $busy_p50 ms, p99 $worse ms, $busy_rate finds/s, $alone_each ms of the processor a find; 8 connections p99 $alone ms, beside slow guests $p99 ms"
