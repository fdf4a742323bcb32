-- Finds, for wrk: wrk ... -s serve.lua URL -- QUERIES TOKEN. Each line of QUERIES is a kind, a tab and a path. At the end one line is
-- printed that bench_serve.sh reads: requests, seconds, p50, p99, worst (ms), answers that were none.
local threads = {}
local paths, headers, at = {}, {}, 0

function setup(thread)
	thread:set("number", #threads)
	table.insert(threads, thread)
end

function init(args)
	for line in io.lines(args[1]) do
		paths[#paths + 1] = line:match("\t(.*)")
	end
	headers["Authorization"] = "Bearer " .. args[2]
	at = math.floor(number * #paths / 2)
	fresh = args[3] == "fresh" -- no question twice, so that no answer is one that was kept
end

function request()
	at = at % #paths + 1
	if not fresh then
		return wrk.format("GET", paths[at], headers)
	end
	asked = (asked or 0) + 1
	return wrk.format("GET", paths[at] .. "&u=" .. number .. "." .. asked, headers)
end

function done(summary, latency)
	local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
	io.write(string.format("FIGURES %d %.3f %.2f %.2f %.2f %d\n", summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
		latency:percentile(99) / 1e3, latency.max / 1e3, bad))
end
