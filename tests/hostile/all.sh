#!/usr/bin/env bash
# Every connector of this folder in one daemon run, side by side with a good one: each costs its own run and nothing else. What
# it had checkpointed is kept, what came after is not, and the words say what happened.
. "$(dirname "$0")/../flow/common.bash"
hostile=$B/tests/hostile
need "$merid" "$plugins/skeleton.so" "$hostile/segfault.so"
conf=$T/meri.conf

# Under a sanitizer faults of memory end otherwise, and there is no limit to eat up to.
sanitized=
grep -qaE '__(asan|tsan)_init' "$merid" && sanitized=1

# NAME: settings of its own, if any. Deadlines are short only where the deadline is what ends the run.
declare -A extra=(
	[endless]='deadline = 3s' [ignores_sigterm]='deadline = 3s' [sleeps]='deadline = 3s'
	[eats_memory]='memory = 256M' [flood]='deadline = 120s' [leaks]='password-file = secret'
)
mkdir "$T/plugins" "$T/notes"
secret=Salainen-sana-42
echo "$secret" >"$T/secret"
chmod 600 "$T/secret"
for i in 1 2 3; do echo "a good note $i" >"$T/notes/n$i.txt"; done
ln -s "$plugins/skeleton.so" "$T/plugins/"
cat >"$conf" <<END
[hub]
store = meri.db
socket = meri.sock
plugin-path = plugins
parallel = 4
grace = 1s
spool = 48M
[source "good"]
connector = skeleton
path = notes
END
for file in "$hostile"/*.so; do
	name=$(basename "$file" .so)
	[[ $sanitized && $name == eats_memory ]] && continue
	ln -s "$file" "$T/plugins/"
	printf '[source "%s"]\nconnector = %s\ndeadline = 300s\n' "$name" "$name" |
		if [[ ${extra[$name]:-} == deadline* ]]; then grep -v ^deadline; else cat; fi
	printf '%s\n' "${extra[$name]:-}"
done >>"$conf"
printf '[source "good-too"]\nconnector = skeleton\npath = notes\n' >>"$conf"

seen=()
# died NAME KEPT WORDS: expect for what a sanitizer has its own way of ending.
died() {
	if [[ $sanitized ]]; then expect "$1" failed bug "$2" "the connector "; else expect "$1" failed bug "$2" "$3"; fi
}
# expect NAME VERDICT CLASS KEPT WORDS...: the verdict, its class, how many records there are, and what the message says.
expect() {
	local name=$1 verdict=$2 class=$3 kept=$4 row message word
	shift 4
	row=$(sql "SELECT verdict || ' ' || ifnull(reason, '-') FROM run JOIN source s ON s.id = source_id WHERE s.name = '$name'
		ORDER BY run.id DESC LIMIT 1")
	message=$(sql "SELECT message FROM run JOIN source s ON s.id = source_id WHERE s.name = '$name' ORDER BY run.id DESC LIMIT 1")
	[[ $row == "$verdict $class" ]] || fail "$name: \"$row\" instead of \"$verdict $class\" ($message)"
	[[ $(line "$name") == "$verdict "* ]] || fail "$name: its line is \"$(line "$name")\""
	for word in "$@"; do
		[[ $message == *"$word"* ]] || fail "$name: \"$message\" does not say \"$word\""
	done
	[[ $(sql "SELECT count(*) FROM record r JOIN source s ON s.id = source_id WHERE s.name = '$name'") == "$kept" ]] ||
		fail "$name: not $kept records are kept"
	if ((kept >= 3)); then
		[[ $(sql "SELECT count(*) FROM record r JOIN source s ON s.id = source_id WHERE s.name = '$name' AND external_id LIKE 'kept-%'") == 3 ]] ||
			fail "$name: what it had checkpointed is not kept"
	fi
	seen+=("$name")
	ok "$name: ${message:-no message}"
}
output_of() { sql "SELECT output FROM run JOIN source s ON s.id = source_id WHERE s.name = '$1' ORDER BY run.id DESC LIMIT 1"; }

run 1 "$merid" -c "$conf" --once
expect_line good "ok 3 0 0 0"
expect_line good-too "ok 3 0 0 0"
ok "the good ones are well"

for name in abort_constructor no_symbol wrong_abi wrong_size; do
	expect "$name" failed config 0 "connector \"$name\" cannot be used: "
done
expect abort_constructor failed config 0 "died of SIGABRT (Aborted)"
expect no_symbol failed config 0 "exports no symbol meri_connector"
expect wrong_abi failed config 0 "built for ABI 999" "this program has ABI 1"
expect wrong_size failed config 0 "12 bytes"
died segfault 0 "died of SIGSEGV (Segmentation fault)"
died segfault_later 3 "died of SIGSEGV (Segmentation fault)"
died stack_overflow 3 "died of SIGSEGV (Segmentation fault)"
expect exit_early failed bug 3 "exited with status 0 before it was done"
expect comes_back partial rate 3 "come back in 3 seconds"
expect leaks failed auth 3 "*** was refused"
for file in "$T/out" "$T/err" "$T"/meri.db*; do
	! grep -qaF "$secret" "$file" || fail "leaks: the secret is in ${file##*/}"
