# What flow and hostile tests share: source it first. Gives $T (a folder of this test alone, removed at the end), $bin and
# $plugins, and the functions below. Programs that a test starts in the background go through `background`, and are ended by
# their number when the test ends.
set -u -o pipefail
shopt -s inherit_errexit 2>/dev/null || true
B=$(cd "${B:-build}" && pwd) || exit 1
bin=$B/bin
plugins=$B/plugins
merid=$bin/merid
meri=$bin/meri
T=$(mktemp -d "${TMPDIR:-/tmp}/meri-test-XXXXXX") || exit 1
children=()

cleanup() {
	local pid
	for pid in "${children[@]:+${children[@]}}"; do
		kill -TERM "$pid" 2>/dev/null
	done
	for pid in "${children[@]:+${children[@]}}"; do
		wait "$pid" 2>/dev/null
	done
	[[ ${MERI_TEST_KEEP:-} ]] && echo "kept: $T" || rm -rf "$T"
}
trap cleanup EXIT

fail() {
	echo "not ok: $*"
	local file
	for file in "$T"/out "$T"/err "$T"/log; do
		[[ -s $file ]] && { echo "--- ${file##*/}"; tail -n 30 "$file"; }
	done
	exit 1
}
ok() { echo "ok $*"; }
skip() {
	echo "skip $*"
	exit 77
}
need() {
	local file
	for file in "$@"; do
		[[ -e $file ]] || skip "${file#"$B"/} is not built"
	done
}

# run STATUS COMMAND...: runs it with its output in $T/out and $T/err, and insists on its exit status.
run() {
	local expected=$1 status
	shift
	"$@" >"$T/out" 2>"$T/err" </dev/null
	status=$?
	[[ $status == "$expected" ]] || fail "$* ended with $status instead of $expected"
}
# says FILE TEXT...: insists that the file holds each text.
says() {
	local file=$1 text
	shift
	for text in "$@"; do
		grep -qF -- "$text" "$file" || fail "${file##*/} does not say: $text"
	done
}
says_not() {
	local file=$1 text
	shift
	for text in "$@"; do
		! grep -qF -- "$text" "$file" || fail "${file##*/} says: $text"
	done
}
# line NAME: the fields of a source's line in $T/out: verdict added changed removed skipped
line() { awk -v name="$1" '$1 == name { print $2, $3, $4, $5, $6 }' "$T/out"; }
expect_line() {
	local got
	got=$(line "$1")
	[[ $got == "$2" ]] || fail "source $1: \"$got\" instead of \"$2\""
}
sql() { sqlite3 -readonly -cmd '.timeout 5000' "$T/meri.db" "$1"; }
expect_sql() {
	local got
	got=$(sql "$1")
	[[ $got == "$2" ]] || fail "$1: \"$got\" instead of \"$2\""
}
background() {
	"$@" >>"$T/log" 2>&1 </dev/null &
	children+=($!)
}
# until_true SECONDS COMMAND...: waits for it to succeed.
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || return 1
		sleep 0.05
	done
}
# record_dump DB: all that a store knows of its records, failures and links to customers, but nothing that may differ between two ways to the same
# end (row numbers, times, runs).
record_dump() {
	local table
	sqlite3 -readonly "$1" "SELECT s.name, s.cursor, s.records FROM source s ORDER BY 1;
		SELECT s.name, r.external_id, r.kind, hex(r.hash), r.occurred, r.updated, r.restricted, r.thread, r.parent, r.item,
			r.language, r.url, r.title, r.people, hex(r.quoted), r.text
		FROM record r JOIN source s ON s.id = r.source_id ORDER BY 1, 2;
		SELECT s.name, i.item, i.fingerprint FROM item i JOIN source s ON s.id = i.source_id ORDER BY 1, 2;
		SELECT s.name, f.external_id, f.why FROM failure f JOIN source s ON s.id = f.source_id ORDER BY 1, 2;
		SELECT count(*) FROM removal;
		SELECT s.name, r.external_id, l.rule, l.strength, n.name, n.source, n.external_id FROM link l
		JOIN record r ON r.id = l.record_id JOIN source s ON s.id = r.source_id JOIN customer c ON c.id = l.customer_id
		JOIN customer n ON n.id = c.now ORDER BY 1, 2, 3, 4, 5, 6, 7;"
	for table in party hint field left_out reader; do
		sqlite3 -readonly "$1" "SELECT s.name, r.external_id, t.* FROM $table t JOIN record r ON r.id = t.record_id
			JOIN source s ON s.id = r.source_id" | awk -F'|' -v OFS='|' '{ $3 = ""; print }' | LC_ALL=C sort
	done
}
