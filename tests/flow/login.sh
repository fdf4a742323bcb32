#!/usr/bin/env bash
# Who asks, over TCP and over the socket: the first admin's link, log-in, sessions, tokens, a trusted proxy, accounts of the machine;
# what replies tell browsers; what is watched live; and clients that are slow, half, huge or mad.
. "$(dirname "$0")/common.bash"
need "$merid" "$meri" "$plugins/skeleton.so"
for tool in curl jq; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done
conf=$T/meri.conf
socket=$T/meri.sock
export MERI_SOCKET=$socket
mkdir "$T/open" "$T/board"
for i in 1 2 3; do echo "Virtasen Konepaja, note $i" >"$T/open/n$i.txt"; done
for i in 1 2; do echo "Virtasen Konepaja, for the board alone, $i" >"$T/board/b$i.txt"; done
cat >"$conf" <<END
[hub]
store = meri.db
socket = meri.sock
listen = 127.0.0.1:0
plugin-path = $plugins
trusted-proxy = 127.0.0.2
find-rate = 20
[source "open"]
connector = skeleton
path = open
[source "board"]
connector = skeleton
path = board
readers = board
END
start() {
	: >"$T/log"
	"$merid" -c "$conf" >>"$T/log" 2>&1 </dev/null &
	merid_pid=$!
	children+=("$merid_pid")
	until_true 20 grep -q 'sources: ' "$T/log" || fail "merid does not start"
}
stop() {
	kill -TERM "$merid_pid"
	wait "$merid_pid"
	local status=$?
	[[ $status == 0 ]] || fail "merid ended with $status"
}
start
link=$(grep -o 'http://127[^ ]*' "$T/log")
key=${link#*key=}
base=${link%/welcome*}
port=${base##*:}
[[ $key && $port ]] || fail "no link for the first admin in the log"
says <("$meri" status) "$link"

# ask STATUS METHOD PATH [CURL'S ARGUMENTS...]: insists on the status; the reply is in $T/body and $T/head.
ask() {
	local expected=$1 method=$2 path=$3 got
	shift 3
	: >"$T/body"
	[[ $method == HEAD ]] && set -- -I "$@" || set -- -X "$method" "$@"
	got=$(curl -s -o "$T/body" -D "$T/head" -w '%{http_code}' --max-time 20 "$@" "$base$path")
	[[ $got == "$expected" ]] || fail "$method $path: $got instead of $expected: $(head -c 500 "$T/body")"
}
send() { # STATUS METHOD PATH JSON [ARGUMENTS...]
	local expected=$1 method=$2 path=$3 json=$4
	shift 4
	ask "$expected" "$method" "$path" -H 'Content-Type: application/json' -d "$json" "$@"
}
code() { [[ $(jq -r .code "$T/body") == "$1" ]] || fail "code $(jq -r .code "$T/body") instead of $1"; }
field() { jq -r "$1" "$T/body"; }
head_says() { grep -qiE -- "$1" "$T/head" || fail "the head does not say $1: $(cat "$T/head")"; }
"$meri" sync >/dev/null || fail "sync"

# ---- clients that are slow or half, opened now and looked at in the end ----
half=()
for i in $(seq 150); do
	exec {fd}<>"/dev/tcp/127.0.0.1/$port" || fail "connection $i"
	printf 'GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nX-Half' >&"$fd"
	half+=("$fd")
done
for i in $(seq 50); do # a body that does not come
	exec {fd}<>"/dev/tcp/127.0.0.1/$port"
	printf 'POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{' >&"$fd"
	half+=("$fd")
done
(
	trap '' PIPE
	exec {fd}<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nX-Drip: ' >&"$fd"
	begin=$SECONDS
	while ((SECONDS < begin + 60)) && printf x >&"$fd"; do
		sleep 1
		read -r -t 0.01 -u "$fd" line && [[ -z $line ]] && break
	done 2>/dev/null
	echo $((SECONDS - begin)) >"$T/drip"
) 2>/dev/null &
dripper=$!
for i in $(seq 30); do # asks for much, reads nothing
	exec {fd}<>"/dev/tcp/127.0.0.1/$port"
	for k in $(seq 40); do printf 'GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'; done >&"$fd"
	half+=("$fd")
done
begin=$EPOCHREALTIME
ask 401 GET /api/v1/me
code login_needed
took=$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
((took < 5000)) || fail "with 230 slow clients a request took $took ms"
ok "230 clients that are half or do not read cost no worker ($took ms)"

# ---- the first admin ----
ask 200 GET "/api/v1/welcome?key=$key"
[[ $(field .first) == true ]] || fail "first: $(cat "$T/body")"
ask 410 GET "/api/v1/welcome?key=${key}x"
code expired
send 422 POST /api/v1/welcome "{\"key\":\"$key\",\"name\":\"anna\",\"password\":\"short\"}"
send 400 POST /api/v1/welcome "{\"key\":\"$key\",\"password\":\"long enough a password\"}"
send 200 POST /api/v1/welcome "{\"key\":\"$key\",\"name\":\"Anna\",\"full_name\":\"Anna A\",\"password\":\"anna's long password\"}" -c "$T/anna"
[[ $(field .user.name) == anna && $(field .user.admin) == true && $(field .via) == session ]] || fail "me: $(cat "$T/body")"
csrf=$(field .csrf)
head_says '^set-cookie: meri_session=[^;]+; Path=/; HttpOnly; SameSite=Strict.?$'
send 410 POST /api/v1/welcome "{\"key\":\"$key\",\"name\":\"eve\",\"password\":\"eve's long password\"}"
says_not <("$meri" status) welcome
ok "the first admin's link works once"
anna=(-b "$T/anna")
token=(-H "X-CSRF-Token: $csrf")

# ---- changes need to be meant ----
ask 200 GET /api/v1/me "${anna[@]}"
send 403 POST /api/v1/sources/open/sync '{}' "${anna[@]}"
code csrf
send 403 POST /api/v1/sources/open/sync '{}' "${anna[@]}" -H "X-CSRF-Token: ${csrf:1}0"
code csrf
send 403 POST /api/v1/sources/open/sync '{}' "${anna[@]}" "${token[@]}" -H 'Sec-Fetch-Site: cross-site'
code csrf
ask 415 POST /api/v1/users "${anna[@]}" "${token[@]}" -d '{"name":"eve"}'
send 400 POST /api/v1/users 'name=eve' "${anna[@]}" "${token[@]}"
send 400 POST /api/v1/users '["name"]' "${anna[@]}" "${token[@]}"
send 403 POST /api/v1/login '{"name":"anna","password":"anna'"'"'s long password"}' -H 'Sec-Fetch-Site: cross-site'
send 201 POST /api/v1/users '{"name":"bo","full_name":"Bo B","email":"bo@example.fi","teams":["sales"]}' "${anna[@]}" "${token[@]}"
bo_id=$(field .id)
send 409 POST /api/v1/users '{"name":"BO"}' "${anna[@]}" "${token[@]}"
code conflict
ask 201 POST "/api/v1/users/$bo_id/invite" "${anna[@]}" "${token[@]}"
bo_link=$(field .link)
[[ $bo_link == "$base"/welcome?key=* ]] || fail "invitation: $bo_link"
ask 200 GET "/api/v1/welcome?key=${bo_link#*key=}"
[[ $(field .name) == bo && $(field .first) == false ]] || fail "invited: $(cat "$T/body")"
send 200 POST /api/v1/welcome "{\"key\":\"${bo_link#*key=}\",\"password\":\"bo's long password\"}" -c "$T/bo"
bo=(-b "$T/bo")
bo_token=(-H "X-CSRF-Token: $(field .csrf)")
[[ $(field .user.admin) == false && $(field '.sources|join(",")') == open ]] || fail "bo: $(cat "$T/body")"
ok "changes need the session's token, invited users come in"

# ---- who may what ----
ask 200 GET '/api/v1/find?q=konepaja' "${anna[@]}"
[[ $(field .total) == 5 ]] || fail "anna finds $(field .total)"
ask 200 GET '/api/v1/find?q=konepaja' "${bo[@]}"
[[ $(field .total) == 3 ]] || fail "bo finds $(field .total)"
says_not "$T/body" 'for the board'
for path in users audit connectors sources/open/runs; do
	ask 403 GET "/api/v1/$path" "${bo[@]}"
	code forbidden
done
ask 403 POST /api/v1/sources/open/sync "${bo[@]}" "${bo_token[@]}"
code forbidden
ok "a user sees what is open to them, and changes no source"

# ---- tokens ----
soon=$(date -u -d '+8 seconds' +%FT%TZ)
send 201 POST /api/v1/tokens "{\"name\":\"short\",\"scopes\":[\"read\"],\"expires_at\":\"$soon\"}" "${bo[@]}" "${bo_token[@]}"
short=$(field .token)
send 201 POST /api/v1/tokens '{"name":"reads","scopes":["read"]}' "${bo[@]}" "${bo_token[@]}"
reads=$(field .token) reads_id=$(field .id)
send 201 POST /api/v1/tokens '{"name":"admin without","scopes":["read","write"]}' "${anna[@]}" "${token[@]}"
writes=$(field .token)
send 201 POST /api/v1/tokens '{"name":"admin","scopes":["read","admin"]}' "${anna[@]}" "${token[@]}"
admin=$(field .token)
[[ $reads == meri_* && $short == meri_* ]] || fail "tokens: $reads"
by() { printf 'Authorization: Bearer %s' "$1"; }
ask 200 GET /api/v1/me -H "$(by "$short")"
ask 200 GET '/api/v1/find?q=konepaja' -H "$(by "$reads")"
[[ $(field .total) == 3 ]] || fail "bo's token finds $(field .total)"
send 403 POST /api/v1/notes '{"customer":1,"text":"x"}' -H "$(by "$reads")"
code forbidden
send 403 POST /api/v1/tokens '{"name":"heir","scopes":["read"]}' -H "$(by "$writes")"
ask 403 GET /api/v1/users -H "$(by "$writes")"
ask 200 GET '/api/v1/find?q=konepaja' -H "$(by "$writes")"
[[ $(field .total) == 3 ]] || fail "an admin's token without that scope finds $(field .total)"
ask 200 GET /api/v1/users -H "$(by "$admin")"
ask 202 POST /api/v1/sources/open/sync -H "$(by "$admin")"
ask 401 GET /api/v1/me -H "$(by "${reads}x")"
ask 401 GET /api/v1/me "${bo[@]}" -H "$(by meri_none)" # what was shown last decides, not what would do
until_true 20 eval "((\$(date +%s) > $(date -d "$soon" +%s)))"
sleep 1
ask 401 GET /api/v1/me -H "$(by "$short")"
ask 200 DELETE "/api/v1/tokens/$reads_id" "${bo[@]}" "${bo_token[@]}"
ask 401 GET /api/v1/me -H "$(by "$reads")"
expect_sql "SELECT count(*) FROM token WHERE CAST(hash AS TEXT) LIKE '%meri%' OR name LIKE 'meri_%'" 0
ok "tokens: scope, expiry, removal"

# ---- a trusted proxy ----
ask 401 GET /api/v1/me -H 'X-Remote-User: anna'
ask 401 GET /api/v1/me -H 'X-Remote-User: anna' -H 'X-Forwarded-For: 127.0.0.2'
ask 200 GET /api/v1/me -H 'X-Remote-User: bo' --interface 127.0.0.2
[[ $(field .via) == proxy && $(field .user.name) == bo ]] || fail "by proxy: $(cat "$T/body")"
proxy_csrf=$(field .csrf)
ask 400 GET /api/v1/me -H 'X-Remote-User: bo' -H 'X-Remote-User: anna' --interface 127.0.0.2
ask 403 GET /api/v1/me -H 'X-Remote-User: nobody-here' --interface 127.0.0.2
code unknown_peer
ask 401 GET /api/v1/me --interface 127.0.0.2
send 403 POST /api/v1/tokens '{"name":"x","scopes":["read"]}' -H 'X-Remote-User: bo' --interface 127.0.0.2
code csrf
send 201 POST /api/v1/tokens '{"name":"x","scopes":["read"]}' -H 'X-Remote-User: bo' -H "X-CSRF-Token: $proxy_csrf" --interface 127.0.0.2
ok "a proxy's word counts from its address alone"

# ---- accounts of the machine ----
if [[ $(id -u) == 0 ]] && command -v setpriv >/dev/null && chmod 711 "$T" &&
	setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$T"; then
	as_other=(setpriv --reuid=65534 --regid=65534 --clear-groups curl -s --unix-socket "$socket")
	other=$(id -nu 65534)
	"${as_other[@]}" http://hub/api/v1/me >"$T/body" || fail "the socket cannot be reached"
	code unknown_peer
	says "$T/body" "meri user add $other"
	"${as_other[@]}" "http://hub/api/v1/find?q=konepaja" >"$T/body"
	code unknown_peer
	run 0 "$meri" user add "$other"
	"${as_other[@]}" "http://hub/api/v1/find?q=konepaja" >"$T/body"
	[[ $(field .total) == 3 ]] || fail "by the socket $other finds $(field .total)"
	"${as_other[@]}" -X POST http://hub/api/v1/sources/open/sync >"$T/body"
	code forbidden
	run 0 "$meri" user remove "$other"
	ok "another account is nobody until it is a user, and then no more than that"
else
	echo "skip other accounts: this test does not run as root"
fi
curl -s --unix-socket "$socket" http://hub/api/v1/me >"$T/body"
[[ $(field .via) == socket && $(field .user.admin) == true ]] || fail "the daemon's own account: $(cat "$T/body")"

# ---- the command line ----
run 0 "$meri" user list
says "$T/out" anna bo sales
run 0 "$meri" user change bo --team sales --team service --name "Bo Berg"
run 0 "$meri" user list --json
[[ $(jq -c '.users[] | select(.name == "bo") | .teams' "$T/out") == '["sales","service"]' ]] || fail "teams: $(cat "$T/out")"
run 0 "$meri" user invite bo
says "$T/out" "$base/welcome?key="
run 0 "$meri" token add nightly --user bo --read --days 30
cli_token=$(grep -o 'meri_[A-Za-z0-9_-]*' "$T/out")
ask 200 GET /api/v1/me -H "$(by "$cli_token")"
run 0 "$meri" token list
says "$T/out" nightly bo
run 0 "$meri" token remove "$("$meri" token list --json | jq '.tokens[] | select(.name == "nightly") | .id')"
ask 401 GET /api/v1/me -H "$(by "$cli_token")"
run 1 "$meri" user remove nobody-here
run 1 "$meri" user change anna --no-admin
says "$T/err" admin
run 2 "$meri" user frobnicate
run 0 "$meri" audit --action find
says "$T/out" konepaja anna bo
ok "users, tokens and the audit log by the command line"

# ---- what replies say ----
ask 200 GET /api/v1/sources "${bo[@]}"
tag=$(sed -n 's/^etag: *\(.*[^[:space:]]\).*/\1/ip' "$T/head")
[[ $tag ]] || fail "no tag"
head_says '^cache-control: private, no-cache'
ask 304 GET /api/v1/sources "${bo[@]}" -H "If-None-Match: $tag"
[[ ! -s $T/body ]] || fail "304 with a body"
ask 200 GET /api/v1/sources "${anna[@]}" -H "If-None-Match: $tag"
ask 200 GET /api/v1/openapi.json -H 'Accept-Encoding: gzip'
head_says '^content-encoding: gzip'
gzip -dc "$T/body" | jq -e .openapi >/dev/null || fail "the packed reply is no gzip"
ask 200 GET /api/v1/openapi.json
! grep -qi '^content-encoding' "$T/head" || fail "packed though nobody asked"
for i in 1 2; do # the same search is the same reply, however long it took
	ask 200 GET '/api/v1/find?q=note' "${bo[@]}"
	sed -n 's/^etag: //ip' "$T/head"
done | uniq -d | grep -q . || fail "the tag of a search changes by itself"
ask 200 HEAD /api/v1/openapi.json
ask 204 OPTIONS /api/v1/sources
head_says '^allow: GET, HEAD, OPTIONS'
ask 405 DELETE /api/v1/sources "${anna[@]}" "${token[@]}"
head_says '^allow: GET'
ask 404 GET /api/v1/nothing
head_says '^content-type: application/problem\+json'
code not_found
ask 421 GET /api/v1/me -H 'Host: evil.example'
ask 421 GET / -H 'Host: evil.example'
ask 401 GET /api/v1/me -H "Host: localhost:$port"
ask 401 GET /api/v1/me -H 'Host: [::1]'
ask 200 GET /
head_says "^content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
head_says '^referrer-policy: no-referrer'
head_says '^cross-origin-opener-policy: same-origin'
head_says '^x-content-type-options: nosniff'
! grep -qi '^strict-transport' "$T/head" || fail "HSTS without TLS"
tag=$(sed -n 's/^etag: *\(.*[^[:space:]]\).*/\1/ip' "$T/head")
cp "$T/body" "$T/page"
ask 304 GET / -H "If-None-Match: $tag"
ask 200 GET /customer/12
cmp -s "$T/body" "$T/page" || fail "an address inside the page gives another page"
ask 404 GET /none.js
ask 405 POST / -d x
ask 200 GET '/api/v1/find?q=%ff%00%fe&source=%c3' "${anna[@]}"
jq -e .query "$T/body" >/dev/null || fail "bytes that are no text: $(cat "$T/body")"
# An answer is kept for who asks the same; what looks like the same is not.
ask 200 GET '/api/v1/find?q=note%0Asource%09open' "${anna[@]}"
ask 200 GET '/api/v1/find?q=note&source=open' "${anna[@]}"
[[ $(field .total) == 3 ]] || fail "note in open: $(field .total)"
ask 200 GET '/api/v1/find?q=note&source=board' "${anna[@]}"
[[ $(field .total) == 0 ]] || fail "note in board: $(field .total)"
ok "replies: tags, gzip, heads for browsers, names of the hub"

# ---- live ----
curl -sN --max-time 30 "${anna[@]}" "$base/api/v1/events" >"$T/live" &
live=$!
curl -sN --max-time 30 "${bo[@]}" "$base/api/v1/events" >"$T/live_bo" &
live_bo=$!
for i in $(seq 20); do # some who ask to watch and are gone
	exec {fd}<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nCookie: meri_session=%s\r\n\r\n' \
		"$(awk '$6 == "meri_session" { print $7 }' "$T/bo")" >&"$fd"
	exec {fd}>&-
done
until_true 10 grep -q hello "$T/live" || fail "no hello"
until_true 10 grep -q hello "$T/live_bo" || fail "no hello for bo"
echo "Virtasen Konepaja, a new note" >"$T/open/n4.txt"
"$meri" sync >/dev/null
until_true 10 grep -q '"records":4' "$T/live" || fail "the sync is not seen: $(cat "$T/live")"
until_true 10 grep -q '"withheld":true' "$T/live_bo" || fail "bo sees: $(cat "$T/live_bo")"
says_not "$T/live_bo" '"records"'
ask 401 GET /api/v1/events
before=$(awk '{ print $14 + $15 }' "/proc/$merid_pid/stat")
sleep 2
busy=$(($(awk '{ print $14 + $15 }' "/proc/$merid_pid/stat") - before))
((busy < 40)) || fail "merid is busy with nothing: $busy ticks in 2 s"
send 200 POST /api/v1/logout '{}' "${bo[@]}" "${bo_token[@]}"
ask 401 GET /api/v1/me "${bo[@]}"
until_true 5 eval "! kill -0 $live_bo" || fail "bo watches on after the log-out"
kill "$live" 2>/dev/null
wait "$live" "$live_bo" 2>/dev/null
ok "a sync is seen live, each sees their own"

# ---- too often ----
burst=$(for i in $(seq 120); do echo "url=$base/api/v1/find?q=konepaja"; done |
	curl -s --no-progress-meter -K - -Z --parallel-max 20 -H "$(by "$writes")" -w '%{http_code}\n' -o /dev/null | sort | uniq -c)
grep -q ' 429' <<<"$burst" && grep -q ' 200' <<<"$burst" || fail "120 searches at once: $burst"
for i in 1 2 3 4 5; do
	send 401 POST /api/v1/login '{"name":"bo","password":"wrong wrong wrong"}' --interface 127.0.0.3
	code wrong_password
done
send 429 POST /api/v1/login '{"name":"bo","password":"bo'"'"'s long password"}' --interface 127.0.0.3
code throttled
head_says '^retry-after: [0-9]+'
send 429 POST /api/v1/login '{"name":" BO ","password":"bo'"'"'s long password"}' --interface 127.0.0.4
send 200 POST /api/v1/login '{"name":"anna","password":"anna'"'"'s long password"}' --interface 127.0.0.3
guesses=0 # each with another name
until [[ $(curl -s -o /dev/null -w '%{http_code}' --interface 127.0.0.3 -H 'Content-Type: application/json' \
	-d "{\"name\":\"guess$guesses\",\"password\":\"wrong wrong wrong\"}" "$base/api/v1/login") == 429 ]]; do
	guesses=$((guesses + 1))
	((guesses < 25)) || break
done
((guesses >= 12 && guesses <= 18)) || fail "$guesses guesses from one address"
# A flood of log-ins from many addresses takes none of those who answer.
for i in $(seq 20); do
	for k in 1 2 3; do echo "url=$base/api/v1/login"; done |
		curl -s -K - --interface "127.0.1.$i" -H 'Content-Type: application/json' -d "{\"name\":\"n$i\",\"password\":\"wrong wrong\"}" >/dev/null &
	floods+=($!)
done
sleep 0.2
begin=$EPOCHREALTIME
ask 200 GET '/api/v1/sources' "${anna[@]}"
took=$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
wait "${floods[@]}"
((took < 5000)) || fail "during a flood of log-ins a request took $took ms"
ok "log-ins and searches are throttled ($took ms for a request in a flood of log-ins)"

# ---- huge and mad ----
raw() { # prints the first line of the reply to what stands on stdin
	local line
	exec {fd}<>"/dev/tcp/127.0.0.1/$port"
	cat >&"$fd" 2>/dev/null
	read -r -t 10 -u "$fd" line
	exec {fd}>&-
	echo "${line%$'\r'}"
}
long=$(head -c 70000 /dev/zero | tr '\0' a)
[[ $(printf 'GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nX-Long: %s\r\n\r\n' "$long" | raw) =~ ^(HTTP/1.1 4.*)?$ ]] || fail "a huge header"
[[ $(printf 'GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n' "$long" | raw) =~ ^(HTTP/1.1 4.*)?$ ]] || fail "a huge address"
[[ $(printf 'POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n' | raw) == "HTTP/1.1 413 "* ]] ||
	fail "a huge body that is told"
head -c 400000 /dev/zero | tr '\0' ' ' >"$T/large"
ask 413 POST /api/v1/login -H 'Content-Type: application/json' -H 'Transfer-Encoding: chunked' --data-binary "@$T/large"
ask 413 POST /api/v1/login -H 'Content-Type: application/json' --data-binary "@$T/large"
mad=() # side by side, for some of it may be the beginning of a request
for i in $(seq 40); do
	head -c $((i * 50)) /dev/urandom | raw >/dev/null &
	mad+=($!)
done
for text in '\r\n\r\n\0\0\0' 'GET / HTTP/1.1\r\n\r\n' 'GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n' \
	'GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'; do
	printf "$text" | raw >/dev/null &
	mad+=($!)
done
wait "${mad[@]}"
pipelined=$(
	exec {fd}<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n\r\nGET /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n\x01\x02garbage\r\n\r\n' >&"$fd"
	timeout 5 cat <&"$fd" | grep -ao 'HTTP/1.1 40[14]' | wc -l
)
[[ $pipelined == 2 ]] || fail "two requests at once have $pipelined replies"
ask 200 GET /api/v1/me "${anna[@]}"
ok "huge, mad and pipelined requests"

# ---- those that were opened at the beginning ----
wait "$dripper"
dripped=$(cat "$T/drip")
((dripped < 45)) || fail "a request that never ends went on for $dripped s"
open=0
for fd in "${half[@]:0:200}"; do
	read -r -t 2 -u "$fd" line
	(($? > 128)) && open=$((open + 1))
	exec {fd}>&-
done
((open == 0)) || fail "$open half requests are still held"
ok "half requests are ended (dripping: after $dripped s)"

# ---- sessions last over a restart, the audit tells of all, and there is a hub without TCP ----
expect_sql "SELECT count(*) > 0 FROM audit WHERE action = 'login_failed' AND name = 'bo' AND address = '127.0.0.3'" 1
expect_sql "SELECT count(*) > 0 FROM audit WHERE action = 'login_throttled'" 1
stop
expect_sql "SELECT count(*) FROM audit WHERE action = 'find' AND name = 'bo' AND via = 'session' AND what = 'konepaja' AND hits = 3" 1
expect_sql "SELECT count(*) FROM session WHERE user_id = $bo_id" 0
sed -i '/^listen/d' "$conf"
start
says_not "$T/log" welcome
run 0 "$meri" find konepaja
stop
children=()
sed -i 's/^socket.*/&\nlisten = 127.0.0.1:'"$port"'\npublic-url = https:\/\/meri.example.fi/' "$conf"
start
ask 200 GET /api/v1/me "${anna[@]}"
ask 200 GET / -H 'Host: meri.example.fi'
head_says '^strict-transport-security: max-age='
expect_sql "PRAGMA integrity_check" ok
stop
children=()
if command -v systemd-socket-activate >/dev/null; then
	sed -i '/^listen/d; /^public-url/d' "$conf"
	background systemd-socket-activate -l "127.0.0.1:$port" -l "$T/handed.sock" "$merid" -c "$conf"
	until_true 10 curl -s --max-time 5 -o "$T/body" "${anna[@]}" "$base/api/v1/me"
	[[ $(field .user.name) == anna ]] || fail "a socket that was handed over: $(cat "$T/body")"
	run 0 "$meri" --socket "$T/handed.sock" status
	[[ ! -e $socket ]] || fail "a socket of its own beside one that was handed over"
else
	echo "skip sockets that are handed over: there is no systemd-socket-activate"
fi
ok "a restart keeps log-ins; without listen there is the socket alone"