done
expect gives_up failed bug 3 "gave up with 42 and did not say why"
expect half_frame failed bug 3 "in the middle of a frame"
expect garbage failed bug 3 "sent garbage: "
expect bad_payload failed bug 3 "sent garbage: " "is not well formed"
expect claims_huge failed bug 3 "sent garbage: " "64 are allowed"
expect wrong_side failed bug 3 "sent a frame of type 2, which only the daemon may send"
expect closes_all failed bug 3 "exited with status 72"
expect endless failed transient 3 "stopped at its deadline of 3 s" "was killed after 1 s"
expect ignores_sigterm failed transient 3 "stopped at its deadline of 3 s" "was killed after 1 s"
expect sleeps failed transient 3 "stopped at its deadline of 3 s"
if [[ $sanitized ]]; then seen+=(eats_memory); else expect eats_memory failed bug 3 "out of memory"; fi
expect flood failed bug 3 "without a checkpoint"
expect flood_skips failed bug 3 "could not read more than 100000"
expect flood_log ok - 3
expect flood_stderr ok - 3
expect misuses failed bug 3 "size"
expect puts_in_check ok - 3
expect forks ok - 3
expect forks_and_dies failed bug 3 "died of SIGABRT (Aborted)"
expect huge_record partial - 4 "1 could not be read"
expect bad_records partial - 4 "9 could not be read"

[[ $(output_of flood_log | wc -c) -lt 70000 ]] || fail "the log of flood_log is not bounded"
[[ $(output_of flood_stderr | wc -c) -lt 70000 ]] || fail "the output of flood_stderr is not bounded"
[[ $(output_of flood_stderr) == *"earlier lines are left out"* ]] || fail "nothing says that lines of flood_stderr are left out"
[[ $(sql "SELECT count(*) FROM failure JOIN source s ON s.id = source_id WHERE s.name = 'flood_skips'") == 0 ]] ||
	fail "the flood of skips is listed"
! pgrep -x meri-left >/dev/null || fail "what a connector forked is still there"
ok "what they wrote is bounded, what they forked is gone"

# The sandbox, where the kernel has what it needs.
case $(line reaches_out) in
"ok "*) expect reaches_out ok - 3 ;;
*) echo "skip the sandbox: $(sql "SELECT message FROM run JOIN source s ON s.id = source_id WHERE s.name = 'reaches_out'")" ;;
esac
seen+=(reaches_out)

# An empty listing removes nothing: read it well first, then as it lies.
sed -i 's/^connector = empty_listing$/&\ngood = yes/' "$conf"
run 0 "$merid" -c "$conf" --once empty_listing
sed -i '/^good = yes$/d' "$conf"
run 3 "$merid" -c "$conf" --once empty_listing
expect empty_listing partial - 3 "the listing was empty: 3 records are kept as they are"

# None is left out.
for file in "$hostile"/*.so; do
	name=$(basename "$file" .so)
	[[ " ${seen[*]} " == *" $name "* ]] || fail "$name is not looked at by this test"
done
expect_sql "PRAGMA integrity_check" ok
expect_sql "SELECT count(*) FROM run WHERE verdict IN ('running', 'lost')" 0
peak=$(sql "SELECT max(CAST(substr(output, instr(output, 'merid ') + 6) AS INTEGER)) FROM run WHERE output LIKE '%memory: connector%'")
ok "merid held $peak MiB at most"
