#!/usr/bin/env bash
# The demo: its four sources through the real programs, its truth file against what came out, and its customers against the truth.
. "$(dirname "$0")/common.bash"
demo=$(cd "$(dirname "$0")/../../conf/demo" && pwd)
need "$merid" "$plugins/crm_csv.so" "$plugins/tickets_jira.so" "$plugins/mail.so" "$plugins/notes.so"
command -v sqlite3 >/dev/null || skip "sqlite3 is not here"
conf=$T/meri.conf
cp -R "$demo"/{crm,tickets,mail,notes} "$T"
sed -e "s|^store *=.*|store = meri.db\nplugin-path = $plugins|" -e 's|^socket *=.*|socket = meri.sock|' -e '/^listen/d' \
	"$demo/meri.conf" >"$conf"

run 0 "$merid" -c "$conf" --once
expect_line crm "ok 217 0 0 0"
expect_line tickets "ok 140 0 0 0"
expect_line mail "ok 142 0 0 0"
expect_line notes "ok 100 0 0 0"
ok 599 records of four sources

run 0 "$merid" -c "$conf" --once
for source in crm tickets mail notes; do expect_line $source "ok 0 0 0 0"; done
ok the second run writes nothing

sql "SELECT s.name || char(9) || r.external_id FROM record r JOIN source s ON s.id = r.source_id" | LC_ALL=C sort >"$T/have"
tail -n +2 "$demo/truth.tsv" | cut -f 1,2 | LC_ALL=C sort >"$T/told"
cmp -s "$T/have" "$T/told" || fail "truth.tsv is not about the records there are: $(diff "$T/have" "$T/told" | head -n 4)"
ok truth.tsv names each record once

# A CRM export in which one account is gone and one has changed: one record removed, one changed, and none else touched.
sed -i -e '/^"LV-1031"/d' -e 's/Satamatie 3/Satamatie 5/' "$T/crm/accounts.csv"
run 0 "$merid" -c "$conf" --once crm
expect_line crm "ok 0 1 1 0"
cp "$demo/crm/accounts.csv" "$T/crm"
run 0 "$merid" -c "$conf" --once crm
expect_line crm "ok 1 1 0 0"
ok an account that goes and comes back

# Links to customers that are accounts, strong ones only, beside what the authors meant.
sql "SELECT s.name || char(9) || r.external_id || char(9) || replace(c.external_id, 'account/', '')
	FROM link l JOIN record r ON r.id = l.record_id JOIN source s ON s.id = r.source_id
	JOIN customer m ON m.id = l.customer_id JOIN customer c ON c.id = m.now
	WHERE l.strength >= 2 AND c.external_id LIKE 'account/%' GROUP BY 1" >"$T/links" 2>"$T/err" || skip "links are kept in another way"
tail -n +2 "$demo/truth.tsv" | awk -F '\t' -v OFS='\t' '{ n = split($3, c, " "); for (i = 1; i <= n; i++) print $1, $2, c[i] }' >"$T/meant"
right=$(LC_ALL=C comm -12 <(LC_ALL=C sort -u "$T/links") <(LC_ALL=C sort -u "$T/meant") | wc -l)
made=$(LC_ALL=C sort -u "$T/links" | wc -l)
meant=$(LC_ALL=C sort -u "$T/meant" | wc -l)
echo "links: $made made, $right as meant, $meant meant"
((made == right)) || fail "wrong: $(LC_ALL=C comm -23 <(LC_ALL=C sort -u "$T/links") <(LC_ALL=C sort -u "$T/meant") | head -n 5)"
((right == meant)) || fail "missing: $(LC_ALL=C comm -13 <(LC_ALL=C sort -u "$T/links") <(LC_ALL=C sort -u "$T/meant") | head -n 5)"
ok every record is linked as its authors meant
