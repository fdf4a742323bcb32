#!/usr/bin/env bash
# tickets_jira against a server that behaves like Jira (tests/tools/jira_server): pages that move, comments in pages, times
# in the asker's zone, deletions that nothing tells of, refusals, rate limits, and both versions of the API.
. "$(dirname "$0")/common.bash"
server=$B/tests/tools/jira_server
need "$merid" "$plugins/tickets_jira.so" "$server"
command -v curl >/dev/null || skip "curl is not installed"
conf=$T/meri.conf
issues=$T/issues
mkdir "$issues"

# issue NUMBER COMMENTS CREATED UPDATED [SUMMARY]: writes one, times in seconds since 1970.
issue() {
	local key=AB-$1 body comments= i
	(($1 % 5)) || key=CD-$1
	for ((i = 1; i <= $2; i++)); do
		comments+="${comments:+,}{\"id\":\"$(($1 * 1000 + i))\",\"author\":{\"name\":\"liisa\",\"displayName\":\"Liisa Lahti\"},
			\"body\":\"Comment $i of $key\",\"created\":\"$(stamp "$4")\",\"updated\":\"$(stamp "$4")\"}"
	done
	cat >"$issues/$1.json" <<-END
		{"id":"$1","key":"$key","self":"http://wrong.example/rest/api/2/issue/$1","fields":{"summary":"${5:-Pump $1 leaks}",
		"description":"The pump number $1 leaks.","status":{"name":"Open"},"project":{"key":"${key%-*}","name":"Pumps"},
		"reporter":{"name":"matti","displayName":"Matti Meri","emailAddress":"matti@pumppu.example"},
		"created":"$(stamp "$3")","updated":"$(stamp "$4")","customfield_10100":{"value":"gold"},
		"comment":{"comments":[$comments]}}}
	END
}
stamp() { TZ=Etc/GMT-2 printf '%(%Y-%m-%dT%H:%M:%S)T.000+0200' "$1"; }

now=$EPOCHSECONDS
for ((n = 1; n <= 240; n++)); do
	case $n in
	7) issue $n 45 $((now - 900000 + n)) $((now - 800000)) ;;
	1[0-4]?) issue $n 1 $((now - 900000 + n)) $((now - 500000)) ;; # fifty in one second: somebody changed them all at once
	*) issue $n $((n % 3)) $((now - 900000 + n)) $((now - 400000 + n * 60)) ;;
	esac
