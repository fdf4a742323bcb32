# bench-serve: how long finds take when many ask at once. See bench_serve.sh.
.PHONY: bench-serve
bench-serve: all
	@B=$(B) tests/bench/bench_serve.sh
