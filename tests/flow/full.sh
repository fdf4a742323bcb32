#!/usr/bin/env bash
# A store that cannot grow: the runs that meet it fail with a word about it, what had been made durable stays, and with room again
# the store becomes what it would have been.
. "$(dirname "$0")/common.bash"
need "$merid" "$plugins/mail.so" "$plugins/skeleton.so"
mkdir "$T/notes"
echo "a note" >"$T/notes/n.txt"
awk 'BEGIN {
	for (i = 1; i <= 6000; i++) {
		printf "From a@example.fi Mon Mar  3 10:00:00 2025\nFrom: A <a@example.fi>\nMessage-ID: <f%d@example.fi>\nSubject: Tilaus %d\n\n", i, i
		for (k = 0; k < 30; k++) printf "Rivi %d ja tilaus %d\n", k, i * k
		printf "\n"
	}
}' >"$T/orders.mbox"
for name in calm meri; do
	printf '[hub]\nstore = %s.db\nsocket = %s.sock\nplugin-path = %s\n[source "mail"]\nconnector = mail\npath = orders.mbox\n' \
		"$name" "$name" "$plugins" >"$T/$name.conf"
	printf '[source "notes"]\nconnector = skeleton\npath = notes\n' >>"$T/$name.conf"
done
run 0 "$merid" -c "$T/calm.conf" --once
size=$(du -k "$T/calm.db" | cut -f 1)
record_dump "$T/calm.db" >"$T/calm"

# A third of the room that it takes.
run 1 bash -c 'ulimit -f "$1"; exec "$2" -c "$3" --once' limited $((size / 3)) "$merid" "$T/meri.conf"
[[ $(line mail) == "failed "* ]] || fail "mail: $(line mail)"
says "$T/out" "transient: the store did not take "
kept=$(sql "SELECT count(*) FROM record r JOIN source s ON s.id = source_id WHERE s.name = 'mail'")
((kept > 0 && kept < 6000)) || fail "$kept messages are kept"
expect_sql "PRAGMA integrity_check" ok
ok "full: $kept of 6000 messages are kept; $(sed -n 's/^    transient: //p' "$T/out" | head -n 1)"

run 0 "$merid" -c "$T/meri.conf" --once
record_dump "$T/meri.db" >"$T/filled"
cmp -s "$T/calm" "$T/filled" || fail "with room again the store is not what it would have been"
ok with room again it goes on from where it was
