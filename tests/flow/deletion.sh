#!/usr/bin/env bash
# Removal by absence: a few go, many are held for an admin's word, and an incomplete, failed or empty listing removes nothing.
. "$(dirname "$0")/common.bash"
need "$merid" "$meri" "$plugins/skeleton.so"
conf=$T/meri.conf
mkdir "$T/notes"
for i in $(seq 40); do echo "note $i" >"$T/notes/n$i.txt"; done
cat >"$conf" <<END
[hub]
store = meri.db
socket = meri.sock
plugin-path = $plugins
[source "notes"]
connector = skeleton
path = notes
END
once() { run "$1" "$merid" -c "$conf" --once; }
records() { expect_sql "SELECT count(*) FROM record" "$1"; }

once 0
expect_line notes "ok 40 0 0 0"

rm "$T"/notes/n{1,2,3,4,5,6,7,8,9,10}.txt
once 0
expect_line notes "ok 0 0 10 0"
records 30
ok ten files less, ten records less

rm "$T"/notes/n{11,12,13,14,15,16,17,18,19,20,21}.txt
once 3
expect_line notes "partial 0 0 0 0"
says "$T/out" "11 removals are held: meri source approve notes"
records 30
expect_sql "SELECT count(*) FROM removal WHERE held" 11
expect_sql "SELECT held FROM run ORDER BY id DESC LIMIT 1" 11
once 3
says "$T/out" "11 removals are held"
ok eleven of thirty are held

# A file that comes back is held no more; the others stay held.
echo "note 11" >"$T/notes/n11.txt"
once 3
says "$T/out" "10 removals are held"
records 30
ok one comes back

# The admin says yes.
background "$merid" -c "$conf"
until_true 10 test -S "$T/meri.sock" || fail "merid does not answer"
run 0 "$meri" --socket "$T/meri.sock" source approve notes
records 20
kill -TERM "${children[0]}"
wait "${children[0]}" || fail "merid did not end well"
children=()
once 0
ok an admin approves

# A listing that failed removes nothing.
mv "$T/notes" "$T/away"
once 1
records 20
# An empty one neither.
mkdir "$T/notes"
once 3
expect_line notes "partial 0 0 0 0"
says "$T/out" "the listing was empty: 20 records are kept as they are"
records 20
expect_sql "SELECT count(*) FROM removal" 0
# Nor one that could not be finished: what follows a file that cannot be read was never listed.
rm -d "$T/notes"
mv "$T/away" "$T/notes"
rm "$T"/notes/n{30,31}.txt
mkfifo "$T/notes/stuck.txt"
sed -i 's/^path = notes$/&\ndeadline = 1s/; s/^socket = .*/&\ngrace = 1s/' "$conf"
once 1
says "$T/out" "stopped at its deadline of 1 s"
records 20
ok failed, empty and unfinished listings remove nothing

rm "$T/notes/stuck.txt"
once 0
expect_line notes "ok 0 0 2 0"
records 18
ok and the next good one does
