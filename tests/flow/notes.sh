#!/usr/bin/env bash
# Notes: written, changed and removed with `meri note`; found at once; about whom they were written for, whatever is read afterwards and
# however often the hub is started. The hub's own source is no source of the settings.
. "$(dirname "$0")/common.bash"
here=$(cd "$(dirname "$0")/../.." && pwd)
need "$merid" "$meri" "$plugins/crm_csv.so"
command -v sqlite3 >/dev/null || skip "sqlite3 is not here"
export MERI_SOCKET=$T/meri.sock
cp -R "$here/conf/demo/crm" "$T"
cat >"$T/meri.conf" <<END
[hub]
store = meri.db
socket = meri.sock
plugin-path = $plugins
region = FI
[source "crm"]
connector = crm_csv
path = crm
timezone = Europe/Helsinki
dates = ymd
END
hub() {
	background "$merid" -c "$T/meri.conf"
	until_true 20 test -S "$MERI_SOCKET" || fail "merid does not start"
}
hub_end() {
	kill -TERM "${children[-1]}"
	wait "${children[-1]}"
	unset 'children[-1]'
}
number() { sed -n 's/^note #\([0-9]*\) .*/\1/p' "$T/out"; }

hub
run 0 "$meri" sync crm

run 0 "$meri" note --title Puhelu "virtasen konepajalle" Haluavat rouhintapumpun tarjouksen ennen joulua.
says "$T/out" "written: Puhelu" "Virtasen Konepaja Oy (c1)"
note=$(number)
run 0 "$meri" find rouhintapumppu
says "$T/out" "#$note" "Puhelu"
run 0 "$meri" customer c1
says "$T/out" "#$note"
ok a note is found at once and stands at its customer

run 1 "$meri" note virtanen "kuka heistä"
says "$T/err" "may be several" "c2 Konepaja Virtanen Ky" "c34 Heikki Virtanen"
run 1 "$meri" note nobody-of-that-name "x"
says "$T/err" "nobody we know"
run 1 "$meri" note c1
says "$T/err" "an empty note is no note"
run 2 "$meri" note
run 2 "$meri" note edit
run 1 "$meri" note edit 424242 x
says "$T/err" "there is no record 424242"
run 1 "$meri" note edit 1 x
says "$T/err" "there is no note 1"
expect_sql "SELECT count(*) FROM record r JOIN source s ON s.id = r.source_id WHERE s.name = 'meri'" 1
ok what is not clear is not written

printf 'Toinen rivi ratkaisi.\nEnsin kukaan ei tiennyt.\n' | "$meri" note c5 >"$T/out" 2>"$T/err" || fail "a note out of a pipe"
says "$T/out" "written: Toinen rivi ratkaisi." "Meriharjun Meijeri Oy"
if command -v script >/dev/null; then
	printf '#!/bin/sh\nprintf "Kirjoitettu editorissa" >"$1"\n' >"$T/editor"
	chmod +x "$T/editor"
	EDITOR=$T/editor script -qec "'$meri' note c5" /dev/null >"$T/out" 2>"$T/err" </dev/null || fail "a note out of an editor"
	says "$T/out" "written: Kirjoitettu editorissa"
else
	echo "skip a note out of an editor: script(1) is not here"
fi
ok a note comes out of a pipe or an editor

run 0 "$meri" note edit "#$note" --title "Puhelu 2" Eivät sittenkään.
says "$T/out" "changed: Puhelu 2"
run 0 "$meri" show "$note"
says "$T/out" "Puhelu 2" "Eivät sittenkään."
says_not "$T/out" "rouhintapumpun"
run 1 "$meri" note remove "$note"
says "$T/err" "say --yes"

notes="SELECT r.external_id, r.title, r.text FROM record r JOIN source s ON s.id = r.source_id WHERE s.name = 'meri' ORDER BY 1"
links="SELECT l.record_id, l.customer_id, l.strength FROM customer_record l JOIN record r ON r.id = l.record_id JOIN source s ON
	s.id = r.source_id WHERE s.name = 'meri' AND l.strength = 3 ORDER BY 1, 2"
sql "$notes;$links" >"$T/before"
hub_end
sed -i '2d' "$T/crm/calls.csv"
hub
run 0 "$meri" sync crm
hub_end
run 0 "$merid" -c "$T/meri.conf" --once
sql "$notes;$links" >"$T/after"
cmp -s "$T/before" "$T/after" || fail "a restart or a sync changed notes: $(diff "$T/before" "$T/after")"
hub
ok notes and their links outlive restarts and syncs

run 0 "$meri" source list
says "$T/out" "meri"
run 0 "$meri" note remove "$note" --yes
run 1 "$meri" show "$note"
run 0 "$meri" find "eivät sittenkään"
says_not "$T/out" "#$note"
hub_end
ok a note is removed for good

printf '[source "meri"]\nconnector = crm_csv\npath = crm\n' >>"$T/meri.conf"
run 2 "$merid" -c "$T/meri.conf" --check
says "$T/out" "the hub itself"
ok "no source can be called meri"
