#!/usr/bin/env bash
# The daemon: schedules, SIGHUP without dropping a run, wrong settings kept out, SIGTERM in the middle of a run, and what it
# tells systemd.
. "$(dirname "$0")/common.bash"
need "$merid" "$plugins/skeleton.so"
conf=$T/meri.conf
mkdir "$T/a" "$T/b"
echo one >"$T/a/n1.txt"
echo two >"$T/b/n2.txt"
# A file that nobody writes yet holds the run up until somebody does.
mkfifo "$T/a/hold.txt"
cat >"$conf" <<END
[hub]
store = meri.db
socket = meri.sock
plugin-path = $plugins
grace = 1s
[source "a"]
connector = skeleton
path = a
schedule = every 1h
END
verdicts() { sql "SELECT group_concat(verdict, ' ') FROM (SELECT verdict FROM run JOIN source s ON s.id = source_id WHERE s.name = '$1' ORDER BY run.id)"; }
is() { [[ $(verdicts "$1") == "$2" ]]; }
logged() { grep -qF -- "$1" "$T/log"; }

background "$merid" -c "$conf"
pid=${children[0]}
until_true 10 is a running || fail "the first run did not begin by schedule"
ok begins by schedule

# New settings while the run goes on: a is set anew, b is new.
cat >>"$conf" <<END
deadline = 3h
[source "b"]
connector = skeleton
path = b
schedule = every 1s
END
kill -HUP "$pid"
until_true 10 logged "read again" || fail "the settings were not read again"
until_true 15 is b "ok ok" || fail "b does not run every second"
is a running || fail "the run of a was dropped: $(verdicts a)"
ok reads settings again without dropping a run

# Wrong settings are told, and change nothing.
cp "$conf" "$T/good.conf"
echo "colour = blue" >>"$conf"
kill -HUP "$pid"
until_true 10 logged "those of before stay in force" || fail "wrong settings were not refused"
logged 'meri.conf:15: [source "b"] colour: connector skeleton has no such option' || fail "the mistake is not named"
cp "$T/good.conf" "$conf"
before=$(verdicts b)
until_true 10 eval '[[ $(verdicts b) != "$before" ]]' || fail "b stopped running"
ok refuses wrong settings

# A source that is named no more runs no more; its records stay.
sed -i '/source "b"/,$d' "$conf"
kill -HUP "$pid"
until_true 10 logged "source b is no more in the settings" || fail "b is still there"
sleep 0.3
before=$(verdicts b)
sleep 1.5
[[ $(verdicts b) == "$before" ]] || fail "b still runs"
expect_sql "SELECT count(*) FROM record JOIN source s ON s.id = source_id WHERE s.name = 'b'" 1
ok forgets a source

# The run that was held up ends well, with the one file that is no file told.
: >"$T/a/hold.txt"
until_true 10 is a partial || fail "the run of a did not end: $(verdicts a)"
expect_sql "SELECT why FROM failure" "cannot be opened, or is larger than 1 MiB"
ok the run goes on to its end

kill -TERM "$pid"
wait "$pid" || fail "merid did not end with 0"
children=()
[[ ! -e $T/meri.sock ]] || fail "the socket is left behind"
ok ends when told

# In the middle of a run: within the grace, with the store in order.
sed -i 's/every 1h/every 1s/' "$conf"
background "$merid" -c "$conf"
pid=${children[0]}
until_true 10 is a "partial running" || fail "no run after the start: $(verdicts a)"
begin=$SECONDS
kill -TERM "$pid"
wait "$pid" || fail "merid did not end with 0 in the middle of a run"
children=()
((SECONDS - begin <= 8)) || fail "it took $((SECONDS - begin)) s to end"
is a "partial failed" || fail "the run that was stopped: $(verdicts a)"
expect_sql "SELECT message LIKE 'stopped because merid ends%; what it had checkpointed is kept' FROM run ORDER BY id DESC LIMIT 1" 1
ok ends in the middle of a run

# Killed in the middle of a run: the next start finds it lost.
background "$merid" -c "$conf"
pid=${children[0]}
until_true 10 is a "partial failed running" || fail "no third run: $(verdicts a)"
kill -KILL "$pid"
wait "$pid" 2>/dev/null
children=()
rm "$T/a/hold.txt"
run 0 "$merid" -c "$conf" --once
is a "partial failed lost ok" || fail "the run that was lost: $(verdicts a)"
ok finds a lost run

# What it tells systemd, over a socket of the test's own.
background perl -MIO::Socket::UNIX -e 'my ($path, $told) = @ARGV;
	my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $path) or die; $| = 1;
	open(my $out, ">", $told) or die; $out->autoflush;
	while (defined $s->recv(my $m, 4096)) { print $out "$m\n" }' "$T/notify" "$T/told"
until_true 5 test -S "$T/notify" || fail "no socket for what merid tells"
NOTIFY_SOCKET=$T/notify WATCHDOG_USEC=400000 background "$merid" -c "$conf"
pid=${children[1]}
until_true 10 grep -q WATCHDOG=1 "$T/told" || fail "no word to the watchdog"
grep -q READY=1 "$T/told" || fail "no READY=1"
kill -HUP "$pid"
until_true 10 grep -q RELOADING=1 "$T/told" || fail "no RELOADING=1"
kill -TERM "$pid"
wait "$pid" || fail "merid did not end with 0"
until_true 5 grep -q STOPPING=1 "$T/told" || fail "no STOPPING=1"
ok tells systemd
