# What the browser tests share: source it first. Tests are in Node (*.mjs here), and drive Chromium with playwright-core, which
# lies with the other packages in $B/browser. Where Chromium is absent, they are skipped.
. "$(dirname "${BASH_SOURCE[0]}")/../flow/common.bash"
. "$(dirname "${BASH_SOURCE[0]}")/../flow/hub.bash"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
demo=$(cd "$here/../../conf/demo" && pwd)
need "$merid" "$plugins/crm_csv.so" "$plugins/tickets_jira.so" "$plugins/mail.so" "$plugins/notes.so"
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser)}
[[ $CHROMIUM ]] || skip "chromium is not here: make deps SETS=test"
command -v node >/dev/null || skip "node is not here: make deps SETS=build"
[[ -d $B/browser/node_modules ]] || skip "the packages of tests/browser are not installed: make $B/browser/installed"
export CHROMIUM
export HUB_PACKAGES=$B/browser/ HUB_FAILED=$B/browser/failed HUB_FOLDER=$T

# demo_hub [LINE...]: the demo's sources, read, and asked at $HUB_URL. LINEs are added to [hub].
demo_hub() {
	local port
	port=$(free_port)
	cp -R "$demo"/{crm,tickets,mail,notes} "$T"
	{
		hub_conf "$port" "own-domains = lahdevirta.example" "$@"
		sed -n '/^\[source/,$p' "$demo/meri.conf" | sed 's/^schedule .*/schedule = manual/'
		[[ ! -d $T/salassa ]] || printf '[source "salassa"]\nconnector = notes\npath = salassa\nreaders = board\n'
	} >"$T/meri.conf"
	export HUB_URL=http://127.0.0.1:$port
	hub_start "$T/meri.conf"
	run 0 "$meri" sync
}

# told FILE SCENES ERRORS STATUS BEGIN: what came of a file's scenes.
told() {
	local seconds=$((SECONDS - $5))
	if (($4)); then
		awk '/^not ok/ { show = 16 } /^(ok|# Subtest)/ { show = 0 } show > 0 && !/^ +(at|duration_ms|type|code|name|---|\.\.\.|location|failureType)/ { print; show-- }' "$2"
		[[ $3 -ef $T/err ]] || cp "$3" "$T/err"
		fail "$1: $(grep -c '^not ok' "$2") of $(grep -c '^\(not \)\?ok' "$2") scenes, $seconds s"
	fi
	ok "$1: $(grep -c '^ok' "$2") scenes, $seconds s"
	grep '^# skip ' "$2" | sed 's/^# //'
	return 0
}

# browse FILE...: runs tests of this folder against $HUB_URL, one file after the other.
browse() {
	local file begin
	for file in "$@"; do
		begin=$SECONDS
		node "$here/$file" >"$T/scenes" 2>"$T/err"
		told "$file" "$T/scenes" "$T/err" $? $begin
	done
}

# browse_side_by_side FILE...: the same at once, each in a browser of its own, for scenes that do not mind each other and mostly
# wait. FILE/0 and FILE/1 are the halves of a file: every second scene.
browse_side_by_side() {
	local begin=$SECONDS one n=0
	local -a pids status
	for one in "$@"; do
		HALF=$([[ $one != */* ]] || echo "${one#*/}") node "$here/${one%/*}" >"$T/scenes$n" 2>"$T/err$n" &
		pids+=($!)
		n=$((n + 1))
	done
	for ((n = 0; n < $#; n++)); do
		wait "${pids[n]}"
		status+=($?)
	done
	n=0
	for one in "$@"; do
		told "$one" "$T/scenes$n" "$T/err$n" "${status[n]}" "$begin"
		n=$((n + 1))
	done
}
