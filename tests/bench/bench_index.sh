#!/usr/bin/env bash
# How fast a mail archive goes in: `merid --once` into a new store, again with nothing new, and `notmuch new` on the same
# messages as a Maildir, in turns, in the same run; then bench_tokens on the store that came of it. Prints a table, and the main figures in the last line. ROUNDS (1) says how
# often; the best round counts, for all alike. MAIL names another mbox.
set -u -o pipefail
B=$(cd "${B:-build}" && pwd) || exit 1
merid=$B/bin/merid
mail=${MAIL:-}
for folder in "${MERI_DATA:-}" .data; do
	[[ $mail ]] || { [[ -e $folder/mail-list/linux-mips.mbox ]] && mail=$folder/mail-list/linux-mips.mbox; }
done
[[ $mail ]] || { echo "skip bench-index: the data pack mail-list is not unpacked"; exit 0; }
[[ -x $merid && -e $B/plugins/mail.so ]] || { echo "skip bench-index: merid or its connector mail is not built"; exit 0; }
mail=$(realpath "$mail")
T=$(mktemp -d "${TMPDIR:-/tmp}/meri-bench-XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT

# timed NAME COMMAND...: runs it and leaves NAME_wall and NAME_cpu (seconds) and NAME_rss (KiB, the most of the command alone).
timed() {
	local name=$1 pid rss=0 now wall user system
	shift
	exec 3>&2
	{ time { "$@" >"$T/out" 2>"$T/err" & pid=$!
		while kill -0 "$pid" 2>/dev/null; do
			now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null)
			[[ $now ]] && rss=$now
			sleep 0.1
		done
		wait "$pid" || { echo "$* failed:" >&3; cat "$T/err" >&3; exit 1; }; } 2>&3; } 2>"$T/time"
	exec 3>&-
	read -r wall user system <"$T/time"
	printf -v "${name}_wall" %s "$wall"
	printf -v "${name}_cpu" %s "$(awk "BEGIN { print $user + $system }")"
	printf -v "${name}_rss" %s "$rss"
}
TIMEFORMAT='%R %U %S'
calc() { awk "BEGIN { printf \"%.${2:-1}f\", $1 }"; }
least() { awk "BEGIN { print ($1 < $2) ? $1 : $2 }"; }

messages=$(LC_ALL=C grep -a -c '^From ' "$mail")
bytes=$(stat -c %s "$mail")
echo "bench-index: $messages messages, $(calc "$bytes / 1048576") MiB; load $(cut -d' ' -f1 /proc/loadavg) on $(nproc) cores"

peer=
if command -v notmuch >/dev/null; then
	peer=$(notmuch --version)
	mkdir -p "$T/maildir/cur" "$T/maildir/new" "$T/maildir/tmp"
	# The same cut and the same quoting undone, by other means than the connector's.
	LC_ALL=C awk -v to="$T/maildir/cur/" '
		/^From / { if (file) close(file); file = sprintf("%s%06d.bench:2,S", to, ++n); next }
		{ if ($0 ~ /^>+From /) $0 = substr($0, 2); print > file }' "$mail" || exit 1
	split=$(find "$T/maildir/cur" -type f | wc -l)
	[[ $split == "$messages" ]] || { echo "the Maildir has $split messages instead of $messages"; exit 1; }
else
	echo "skip the peer: notmuch is not installed"
fi

