#!/usr/bin/env bash
# Queries written by hand (tests/fixtures/queries/demo.tsv) to the demo, through the daemon and the command line: each must find one of
# its records among the first three hits. Prints what was missed, and the share that was found.
. "$(dirname "$0")/common.bash"
here=$(cd "$(dirname "$0")/../.." && pwd)
demo=$here/conf/demo
queries=$here/tests/fixtures/queries/demo.tsv
need "$merid" "$meri" "$plugins/crm_csv.so" "$plugins/tickets_jira.so" "$plugins/mail.so" "$plugins/notes.so"
command -v sqlite3 >/dev/null || skip "sqlite3 is not here"
conf=$T/meri.conf
export MERI_SOCKET=$T/meri.sock
cp -R "$demo"/{crm,tickets,mail,notes} "$T"
sed -e "s|^store *=.*|store = meri.db\nplugin-path = $plugins|" -e 's|^socket *=.*|socket = meri.sock|' -e '/^listen/d' \
	"$demo/meri.conf" >"$conf"
run 0 "$merid" -c "$conf" --once
background "$merid" -c "$conf"
until_true 20 "$meri" status || [[ -S $MERI_SOCKET ]] || fail "merid does not answer"

# One line a query: its number, the query, the ids, the kind, the answer.
n=0
while IFS=$'\t' read -r query ids kind; do
	[[ $query == \#* || -z $query ]] && continue
	n=$((n + 1))
	answer=$("$meri" find --json -n 3 -- "$query" 2>>"$T/err") || fail "meri find $query ended with $?"
	printf '%d\t%s\t%s\t%s\t%s\n' "$n" "$query" "$ids" "$kind" "${answer//$'\n'/ }"
done <"$queries" >"$T/answers"
((n >= 300)) || fail "only $n queries"

# A record is found when it is a hit, or when the hit is of its conversation and it is a mail, a ticket or a comment.
sqlite3 "$T/judge.db" 2>"$T/err" <<END || fail "the answers cannot be judged"
.mode ascii
.separator "\t" "\n"
CREATE TABLE asked (n INTEGER, query, ids, kind, answer);
.import $T/answers asked
ATTACH 'file:$T/meri.db?mode=ro' AS hub;
CREATE TABLE found AS WITH
	hit AS (SELECT a.n, a.ids, h.key AS at, h.value ->> 'external_id' AS id, h.value ->> 'source' AS source
		FROM asked a, json_each(a.answer, '\$.hits') h),
	wanted AS (SELECT a.n, w.value AS id FROM asked a, json_each('["' || replace(replace(a.ids, '"', '\\"'), '|', '","') || '"]') w),
	place AS (SELECT r.external_id AS id, s.name AS source, r.thread FROM hub.record r JOIN hub.source s ON s.id = r.source_id)
SELECT w.n, w.id, EXISTS (SELECT 1 FROM place p WHERE p.id = w.id) AS known,
	EXISTS (SELECT 1 FROM hit h WHERE h.n = w.n AND h.at < 3 AND h.id = w.id) OR
	EXISTS (SELECT 1 FROM hit h JOIN place p ON p.id = w.id AND p.source = h.source AND p.source IN ('mail', 'tickets')
		JOIN place q ON q.id = h.id AND q.source = h.source AND q.thread = p.thread WHERE h.n = w.n AND h.at < 3) AS good
FROM wanted w;
.separator "  "
.output $T/missed
SELECT a.query, '[' || a.kind || ']', 'not ' || a.ids || char(10) || '    but ' ||
	coalesce((SELECT group_concat(h.value ->> 'external_id', ' ') FROM json_each(a.answer, '\$.hits') h), 'nothing') || char(10) ||
	'    notes ' || (a.answer ->> '\$.notes') || char(10) FROM asked a
	WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.n = a.n AND f.good) ORDER BY a.n;
.output $T/count
SELECT count(DISTINCT n) FROM found WHERE good;
.output $T/unknown
SELECT DISTINCT id || char(10) FROM found WHERE NOT known;
END
[[ ! -s $T/unknown ]] || fail "the demo has no such records: $(cat "$T/unknown")"
good=$(tr -d '\n' <"$T/count")
echo "queries: $good of $n found what they should in the first three"
[[ $good == "$n" ]] || { cat "$T/missed"; fail "$((n - good)) of $n queries missed"; }
ok every query finds what it should
