#!/usr/bin/env bash
# kill -9 of merid at random moments of a sync: each next run goes on from the last checkpoint, and in the end the store is, record
# by record and link by link, that of a run that nobody disturbed. KILLS says how often (5), MAIL names an mbox or folder of mail to read
# (messages written here), SEED makes it repeatable.
. "$(dirname "$0")/common.bash"
need "$merid" "$plugins"/{mail,crm_csv,skeleton}.so
kills=${KILLS:-5}
mail=${MAIL:-}
RANDOM=${SEED:=$$}

write_mail() {
	awk 'BEGIN {
		for (i = 1; i <= 4000; i++) {
			printf "From kaija%d@firma%d.fi Mon Mar %2d 10:%02d:%02d 2025\n", i % 37, i % 300, i % 28 + 1, i % 60, i % 60
			printf "From: Kaija %d <kaija%d@firma%d.fi>\nTo: tuki@example.com\n", i % 37, i % 37, i % 300
			printf "Message-ID: <m%d@example.fi>\n", i
			if (i % 5) printf "In-Reply-To: <m%d@example.fi>\n", i - 1
			printf "Date: %02d Mar 2025 10:%02d:%02d +0200\nSubject: Tilaus %d\n\n", i % 28 + 1, i % 60, i % 60, int(i / 5)
			for (k = 0; k < i % 40; k++) printf "Rivi %d: toimitus %d on my\303\266h\303\244ss\303\244, ja asiakas odottaa.\n", k, i * k
			printf "\n"
		}
	}' >"$1"
}

if [[ ! $mail ]]; then
	mail=$T/orders.mbox
	write_mail "$mail"
fi
mkdir "$T/notes" "$T/crm"
awk 'BEGIN {
	print "Account ID,Account Name,Website"
	for (i = 0; i < 300; i++) printf "A%d,Firma %d Oy,https://www.firma%d.fi\n", i, i, i
}' >"$T/crm/accounts.csv"
awk 'BEGIN {
	print "Contact ID,First Name,Last Name,Email,Account ID"
	for (i = 0; i < 600; i++) printf "C%d,Kaija%d,Virta%d,kaija%d@firma%d.fi,A%d\n", i, i, i % 50, i % 37, i % 300, i % 300
}' >"$T/crm/contacts.csv"
for i in $(seq 200); do echo "note $i of customer $((i % 17))" >"$T/notes/n$i.txt"; done
settings() {
	cat >"$T/$1.conf" <<END
[hub]
store = $1.db
socket = $1.sock
plugin-path = $plugins
[source "mail"]
connector = mail
path = $mail
[source "notes"]
connector = skeleton
path = notes
[source "crm"]
connector = crm_csv
path = crm
END
}
# Real mail may lie beside what is no mail: partial is as good as ok here.
once() {
	"$merid" -c "$T/$1.conf" --once >"$T/out" 2>"$T/err" </dev/null
	[[ $? == 0 || $(grep -c '^[^ ]* *failed' "$T/out") == 0 && -s $T/out ]] || fail "merid --once on $1"
}
settings calm
settings meri
begin=${EPOCHREALTIME/[.,]/}
once calm
span=$((${EPOCHREALTIME/[.,]/} - begin))
record_dump "$T/calm.db" >"$T/calm"
messages=$(sqlite3 -readonly "$T/calm.db" "SELECT count(*) FROM record")
((messages > 1100)) || fail "the undisturbed run brought $messages records"
ok "undisturbed: $messages records in $((span / 1000)) ms"

compare() {
	once meri
	expect_sql "PRAGMA integrity_check" ok
	[[ ! -e $T/meri.db.tmp ]] || fail "temporary files of runs that were killed are still there"
	expect_sql "SELECT count(*) FROM run WHERE verdict = 'running'" 0
	record_dump "$T/meri.db" >"$T/killed"
	cmp -s "$T/calm" "$T/killed" || {
		diff "$T/calm" "$T/killed" | cut -c 1-200 | head -20
		fail "after the kills the store is not that of the undisturbed run (SEED=$SEED)"
	}
}

# Each pause is short enough that many kills fall into one sync; when a sync gets through, the next begins with a new store.
hits=0 stores=1 half=0 attempts=0
while ((hits < kills)); do
	((++attempts < 40 * kills + 100)) || fail "only $hits kills hit a run in $attempts attempts"
	"$merid" -c "$T/meri.conf" --once >/dev/null 2>&1 </dev/null &
	pid=$!
	pause=$(((RANDOM * 32768 + RANDOM) % (2 * span / (kills < 6 ? 4 : 8) + 1)))
	sleep "$(printf '%d.%06d' $((pause / 1000000)) $((pause % 1000000)))"
	kill -KILL "$pid" 2>/dev/null
	{ wait "$pid"; } 2>/dev/null
	[[ $? == 137 ]] && hits=$((hits + 1)) # else it had ended before
	got=$([[ -e $T/meri.db ]] && sqlite3 -readonly -cmd '.timeout 5000' "$T/meri.db" "SELECT count(*) FROM record" 2>/dev/null || echo 0)
	((${got:-0} > 0 && ${got:-0} < messages)) && half=$((half + 1))
	if ((${got:-0} == messages && hits < kills)); then
		compare
		rm -rf "$T"/meri.db*
		stores=$((stores + 1))
	fi
done
compare
ok "$hits kills over $stores stores, $half of them in the middle of the records: the store is the same each time"