first=1e9 second=1e9 first_cpu=1e9 notmuch=1e9 notmuch2=1e9 notmuch_cpu=1e9
for ((round = 1; round <= ${ROUNDS:-1}; round++)); do
	rm -rf "$T/hub" && mkdir "$T/hub"
	printf '[hub]\nstore = meri.db\nsocket = meri.sock\nplugin-path = %s\n\n[source "list"]\nconnector = mail\npath = %s\n' \
		"$B/plugins" "$mail" >"$T/hub/meri.conf"
	timed fresh "$merid" -c "$T/hub/meri.conf" --once || exit 1
	grep -q '^list  *ok ' "$T/out" || { echo "the run is not ok:"; cat "$T/out"; exit 1; }
	if command -v sqlite3 >/dev/null; then
		got=$(sqlite3 "$T/hub/meri.db" "SELECT count(*) FROM record WHERE kind = 3")
		[[ $got == "$messages" ]] || { echo "$got records of messages instead of $messages"; exit 1; }
		memory=$(sqlite3 "$T/hub/meri.db" "SELECT output FROM run ORDER BY id LIMIT 1" | sed -n 's/.*connector \([0-9]*\) MiB.*/\1/p')
	fi
	timed again "$merid" -c "$T/hub/meri.conf" --once || exit 1
	grep -q '^list  *ok  *0  *0  *0  *0 ' "$T/out" || { echo "the second run wrote something:"; cat "$T/out"; exit 1; }
	store=$(stat -c %s "$T/hub/meri.db")
	first=$(least "$first" "$fresh_wall") second=$(least "$second" "$again_wall") first_cpu=$(least "$first_cpu" "$fresh_cpu")
	if [[ $peer ]]; then
		rm -rf "$T/maildir/.notmuch"
		printf '[database]\npath=%s\n[user]\nname=Bench\nprimary_email=bench@bench.example\n[new]\ntags=\n[maildir]\nsynchronize_flags=false\n' \
			"$T/maildir" >"$T/notmuch.conf"
		timed peer1 notmuch --config="$T/notmuch.conf" new --quiet || exit 1
		timed peer2 notmuch --config="$T/notmuch.conf" new --quiet || exit 1
		notmuch=$(least "$notmuch" "$peer1_wall") notmuch2=$(least "$notmuch2" "$peer2_wall")
		notmuch_cpu=$(least "$notmuch_cpu" "$peer1_cpu")
		index=$(du -sb "$T/maildir/.notmuch" | cut -f1)
	fi
done

row() { printf '%-34s %8.2f s %8.2f s %10.0f %8.1f %9s\n' "$1" "$2" "$3" "$(calc "$messages / $2")" "$(calc "$bytes / $2 / 1e6" 2)" "$4"; }
printf '%-34s %10s %10s %10s %8s %9s\n' "" elapsed "processor" messages/s MB/s memory
row "merid --once, new store" "$first" "$first_cpu" "$(calc "$fresh_rss / 1024" 0) MiB"
echo "  of that the connector's memory: ${memory:-?} MiB; the store: $(calc "$store / 1048576") MiB"
row "merid --once, nothing new" "$second" "$again_cpu" "$(calc "$again_rss / 1024" 0) MiB"
line="index: $messages messages, $(calc "$messages / $first" 0) messages/s, $(calc "$bytes / $first / 1e6") MB/s"
line+=", second run $(calc "$first / $second" 0) times faster, merid $(calc "$fresh_rss / 1024" 0) MiB, connector ${memory:-?} MiB"
if [[ $peer ]]; then
	row "notmuch new" "$notmuch" "$notmuch_cpu" "$(calc "$peer1_rss / 1024" 0) MiB"
	echo "  its index: $(calc "$index / 1048576") MiB"
	row "notmuch new, nothing new" "$notmuch2" "$peer2_cpu" "$(calc "$peer2_rss / 1024" 0) MiB"
	line+=", $(calc "$notmuch / $first" 2) times the speed of $peer"
fi
# What of that is the making of words.
tokens=$("$B/bench/bench_tokens" "$T/hub/meri.db" "${TOKEN_ROUNDS:-5}") || exit 1
echo "$tokens"
line+=", indexing $(sed -n 's/^tokens: .*costs \([0-9.]*\) times bare FTS5.*, \([0-9.]*\) times.*/\1 times bare FTS5 with the same tokens (\2 with our settings)/p' <<<"$tokens")"
echo "$line"