done
expected_tickets=240
expected_comments=$(cat "$issues"/*.json | grep -o '"body"' | wc -l)

# serve OPTION...: starts a server of its own; $port and $url tell where. It ends with its input.
serve() {
	exec 9> >(exec "$server" "$issues" "$@" >"$T/port" 2>>"$T/log")
	until_true 10 test -s "$T/port" || fail "the server does not start"
	port=$(<"$T/port")
	url=http://127.0.0.1:$port
}
unserve() {
	exec 9>&-
	: >"$T/port"
}
reload() { curl -fsS -X POST "$url/test/reload" >/dev/null || fail "the server does not reload"; }
asked() { curl -fsS "$url/test/log"; }
# settings LINE...: one source "jira" in a store of its own
settings() {
	{
		printf '[hub]\nstore = meri.db\nsocket = meri.sock\nplugin-path = %s\n' "$plugins"
		printf '[source "jira"]\nconnector = tickets_jira\nurl = %s\n' "$url"
		printf '%s\n' "$@"
	} >"$conf"
	chmod 600 "$conf"
}
fresh() { rm -f "$T"/meri.db*; }
once() { run "$1" "$merid" -c "$conf" --once; }
tickets() { expect_sql "SELECT count(*) FROM record WHERE kind = 4" "$1"; }
comments() { expect_sql "SELECT count(*) FROM record WHERE kind = 5" "$1"; }

for api in 2 3; do
	flags=()
	[[ $api == 3 ]] && flags=(--cloud)
	fresh
	serve "${flags[@]}" --user meri --token secret1 --cap 25 --comments 10 --zone -300
	settings "user = meri" "token = secret1" "page-size = 40" "reconcile = 3d" "overlap = 5m"
	once 0
	tickets $expected_tickets
	comments "$expected_comments"
	expect_sql "SELECT url FROM record WHERE external_id = 'issue:7'" "$url/browse/AB-7"
	expect_sql "SELECT count(*) FROM record WHERE thread = 'issue:7' AND kind = 5" 45
	expect_sql "SELECT text FROM record WHERE external_id = 'comment:7045'" "Comment 45 of AB-7"
	expect_sql "SELECT value FROM field f JOIN record r ON r.id = f.record_id WHERE external_id = 'issue:9' AND name = 'customer-tier'" gold
	ok "API $api: every issue and comment of $expected_tickets"

	once 0
	expect_line jira "ok 0 0 0 0"
	ok "API $api: nothing new, nothing written"

	# The asker's zone is five hours west of Greenwich: a written time would lose these.
	issue 30 2 $((now - 900000)) $((now - 60)) "Pump 30 is mended"
	issue 241 1 $((now - 50)) $((now - 50))
	reload
	once 0
	expect_line jira "ok 4 1 0 0"
	expect_sql "SELECT title FROM record WHERE external_id = 'issue:30'" "CD-30: Pump 30 is mended"
	ok "API $api: what changed since, in spite of the zone"

	# A deleted comment goes when its issue is read anew; deleted issues are not seen until all are listed again.
	rm "$issues"/{50,51,52,53,54}.json
	issue 30 1 $((now - 900000)) $((now - 40)) "Pump 30 is mended"
	gone=$(sql "SELECT count(*) FROM record WHERE thread IN ('issue:50', 'issue:51', 'issue:52', 'issue:53', 'issue:54')")
	reload
	once 0
	expect_sql "SELECT removed FROM run ORDER BY id DESC LIMIT 1" 1
	tickets 241
	settings "user = meri" "token = secret1" "page-size = 40" "reconcile = 1s" "overlap = 5m"
	sleep 1.1
	once 0
	expect_line jira "ok 0 0 $gone 0"
	tickets 236
	expect_sql "SELECT count(*) FROM record WHERE thread = 'issue:30'" 2
	ok "API $api: deleted issues and comments go when all are listed"

	# Wrong token: a clear failure, nothing lost.
	settings "user = meri" "token = wrong"
	once 1
	says "$T/out" "does not accept this user and token"
	tickets 236
	ok "API $api: a wrong token is refused, and costs nothing"
	settings "user = meri" "token = secret1" "jql = colour = red"
	once 1
	says "$T/out" "Error in the JQL Query" "check jql"
	ok "API $api: a wrong question is named with Jira's reason"
	unserve
	rm "$issues/241.json"
	issue 30 0 $((now - 900000)) $((now - 400000 + 1800))
	for n in 50 51 52 53 54; do issue $n $((n % 3)) $((now - 900000 + n)) $((now - 400000 + n * 60)); done
done

# Issues that are changed while they are read, busy servers, a personal token, only some projects.
fresh
serve --token pat --cap 20 --restless 12 --rate-every 23 --fail-every 17
settings "token = pat" "page-size = 20" "reconcile = 0s" # so that no listing mends what paging loses
once 0
tickets 240
comments "$expected_comments"
ok "pages that move, 429 and 503 now and then: all are there"
unserve

fresh
serve --token pat
settings "token = pat" "projects = CD"
once 0
tickets 48
expect_sql "SELECT count(*) FROM record WHERE title NOT LIKE 'CD-%'" 0
asked | grep -q 'project in (' || fail "the server was not asked for the project alone"
settings "token = pat" "projects = CD" "jql = project = CD ORDER BY created DESC"
once 0
tickets 48
unserve
ok "only the projects that are wanted"

# A server that is no Jira, and none at all.
settings "token = pat"
once 1
says "$T/out" "jira"
expect_sql "SELECT reason FROM run ORDER BY id DESC LIMIT 1" transient
tickets 48
ok "no server: a transient failure, nothing lost"
