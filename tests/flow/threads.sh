#!/usr/bin/env bash
# Everything at once: sources that run every second, side by side, while others ask for them, start, cancel and check them, the
# settings are read again, and files come and go. Under ThreadSanitizer (make tsan) this is where races show; without it, it shows
# that nobody waits for ever and the store is whole.
. "$(dirname "$0")/common.bash"
need "$merid" "$meri" "$plugins/skeleton.so"
conf=$T/meri.conf
socket=$T/meri.sock
{
	printf '[hub]\nstore = meri.db\nsocket = meri.sock\nplugin-path = %s\nparallel = 3\ngrace = 2s\n' "$plugins"
	for i in 1 2 3 4 5; do
		mkdir "$T/n$i"
		for k in $(seq 30); do echo "note $k of source $i about Virtasen Konepaja" >"$T/n$i/f$k.txt"; done
		printf '[source "s%d"]\nconnector = skeleton\npath = n%d\nschedule = every 1s\n' "$i" "$i"
	done
} >"$conf"
background "$merid" -c "$conf"
pid=${children[0]}
until_true 20 test -S "$socket" || fail "merid does not answer"

# What a client prints is of no interest here; that it ends is.
ask() {
	local end=$((SECONDS + 6)) turn=0
	while ((SECONDS < end)); do
		turn=$((turn + 1))
		timeout 20 "$meri" --socket "$socket" "$@" >/dev/null 2>>"$T/asked"
		(($? != 124)) || echo "$* waits for ever" >>"$T/late"
	done
	echo "$turn" >>"$T/turns"
}
askers=()
ask source list &
askers+=($!)
ask find Virtanen konepaja &
askers+=($!)
ask sync s2 &
askers+=($!)
ask source check s3 &
askers+=($!)
ask status --json &
askers+=($!)
for round in 1 2 3 4; do
	sleep 1
	rm -f "$T"/n1/f$((round * 2)).txt
	echo "changed in round $round" >"$T/n2/f$round.txt"
	kill -HUP "$pid"
done
for asker in "${askers[@]}"; do wait "$asker"; done
[[ ! -e $T/late ]] || fail "$(cat "$T/late")"
kill -0 "$pid" 2>/dev/null || fail "merid is gone"
kill -TERM "$pid"
wait "$pid"
status=$?
children=()
[[ $status == 0 ]] || fail "merid ended with $status"
expect_sql "PRAGMA integrity_check" ok
expect_sql "SELECT count(*) FROM run WHERE verdict NOT IN ('ok', 'failed')" 0
expect_sql "SELECT count(*) FROM run WHERE verdict = 'failed' AND message NOT LIKE 'stopped because merid ends%'" 0
expect_sql "SELECT count(*) FROM record" 146
runs=$(sql "SELECT count(*) FROM run")
((runs >= 10)) || fail "only $runs runs"
ok "$runs runs beside $(awk '{ n += $1 } END { print n }' "$T/turns") questions"
