#!/usr/bin/env bash
# The page as it is built: its pure parts, its three languages, its weight, and what its security policy asks of it.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
B=${B:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
ok() { printf 'ok %s\n' "$1"; }
not() {
	printf 'not ok %s\n' "$1"
	failed=1
}
# check NAME COMMAND...: the command succeeds
check() {
	if "${@:2}" >"$work/out" 2>&1; then ok "$1"; else
		not "$1"
		cat "$work/out"
	fi
}
# refuses NAME COMMAND...: the command fails
refuses() { if "${@:2}" >"$work/out" 2>&1; then not "$1"; else ok "$1"; fi; }
# nowhere NAME PATTERN PATH...: no line of ours matches
nowhere() {
	if grep -rnE "$2" "${@:3}" >"$work/out"; then
		not "$1"
		cat "$work/out"
	else ok "$1"; fi
}
command -v node >/dev/null || {
	echo "skip node is not there"
	exit 77
}
web=core/web
check "marks, addresses, months, languages" node --test tests/web/
check "the three languages say the same" node $web/tools/words.mjs $web/words

mkdir "$work/words"
echo 'export default { a: "{n} x", b: "y" };' >"$work/words/en.mjs"
cp "$work/words/en.mjs" "$work/words/en.js" && echo '{"type":"module"}' >"$work/words/package.json"
echo 'export default { a: "{m} x" };' >"$work/words/fi.js"
refuses "a language that lacks a text, or names other things, is refused" node $web/tools/words.mjs "$work/words"

modules=$B/web/node_modules
check "the page weighs at most 150 KiB on the wire" node $web/tools/embed.mjs $web "$modules" 153600 "$work/files.c"
sed 's/^/    /' "$work/out"
refuses "a page that weighs too much is refused" node $web/tools/embed.mjs $web "$modules" 50000 "$work/heavy.c"
check "what is built is what is here" cmp "$work/files.c" "$B/gen/web_files.c"

nowhere "nothing makes markup of text" 'dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function' $web/app $web/parts $web/views
nowhere "no style or script stands within the page" '<style|style="|<script>|\son[a-z]+="' $web/index.html
nowhere "nothing is asked of another host" '(src|href|import|fetch\(|from) *=? *["'"'"'`(]*(https?:)?//' $web/index.html $web/app $web/parts $web/views $web/style
nowhere "the lock file names no registry" '"resolved"' $web/package-lock.json
nowhere "no file is long" '^LONG' <(wc -l $web/app/*.js $web/parts/*.js $web/views/*.js | awk '$2 != "total" && $1 > 300 { print "LONG", $0 }')
exit $failed
