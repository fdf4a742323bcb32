# A hub that browsers and programs ask over TCP: source it after common.bash. Gives the functions below.

# A port of this machine that nobody listens on.
free_port() {
	local port
	while :; do
		port=$((20000 + RANDOM % 12000)) # below those that outgoing connections are given
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# Does it answer at all? What it thinks of its sources is another matter.
hub_answers() {
	local said
	said=$("$meri" status 2>/dev/null)
	[[ $said == Meri* ]]
}

# hub_start CONF: starts merid on it and waits until it answers. Sets $hub_pid.
hub_start() {
	"$merid" -c "$1" >>"$T/log" 2>&1 </dev/null &
	hub_pid=$!
	children+=("$hub_pid")
	export MERI_SOCKET=$T/meri.sock
	until_true "${HUB_PATIENCE:-20}" hub_answers || fail "the hub did not start"
}

# hub_stop: ends it, and insists that it ends well: under a sanitizer, a report is its exit status.
hub_stop() {
	local status child left=()
	kill -TERM "$hub_pid"
	wait "$hub_pid"
	status=$?
	for child in "${children[@]}"; do [[ $child == "$hub_pid" ]] || left+=("$child"); done
	children=("${left[@]:+${left[@]}}")
	((status == 0)) || fail "the hub ended with $status"
}

# hub_conf PORT [LINE...]: the [hub] part of settings in $T.
hub_conf() {
	local port=$1
	shift
	printf '[hub]\nstore = meri.db\nsocket = meri.sock\nplugin-path = %s\nlisten = 127.0.0.1:%s\nlanguage = fi\nregion = FI\n' "$plugins" "$port"
	(($# == 0)) || printf '%s\n' "$@"
}
