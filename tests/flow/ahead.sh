#!/usr/bin/env bash
# Work ahead of a checkpoint, and its undoing: three archives that are read side by side share one writer, which puts what one sends
# into the store until another's checkpoint comes between. What is in the store in the end is what it is when they are read one after
# the other, in the index too.
. "$(dirname "$0")/common.bash"
need "$merid" "$plugins/mail.so"
database=
sql() { sqlite3 -readonly -cmd '.timeout 5000' "$database" "$1"; }

# 1,600 messages of 700 bytes or so: some checkpoints, and many parts between two.
archive() {
	awk -v who="$1" 'BEGIN {
		for (i = 1; i <= 1600; i++) {
			printf "From %s@list.example Mon Jan  6 10:00:00 2025\n", who
			printf "From: Writer %d <w%d@%s.example>\nTo: list@list.example\nSubject: %s pump number %d\n", i % 40, i % 40, who, who, i
			printf "Message-ID: <%d@%s.example>\nDate: Mon, 6 Jan 2025 10:00:00 +0200\n\n", i, who
			for (k = 1; k <= 8; k++)
				printf "Line %d of message %d about the pump of %s, its bearings and the next maintenance.\n", k, i, who
			printf "\n"
		}
	}' >"$T/$1.mbox"
}
for name in north east south; do archive "$name"; done

# hub NAME PARALLEL: a new store, and all of its sources read once.
hub() {
	mkdir "$T/$1"
	{
		printf '[hub]\nstore = meri.db\nsocket = meri.sock\nplugin-path = %s\nparallel = %d\n' "$plugins" "$2"
		for name in north east south; do
			printf '[source "%s"]\nconnector = mail\npath = %s\n' "$name" "$T/$name.mbox"
		done
	} >"$T/$1/meri.conf"
	run 0 "$merid" -c "$T/$1/meri.conf" --once
	database=$T/$1/meri.db
	expect_sql "PRAGMA integrity_check" ok
	expect_sql "SELECT count(*) FROM record" 4800
	expect_sql "SELECT count(*) FROM run WHERE verdict = 'ok' AND added = 1600 AND changed + removed + skipped = 0" 3
	expect_sql "SELECT sum(records) FROM source" 4800
}
digest() {
	database=$T/$1/meri.db
	sql "SELECT s.name, external_id, kind, hex(hash), item, people FROM record r JOIN source s ON s.id = source_id ORDER BY 1, 2" | sha256sum
	sql "SELECT s.name, r.external_id, n, role, p.name, address FROM party p JOIN record r ON r.id = record_id JOIN source s ON s.id = source_id
		ORDER BY 1, 2, 3" | sha256sum
	sql "SELECT s.name, item, fingerprint FROM item JOIN source s ON s.id = source_id ORDER BY 1, 2" | sha256sum
	sql "SELECT count(*) FROM record_fts_docsize" | sha256sum
}
hub one 1
hub all 3
[[ $(digest one) == "$(digest all)" ]] || fail "side by side came something else than one after the other"
# Nothing is left to be done.
for round in one all; do
	run 0 "$merid" -c "$T/$round/meri.conf" --once
	database=$T/$round/meri.db
	expect_sql "SELECT count(*) FROM run WHERE verdict = 'ok' AND added + changed + removed + skipped = 0" 3
done
ok "three archives side by side"
