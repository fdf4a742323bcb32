# bench-index: how fast a mail archive goes in, beside `notmuch new` on the same messages; needs the pack mail-list.
bench-index: all
	@B=$(B) tests/bench/bench_index.sh
