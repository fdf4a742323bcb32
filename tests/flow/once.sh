#!/usr/bin/env bash
# merid --once: the line of each source, the exit status, what is written and what is not.
. "$(dirname "$0")/common.bash"
need "$merid" "$plugins/skeleton.so"
conf=$T/meri.conf
mkdir "$T/a" "$T/b"
for i in 1 2 3 4 5; do echo "note $i about Virtasen Konepaja" >"$T/a/n$i.txt"; done
echo "one more" >"$T/b/x.txt"
cat >"$conf" <<END
[hub]
store = meri.db
socket = meri.sock
plugin-path = $plugins
grace = 2s

[source "first"]
connector = skeleton
path = a            # beside this file
schedule = daily 02:30

[source "second"]
connector = skeleton
path = b
END

run 0 "$merid" -c "$conf" --check
says "$T/out" "meri.conf: 2 sources, all good"
[[ ! -e $T/meri.db ]] || fail "--check made a store"
ok check

run 0 "$merid" -c "$conf" --once
expect_line first "ok 5 0 0 0"
expect_line second "ok 1 0 0 0"
[[ $(wc -l <"$T/out") == 2 ]] || fail "more than a line a source"
[[ ! -s $T/err ]] || fail "a good run says something on stderr"
expect_sql "SELECT count(*) FROM record" 6
expect_sql "SELECT count(*) FROM run WHERE verdict = 'ok' AND ended >= started AND message IS NULL" 2
expect_sql "SELECT count(*) FROM run WHERE output LIKE '%memory: connector % MiB, merid % MiB at most%'" 2
ok first run

changes=$(sql "SELECT max(changed) FROM record")
run 0 "$merid" -c "$conf" --once
expect_line first "ok 0 0 0 0"
expect_line second "ok 0 0 0 0"
expect_sql "SELECT max(changed) FROM record" "$changes"
expect_sql "SELECT sum(unchanged) FROM run WHERE id > 2" 6
ok nothing new

echo "note 2 anew" >"$T/a/n2.txt"
echo "note 6" >"$T/a/n6.txt"
rm "$T/a/n3.txt"
run 0 "$merid" -c "$conf" --once first
expect_line first "ok 1 1 1 0"
[[ $(wc -l <"$T/out") == 1 ]] || fail "a source that was not named was read"
expect_sql "SELECT count(*) FROM record WHERE external_id = 'n3.txt'" 0
expect_sql "SELECT text FROM record WHERE external_id = 'n2.txt'" "note 2 anew"
ok added changed removed

head -c 1100000 /dev/zero | tr '\0' 'x' >"$T/a/huge.txt"
run 3 "$merid" -c "$conf" --once
expect_line first "partial 0 0 0 1"
says "$T/out" "    1 could not be read: meri source failures first"
expect_line second "ok 0 0 0 0"
expect_sql "SELECT external_id, why FROM failure" "huge.txt|cannot be opened, or is larger than 1 MiB"
echo "small now" >"$T/a/huge.txt"
run 0 "$merid" -c "$conf" --once
expect_sql "SELECT count(*) FROM failure" 0
ok skipped, then read

run 2 "$merid" -c "$conf" --once frist
says "$T/err" "has no source \"frist\"; did you mean \"first\"?"
run 2 "$merid" -c "$conf" first
says "$T/err" "sources are named with --once only"
run 2 "$merid" --nonsense
says "$T/err" "merid --help"
run 0 "$merid" --help
says "$T/out" "--once" "--check"
run 0 "$merid" --version
says "$T/out" "merid "
ok words

# What is not there costs the one source; --check names it.
mv "$T/b" "$T/gone"
run 1 "$merid" -c "$conf" --once
expect_line first "ok 0 0 0 0"
expect_line second "failed 0 0 0 0"
says "$T/out" "config: " "path: $T/b: No such file or directory"
expect_sql "SELECT count(*) FROM record WHERE external_id = 'x.txt'" 1
expect_sql "SELECT count(*) FROM run WHERE verdict = 'failed' AND reason = 'config'" 1
run 2 "$merid" -c "$conf" --check
says "$T/out" "meri.conf:14: [source \"second\"] path: $T/b: No such file or directory"
mv "$T/gone" "$T/b"
ok a path that is not there

cat >"$T/bad.conf" <<END
[hub]
store = bad.db
plugin-path = $plugins
paralel = 2
[source "a"]
connector = skeletn
[source "b"]
connector = skeleton
pth = /tmp
END
run 2 "$merid" -c "$T/bad.conf" --once
says "$T/err" "bad.conf:4: [hub] paralel: there is no such key; did you mean \"parallel\"?" \
	"bad.conf:6: [source \"a\"] connector: there is no connector \"skeletn\"; did you mean \"skeleton\"?" \
	"bad.conf:9: [source \"b\"] pth: connector skeleton has no such option; did you mean \"path\"?" \
	"bad.conf:7: [source \"b\"] path: is missing"
[[ ! -e $T/bad.db ]] || fail "a store was made for settings that are wrong"
ok all mistakes in one go

run 2 "$merid" -c "$T/none.conf"
says "$T/err" "none.conf: the settings cannot be read: No such file or directory"
ok no settings

# A store that another process writes.
mkfifo "$T/b/hold.txt"
background "$merid" -c "$conf" --once second
until_true 10 eval '[[ $(sql "SELECT count(*) FROM run WHERE verdict = '"'running'"'") == 1 ]]' || fail "the run did not begin"
run 1 "$merid" -c "$conf" --once first
says "$T/err" "$T/meri.db"
: >"$T/b/hold.txt"
wait "${children[0]}"
[[ $? == 3 ]] || fail "the run that waited"
children=()
rm "$T/b/hold.txt"
ok one writer
